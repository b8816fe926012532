"""The cast as clients meet it: stored, with no transaction left open; and a way to look at what a request stored."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from factories import Cast
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from market.db import open_session


@pytest.fixture
def stored(cast: Cast, session: Session) -> Cast:
    session.commit()
    return cast


@pytest.fixture
def look(engine: Engine) -> Iterator[Session]:
    """Reads what is stored; open it after the request."""
    with open_session(engine, writes=False) as opened:
        yield opened
