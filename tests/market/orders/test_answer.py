"""A producer says yes or no, a kitchen takes an order back: with a reason, once, and only where the table allows."""

from __future__ import annotations

import pytest
from factories import make_offer, make_order

from market.offers.models import Offer
from market.orders.models import Order
from market.orders.rules import OrderState

TOO_LATE = "Det går inte längre: beställningen har ändrats sedan sidan visades."


@pytest.fixture
def proposed(stored, session) -> int:
    order = make_order(session, stored, make_offer(session, stored, price=None), key="proposed")
    session.commit()
    return order.id


@pytest.fixture
def agreed(stored, session) -> int:
    order = make_order(session, stored, make_offer(session, stored), key="agreed")
    session.commit()
    return order.id


def state(look, order_id: int) -> OrderState:
    look.expire_all()
    found = look.get_one(Order, order_id).state
    look.rollback()
    return found


def reserved(look, order_id: int) -> int:
    look.expire_all()
    return look.get_one(Offer, look.get_one(Order, order_id).lines[0].offer_id).reserved


def bid(look, order_id: int) -> dict[str, str]:
    """The form's word of which bid it answers: the latest."""
    look.expire_all()
    number = look.get_one(Order, order_id).position.id
    look.rollback()
    return {"position": str(number)}


def test_the_producer_takes_the_proposed_price(client_for, proposed, look):
    client = client_for("producer")
    assert f"/orders/{proposed}/accept" in client.get(f"/orders/{proposed}").text
    answer = client.post(f"/orders/{proposed}/accept", data=bid(look, proposed), follow_redirects=True)
    assert "Ni är överens. Bekräftelsen är skickad till båda." in answer.text
    assert state(look, proposed) is OrderState.AGREED
    assert "Avtalad" in client_for("kitchen").get(f"/orders/{proposed}").text


def test_the_producer_declines_and_the_stock_comes_back(client_for, proposed, look):
    client = client_for("producer")
    assert client.get(f"/orders/{proposed}/decline").status_code == 200
    assert reserved(look, proposed) == 40_000
    look.rollback()
    client.post(f"/orders/{proposed}/decline", data={"reason": "För lågt pris"})
    assert state(look, proposed) is OrderState.DECLINED
    assert reserved(look, proposed) == 0
    assert "För lågt pris" in client_for("kitchen").get(f"/orders/{proposed}").text


@pytest.mark.parametrize(("person", "step"), [("producer", "decline"), ("kitchen", "cancel")])
def test_an_agreed_order_ends_with_a_reason_only(client_for, agreed, look, person, step):
    client, url = client_for(person), f"/orders/{agreed}/{step}"
    for nothing in ("", "   "):
        assert "Skriv varför" in client.post(url, data={"reason": nothing}).text
    assert state(look, agreed) is OrderState.AGREED
    client.post(url, data={"reason": "Kylen gick sönder"})
    assert state(look, agreed) in {OrderState.DECLINED, OrderState.CANCELLED}
    assert reserved(look, agreed) == 0


@pytest.mark.parametrize("step", ["accept", "decline"])
def test_what_has_ended_can_not_be_answered(client_for, proposed, look, step):
    client_for("kitchen").post(f"/orders/{proposed}/cancel", data={"reason": "Fel vecka"})
    producer = client_for("producer")
    answer = producer.post(f"/orders/{proposed}/{step}", data={"reason": "x"}, follow_redirects=True)
    assert TOO_LATE in answer.text
    assert state(look, proposed) is OrderState.CANCELLED


def test_accepting_twice_changes_nothing_more(client_for, proposed, look):
    client = client_for("producer")
    form = bid(look, proposed)
    client.post(f"/orders/{proposed}/accept", data=form)
    assert TOO_LATE in client.post(f"/orders/{proposed}/accept", data=form, follow_redirects=True).text
    look.expire_all()
    assert len(look.get_one(Order, proposed).transitions) == 2


@pytest.mark.parametrize(
    ("person", "shown", "hidden"),
    [
        ("producer", {"accept", "counter", "decline"}, {"cancel", "receive"}),
        ("kitchen", {"cancel"}, {"accept", "counter", "decline", "receive"}),
        ("procurement_officer", set(), {"accept", "counter", "decline", "cancel", "receive"}),
    ],
)
def test_the_page_shows_only_the_buttons_that_work(client_for, proposed, person, shown, hidden):
    page = client_for(person).get(f"/orders/{proposed}").text
    assert {step for step in shown | hidden if f"/orders/{proposed}/{step}" in page} == shown
