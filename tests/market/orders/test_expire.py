"""A proposal waits 48 hours, never past the delivery day; then the clock ends it and the stock is free."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from factories import make_offer, make_order
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from market.offers.rules import DayHasPassed
from market.orders.chores import expire_proposals
from market.orders.models import OrderTransition
from market.orders.operations import answer_order, place_order
from market.orders.rules import OrderEvent, OrderState, answer_by
from market.outbox import OutboxMessage
from market.values import SWEDEN, Quantity, Unit


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SWEDEN)


@pytest.mark.parametrize(
    ("made", "deliver_on", "until"),
    [
        ("2026-11-23 08:00", date(2026, 11, 27), "2026-11-25 08:00"),
        ("2026-11-23 08:00", date(2026, 11, 25), "2026-11-25 00:00"),
        ("2026-11-24 23:59:59", date(2026, 11, 25), "2026-11-25 01:59:59"),
        ("2026-11-25 23:59:59", date(2026, 11, 25), "2026-11-26 00:00"),
        ("2026-11-25 07:00", date(2026, 11, 25), "2026-11-25 09:00"),
        # The clock goes forward on 29 March 2026 at 02:00, back on 25 October at 03:00: 48 hours are 48 hours.
        ("2026-03-28 12:00", date(2026, 4, 3), "2026-03-30 13:00"),
        ("2026-10-24 12:00", date(2026, 10, 30), "2026-10-26 11:00"),
        ("2026-03-28 23:59:59", date(2026, 3, 29), "2026-03-29 01:59:59"),
        ("2026-10-25 23:59:59", date(2026, 10, 25), "2026-10-26 00:00"),
        # Week 53 of 2026 runs into 2027.
        ("2026-12-30 10:00", date(2027, 1, 1), "2027-01-01 00:00"),
    ],
)
def test_until_when_a_proposal_can_be_answered(made, deliver_on, until):
    assert answer_by(local(made), deliver_on=deliver_on) == local(until).astimezone(UTC)


@given(
    made=st.datetimes(datetime(2025, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    days=st.integers(0, 30),
)
def test_it_is_never_over_before_it_began_nor_after_the_delivery_day(made, days):
    day = made.astimezone(SWEDEN).date() + timedelta(days=days)
    until = answer_by(made, deliver_on=day)
    assert made < until <= made + timedelta(hours=48)
    assert until <= datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=SWEDEN)


def test_the_clock_ends_it_tells_both_and_gives_the_stock_back(session, cast):
    offer = make_offer(session, cast, price=None)
    order = make_order(session, cast, offer, key="late")
    kept = make_order(session, cast, make_offer(session, cast), key="agreed")
    assert order.expires_at is not None
    assert expire_proposals(session, at=order.expires_at - timedelta(seconds=1)) == 0
    assert expire_proposals(session, at=order.expires_at) == 1
    assert (order.state, offer.reserved, kept.state) == (OrderState.EXPIRED, 0, OrderState.AGREED)
    assert expire_proposals(session, at=order.expires_at + timedelta(days=1)) == 0
    last = session.scalars(select(OrderTransition).where(OrderTransition.order_id == order.id)).all()[-1]
    assert (last.event, last.to_state, last.user_id, last.side) == (
        OrderEvent.EXPIRE, OrderState.EXPIRED, None, None
    )  # fmt: skip
    told = session.scalars(select(OutboxMessage.user_id).where(OutboxMessage.kind == "order_expired")).all()
    assert set(told) == {cast.actor("producer").user_id, cast.actor("kitchen").user_id}


def test_an_answer_in_time_keeps_it(session, cast):
    order = make_order(session, cast, make_offer(session, cast, price=None), key="in-time")
    until = order.expires_at
    assert until is not None
    answer_order(
        session, order=order, event=OrderEvent.ACCEPT, position_id=order.position.id,
        actor=cast.actor("producer"), at=until - timedelta(seconds=1),
    )  # fmt: skip
    assert expire_proposals(session, at=until) == 0
    assert order.state is OrderState.AGREED


@pytest.mark.parametrize(("at", "fits"), [("2026-11-29 23:59:59", True), ("2026-11-30 00:00:00", False)])
def test_the_last_second_of_the_last_day(session, cast, at, fits):
    """The offer ends with Sunday 29 November; the kitchen is open that day for this test."""
    cast.hub.windows[0].weekday = 7
    offer = make_offer(session, cast)

    def order():
        return place_order(
            session, offer=offer, kitchen=cast.hub, quantity=Quantity(10_000, Unit.KILOGRAM),
            deliver_on=date(2026, 11, 29), proposed_price=Decimal(10), note="", request_key="last",
            actor=cast.actor("kitchen"), at=local(at),
        )  # fmt: skip

    if fits:
        assert order().expires_at == local("2026-11-30 00:00")
    else:
        with pytest.raises(DayHasPassed):
            order()
