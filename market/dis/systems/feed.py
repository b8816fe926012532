"""Atom feeds (RFC 4287) of DIS: all of them, or what has happened with one. Pure: XML out of plain entries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

ATOM = "http://www.w3.org/2005/Atom"
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to read. `id` lasts for ever and is an IRI; `updated` is an aware instant."""

    id: str
    title: str
    url: str
    updated: datetime
    published: datetime
    author: str
    summary: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """`updated` is told when there is no entry."""

    id: str
    title: str
    url: str
    page_url: str
    author: str
    updated: datetime
    entries: Sequence[Entry]


def atom(feed: Feed) -> bytes:
    """The feed as UTF-8 XML, the newest entry first."""
    root = Element("feed", {"xmlns": ATOM, "xml:lang": "sv"})
    entries = sorted(feed.entries, key=lambda entry: entry.updated, reverse=True)
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", _rfc3339(entries[0].updated if entries else feed.updated))
    SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": feed.url})
    SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": feed.page_url})
    _add(SubElement(root, "author"), "name", feed.author)
    for entry in entries:
        _entry(root, entry)
    made: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _entry(root: Element, entry: Entry) -> None:
    element = SubElement(root, "entry")
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "updated", _rfc3339(entry.updated))
    _add(element, "published", _rfc3339(entry.published))
    SubElement(element, "link", {"rel": "alternate", "type": "text/html", "href": entry.url})
    _add(SubElement(element, "author"), "name", entry.author)
    for term in entry.categories:
        SubElement(element, "category", {"term": _clean(term)})
    _add(element, "summary", entry.summary)


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _clean(text)


def _clean(text: str) -> str:
    """Without the control characters that XML can not carry."""
    return NOT_XML.sub("", text)


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
