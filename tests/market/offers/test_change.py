"""Changing, pausing and repeating an offer: history keeps both, and an order already made is never touched."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from factories import AT, MONDAY, make_offer, make_order
from sqlalchemy import func, select

from market.audit import AuditEvent
from market.offers.models import Offer, OfferTransition, OfferVersion
from market.offers.operations import (
    CHANGED,
    change_offer,
    pause_offer,
    repeat_weekly,
    resume_offer,
    terms_of,
    withdraw_offer,
)
from market.offers.rules import (
    AlreadyWithdrawn,
    BelowReserved,
    MinimumAboveAmount,
    NothingChanged,
    OfferChange,
    OfferChanged,
    OfferClosed,
    OfferEvent,
    OfferMoved,
    OfferPaused,
    OfferState,
    PriceHeldWithoutPrice,
)
from market.offers.stock import reserve
from market.values import Quantity, Unit


def kilograms(amount: int) -> Quantity:
    return Quantity.of(amount, Unit.KILOGRAM)


def as_it_is(offer: Offer, **changes) -> OfferChange:
    terms = terms_of(offer)
    return replace(OfferChange(**{name: getattr(terms, name) for name in CHANGED}), **changes)


@pytest.fixture
def offer(session, cast):
    return make_offer(session, cast)


@pytest.fixture
def change(session, cast, offer):
    def apply(seen: int | None = None, **changes) -> None:
        change_offer(
            session,
            offer=offer,
            change=as_it_is(offer, **changes),
            seen_version=seen or offer.version,
            actor=cast.actor("producer"),
            at=AT,
        )

    return apply


def test_the_old_and_the_new_are_both_kept(offer, change):
    change(quantity=kilograms(200), price=Decimal(12), note="Större sort.")
    assert (offer.posted, offer.price, offer.note, offer.version) == (200_000, 12, "Större sort.", 2)
    first, second = offer.versions
    assert (first.number, first.posted, first.price, first.note) == (1, 120_000, 14, "")
    assert (second.number, second.posted, second.price, second.note) == (2, 200_000, 12, "Större sort.")


def test_an_order_already_made_stays_as_it_was(session, cast, offer, change):
    order = make_order(session, cast, offer, key="before")
    change(price=Decimal(20), period=replace(offer.period, end=MONDAY + timedelta(days=14)))
    session.expire_all()
    assert (order.lines[0].price, order.total_ore) == (Decimal(14), 40 * 14 * 100)
    assert make_order(session, cast, offer, key="after").lines[0].price == Decimal(20)


def test_down_to_what_is_reserved_and_no_further(session, cast, offer, change):
    make_order(session, cast, offer, kilograms=40, key="one")
    with pytest.raises(BelowReserved) as refused:
        change(quantity=kilograms(30))
    assert refused.value.params["reserved"] == kilograms(40)
    assert (offer.posted, offer.version, len(offer.versions)) == (120_000, 1, 1)
    change(quantity=kilograms(40))
    assert (offer.left.steps, offer.version) == (0, 2)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({}, NothingChanged),
        ({"minimum": kilograms(130)}, MinimumAboveAmount),
        ({"price": None, "held_until": MONDAY}, PriceHeldWithoutPrice),
    ],
)
def test_a_refused_change_leaves_no_version(offer, change, changes, error):
    with pytest.raises(error):
        change(**changes)
    assert len(offer.versions) == 1


def test_two_windows_open_on_the_same_offer(offer, change):
    change(price=Decimal(12))
    with pytest.raises(OfferMoved):
        change(seen=1, price=Decimal(10))
    assert (offer.price, len(offer.versions)) == (12, 2)


def test_who_read_the_old_price_does_not_order_at_it(session, offer):
    """Between reading and reserving someone else's transaction has changed the offer."""
    session.execute(Offer.__table__.update().where(Offer.id == offer.id).values(version=2, price=Decimal(99)))
    with pytest.raises(OfferChanged):
        reserve(session, offer=offer, quantity=kilograms(10), at=AT)
    assert offer.reserved == 0


def test_a_paused_offer_sells_nothing_until_it_is_resumed(session, cast, offer):
    actor = cast.actor("producer")
    pause_offer(session, offer=offer, actor=actor, at=AT)
    with pytest.raises(OfferPaused):
        make_order(session, cast, offer, key="one")
    with pytest.raises(OfferMoved):
        pause_offer(session, offer=offer, actor=actor, at=AT)
    resume_offer(session, offer=offer, actor=actor, at=AT)
    make_order(session, cast, offer, key="two")
    withdraw_offer(session, offer=offer, actor=actor, at=AT)
    with pytest.raises(OfferMoved):
        resume_offer(session, offer=offer, actor=actor, at=AT)
    with pytest.raises(AlreadyWithdrawn):
        withdraw_offer(session, offer=offer, actor=actor, at=AT)
    assert [step.event for step in offer.transitions] == [
        OfferEvent.POST,
        OfferEvent.PAUSE,
        OfferEvent.RESUME,
        OfferEvent.WITHDRAW,
    ]
    assert offer.transitions[-1].to_state is offer.state is OfferState.WITHDRAWN


def test_what_is_withdrawn_is_neither_changed_nor_repeated(session, cast, offer, change):
    withdraw_offer(session, offer=offer, actor=cast.actor("producer"), at=AT)
    with pytest.raises(OfferClosed):
        change(price=Decimal(1))
    with pytest.raises(OfferClosed):
        repeat_weekly(session, offer=offer, is_standing=True, actor=cast.actor("producer"), at=AT)


def test_the_page_changes_and_tells_both(client_for, stored, session, look):
    offer = make_offer(session, stored)
    order = make_order(session, stored, offer, key="one")
    session.commit()
    client, url = client_for("producer"), f"/my-offers/{offer.id}/change"
    page = client.get(url).text
    assert 'name="version" type="hidden" value="1"' in page
    form = {
        "amount": "200", "price": "12,50", "first_day": "2026-11-23", "last_day": "2026-11-29", "minimum": "20",
        "held_until": "2026-11-27", "note": "Ny skörd.\nMer på måndag.", "version": "1",
    }  # fmt: skip
    answer = client.post(url, data=form, follow_redirects=True)
    for words in (
        "Ändrat. Beställningar som redan finns",
        "Förut",
        "120 kg",
        "200 kg",
        "14,00",
        "12,50",
        "20 kg",
    ):
        assert words in answer.text.replace("\N{NO-BREAK SPACE}", " ")
    assert look.scalar(select(func.count()).select_from(OfferVersion)) == 2
    assert "Ändringar" in client_for("kitchen").get(f"/offers/{offer.id}").text
    assert "14,00" in client_for("kitchen").get(f"/orders/{order.id}").text
    refused = client.post(url, data=form | {"amount": "30", "version": "2"}).text
    assert "40 kg är redan beställt." in refused.replace("\N{NO-BREAK SPACE}", " ")
    assert 'value="30"' in refused
    assert (
        "erbjudandet har ändrats sedan sidan visades" in client.post(url, data=form | {"amount": "110"}).text
    )


def test_pausing_by_the_page_takes_it_off_the_map(client_for, stored, session, look):
    offer = make_offer(session, stored)
    session.commit()
    client, kitchen = client_for("producer"), client_for("kitchen")
    assert "Pausat." in client.post(f"/my-offers/{offer.id}/pause", follow_redirects=True).text
    assert "Morötter" not in kitchen.get("/offers?week=2026-W48").text
    assert "har pausat erbjudandet" in kitchen.get(f"/offers/{offer.id}/order").text
    assert "Pausat" in client.get("/my-offers").text
    client.post(f"/my-offers/{offer.id}/resume")
    assert "Morötter" in kitchen.get("/offers?week=2026-W48").text
    assert look.scalar(select(func.count()).select_from(OfferTransition)) == 3
    assert look.scalar(select(func.count()).where(AuditEvent.action == "offer.pause")) == 1


def test_a_form_that_was_open_while_the_price_changed_orders_nothing(client_for, stored, session, cast, look):
    offer = make_offer(session, stored)
    session.commit()
    kitchen, url = client_for("kitchen"), f"/offers/{offer.id}/order"
    form = {
        "amount": "40",
        "deliver_on": "2026-11-25",
        "kitchen": str(stored.hub.id),
        "offer_version": "1",
        "request_key": "seen",
    }
    change_offer(
        session, offer=offer, change=as_it_is(offer, price=Decimal(30)), seen_version=1,
        actor=cast.actor("producer"), at=AT,
    )  # fmt: skip
    session.commit()
    page = kitchen.post(url, data=form).text
    assert "Producenten har ändrat erbjudandet sedan du öppnade sidan" in page
    assert 'name="offer_version" type="hidden" value="2"' in page
    assert look.get_one(Offer, offer.id).reserved == 0
    look.rollback()
    assert kitchen.post(url, data=form | {"offer_version": "2"}).status_code == 302
