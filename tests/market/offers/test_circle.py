"""The expanding circle: how far for the amount, who is in it, and what is short."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from factories import AT, MONDAY

from geodata.points import Point
from market.offers.circle import drawn_circle, widen
from market.offers.operations import post_offer
from market.offers.rules import OfferTerms
from market.register.models import Category, ProductionSite, Step, Unit
from market.register.operations import add_product
from market.values import Period, Quantity

WEEK = "week=2026-W48"


KITCHEN = Point(lat=59.758, lon=18.705)


def seen(pairs):
    """(degrees north of the kitchen, kilograms) as offers seen from it."""
    return [
        SimpleNamespace(
            offer=SimpleNamespace(
                id=n,
                site=SimpleNamespace(lat=KITCHEN.lat + north, lon=KITCHEN.lon),
                left=SimpleNamespace(steps=kilos * 1000),
                product=SimpleNamespace(grams=lambda steps: steps),
            )
        )
        for n, (north, kilos) in enumerate(pairs)
    ]


def test_it_grows_to_the_first_that_covers_and_no_farther():
    answer = widen(seen([(0.9, 500), (0.1, 80), (0.4, 130)]), centre=KITCHEN, wanted_grams=200_000)
    assert answer.is_covered
    assert [share.covered_grams for share in answer.shares] == [80_000, 210_000]
    assert 44_000 < answer.radius_m < 45_000


def test_it_says_how_much_is_short_and_guesses_nothing():
    answer = widen(seen([(0.9, 50), (0.1, 80)]), centre=KITCHEN, wanted_grams=200_000)
    assert (answer.is_covered, answer.short_by_grams, answer.covered_grams) == (False, 70_000, 130_000)


def test_with_nobody_there_is_no_circle():
    answer = widen([], centre=KITCHEN, wanted_grams=1000)
    assert (answer.radius_m, answer.short_by_grams) == (0, 1000)
    assert drawn_circle(answer, centre=KITCHEN, title="") == []


def test_what_is_too_little_to_weigh_counts_for_nothing():
    answer = widen(seen([(0.1, 0), (0.2, 5)]), centre=KITCHEN, wanted_grams=1000)
    assert [share.grams for share in answer.shares] == [5000]


@pytest.fixture
def fields(session, cast):
    """Potatoes at three distances from the kitchen: 80, 130 and 500 kg; and carrots nearby."""

    def flag(name, lat, kilograms):
        site = ProductionSite(name=f"{name} {lat}", lat=lat, lon=18.705, municipality_code="0188")
        cast.producer.sites.append(site)
        session.flush()
        product = add_product(
            session, producer=cast.producer, name=f"{name} {lat}", unit=Unit.KILOGRAM, grams_per_unit=1000,
            category=session.get_one(Category, "vegetables"), chain=[(Step.FARM, site)], user_id=None, at=AT,
        )  # fmt: skip
        terms = OfferTerms(
            quantity=Quantity.of(kilograms, Unit.KILOGRAM), period=Period(MONDAY, MONDAY + timedelta(days=7))
        )
        post_offer(session, product=product, site=site, terms=terms, actor=cast.actor("producer"), at=AT)

    for name, lat, kilograms in (
        ("Potatis", 59.78, 80),
        ("Potatis", 59.85, 130),
        ("Potatis", 59.95, 500),
        ("Lök", 59.76, 300),
    ):
        flag(name, lat, kilograms)
    session.commit()


def test_how_far_for_200_kg_potatoes_in_week_48(client_for, fields):
    page = client_for("kitchen").get(f"/offers/circle?{WEEK}&word=potatis").text
    assert "200\u00a0kg finns inom 10\u00a0km" in page
    assert "Potatis 59.85" in page
    assert "Potatis 59.95" not in page
    assert "Lök" not in page


def test_it_adds_up_offers_that_are_each_too_small(client_for, fields):
    page = client_for("kitchen").get(f"/offers/circle?{WEEK}&word=potatis&amount=210").text
    assert "210\u00a0kg finns inom 10\u00a0km" in page


def test_what_is_short_is_said(client_for, fields):
    page = client_for("kitchen").get(f"/offers/circle?{WEEK}&word=potatis&amount=1000").text
    assert "Det räcker inte: 290\u00a0kg saknas" in page


def test_what_nobody_has_is_said(client_for, fields):
    assert "Ingen har det ni söker" in client_for("kitchen").get(f"/offers/circle?{WEEK}&word=kiwi").text


def test_it_says_that_it_flies_and_how_long_the_way_is_by_road(client_for, fields):
    page = client_for("kitchen").get(f"/offers/circle?{WEEK}&word=potatis").text
    assert "finns inom 10\u00a0km fågelvägen" in page
    assert "Längst väg har" in page
    assert "13\u00a0km på väg, uppskattat." in page


def test_no_road_is_the_longest_where_none_leads_there():
    island = seen([(0.1, 80)])
    island[0].has_road = False
    assert widen(island, centre=KITCHEN, wanted_grams=1000).farthest_by_road is None


@pytest.mark.parametrize("amount", ["0", "-5", "mycket", "1e9", "99999999999"])
def test_an_amount_that_is_none_is_asked_for_anew(client_for, fields, amount):
    page = client_for("kitchen").get(f"/offers/circle?{WEEK}&amount={amount}")
    assert page.status_code == 200
    assert "Skriv hur många kilo ni behöver" in page.text


def test_a_crumb_is_an_amount_too(client_for, fields):
    assert client_for("kitchen").get(f"/offers/circle?{WEEK}&amount=0,00001").status_code == 200


def test_the_map_draws_the_circle_with_those_inside(client_for, fields):
    found = client_for("kitchen").get(f"/offers/circle.geojson?{WEEK}&word=potatis").get_json()["features"]
    kinds = [(f["geometry"]["type"], f["properties"].get("kind")) for f in found]
    assert kinds == [("Point", "kitchen"), ("Point", None), ("Point", None), ("Polygon", "circle")]


def test_htmx_gets_the_answer_alone(client_for, fields):
    page = client_for("kitchen").get(f"/offers/circle?{WEEK}", headers={"HX-Request": "true"}).text
    assert page.lstrip().startswith('<section id="circle-answer"')
