"""The pages of the register, each as the person it is for, and closed to everybody else."""

from __future__ import annotations

from collections.abc import Callable

import html5lib
import pytest
from factories import Cast
from flask.testing import FlaskClient

SignIn = Callable[[str | None], FlaskClient]

OWN_PAGES = {
    "producer": ["/register", "/register/producer", "/register/sites/new", "/register/products/new"],
    "kitchen": ["/register"],
    "meal_manager": ["/register"],
    "procurement_officer": ["/register", "/register/authority"],
    "logistics_planner": ["/register"],
    "admin": [
        "/register",
        "/register/authorities",
        "/register/authorities/new",
        "/register/kitchens",
        "/register/kitchens/new",
        "/register/producers",
        "/register/producers/new",
        "/register/users",
        "/register/users/new",
    ],
}


@pytest.mark.parametrize("name", OWN_PAGES)
def test_each_person_opens_the_pages_that_are_theirs(client_for: SignIn, name: str) -> None:
    client = client_for(name)
    for path in OWN_PAGES[name]:
        answer = client.get(path)
        assert answer.status_code == 200, path
        html5lib.HTMLParser(strict=True).parse(answer.text)


def test_pages_of_one_thing_open_in_both_languages(client_for: SignIn, stored: Cast) -> None:
    pages = {
        "producer": [f"/register/sites/{stored.site.id}", f"/register/products/{stored.carrots.id}"],
        "meal_manager": [f"/register/kitchens/{stored.hub.id}", f"/register/kitchens/{stored.satellite.id}"],
        "admin": [
            f"/register/authorities/{stored.authority.id}",
            f"/register/kitchens/{stored.satellite.id}/identity",
            f"/register/producers/{stored.producer.id}",
            f"/register/users/{stored.actor('kitchen').user_id}",
            f"/register/users/{stored.actor('kitchen').user_id}/password",
            f"/register/users/{stored.actor('kitchen').user_id}/deactivate",
            f"/register/users/{stored.actor('kitchen').user_id}/roles/new",
            f"/register/users/{stored.actor('kitchen').user_id}/roles/{stored.actor('kitchen').membership_id}/end",
        ],
    }
    for name, paths in pages.items():
        client = client_for(name)
        for language in ("sv", "en"):
            client.get(f"/language/{language}")
            for path in paths:
                assert client.get(path).status_code == 200, path


@pytest.mark.parametrize(
    "name", ["producer", "kitchen", "meal_manager", "procurement_officer", "logistics_planner"]
)
def test_the_administrators_pages_are_closed_to_others(client_for: SignIn, name: str) -> None:
    client = client_for(name)
    for path in OWN_PAGES["admin"][1:]:
        assert client.get(path).status_code == 403, path


def test_somebody_elses_things_are_not_there(client_for: SignIn, stored: Cast) -> None:
    outsider = client_for("other_producer")
    assert outsider.get(f"/register/sites/{stored.site.id}").status_code == 404
    assert outsider.post(f"/register/sites/{stored.site.id}", data={"name": "Mitt"}).status_code == 404
    assert outsider.get(f"/register/products/{stored.carrots.id}").status_code == 404
    assert client_for("other_kitchen").get(f"/register/kitchens/{stored.hub.id}").status_code == 404
    assert client_for("satellite").get(f"/register/kitchens/{stored.hub.id}").status_code == 404


def test_nobody_signed_in_is_sent_to_sign_in(client_for: SignIn) -> None:
    answer = client_for(None).get("/register")
    assert answer.status_code == 302
    assert "/login" in answer.location


def test_the_first_page_shows_what_is_the_persons_own(client_for: SignIn, stored: Cast) -> None:
    farmer = client_for("producer").get("/register").text
    assert "Åkerbo" in farmer
    assert "Morötter" in farmer
    assert "Granby" not in farmer
    assert "Måndag–lördag 05:00–15:00" in farmer
    manager = client_for("meal_manager").get("/register").text
    assert "Centralköket" in manager
    assert "Förskolan Rimbo" in manager
    assert "Vallentunaköket" not in manager
    officer = client_for("procurement_officer").get("/register").text
    assert "Lokalt är det som kommer från en plats" in officer
    assert "/register/authority" in officer
    assert "/register/authority" not in manager
