"""Signing in and out: passwords, failures that say nothing, the brake on guessing, and who no longer may."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
from factories import AT
from flask import Flask
from flask.testing import FlaskClient
from flask_security.utils import hash_password
from reusing import REAL_HASH_COST, reuse
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from market import create_app
from market.accounts.models import FailedSignIn, Membership, User
from market.accounts.operations import note_failure
from market.accounts.rules import (
    FAILURES_PER_ACCOUNT,
    FAILURES_PER_ADDRESS,
    THROTTLE_WINDOW,
    is_throttled,
    who_hash,
)
from market.audit import AuditEvent
from market.db import open_session, transaction
from market.shell import settings

pytestmark = pytest.mark.slow

PASSWORD = "morot potatis palsternacka"
BRAKED = "För många misslyckade försök. Vänta en kvart och försök igen."
SignIn = Callable[..., str]


@pytest.fixture(scope="module")
def hashed() -> dict[str, str]:
    return {}


@pytest.fixture
def people(app: Flask, engine, hashed) -> None:
    """The kitchen and the producer have a password; hashing it is slow on purpose, so it is done once."""
    if not hashed:
        with app.app_context():
            hashed["password"] = hash_password(PASSWORD)
    with transaction(engine) as session:
        names = ["kitchen@example.se", "producer@example.se"]
        session.execute(update(User).where(User.email.in_(names)).values(password=hashed["password"]))


def sign_in(
    client: FlaskClient,
    password: str = PASSWORD,
    *,
    email: str = "kitchen@example.se",
    address: str = "192.0.2.1",
    url: str = "/login",
    **more: str,
):
    form = {"email": email, "password": password, **more}
    return client.post(url, data=form, environ_overrides={"REMOTE_ADDR": address})


def is_in(client: FlaskClient) -> bool:
    return client.get("/register").status_code == 200


@pytest.fixture
def client(people, client_for) -> FlaskClient:
    return client_for(None)


def test_the_right_password_opens_the_door(client):
    assert not is_in(client)
    assert sign_in(client).status_code == 302
    assert is_in(client)
    assert "Centralköket" in client.get("/").text


def test_the_address_is_read_as_people_write_it(client):
    sign_in(client, email=" Kitchen@Example.se ")
    assert is_in(client)


def test_passwords_are_kept_as_argon2id(people, hashed):
    """At the library's own cost, which the tests make a light one."""
    assert re.match(r"\$argon2id\$v=19\$m=10000,t=1,p=\d+\$", hashed["password"])
    assert REAL_HASH_COST >= (3, 65_536)
    assert PASSWORD not in hashed["password"]


def shown(answer) -> str:
    """The page without what the person wrote themselves."""
    return re.sub(r'value="[^"]*"', "", answer.text)


def test_every_failure_looks_the_same(client, engine):
    """Nobody learns here whether an address has an account, a password, or is closed."""
    with transaction(engine) as session:
        session.execute(update(User).where(User.email == "producer@example.se").values(active=False))
    wrong = sign_in(client, "fel lösenord här")
    assert wrong.status_code == 200
    assert "Fel" in wrong.text
    others = (
        sign_in(client, email="nobody@example.se"),
        sign_in(client, email="admin@example.se"),
        sign_in(client, email="producer@example.se"),
        sign_in(client, "fel lösenord här", email="producer@example.se"),
    )
    assert [shown(other) for other in others] == [shown(wrong)] * 4
    assert not is_in(client)


def fail(client: FlaskClient, times: int, **more: str) -> None:
    for n in range(times):
        sign_in(client, f"fel lösenord {n}", **more)


def remember_failures(app: Flask, engine, count: int, *, kind: str, text: str, at=AT) -> None:
    """As that many wrong passwords for an account or from an address would have left it."""
    with app.app_context():
        key = settings().secret_key
    who = who_hash(key=key, kind=kind, text=text)
    with transaction(engine) as session:
        for n in range(count):
            pair = {"account": f"other {n}", "address": f"other {n}"} | {kind: who}
            note_failure(session, at=at, **pair)


def test_after_eight_wrong_even_the_right_one_is_refused_for_a_while(app, engine, client, clock):
    remember_failures(app, engine, FAILURES_PER_ACCOUNT - 1, kind="account", text="kitchen@example.se")
    fail(client, 1)
    refused = sign_in(client)
    assert BRAKED in refused.text
    assert not is_in(client)
    clock.at = AT + THROTTLE_WINDOW - timedelta(seconds=1)
    assert BRAKED in sign_in(client).text
    clock.at = AT + THROTTLE_WINDOW + timedelta(seconds=1)
    sign_in(client)
    assert is_in(client)


def test_seven_wrong_and_then_the_right_one(app, engine, client):
    remember_failures(app, engine, FAILURES_PER_ACCOUNT - 1, kind="account", text="kitchen@example.se")
    sign_in(client)
    assert is_in(client)


def test_the_brake_is_kept_in_the_database_for_the_account_from_wherever(app, engine, client, client_for):
    """Another process, another network address: the same account is still closed, and other accounts are not."""
    remember_failures(app, engine, FAILURES_PER_ACCOUNT, kind="account", text="kitchen@example.se")
    assert BRAKED in sign_in(client, address="198.51.100.7").text
    assert BRAKED in sign_in(client, email=" KITCHEN@example.se").text
    sign_in(client, email="producer@example.se")
    assert is_in(client)


def test_the_brake_is_for_the_address_too_whoever_it_tries(app, engine, client, client_for):
    remember_failures(app, engine, FAILURES_PER_ADDRESS, kind="address", text="192.0.2.1")
    assert BRAKED in sign_in(client).text
    assert BRAKED in sign_in(client, email="producer@example.se").text
    elsewhere = client_for(None)
    sign_in(elsewhere, address="192.0.2.2")
    assert is_in(elsewhere)


def test_trying_while_braked_does_not_lengthen_the_wait(app, engine, client, clock):
    remember_failures(app, engine, FAILURES_PER_ACCOUNT, kind="account", text="kitchen@example.se")
    clock.at = AT + timedelta(minutes=14)
    fail(client, 3)
    clock.at = AT + THROTTLE_WINDOW + timedelta(seconds=1)
    sign_in(client)
    assert is_in(client)


def test_failures_are_forgotten_and_name_nobody(client, engine, clock):
    fail(client, 1)
    clock.at = AT + timedelta(hours=1)
    fail(client, 1)
    with open_session(engine, writes=False) as session:
        kept = session.scalars(select(FailedSignIn)).all()
    assert [row.at for row in kept] == [clock.at, clock.at]
    assert all(re.fullmatch(r"[0-9a-f]{64}", row.who) for row in kept)


@pytest.mark.parametrize(
    ("account", "address", "throttled"), [(7, 39, False), (8, 0, True), (0, 40, True), (0, 0, False)]
)
def test_where_the_brake_begins(account, address, throttled):
    assert is_throttled(account_failures=account, address_failures=address) is throttled


@pytest.mark.parametrize(
    "target",
    ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "/\t/elsewhere.example"],
)
@pytest.mark.parametrize("where", ["address", "form"])
def test_signing_in_never_leads_to_another_site(client, target, where):
    more = {"next": target} if where == "form" else {}
    url = f"/login?next={quote(target)}" if where == "address" else "/login"
    answer = sign_in(client, url=url, **more)
    location = re.sub(r"[\t\r\n]", "", answer.location or "/").replace("\\", "/")
    assert re.match(r"/(?!/)", location), "refused, or led to our own first page"


def test_signing_in_leads_to_the_page_that_was_asked_for(client):
    asked = client.get("/orders").location
    page = client.get(asked)
    target = re.search(r'name="next" value="([^"]*)"', page.text)
    assert target
    assert sign_in(client, next=target[1]).location.rstrip("?") == "/orders"


def test_signing_out_is_by_post_and_lasts(client):
    sign_in(client)
    assert client.get("/logout").status_code == 405
    assert is_in(client)
    client.post("/logout")
    assert not is_in(client)


def test_a_remembered_device_forgets_when_signed_out(client):
    remembered = sign_in(client, remember="y")
    kept = [c for c in remembered.headers.getlist("Set-Cookie") if c.startswith("remember_token=")]
    assert len(kept) == 1
    assert "HttpOnly" in kept[0]
    assert "SameSite=Lax" in kept[0]
    client.post("/logout")
    assert not is_in(client)


def change(engine, *statements) -> None:
    with transaction(engine) as session:
        for statement in statements:
            session.execute(statement)


def test_a_closed_account_is_out_at_its_next_click(client, engine):
    sign_in(client, remember="y")
    assert is_in(client)
    change(engine, update(User).where(User.email == "kitchen@example.se").values(active=False))
    assert not is_in(client)
    assert client.get("/orders").location.startswith("/login")


def test_a_changed_key_ends_every_session(client, engine):
    sign_in(client)
    change(engine, update(User).where(User.email == "kitchen@example.se").values(fs_uniquifier="new"))
    assert not is_in(client)


def test_someone_without_a_role_is_told_so_and_can_leave(client, engine):
    """The last role has ended: no page but the public ones, no going round in circles, and a way out."""
    sign_in(client)
    kitchen = select(User.id).where(User.email == "kitchen@example.se")
    change(engine, delete(Membership).where(Membership.user_id.in_(kitchen)))
    answer = client.get("/orders", follow_redirects=True)
    assert answer.status_code == 403
    assert 'action="/logout"' in client.get("/").text
    client.post("/logout")
    assert client.get("/orders").location.startswith("/login")


def test_one_s_own_password_can_be_changed_and_the_old_one_ends(client, client_for):
    new = "kålrot rödbeta jordärtskocka"
    sign_in(client)
    form = {"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    assert client.post("/change", data=form).status_code == 302
    other = client_for(None)
    sign_in(other)
    assert not is_in(other)
    sign_in(other, new)
    assert is_in(other)


def test_a_short_password_is_refused(client):
    sign_in(client)
    form = {"password": PASSWORD, "new_password": "kort", "new_password_confirm": "kort"}
    answer = client.post("/change", data=form)
    assert answer.status_code == 200
    assert "12" in answer.text


def test_the_demo_s_doors_do_not_exist_outside_the_demo(app, client_for):
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/demo")]
    for method in ("GET", "POST"):
        assert client_for(None).open("/demo/sign-in/kitchen", method=method).status_code == 404


@pytest.fixture
def demo_app(app: Flask, engine, clock) -> Flask:
    with app.app_context():
        made = reuse(create_app(settings().having(demo=True), clock=clock))
    made.config["WTF_CSRF_ENABLED"] = False
    return made


def test_in_the_demo_only_demo_people_are_one_click_away(demo_app, engine):
    client = demo_app.test_client()
    assert client.get("/demo/sign-in/kitchen").status_code == 404
    assert client.get("/demo/sign-in/kitchen@example.se%00").status_code == 404
    with transaction(engine) as session:
        kitchen = update(User).where(User.email == "kitchen@example.se")
        session.execute(kitchen.values(email="kitchen@demo.narmat.example"))
    assert client.get("/demo/sign-in/kitchen").status_code == 302
    assert is_in(client)


def test_failed_sign_ins_are_counted_within_the_window_only(session: Session, cast):
    for minutes in (0, 5, 14):
        note_failure(session, account="a", address="b", at=AT + timedelta(minutes=minutes))
    since = AT + timedelta(minutes=14) - THROTTLE_WINDOW
    count = select(func.count()).where(FailedSignIn.who == "a", FailedSignIn.at >= since)
    assert session.scalar(count) == 3


def test_a_changed_password_leaves_an_event_and_works(app, people, engine):
    client = app.test_client()
    sign_in(client)
    new = "kålrot rödbeta pastej"
    form = {"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    assert client.post("/change", data=form).status_code == 302
    with open_session(engine, writes=False) as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event.action == "user.change_password"
    fresh = app.test_client()
    sign_in(fresh, new)
    assert fresh.get("/orders").status_code == 200
