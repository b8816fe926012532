"""Goods by weight: what was accepted is paid to the öre, what was charged beyond it is credited, VAT by the day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from factories import AT, MONDAY, make_offer, make_order
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from market.orders.invoice_queries import invoice_basis
from market.orders.models import CreditNote
from market.orders.operations import place_order, receive_order
from market.orders.receipt_rules import (
    DeviationKind,
    DeviationNeeded,
    MoreAcceptedThanCame,
    MorePiecesThanOrdered,
    ReceivedLine,
    billed_steps,
    check_received,
    credit_ore,
    due_on,
    payment_days,
    vat_ore,
)
from market.orders.terms_operations import LongerThanTheLaw, set_terms
from market.values import SWEDEN, Quantity, Refused, Unit, line_total_ore

DELIVERED = AT + timedelta(days=2)
GRAMS = st.integers(0, 2_000_000)
PRICES = st.decimals(Decimal("0.01"), Decimal(999), places=4)


def receive(session, cast, order, *, at=DELIVERED, **said):
    line = ReceivedLine(line_id=order.lines[0].id, **said)
    return receive_order(
        session, order=order, received=[line], decidegrees=None, note="", actor=cast.actor("kitchen"), at=at
    )


@given(
    ordered=st.integers(1, 2_000_000),
    delivered=st.none() | GRAMS,
    accepted=GRAMS,
    deviation=st.none() | st.sampled_from(DeviationKind),
    price=PRICES,
)
def test_charged_less_credit_is_what_was_accepted(ordered, delivered, accepted, deviation, price):
    received = ReceivedLine(line_id=1, accepted=accepted, delivered=delivered, deviation=deviation)
    try:
        check_received(received, ordered=Quantity(ordered, Unit.KILOGRAM), product="Ost")
    except Refused:
        return
    billed = Quantity(billed_steps(received, ordered=ordered), Unit.KILOGRAM)
    kept = Quantity(accepted, Unit.KILOGRAM)
    credit = credit_ore(billed=billed, accepted=kept, price=price)
    assert credit >= 0
    assert line_total_ore(billed, price) - credit == line_total_ore(kept, price)
    assert accepted <= received.came(ordered=ordered)
    if deviation is None:
        assert credit == 0
        assert accepted * 100 >= ordered * 95 - 100


@given(net=st.integers(0, 10**9), per_cent=st.sampled_from([Decimal(6), Decimal(12), Decimal(25)]))
def test_vat_is_rounded_once(net, per_cent):
    assert abs(Decimal(vat_ore(net, per_cent=per_cent)) - Decimal(net) * per_cent / 100) <= Decimal("0.5")


@given(own=st.none() | st.integers(1, 365), received_on=st.dates(date(2020, 1, 1), date(2060, 1, 1)))
def test_nobody_pays_later_than_the_law_says(own, received_on):
    days = payment_days(own=own, by_law=30)
    assert due_on(received_on=received_on, days=days) <= received_on + timedelta(days=30)


def test_three_kilos_of_cheese_arrive_as_three_point_zero_five(session, cast):
    """More than was ordered, although nothing is left of the offer."""
    offer = make_offer(session, cast, kilograms=10, price=Decimal("189.90"))
    offer.package = offer.package_steps = None
    offer.posted = 3_000
    session.flush()
    order = _order(session, cast, offer, grams=3_000)
    assert offer.left.steps == 0
    delivery = receive(session, cast, order, accepted=3_050)
    [line] = delivery.lines
    assert (line.delivered, line.accepted, line.billed, line.credit) == (3_050, 3_050, 3_050, None)
    assert delivery.total_ore == 57_920  # 3.05 kg at 189.90
    basis = invoice_basis(session, order=order)
    assert basis is not None
    assert (basis.net_ore, basis.vat_ore, basis.total_ore) == (57_920, 3_475, 61_395)


def test_a_little_lighter_needs_no_reason_and_is_paid_as_it_weighs(session, cast):
    order = make_order(session, cast, make_offer(session, cast), key="light")
    with pytest.raises(DeviationNeeded):
        receive(session, cast, order, accepted=37_999)
    assert receive(session, cast, order, accepted=38_000).total_ore == 53_200


def test_damaged_goods_are_charged_as_weighed_and_credited(session, cast):
    order = make_order(session, cast, make_offer(session, cast), key="damaged")
    with pytest.raises(MoreAcceptedThanCame):
        receive(session, cast, order, accepted=41_000, delivered=40_600, deviation=DeviationKind.DAMAGED)
    with pytest.raises(DeviationNeeded):
        receive(session, cast, order, accepted=39_400, delivered=40_600)
    delivery = receive(
        session, cast, order, accepted=39_400, delivered=40_600, deviation=DeviationKind.DAMAGED, note="Blöt"
    )
    [credit] = session.scalars(select(CreditNote)).all()
    assert (credit.steps, credit.ore, credit.reason, credit.note) == (
        1_200,
        1_680,
        DeviationKind.DAMAGED,
        "Blöt",
    )
    assert (delivery.billed_ore, delivery.credit_ore, delivery.total_ore) == (56_840, 1_680, 55_160)


def test_missing_goods_are_credited_from_what_was_ordered(session, cast):
    order = make_order(session, cast, make_offer(session, cast), key="short")
    delivery = receive(session, cast, order, accepted=30_000, deviation=DeviationKind.SHORT)
    assert (delivery.lines[0].delivered, delivery.billed_ore, delivery.credit_ore) == (30_000, 56_000, 14_000)


def test_more_pieces_than_ordered_are_another_order():
    twelve = Quantity(12, Unit.PIECE)
    with pytest.raises(MorePiecesThanOrdered):
        check_received(ReceivedLine(line_id=1, accepted=13), ordered=twelve, product="Bröd")
    with pytest.raises(DeviationNeeded):
        check_received(ReceivedLine(line_id=1, accepted=11), ordered=twelve, product="Bröd")


@pytest.mark.parametrize(
    ("day", "per_cent"),
    [(date(2026, 3, 31), 12), (date(2026, 4, 1), 6), (date(2027, 12, 31), 6), (date(2028, 1, 3), 12)],
)
def test_vat_is_that_of_the_delivery_day(session, cast, day, per_cent):
    """Also where the kitchen receives it in the program a day later, past the change."""
    offer = make_offer(session, cast)
    offer.available_from, offer.available_until = day, day + timedelta(days=1)
    session.flush()
    placed = datetime.combine(day - timedelta(days=3), datetime.min.time(), tzinfo=SWEDEN)
    order = _order(session, cast, offer, grams=40_000, day=day, at=placed)
    receive(session, cast, order, accepted=40_000, at=placed + timedelta(days=4, hours=9))
    basis = invoice_basis(session, order=order)
    assert basis is not None
    assert (basis.vat_per_cent, basis.vat_ore) == (per_cent, 560 * per_cent)
    assert (basis.supplied_on, basis.due_on) == (day, day + timedelta(days=31))


def test_the_authority_may_pay_sooner_but_not_later(session, cast):
    def terms(days):
        return set_terms(
            session, authority=cast.authority, perishable_notice_days=None, payment_days=days,
            chilled_max_decidegrees=None, frozen_max_decidegrees=None,
            actor=cast.actor("procurement_officer"), at=AT,
        )  # fmt: skip

    with pytest.raises(LongerThanTheLaw):
        terms(31)
    terms(20)
    order = make_order(session, cast, make_offer(session, cast), key="soon")
    receive(session, cast, order, accepted=40_000)
    basis = invoice_basis(session, order=order)
    assert basis is not None
    assert basis.due_on == date(2026, 12, 15)


def test_no_basis_before_the_goods_are_there(session, cast, client_for):
    order = make_order(session, cast, make_offer(session, cast), key="early")
    assert invoice_basis(session, order=order) is None
    session.commit()
    assert client_for("kitchen").get(f"/orders/{order.id}/invoice-basis").status_code == 404


def test_the_page_says_the_credit_the_vat_and_when_to_pay(session, cast, client_for):
    order = make_order(session, cast, make_offer(session, cast), key="page")
    receive(session, cast, order, accepted=39_000, delivered=40_500, deviation=DeviationKind.DAMAGED)
    session.commit()
    page = (
        client_for("producer")
        .get(f"/orders/{order.id}/invoice-basis")
        .text.replace("\N{NO-BREAK SPACE}", " ")
    )
    for words in (
        "Kredit: Skadat",
        "-1,5 kg",
        "-21,00 kr",
        "546,00 kr",
        "32,76 kr (6 %",
        "578,76 kr",
        "25 december 2026",
    ):
        assert words in page.replace("\N{MINUS SIGN}", "-"), words


def _order(session, cast, offer, *, grams, day=MONDAY + timedelta(days=2), at=AT):
    return place_order(
        session, offer=offer, kitchen=cast.hub, quantity=Quantity(grams, Unit.KILOGRAM), deliver_on=day,
        proposed_price=None, note="", request_key=f"weight-{day}", actor=cast.actor("kitchen"), at=at,
    )  # fmt: skip
