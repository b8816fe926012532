"""The desk of one DIS: the parts that the steps put on it, each with what it needs to be drawn.

A step registers its part where its views are; the desk draws `dis/<name>/_on_desk.html` with what `load` returns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from market.actors import Actor
from market.dis.systems.models import Dis

Load = Callable[[Session, Dis, Actor, datetime], Mapping[str, Any]]
ORDER = ("applications", "needs", "calloffs", "tenders", "evaluations", "awards", "casefile")
"""The order of the parts: that of the procedure."""

_loaders: dict[str, Load] = {}

LoadPublic = Callable[[Session, Dis], Mapping[str, Any]]
_public: dict[str, LoadPublic] = {}


@dataclass(frozen=True, slots=True)
class Desk:
    """The DIS, and what the one who looks may do with it."""

    dis: Dis
    actor: Actor
    at: datetime
    runs: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One step's part of the desk: its template and the variables of it."""

    name: str
    template: str
    variables: Mapping[str, Any]


def register_part(name: str, load: Load) -> None:
    """Put a part on the desk; `name` is the folder of its template and gives its place in the procedure."""
    if name not in ORDER:
        raise ValueError(f"{name!r} is no step of a DIS: one of {', '.join(ORDER)}")
    _loaders[name] = load


def register_public_part(name: str, load: LoadPublic) -> None:
    """Put a part on the public notice page: `dis/<name>/_on_notice.html`, drawn with what `load` returns."""
    _public[name] = load


def public_parts_of(session: Session, dis: Dis) -> list[Part]:
    """What later steps tell everyone of a DIS."""
    return [Part(name, f"dis/{name}/_on_notice.html", load(session, dis)) for name, load in _public.items()]


def parts_of(session: Session, desk: Desk) -> list[Part]:
    """The registered parts in the order of the procedure, loaded for this reader."""
    return [
        Part(name, f"dis/{name}/_on_desk.html", _loaders[name](session, desk.dis, desk.actor, desk.at))
        for name in ORDER
        if name in _loaders
    ]
