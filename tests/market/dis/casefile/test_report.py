"""The working life of a DIS in numbers."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from dis_awarding import make_awarded, sign_contract
from dis_making import admit, invite, make_calloff, make_dis
from factories import AT, make_offer
from sqlalchemy import event

from market.dis.awards.order_operations import place_orders
from market.dis.casefile.report import report_of
from market.dis.casefile.report_sheet import report_csv
from market.dis.rules import CallOffEvent, Thing
from market.dis.steps import move
from market.orders.models import Order
from market.orders.operations import receive_order
from market.orders.receipt_rules import DeviationKind, ReceivedLine
from market.values import wall_clock


@pytest.fixture
def ordered(session, cast):
    """Public list price 15, tendered 14; of eight orders two have come: one in time, one late with less."""
    make_offer(session, cast, price=Decimal(15))
    award = make_awarded(session, cast)
    contract = award.contracts[0]
    sign_contract(session, cast, contract.agreement, at=award.standstill_ends_at)
    place_orders(session, contract=contract, at=award.standstill_ends_at)
    first, second = (
        session.query(Order).filter_by(agreement_id=contract.agreement_id).order_by(Order.id).limit(2)
    )
    for order, late, short in ((first, 0, 0), (second, 1, 1_000)):
        line = order.lines[0]
        receive_order(
            session, order=order, decidegrees=None, note="", actor=cast.actor("kitchen"),
            at=wall_clock(order.deliver_on + timedelta(days=late), 9 * 3600),
            received=[
                ReceivedLine(
                    line_id=line.id, accepted=line.steps - short, note="Lite" if short else "",
                    deviation=DeviationKind.SHORT if short else None,
                )
            ],
        )  # fmt: skip
    session.flush()
    return award.calloff.dis_category.dis


def test_what_a_dis_has_come_to(session, ordered):
    report = report_of(session, dis=ordered)
    (category,) = report.categories
    assert (category.applied, category.admitted, category.rejected) == (2, 2, 0)
    (calloff,) = report.calloffs
    assert (calloff.invited, calloff.tenders, calloff.awarded_ore) == (2, 2, 448_000)
    assert (report.response, report.per_calloff) == (Decimal(100), Decimal(2))
    assert report.took[CallOffEvent.OPEN] == Decimal("14.0")
    assert report.took[CallOffEvent.EVALUATE] == report.took[CallOffEvent.AWARD] == Decimal(1)
    assert {(row.tendered, row.listed, row.difference) for row in report.prices} == {
        (Decimal(14), Decimal(15), Decimal("-6.7"))
    }


def test_suppliers_statistics_come_of_their_deliveries(session, ordered):
    (row,) = report_of(session, dis=ordered).suppliers
    assert (row.orders, row.received, row.on_time, row.deviations) == (8, 2, 1, 1)
    placed = session.query(Order).filter(Order.delivery.has()).all()
    assert row.grams == sum(order.grams for order in placed) - 1_000
    assert row.ore == sum(order.delivery.total_ore for order in placed)


def test_sealed_tenders_are_not_counted_and_have_no_rate(session, cast):
    dis = make_dis(session, cast)
    invite(session, make_calloff(session, cast, dis), [admit(session, dis, cast.producer)])
    report = report_of(session, dis=dis)
    assert [(row.invited, row.tenders) for row in report.calloffs] == [(1, None)]
    assert (report.response, report.per_calloff) == (None, None)
    assert "calloff;Morötter, januari;tenders;\r\n" in report_csv(report)


def test_a_list_price_that_came_after_the_tender_is_no_measure(session, cast):
    award = make_awarded(session, cast)
    offer = make_offer(session, cast, price=Decimal(15))
    offer.created_at = AT + timedelta(days=2)
    session.flush()
    report = report_of(session, dis=award.calloff.dis_category.dis)
    assert {row.listed for row in report.prices} == {None}
    assert {row.difference for row in report.prices} == {None}


def queries_of(session, engine, dis) -> int:
    session.flush()
    session.expire_all()
    seen: list[str] = []

    def listen(*args):
        seen.append(args[2])

    event.listen(engine, "before_cursor_execute", listen)
    try:
        report_of(session, dis=dis)
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    return len(seen)


def test_a_constant_number_of_queries(session, cast, engine, ordered):
    before = queries_of(session, engine, ordered)
    for _ in range(3):
        invite(session, make_calloff(session, cast, ordered), [])
    assert queries_of(session, engine, ordered) == before
    assert before < 30


def test_the_page_and_the_sheet(client_for, session, ordered, clock):
    dis_id = ordered.id
    session.commit()
    clock.at = AT + timedelta(days=60)
    page = client_for("other_officer").get(f"/dis/{dis_id}/report").text
    for words in ("Svarsfrekvens", "Åkerbo gård", "Från inbjudan till öppning", "6,7 %"):
        assert words in page, words
    sheet = client_for("meal_manager").get(f"/dis/{dis_id}/report.csv").text
    assert "supplier;Åkerbo gård;orders;8\r\n" in sheet
    assert client_for("producer").get(f"/dis/{dis_id}/report").status_code == 403


def test_a_calloff_abandoned_before_its_opening_has_no_number_of_tenders(session, cast):
    dis = make_dis(session, cast)
    calloff = make_calloff(session, cast, dis)
    invite(session, calloff, [admit(session, dis, cast.producer)])
    move(session, Thing.CALLOFF, calloff, CallOffEvent.ABANDON, user_id=None, at=AT, reason="Skäl")
    report = report_of(session, dis=dis)
    assert [row.tenders for row in report.calloffs] == [None]
    assert report.response is None
