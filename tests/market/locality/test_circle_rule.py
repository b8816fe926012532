"""An authority says "as near as the need can be covered": the form, the words, and what the public pages can't know."""

from __future__ import annotations

import json

import pytest
from factories import MONDAY
from sqlalchemy import func, select

from geodata.local import AllOf, ExpandingCircle, InCounties, from_json
from market.locality.models import DefinitionVersion
from market.locality.queries import latest_version

URL = "/register/authority/definition"
VEGETABLES = ExpandingCircle("vegetables", 12_500)


@pytest.fixture
def circle_form(form):
    def fill(**changes):
        data = form(
            **{"rules-0-kind": "circle", "rules-0-category": "vegetables", "rules-0-kilograms": "12,5"}
        )
        return data | changes

    return fill


@pytest.fixture
def stated(state, session):
    state(VEGETABLES)
    session.commit()


def test_it_is_saved_as_it_was_written_and_shown_again(client_for, stored, look, circle_form):
    client = client_for("procurement_officer")
    assert "Så nära som behovet kan täckas</option>" in client.get(URL).text
    assert client.post(URL, data=circle_form()).status_code == 302
    look.rollback()
    version = latest_version(look, authority_id=stored.authority.id)
    assert from_json(version.definition).rule == VEGETABLES
    again = client.get(URL).text
    assert "Så nära som behovet kan täckas</h2>" in again
    assert '<option selected value="vegetables">Grönsaker</option>' in again
    assert 'value="12,5"' in again


def test_it_joins_other_rules(client_for, stored, look, circle_form):
    data = circle_form(match="all", **{"rules-1-kind": "in_county"})
    assert client_for("procurement_officer").post(URL, data=data).status_code == 302
    look.rollback()
    version = latest_version(look, authority_id=stored.authority.id)
    assert from_json(version.definition).rule == AllOf((VEGETABLES, InCounties()))


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"rules-0-kilograms": "0"}, "Skriv ett tal större än 0 och högst 1\u00a0000\u00a0000."),
        ({"rules-0-kilograms": "1000001"}, "Skriv ett tal större än 0 och högst 1\u00a0000\u00a0000."),
        ({"rules-0-kilograms": ""}, "Skriv ett tal större än 0 och högst 1\u00a0000\u00a0000."),
        ({"rules-0-kilograms": "mycket"}, "Skriv ett tal med siffror"),
        ({"rules-0-category": ""}, "Välj ett av alternativen."),
        ({"rules-0-category": "kiwi"}, "Välj ett av alternativen."),
    ],
)
def test_what_is_wrong_stands_by_its_field(client_for, stored, look, circle_form, changes, text):
    answer = client_for("procurement_officer").post(URL, data=circle_form(**changes))
    assert answer.status_code == 200
    assert text in answer.text
    assert look.scalar(select(func.count()).select_from(DefinitionVersion)) == 2


def test_a_crumb_is_an_amount_too(client_for, stored, look, circle_form):
    data = circle_form(**{"rules-0-kilograms": "0,00001"})
    assert client_for("procurement_officer").post(URL, data=data).status_code == 302
    look.rollback()
    version = latest_version(look, authority_id=stored.authority.id)
    assert from_json(version.definition).rule == ExpandingCircle("vegetables", 1)


def test_the_preview_says_once_that_it_depends_on_the_week(client_for, stored, circle_form):
    client = client_for("procurement_officer")
    for page in (
        client.get(f"{URL}/preview", query_string=circle_form(do="")).text,
        client.post(URL, data=circle_form(do="preview")).text,
    ):
        assert "som behövs för att täcka 12,5\u00a0kg grönsaker." in page
        assert "that is needed to cover 12.5\u00a0kg of vegetables." in page
        assert page.count("beror på vad som finns att köpa vecka för vecka") == 1
    draft = json.dumps(
        {"rule": {"kind": "expanding_circle", "product": "vegetables", "grams": 1}, "steps": ["farm"]}
    )
    (place,) = client.get(f"{URL}/preview.geojson", query_string={"draft": draft}).get_json()["features"]
    assert (place["geometry"]["type"], place["properties"]["shape"]) == ("Point", "diamond")


def test_the_public_page_is_uncertain_and_says_so_once(client_for, stated):
    client = client_for(None)
    page = client.get("/municipalities/0188").text
    assert "som behövs för att täcka 12,5\u00a0kg grönsaker." in page
    assert page.count("beror på vad som finns att köpa vecka för vecka") == 1
    assert "0 producenter innanför" in page
    document = client.get("/municipalities/0188.json").get_json()
    assert (document["producers"], document["unclear_producers"]) == ([], 1)
    assert "cover 12.5\u00a0kg of vegetables" in document["text"]["en"]
    assert client.get("/municipalities/0188.geojson").get_json()["features"] == []
    client.get("/language/en")
    english = client.get("/municipalities/0188").text
    assert "depends on what there is to buy week by week" in english
    assert "12.5\u00a0kg of vegetables" in english


def test_a_producer_is_told_what_it_depends_on(client_for, stated):
    client = client_for("producer")
    page = client.get("/where-local").text
    assert "Det beror på vem som har grönsaker just då" in page
    told = client.get("/where-local.geojson").get_json()["areas"]["0188"]
    assert told["answer"] == "uncertain"
    assert told["lines"][1].startswith("Det beror på vem som har grönsaker just då")
    assert "vem som har grönsaker just då" in client.get("/where-local/map.html").text


def test_without_a_kitchen_it_can_not_be_stated(client_for, stored, session, circle_form):
    stored.hub.is_active = stored.satellite.is_active = False
    session.commit()
    answer = client_for("procurement_officer").post(URL, data=circle_form(valid_from=MONDAY.isoformat()))
    assert "det finns inget kök i bruk att räkna från" in answer.text
