"""What protects every page: headers, cookies, tokens in forms, redirects, sizes, and how failures look."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from reusing import reuse
from sqlalchemy import Engine, func, select
from werkzeug.exceptions import MethodNotAllowed, NotFound

from market import create_app
from market.audit import AuditEvent
from market.config import Settings
from market.db import open_session

TOO_LARGE = 16 * 1024 * 1024 + 1
Make = Callable[..., Flask]


@pytest.fixture
def make(engine: Engine, clock, tmp_path: Path) -> Make:
    """An application on the test's database, with settings and protections as in service."""

    def with_settings(**changes: object) -> Flask:
        settings = Settings(
            instance=tmp_path,
            database_url=str(engine.url),
            secret_key="only for tests",
            password_salt="only for tests",
        )
        return reuse(create_app(settings.having(**changes), clock=clock))

    return with_settings


def break_(app: Flask) -> None:
    """An endpoint that fails, as code does."""

    def fail() -> str:
        raise RuntimeError("the database password is hunter2")

    fail.declared_access = app.view_functions["home.about"].declared_access  # type: ignore[attr-defined]
    app.add_url_rule("/fails", "fails", fail)


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


ANSWERS = {
    "a page": ("GET", "/about", 200),
    "the sign-in page": ("GET", "/login", 200),
    "a redirect": ("GET", "/orders", 302),
    "not found": ("GET", "/nothing-here", 404),
    "not allowed so": ("GET", "/logout", 405),
    "a form without its token": ("POST", "/login", 400),
    "an error": ("GET", "/fails", 500),
    "a static file": ("GET", "/static/css/tokens.css", 200),
    "no such static file": ("GET", "/static/css/nothing.css", 404),
    "json": ("GET", "/map/borders.geojson?bbox=59,18,59.1,18.1", 200),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_every_kind_of_answer_carries_the_headers(make, case):
    app = make()
    break_(app)
    method, url, status = ANSWERS[case]
    answer = app.test_client().open(url, method=method)
    assert answer.status_code == status
    headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"].startswith("max-age=")
    assert policy(headers["Content-Security-Policy"]) == POLICY


def policy(text: str) -> dict[str, str]:
    return dict(part.strip().split(" ", 1) for part in text.split(";"))


POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
}


def test_a_tile_server_adds_its_host_for_pictures_and_nothing_else(make):
    app = make(tile_url="https://{s}.tiles.example/{z}/{x}/{y}.png")
    told = policy(app.test_client().get("/about").headers["Content-Security-Policy"])
    assert told == POLICY | {"img-src": "'self' data: https://*.tiles.example"}


def test_pages_are_not_kept_by_anyone_but_versioned_files_are(make):
    client = make().test_client()
    assert client.get("/about").headers["Cache-Control"] == "no-store"
    assert client.get("/static/css/tokens.css").headers["Cache-Control"] == "no-cache"
    versioned = client.get("/static/css/tokens.css?v=1").headers["Cache-Control"]
    assert "immutable" in versioned
    assert not client.get("/static/css/tokens.css").headers.getlist("Set-Cookie")


@pytest.mark.parametrize("is_secure", [True, False])
def test_cookies_are_out_of_reach_of_scripts_and_other_sites(make, is_secure):
    answer = make(cookie_secure=is_secure).test_client().get("/login")
    [cookie] = answer.headers.getlist("Set-Cookie")
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= attributes
    assert ("secure" in attributes) == is_secure
    assert ("Strict-Transport-Security" in answer.headers) == is_secure


def posts(app: Flask) -> list[str]:
    """Every address that takes a POST."""
    known = {"persona": "x", "week": "2026-W48"}
    with app.test_request_context():
        return [
            app.url_for(rule.endpoint, **{name: known.get(name, 1) for name in rule.arguments})
            for rule in app.url_map.iter_rules()
            if "POST" in (rule.methods or set())
        ]


def events(engine: Engine) -> int:
    with open_session(engine, writes=False) as session:
        return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


@pytest.mark.parametrize("name", ["producer", "kitchen", "logistics_planner", "admin"])
def test_no_form_is_taken_without_its_token(app, client_for, engine, name):
    """Another site can make a browser send a form, but not with the token."""
    app.config["WTF_CSRF_ENABLED"] = True
    client, before = client_for(name), events(engine)
    for url in posts(app):
        answer = client.post(url, data={"csrf_token": "made up"})
        if url.startswith(
            "/notices/unsubscribe/"
        ):  # posted by mail programs; what it does stands signed in the address
            assert answer.status_code == 404
            continue
        assert answer.status_code == 400, url
        assert "Formuläret hade legat för länge" in answer.text
    assert events(engine) == before


def test_with_its_token_the_form_is_taken(app, client_for):
    app.config["WTF_CSRF_ENABLED"] = True
    client = client_for("producer")
    token = token_of(client.get("/register/producer").text)
    assert client.post("/logout", data={"csrf_token": token}).status_code == 302
    assert client.get("/my-offers").status_code == 302


def test_a_token_is_of_no_use_in_another_session(app, client_for):
    app.config["WTF_CSRF_ENABLED"] = True
    token = token_of(client_for("kitchen").get("/login", follow_redirects=True).text)
    assert client_for("producer").post("/logout", data={"csrf_token": token}).status_code == 400


ELSEWHERE = (
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "///elsewhere.example",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "/\t/elsewhere.example",
    "/\n/elsewhere.example",
    "http:elsewhere.example",
    "javascript:alert(1)",
)


def leads_away(location: str) -> bool:
    """As a browser reads it: control characters are dropped, backslashes are slashes."""
    seen = re.sub(r"[\t\r\n]", "", location).replace("\\", "/")
    return seen.startswith("//") or not seen.startswith("/")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_small_action_never_leads_to_another_site(client_for, target):
    answer = client_for(None).get("/language/en", query_string={"next": target})
    assert not leads_away(answer.location)


@pytest.mark.parametrize("target", ["/orders?week=2026-W48", "/offers#map", "/"])
def test_but_it_goes_back_to_where_one_was(client_for, target):
    assert client_for(None).get("/language/en", query_string={"next": target}).location == target


@pytest.mark.parametrize(("is_csrf_on", "status"), [(True, 413), (False, 413)])
def test_too_large_a_request_is_refused_with_what_to_do(app, client_for, is_csrf_on, status):
    app.config["WTF_CSRF_ENABLED"] = is_csrf_on
    answer = client_for("producer").post("/my-visits/new", data={"note": "x" * TOO_LARGE})
    assert answer.status_code == status
    assert "Skicka högst 16 MB åt gången." in answer.text
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_an_error_says_nothing_of_the_inside(make):
    app = make()
    break_(app)
    answer = app.test_client().get("/fails")
    assert "Något gick fel hos oss" in answer.text
    assert "Inget har sparats." in answer.text
    for inside in ("hunter2", "RuntimeError", "Traceback", "test_security"):
        assert inside not in answer.text


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("/nothing-here", "Sidan finns inte"),
        ("/my-offers", "Det här får du inte göra"),
        ("/logout", "Så går det inte att göra"),
    ],
)
def test_a_refusal_is_a_page_of_ours(client_for: Callable[[str | None], FlaskClient], url, words):
    answer = client_for("kitchen").get(url)
    assert words in answer.text
    assert 'href="/"' in answer.text


def test_no_number_in_an_address_is_too_large_for_the_database(app: Flask, client_for):
    """It leads nowhere, on every route, instead of to an error of the database."""
    numbered = [rule for rule in app.url_map.iter_rules() if rule.arguments and "<int:" in rule.rule]
    assert len(numbered) > 50
    addresses = app.url_map.bind("localhost")
    for rule in numbered:
        path = re.sub(r"<int:\w+>", str(2**31), re.sub(r"<(?!int:)[^>]+>", "a", rule.rule))
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        with pytest.raises((NotFound, MethodNotAllowed)):
            addresses.match(path, method=method)
    assert client_for("meal_manager").get(f"/orders/{10**30}").status_code == 404


def test_what_people_write_is_never_markup(app, client_for, session, cast):
    cast.carrots.name = "<script>alert(1)</script>"
    from factories import make_offer

    make_offer(session, cast)
    session.commit()
    for name, url in (("kitchen", "/offers"), ("kitchen", "/offers/1/order"), ("producer", "/my-offers")):
        page = client_for(name).get(url).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_a_stranger_s_host_header_does_not_reach_a_redirect(make):
    answer = make().test_client().get("/orders", headers={"Host": "elsewhere.example"})
    assert answer.location.startswith("/login")
