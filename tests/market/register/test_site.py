"""A producer keeps its production sites right: where, when, how."""

from __future__ import annotations

from collections.abc import Callable

from factories import Cast
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geodata.geocoding import Gazetteer
from market.audit import AuditEvent
from market.register.models import ProductionSite
from market.register.places import find_places

SignIn = Callable[[str | None], FlaskClient]
NEW = "/register/sites/new"


def _named(look: Session, name: str) -> ProductionSite | None:
    return look.scalar(select(ProductionSite).where(ProductionSite.name == name))


def test_a_site_by_coordinates_gets_its_municipality(client_for: SignIn, stored: Cast, look: Session) -> None:
    client = client_for("producer")
    form = {
        "name": "Slakteriet",
        "place": "60,345 17,513",
        "hours-opens_1_1": "06:00",
        "hours-closes_1_1": "10:00",
    }
    assert "Kommun: Tierp." in client.post(NEW, data=form, follow_redirects=True).text
    site = _named(look, "Slakteriet")
    assert site is not None
    assert site.producer_id == stored.producer.id
    assert (site.lat, site.lon, site.municipality_code) == (60.345, 17.513, "0360")
    assert [(w.weekday, w.opens_s, w.closes_s) for w in site.windows] == [(1, 21_600, 36_000)]
    last = look.scalars(select(AuditEvent.action).order_by(AuditEvent.id.desc())).first()
    assert last == "site.add"


def test_a_second_press_of_the_button_makes_no_second_site(
    client_for: SignIn, stored: Cast, look: Session
) -> None:
    client, form = client_for("producer"), {"name": "Kvarnen", "place": "Tierp"}
    assert client.post(NEW, data=form).status_code == 302
    again = client.post(NEW, data=form)
    assert "Det finns redan något med namnet Kvarnen. Välj ett annat namn." in again.text
    assert look.scalar(select(func.count()).where(ProductionSite.name == "Kvarnen")) == 1


def test_another_producer_may_use_the_same_name(client_for: SignIn, stored: Cast) -> None:
    form = {"name": stored.site.name, "place": "Tierp"}
    assert client_for("other_producer").post(NEW, data=form).status_code == 302


def test_a_name_of_several_places_asks_which(client_for: SignIn, stored: Cast, look: Session) -> None:
    client, form = client_for("producer"), {"name": "Backen", "place": "Bergshamra"}
    asked = client.post(NEW, data=form).text
    assert "Flera orter heter så." in asked
    assert "Bergshamra, Solna kommun, Stockholms län" in asked
    assert "Bergshamra, Norrtälje kommun, Stockholms län" in asked
    key = next(place.key for place in find_places("Bergshamra, Norrtälje", geocoder=Gazetteer()))
    assert client.post(NEW, data=form | {"candidate": key}).status_code == 302
    site = _named(look, "Backen")
    assert site is not None
    assert site.municipality_code == "0188"


def test_a_place_that_can_not_be_found_says_what_to_write(client_for: SignIn, stored: Cast) -> None:
    answer = client_for("producer").post(NEW, data={"name": "X", "place": "Ingenstansby"})
    assert "Vi hittar ingen ort som heter så." in answer.text


def test_moving_a_site_moves_its_municipality(client_for: SignIn, stored: Cast, look: Session) -> None:
    url = f"/register/sites/{stored.site.id}"
    form = {"name": "Åkerbo", "place": "60.345, 17.513", "collection_note": "Kylen står i ladan"}
    assert client_for("producer").post(url, data=form).status_code == 302
    site = look.get_one(ProductionSite, stored.site.id)
    assert (site.lat, site.lon, site.municipality_code) == (60.345, 17.513, "0360")
    assert site.collection_note == "Kylen står i ladan"
    assert site.windows == []


def test_a_municipality_far_away_can_not_be_declared(client_for: SignIn, stored: Cast, look: Session) -> None:
    form = {"name": "Åkerbo", "place": "60.345, 17.513", "municipality": "0180"}
    answer = client_for("producer").post(f"/register/sites/{stored.site.id}", data=form)
    assert "Platsen ligger i Tierp, för långt från Stockholm." in answer.text
    assert look.get_one(ProductionSite, stored.site.id).municipality_code == "0188"
