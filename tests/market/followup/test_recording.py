"""A delivery is frozen as it counts when it is received, and nothing that changes later reaches it."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from factories import AT, Cast, make_offer, make_order
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.travel import Estimator
from market.followup.chores import count_earlier_deliveries
from market.followup.models import Arrival, Delivered, DeliveredSum
from market.followup.rules import EmissionMethod, Route, Verdict
from market.orders.models import Delivery, Order
from market.orders.operations import receive_order
from market.orders.receipt_rules import DeviationKind, ReceivedLine
from market.register.models import SizeClass
from market.values import wall_clock

COLUMNS = [column.name for column in Delivered.__table__.c]


def delivered_at(order: Order) -> datetime:
    return wall_clock(order.deliver_on, 10 * 3600)


def receive(session: Session, cast: Cast, order: Order, *, accepted: int | None = None) -> None:
    line = order.lines[0]
    short = DeviationKind.SHORT if accepted is not None and accepted < line.steps else None
    receive_order(
        session,
        order=order,
        received=[
            ReceivedLine(
                line_id=line.id, accepted=line.steps if accepted is None else accepted, deviation=short
            )
        ],
        decidegrees=None,
        note="",
        actor=cast.actor("kitchen"),
        at=delivered_at(order),
    )
    session.flush()


@pytest.fixture
def order(session: Session, cast: Cast) -> Order:
    cast.producer.size = SizeClass.MICRO
    offer = make_offer(session, cast)
    return make_order(session, cast, offer, key="one")


def only(session: Session) -> Delivered:
    return session.scalars(select(Delivered)).one()


def test_what_came_is_what_counts(session: Session, cast: Cast, order: Order) -> None:
    receive(session, cast, order, accepted=30_000)

    row = only(session)
    assert (row.steps, row.ordered_steps, row.grams) == (30_000, 40_000, 30_000)
    assert (row.ore, row.list_ore, row.credit_ore) == (42_000, 42_000, 14_000)
    assert row.vat_ore == 2_520  # 6 % from 2026-04-01 on
    assert (row.route, row.size, row.is_surplus) == (Route.DIRECT, SizeClass.MICRO, True)
    assert row.deviation is DeviationKind.SHORT
    assert row.is_local is Verdict.YES
    assert row.lead_s == int((delivered_at(order) - AT).total_seconds())
    assert row.emission_method is EmissionMethod.ESTIMATED
    assert row.hub_m > 10_000
    assert row.kitchen_m == row.chain_m == 0


def test_later_changes_do_not_reach_it(session: Session, cast: Cast, order: Order) -> None:
    receive(session, cast, order)
    before = {name: getattr(only(session), name) for name in COLUMNS}

    cast.carrots.name, cast.carrots.chain[0].site.lat = "Palsternackor", 57.7
    cast.producer.name, cast.producer.size, cast.hub.lat = "Nya gården", SizeClass.LARGE, 59.0
    order.lines[0].offer.price = Decimal(99)
    session.flush()
    session.expire_all()

    assert {name: getattr(only(session), name) for name in COLUMNS} == before


def test_the_sums_are_those_of_the_lines(session: Session, cast: Cast, order: Order) -> None:
    other = make_order(session, cast, order.lines[0].offer, kilograms=20, key="two")
    receive(session, cast, order, accepted=30_000)
    receive(session, cast, other)

    total = session.scalars(select(DeliveredSum)).one()
    rows = session.scalars(select(Delivered)).all()
    assert (total.lines, total.deviations) == (2, 1)
    assert total.ore == sum(row.ore for row in rows) == total.local_ore == total.small_ore == 70_000
    assert total.hub_gram_m == sum(row.grams * row.hub_m for row in rows)


def test_one_vehicle_a_day_is_one_arrival(session: Session, cast: Cast, order: Order) -> None:
    other = make_order(session, cast, order.lines[0].offer, kilograms=20, key="two")
    for each in (order, other):
        receive(session, cast, each)

    arrival = session.scalars(select(Arrival)).one()
    assert (arrival.kitchen_id, arrival.carrier) == (cast.hub.id, f"producer:{cast.producer.id}")


def test_what_was_received_before_is_counted_once(session: Session, cast: Cast, order: Order) -> None:
    receive(session, cast, order)
    session.query(Delivered).delete()
    session.query(DeliveredSum).delete()
    session.query(Delivery).update({"is_counted": False})
    session.commit()

    at, engine = delivered_at(order) + timedelta(days=3), session.get_bind().engine
    assert count_earlier_deliveries(engine, travel=Estimator(), at=at) == 1
    assert count_earlier_deliveries(engine, travel=Estimator(), at=at) == 0
    assert session.scalars(select(DeliveredSum)).one().lines == 1
    assert only(session).lead_s == int((delivered_at(order) - AT).total_seconds())
