"""Kitchen staff and the meal manager keep address, hours and loading note right."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from factories import Cast
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from market.audit import AuditEvent, verify
from market.register.models import Kitchen

SignIn = Callable[[str | None], FlaskClient]
HOUR = 3600


def _windows(look: Session, kitchen: Kitchen) -> list[tuple[int, int, int]]:
    return [(w.weekday, w.opens_s, w.closes_s) for w in look.get_one(Kitchen, kitchen.id).windows]


def test_hours_with_a_break_are_stored_and_logged(client_for: SignIn, stored: Cast, look: Session) -> None:
    answer = client_for("kitchen").post(
        f"/register/kitchens/{stored.hub.id}",
        data={
            "address": " Skolgatan 1 ",
            "loading_note": "Port B",
            "hours-opens_1_1": "07:30",
            "hours-closes_1_1": "09.00",
            "hours-opens_1_2": "12:00",
            "hours-closes_1_2": "14:00",
            "hours-opens_5_1": "20:00",
            "hours-closes_5_1": "24:00",
        },
    )
    assert answer.status_code == 302
    assert _windows(look, stored.hub) == [
        (1, 27_000, 9 * HOUR),
        (1, 12 * HOUR, 14 * HOUR),
        (5, 20 * HOUR, 24 * HOUR),
    ]
    kitchen = look.get_one(Kitchen, stored.hub.id)
    assert (kitchen.address, kitchen.loading_note) == ("Skolgatan 1", "Port B")
    event = look.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert event.action == "kitchen.change"
    assert event.user_id == stored.actor("kitchen").user_id
    assert verify(look)[1] is None


def test_the_form_shows_what_is_stored(client_for: SignIn, stored: Cast) -> None:
    page = client_for("kitchen").get(f"/register/kitchens/{stored.hub.id}").text
    assert page.count('value="07:00"') == 5
    assert page.count('value="11:00"') == 5


def test_saving_the_form_as_it_came_changes_nothing(client_for: SignIn, stored: Cast, look: Session) -> None:
    unchanged = {
        f"hours-{end}_{day}_1": time
        for day in range(1, 6)
        for end, time in (("opens", "07:00"), ("closes", "11:00"))
    }
    assert (
        client_for("kitchen").post(f"/register/kitchens/{stored.hub.id}", data=unchanged).status_code == 302
    )
    assert _windows(look, stored.hub) == [(day, 7 * HOUR, 11 * HOUR) for day in range(1, 6)]


def test_errors_stand_by_the_field_and_nothing_is_stored(
    client_for: SignIn, stored: Cast, look: Session
) -> None:
    answer = client_for("kitchen").post(
        f"/register/kitchens/{stored.hub.id}",
        data={
            "address": "Ny adress",
            "hours-opens_1_1": "11:00",
            "hours-closes_1_1": "07:00",
            "hours-opens_2_1": "07:00",
            "hours-opens_3_1": "07:00",
            "hours-closes_3_1": "11:00",
            "hours-opens_3_2": "10:00",
            "hours-closes_3_2": "12:00",
        },
    )
    page = answer.text
    assert "Måndag, till: Tiden slutar innan den börjar. Ändra start eller slut." in page
    assert "Tisdag, till: Fyll i både från och till, eller lämna båda tomma." in page
    assert "Onsdag, andra tiden från: Tiderna går i varandra." in page
    assert 'id="hours-closes_1_1-error"' in page
    assert 'value="Ny adress"' in page
    assert look.get_one(Kitchen, stored.hub.id).address == ""
    assert len(_windows(look, stored.hub)) == 5


def test_a_time_that_can_not_be_read_says_how_to_write_it(client_for: SignIn, stored: Cast) -> None:
    answer = client_for("kitchen").post(
        f"/register/kitchens/{stored.hub.id}",
        data={"hours-opens_1_1": "halv sju", "hours-closes_1_1": "09:00"},
    )
    assert "Måndag, från: Skriv klockslaget som TT:MM" in answer.text


@pytest.mark.parametrize("portions", ["0", "100001", "många", "-3"])
def test_portions_that_can_not_be_are_refused(
    client_for: SignIn, stored: Cast, look: Session, portions: str
) -> None:
    answer = client_for("kitchen").post(f"/register/kitchens/{stored.hub.id}", data={"portions": portions})
    assert "Skriv ett helt antal portioner mellan 1 och 100 000" in answer.text
    assert look.get_one(Kitchen, stored.hub.id).portions is None


def test_a_kitchen_tells_how_many_it_feeds(client_for: SignIn, stored: Cast, look: Session) -> None:
    client = client_for("kitchen")
    assert client.post(f"/register/kitchens/{stored.hub.id}", data={"portions": "1200"}).status_code == 302
    assert look.get_one(Kitchen, stored.hub.id).portions == 1_200
    assert 'value="1200"' in client.get(f"/register/kitchens/{stored.hub.id}").text
    assert client.post(f"/register/kitchens/{stored.hub.id}", data={"portions": ""}).status_code == 302
    look.rollback()
    assert look.get_one(Kitchen, stored.hub.id).portions is None


def test_the_meal_manager_may_change_every_kitchen_of_the_authority(
    client_for: SignIn, stored: Cast, look: Session
) -> None:
    manager = client_for("meal_manager")
    assert manager.post(f"/register/kitchens/{stored.satellite.id}", data={"address": "A"}).status_code == 302
    assert (
        manager.post(f"/register/kitchens/{stored.other_kitchen.id}", data={"address": "A"}).status_code
        == 404
    )
    assert look.get_one(Kitchen, stored.satellite.id).address == "A"
    assert look.get_one(Kitchen, stored.other_kitchen.id).address == ""
