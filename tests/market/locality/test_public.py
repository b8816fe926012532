"""What everyone may see: 290 municipalities, each with a page, JSON and GeoJSON; nothing private on any of them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import shapely
from factories import MONDAY

from geodata import areas
from geodata.local import InCounties, from_json
from market.register.models import Category
from market.register.queries import categories

ADDRESSES = ("/municipalities/0188", "/municipalities/0188.json", "/municipalities/0188.geojson")


@pytest.mark.parametrize("area", areas.municipalities()[::29], ids=lambda area: area.code)
def test_every_municipality_has_its_page_and_its_data(client_for, stored, area):
    client = client_for(None)
    assert f"Vad är lokalt i {area.name}?" in client.get(f"/municipalities/{area.code}").text
    document = client.get(f"/municipalities/{area.code}.json").get_json()
    assert (document["code"], document["name"]) == (area.code, area.name)
    collection = client.get(f"/municipalities/{area.code}.geojson").get_json()
    assert shapely.from_geojson(json.dumps(collection)).is_valid


def test_the_list_has_them_all_those_that_stated_their_own_first(client_for, stored):
    page = client_for(None).get("/municipalities").text
    for area in areas.municipalities():
        assert f'href="/municipalities/{area.code}"' in page
    assert page.index("/municipalities/0188") < page.index("/municipalities/2283")
    assert "2 kommuner har angett en egen definition här." in page


@pytest.mark.parametrize(
    ("sought", "count"), [("norrtä", 1), ("0188", 1), ("gotlands", 1), ("VALLEN", 1), ("xyz", 0)]
)
def test_the_search_finds_by_name_county_and_code(client_for, stored, sought, count):
    page = client_for(None).get("/municipalities", query_string={"q": sought}).text
    assert page.count('href="/municipalities/') == count


def test_what_nobody_has_stated_is_marked_as_an_assumption(client_for, stored):
    page = client_for(None).get("/municipalities/0360").text
    assert "Antagande" in page
    assert "Tierp har inte angett någon egen definition här." in page
    assert client_for(None).get("/municipalities/0360.json").get_json()["is_assumption"] is True
    assert "Antagande" not in client_for(None).get("/municipalities/0188").text


def test_the_producers_inside_and_what_is_missing(client_for, stored, session):
    document = client_for(None).get("/municipalities/0188.json").get_json()
    assert document["producers"] == [
        {
            "name": "Åkerbo gård",
            "municipality_code": "0188",
            "municipality": "Norrtälje",
            "categories": ["vegetables"],
            "is_demo": False,
        }
    ]
    assert document["missing_categories"] == [c.key for c in categories(session) if c.key != "vegetables"]
    assert client_for(None).get("/municipalities/2584.json").get_json()["producers"] == []


def test_the_definition_in_the_document_can_be_read_back(client_for, session, cast, state):
    state(InCounties(("01", "03")), wording="Här omkring.")
    session.commit()
    document = client_for(None).get("/municipalities/0188.json").get_json()
    assert from_json(document["definition"]).rule == InCounties(("01", "03"))
    assert document["own_wording"] == "Här omkring."
    assert document["text"]["en"].startswith(
        "Local is what comes from a place in Stockholms län or Uppsala län."
    )


def test_every_version_is_listed_with_its_days(client_for, session, cast, state):
    state(valid_from=MONDAY + timedelta(days=8))
    session.commit()
    page = client_for(None).get("/municipalities/0188").text
    assert "Version 2</strong>, börjar gälla 1 december 2026." in page
    assert "Version 1</strong>, från och med 1 januari 2026, till 1 december 2026." in page
    versions = client_for(None).get("/municipalities/0188.json").get_json()["versions"]
    assert [(v["number"], v["valid_from"], v["valid_to"]) for v in versions] == [
        (2, "2026-12-01", None),
        (1, "2026-01-01", "2026-12-01"),
    ]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_private_is_public(client_for, session, cast, address):
    cast.producer.organisation_number, cast.producer.is_sole_trader = "560102-1234", True
    cast.producer.phone, cast.producer.email = "070-174 06 05", "anna@example.se"
    cast.site.address, cast.site.collection_note = "Hemvägen 3", "Nyckeln under mattan"
    cast.site.lat, cast.site.lon = 59.853_71, 18.604_29
    session.commit()
    public = client_for(None).get(address).text
    assert "kerbo g" in public, "its name is there"
    for private in (
        "560102",
        "1234",
        "070-174",
        "anna@",
        "Hemvägen",
        "Hemv\\u00e4gen",
        "Nyckeln",
        "59.853",
        "18.604",
    ):
        assert private not in public, private


def test_positions_are_rounded_to_about_a_kilometre(client_for, session, cast):
    cast.site.lat, cast.site.lon = 59.853_71, 18.604_29
    session.commit()
    answer = client_for(None).get("/municipalities/0188.geojson")
    assert answer.mimetype == "application/geo+json"
    (point,) = [f for f in answer.get_json()["features"] if f["geometry"]["type"] == "Point"]
    assert point["geometry"]["coordinates"] == [18.6, 59.85]


def test_the_map_gets_the_area_and_the_producers_apart(client_for, stored):
    client = client_for(None)
    kinds = {
        part: [
            f["properties"]["kind"]
            for f in client.get(f"/municipalities/0188.geojson?part={part}").get_json()["features"]
        ]
        for part in ("area", "producers", "")
    }
    assert kinds == {"area": ["definition"], "producers": ["producer"], "": ["definition", "producer"]}


@pytest.mark.parametrize("code", ["9999", "sv", "188", "0188 "])
def test_a_code_of_no_municipality_is_not_found(client_for, stored, code):
    for ending in ("", ".json", ".geojson"):
        assert client_for(None).get(f"/municipalities/{code}{ending}").status_code == 404


def test_it_reads_in_english_too(client_for, stored):
    client = client_for(None)
    client.get("/language/en")
    page = client.get("/municipalities/0188").text
    assert "Local is what comes from a place in Stockholms län." in page
    assert "Vegetables" in page


def test_the_public_start_page_leads_there(client_for, stored):
    assert 'href="/municipalities"' in client_for(None).get("/").text


def test_the_pages_ask_the_database_a_fixed_number_of_times(client_for, session, cast, queries):
    from factories import AT

    from market.register.models import Step, Unit
    from market.register.operations import add_product

    client = client_for(None)
    session.commit()
    pages = ("/municipalities", "/municipalities/0188")
    few = [queries(lambda url=url: client.get(url)) for url in pages]
    for n in range(10):
        add_product(
            session, producer=cast.producer, name=f"Sort {n}", category=session.get_one(Category, "beef"),
            unit=Unit.KILOGRAM, grams_per_unit=1000, chain=[(Step.FARM, cast.site)], user_id=None, at=AT,
        )  # fmt: skip
    session.commit()
    assert [queries(lambda url=url: client.get(url)) for url in pages] == few
    assert max(few) <= 12
