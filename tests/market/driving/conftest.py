"""A trip that is stored, and a clock on its morning."""

from __future__ import annotations

import pytest
from driving_making import Trip, clock, make_trip
from factories import Cast
from sqlalchemy.orm import Session


@pytest.fixture
def trip(cast: Cast, session: Session) -> Trip:
    """Flushed, not committed."""
    return make_trip(session, cast)


@pytest.fixture
def on_the_road(trip: Trip, session: Session, request: pytest.FixtureRequest) -> Trip:
    """Committed, and the server's clock shows 7.50 on its day."""
    session.commit()
    request.getfixturevalue("clock").at = clock(7, 50)
    return trip
