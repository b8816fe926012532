"""Goods that can not be collected are had where, when and from the amount that the producer delivers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import AT, MONDAY, make_order
from sqlalchemy import select

from market.offers.rules import Handover, NotDeliveredThatDay, NotDeliveredThere, TooLittleToDeliver
from market.orders.forms import delivery_days
from market.outbox import OutboxMessage
from market.values import Quantity, Unit

WEDNESDAY, FRIDAY = MONDAY + timedelta(days=2), MONDAY + timedelta(days=4)
HERE, THERE = "0188", "0115"


@pytest.mark.parametrize(
    ("handover", "day", "refusal"),
    [
        ({"codes": (HERE,), "weekdays": (3,)}, WEDNESDAY, None),
        ({"codes": (THERE,)}, WEDNESDAY, NotDeliveredThere),
        ({"weekdays": (3,)}, FRIDAY, NotDeliveredThatDay),
        ({"minimum": Quantity.of(50, Unit.KILOGRAM)}, WEDNESDAY, TooLittleToDeliver),
        ({"codes": (THERE,), "weekdays": (3,), "is_collected": True}, FRIDAY, None),
    ],
)
def test_what_is_only_delivered_keeps_to_its_places_days_and_amounts(
    session, cast, post, handover, day, refusal
):
    offer = post(handover=Handover(**({"is_collected": False, "is_delivered": True} | handover)))
    if refusal is None:
        assert make_order(session, cast, offer, day=day, key="one").deliver_on == day
        return
    with pytest.raises(refusal):
        make_order(session, cast, offer, day=day, key="one")
    assert offer.reserved == 0


def test_only_the_days_of_delivery_are_offered(session, cast, post):
    offer = post(handover=Handover(is_collected=False, is_delivered=True, weekdays=(3, 7)))
    assert delivery_days(offer, cast.hub, today=MONDAY) == [WEDNESDAY]


@pytest.mark.parametrize(
    ("email", "has_account", "told"),
    [("gard@example.se", False, 1), ("", False, 0), ("gard@example.se", True, 0)],
)
def test_a_producer_without_an_account_is_told_at_the_address_in_the_register(
    session, cast, post, email, has_account, told
):
    from market.accounts.models import User

    session.get_one(User, cast.actor("producer").user_id).active = has_account
    cast.producer.email = email
    session.flush()
    make_order(session, cast, post(), key="one")
    messages = session.scalars(select(OutboxMessage).where(OutboxMessage.address == "gard@example.se")).all()
    assert [message.kind for message in messages] == ["order_confirmed"] * told
    assert all(message.created_at == AT for message in messages)
