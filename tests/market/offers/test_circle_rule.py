"""A kitchen whose authority says "as near as the need can be covered": the week's offers settle what is local."""

from __future__ import annotations

from datetime import timedelta

import pytest
import shapely
from factories import AT, MONDAY, make_order

from geodata.local import ExpandingCircle, LocalDefinition, Step, to_json
from market.locality.models import DefinitionVersion
from market.offers.models import Offer
from market.offers.operations import post_offer
from market.offers.rules import OfferTerms
from market.offers.settling import coming_week, first_week
from market.register.models import Category, Producer, ProductionSite, Unit
from market.register.models import Step as MadeAt
from market.register.operations import add_product
from market.values import Period, Quantity, Week

URL = "/offers?week=2026-W48"
NEAR, MIDDLE, FAR = 59.80, 59.95, 60.30
"""North of the kitchen, which lies at 59.758: some 5, 21 and 60 km."""


@pytest.fixture
def define(session, cast):
    """Norrtälje's definition becomes a circle for 200 kg, unless told otherwise."""

    def to(rule=None):
        rule = rule or ExpandingCircle("potatoes", 200_000)
        version = session.query(DefinitionVersion).filter_by(authority_id=cast.authority.id).one()
        version.definition = to_json(LocalDefinition(rule=rule, steps=(Step.FARM,)))
        session.commit()

    return to


@pytest.fixture
def flag(session, cast):
    """Potatoes at a latitude: `flag(NEAR, 120)`."""

    def post(lat: float, kilograms: int, *, category: str = "potatoes", weeks: int = 0) -> Offer:
        place = ProductionSite(name=f"Plats {lat}", lat=lat, lon=18.705)
        producer = Producer(name=f"Gård {lat} {category} {weeks}", created_at=AT, sites=[place])
        session.add(producer)
        session.flush()
        product = add_product(
            session, producer=producer, name=f"Sort {lat}", unit=Unit.KILOGRAM, grams_per_unit=1000,
            category=session.get_one(Category, category), chain=[(MadeAt.FARM, place)], user_id=None, at=AT,
        )  # fmt: skip
        starts = MONDAY + timedelta(weeks=weeks)
        terms = OfferTerms(
            quantity=Quantity.of(kilograms, Unit.KILOGRAM), period=Period(starts, starts + timedelta(days=7))
        )
        made = post_offer(
            session, product=product, site=place, terms=terms, actor=cast.actor("producer"), at=AT
        )
        session.commit()
        return made

    return post


def judged(client, query=""):
    """Whether each place on the map is local, by latitude."""
    features = client.get(f"/offers.geojson?week=2026-W48{query}").json["features"]
    return {
        feature["geometry"]["coordinates"][1]: feature["properties"]["is_local"]
        for feature in features
        if feature["properties"].get("kind") != "kitchen"
    }


def drawn(client, query=""):
    """The area that counts as local, or None."""
    features = client.get(f"/offers/definition.geojson?week=2026-W48{query}").json["features"]
    return shapely.geometry.shape(features[0]["geometry"]) if features else None


def test_near_offers_are_local_and_far_ones_are_not(client_for, define, flag):
    define()
    flag(NEAR, 120), flag(MIDDLE, 100), flag(FAR, 500)
    client = client_for("kitchen")
    assert judged(client) == {NEAR: True, MIDDLE: True, FAR: False}
    page = client.get(URL).text
    assert "Definitionens cirkel för 200\u00a0kg potatis når 21\u00a0km fågelvägen." in page
    assert "3 erbjudanden, 2 lokala" in page
    area = drawn(client)
    assert [area.contains(shapely.Point(18.705, lat)) for lat in (NEAR, FAR)] == [True, False]


def test_it_grows_when_the_near_one_has_less_left(client_for, define, flag, session, cast):
    define()
    near = flag(NEAR, 250)
    flag(MIDDLE, 100), flag(FAR, 500)
    client = client_for("kitchen")
    assert judged(client) == {NEAR: True, MIDDLE: False, FAR: False}
    make_order(session, cast, near, kilograms=100, key="first")
    session.commit()
    assert judged(client) == {NEAR: True, MIDDLE: True, FAR: False}
    assert drawn(client).contains(shapely.Point(18.705, MIDDLE - 0.01))
    make_order(session, cast, near, kilograms=100, key="second")
    session.commit()
    assert judged(client) == {NEAR: True, MIDDLE: True, FAR: True}


def test_where_all_have_too_little_it_reaches_to_the_farthest(client_for, define, flag):
    define()
    flag(NEAR, 10), flag(FAR, 20)
    assert judged(client_for("kitchen")) == {NEAR: True, FAR: True}


def test_only_the_category_and_the_week_count(client_for, define, flag):
    define()
    flag(NEAR, 500, category="vegetables")
    flag(MIDDLE, 500, weeks=1)
    flag(FAR, 500)
    client = client_for("kitchen")
    assert judged(client) == {NEAR: True, FAR: True}
    later = client.get("/offers?week=2026-W49").text
    assert "Definitionens cirkel för 200\u00a0kg potatis når 21\u00a0km fågelvägen." in later


def test_a_filter_changes_what_is_listed_and_not_what_is_local(client_for, define, flag):
    define()
    flag(NEAR, 250), flag(FAR, 500)
    assert judged(client_for("kitchen"), "&amount=300") == {FAR: False}
    assert judged(client_for("kitchen"), "&local=y") == {NEAR: True}


def test_while_nobody_has_it_nothing_is_known(client_for, define, flag):
    define()
    carrots = flag(NEAR, 500, category="vegetables")
    client = client_for("kitchen")
    assert judged(client) == {NEAR: None}
    assert drawn(client) is None
    page = client.get(URL).text
    assert "Ingen har potatis just då, så definitionens cirkel för 200\u00a0kg går inte att räkna ut." in page
    offered = client.get(f"/offers/{carrots.id}/order").text
    assert "Det beror på vem som har potatis just då" in offered
    assert "Räkna ut cirkeln ur det som finns av potatis just då" in offered


def test_the_offers_own_page_says_the_same_as_the_list(client_for, define, flag):
    define()
    near, far = flag(NEAR, 250), flag(FAR, 500)
    client = client_for("kitchen")
    assert "Varför räknas det som lokalt?" in client.get(f"/offers/{near.id}/order").text
    assert "Varför räknas det inte som lokalt?" in client.get(f"/offers/{far.id}/order").text
    assert "Varför räknas det inte som lokalt?" in client.get(f"/offers/{far.id}").text


def test_the_downloaded_map_tells_the_definition_as_it_is_stated(client_for, define, flag):
    define()
    flag(NEAR, 250)
    html = client_for("kitchen").get("/offers/map.html?week=2026-W48").text
    assert "som behövs för att täcka 200\u00a0kg potatis" in html


def test_it_asks_the_database_once_however_many_offers(client_for, define, flag, queries):
    client = client_for("kitchen")
    for n in range(3):
        flag(NEAR + n / 100, 10)
    client.get(URL)
    without = queries(lambda: client.get(URL))
    define()
    few = queries(lambda: client.get(URL))
    for n in range(3, 8):
        flag(NEAR + n / 100, 10)
    assert queries(lambda: client.get(URL)) == few
    assert few - without <= 4


def test_an_offer_is_judged_in_the_first_week_that_one_orders_for(flag):
    this, next_week = flag(NEAR, 1), flag(MIDDLE, 1, weeks=1)
    saturday = MONDAY + timedelta(days=5)
    assert first_week(this, today=MONDAY) == coming_week(MONDAY) == Week.containing(MONDAY)
    assert first_week(next_week, today=MONDAY) == Week.containing(MONDAY).shifted(1)
    assert coming_week(saturday) == Week.containing(MONDAY).shifted(1)
    assert first_week(this, today=saturday) == Week.containing(MONDAY), "there is no other week to get it in"
    assert first_week(this, today=MONDAY + timedelta(weeks=3)) == Week.containing(MONDAY).shifted(3)
