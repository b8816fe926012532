"""The edge of a request: its database session, its clock, its actor, its language, and how a refusal is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import NoReturn, TypeVar
from urllib.parse import urlsplit

from flask import abort, current_app, flash, g, request, url_for
from flask_babel import gettext
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geodata.geocoders import Chain
from geodata.travel import TravelEngine
from market import formatting
from market.actors import Actor
from market.config import Settings
from market.db import open_session
from market.values import Refused, local_date

Clock = Callable[[], datetime]
T = TypeVar("T")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def system_clock() -> datetime:
    return datetime.now(UTC)


def settings() -> Settings:
    kept: Settings = current_app.extensions["narmat.settings"]
    return kept


def engine() -> Engine:
    kept: Engine = current_app.extensions["narmat.engine"]
    return kept


def travel() -> TravelEngine:
    """What measures roads, or estimates them."""
    kept: TravelEngine = current_app.extensions["narmat.travel"]
    return kept


def geocoder() -> Chain:
    """What finds a place by its name."""
    kept: Chain = current_app.extensions["narmat.geocoder"]
    return kept


def now() -> datetime:
    """The server's own instant, the same throughout a request."""
    if "now" not in g:
        clock: Clock = current_app.extensions["narmat.clock"]
        g.now = clock()
    instant: datetime = g.now
    return instant


def now_anew() -> datetime:
    """The clock read again, and from here on the request's instant: for what a deadline decides, once the lock is held."""
    g.pop("now", None)
    return now()


def today() -> date:
    return local_date(now())


def session() -> Session:
    """The request's session; a request that may write takes the write lock at its first statement."""
    if "session" not in g:
        g.session = open_session(engine(), writes=request.method not in SAFE_METHODS)
    opened: Session = g.session
    return opened


def let_go() -> None:
    """End the transaction before something slow, when nothing is written yet: others may write meanwhile."""
    opened: Session | None = g.get("session")
    if opened is None:
        return
    if opened.new or opened.dirty or opened.deleted:
        raise RuntimeError("There are changes that would be lost: ask the network first, then write.")
    opened.rollback()


def close_session(_error: BaseException | None = None) -> None:
    opened = g.pop("session", None)
    if opened is not None:
        opened.close()


def actor() -> Actor:
    """Who is asking. Only for views whose action nobody has without signing in."""
    current: Actor | None = g.actor
    if current is None:
        abort(401)
    return current


def found(thing: T | None) -> T:
    """The thing that a scoped query returned, or 404: an outsider does not learn that it exists."""
    if thing is None:
        not_found()
    return thing


def not_found() -> NoReturn:
    abort(404)


def explain(refusal: Refused) -> str:
    """The refusal's text in the reader's language."""
    shown = {name: formatting.shown(value) for name, value in refusal.params.items()}
    return str(gettext(refusal.message, **shown) if shown else gettext(refusal.message))


def flash_refusal(refusal: Refused) -> None:
    flash(explain(refusal), "error")
    session().rollback()


def attempt(operation: Callable[[], object]) -> str:
    """Do one operation: "" when it is done, else the refusal's words, with everything undone."""
    try:
        operation()
    except Refused as refusal:
        session().rollback()
        return explain(refusal)
    return ""


def safe_next(default_endpoint: str) -> str:
    """Where to go after a small action: the same-site path asked for, else the default."""
    target = request.values.get("next", "")
    parts = urlsplit(target)
    if target.startswith("/") and not target.startswith("//") and "\\" not in target and not parts.netloc:
        return target
    return url_for(default_endpoint)
