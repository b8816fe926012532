"""The administrator adds and changes authorities, kitchens and producers."""

from __future__ import annotations

from collections.abc import Callable

from factories import MONDAY, Cast
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.local import own_county
from market.audit import AuditEvent
from market.locality.queries import stated_by
from market.register.models import Authority, Kitchen, Producer
from market.register.rules import HIDDEN_NUMBER

SignIn = Callable[[str | None], FlaskClient]
PERSONAL = "19811218-9876"


def test_a_new_authority_has_stated_nothing_and_its_own_county_is_assumed(
    client_for: SignIn, stored: Cast, look: Session
) -> None:
    form = {
        "name": "Tierps kommun",
        "municipality": "0360",
        "procedure": "dis",
        "transport_model": "suppliers_coload",
        "planned_by": str(stored.authority.id),
    }
    client = client_for("admin")
    assert client.post("/register/authorities/new", data=form).status_code == 302
    tierp = look.scalars(select(Authority).where(Authority.name == "Tierps kommun")).one()
    stated = stated_by(look, authority=tierp, day=MONDAY)
    assert stated.is_assumption
    assert stated.definition == own_county()
    assert tierp.planning_authority_id == stored.authority.id
    again = client.post("/register/authorities/new", data=form).text
    assert "Det finns redan något med namnet Tierps kommun." in again


def test_an_authority_can_be_renamed(client_for: SignIn, stored: Cast, look: Session) -> None:
    form = {
        "name": "Roslagens kommun",
        "municipality": "0188",
        "procedure": "dis",
        "transport_model": "municipal_vans",
    }
    url = f"/register/authorities/{stored.authority.id}"
    assert client_for("admin").post(url, data=form).status_code == 302
    assert look.get_one(Authority, stored.authority.id).name == "Roslagens kommun"
    taken = client_for("admin").post(url, data=form | {"name": "Vallentuna kommun"}).text
    assert "Det finns redan något med namnet Vallentuna kommun." in taken


def test_a_new_satellite_needs_a_hub_of_its_own_authority(
    client_for: SignIn, stored: Cast, look: Session
) -> None:
    client = client_for("admin")
    form = {
        "authority": str(stored.authority.id),
        "name": "Skolan",
        "place": "59.76, 18.70",
        "kind": "satellite",
        "hub": "",
    }
    url = "/register/kitchens/new"
    assert "Ett satellitkök får sina varor via ett annat kök." in client.post(url, data=form).text
    abroad = client.post(url, data=form | {"hub": str(stored.other_kitchen.id)}).text
    assert "Välj ett öppet kök i samma organisation" in abroad
    assert client.post(url, data=form | {"hub": str(stored.hub.id)}).status_code == 302
    school = look.scalars(select(Kitchen).where(Kitchen.name == "Skolan")).one()
    assert school.receiving_kitchen_id == stored.hub.id


def test_a_hub_with_satellites_can_not_be_closed_or_become_one(
    client_for: SignIn, stored: Cast, look: Session
) -> None:
    client, url = client_for("admin"), f"/register/kitchens/{stored.hub.id}/identity"
    form = {
        "authority": str(stored.authority.id),
        "name": "Centralköket",
        "place": "59.758, 18.705",
        "kind": "hub",
    }
    assert "Andra kök får sina varor via det här." in client.post(url, data=form).text
    assert look.get_one(Kitchen, stored.hub.id).is_active
    assert client.post(url, data=form | {"is_active": "y", "name": "Storköket"}).status_code == 302
    look.rollback()
    assert look.get_one(Kitchen, stored.hub.id).name == "Storköket"


def test_a_kitchen_can_be_closed_and_opened_again(client_for: SignIn, stored: Cast, look: Session) -> None:
    client, url = client_for("admin"), f"/register/kitchens/{stored.other_kitchen.id}/identity"
    form = {
        "authority": str(stored.other_authority.id),
        "name": "Vallentunaköket",
        "place": "59.534, 18.078",
        "kind": "hub",
    }
    for is_active in (False, True):
        answer = client.post(url, data=form | ({"is_active": "y"} if is_active else {}))
        assert answer.status_code == 302
        look.rollback()
        assert look.get_one(Kitchen, stored.other_kitchen.id).is_active is is_active


def test_a_sole_traders_number_is_never_shown_or_logged(
    client_for: SignIn, stored: Cast, look: Session
) -> None:
    client = client_for("admin")
    form = {"name": "Annas ägg", "is_sole_trader": "y", "number": PERSONAL}
    assert client.post("/register/producers/new", data=form).status_code == 302
    anna = look.scalars(select(Producer).where(Producer.name == "Annas ägg")).one()
    assert anna.organisation_number == PERSONAL
    listed, edited = client.get("/register/producers").text, client.get(f"/register/producers/{anna.id}").text
    assert HIDDEN_NUMBER in listed
    assert "9876" not in listed + edited
    assert "9876" not in "".join(str(event.data) for event in look.scalars(select(AuditEvent)))
    mistyped = client.post(
        "/register/producers/new", data=form | {"name": "B", "number": "19811218-9875"}
    ).text
    assert "Numret stämmer inte." in mistyped
    assert "9875" not in mistyped


def test_a_hidden_number_is_kept_until_another_is_written(
    client_for: SignIn, stored: Cast, look: Session
) -> None:
    client = client_for("admin")
    client.post("/register/producers/new", data={"name": "Anna", "is_sole_trader": "y", "number": PERSONAL})
    anna = look.scalars(select(Producer).where(Producer.name == "Anna")).one()
    url = f"/register/producers/{anna.id}"
    look.rollback()
    assert client.post(url, data={"name": "Anna B", "is_sole_trader": "y", "number": ""}).status_code == 302
    look.refresh(anna)
    assert (anna.name, anna.organisation_number) == ("Anna B", PERSONAL)
    look.rollback()
    unmasked = client.post(url, data={"name": "Anna B", "number": ""}).text
    assert "Skriv numret på nytt" in unmasked
    look.refresh(anna)
    assert anna.is_sole_trader
    look.rollback()
    assert client.post(url, data={"name": "Anna AB", "number": "5560000001"}).status_code == 302
    look.refresh(anna)
    assert anna.organisation_number == "556000-0001"


def test_two_producers_can_not_share_a_number(client_for: SignIn, stored: Cast) -> None:
    client = client_for("admin")
    assert (
        client.post("/register/producers/new", data={"name": "A", "number": "556000-0001"}).status_code == 302
    )
    second = client.post("/register/producers/new", data={"name": "B", "number": "5560000001"}).text
    assert "Det finns redan en producent med det numret." in second
