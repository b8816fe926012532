"""Showing who one is through an OpenID Connect provider: a real one on a loopback port, asked with PKCE, state and nonce."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from agreements import make_sent
from flask import Flask
from oidc_provider_mock import run_server_in_thread
from reusing import reuse
from sqlalchemy import select

from market import create_app
from market.accounts import oidc
from market.accounts.models import User
from market.agreements.models import Signature
from market.agreements.rules import Method
from market.config import Settings

NAME = "Kommunens inloggning"
SUBJECT = "anna"
SIGN = "/agreements/1/sign"


@pytest.fixture(scope="module")
def provider():
    with run_server_in_thread(require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def app(engine, clock, tmp_path, provider) -> Flask:
    """The application, configured with the provider, on the real clock: the provider's tokens are."""
    clock.at = datetime.now(UTC)
    settings = Settings(
        instance=tmp_path, database_url=str(engine.url), secret_key="only for tests", password_salt="only for tests",
        cookie_secure=False, testing=True, oidc_issuer=provider, oidc_client_id="narmat", oidc_client_secret="hemlig",
        oidc_name=NAME,
    )  # fmt: skip
    made = reuse(create_app(settings, clock=clock))
    made.config["WTF_CSRF_ENABLED"] = False
    return made


@pytest.fixture
def sent(stored, session):
    make_sent(session, stored)
    session.commit()
    return stored


def known_as(provider, **claims):
    """What the provider says of the person who signs in there."""
    said = {
        "email": "producer@example.se", "email_verified": True, "auth_time": int(time.time()), "acr": "loa3",
    } | claims  # fmt: skip
    said = {name: value for name, value in said.items() if value is not None}
    requests.put(f"{provider}/users/{SUBJECT}", json=said, timeout=10).raise_for_status()


def ask(client):
    answer = client.get(f"{SIGN}/identify")
    assert answer.status_code == 302
    return answer.location


def come_back(client, location):
    """As the browser does: sign in at the provider, and follow its redirect."""
    there = requests.post(location, data={"sub": SUBJECT}, allow_redirects=False, timeout=10)
    back = urlsplit(there.headers["Location"])
    return client.get(f"{back.path}?{back.query}", follow_redirects=True)


def press(client, page):
    sha256 = re.search(r'name="document_sha256"[^>]*value="(\w+)"', page).group(1)
    return client.post(
        SIGN, data={"document_sha256": sha256, "read": "y", "how": "oidc"}, follow_redirects=True
    )


def test_the_request_asks_for_a_new_sign_in_with_pkce_state_and_nonce(sent, client_for, provider):
    asked = urlsplit(ask(client_for("producer")))
    query = {name: values[0] for name, values in parse_qs(asked.query).items()}
    assert f"{asked.scheme}://{asked.netloc}" == provider
    assert (query["prompt"], query["max_age"], query["response_type"]) == ("login", "0", "code")
    assert query["code_challenge_method"] == "S256"
    assert all(len(query[name]) >= 20 for name in ("code_challenge", "state", "nonce"))
    assert query["redirect_uri"] == "http://localhost/agreements/identified"


def test_an_outsider_is_sent_nowhere(sent, client_for):
    for outsider in ("other_producer", "other_officer"):
        assert client_for(outsider).get(f"{SIGN}/identify").status_code == 404


def test_who_is_identified_signs_and_it_is_kept_who_said_so(sent, client_for, provider, look, clock):
    known_as(provider)
    client = client_for("producer")
    assert NAME in client.get(SIGN).text
    page = come_back(client, ask(client)).text
    assert f"Du har visat vem du är genom {NAME}" in page
    assert "Du har skrivit under" in press(client, page).text
    [signature] = look.scalars(select(Signature))
    assert signature.method is Method.OIDC
    kept = signature.evidence
    assert (kept["issuer"], kept["subject"], kept["acr"]) == (provider, SUBJECT, "loa3")
    assert abs(kept["auth_time"] - time.time()) < 60
    assert look.get_one(User, signature.user_id).email == "producer@example.se"


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"email": "meal_manager@example.se"}, "någon annan än den som är inloggad"),
        ({"email_verified": False}, "någon annan än den som är inloggad"),
        ({"email_verified": None}, "någon annan än den som är inloggad"),
        ({"email": None}, "någon annan än den som är inloggad"),
        ({"auth_time": "i går"}, "Det gick inte att visa att det är du"),
    ],
)
def test_what_does_not_show_that_it_is_you_signs_nothing(sent, client_for, provider, look, claims, words):
    known_as(provider, **claims)
    client = client_for("producer")
    page = come_back(client, ask(client)).text
    assert words in page
    press(client, page)
    assert look.scalars(select(Signature)).all() == []


def test_a_provider_that_gives_no_time_is_not_enough(sent, client_for, provider, monkeypatch):
    """This provider always gives one, so the answer is cut short here."""
    known_as(provider)
    whole = oidc._claims
    cut = lambda client: {k: v for k, v in whole(client).items() if k != "auth_time"}  # noqa: E731
    monkeypatch.setattr(oidc, "_claims", cut)
    client = client_for("producer")
    assert "säger inte när du visade vem du är" in come_back(client, ask(client)).text


def test_an_old_sign_in_at_the_provider_is_not_enough(sent, client_for, provider, look):
    known_as(provider, auth_time=int(time.time()) - 600)
    client = client_for("producer")
    page = come_back(client, ask(client)).text
    assert "Du har visat vem du är" not in page
    assert "mer än fem minuter sedan" in press(client, page).text
    assert look.scalars(select(Signature)).all() == []


def test_after_five_minutes_it_must_be_shown_again(sent, client_for, provider, look, clock):
    known_as(provider)
    client = client_for("producer")
    page = come_back(client, ask(client)).text
    clock.at += timedelta(minutes=5, seconds=30)
    assert "mer än fem minuter sedan" in press(client, page).text
    assert look.scalars(select(Signature)).all() == []


def test_an_answer_to_nobodys_question_is_not_heard(sent, client_for, provider, look):
    known_as(provider)
    asked, other = client_for("producer"), client_for("producer")
    location = ask(asked)
    ask(other)
    page = come_back(other, location).text
    assert "Det gick inte att visa att det är du" in page, "the state is that of another browser"
    assert client_for("producer").get("/agreements/identified?code=x&state=y").status_code == 404


def test_an_answer_to_another_question_of_the_same_browser_is_not_heard(sent, client_for, provider):
    known_as(provider)
    client = client_for("producer")
    location = ask(client)
    assert "Du har visat vem du är" in come_back(client, location).text
    ask(client)
    assert "Det gick inte att visa" in come_back(client, location).text, "each state counts once"


def test_no_at_the_provider_is_no_here(sent, client_for, provider):
    client = client_for("producer")
    there = requests.post(ask(client), data={"action": "deny"}, allow_redirects=False, timeout=10)
    back = urlsplit(there.headers["Location"])
    with client.session_transaction() as cookie:
        assert "sign_asked" in cookie
    page = client.get(f"{back.path}?{back.query}", follow_redirects=True).text
    assert "Det gick inte att visa att det är du" in page


def test_a_provider_that_does_not_answer_is_said_and_the_password_remains(sent, client_for, app):
    app.extensions["narmat.oidc"].server_metadata.clear()
    app.extensions["narmat.oidc"]._server_metadata_url = "http://localhost:1/.well-known/openid-configuration"
    page = client_for("producer").get(f"{SIGN}/identify", follow_redirects=True).text
    assert "Det gick inte att visa att det är du" in page
    assert "Skriv under med lösenord" in page


def test_the_operators_own_claim_decides_when_set(sent, client_for, app, provider, look):
    app.extensions["narmat.settings"] = app.extensions["narmat.settings"].having(oidc_claim="upn")
    known_as(provider, email="privat@example.com", upn="Producer@Example.se")
    client = client_for("producer")
    assert "Du har visat vem du är" in come_back(client, ask(client)).text


def test_pages_name_the_provider_only_as_a_link_to_follow(sent, client_for, provider):
    answer = client_for("producer").get(SIGN)
    assert provider not in answer.text
    assert "form-action 'self'" in answer.headers["Content-Security-Policy"]


def test_without_a_provider_there_is_none_to_choose(sent, client_for, app):
    app.extensions["narmat.settings"] = app.extensions["narmat.settings"].having(oidc_issuer="", oidc_name="")
    client = client_for("producer")
    assert "identify" not in client.get(SIGN).text
    assert client.get(f"{SIGN}/identify").status_code == 404
