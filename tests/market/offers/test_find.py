"""A kitchen finds food: the list, the map and the filters say the same, and only what can be ordered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import AT, make_offer, make_order

from market.offers.operations import withdraw_offer

URL = "/offers?week=2026-W48"


@pytest.fixture
def offer(stored, session):
    made = make_offer(session, stored)
    session.commit()
    return made


def titles(client, query: str = "") -> list[str]:
    """What the map shows."""
    features = client.get(f"/offers.geojson?week=2026-W48{query}").json["features"]
    return [f["properties"]["title"] for f in features if f["properties"].get("kind") != "kitchen"]


def test_the_list_and_the_map_say_the_same(client_for, offer):
    client = client_for("kitchen")
    page = client.get(URL).text
    assert "Morötter" in page
    assert "Åkerbo gård" in page
    assert "120\N{NO-BREAK SPACE}kg" in page
    [title] = titles(client)
    assert "Åkerbo gård" in title


def test_only_the_list_is_sent_when_a_filter_changes(client_for, offer):
    part = client_for("kitchen").get(URL, headers={"HX-Request": "true"}).text
    assert "Morötter" in part
    assert "<html" not in part


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("", True),
        ("&category=vegetables", True),
        ("&category=fish", False),
        ("&surplus=y", True),
        ("&organic=y", False),
        ("&amount=120", True),
        ("&amount=121", False),
        ("&local=y", True),
    ],
)
def test_filters(client_for, offer, query, is_found):
    client = client_for("kitchen")
    assert bool(titles(client, query)) == is_found
    assert ("Morötter" in client.get(URL + query).text) == is_found


def test_a_filter_that_can_not_be_read_is_said_and_left_out(client_for, offer):
    page = client_for("kitchen").get(URL + "&amount=12.5").text
    assert "Skriv decimaler med komma" in page
    assert "Morötter" in page


@pytest.mark.parametrize("query", ["&week=2026-W99", "&category=nothing", "&kitchen=987654", "&amount=1e400"])
def test_a_tampered_address_is_no_error(client_for, offer, query):
    assert client_for("kitchen").get(f"/offers?{query}").status_code == 200


def test_another_week_has_nothing(client_for, offer):
    assert "Morötter" not in client_for("kitchen").get("/offers?week=2026-W50").text


def test_what_is_sold_out_or_withdrawn_is_not_found(client_for, offer, stored, session):
    make_order(session, stored, offer, kilograms=120, key="all")
    second = make_offer(session, stored)
    withdraw_offer(session, offer=second, actor=stored.actor("producer"), at=AT)
    session.commit()
    assert titles(client_for("kitchen")) == []


def test_local_is_by_the_looking_kitchen_s_own_authority(client_for, offer):
    """Norrtälje counts its own county as local; so does Vallentuna, in the same county."""
    for name in ("kitchen", "other_kitchen"):
        assert len(titles(client_for(name), "&local=y")) == 1


def test_another_authority_s_kitchen_can_not_be_looked_from(client_for, offer, stored):
    client = client_for("kitchen")
    page = client.get(f"{URL}&kitchen={stored.other_kitchen.id}").text
    assert "Vallentunaköket" not in page


def test_the_page_of_an_offer_that_has_ended_explains_itself(client_for, offer, stored, session, clock):
    withdraw_offer(session, offer=offer, actor=stored.actor("producer"), at=AT)
    session.commit()
    page = client_for("kitchen").get(f"/offers/{offer.id}/order").text
    assert "Producenten har dragit tillbaka erbjudandet." in page
    clock.at = AT + timedelta(days=8)
    assert client_for("kitchen").get(f"/offers/{offer.id}").status_code == 200
