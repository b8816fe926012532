"""A day that Åkerbo offers, and a class that may come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from factories import AT

from market.visits.models import VisitBooking, VisitDay
from market.visits.operations import SchoolClass, book_day, offer_day
from market.visits.rules import VisitTerms

TERMS = VisitTerms(
    day=date(2026, 12, 2),
    starts_s=9 * 3600,
    ends_s=11 * 3600,
    most_pupils=25,
    ages="årskurs 1–3",
    about="Mjölkning; kalvarna, och ost.\nTa med stövlar.",
)
CLASS = SchoolClass(name="3 B", pupils=22, contact_name="Eva Ek", contact_phone="070-123 45 67")


@pytest.fixture
def offer(session, cast) -> Callable[..., VisitDay]:
    def make(key: str = "day", **changes: Any) -> VisitDay:
        return offer_day(
            session,
            site=cast.site,
            terms=replace(TERMS, **changes),
            request_key=key,
            actor=cast.actor("producer"),
            at=AT,
        )

    return make


@pytest.fixture
def book(session, cast) -> Callable[..., VisitBooking]:
    def make(day: VisitDay, key: str = "booking", who: str = "kitchen", **changes: Any) -> VisitBooking:
        return book_day(
            session,
            day=day,
            kitchen=cast.hub,
            school_class=replace(CLASS, **changes),
            request_key=key,
            actor=cast.actor(who),
            at=AT,
        )

    return make
