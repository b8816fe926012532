"""An authority decides whether its figures are open, and who answers for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from factories import AT, MONDAY, Cast
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from market.audit import AuditEvent
from market.followup.models import FollowupSettings
from market.followup.settings_operations import ContactMissing, change_settings

SignIn = Callable[[str | None], FlaskClient]
OPEN = {"is_open": "y", "contact_name": "Kostenheten", "contact_email": "Kost@Norrtalje.se"}


def change(
    session: Session, cast: Cast, *, is_open: bool, days: int = 0, name: str = "Kost"
) -> FollowupSettings:
    return change_settings(
        session, authority=cast.authority, is_open=is_open, contact_name=name, contact_email="kost@norrtalje.se",
        actor=cast.actor("meal_manager"), at=AT + timedelta(days=days),
    )  # fmt: skip


def test_the_day_it_was_opened_stays_until_it_is_closed(session: Session, cast: Cast) -> None:
    assert change(session, cast, is_open=False).opened_on is None
    assert change(session, cast, is_open=True, days=1).opened_on == MONDAY + timedelta(days=1)
    assert change(session, cast, is_open=True, days=2).opened_on == MONDAY + timedelta(days=1)
    assert change(session, cast, is_open=False, days=3).opened_on is None
    assert change(session, cast, is_open=True, days=4).opened_on == MONDAY + timedelta(days=4)


def test_nobody_publishes_without_somebody_who_answers(session: Session, cast: Cast) -> None:
    with pytest.raises(ContactMissing):
        change(session, cast, is_open=True, name="  ")
    assert session.get(FollowupSettings, cast.authority.id) is None


def test_the_page_opens_and_says_what_becomes_open(client_for: SignIn, stored: Cast, look: Session) -> None:
    client = client_for("procurement_officer")
    assert "Inget av er uppföljning är öppet" in client.get("/followup/settings").text
    assert client.post("/followup/settings", data=OPEN).status_code == 302
    kept = look.get_one(FollowupSettings, stored.authority.id)
    assert (kept.is_open, kept.contact_email) == (True, "kost@norrtalje.se")
    assert look.get(FollowupSettings, stored.other_authority.id) is None
    assert "Siffrorna är öppna sedan" in client.get("/followup/settings").text
    event = look.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert (event.action, event.data) == ("followup.settings", {"is_open": True, "was_open": False})


def test_what_is_missing_is_told_and_nothing_kept(client_for: SignIn, stored: Cast, look: Session) -> None:
    client = client_for("meal_manager")
    assert "måste kunna fråga någon" in client.post("/followup/settings", data={"is_open": "y"}).text
    assert (
        "hel e-postadress" in client.post("/followup/settings", data=OPEN | {"contact_email": "kost@"}).text
    )
    assert look.get(FollowupSettings, stored.authority.id) is None


@pytest.mark.parametrize("name", ["kitchen", "logistics_planner", "producer"])
def test_others_do_not_decide(client_for: SignIn, stored: Cast, name: str) -> None:
    assert client_for(name).get("/followup/settings").status_code == 403
