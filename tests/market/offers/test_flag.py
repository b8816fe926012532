"""A producer flags a volume: in under a minute, with errors that keep what was written, and never twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from factories import make_offer
from sqlalchemy import func, select, update

from market.accounts.models import Membership
from market.offers.models import Offer
from market.offers.rules import OfferState
from market.register.models import Product, ProductionSite, Step
from market.values import Package, Unit

NEW = "/my-offers/new"


@pytest.fixture
def form(stored):
    """What a producer fills in, beside the defaults."""
    return {
        "product": str(stored.carrots.id),
        "amount": "120",
        "first_day": "2026-11-23",
        "last_day": "2026-11-29",
        "site": str(stored.site.id),
        "request_key": "one",
    }


def offers(look):
    return look.scalars(select(Offer).order_by(Offer.id)).all()


def test_the_least_that_must_be_said(client_for, form, look):
    answer = client_for("producer").post(NEW, data=form, follow_redirects=True)
    assert "Klart! Köken ser nu 120\N{NO-BREAK SPACE}kg Morötter." in answer.text
    [offer] = offers(look)
    assert (offer.posted, offer.unit, offer.reserved, offer.state) == (
        120_000,
        Unit.KILOGRAM,
        0,
        OfferState.OPEN,
    )
    assert (offer.price, offer.package, offer.is_surplus, offer.is_organic) == (None, None, False, False)
    assert (offer.available_from, offer.available_until) == (date(2026, 11, 23), date(2026, 11, 30))


def test_all_that_can_be_said(client_for, form, look):
    more = {
        "price": "14,50",
        "package": Package.BOX.value,
        "package_amount": "10",
        "is_surplus": "y",
        "is_organic": "y",
        "best_before": "2026-12-20",
        "note": "Otvättade.",
    }
    assert client_for("producer").post(NEW, data=form | more).status_code == 302
    [offer] = offers(look)
    assert (offer.price, offer.package, offer.package_steps) == (Decimal("14.5"), Package.BOX, 10_000)
    assert (offer.is_surplus, offer.is_organic, offer.note) == (True, True, "Otvättade.")
    assert offer.best_before == date(2026, 12, 20)


def test_a_fresh_form_has_this_week_filled_in(client_for, stored):
    page = client_for("producer").get(NEW).text
    assert 'value="2026-11-23"' in page
    assert 'value="2026-11-29"' in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": "12.5"}, "Skriv decimaler med komma"),
        ({"amount": "mycket"}, "Skriv ett tal med siffror"),
        ({"amount": ""}, "Fyll i det här."),
        ({"amount": "0"}, "Skriv ett tal större än noll."),
        ({"amount": "1e5"}, "Skriv ett tal med siffror"),
        ({"amount": "99999999"}, "Talet är för stort."),
        ({"price": "-1"}, "Priset måste vara mer än noll."),
        ({"price": "999999999999"}, "Talet är för stort."),
        ({"last_day": "2026-11-22"}, "Sista dagen ligger före första dagen."),
        ({"last_day": "i morgon"}, "Skriv datumet som ÅÅÅÅ-MM-DD"),
        ({"first_day": "2026-11-01", "last_day": "2026-11-20"}, "Perioden har redan varit."),
        ({"package": "XBX", "package_amount": ""}, "Skriv hur mycket varje förpackning rymmer"),
        ({"package": "XBX", "package_amount": "50"}, "Välj en jämn multipel av 50\N{NO-BREAK SPACE}kg"),
        ({"best_before": "2026-11-01"}, "Bäst före-datumet ligger före första dagen."),
        ({"product": ""}, "Välj en vara."),
    ],
)
def test_an_error_says_what_to_do_and_keeps_what_was_written(client_for, form, look, changes, words):
    written = {"note": "Ring först: 070-123", "price": "14,50"} | changes
    answer = client_for("producer").post(NEW, data=form | written)
    assert answer.status_code == 200
    assert words in answer.text
    assert "data-error-summary" in answer.text
    assert "Ring först: 070-123" in answer.text
    assert f'value="{(form | written)["amount"]}"' in answer.text
    assert f'value="{written["price"]}"' in answer.text
    assert 'value="one"' in answer.text, "the same form, so that sending it again is still one offer"
    assert offers(look) == []


def test_a_second_press_of_the_button_makes_no_second_offer(client_for, form, look):
    client = client_for("producer")
    first, second = client.post(NEW, data=form), client.post(NEW, data=form)
    assert first.location == second.location
    assert len(offers(look)) == 1


@pytest.fixture
def new_product(form):
    return form | {
        "product": "new",
        "new_name": "Palsternacka",
        "new_category": "vegetables",
        "new_unit": Unit.KILOGRAM.value,
    }


def test_a_new_product_is_made_in_the_same_form(client_for, new_product, stored, look):
    client_for("producer").post(NEW, data=new_product)
    [offer] = offers(look)
    assert (offer.product.name, offer.product.producer_id) == ("Palsternacka", stored.producer.id)
    assert [(link.step, link.site_id) for link in offer.product.chain] == [(Step.FARM, stored.site.id)]


def test_a_new_product_and_its_offer_are_made_once(client_for, new_product, look):
    client = client_for("producer")
    first, second = client.post(NEW, data=new_product), client.post(NEW, data=new_product)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    assert len(offers(look)) == 1
    assert look.scalar(select(func.count()).where(Product.name == "Palsternacka")) == 1


def test_a_refused_offer_leaves_no_product_behind(client_for, new_product, look):
    answer = client_for("producer").post(NEW, data=new_product | {"price": "0"})
    assert "Priset måste vara mer än noll." in answer.text
    assert look.scalar(select(func.count()).where(Product.name == "Palsternacka")) == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"new_name": " "}, "Skriv vad varan heter."),
        ({"new_unit": "C62"}, "Skriv ungefär vad en liter eller ett styck"),
    ],
)
def test_a_new_product_needs_a_name_and_a_weight(client_for, new_product, look, changes, words):
    assert words in client_for("producer").post(NEW, data=new_product | changes).text
    assert offers(look) == []


def test_pieces_are_whole(client_for, new_product, look):
    eggs = {"new_name": "Ägg", "new_category": "eggs", "new_unit": "C62", "new_grams": "60", "amount": "30,5"}
    assert (
        "Mängden måste vara ett tal större än noll"
        in client_for("producer").post(NEW, data=new_product | eggs).text
    )
    assert client_for("producer").post(NEW, data=new_product | eggs | {"amount": "30"}).status_code == 302
    [offer] = offers(look)
    assert (offer.posted, offer.product.grams(offer.posted)) == (30, 1800)


def test_another_producer_s_product_and_site_can_not_be_smuggled_in(client_for, form, stored, look):
    """The form's choices are the producer's own; a tampered number is no choice."""
    theirs = look.scalars(
        select(ProductionSite.id).where(ProductionSite.producer_id == stored.other_producer.id)
    ).one()
    look.rollback()
    client = client_for("producer")
    assert client.post(NEW, data=form | {"site": str(theirs)}).status_code == 200
    assert client_for("other_producer").post(NEW, data=form | {"site": str(theirs)}).status_code == 200
    assert offers(look) == []


def test_without_a_place_the_page_teaches(client_for, stored, session, look):
    session.execute(
        update(Membership)
        .where(Membership.producer_id == stored.producer.id)
        .values(producer_id=_bare_producer(session))
    )
    session.commit()
    page = client_for("producer").get(NEW).text
    assert "Först behövs en plats" in page


def _bare_producer(session) -> int:
    from factories import AT

    from market.register.models import Producer

    producer = Producer(name="Nystartad gård", created_at=AT)
    session.add(producer)
    session.flush()
    return producer.id


def test_last_week_s_again_by_one_tap(client_for, stored, session, look):
    offer = make_offer(session, stored)
    session.commit()
    client = client_for("producer")
    first = client.post(f"/my-offers/{offer.id}/repeat")
    again = client.post(f"/my-offers/{offer.id}/repeat")
    assert first.location == again.location, "tapped twice is one offer"
    assert [o.available_from for o in offers(look)] == [date(2026, 11, 23), date(2026, 11, 30)]


def test_withdrawing_asks_first(client_for, stored, session, look):
    offer = make_offer(session, stored)
    session.commit()
    client, url = client_for("producer"), f"/my-offers/{offer.id}/withdraw"
    assert client.get(url).status_code == 200
    assert look.get_one(Offer, offer.id).is_open
    look.rollback()
    assert client.post(url).status_code == 302
    look.expire_all()
    assert not look.get_one(Offer, offer.id).is_open
    assert "Erbjudandet är redan tillbakadraget." in client.post(url, follow_redirects=True).text
