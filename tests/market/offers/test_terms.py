"""What an offer can say beyond amount and days: minimum, held price, pieces by weight, audience, certificates, VAT."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from factories import AT, MONDAY, make_order
from sqlalchemy import select

from market.offers.models import Offer
from market.offers.operations import post_offer, terms_of
from market.offers.queries import Filters, open_offer, open_offers
from market.offers.rules import (
    BelowMinimum,
    Handover,
    MinimumAboveAmount,
    NobodyChosen,
    NotOfferedToYou,
    NotWholePieces,
    NoWayToHaveIt,
    PriceHeldTooShort,
    check_minimum,
    measured,
)
from market.offers.vat import vat_rates
from market.orders.rules import OrderState
from market.register.models import Category, CertificateScheme, Product, Step
from market.register.operations import add_certificate, add_product, revoke_certificate
from market.values import NotAQuantity, Period, Quantity, Unit

NEW = "/my-offers/new"
WEEK = Period(MONDAY, MONDAY + timedelta(days=7))


def kilograms(amount: int) -> Quantity:
    return Quantity.of(amount, Unit.KILOGRAM)


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({"minimum": kilograms(121)}, MinimumAboveAmount),
        ({"held_until": MONDAY - timedelta(days=1)}, PriceHeldTooShort),
        ({"authority_ids": ()}, NobodyChosen),
        ({"handover": Handover(is_collected=False)}, NoWayToHaveIt),
        ({"piece_grams": 3_100}, NotWholePieces),
    ],
)
def test_what_can_not_be_offered(post, session, terms, error):
    with pytest.raises(error):
        post(**terms)
    assert session.scalars(select(Offer)).all() == []


def test_the_smallest_order_and_the_last_of_it(session, cast, post):
    offer = post(minimum=kilograms(50))
    with pytest.raises(BelowMinimum):
        make_order(session, cast, offer, kilograms=40, key="one")
    make_order(session, cast, offer, kilograms=90, key="two")
    make_order(session, cast, offer, kilograms=30, key="the rest")
    assert offer.left.steps == 0


@pytest.mark.parametrize(("wanted", "left"), [(50, 120), (51, 120), (30, 30)])
def test_what_passes_the_minimum(wanted, left):
    check_minimum(kilograms(wanted), minimum=kilograms(50), left=kilograms(left))


def test_a_price_is_held_to_the_end_of_its_last_day(session, cast, post):
    offer = post(held_until=MONDAY)
    assert make_order(session, cast, offer, key="held").state is OrderState.AGREED
    assert offer.price_on(MONDAY + timedelta(days=1)) is None
    offer.held_until = MONDAY - timedelta(days=1)
    later = make_order(session, cast, offer, key="later")
    assert (later.state, later.lines[0].price) == (OrderState.PROPOSED, Decimal(15))


@pytest.fixture
def cheese(session, cast):
    return add_product(
        session, producer=cast.producer, name="Lagrad ost", category=session.get_one(Category, "dairy"),
        unit=Unit.KILOGRAM, grams_per_unit=1000, piece_grams=3_000, chain=[(Step.FARM, cast.site)], user_id=None, at=AT,
    )  # fmt: skip


def test_cheese_by_the_piece_is_priced_by_weight(session, cast, post, cheese):
    offer = post(cheese, quantity=kilograms(60), piece_grams=3_000, price=Decimal(180))
    with pytest.raises(NotWholePieces):
        make_order(session, cast, offer, kilograms=10, key="half")
    order = make_order(session, cast, offer, kilograms=12, key="four")
    [line] = order.lines
    assert (line.piece_grams, line.grams, line.total_ore) == (3_000, 12_000, 12 * 180 * 100)
    assert offer.left == kilograms(48)


@pytest.mark.parametrize(("text", "error"), [("2.5", NotAQuantity), ("0", NotAQuantity)])
def test_no_half_cheeses(text, error):
    with pytest.raises(error):
        measured(Decimal(text), unit=Unit.KILOGRAM, piece_grams=3_000)
    assert measured(Decimal(20), unit=Unit.KILOGRAM, piece_grams=3_000) == kilograms(60)


def test_the_pages_count_cheeses(client_for, stored, session, cheese, look):
    session.commit()
    form = {
        "product": str(cheese.id), "amount": "20", "price": "180", "minimum": "2", "first_day": "2026-11-23",
        "last_day": "2026-11-29", "site": str(stored.site.id), "request_key": "cheese",
    }  # fmt: skip
    page = (
        client_for("producer")
        .post(NEW, data=form, follow_redirects=True)
        .text.replace("\N{NO-BREAK SPACE}", " ")
    )
    assert "Köken ser nu 20 st (ca 60 kg) Lagrad ost" in page
    kitchen = client_for("kitchen")
    page = kitchen.get("/offers/1/order").text.replace("\N{NO-BREAK SPACE}", " ")
    for words in (
        "20 st (ca 60 kg) kvar",
        "Minst 2 st (ca 6 kg)",
        "omkring 540 kr",
        "betalar för den vikt som levereras",
    ):
        assert words in page
    order = {"amount": "4", "deliver_on": "2026-11-25", "kitchen": str(stored.hub.id), "request_key": "four"}
    page = kitchen.post("/offers/1/order", data=order, follow_redirects=True).text.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "Beställt: 4 st (ca 12 kg) Lagrad ost" in page
    assert look.get_one(Offer, 1).reserved == 12_000


def names(session, authority) -> list[int]:
    found = open_offers(session, authority_id=authority.id, filters=Filters(period=WEEK), today=MONDAY)
    return [offer.id for offer in found]


def test_who_is_not_chosen_neither_sees_nor_orders(session, cast, post):
    ours = post(authority_ids=(cast.authority.id,))
    theirs = post(authority_ids=(cast.other_authority.id,))
    everyones = post()
    assert names(session, cast.authority) == [ours.id, everyones.id]
    assert names(session, cast.other_authority) == [theirs.id, everyones.id]
    assert open_offer(session, actor=cast.actor("kitchen"), offer_id=theirs.id) is None
    with pytest.raises(NotOfferedToYou):
        make_order(session, cast, theirs, key="no")
    assert theirs.reserved == 0


def test_the_pages_hide_what_is_not_for_one(client_for, stored, session, post):
    theirs = post(authority_ids=(stored.other_authority.id,))
    session.commit()
    kitchen = client_for("kitchen")
    assert "Morötter" not in kitchen.get("/offers?week=2026-W48").text
    for address in (f"/offers/{theirs.id}", f"/offers/{theirs.id}/order"):
        assert kitchen.get(address).status_code == 404
    assert kitchen.post(f"/offers/{theirs.id}/order", data={"amount": "10"}).status_code == 404
    assert [
        f["properties"].get("kind") for f in kitchen.get("/offers.geojson?week=2026-W48").json["features"]
    ] == ["kitchen"]
    assert client_for("other_kitchen").get(f"/offers/{theirs.id}").status_code == 200


@pytest.fixture
def certify(session, cast):
    def add(last: date, scheme=CertificateScheme.KRAV, number="1234"):
        return add_certificate(
            session, producer=cast.producer, scheme=scheme, number=number, last_valid_on=last,
            actor=cast.actor("producer"), at=AT,
        )  # fmt: skip

    return add


def test_the_mark_lasts_to_the_end_of_the_certificates_last_day(session, cast, post, certify):
    certificate, offer = certify(MONDAY + timedelta(days=2)), post(is_organic=True)
    assert offer.certificate_on(MONDAY + timedelta(days=2)) is certificate
    assert offer.certificate_on(MONDAY + timedelta(days=3)) is None
    wednesday = make_order(session, cast, offer, day=MONDAY + timedelta(days=2), key="in time")
    thursday = make_order(session, cast, offer, day=MONDAY + timedelta(days=3), key="too late")
    assert [order.lines[0].is_organic for order in (wednesday, thursday)] == [True, False]
    assert wednesday.lines[0].certificate is certificate
    organic = Filters(period=WEEK, only_organic=True)
    for day, found in ((2, [offer]), (3, [])):
        today = MONDAY + timedelta(days=day)
        assert open_offers(session, authority_id=cast.authority.id, filters=organic, today=today) == found


def test_a_claim_without_a_certificate_is_no_mark(cast, post, certify):
    offer = post(is_organic=True)
    assert offer.certificate_on(MONDAY) is None
    eu = certify(MONDAY + timedelta(days=300), CertificateScheme.EU_ORGANIC)
    krav = certify(MONDAY + timedelta(days=30))
    assert offer.certificate_on(MONDAY) is krav
    assert offer.certificate_on(MONDAY + timedelta(days=31)) is eu
    assert post().certificate_on(MONDAY) is None, "nor a certificate without a claim"


def test_a_revoked_certificate_is_still_what_the_order_says(session, cast, post, certify):
    certificate, offer = certify(MONDAY + timedelta(days=30)), post(is_organic=True)
    order = make_order(session, cast, offer, key="before")
    revoke_certificate(session, certificate=certificate, actor=cast.actor("producer"), at=AT)
    assert offer.certificate_on(MONDAY) is None
    assert order.lines[0].is_organic
    assert certify(MONDAY + timedelta(days=30)) is not certificate


def test_the_pages_of_certificates(client_for, stored, look):
    client = client_for("producer")
    form = {"scheme": "krav", "number": "SE-EKO-01 77", "last_valid_on": "2026-11-22"}
    assert "sista dag har redan varit" in client.post("/register/certificates/new", data=form).text
    client.post("/register/certificates/new", data=form | {"last_valid_on": "2026-12-31"})
    client.post("/register/certificates/new", data=form | {"last_valid_on": "2026-12-31"})
    page = client.get("/register").text
    assert page.count("SE-EKO-01 77") == 1, "twice is once"
    assert client.get("/register/certificates/1/revoke").status_code == 200
    client.post("/register/certificates/1/revoke")
    assert "SE-EKO-01 77" not in client.get("/register").text


def test_vat_is_that_of_the_day_of_supply(session, cast, cheese):
    rates = vat_rates(session)
    assert [
        rates.percent(cheese, day) for day in (date(2026, 3, 31), date(2026, 4, 1), date(2028, 1, 1))
    ] == [12, 6, 12]
    assert rates.percents(cheese, first=date(2027, 12, 28), last=date(2028, 1, 3)) == [
        (date(2027, 12, 28), 6),
        (date(2028, 1, 1), 12),
    ]
    assert rates.percent(Product(is_alcohol=True), MONDAY) == 25


def test_the_page_says_both_rates_where_they_change(client_for, stored, session, clock, post):
    at = AT.replace(year=2027, month=12, day=27)
    post(at=at, period=Period(date(2027, 12, 28), date(2028, 1, 4)))
    session.commit()
    clock.at = at
    page = client_for("kitchen").get("/offers/1").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "6 % (14,84 kr/kg); 12 % (15,68 kr/kg) från 1 januari 2028" in page


def test_how_it_can_be_had(client_for, stored, look):
    form = {
        "product": str(stored.carrots.id), "amount": "120", "first_day": "2026-11-23", "last_day": "2026-11-29",
        "site": str(stored.site.id), "request_key": "one", "handover": "either", "delivery_places": ["0188"],
        "delivery_weekdays": ["4", "2"], "delivery_minimum": "50", "carry": "200",
    }  # fmt: skip
    page = (
        client_for("producer")
        .post(NEW, data=form, follow_redirects=True)
        .text.replace("\N{NO-BREAK SPACE}", " ")
    )
    assert "Norrtälje; tisdag, torsdag; minst 50 kg" in page
    assert "200 kg per tur" in page
    assert "Måndag–lördag 05:00–15:00" in page
    [offer] = look.scalars(select(Offer)).all()
    assert offer.handover == Handover(
        is_delivered=True, codes=("0188",), weekdays=(2, 4), minimum=kilograms(50), carry_grams=200_000
    )
    fresh = client_for("producer").get(NEW).text
    assert re.search(r'<input checked[^>]*value="either"', fresh), "as last time"


def test_terms_survive_a_round_through_the_columns(session, cast, post):
    offer = post(
        minimum=kilograms(20), held_until=MONDAY, authority_ids=(cast.authority.id,), is_surplus=True,
        handover=Handover(is_delivered=True, codes=("0188", "0115"), weekdays=(1, 5), minimum=kilograms(30)),
    )  # fmt: skip
    session.expire_all()
    terms = terms_of(offer)
    again = post_offer(
        session,
        product=cast.carrots,
        site=cast.site,
        terms=replace(terms),
        actor=cast.actor("producer"),
        at=AT,
    )
    assert again is not offer
    assert terms_of(again) == terms
