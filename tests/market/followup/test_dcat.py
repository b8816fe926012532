"""The catalog says what DCAT-AP-SE wants said, and the same in all three ways of writing."""

from __future__ import annotations

import json
import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from market.followup.publishing.dcat import (
    CC0,
    PREFIXES,
    Described,
    File,
    json_ld,
    rdf_xml,
    triples_of,
    turtle,
)

HOME = "https://narmat.example/open-data/1"
WHAT = Described(
    home=HOME,
    publisher="Norrköping & Ätran <kommun>",
    contact_name="Måltid",
    contact_email="mat@example.se",
    catalog_title={"sv": "Öppna data", "en": "Open data"},
    catalog_description={"sv": 'Om "mat"\noch mer'},
    title={"sv": "Matåret"},
    description={"sv": "Vad köken köpte"},
    keywords=({"sv": "mat", "en": "food"}, {"sv": "lokalt"}),
    files=(
        File(url=f"{HOME}.csv", format="text/csv", title={"sv": "CSV"}),
        File(url=f"{HOME}.json", format="application/json", title={"sv": "JSON"}),
    ),
    issued=date(2026, 1, 2),
    starts=date(2025, 1, 1),
)
RDF = "{" + PREFIXES["rdf"] + "}"
XML = "{http://www.w3.org/XML/1998/namespace}"
Plain = tuple[str, str, str, str, str]
MANDATORY = {
    "dcat:Catalog": {"dcterms:title", "dcterms:description", "dcterms:publisher", "dcterms:license", "dcat:dataset"},
    "dcat:Dataset": {"dcterms:title", "dcterms:description", "dcterms:publisher"},
    "dcat:Distribution": {"dcat:accessURL"},
    "foaf:Agent": {"foaf:name"},
    "vcard:Organization": {"vcard:fn", "vcard:hasEmail"},
}  # fmt: skip


def full(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def from_xml(text: str) -> set[Plain]:
    found = set()
    for node in ET.fromstring(text):
        for child in node:
            predicate = child.tag.replace("{", "").replace("}", "")
            found.add(
                (
                    node.attrib[f"{RDF}about"],
                    predicate,
                    child.attrib.get(f"{RDF}resource", "") or (child.text or ""),
                    child.attrib.get(f"{XML}lang", ""),
                    child.attrib.get(f"{RDF}datatype", ""),
                )
            )
    return found


def from_turtle(text: str) -> set[Plain]:
    found = set()
    line = re.compile(r'<(.+?)> (\w+:\w+) (?:<(.+?)>|("(?:[^"\\]|\\.)*")(?:@(\w+))?(?:\^\^(\w+:\w+))?) \.')
    for each in text.splitlines():
        if each.startswith("<"):
            match = line.fullmatch(each)
            assert match, each
            subject, predicate, iri, words, language, of_type = match.groups()
            value = iri or json.loads(words)
            found.add((subject, full(predicate), value, language or "", full(of_type) if of_type else ""))
    return found


def from_json(text: str) -> set[Plain]:
    found = set()
    for node in json.loads(text)["@graph"]:
        found.add((node["@id"], full("rdf:type"), node["@type"], "", ""))
        for predicate, values in node.items():
            for value in values if not predicate.startswith("@") else ():
                of_type = full(value["@type"]) if "@type" in value else ""
                words = value.get("@id") or value["@value"]
                found.add((node["@id"], full(predicate), words, value.get("@language", ""), of_type))
    return found


def test_the_three_ways_of_writing_say_the_same() -> None:
    triples = triples_of(WHAT)
    said = from_xml(rdf_xml(triples))
    assert len(said) == len(triples) == len(set(triples))
    assert from_turtle(turtle(triples)) == said == from_json(json_ld(triples))


@pytest.mark.parametrize("kind", MANDATORY)
def test_each_thing_has_what_is_mandatory(kind: str) -> None:
    said = from_xml(rdf_xml(triples_of(WHAT)))
    things = {
        one for one, predicate, value, *_ in said if (predicate, value) == (full("rdf:type"), full(kind))
    }
    assert things
    for thing in things:
        has = {predicate for one, predicate, value, *_ in said if one == thing and value}
        assert {full(name) for name in MANDATORY[kind]} <= has


def test_what_is_pointed_at_within_the_catalog_is_described_and_all_addresses_are_absolute() -> None:
    said = from_xml(rdf_xml(triples_of(WHAT)))
    subjects = {one for one, *_ in said}
    pointed = {value for _, _, value, *_ in said if value.startswith(f"{HOME}#")}
    assert pointed == subjects - {f"{HOME}#catalog"}
    assert all(re.match(r"https?://", one) for one in subjects)
    assert (f"{HOME}#catalog", full("dcterms:license"), CC0, "", "") in said


def test_without_a_contact_none_is_named() -> None:
    said = from_xml(rdf_xml(triples_of(Described(**{
        name: getattr(WHAT, name) for name in Described.__dataclass_fields__ if name != "contact_email"
    }, contact_email=""))))  # fmt: skip
    assert not [one for one in said if one[1] == full("dcat:contactPoint")]
