"""Kitchen and producer bid in turn until one takes the other's latest bid; the stock follows the latest."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from factories import AT, make_offer, make_order
from sqlalchemy import select

from market.offers.models import Offer
from market.offers.operations import withdraw_offer
from market.offers.rules import DayNotOffered, NotEnoughLeft, NotWholePackages, OfferClosed
from market.orders.models import Order, OrderTransition
from market.orders.negotiation_operations import counter_order
from market.orders.operations import answer_order
from market.orders.rules import (
    AnswerTooLate,
    Bid,
    KitchenClosed,
    NothingChanged,
    NotPossibleNow,
    NotYourTurn,
    OrderEvent,
    OrderState,
    PositionOutdated,
    Side,
)
from market.outbox import OutboxMessage
from market.values import Quantity, Unit

WEDNESDAY, THURSDAY = date(2026, 11, 25), date(2026, 11, 26)
LATER = AT + timedelta(hours=1)


def bid(kilograms: int = 40, price: str = "14.50", day: date = WEDNESDAY) -> Bid:
    return Bid(quantity=Quantity.of(kilograms, Unit.KILOGRAM), deliver_on=day, price=Decimal(price))


def counter(session, cast, order, wanted, *, who="producer", at=LATER, position_id=None):
    return counter_order(
        session,
        order=order,
        position_id=position_id or order.position.id,
        bid=wanted,
        note="",
        actor=cast.actor(who),
        at=at,
    )


def accept(session, cast, order, *, who, at=LATER, position_id=None):
    number = position_id or order.position.id
    actor = cast.actor(who)
    answer_order(session, order=order, event=OrderEvent.ACCEPT, position_id=number, actor=actor, at=at)


@pytest.fixture
def offer(session, cast):
    return make_offer(session, cast, price=None)


@pytest.fixture
def order(session, cast, offer):
    return make_order(session, cast, offer, key="negotiated")


def test_both_bid_and_the_kitchen_takes_the_producers_last_word(session, cast, offer, order):
    counter(session, cast, order, bid(60, "16", THURSDAY))
    assert (offer.reserved, order.deliver_on, order.total_ore) == (60_000, THURSDAY, 96_000)
    counter(session, cast, order, bid(30, "15.25", THURSDAY), who="kitchen")
    assert (offer.reserved, order.lines[0].grams, order.total_ore) == (30_000, 30_000, 45_750)
    accept(session, cast, order, who="producer")
    assert order.state is OrderState.AGREED
    assert [(p.number, p.side) for p in order.positions] == [
        (1, Side.KITCHEN), (2, Side.PRODUCER), (3, Side.KITCHEN)
    ]  # fmt: skip
    events = session.scalars(select(OrderTransition.event).where(OrderTransition.order_id == order.id)).all()
    assert events == [OrderEvent.PROPOSE, OrderEvent.COUNTER, OrderEvent.COUNTER, OrderEvent.ACCEPT]


def test_a_listed_price_can_be_bargained_about_too(session, cast):
    order = make_order(session, cast, make_offer(session, cast), price=Decimal(12), key="bargain")
    assert (order.state, order.lines[0].price) == (OrderState.PROPOSED, Decimal(12))
    counter(session, cast, order, bid(40, "13"))
    accept(session, cast, order, who="kitchen")
    assert (order.state, order.total_ore) == (OrderState.AGREED, 52_000)


def test_nobody_answers_their_own_bid(session, cast, order):
    with pytest.raises(NotYourTurn):
        accept(session, cast, order, who="kitchen")
    with pytest.raises(NotYourTurn):
        counter(session, cast, order, bid(20), who="kitchen")
    counter(session, cast, order, bid(20))
    with pytest.raises(NotYourTurn):
        accept(session, cast, order, who="producer")


def test_a_bid_that_has_been_overtaken_is_not_taken(session, cast, order):
    """The page was shown before the producer's counter-offer; its button names the older bid."""
    first = order.position.id
    counter(session, cast, order, bid(40, "20"))
    with pytest.raises(PositionOutdated):
        accept(session, cast, order, who="kitchen", position_id=first)
    with pytest.raises(PositionOutdated):
        counter(session, cast, order, bid(10), who="kitchen", position_id=first)
    assert order.state is OrderState.PROPOSED


def test_the_same_counter_sent_twice_is_one(session, cast, order):
    first = order.position.id
    made = counter(session, cast, order, bid(20))
    again = counter(session, cast, order, bid(20), position_id=first)
    assert made is again
    assert len(order.positions) == 2


def test_a_counter_changes_something(session, cast, order):
    with pytest.raises(NothingChanged):
        counter(session, cast, order, bid(40, "15"))


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        (bid(130), NotEnoughLeft),
        (bid(45), NotWholePackages),
        (bid(40, day=date(2026, 11, 28)), KitchenClosed),
        (bid(40, day=date(2026, 12, 1)), DayNotOffered),
    ],
)
def test_what_can_not_be_asked_for_leaves_all_as_it_was(session, cast, offer, order, wanted, refusal):
    with pytest.raises(refusal), session.begin_nested():
        counter(session, cast, order, wanted)
    session.refresh(order)
    session.refresh(order.lines[0].reservation)
    assert (order.round, order.deliver_on, order.lines[0].steps) == (1, WEDNESDAY, 40_000)
    assert (offer.reserved, order.lines[0].reservation.steps) == (40_000, 40_000)
    assert len(order.positions) == 1


def test_a_withdrawn_offer_gives_no_more_but_takes_back(session, cast, offer, order):
    withdraw_offer(session, offer=offer, actor=cast.actor("producer"), at=LATER)
    with pytest.raises(OfferClosed), session.begin_nested():
        counter(session, cast, order, bid(50))
    session.refresh(order)
    session.refresh(order.lines[0].reservation)
    counter(session, cast, order, bid(20))
    assert offer.reserved == 20_000


def test_either_side_walks_away_until_agreed(session, cast, offer, order):
    counter(session, cast, order, bid(60, "16"))
    answer_order(session, order=order, event=OrderEvent.DECLINE, actor=cast.actor("producer"), at=LATER)
    assert (order.state, offer.reserved) == (OrderState.DECLINED, 0)
    with pytest.raises(NotPossibleNow):
        accept(session, cast, order, who="kitchen")


def test_an_answer_after_its_time_is_refused(session, cast, order):
    """Even before the clock's chore has come by. Until Wednesday 00:00, as it is delivered that day."""
    assert order.expires_at is not None
    with pytest.raises(AnswerTooLate):
        accept(session, cast, order, who="producer", at=order.expires_at)
    accept(session, cast, order, who="producer", at=order.expires_at - timedelta(microseconds=1))
    assert order.state is OrderState.AGREED


def test_the_other_side_is_told_and_both_get_the_confirmation(session, cast, order):
    counter(session, cast, order, bid(60, "16"))
    accept(session, cast, order, who="kitchen")
    told = session.execute(select(OutboxMessage.kind, OutboxMessage.user_id).order_by(OutboxMessage.id)).all()
    producer, kitchen = cast.actor("producer").user_id, cast.actor("kitchen").user_id
    assert [tuple(row) for row in told] == [
        ("order_proposed", producer),
        ("order_countered", kitchen),
        ("order_confirmed", *sorted([producer, kitchen])[:1]),
        ("order_confirmed", *sorted([producer, kitchen])[1:]),
    ]


def test_on_the_pages(client_for, stored, session, look):
    """The kitchen proposes, the producer counters in a form, the kitchen sees whose turn it is and accepts."""
    order_id = make_order(session, stored, make_offer(session, stored, price=None), key="pages").id
    session.commit()
    producer, kitchen = client_for("producer"), client_for("kitchen")
    assert "Det är din tur att svara på budet" in producer.get(f"/orders/{order_id}").text
    assert "Väntar på den andra partens svar" in kitchen.get(f"/orders/{order_id}").text
    page = producer.get(f"/orders/{order_id}/counter").text
    assert 'value="15"' in page
    number = look.get_one(Order, order_id).position.id
    look.rollback()
    form = {
        "position": str(number),
        "amount": "60",
        "price": "16,50",
        "deliver_on": "2026-11-26",
        "note": "Färska",
    }
    wrong = producer.post(f"/orders/{order_id}/counter", data=form | {"amount": "65"})
    assert "Välj en jämn multipel" in wrong.text
    assert (
        "Motbudet är skickat"
        in producer.post(f"/orders/{order_id}/counter", data=form, follow_redirects=True).text
    )
    again = producer.post(f"/orders/{order_id}/counter", data=form)
    assert again.status_code == 302, "the same form sent once more"
    shown = kitchen.get(f"/orders/{order_id}").text
    assert "Färska" in shown
    assert "Det är din tur att svara på budet" in shown
    assert "Motbud" in kitchen.get("/").text, "and on the first page"
    stale = kitchen.post(f"/orders/{order_id}/accept", data={"position": str(number)}, follow_redirects=True)
    assert "Det har kommit ett nyare bud" in stale.text
    look.expire_all()
    latest = look.get_one(Order, order_id).position.id
    look.rollback()
    kitchen.post(f"/orders/{order_id}/accept", data={"position": str(latest)})
    look.expire_all()
    agreed = look.get_one(Order, order_id)
    assert (agreed.state, agreed.total_ore) == (OrderState.AGREED, 99_000)
    assert look.get_one(Offer, agreed.lines[0].offer_id).reserved == 60_000
    confirmation = client_for("producer").get(f"/orders/{order_id}/confirmation").text
    assert "Så blev ni överens" in confirmation
    assert client_for("kitchen").get(f"/orders/{order_id}/confirmation.pdf").data.startswith(b"%PDF-")


@pytest.mark.parametrize("position", ["", "x", "987654321", "²", "99999999999999999999"])
def test_a_tampered_answer_is_refused(client_for, stored, session, look, position):
    order_id = make_order(session, stored, make_offer(session, stored, price=None), key="tampered").id
    session.commit()
    answer = client_for("producer").post(
        f"/orders/{order_id}/accept", data={"position": position}, follow_redirects=True
    )
    assert "Det har kommit ett nyare bud" in answer.text
    assert look.get_one(Order, order_id).state is OrderState.PROPOSED
