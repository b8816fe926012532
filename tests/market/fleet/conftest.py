"""A municipality with a carrier of its own and a van."""

from __future__ import annotations

import pytest
from factories import Cast
from fleet_making import Fleet, make_fleet
from sqlalchemy.orm import Session


@pytest.fixture
def fleet(session: Session, cast: Cast) -> Fleet:
    """Stored in the test's transaction; commit it where a page is asked."""
    return make_fleet(session, cast)
