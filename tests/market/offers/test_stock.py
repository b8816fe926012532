"""Nobody can ever order more than there is."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from factories import AT, MONDAY, make_offer, make_order
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from market.offers.models import Offer
from market.offers.operations import repeat_offer, withdraw_offer
from market.offers.rules import (
    AlreadyWithdrawn,
    DayHasPassed,
    DayNotOffered,
    NotEnoughLeft,
    NotWholePackages,
    OfferClosed,
    OfferState,
)
from market.orders.operations import answer_order
from market.orders.rules import OrderEvent, OrderState, ReasonNeeded
from market.values import Quantity, Unit


def test_an_order_takes_its_share_of_the_stock(session, cast):
    offer = make_offer(session, cast)
    order = make_order(session, cast, offer, key="one")
    assert offer.left == Quantity(80_000, Unit.KILOGRAM)
    assert order.state is OrderState.AGREED
    assert order.total_ore == 40 * 14 * 100


def test_the_121st_kilogram_is_refused_and_nothing_is_reserved(session, cast):
    offer = make_offer(session, cast)
    make_order(session, cast, offer, kilograms=110, key="one")
    with pytest.raises(NotEnoughLeft) as refused:
        make_order(session, cast, offer, kilograms=20, key="two")
    assert refused.value.params["left"] == Quantity(10_000, Unit.KILOGRAM)
    assert offer.reserved == 110_000


def test_the_database_itself_refuses_overselling(session, cast):
    offer = make_offer(session, cast)
    with pytest.raises(IntegrityError, match="never_oversold"):
        session.execute(update(Offer).where(Offer.id == offer.id).values(reserved=120_001))


def test_only_whole_boxes_are_sold(session, cast):
    with pytest.raises(NotWholePackages):
        make_order(session, cast, make_offer(session, cast), kilograms=45, key="one")


@pytest.mark.parametrize(("day", "error"), [(-1, DayHasPassed), (7, DayNotOffered)])
def test_only_days_of_the_offer(session, cast, day, error):
    with pytest.raises(error):
        make_order(session, cast, make_offer(session, cast), day=MONDAY + timedelta(days=day), key="one")


def test_the_same_submit_twice_is_one_order(session, cast):
    offer = make_offer(session, cast)
    first = make_order(session, cast, offer, key="same")
    again = make_order(session, cast, offer, key="same")
    assert first is again
    assert offer.reserved == 40_000


def test_cancelling_gives_the_stock_back_once(session, cast):
    offer = make_offer(session, cast)
    order = make_order(session, cast, offer, key="one")
    answer_order(
        session, order=order, event=OrderEvent.CANCEL, reason="Fel dag", actor=cast.actor("kitchen"), at=AT
    )
    assert (offer.reserved, order.state) == (0, OrderState.CANCELLED)
    assert [step.event for step in order.transitions] == [OrderEvent.ORDER, OrderEvent.CANCEL]


def test_an_agreed_order_is_not_cancelled_without_a_reason(session, cast):
    offer = make_offer(session, cast)
    order = make_order(session, cast, offer, key="one")
    with pytest.raises(ReasonNeeded):
        answer_order(session, order=order, event=OrderEvent.CANCEL, actor=cast.actor("kitchen"), at=AT)
    assert (offer.reserved, order.state) == (40_000, OrderState.AGREED)


def test_a_price_by_agreement_waits_for_the_producer(session, cast):
    offer = make_offer(session, cast, price=None)
    order = make_order(session, cast, offer, key="one")
    assert order.state is OrderState.PROPOSED
    assert offer.reserved == 40_000
    bid, actor = order.position.id, cast.actor("producer")
    answer_order(session, order=order, event=OrderEvent.ACCEPT, position_id=bid, actor=actor, at=AT)
    assert (order.state, order.lines[0].price) == (OrderState.AGREED, Decimal(15))


def test_a_withdrawn_offer_sells_nothing_but_keeps_its_orders(session, cast):
    offer = make_offer(session, cast)
    order = make_order(session, cast, offer, key="one")
    withdraw_offer(session, offer=offer, actor=cast.actor("producer"), at=AT)
    with pytest.raises(OfferClosed):
        make_order(session, cast, offer, key="two")
    with pytest.raises(AlreadyWithdrawn):
        withdraw_offer(session, offer=offer, actor=cast.actor("producer"), at=AT)
    assert (offer.state, order.state) == (OfferState.WITHDRAWN, OrderState.AGREED)


def test_repeating_offers_the_same_a_week_later(session, cast):
    offer = make_offer(session, cast)
    make_order(session, cast, offer, key="one")
    again = repeat_offer(session, offer=offer, actor=cast.actor("producer"), at=AT, request_key="again")
    assert again.period.start == offer.period.start + timedelta(days=7)
    assert (again.posted, again.reserved, again.price) == (offer.posted, 0, offer.price)


def test_repeating_an_old_offer_lands_in_a_week_that_has_not_passed(session, cast):
    offer = make_offer(session, cast)
    later = AT + timedelta(weeks=5, days=1)
    again = repeat_offer(session, offer=offer, actor=cast.actor("producer"), at=later, request_key="again")
    assert again.period.start == MONDAY + timedelta(weeks=5)
