"""Deliveries against what may be bought: carve-outs month by month, and kinds of goods by procedure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from factories import AT, Cast
from flask.testing import FlaskClient
from followup_making import delivered, some_offer
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from market.direct.operations import add_carve_out
from market.direct.rules import Measure
from market.followup.adding import add_to_sums
from market.followup.against import against, tiles
from market.followup.models import Delivered, DeliveredSum
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
    """The row and the sums as if it had been bought through a DIS."""
    row.route = Route.DIS
    session.flush()
    session.execute(delete(DeliveredSum))
    for each in session.scalars(select(Delivered)):
        add_to_sums(session, each)


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


def test_the_page_and_the_overview_show_both_with_ways_to_the_deliveries(
    client_for: SignIn,
    session: Session,
    cast: Cast,
    offer: Offer,
    queries: Callable[[Callable[[], Any]], int],
) -> None:
    carve_out(session, cast)
    delivered(session, cast, offer, day=date(2026, 11, 2), kilograms=10)
    session.commit()
    client = client_for("procurement_officer")
    page = client.get("/followup/limits").text
    assert "/followup/deliveries?period=2026-11&amp;category=vegetables" in page
    assert "/followup/deliveries?period=2026&amp;category=vegetables&amp;route=direct" in page
    assert "0,1\N{NO-BREAK SPACE}%" in page or "0,1 % av avtalet" in page
    assert "Mot det som får köpas" in client.get("/followup?period=2026-11").text

    few = queries(lambda: client.get("/followup/limits"))
    for n in range(3):
        delivered(session, cast, offer, day=date(2026, 10, 5 + n), kilograms=10, category="dairy")
    session.commit()
    assert queries(lambda: client.get("/followup/limits")) == few


def test_who_may_not_see_the_limits_sees_the_overview_without_them(
    client_for: SignIn, session: Session, cast: Cast, offer: Offer
) -> None:
    delivered(session, cast, offer)
    session.commit()
    for name in ("kitchen", "logistics_planner"):
        client = client_for(name)
        assert client.get("/followup/limits").status_code == 403
        page = client.get("/followup?period=2026-11")
        assert page.status_code == 200
        assert "Mot det som får köpas" not in page.text
