"""A kitchen orders: for itself or, as meal manager, for any kitchen of the authority; never for another's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from factories import make_offer, make_order
from sqlalchemy import select

from market.offers.models import Offer
from market.orders.models import Order
from market.orders.rules import OrderState

KG = "\N{NO-BREAK SPACE}kg"


@pytest.fixture
def offer(stored, session):
    made = make_offer(session, stored)
    session.commit()
    return made


@pytest.fixture
def by_agreement(stored, session):
    made = make_offer(session, stored, price=None)
    session.commit()
    return made


def url(offer) -> str:
    return f"/offers/{offer.id}/order"


def form(kitchen, /, **changes: str) -> dict[str, str]:
    wanted = {"kitchen": str(kitchen.id), "amount": "40", "deliver_on": "2026-11-25", "request_key": "one"}
    return wanted | changes


def orders(look):
    return look.scalars(select(Order).order_by(Order.id)).all()


def test_ordering_40_kilograms_takes_them_from_the_stock(client_for, stored, offer, look):
    answer = client_for("kitchen").post(url(offer), data=form(stored.hub), follow_redirects=True)
    assert f"Beställt: 40{KG} Morötter." in answer.text
    [order] = orders(look)
    assert (order.state, order.total_ore, order.deliver_on) == (OrderState.AGREED, 56_000, date(2026, 11, 25))
    assert (order.kitchen_id, order.receiving_kitchen_id) == (stored.hub.id, stored.hub.id)
    assert look.get_one(Offer, offer.id).reserved == 40_000


def test_a_second_press_of_the_button_makes_no_second_order(client_for, stored, offer, look):
    client = client_for("kitchen")
    first, second = (client.post(url(offer), data=form(stored.hub)) for _ in range(2))
    assert first.location == second.location
    assert len(orders(look)) == 1
    assert look.get_one(Offer, offer.id).reserved == 40_000


def test_more_than_is_left_is_refused_with_what_is_left(client_for, stored, offer, session, look):
    make_order(session, stored, offer, kilograms=90, key="before")
    session.commit()
    answer = client_for("kitchen").post(url(offer), data=form(stored.hub))
    assert f"Kvar att beställa: 30{KG}." in answer.text
    assert 'value="40"' in answer.text, "what was written stays"
    assert len(orders(look)) == 1
    assert look.get_one(Offer, offer.id).reserved == 90_000


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": "45"}, f"Välj en jämn multipel av 10{KG}"),
        ({"amount": ""}, "Fyll i det här."),
        ({"amount": "-40"}, "Skriv ett tal större än noll."),
        ({"amount": "1e5"}, "Skriv ett tal med siffror"),
        ({"amount": "99999999999"}, "Talet är för stort."),
        ({"deliver_on": ""}, "Välj en dag."),
        ({"deliver_on": "2026-11-29"}, "data-error-summary"),  # a Sunday: the kitchen is closed
        ({"deliver_on": "2026-12-01"}, "data-error-summary"),  # after the offer's last day
        ({"deliver_on": "2026-11-20"}, "data-error-summary"),  # has been
    ],
)
def test_what_can_not_be_ordered_is_explained(client_for, stored, offer, look, changes, words):
    answer = client_for("kitchen").post(url(offer), data=form(stored.hub, **changes))
    assert answer.status_code == 200
    assert words in answer.text
    assert orders(look) == []


def test_a_satellite_s_order_goes_to_its_hub(client_for, stored, offer, look):
    client_for("satellite").post(url(offer), data=form(stored.satellite))
    [order] = orders(look)
    assert (order.kitchen_id, order.receiving_kitchen_id) == (stored.satellite.id, stored.hub.id)
    assert client_for("kitchen").get(f"/orders/{order.id}").status_code == 200, "the hub takes it in"
    assert "Förskolan Rimbo" in client_for("kitchen").get("/orders?week=2026-W48").text


@pytest.mark.parametrize("which", ["hub", "satellite"])
def test_a_meal_manager_orders_for_any_kitchen_of_the_authority(client_for, stored, offer, look, which):
    kitchen = getattr(stored, which)
    assert client_for("meal_manager").post(url(offer), data=form(kitchen)).status_code == 302
    assert [order.kitchen_id for order in orders(look)] == [kitchen.id]


@pytest.mark.parametrize(
    ("person", "which"),
    [
        ("meal_manager", "other_kitchen"),
        ("kitchen", "other_kitchen"),
        ("kitchen", "satellite"),
        ("satellite", "hub"),
        ("other_kitchen", "hub"),
    ],
)
def test_nobody_orders_for_a_kitchen_that_is_not_theirs(client_for, stored, offer, look, person, which):
    """The number of another's kitchen in a tampered form, or in the address, is no kitchen."""
    kitchen = getattr(stored, which)
    client = client_for(person)
    assert client.post(url(offer), data=form(kitchen)).status_code == 404
    assert (
        client.post(f"{url(offer)}?kitchen={kitchen.id}", data=form(kitchen, kitchen="")).status_code == 404
    )
    assert client.get(f"{url(offer)}?kitchen={kitchen.id}").status_code == 404
    assert orders(look) == []


def test_a_kitchen_in_the_form_wins_over_the_one_in_the_address(client_for, stored, offer, look):
    client = client_for("meal_manager")
    client.post(f"{url(offer)}?kitchen={stored.hub.id}", data=form(stored.satellite))
    assert [order.kitchen_id for order in orders(look)] == [stored.satellite.id]


def test_a_price_by_agreement_is_proposed_and_answered(client_for, stored, by_agreement, look):
    client = client_for("kitchen")
    refused = client.post(url(by_agreement), data=form(stored.hub))
    assert "Priset måste vara mer än noll." in refused.text
    sent = client.post(url(by_agreement), data=form(stored.hub, price="15,50"), follow_redirects=True)
    assert "Mängden är reserverad så länge." in sent.text
    [order] = orders(look)
    assert (order.state, order.lines[0].price) == (OrderState.PROPOSED, Decimal("15.5"))
    assert look.get_one(Offer, by_agreement.id).reserved == 40_000


def test_another_price_than_the_listed_one_is_only_proposed(client_for, stored, offer, look):
    """The kitchen can not set a price by itself: the producer answers."""
    page = client_for("kitchen").get(f"{url(offer)}?kitchen={stored.hub.id}").text
    assert "Föreslå annat pris" in page
    client_for("kitchen").post(url(offer), data=form(stored.hub, price="0,01"))
    [order] = orders(look)
    assert (order.state, order.lines[0].price) == (OrderState.PROPOSED, Decimal("0.01"))
    assert look.get_one(Offer, offer.id).reserved == 40_000


def test_the_listed_price_written_out_is_an_order(client_for, stored, offer, look):
    client_for("kitchen").post(url(offer), data=form(stored.hub, price="14,00"))
    [order] = orders(look)
    assert order.state is OrderState.AGREED
