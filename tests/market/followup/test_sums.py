"""The sums are those of the rows, for every period and grouping, within the scope that the actor may see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from factories import Cast, make_cast
from followup_making import delivered, some_offer
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from market.db import make_engine, open_session
from market.feedback.models import Feedback
from market.followup.adding import amounts_of
from market.followup.figures import ADDED, FIGURES, Sums
from market.followup.models import Delivered
from market.followup.periods import Span
from market.followup.queries import (
    Scope,
    scope_for,
    sums_by,
    sums_by_category,
    sums_by_kitchen,
)
from market.followup.rules import Route
from market.migrations import upgrade
from market.orders.receipt_rules import DeviationKind
from market.register.models import SizeClass

SPANS = [Span.parse(text) for text in ("2026-W53", "2027-W01", "2026-12", "2027-01", "2026", "2027")]


def fill(session: Session, cast: Cast) -> None:
    """About the turn of a year with a week 53: kitchens, categories and producers, and what another authority got."""
    offer = some_offer(session, cast)
    cast.producer.size, cast.other_producer.size = SizeClass.SMALL, SizeClass.LARGE
    for n, day in enumerate([date(2026, 12, 28), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 5)]):
        for kitchen in (cast.hub, cast.satellite):
            delivered(
                session, cast, offer, day=day, kilograms=20 + n, kitchen=kitchen, price=Decimal(12 + n),
                producer=cast.other_producer if n % 2 else cast.producer, category="dairy" if n == 3 else "vegetables",
                is_organic=n == 1, deviation=DeviationKind.SHORT if n == 2 else None, accepted=15, taste=n + 1, is_direct=n < 2,
            )  # fmt: skip
    delivered(session, cast, offer, day=date(2026, 12, 31), kitchen=cast.other_kitchen)
    session.flush()


def by_hand(rows: list[Delivered], tastes: dict[int, int]) -> dict[str, int]:
    """What the rows add up to, without the vehicles."""
    added = dict.fromkeys(ADDED, 0)
    for row in rows:
        for name, amount in amounts_of(row).items():
            added[name] += amount
        added["direct_ore" if row.route is Route.DIRECT else "dis_ore"] += row.ore
        added["grades"] += tastes[row.delivery_line_id]
        added["graded"] += 1
    return added | {"suppliers": len({row.producer_id for row in rows})}


def without_vehicles(sums: Sums) -> dict[str, int]:
    return {name: getattr(sums, name) for name in ADDED if name not in {"arrivals", "kitchen_weeks"}}


def check_every_grouping(session: Session, cast: Cast) -> None:
    tastes = {f.delivery_line_id: f.taste for f in session.scalars(select(Feedback))}
    rows = session.scalars(select(Delivered).where(Delivered.authority_id == cast.authority.id)).all()
    scope = Scope(authority_id=cast.authority.id)
    whole = sums_by(session, scope=scope, spans=SPANS)
    groupings: list[tuple[Callable[..., dict[Any, Sums]], str]] = [
        (sums_by_kitchen, "kitchen_id"), (sums_by_category, "category_key"),
    ]  # fmt: skip
    for span in SPANS:
        own = [row for row in rows if row.delivered_on in span.period]
        assert own
        expected = by_hand(own, tastes)
        assert without_vehicles(whole[span]).items() <= expected.items(), str(span)
        for read, name in groupings:
            found = read(session, scope=scope, span=span)
            assert set(found) >= {getattr(row, name) for row in own}
            for key, sums in found.items():
                part = [row for row in own if getattr(row, name) == key]
                assert without_vehicles(sums).items() <= by_hand(part, tastes).items(), (str(span), name, key)


@pytest.fixture
def filled(session: Session, cast: Cast) -> Cast:
    fill(session, cast)
    return cast


def test_every_grouping_of_every_period_adds_up(session: Session, filled: Cast) -> None:
    check_every_grouping(session, filled)


@pytest.mark.slow
@pytest.mark.postgres
def test_on_postgresql_too(postgres_url: str) -> None:
    engine = make_engine(postgres_url)
    upgrade(engine)
    with open_session(engine, writes=True) as session:
        cast = make_cast(session)
        fill(session, cast)
        check_every_grouping(session, cast)
    engine.dispose()


def test_vehicles_are_counted_at_the_kitchen_they_came_to(session: Session, filled: Cast) -> None:
    """The hub's and the satellite's goods came together, four times in two weeks: twice in 2026, twice in 2027."""
    scope = Scope(authority_id=filled.authority.id)
    found = sums_by(session, scope=scope, spans=SPANS)
    counted = {str(span): (sums.arrivals, sums.kitchen_weeks) for span, sums in found.items()}
    assert counted == {
        "2026-W53": (3, 1), "2027-W01": (1, 1), "2026-12": (2, 1), "2027-01": (2, 2), "2026": (2, 1), "2027": (2, 2),
    }  # fmt: skip
    assert sums_by_kitchen(session, scope=scope, span=SPANS[0])[filled.hub.id].arrivals == 3
    dairy = Scope(authority_id=filled.authority.id, category_key="dairy")
    year = sums_by(session, scope=dairy, spans=[SPANS[5]])[SPANS[5]]
    assert (year.lines, year.arrivals) == (2, 0)
    assert FIGURES["transports"].of(year) is None


def test_a_scope_narrows(session: Session, filled: Cast) -> None:
    kitchen = Scope(
        authority_id=filled.authority.id, kitchen_id=filled.satellite.id, category_key="vegetables"
    )
    for span in SPANS[:2]:
        found = sums_by(session, scope=kitchen, spans=[span])[span]
        assert found.lines == (3 if span is SPANS[0] else 0)


@pytest.mark.parametrize("many", [1, 3])
def test_more_periods_are_not_more_queries(session: Session, filled: Cast, many: int) -> None:
    with counted_queries(session) as sent:
        sums_by(session, scope=Scope(authority_id=filled.authority.id), spans=SPANS[2].trail(many))
    assert len(sent) == 4


def test_who_may_see_what(session: Session, cast: Cast) -> None:
    manager, cook = cast.actor("meal_manager"), cast.actor("kitchen")
    own = Scope(authority_id=cast.authority.id)
    assert scope_for(session, actor=manager) == own
    assert scope_for(session, actor=cook) == Scope(authority_id=own.authority_id, kitchen_id=cast.hub.id)
    assert scope_for(session, actor=manager, kitchen_id=cast.satellite.id) is not None
    assert scope_for(session, actor=cook, kitchen_id=cast.satellite.id) is None
    assert scope_for(session, actor=manager, kitchen_id=cast.other_kitchen.id) is None
    assert scope_for(session, actor=manager, category_key="stones") is None
    for outsider in ("producer", "admin"):
        assert scope_for(session, actor=cast.actor(outsider)) is None


@pytest.mark.parametrize("text", ["9999-W52", "0001-W01", "2026-W54", "2026-13", "2026-1", "9999", "x", ""])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Span.parse(text)


@contextmanager
def counted_queries(session: Session) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
