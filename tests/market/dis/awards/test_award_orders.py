"""A contract in force becomes orders to the kitchens: exact, once, at the tendered price, outside the direct-award limit."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from agreements import TEMPLATE
from dis_awarding import (
    contract_with,
    decide,
    evaluate,
    make_awarded,
    make_opened,
    name_all,
    sign_contract,
    tenders_of,
)
from dis_making import DAY
from factories import MONDAY
from pypdf import PdfReader

from market.agreements import documents
from market.agreements.operations import end_agreement
from market.agreements.rules import AgreementEvent
from market.dis.awards.chores import (
    follow_contracts,
    keep_standstills,
    remind_of_contracts,
    remind_of_notices,
)
from market.dis.awards.order_operations import place_orders
from market.dis.awards.rules import NotInForceYet
from market.dis.rules import CallOffState
from market.limits.models import LimitEntry
from market.offers.models import Offer
from market.offers.queries import Filters, open_offers
from market.offers.rules import OfferState
from market.orders.models import Order
from market.orders.operations import answer_cancellation, answer_order, ask_to_cancel, receive_order
from market.orders.receipt_rules import ReceivedLine
from market.orders.rules import OrderEvent, OrderState
from market.outbox import OutboxMessage
from market.register.models import KitchenWindow, Procedure, Product
from market.values import Period

FIRST = MONDAY + timedelta(weeks=4)


@pytest.fixture
def award(session, cast):
    return make_awarded(session, cast)


def signed(session, cast, award, number=0):
    contract, at = award.contracts[number], award.standstill_ends_at
    sign_contract(session, cast, contract.agreement, at=at)
    return contract, at


def orders(session, contract) -> list[Order]:
    return session.query(Order).filter_by(agreement_id=contract.agreement_id).order_by(Order.id).all()


def test_the_clock_places_the_orders_of_a_signed_contract_once(session, cast, award):
    contract, at = signed(session, cast, award)
    assert follow_contracts(session, at=at) == 1
    assert follow_contracts(session, at=at) == 0
    assert place_orders(session, contract=contract, at=at) == 0, "the button comes second"
    placed = orders(session, contract)
    assert sum(order.lines[0].steps for order in placed) == 200_000
    assert sum(order.total_ore for order in placed) == contract.agreement.annex["total_ore"] == 280_000
    assert {order.state for order in placed} == {OrderState.AGREED}
    assert {order.lines[0].price for order in placed} == {Decimal(14)}
    by_kitchen = Counter()
    for order in placed:
        by_kitchen[order.kitchen_id] += order.lines[0].steps
    assert by_kitchen == {cast.hub.id: 160_000, cast.satellite.id: 40_000}
    assert {order.receiving_kitchen_id for order in placed} == {cast.hub.id}


def test_on_the_tendered_weekdays_and_after_christmas_on_the_nearest_lawful_day(session, cast, award):
    contract, at = signed(session, cast, award)
    follow_contracts(session, at=at)
    days = sorted({order.deliver_on for order in orders(session, contract)})
    assert days[0] in Period(FIRST, FIRST + timedelta(days=7))
    assert all(day.isoweekday() in (2, 4) for day in days[1:])
    assert days[0] == date(2026, 12, 23), (
        "the contract was made on the Tuesday, and Thursday is Christmas Eve"
    )
    assert "närmaste möjliga dag" in orders(session, contract)[0].note


def test_the_product_is_the_producers_own_and_nobody_else_can_buy_of_the_offer(session, cast, award):
    _contract, at = signed(session, cast, award)
    follow_contracts(session, at=at)
    offer = session.query(Offer).one()
    assert (offer.product, offer.price, offer.posted, offer.reserved) == (
        cast.carrots,
        Decimal(14),
        200_000,
        200_000,
    )
    assert (offer.state, [one.id for one in offer.authorities]) == (OfferState.WITHDRAWN, [cast.authority.id])
    ahead = Filters(period=Period(FIRST, FIRST + timedelta(weeks=5)))
    assert open_offers(session, authority_id=cast.authority.id, filters=ahead, today=FIRST) == []


def test_a_product_that_is_not_in_the_register_is_made(session, cast):
    award = make_awarded(session, cast, {(1, 2): 200_000, (2, 2): 120_000})
    _contract, at = signed(session, cast, award)
    assert follow_contracts(session, at=at) == 1
    made = session.query(Product).filter_by(producer_id=cast.other_producer.id).one()
    assert (made.name, made.category_key, made.unit.value) == ("Morötter", "vegetables", "KGM")


def test_without_a_site_the_orders_wait_and_come_by_themselves_when_it_is_there(session, cast):
    award = make_awarded(session, cast, {(1, 2): 200_000, (2, 2): 120_000})
    (site,) = cast.other_producer.sites
    site.producer = cast.producer
    session.flush()
    contract, at = signed(session, cast, award)
    assert follow_contracts(session, at=at) == 1, "the day of the contract is kept"
    assert follow_contracts(session, at=at) == 0
    assert (orders(session, contract), contract.orders_placed_at) == ([], None)
    site.producer = cast.other_producer
    session.flush()
    assert follow_contracts(session, at=at) == 1
    assert len(orders(session, contract)) == 8


def test_two_winners_share_a_lot_exactly_by_whole_kitchens(session, cast):
    award = make_awarded(session, cast, {(1, 1): 160_000, (1, 2): 40_000, (2, 1): 120_000})
    placed = {}
    for producer in (cast.producer, cast.other_producer):
        contract = contract_with(award, producer.id, cast.authority.id)
        sign_contract(session, cast, contract.agreement, at=award.standstill_ends_at)
        place_orders(session, contract=contract, at=award.standstill_ends_at)
        placed[producer.id] = orders(session, contract)
    assert {order.kitchen_id for order in placed[cast.producer.id]} == {cast.hub.id}
    assert {order.kitchen_id for order in placed[cast.other_producer.id]} == {cast.satellite.id}
    assert sum(one.lines[0].steps for one in placed[cast.other_producer.id]) == 40_000


def test_no_order_of_a_contract_counts_as_direct_award_whatever_becomes_of_it(session, cast, award):
    assert cast.authority.procedure is Procedure.DIRECT_AWARD
    contract, at = signed(session, cast, award)
    follow_contracts(session, at=at)
    first, second = orders(session, contract)[:2]
    receive_order(
        session, order=first, received=[ReceivedLine(line_id=first.lines[0].id, accepted=first.lines[0].steps)],
        decidegrees=None, note="", actor=cast.actor("kitchen"), at=at + 60 * DAY,
    )  # fmt: skip
    answer_order(
        session, order=second, event=OrderEvent.CANCEL, reason="Stängt", actor=cast.actor("kitchen"), at=at
    )  # fmt: skip
    third, kitchen = orders(session, contract)[2], cast.actor("kitchen")
    ask_to_cancel(session, order=third, reason="Stängt", actor=kitchen, at=at)
    answer_cancellation(
        session, order=third, event=OrderEvent.REFUSE_CANCEL, actor=cast.actor("producer"), at=at
    )
    assert third.state is OrderState.AGREED
    assert session.query(LimitEntry).count() == 0


def test_nobody_is_flooded_one_message_tells_of_all_orders(session, cast, award):
    signed(session, cast, award)
    follow_contracts(session, at=award.standstill_ends_at)
    kinds = Counter(one.kind for one in session.query(OutboxMessage))
    assert kinds["order_confirmed"] == 0
    told = session.query(OutboxMessage).filter_by(kind="dis_orders_placed").all()
    assert {one.params["orders"] for one in told} == {8}
    assert len(told) == 5, "producer, hub, satellite, officer, meal manager"


def test_a_tender_at_nothing_is_ordered_at_nothing(session, cast):
    calloff = make_opened(session, cast)
    for line in tenders_of(session, calloff)[0].lines:
        line.price = Decimal(0)
    evaluate(session, cast, calloff)
    name_all(session, cast)
    award = decide(session, cast, calloff)
    contract, at = signed(session, cast, award)
    assert follow_contracts(session, at=at) == 1
    placed = orders(session, contract)
    assert {(order.total_ore, order.lines[0].price) for order in placed} == {(0, Decimal(0))}
    assert session.query(Offer).one().price is None


def test_a_kitchen_that_is_never_open_is_said_on_the_page_and_the_rest_is_ordered(session, cast):
    award = make_awarded(session, cast)
    session.query(KitchenWindow).filter_by(kitchen_id=cast.other_kitchen.id).delete()
    contract = award.contracts[1]
    sign_contract(session, cast, contract.agreement, at=award.standstill_ends_at)
    assert place_orders(session, contract=contract, at=award.standstill_ends_at) == 0
    assert {(row["kitchen"], row["steps"], row["why"]) for row in contract.unplaced} == {
        ("Vallentunaköket", 30_000, "no_day")
    }


def test_what_was_awarded_beyond_the_stated_needs_is_left_to_say(session, cast):
    calloff = make_opened(session, cast)
    evaluate(session, cast, calloff, {(1, 1): 210_000, (2, 1): 120_000})
    name_all(session, cast)
    award = decide(session, cast, calloff)
    contract, at = signed(session, cast, award)
    place_orders(session, contract=contract, at=at)
    assert [(row["steps"], row["why"]) for row in contract.unplaced] == [(10_000, "not_needed")]


def test_orders_only_of_an_agreement_in_force(session, cast, award):
    contract = award.contracts[0]
    with pytest.raises(NotInForceYet):
        place_orders(session, contract=contract, at=award.standstill_ends_at)
    contract, at = signed(session, cast, award)
    end_agreement(
        session, agreement=contract.agreement, event=AgreementEvent.TERMINATE, reason="Konkurs",
        actor=cast.actor("producer"), at=at,
    )  # fmt: skip
    with pytest.raises(NotInForceYet):
        place_orders(session, contract=contract, at=at)
    assert follow_contracts(session, at=at) == 1, "that it was made is kept, also for the notice"
    assert (follow_contracts(session, at=at), orders(session, contract)) == (0, [])
    assert contract.agreed_on is not None


def test_the_call_off_is_over_with_the_last_contract(session, cast, award):
    for number in (0, 1):
        assert award.calloff.state is CallOffState.AWARDED
        signed(session, cast, award, number)
        follow_contracts(session, at=award.standstill_ends_at)
    assert award.calloff.state is CallOffState.CONCLUDED


def test_the_agreement_says_lots_prices_and_days_and_nothing_of_direct_award(session, cast, award):
    agreement = award.contracts[0].agreement
    content = documents.content_of(session, agreement, on=MONDAY)
    assert content["direct-award"] is None
    assert content["kind"] == "one_off"
    (lot,) = content["annex"]["lots"]
    assert lot["amount"] == "200 kg"
    assert (lot["price"], lot["when"].endswith("tisdag, torsdag")) == ("14,00 kr/kg", True)
    pdf = documents.agreement_pdf(content, template=TEMPLATE, at=award.decided_at)
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    assert "Direktupphandling" not in text
    assert "förbinder sig inte att köpa" not in text
    assert "Morötter, januari" in text


def test_signers_are_reminded_once_when_the_standstill_is_over(session, cast, award):
    end = award.standstill_ends_at
    assert remind_of_contracts(session, at=end - timedelta(seconds=1)) == 0
    assert remind_of_contracts(session, at=end) == 2
    assert remind_of_contracts(session, at=end + DAY) == 0
    assert keep_standstills(session, at=end - DAY) == 0


def test_officers_are_reminded_of_a_notice_before_it_is_due_and_once_when_late(session, cast, award):
    contract, at = signed(session, cast, award)
    follow_contracts(session, at=at)
    due = contract.notice_due_on
    assert (due - contract.agreed_on).days == 30
    noon = at + timedelta(hours=12)
    assert remind_of_notices(session, at=noon + 22 * DAY) == 0
    assert remind_of_notices(session, at=noon + 23 * DAY) == 1
    assert remind_of_notices(session, at=noon + 30 * DAY) == 0
    assert remind_of_notices(session, at=noon + 31 * DAY) == 1
    assert remind_of_notices(session, at=noon + 40 * DAY) == 0
