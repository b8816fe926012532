"""The life of an order, driven at random: the table is the only way, and the stock always adds up."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from factories import AT, MONDAY, make_offer, make_order
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from market.offers.models import Reservation
from market.offers.rules import ReservationState
from market.orders.models import OrderTransition
from market.orders.operations import LineMissing, answer_order, receive_order
from market.orders.receipt_rules import (
    DeviationKind,
    DeviationNeeded,
    NothingDeviates,
    ReceivedLine,
    TooEarlyToReceive,
)
from market.orders.rules import TRANSITIONS, NotPossibleNow, OrderEvent, OrderState, state_after
from market.values import Refused

DELIVERED = AT + timedelta(days=2)


@given(
    state=st.sampled_from([None, *OrderState]),
    event=st.sampled_from(list(OrderEvent)),
)
def test_only_the_table_moves_an_order(state, event):
    if (state, event) in TRANSITIONS:
        assert state_after(state, event) is TRANSITIONS[state, event]
    else:
        with pytest.raises(NotPossibleNow):
            state_after(state, event)


def test_what_has_ended_stays_ended():
    for state in (OrderState.DECLINED, OrderState.CANCELLED, OrderState.RECEIVED):
        assert not [event for event in OrderEvent if (state, event) in TRANSITIONS]


STEPS = st.lists(
    st.tuples(st.sampled_from(["order", "propose", *[e.value for e in OrderEvent]]), st.integers(1, 8)),
    max_size=14,
)


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_stock_adds_up_whatever_happens(session, cast, steps):
    """reserved = what is held <= posted, one transition row per change, totals to the öre."""
    with session.begin_nested() as savepoint:
        offers = {"order": make_offer(session, cast), "propose": make_offer(session, cast, price=None)}
        orders = []
        for number, (step, size) in enumerate(steps):
            try:
                with session.begin_nested():
                    _take(session, cast, offers, orders, step, size, f"step-{number}")
            except Refused:
                pass
            _check(session, offers, orders)
        savepoint.rollback()
    session.expire_all()


def _take(session, cast, offers, orders, step, size, key):
    if step in offers:
        orders.append(make_order(session, cast, offers[step], kilograms=10 * size, key=key))
    elif orders:
        order = orders[size % len(orders)]
        if step == "receive":
            receive_order(
                session,
                order=order,
                received=_all(order),
                decidegrees=None,
                note="",
                actor=cast.actor("kitchen"),
                at=DELIVERED,
            )
        else:
            answer_order(
                session, order=order, event=OrderEvent(step), reason="så", actor=cast.actor("kitchen"), at=AT
            )


def _check(session, offers, orders):
    for offer in offers.values():
        session.refresh(offer)
        held = session.scalar(
            select(func.coalesce(func.sum(Reservation.steps), 0)).where(
                Reservation.offer_id == offer.id, Reservation.state == ReservationState.HELD
            )
        )
        assert held == offer.reserved <= offer.posted
    for order in orders:
        rows = session.scalars(select(OrderTransition).where(OrderTransition.order_id == order.id)).all()
        assert rows[-1].to_state is order.state
        assert order.total_ore == sum(line.total_ore for line in order.lines)


def _all(order, accepted=None, deviation=None):
    return [
        ReceivedLine(
            line_id=line.id, accepted=line.steps if accepted is None else accepted, deviation=deviation
        )
        for line in order.lines
    ]


def _receive(session, cast, order, received, at=DELIVERED):
    return receive_order(
        session, order=order, received=received, decidegrees=45, note="", actor=cast.actor("kitchen"), at=at
    )


def test_receiving_all_of_it(session, cast):
    order = make_order(session, cast, make_offer(session, cast), key="one")
    delivery = _receive(session, cast, order, _all(order))
    assert (order.state, delivery.total_ore, delivery.has_deviation) == (OrderState.RECEIVED, 56_000, False)


def test_short_goods_need_a_reason_and_are_not_paid_for(session, cast):
    order = make_order(session, cast, make_offer(session, cast), key="one")
    with pytest.raises(DeviationNeeded):
        _receive(session, cast, order, _all(order, accepted=35_000))
    assert order.state is OrderState.AGREED
    delivery = _receive(session, cast, order, _all(order, accepted=35_000, deviation=DeviationKind.SHORT))
    assert delivery.total_ore == 35 * 14 * 100


def test_a_little_more_by_weight_is_accepted_and_paid(session, cast):
    order = make_order(session, cast, make_offer(session, cast), key="one")
    assert _receive(session, cast, order, _all(order, accepted=40_050)).total_ore == 56_070


def test_all_of_it_is_not_short(session, cast):
    order = make_order(session, cast, make_offer(session, cast), key="one")
    with pytest.raises(NothingDeviates):
        _receive(session, cast, order, _all(order, deviation=DeviationKind.SHORT))


def test_goods_are_not_received_before_their_day(session, cast):
    order = make_order(session, cast, make_offer(session, cast), key="one")
    with pytest.raises(TooEarlyToReceive):
        _receive(session, cast, order, _all(order), at=AT + timedelta(days=1))


def test_every_line_must_be_answered(session, cast):
    order = make_order(session, cast, make_offer(session, cast), key="one")
    with pytest.raises(LineMissing):
        _receive(session, cast, order, [])


def test_a_later_price_change_does_not_reach_the_order(session, cast):
    offer = make_offer(session, cast)
    order = make_order(session, cast, offer, key="one")
    offer.price = Decimal(99)
    session.flush()
    assert order.lines[0].price == Decimal(14)
    assert order.deliver_on == MONDAY + timedelta(days=2)
