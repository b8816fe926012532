"""Texts in both languages: complete catalogues, and the messages that come from the libraries we use."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import flask_security
import pytest
from babel.messages.pofile import read_po
from factories import AT, make_offer, make_order
from flask import Flask
from flask.testing import FlaskClient
from flask_security.utils import hash_password
from sqlalchemy import update
from wtforms import Form

import market
from market.accounts.forms import ThrottledLoginForm
from market.accounts.models import User
from market.db import transaction
from market.form_fields import NarmatForm, PartForm
from market.translations.catalogue import ENGLISH, SECURITY, stored
from market.translations.check import faults

MARKET = Path(market.__file__).parent
PASSWORD = "morot potatis palsternacka"
PLACE = re.compile(r"%\(\w+\)[sd]|%s")
NBSP = "\N{NO-BREAK SPACE}"
Read = Callable[..., FlaskClient]


def test_a_text_without_english_and_a_stale_file_are_found(tmp_path: Path, monkeypatch):
    """What `./run lint` asks about the catalogues sees what it is for."""
    draft = tmp_path / "messages.po"
    text = (
        ENGLISH.read_text()
        .replace('msgstr "Find food"', 'msgstr ""')
        .replace('msgstr "Home"', 'msgstr "House"')
    )
    draft.write_text(text)
    draft.with_suffix(".mo").write_bytes(ENGLISH.with_suffix(".mo").read_bytes())
    monkeypatch.setattr("market.translations.check.ENGLISH", draft)
    found = list(faults())
    assert any("no English for 'Hitta mat'" in fault for fault in found)
    assert any("messages.mo is stale" in fault for fault in found)


SAYING = {"gettext", "lazy_gettext", "ngettext", "pgettext", "npgettext", "msg"}


def test_every_text_in_the_code_is_in_the_catalogue():
    """Also where it stands in an f-string or inside another call, which Babel does not look into."""
    known = {
        text for one in stored(ENGLISH, "en") for text in (one.id if isinstance(one.id, tuple) else (one.id,))
    }
    said = {
        (str(path.relative_to(MARKET)), argument.value)
        for path in MARKET.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and (name := getattr(call.func, "id", getattr(call.func, "attr", ""))) in SAYING
        for argument in call.args[name.endswith("pgettext") :]  # whose first argument is the context
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }
    assert len(said) > 1000
    assert {(path, text) for path, text in said if text not in known} == set()


def test_one_word_with_two_meanings_has_two_translations():
    kitchens = {message.context: message.string for message in stored(ENGLISH, "en") if message.id == "Kök"}
    assert kitchens == {None: "Kitchen", "flera": "Kitchens"}


def test_all_that_flask_security_says_is_in_swedish():
    """A new version of it with a new message is found here."""
    (template,) = (Path(flask_security.__file__).parent / "translations").glob("*.pot")
    with template.open("rb") as source:
        wanted = {message.id for message in read_po(source) if message.id}
    swedish = {message.id: message.string for message in stored(SECURITY, "sv") if message.id}
    assert wanted - set(swedish) == set()
    assert [text for text in swedish if not swedish[text]] == []
    assert [
        text for text in swedish if not set(PLACE.findall(swedish[text])) <= set(PLACE.findall(text))
    ] == []


@pytest.fixture
def read(client_for) -> Read:
    """A client of someone of the cast who reads Swedish or English."""

    def reader(name: str | None, language: str) -> FlaskClient:
        client = client_for(name)
        assert client.get(f"/language/{language}").status_code == 302
        return client

    return reader


@pytest.fixture
def with_password(app: Flask, engine) -> None:
    with app.app_context():
        hashed = hash_password(PASSWORD)
    with transaction(engine) as session:
        session.execute(update(User).where(User.email == "kitchen@example.se").values(password=hashed))


@pytest.mark.parametrize(
    ("language", "said", "not_said"),
    [
        (
            "sv",
            "E-postadressen eller lösenordet stämmer inte. Kontrollera båda och försök igen.",
            "Authentication",
        ),
        ("en", "Authentication failed - identity or password/passcode invalid", "lösenordet"),
    ],
)
def test_a_wrong_password_is_told_in_the_readers_language(read, with_password, language, said, not_said):
    answer = read(None, language).post("/login", data={"email": "kitchen@example.se", "password": "fel"})
    assert said in answer.text
    assert not_said not in answer.text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("sv", ["Lösenordet stämmer inte. Försök igen.", "Lösenordet måste ha minst 12 tecken."]),
        ("en", ["Invalid password", "Password must be at least 12 characters"]),
    ],
)
def test_what_is_wrong_with_a_new_password_is_told_in_the_readers_language(
    read, with_password, language, said
):
    new = {"new_password": "kort", "new_password_confirm": "kort"}
    client = read("kitchen", language)
    pages = [
        client.post("/change", data={"password": current} | new).text
        for current in ("fel lösenord", PASSWORD)
    ]
    assert all(any(text in page for page in pages) for text in said)


@pytest.mark.parametrize(
    ("language", "choose", "shorten"),
    [
        ("sv", "Välj något i listan.", "Skriv högst 120 tecken."),
        ("en", "Choose something in the list.", "Write at most 120 characters."),
    ],
)
def test_what_is_wrong_in_a_form_is_told_in_the_readers_language(
    cast, session, read, language, choose, shorten
):
    session.commit()
    form = {
        "name": "x" * 121,
        "category": "unicorns",
        "unit": "KGM",
        "temperature": "ambient",
        "farm": "987654",
    }
    page = read("producer", language).post("/register/products/new", data=form).text
    assert shorten in page
    assert page.count(choose) >= 2, "a list to choose one from, and one to tick"
    for built_in in ("Not a valid choice", "is not a valid choice", "cannot be longer", "giltigt val"):
        assert built_in not in page


@pytest.mark.parametrize(
    ("language", "said"), [("sv", "Välj något i listan."), ("en", "Choose something in the list.")]
)
def test_a_form_inside_another_speaks_the_same_language(cast, session, read, clock, language, said):
    order = make_order(session, cast, make_offer(session, cast), key="one")
    session.commit()
    clock.at = AT.replace(day=AT.day + 2)
    line = {"line_id": str(order.lines[0].id), "accepted": "30", "deviation": "eaten by trolls", "note": ""}
    form = {f"lines-0-{name}": value for name, value in line.items()} | {"request_key": "r"}
    page = read("kitchen", language).post(f"/orders/{order.id}/receive", data=form).text
    assert said in page
    assert "Not a valid choice" not in page


def _forms(form: type[Form]) -> Iterator[type[Form]]:
    for below in form.__subclasses__():
        yield below
        yield from _forms(below)


def test_every_form_of_ours_speaks_in_our_words(app):
    ours = {form for form in _forms(Form) if form.__module__.startswith("market.")}
    assert len(ours) > 15
    plain = [form for form in ours if not issubclass(form, NarmatForm | PartForm | ThrottledLoginForm)]
    assert plain == [], "derive it from NarmatForm, or from PartForm if it stands inside another"


def test_an_offer_is_written_as_english_readers_expect(cast, session, read):
    offer = make_offer(session, cast)
    session.commit()
    page = read("kitchen", "en").get(f"/offers/{offer.id}").text
    assert f"120{NBSP}kg of 120{NBSP}kg" in page
    assert f"14.00{NBSP}kr/kg" in page
    assert "Price excl. VAT" in page


def test_a_day_is_written_as_english_readers_expect(cast, session, read):
    order = make_order(session, cast, make_offer(session, cast), key="one")
    session.commit()
    page = read("kitchen", "en").get(f"/orders/{order.id}").text
    assert re.search(r"(Mon|Tues|Wednes|Thurs|Fri)day 2\d November", page)
    assert "Order" in page
