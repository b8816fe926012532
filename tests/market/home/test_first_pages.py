"""The first page of everyone: what waits for them, and nothing of anyone else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import AT, make_offer, make_order


@pytest.fixture
def week(stored, session):
    """An agreed order for Wednesday and a proposed one."""
    agreed = make_order(session, stored, make_offer(session, stored), key="agreed")
    proposed = make_order(session, stored, make_offer(session, stored, price=None), key="proposed")
    session.commit()
    return agreed.id, proposed.id


def test_whoever_is_not_signed_in_reads_what_it_is(client_for):
    page = client_for(None).get("/").text
    assert "/login" in page
    assert "/demo/sign-in" not in page, "one-click sign-in is for the demo alone"


@pytest.mark.parametrize(
    "name",
    ["producer", "kitchen", "satellite", "meal_manager", "procurement_officer", "logistics_planner", "admin"],
)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_everyone_has_a_first_page_with_one_heading(client_for, week, name, language):
    client = client_for(name)
    client.get(f"/language/{language}")
    page = client.get("/").text
    assert page.count("<h1") == 1
    assert f'<html lang="{language}"' in page


def test_a_producer_sees_who_waits_for_an_answer_and_what_must_be_ready(client_for, week):
    agreed, proposed = week
    page = client_for("producer").get("/").text
    assert f"/orders/{proposed}" in page
    assert f"/orders/{agreed}" in page
    assert "Morötter" in page


def test_another_producer_sees_nothing_of_it(client_for, week):
    page = client_for("other_producer").get("/").text
    assert "Morötter" not in page
    assert "/orders/" not in page


def test_a_kitchen_is_reminded_of_what_has_not_been_received(client_for, week, clock):
    agreed, _ = week
    for days in (2, 3):
        clock.at = AT + timedelta(days=days)
        assert f"/orders/{agreed}" in client_for("kitchen").get("/").text


def test_another_authority_sees_no_order(client_for, week):
    for name in ("other_officer", "other_planner", "other_kitchen"):
        page = client_for(name).get("/").text
        assert not [order for order in week if f"/orders/{order}" in page]


def test_public_pages_open_for_everyone(client_for):
    for url in ("/about", "/accessibility", "/patterns"):
        for name in (None, "kitchen"):
            assert client_for(name).get(url).status_code == 200


def test_an_unknown_language_is_not_found(client_for):
    assert client_for(None).get("/language/xx").status_code == 404
