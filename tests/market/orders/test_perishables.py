"""Perishables are cancelled late only when the producer agrees; what is perishable, and how late, can be stated."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from factories import AT, make_offer, make_order
from sqlalchemy import select

from market.offers.models import Offer
from market.orders.models import Order, OrderTerms
from market.orders.operations import answer_cancellation, answer_order, ask_to_cancel
from market.orders.rules import NoticeTooShort, NotPossibleNow, OrderEvent, OrderState, check_notice
from market.register.models import Product, Temperature


@pytest.fixture
def fresh(session, cast):
    """Chilled goods, ordered two days before the delivery."""
    cast.carrots.temperature = Temperature.CHILLED
    return make_order(session, cast, make_offer(session, cast), key="fresh")


def cancel(session, cast, order):
    answer_order(
        session, order=order, event=OrderEvent.CANCEL, reason="Lov", actor=cast.actor("kitchen"), at=AT
    )


@pytest.mark.parametrize(("days_before", "fits"), [(30, True), (29, False), (31, True), (0, False)])
def test_thirty_days_to_the_day(days_before, fits):
    deliver_on = date(2026, 11, 25)
    today = deliver_on - timedelta(days=days_before)
    if fits:
        check_notice(today=today, deliver_on=deliver_on, days=30)
    else:
        with pytest.raises(NoticeTooShort):
            check_notice(today=today, deliver_on=deliver_on, days=30)


def test_too_late_the_producer_decides(session, cast, fresh):
    with pytest.raises(NoticeTooShort):
        cancel(session, cast, fresh)
    with pytest.raises(NotPossibleNow):
        answer_cancellation(
            session, order=fresh, event=OrderEvent.CONSENT_CANCEL, actor=cast.actor("producer"), at=AT
        )
    ask_to_cancel(session, order=fresh, reason="Lov", actor=cast.actor("kitchen"), at=AT)
    with pytest.raises(NotPossibleNow):
        ask_to_cancel(session, order=fresh, reason="Lov", actor=cast.actor("kitchen"), at=AT)
    answer_cancellation(
        session, order=fresh, event=OrderEvent.REFUSE_CANCEL, actor=cast.actor("producer"), at=AT
    )
    assert (fresh.state, fresh.lines[0].offer.reserved) == (OrderState.AGREED, 40_000)
    ask_to_cancel(session, order=fresh, reason="Lov", actor=cast.actor("kitchen"), at=AT)
    answer_cancellation(
        session, order=fresh, event=OrderEvent.CONSENT_CANCEL, actor=cast.actor("producer"), at=AT
    )
    assert (fresh.state, fresh.lines[0].offer.reserved) == (OrderState.CANCELLED, 0)
    assert [step.event for step in fresh.transitions] == [
        OrderEvent.ORDER, OrderEvent.ASK_CANCEL, OrderEvent.REFUSE_CANCEL, OrderEvent.ASK_CANCEL,
        OrderEvent.CONSENT_CANCEL,
    ]  # fmt: skip


def test_what_keeps_is_cancelled_as_before(session, cast):
    order = make_order(session, cast, make_offer(session, cast), key="dry")
    cancel(session, cast, order)
    assert order.state is OrderState.CANCELLED


def test_an_authority_with_an_answer_from_its_lawyer_states_other_days(session, cast, fresh):
    session.add(OrderTerms(authority_id=cast.authority.id, perishable_notice_days=2))
    session.flush()
    cancel(session, cast, fresh)
    assert fresh.state is OrderState.CANCELLED


def test_a_product_changed_later_does_not_change_the_order(session, cast, fresh):
    cast.carrots.perishable = False
    session.flush()
    with pytest.raises(NoticeTooShort):
        cancel(session, cast, fresh)


@pytest.mark.parametrize(
    ("temperature", "said", "is_perishable"),
    [
        (Temperature.CHILLED, None, True),
        (Temperature.AMBIENT, None, False),
        (Temperature.FROZEN, None, False),
        (Temperature.AMBIENT, True, True),
        (Temperature.CHILLED, False, False),
    ],
)
def test_chilled_goods_are_perishable_unless_the_producer_says_otherwise(temperature, said, is_perishable):
    assert Product(temperature=temperature, perishable=said).is_perishable is is_perishable


def test_on_the_pages(client_for, stored, session, look):
    stored.carrots.temperature = Temperature.CHILLED
    order_id = make_order(session, stored, make_offer(session, stored), key="pages").id
    session.commit()
    kitchen, producer = client_for("kitchen"), client_for("producer")
    page = kitchen.get(f"/orders/{order_id}/cancel").text
    assert "senast 30 dagar före leverans" in page
    assert f'action="/orders/{order_id}/ask-cancel"' in page
    assert "senast 30 dagar" in kitchen.post(f"/orders/{order_id}/cancel", data={"reason": "Lov"}).text
    assert "Skriv varför" in kitchen.post(f"/orders/{order_id}/ask-cancel", data={"reason": " "}).text
    kitchen.post(f"/orders/{order_id}/ask-cancel", data={"reason": "Skolan är stängd"})
    shown = producer.get(f"/orders/{order_id}").text
    assert "Köket ber dig godta en avbokning" in shown
    assert "Skolan är stängd" in shown
    producer.post(f"/orders/{order_id}/consent-cancel")
    again = producer.post(f"/orders/{order_id}/consent-cancel", follow_redirects=True)
    assert "Det går inte längre" in again.text
    order = look.get_one(Order, order_id)
    assert (order.state, look.scalars(select(Offer)).one().reserved) == (OrderState.CANCELLED, 0)


def test_the_terms_page(client_for, stored, look):
    client = client_for("procurement_officer")
    page = client.get("/register/authority/order-terms").text
    assert "Om ett skolkök är ett sådant har vi inte kunnat bekräfta" in page
    wrong = client.post("/register/authority/order-terms", data={"payment_days": "45", "chilled_max": "8"})
    assert "inom 30 dagar" in wrong.text
    for field, value in (("perishable_notice_days", "-1"), ("payment_days", "2,5"), ("frozen_max", "400")):
        assert (
            "data-error-summary" in client.post("/register/authority/order-terms", data={field: value}).text
        )
    form = {"perishable_notice_days": "14", "payment_days": "", "chilled_max": "6,5", "frozen_max": ""}
    assert client.post("/register/authority/order-terms", data=form).status_code == 302
    terms = look.get_one(OrderTerms, stored.authority.id)
    assert (terms.perishable_notice_days, terms.payment_days) == (14, None)
    assert (terms.chilled_max_decidegrees, terms.frozen_max_decidegrees) == (65, None)
