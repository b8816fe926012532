"""Every page of the demo in both languages, as each role: nothing of the one language is left in the other."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from browser.crawling import left_to_look_at, links_of, shared_pages
from browser.serving import copied, demo_template, settings_for
from factories import AT
from flask import Flask
from reusing import reuse
from sqlalchemy import String, select

from geodata.areas import counties, municipalities
from market import create_app
from market.db import Base, open_session
from market.demo import PERSONAS
from market.translations.catalogue import ENGLISH, stored

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]

READERS = (None, *{persona.role: persona.key for persona in reversed(PERSONAS)}.values())
SHOWN = ("aria-label", "title", "alt", "placeholder")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
PLACE = re.compile(r"%\(\w+\)s|\{n\}")
COUNTS = {"%(num)s", "%(number)s", "{n}"}
ANYTHING, NUMBER = ".+", r"\d+"  # "Tierps kommun" is no number of municipalities
LEAST_LETTERS = 5  # below that a pattern such as "%(size)s %(package)s" matches anything
LETTERS = re.compile("[åäöÅÄÖ]")
SMALL_WORDS = {
    "sv": re.compile(r"\b(the|and|you|your|with|this|is|are|not)\b", re.IGNORECASE),
    "en": re.compile(r"\b(och|att|inte|som|från|till|det|av|om|med|kök|vecka)\b", re.IGNORECASE),
}
"""Words that are in most sentences of the other language, by the language of the reader."""
SAME_WORDS = {"Närmat", "GeoNames"}
TRANSLATED_TABLES = {"categories"}
Pages = Callable[[str | None], tuple[str, ...]]


@dataclass(frozen=True)
class Catalogue:
    """Patterns of all texts in one language that are written otherwise in the other one."""

    swedish: re.Pattern[str]
    english: re.Pattern[str]

    def left_over(self, text: str, language: str) -> bool:
        """Whether a whole text is of the other language, and not of the reader's."""
        own, other = (self.swedish, self.english) if language == "sv" else (self.english, self.swedish)
        return bool(other.fullmatch(text)) and not own.fullmatch(text)


@cache
def catalogue() -> Catalogue:
    pairs = [(texts(m.id), texts(m.string)) for m in stored(ENGLISH, "en") if m.id and m.id != m.string]
    return Catalogue(
        swedish=either([text for swedish, _ in pairs for text in swedish]),
        english=either([text for _, english in pairs for text in english]),
    )


def texts(message: Any) -> list[str]:
    return [message] if isinstance(message, str) else list(message)


def either(found: list[str]) -> re.Pattern[str]:
    """One pattern for all, with anything in the places."""
    return re.compile(
        "|".join(pattern(text) for text in found if letters(text) >= LEAST_LETTERS or "%" not in text)
    )


def pattern(text: str) -> str:
    parts = PLACE.split(text.replace("%%", "%"))
    places = [NUMBER if place in COUNTS else ANYTHING for place in PLACE.findall(text)]
    return "".join(re.escape(part) + place for part, place in zip(parts, [*places, ""], strict=True))


def letters(text: str) -> int:
    return sum(character.isalpha() for character in PLACE.sub("", text))


class Page(HTMLParser):
    """What a person reads on a page or hears of it, and the addresses of its maps.

    What says itself to be in another language is left out: the names of the languages, a text shown in both.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.maps: list[str] = []
        self._open: list[tuple[str, str]] = []  # tag and language, from the outermost
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append((tag, given.get("lang") or (self._open[-1][1] if self._open else "")))
        if tag != "meta" and self._is_read():
            self.said += [given[name] for name in SHOWN if given.get(name)]
            self.said += strings(json.loads(given.get("data-texts", "{}")))
        self.maps += [given[name] for name in ("data-geojson-url", "data-definition-url") if given.get(name)]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            continue

    def handle_data(self, data: str) -> None:
        if data.strip() and self._is_read():
            self.said.append(data)

    def _is_read(self) -> bool:
        if not self._open:
            return False
        tag, language = self._open[-1]
        return tag not in {"script", "style"} and language == self._open[0][1]


def strings(value: Any) -> Iterator[str]:
    """The texts in what a map is drawn from."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    own = tmp_path_factory.getbasetemp()
    return demo_template(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(scope="module")
def site(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    database = copied(template, tmp_path_factory.mktemp("languages"))
    return reuse(create_app(settings_for(database), clock=lambda: AT))


@pytest.fixture(scope="module")
def pages(site: Flask, template: Path) -> Pages:
    """The addresses of one page of each kind that a person can reach, and that few of the readers before have."""

    @cache
    def reachable(persona: str | None) -> dict[str, str]:
        unlinked = () if persona else ("/login",)
        return shared_pages(SimpleNamespace(app=site), persona, folder=template.parent, unlinked=unlinked)

    return lambda persona: tuple(path for path, _ in left_to_look_at(reachable, persona, READERS))


@pytest.fixture(scope="module")
def names(site: Flask) -> re.Pattern[str]:
    """Whatever people have written themselves, and the names of places; longest first."""
    found = {area.name for area in (*municipalities(), *counties())} | SAME_WORDS
    with open_session(site.extensions["narmat.engine"], writes=False) as session:
        for table in (t for t in Base.metadata.sorted_tables if t.name not in TRANSLATED_TABLES):
            for column in (c for c in table.columns if isinstance(c.type, String)):
                written = session.execute(select(column).distinct()).scalars()
                found |= {line.strip() for text in written if text for line in str(text).splitlines()}
    found |= {name.split(" ")[0] for name in found if " " in name and name.istitle()}
    ordered = sorted((name for name in found if len(name) > 2), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, ordered))})(?!\w)")


def readable(site: Flask, pages: Pages, persona: str | None, language: str) -> Iterator[tuple[str, str]]:
    """Address and text, for everything on every kind of page that the person can reach, in a language."""
    client = site.test_client()
    if persona:
        client.get(f"/demo/sign-in/{persona}")
    client.get(f"/language/{language}")
    read: set[str] = set()
    for address in pages(persona):
        page = Page(client.get(address).text)
        yield from ((address, said) for said in page.said)
        for source in set(page.maps) - read:
            read.add(source)
            answer = client.get(source)
            yield from ((source, said) for said in strings(answer.get_json()))


@cache
def complaint(said: str, language: str, names: re.Pattern[str]) -> bool:
    text = " ".join(said.split())
    if names.fullmatch(text):
        return False  # there is a municipality called Vara
    if catalogue().left_over(text, language):
        return True
    ours = names.sub("", text)
    return bool(SMALL_WORDS[language].search(ours) or (language == "en" and LETTERS.search(ours)))


@pytest.mark.slow
@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("persona", READERS, ids=str)
def test_no_page_mixes_the_languages(site, pages, names, persona, language):
    said = list(readable(site, pages, persona, language))
    assert len(said) > 30
    assert {(address, text) for address, text in said if complaint(text, language, names)} == set()


def test_a_page_is_read_as_a_person_reads_it():
    page = Page(
        """<!doctype html><html lang="sv"><title>Hem</title><nav><a lang="en" href="/">English</a></nav>
        <p>Morötter<br>12&nbsp;kg <b lang="en">carrots</b></p><script>var x</script>
        <div aria-label="Karta" data-texts='{"open": "Öppna"}' data-geojson-url="/f"></div></html>"""
    )
    assert [" ".join(said.split()) for said in page.said] == ["Hem", "Morötter", "12 kg", "Karta", "Öppna"]
    assert page.maps == ["/f"]


def test_every_link_of_a_page_is_found():
    page = """<a href="/b?c=1&amp;d=2">B</a><abbr href="/no">x</abbr><a class="x" title="a > b" href="/orders"
        hreflang="en">Orders</a><a href="https://narmat.example.se/">out</a><a name="here">here</a><a\nhref="/last">"""
    assert links_of(page) == ["/b?c=1&d=2", "/orders", "/last"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Hitta mat"),
        ("en", "Plan 3, gjord tis 24 nov. 08:00."),
        ("en", "Inget sådant"),
        ("en", "Home: ut och in"),
        ("sv", "Find food"),
        ("sv", "You may not do this"),
        ("sv", "12 offers"),
    ],
)
def test_what_is_left_over_is_found(names, language, text):
    assert complaint(text, language, names)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Plan 3"),
        ("sv", "Plan 3"),
        ("sv", "Administration"),
        ("en", "Skola i Norrtälje (demo)"),
        ("en", "Kitchen"),
    ],
)
def test_names_and_words_that_are_the_same_are_not_left_over(names, language, text):
    assert not complaint(text, language, names)
