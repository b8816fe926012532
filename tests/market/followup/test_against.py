"""Deliveries against what may be bought: carve-outs month by month, and kinds of goods by procedure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from factories import AT, Cast
from flask.testing import FlaskClient
from followup_making import delivered, some_offer
from sqlalchemy import update
from sqlalchemy.orm import Session

from market.direct.operations import add_carve_out
from market.direct.rules import Measure
from market.followup.against import against, tiles
from market.followup.models import Delivered
from market.followup.periods import Span
from market.followup.rules import Route
from market.offers.models import Offer
from market.register.models import Category
from market.values import Period

SignIn = Callable[[str | None], FlaskClient]
TODAY = date(2026, 11, 30)
YEAR = Span.parse("2026").period


@pytest.fixture
def offer(session: Session, cast: Cast) -> Offer:
    return some_offer(session, cast)


def carve_out(
    session: Session, cast: Cast, *, measure: Measure = Measure.MONEY, period: Period = YEAR
) -> None:
    add_carve_out(
        session, authority=cast.authority, category=session.get_one(Category, "vegetables"), contract="Grossist",
        measure=measure, total=10_000_000, share=Decimal(5), valid_from=period.start, valid_until=period.end,
        actor=cast.actor("procurement_officer"), at=AT,
    )  # fmt: skip
    session.flush()


def through_dis(session: Session, row: Delivered) -> None:
    session.execute(update(Delivered).where(Delivered.id == row.id).values(route=Route.DIS))


@pytest.mark.parametrize(("measure", "per_kg"), [(Measure.MONEY, 1_400), (Measure.WEIGHT, 1_000)])
def test_a_carve_out_has_its_deliveries_month_by_month(
    session: Session, cast: Cast, offer: Offer, measure: Measure, per_kg: int
) -> None:
    carve_out(session, cast, measure=measure)
    delivered(session, cast, offer, day=date(2026, 10, 31), kilograms=10)
    through_dis(session, delivered(session, cast, offer, day=date(2026, 11, 1), kilograms=20))
    delivered(session, cast, offer, day=date(2026, 11, 2), kilograms=30)
    delivered(session, cast, offer, day=date(2026, 11, 2), kilograms=40, category="dairy")
    delivered(session, cast, offer, day=date(2027, 1, 1), kilograms=50)
    delivered(session, cast, offer, day=date(2026, 11, 2), kilograms=60, kitchen=cast.other_kitchen)

    (outside,) = against(session, authority_id=cast.authority.id, today=TODAY).outside
    assert [(str(row.month), dict(row.delivered)) for row in outside.months] == [
        ("2026-10", {Route.DIRECT: 10 * per_kg}),
        ("2026-11", {Route.DIRECT: 30 * per_kg, Route.DIS: 20 * per_kg}),
    ]
    assert outside.delivered == outside.meter.meter.used == 60 * per_kg
    assert outside.not_delivered == 0
    assert outside.share == Decimal(60 * per_kg * 100) / 10_000_000


def test_the_first_and_last_day_of_a_carve_out(session: Session, cast: Cast, offer: Offer) -> None:
    carve_out(session, cast, period=Period(date(2026, 11, 10), date(2026, 11, 20)))
    for day in (9, 10, 19, 20):
        delivered(session, cast, offer, day=date(2026, 11, day), kilograms=day)
    (outside,) = against(session, authority_id=cast.authority.id, today=TODAY).outside
    assert outside.delivered == (10 + 19) * 1_400


def test_kinds_are_added_up_by_procedure_in_the_period_of_the_limit(
    session: Session, cast: Cast, offer: Offer
) -> None:
    delivered(session, cast, offer, day=date(2025, 12, 31), kilograms=5)
    delivered(session, cast, offer, day=date(2026, 1, 1), kilograms=10)
    through_dis(session, delivered(session, cast, offer, day=date(2026, 6, 1), kilograms=20))
    delivered(session, cast, offer, day=date(2026, 6, 1), kilograms=40, kitchen=cast.other_kitchen)

    found = against(session, authority_id=cast.authority.id, today=TODAY)
    (row,) = found.kinds
    assert (row.meter.kind.key, row.direct_ore, row.dis_ore) == ("vegetables", 14_000, 28_000)
    assert (found.direct_ore, found.dis_ore, found.period) == (14_000, 28_000, YEAR)


def test_tiles_are_the_year_or_the_months() -> None:
    assert tiles(YEAR) == (Span.parse("2026"),)
    assert [str(span) for span in tiles(Period(date(2026, 11, 10), date(2027, 2, 1)))] == [
        "2026-11",
        "2026-12",
        "2027-01",
    ]
