"""The cast as clients meet it: stored, with no transaction left open; ways to look at what a request did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from factories import Cast
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from market.db import open_session


@pytest.fixture
def stored(cast: Cast, session: Session) -> Cast:
    session.commit()
    return cast


@pytest.fixture
def look(engine: Engine) -> Iterator[Session]:
    """Reads what is stored; first use it after the request."""
    with open_session(engine, writes=False) as opened:
        yield opened


@pytest.fixture
def queries(app: Flask) -> Iterator[Callable[[Callable[[], Any]], int]]:
    """How many statements the application sends to the database while something is done."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    engine = app.extensions["narmat.engine"]
    event.listen(engine, "before_cursor_execute", note)

    def count(action: Callable[[], Any]) -> int:
        sent.clear()
        action()
        return len(sent)

    yield count
    event.remove(engine, "before_cursor_execute", note)
