"""The pages about who produces what, as people meet them."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from factories import AT, Cast, make_offer
from followup_making import delivered, some_offer
from need_making import answered_round
from sqlalchemy import select
from sqlalchemy.orm import Session

from market.followup.supply.models import SupplierInvitation
from market.followup.supply.rules import Look
from market.register.models import Category, Producer, ProductionSite, Step
from market.register.operations import add_product
from market.values import Unit

SUPPLY, SPOTS, LETTERS, INVITE = (
    "/followup/supply", "/followup/supply/white-spots", "/followup/supply/letters", "/followup/supply/invite",
)  # fmt: skip

AHEAD = Look.AHEAD.value


@pytest.fixture
def needed(session: Session, cast: Cast) -> Cast:
    """Carrots are offered this week, and the kitchens have said what they need in January."""
    make_offer(session, cast)
    answered_round(session, cast)
    session.commit()
    return cast


def test_who_follows_up_sees_the_producers_and_what_they_offer(client_for, needed):
    for who in ("meal_manager", "procurement_officer", "logistics_planner", "kitchen"):
        page = client_for(who).get(SUPPLY).text
        assert "Åkerbo gård" in page
        assert "120 kg" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert client_for("producer").get(SUPPLY).status_code == 403


def test_the_map_says_what_the_table_says(client_for, needed):
    found = client_for("meal_manager").get(SUPPLY + ".geojson").json
    (one,) = found["features"]
    assert one["properties"]["title"] == "Åkerbo gård"
    assert one["geometry"]["coordinates"] == [18.6, 59.85]
    assert client_for("meal_manager").get(SUPPLY + "/definition.geojson").json["features"]


def test_a_far_reading_of_a_position_is_rounded(client_for, needed, engine, session):
    session.get_one(ProductionSite, needed.site.id).lat = 59.853219
    session.commit()
    found = client_for("meal_manager").get(SUPPLY + ".geojson?area=all").json
    assert "59.8532" not in json.dumps(found)


def test_white_spots_say_what_is_missing_and_who_to_ask(client_for, needed):
    page = client_for("meal_manager").get(SPOTS).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "170 kg saknas" in page
    assert "Skriv en inbjudan" in page
    own = client_for("kitchen").get(SPOTS).text
    assert "Behovet är ert köks eget" in own
    assert "Skriv en inbjudan" not in own, "a kitchen invites nobody"
    one = client_for("meal_manager").get(SPOTS + "?category=vegetables").text
    assert "kökens svar i behovsomgångar" in one


def test_each_white_spot_leads_to_the_needs_and_the_producers_it_is_made_of(client_for, needed):
    client = client_for("meal_manager")
    page = client.get(SPOTS + "?area=county").text
    cells = re.findall(r'class="spots__link" href="([^"]+)"', page)
    assert cells
    assert set(cells) == {f"{SPOTS}?area=county&amp;look={AHEAD}&amp;category=vegetables#category-months"}, (
        "the same area and time, one category"
    )
    assert f'href="{SUPPLY}?area=county&amp;look={AHEAD}&amp;category=vegetables"' in page
    one = client.get(cells[0].replace("&amp;", "&")).text
    assert 'id="category-months"' in one
    assert re.search(r'href="/dis/needs">\s*kökens svar i behovsomgångar', one)
    producers = re.findall(rf'href="({SUPPLY}\?[^"]+)"', one)
    assert producers
    for way in producers:
        assert "Åkerbo gård" in client.get(way.replace("&amp;", "&")).text
    assert client.get("/dis/needs").status_code == 200


def test_a_need_by_what_came_a_year_before_leads_to_those_deliveries(client_for, session, cast):
    delivered(session, cast, some_offer(session, cast), day=date(2026, 1, 12), kilograms=40)
    session.commit()
    client = client_for("meal_manager")
    one = client.get(SPOTS + "?category=vegetables").text
    ways = re.findall(r'href="([^"]+)">levererat samma månad året före', one)
    assert ways == ["/followup/deliveries?period=2026-01&amp;category=vegetables"]
    assert "40 kg" in client.get(ways[0].replace("&amp;", "&")).text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    "query", ["?area=moon&look=1999&category=gold", "?page=99999999999999", "?page=-1", "?category=%00"]
)
def test_what_can_not_be_read_is_the_first_choice(client_for, stored, query):
    assert client_for("meal_manager").get(SUPPLY + query).status_code == 200
    assert client_for("meal_manager").get(SPOTS + query).status_code == 200


def test_an_empty_page_teaches(client_for, stored):
    assert "Inget är känt än" in client_for("meal_manager").get(SPOTS).text
    assert "Inga brev än" in client_for("meal_manager").get(LETTERS).text


def test_a_draft_says_what_the_kitchens_have_said_and_where_to_apply(client_for, needed):
    url = f"{INVITE}?producer={needed.producer.id}&category=vegetables"
    page = client_for("meal_manager").get(url).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Hej Åkerbo gård!" in page
    assert "ungefär 170 kg" in page
    assert "/dis/" in page
    assert "LOU 4 kap. 1 §" in page


def test_what_was_only_bought_is_no_number_in_a_letter(client_for, stored):
    assert "ungefär" not in client_for("meal_manager").get(INVITE + "?category=vegetables").text


def test_a_letter_is_edited_printed_and_mailed(client_for, stored, look):
    client = client_for("procurement_officer")
    form = {
        "request_key": "k1",
        "name": "Ny gård",
        "email": "",
        "letter": "Hej!\r\n\r\nVälkomna.",
        "deed": "print",
    }
    assert client.post(INVITE + "?category=potatoes", data=form).location == LETTERS
    made = look.scalars(select(SupplierInvitation)).one()
    assert (made.name, made.letter, made.sent_at) == ("Ny gård", "Hej!\n\nVälkomna.", None)
    pdf = client.get(f"{LETTERS}/{made.id}.pdf")
    assert pdf.data.startswith(b"%PDF")
    assert client_for("other_officer").get(f"{LETTERS}/{made.id}.pdf").status_code == 404

    mailed = client.post(INVITE, data=form | {"request_key": "k2", "deed": "mail"})
    assert "ingen e-postadress" in mailed.text
    again = client.post(INVITE, data=form | {"request_key": "k3", "deed": "mail", "email": "ny@example.se"})
    assert again.status_code == 302
    page = client.get(LETTERS).text
    assert "Mejlat" in page
    assert "Att skriva ut" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"email": "inte en adress"}, "e-postadress"),
        ({"letter": ""}, "Fyll i det här."),
        ({"letter": "a" * 6_001}, "Skriv högst"),
        ({"name": ""}, "Fyll i det här."),
    ],
)
def test_what_is_wrong_with_a_letter_is_said_and_nothing_is_kept(client_for, stored, look, change, said):
    form = {"request_key": "k", "name": "Ny gård", "email": "", "letter": "Hej!", "deed": "print"} | change
    page = client_for("meal_manager").post(INVITE, data=form)
    assert said in page.text
    assert look.scalars(select(SupplierInvitation)).all() == []


@pytest.mark.parametrize(
    "query", ["?producer=987654", "?producer=x", "?category=gold", "?producer=99999999999"]
)
def test_a_producer_or_category_that_is_not_there_is_not_found(client_for, stored, query):
    assert client_for("meal_manager").get(INVITE + query).status_code == 404


def test_the_pages_ask_as_often_whatever_there_is(client_for, session, cast, queries):
    make_offer(session, cast)
    session.commit()
    client = client_for("meal_manager")
    before = [queries(lambda url=url: client.get(url)) for url in (SUPPLY, SPOTS)]
    for n in range(12):
        producer = Producer(name=f"Gård {n}", created_at=AT)
        producer.sites.append(ProductionSite(name="Gården", lat=59.8, lon=18.6, municipality_code="0188"))
        session.add(producer)
        session.flush()
        product = add_product(
            session, producer=producer, name="Potatis", category=session.get_one(Category, "potatoes"),
            unit=Unit.KILOGRAM, grams_per_unit=1000, chain=[(Step.FARM, producer.sites[0])], user_id=None, at=AT,
        )  # fmt: skip
        offer = make_offer(session, cast)
        offer.product = product
    session.commit()
    assert [queries(lambda url=url: client.get(url)) for url in (SUPPLY, SPOTS)] == before
