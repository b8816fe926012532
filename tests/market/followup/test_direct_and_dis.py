"""Direct award beside DIS: each procedure's figures are those of its own rows, and others' stay protected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from factories import AT, Cast
from flask.testing import FlaskClient
from followup_making import delivered, some_offer
from followup_publishing import make_deliveries
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from market.followup.adding import amounts_of
from market.followup.evidence.comparing import CAUTIONS, SHARED, Sold, measured, told
from market.followup.evidence.queries import sold_everywhere, sums_by_route
from market.followup.figures import Sums
from market.followup.models import Delivered, DeliveredSum
from market.followup.periods import Span
from market.followup.queries import Scope
from market.followup.rules import Route
from market.register.models import Producer

ClientFor = Callable[[str | None], FlaskClient]


@pytest.fixture
def bought(cast: Cast, session: Session) -> Cast:
    """In October 2026 four sell by a DIS, which is all that no award counts; one of them also directly, and three to the other authority."""
    growers = make_deliveries(session, cast)
    directly(session, cast, growers[0], date(2026, 10, 20))
    offer = some_offer(session, cast)
    for grower in growers[:3]:
        delivered(
            session, cast, offer, day=date(2026, 10, 21), producer=grower, kitchen=cast.other_kitchen, taste=4
        )
    session.commit()
    return cast


def directly(session: Session, cast: Cast, producer: Producer, day: date) -> None:
    """A delivery as if an award had counted its order."""
    row = delivered(
        session, cast, some_offer(session, cast), day=day, producer=producer, price=Decimal(10), taste=5
    )
    row.route = Route.DIRECT
    total = session.scalars(
        select(DeliveredSum).where(
            DeliveredSum.month == row.month, DeliveredSum.producer_id == producer.id,
            DeliveredSum.kitchen_id == row.kitchen_id
        )
    ).one()  # fmt: skip
    amounts = amounts_of(row)
    for name, amount in amounts.items():
        setattr(total, name, getattr(total, name) - amount)
    keys = {"authority_id": total.authority_id, "month": row.month, "kitchen_id": row.kitchen_id}
    session.add(
        DeliveredSum(
            **keys, category_key=row.category_key, producer_id=producer.id, route=Route.DIRECT, **amounts
        )
    )
    session.flush()


@pytest.mark.parametrize("text", ["2026-10", "2026", "2026-W43"])
def test_each_procedure_has_the_figures_of_its_own_rows(session: Session, bought: Cast, text: str) -> None:
    span, scope = Span.parse(text), Scope(authority_id=bought.authority.id)
    found = sums_by_route(session, scope=scope, spans=[span])[span]
    rows = [
        row
        for row in session.scalars(select(Delivered).where(Delivered.authority_id == bought.authority.id))
        if row.delivered_on in span.period
    ]
    for route in Route:
        own = [row for row in rows if row.route is route]
        if not own:
            assert route not in found
            continue
        sums = found[route]
        assert (sums.lines, sums.ore) == (len(own), sum(row.ore for row in own))
        assert sums.suppliers == len({row.producer_id for row in own})
        assert sums.lead_s == sum(row.lead_s for row in own)
    assert found[Route.DIRECT].graded == 1


def test_the_difference_is_dis_less_direct(session: Session, bought: Cast) -> None:
    span = Span.parse("2026-10")
    found = sums_by_route(session, scope=Scope(authority_id=bought.authority.id), spans=[span])[span]
    by_key = {one.figure.key: one for one in measured(found)}
    assert by_key["suppliers"].difference == 4 - 1
    assert by_key["spend"].direct == 40_000
    assert by_key["grade"].dis is None
    assert measured({})[0].direct is None


def sold(producer_id: int, *, authority_id: int = 2, ore: int = 100, local_ore: int = 100) -> Sold:
    sums = Sums(lines=1, grams=1000, ore=ore, local_ore=local_ore, local_grams=1000 if local_ore else 0)
    return Sold(authority_id=authority_id, route=Route.DIRECT, producer_id=producer_id, sums=sums)


def test_two_suppliers_of_another_authority_are_protected_and_ones_own_are_not() -> None:
    both = [sold(1), sold(2), sold(1, authority_id=1), sold(2, authority_id=1)]
    own, other = told(both, own_id=1)
    assert not own.is_protected
    assert own.values["share_local"] == 100
    assert (other.is_protected, other.suppliers, other.values) == (True, 0, {})
    assert all(one.is_protected for one in told(both, own_id=None))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([0, 40, 100]), max_size=7))
def test_a_share_is_told_only_where_both_its_parts_are_none_or_three(local: list[int]) -> None:
    for one in told([sold(n, local_ore=ore) for n, ore in enumerate(local)], own_id=1):
        parts = sum(1 for ore in local if ore), sum(1 for ore in local if ore < 100)
        shown = len(local) >= 3 and all(part == 0 or part >= 3 for part in parts)
        assert ("share_local" in one.values) == shown
        assert one.is_protected == (len(local) < 3)
        assert one.is_protected or set(one.values) | one.protected == set(SHARED)


def test_the_page_shows_both_and_says_what_it_does_not_say(client_for: ClientFor, bought: Cast) -> None:
    text = client_for("procurement_officer").get("/followup/direct-and-dis?period=2026-10").text
    assert "Sida vid sida" in text
    assert "2 800 kr" in text.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")
    assert str(CAUTIONS[0])[:40] in text
    assert bought.other_authority.name in text
    assert "skyddat" in text
    assert "Hemliga" not in text


def test_others_figures_are_shown_from_three_suppliers(session: Session, bought: Cast) -> None:
    found = told(sold_everywhere(session, span=Span.parse("2026-10"), category_key=None), own_id=None)
    by_key = {(one.authority_id, one.route): one for one in found}
    other = by_key[bought.other_authority.id, Route.DIS]
    assert (other.is_protected, other.suppliers) == (False, 3)
    assert by_key[bought.authority.id, Route.DIRECT].is_protected


@pytest.mark.parametrize("query", ["?period=9999-99", "?period=hej"])
def test_a_period_that_is_none_is_said_to_be(client_for: ClientFor, bought: Cast, query: str) -> None:
    answer = client_for("meal_manager").get(f"/followup/direct-and-dis{query}")
    assert answer.status_code == 400
    assert "Skriv till exempel" in answer.text


def test_a_foreign_kitchen_is_not_found(client_for: ClientFor, bought: Cast) -> None:
    client = client_for("meal_manager")
    assert client.get(f"/followup/direct-and-dis?kitchen={bought.other_kitchen.id}").status_code == 404


def test_an_empty_period_teaches(client_for: ClientFor, stored: Cast) -> None:
    assert "Inget levererat i perioden" in client_for("meal_manager").get("/followup/direct-and-dis").text
    assert AT.year == 2026


def test_the_number_of_queries_does_not_grow(
    client_for: ClientFor, bought: Cast, queries: Callable[[Callable[[], object]], int]
) -> None:
    client = client_for("meal_manager")
    page = "/followup/direct-and-dis?period="
    empty, full = (queries(lambda period=period: client.get(page + period)) for period in ("2019", "2026"))  # type: ignore[misc]
    assert full == empty
