"""Where an authority orders only under agreements: without one the order says what to do, with one it is placed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from agreements import make_signed, with_numbers
from factories import AT, MONDAY, make_offer, make_order
from sqlalchemy import select

from market.agreements.operations import end_agreement, save_authority_terms
from market.agreements.rules import AgreementEvent, AgreementNeeded
from market.offers.models import Reservation
from market.orders.models import Order
from market.orders.rules import OrderState

WEDNESDAY = MONDAY + timedelta(days=2)


@pytest.fixture
def strict(session, cast):
    """The authority has chosen it."""

    def choose() -> None:
        save_authority_terms(
            session, authority_id=cast.authority.id, number="999900-0103", delivery_terms="",
            orders_need_agreement=True, actor=cast.actor("meal_manager"), at=AT,
        )  # fmt: skip

    with_numbers(session, cast)
    choose()
    return choose


def test_without_an_agreement_nothing_is_ordered_and_the_page_says_what_to_do(
    stored, session, strict, client_for, look
):
    offer = make_offer(session, stored)
    session.commit()
    data = {"kitchen": stored.hub.id, "amount": "40", "deliver_on": WEDNESDAY.isoformat(), "request_key": "k"}
    page = client_for("kitchen").post(f"/offers/{offer.id}/order", data=data).text
    assert "Visa intresse på varans sida" in page
    assert look.scalars(select(Order)).all() == []
    assert look.scalars(select(Reservation)).all() == []


def test_under_an_agreement_it_is_until_the_agreement_ends(session, cast, strict):
    agreement = make_signed(session, cast)
    strict()
    offer = make_offer(session, cast)
    assert make_order(session, cast, offer, key="first").state is OrderState.AGREED
    end_agreement(
        session, agreement=agreement, event=AgreementEvent.TERMINATE, reason="Gården säljs",
        actor=cast.actor("producer"), at=AT,
    )  # fmt: skip
    with pytest.raises(AgreementNeeded):
        make_order(session, cast, offer, key="second")


def test_others_order_as_before(session, cast):
    assert make_order(session, cast, make_offer(session, cast), key="first").state is OrderState.AGREED
