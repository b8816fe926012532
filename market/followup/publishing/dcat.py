"""Metadata of open figures by DCAT-AP-SE 3 (docs.dataportal.se/dcat/): what to say of a catalog, and three ways to write it down. Pure.

Sweden's data portal fetches RDF/XML from one address for each organisation and wants absolute addresses and no blank nodes for
catalog, dataset, distribution, publisher and contact. Mandatory there: the catalog's title, description, publisher, dataset and
licence (CC0); the dataset's title, description and publisher; the distribution's address; the publisher's name; the contact's
name and e-mail.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from types import MappingProxyType
from xml.sax.saxutils import escape, quoteattr

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "vcard": "http://www.w3.org/2006/vcard/ns#",
    }
)
EU = "http://publications.europa.eu/resource/authority/"
CC0 = "http://creativecommons.org/publicdomain/zero/1.0/"
LOCAL_AUTHORITY = "http://purl.org/adms/publishertype/LocalAuthority"
THEMES = (f"{EU}data-theme/AGRI", f"{EU}data-theme/GOVE")


@dataclass(frozen=True, slots=True)
class Iri:
    """An absolute address that names something."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words, in a language or of a type of XML Schema, or neither."""

    words: str
    language: str = ""
    of_type: str = ""


Triple = tuple[str, str, Iri | Text]
"""Subject's address, predicate as prefix:name, object."""
ByLanguage = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A way to fetch the data set."""

    url: str
    format: str
    title: ByLanguage


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """An authority's figures as a catalog of one data set. `home` is its page; ids of what has no page are made of it."""

    home: str
    publisher: str
    contact_name: str
    contact_email: str
    catalog_title: ByLanguage
    catalog_description: ByLanguage
    title: ByLanguage
    description: ByLanguage
    keywords: tuple[ByLanguage, ...]
    files: tuple[File, ...]
    issued: date | None = None
    starts: date | None = None
    languages: tuple[str, ...] = field(default=(f"{EU}language/SWE", f"{EU}language/ENG"))


def triples_of(what: Described) -> list[Triple]:
    """All that is said, subject by subject."""
    return [*_catalog(what), *_publisher(what), *_dataset(what), *_contact(what), *_files(what)]


def _catalog(what: Described) -> Iterator[Triple]:
    catalog = f"{what.home}#catalog"
    yield catalog, "rdf:type", Iri(f"{PREFIXES['dcat']}Catalog")
    yield from _worded(catalog, "dcterms:title", what.catalog_title)
    yield from _worded(catalog, "dcterms:description", what.catalog_description)
    yield catalog, "dcterms:publisher", Iri(f"{what.home}#publisher")
    yield catalog, "dcterms:license", Iri(CC0)
    yield catalog, "foaf:homepage", Iri(what.home)
    yield from ((catalog, "dcterms:language", Iri(language)) for language in what.languages)
    yield catalog, "dcat:themeTaxonomy", Iri(f"{EU}data-theme")
    yield catalog, "dcat:dataset", Iri(f"{what.home}#dataset")


def _publisher(what: Described) -> Iterator[Triple]:
    publisher = f"{what.home}#publisher"
    yield publisher, "rdf:type", Iri(f"{PREFIXES['foaf']}Agent")
    yield publisher, "foaf:name", Text(words=what.publisher)
    yield publisher, "dcterms:type", Iri(LOCAL_AUTHORITY)


def _dataset(what: Described) -> Iterator[Triple]:
    dataset = f"{what.home}#dataset"
    yield dataset, "rdf:type", Iri(f"{PREFIXES['dcat']}Dataset")
    yield from _worded(dataset, "dcterms:title", what.title)
    yield from _worded(dataset, "dcterms:description", what.description)
    yield dataset, "dcterms:publisher", Iri(f"{what.home}#publisher")
    for keyword in what.keywords:
        yield from _worded(dataset, "dcat:keyword", keyword)
    yield from ((dataset, "dcat:theme", Iri(theme)) for theme in THEMES)
    yield dataset, "dcterms:accessRights", Iri(f"{EU}access-right/PUBLIC")
    yield dataset, "dcterms:accrualPeriodicity", Iri(f"{EU}frequency/MONTHLY")
    yield dataset, "dcterms:spatial", Iri(f"{EU}country/SWE")
    yield dataset, "dcat:landingPage", Iri(what.home)
    yield from ((dataset, "dcterms:language", Iri(language)) for language in what.languages)
    if what.issued is not None:
        yield dataset, "dcterms:issued", _day(what.issued)
    if what.starts is not None:
        yield dataset, "dcterms:temporal", Iri(f"{what.home}#period")
    if what.contact_email:
        yield dataset, "dcat:contactPoint", Iri(f"{what.home}#contact")
    yield from (
        (dataset, "dcat:distribution", Iri(f"{what.home}#file-{number}"))
        for number, _ in enumerate(what.files, 1)
    )
    if what.starts is not None:
        yield f"{what.home}#period", "rdf:type", Iri(f"{PREFIXES['dcterms']}PeriodOfTime")
        yield f"{what.home}#period", "dcat:startDate", _day(what.starts)


def _contact(what: Described) -> Iterator[Triple]:
    if what.contact_email:
        contact = f"{what.home}#contact"
        yield contact, "rdf:type", Iri(f"{PREFIXES['vcard']}Organization")
        yield contact, "vcard:fn", Text(words=what.contact_name or what.publisher)
        yield contact, "vcard:hasEmail", Iri(f"mailto:{what.contact_email}")


def _files(what: Described) -> Iterator[Triple]:
    for number, file in enumerate(what.files, 1):
        subject = f"{what.home}#file-{number}"
        yield subject, "rdf:type", Iri(f"{PREFIXES['dcat']}Distribution")
        yield from _worded(subject, "dcterms:title", file.title)
        yield subject, "dcterms:format", Text(words=file.format)
        yield subject, "dcterms:license", Iri(CC0)
        yield subject, "dcat:accessURL", Iri(file.url)
        yield subject, "dcat:downloadURL", Iri(file.url)


def _worded(subject: str, predicate: str, words: ByLanguage) -> Iterator[Triple]:
    yield from ((subject, predicate, Text(words=text, language=language)) for language, text in words.items())


def _day(day: date) -> Text:
    return Text(words=day.isoformat(), of_type="date")


def rdf_xml(triples: Iterable[Triple]) -> str:
    """As the data portal fetches it."""
    names = "".join(f"\n  xmlns:{prefix}={quoteattr(address)}" for prefix, address in PREFIXES.items())
    lines = [f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{names}>']
    for subject, own in groupby(triples, key=lambda triple: triple[0]):
        lines.append(f"  <rdf:Description rdf:about={quoteattr(subject)}>")
        lines += [f"    {_element(predicate, value)}" for _, predicate, value in own]
        lines.append("  </rdf:Description>")
    return "\n".join([*lines, "</rdf:RDF>", ""])


def _element(predicate: str, value: Iri | Text) -> str:
    if isinstance(value, Iri):
        return f"<{predicate} rdf:resource={quoteattr(value.address)}/>"
    language = f" xml:lang={quoteattr(value.language)}" if value.language else ""
    typed = f" rdf:datatype={quoteattr(PREFIXES['xsd'] + value.of_type)}" if value.of_type else ""
    return f"<{predicate}{language}{typed}>{escape(value.words)}</{predicate}>"


def turtle(triples: Iterable[Triple]) -> str:
    """One statement a line."""
    heads = [f"@prefix {prefix}: <{address}> ." for prefix, address in PREFIXES.items()]
    return "\n".join(
        [*heads, "", *(f"<{one}> {predicate} {_term(value)} ." for one, predicate, value in triples), ""]
    )


def _term(value: Iri | Text) -> str:
    if isinstance(value, Iri):
        return f"<{value.address}>"
    words = json.dumps(value.words, ensure_ascii=False)  # its escapes are Turtle's too
    if value.language:
        return f"{words}@{value.language}"
    return f"{words}^^xsd:{value.of_type}" if value.of_type else words


def json_ld(triples: Iterable[Triple]) -> str:
    """One node for each subject."""
    nodes: dict[str, dict[str, object]] = {}
    for subject, predicate, value in triples:
        node = nodes.setdefault(subject, {"@id": subject})
        if predicate == "rdf:type" and isinstance(value, Iri):
            node["@type"] = value.address
            continue
        values = node.setdefault(predicate, [])
        assert isinstance(values, list)
        values.append(_value(value))
    return json.dumps(
        {"@context": dict(PREFIXES), "@graph": list(nodes.values())}, ensure_ascii=False, indent=2
    )


def _value(value: Iri | Text) -> dict[str, str]:
    if isinstance(value, Iri):
        return {"@id": value.address}
    found = {"@value": value.words}
    if value.language:
        found["@language"] = value.language
    if value.of_type:
        found["@type"] = f"xsd:{value.of_type}"
    return found
