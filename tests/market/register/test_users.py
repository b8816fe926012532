"""The administrator looks after accounts: who can sign in, and as what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from factories import Cast
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from market.accounts.models import User
from market.accounts.rules import Role
from market.audit import AuditEvent

SignIn = Callable[[str | None], FlaskClient]
NEW = "/register/users/new"
PASSWORD = "morot potatis palsternacka"


def _form(stored: Cast, **changes: Any) -> dict[str, Any]:
    form = {
        "name": "Eva Ek",
        "email": "Eva@Example.se",
        "role": "kitchen",
        "organisation": f"kitchen:{stored.hub.id}",
        "password": PASSWORD,
    }
    return form | changes


def _by_email(look: Session, email: str) -> User | None:
    return look.scalar(select(User).where(User.email == email))


def _sign_in(client: FlaskClient, password: str) -> int:
    client.post("/login", data={"email": "eva@example.se", "password": password})
    return client.get("/register").status_code


def test_a_new_account_can_sign_in_as_what_it_was_given(
    client_for: SignIn, stored: Cast, look: Session
) -> None:
    assert client_for("admin").post(NEW, data=_form(stored)).status_code == 302
    eva = _by_email(look, "eva@example.se")
    assert eva is not None
    assert [(m.role, m.kitchen_id) for m in eva.memberships] == [(Role.KITCHEN, stored.hub.id)]
    assert eva.password is not None
    assert eva.password.startswith("$argon2id$")
    assert _sign_in(client_for(None), PASSWORD) == 200


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"password": "kort"}, "Lösenord: "),
        ({"email": "kitchen@example.se"}, "Det finns redan ett konto med den e-postadressen."),
        ({"email": "eva"}, "Skriv en hel e-postadress"),
        ({"role": "producer"}, "Rollen hör till en annan sorts organisation."),
        ({"role": "admin"}, "Rollen hör till en annan sorts organisation."),
        ({"organisation": "none"}, "Rollen hör till en annan sorts organisation."),
    ],
)
def test_what_does_not_fit_is_said_and_no_account_is_made(
    client_for: SignIn, stored: Cast, look: Session, changes: dict[str, Any], text: str
) -> None:
    page = client_for("admin").post(NEW, data=_form(stored, **changes)).text
    assert text in page
    assert PASSWORD not in page
    assert _by_email(look, "eva@example.se") is None


def test_an_administrator_belongs_to_no_organisation(client_for: SignIn, stored: Cast, look: Session) -> None:
    form = _form(stored, role="admin", organisation="none")
    assert client_for("admin").post(NEW, data=form).status_code == 302
    eva = _by_email(look, "eva@example.se")
    assert eva is not None
    assert eva.memberships[0].role is Role.ADMIN


def test_a_closed_account_is_signed_out_and_can_not_sign_in_until_it_is_opened(
    client_for: SignIn, stored: Cast, look: Session
) -> None:
    admin = client_for("admin")
    admin.post(NEW, data=_form(stored))
    eva = _by_email(look, "eva@example.se")
    assert eva is not None
    url = f"/register/users/{eva.id}"
    inside = client_for("eva")
    assert inside.get("/register").status_code == 200
    assert "Stäng av kontot?" in admin.get(f"{url}/deactivate").text
    assert admin.post(f"{url}/deactivate").status_code == 302
    assert inside.get("/register").status_code == 302
    assert _sign_in(client_for(None), PASSWORD) == 302
    assert admin.post(f"{url}/activate").status_code == 302
    assert _sign_in(client_for(None), PASSWORD) == 200


def test_closing_twice_is_logged_once(client_for: SignIn, stored: Cast, look: Session) -> None:
    admin, url = client_for("admin"), f"/register/users/{stored.actor('kitchen').user_id}/deactivate"
    admin.post(url)
    admin.post(url)
    actions = list(look.scalars(select(AuditEvent.action)))
    assert actions.count("user.deactivate") == 1


def test_nobody_can_close_their_own_account(client_for: SignIn, stored: Cast, look: Session) -> None:
    me = stored.actor("admin")
    admin = client_for("admin")
    page = admin.post(f"/register/users/{me.user_id}/deactivate", follow_redirects=True).text
    assert "Du kan inte stänga av dig själv" in page
    admin.post(f"/register/users/{me.user_id}/roles/{me.membership_id}/end")
    user = look.get_one(User, me.user_id)
    assert user.active
    assert len(user.memberships) == 1


def test_a_new_password_signs_everyone_out_of_the_account(
    client_for: SignIn, stored: Cast, look: Session
) -> None:
    admin, inside = client_for("admin"), client_for("kitchen")
    url = f"/register/users/{stored.actor('kitchen').user_id}/password"
    assert "Lösenord: " in admin.post(url, data={"password": "för kort"}).text
    assert inside.get("/register").status_code == 200
    assert admin.post(url, data={"password": PASSWORD}).status_code == 302
    assert inside.get("/register").status_code == 302
    assert PASSWORD not in "".join(str(event.data) for event in look.scalars(select(AuditEvent)))


def test_name_and_address_can_be_changed(client_for: SignIn, stored: Cast, look: Session) -> None:
    user_id = stored.actor("kitchen").user_id
    admin, url = client_for("admin"), f"/register/users/{user_id}"
    taken = admin.post(url, data={"name": "Kajsa", "email": "producer@example.se"}).text
    assert "Det finns redan ett konto med den e-postadressen." in taken
    assert admin.post(url, data={"name": "Kajsa", "email": "kajsa@example.se"}).status_code == 302
    user = look.get_one(User, user_id)
    assert (user.name, user.email) == ("Kajsa", "kajsa@example.se")


def test_a_role_is_given_once_and_can_be_ended(client_for: SignIn, stored: Cast, look: Session) -> None:
    user_id = stored.actor("kitchen").user_id
    admin, url = client_for("admin"), f"/register/users/{user_id}/roles/new"
    form = {"role": "meal_manager", "organisation": f"authority:{stored.authority.id}"}
    assert admin.post(url, data=form).status_code == 302
    assert "Personen har redan den rollen där." in admin.post(url, data=form).text
    roles = look.get_one(User, user_id).memberships
    assert [m.role for m in roles] == [Role.KITCHEN, Role.MEAL_MANAGER]
    end = f"/register/users/{user_id}/roles/{roles[0].id}/end"
    assert "Ta bort rollen?" in admin.get(end).text
    assert admin.post(end).status_code == 302
    look.rollback()
    assert [m.role for m in look.get_one(User, user_id).memberships] == [Role.MEAL_MANAGER]


def test_a_role_of_somebody_else_is_not_found_under_this_account(client_for: SignIn, stored: Cast) -> None:
    wrong = f"/register/users/{stored.actor('kitchen').user_id}/roles/{stored.actor('producer').membership_id}/end"
    assert client_for("admin").get(wrong).status_code == 404
