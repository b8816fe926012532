"""What everyone may read of a published DIS: a lasting page, a PDF for archives, data by a schema, valid feeds."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from dis_drafts import FIRST_ROUND, FORM, make_draft
from dis_making import make_dis
from factories import AT
from jsonschema import Draft202012Validator
from pypdf import PdfReader

from market.dis.rules import Regime
from market.dis.systems.export import notice_sheet
from market.dis.systems.feed import Entry, Feed, atom
from market.dis.systems.notice import Dates, content_of
from market.dis.systems.operations import end_dis, publish_dis

SCHEMAS = Path(__file__).parents[4] / "docs/schemas"
ATOM = "{http://www.w3.org/2005/Atom}"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@pytest.fixture
def published(cast, session):
    """Its id; published by the operations, then stored."""
    dis = make_draft(session, cast)
    officer = {"actor": cast.actor("procurement_officer"), "at": AT}
    publish_dis(session, dis=dis, first_round=FIRST_ROUND, pdf=b"%PDF-annons", **officer)
    session.commit()
    return dis


def check_feed(data: bytes) -> list[ET.Element]:
    """The musts of RFC 4287, sections 4.1 and 4.2. Returns the entries."""
    root = ET.fromstring(data)
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert len(root.findall(f"{ATOM}{name}")) == 1
    assert [link.get("rel") for link in root.findall(f"{ATOM}link")].count("self") == 1
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    entries = root.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    for element in (root, *entries):
        assert re.match(r"[a-z]+:.", element.findtext(f"{ATOM}id"))
        assert INSTANT.fullmatch(element.findtext(f"{ATOM}updated"))
        assert element.findtext(f"{ATOM}title")
    for entry in entries:
        (link,) = entry.findall(f"{ATOM}link")
        assert (link.get("rel"), link.get("href")[:7]) == ("alternate", "http://")
        assert INSTANT.fullmatch(entry.findtext(f"{ATOM}published"))
    assert [entry.findtext(f"{ATOM}updated") for entry in entries] == sorted(
        (entry.findtext(f"{ATOM}updated") for entry in entries), reverse=True
    )
    return entries


def test_the_feeds_are_valid_and_tell_what_happened(published, cast, session, client_for):
    end_dis(
        session,
        dis=published,
        reason="Ersätts.",
        actor=cast.actor("procurement_officer"),
        at=AT + timedelta(days=1),
    )
    session.commit()
    reader = client_for(None)
    answer = reader.get("/dis/feed.atom")
    assert answer.mimetype == "application/atom+xml"
    (entry,) = check_feed(answer.data)
    assert entry.findtext(f"{ATOM}title") == "Avslutat: Livsmedel 2027"
    entries = check_feed(reader.get(f"/dis/{published.id}/feed.atom").data)
    assert [one.findtext(f"{ATOM}title").partition(":")[0] for one in entries] == ["Avslutat", "Publicerat"]
    assert "Ersätts." in entries[0].findtext(f"{ATOM}summary")


def test_an_empty_feed_is_valid_too(stored, client_for):
    assert check_feed(client_for(None).get("/dis/feed.atom").data) == []


def test_what_xml_can_not_carry_is_left_out():
    at = datetime(2026, 11, 23, 8, tzinfo=UTC)
    entry = Entry("tag:x,2026:1", "A\x00<b>\x0b", "http://x/1", at, at, "Å & ä", "]]>\ud800")
    (read,) = check_feed(atom(Feed("tag:x,2026:f", "F", "http://x/f", "http://x", "N", at, [entry])))
    assert read.findtext(f"{ATOM}title") == "A<b>"
    assert read.findtext(f"{ATOM}summary") == "]]>"


def test_the_data_follow_the_published_schema(published, client_for):
    schema = json.loads((SCHEMAS / "narmat-dis-notice-1.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    data = client_for(None).get(f"/dis/{published.id}/notice.json").json
    Draft202012Validator(schema).validate(data)
    assert data["valid_to"] == "2028-12-31"
    assert data["first_round_ends_at"] == "2026-12-29T00:00:00+01:00"
    assert data["categories"][-1]["cpv"] == ["03142500-3"]
    assert data["documents"][0]["sha256"] == hashlib.sha256(b"%PDF-annons").hexdigest()
    assert not Draft202012Validator(schema).is_valid(data | {"price": 1})


def test_the_sheet_has_a_row_for_each_fact_and_no_formulas(published, client_for):
    answer = client_for(None).get(f"/dis/{published.id}/notice.csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert {row["del"] for row in rows} == {"system", "kategori", "krav", "mervärde"}
    visits = next(row for row in rows if row["rubrik"] == "Besöker skolor")
    assert visits["avdrag_procent"] == "10.00"
    published.name = "=HYPERLINK(1)"
    assert ";'=HYPERLINK(1);" in notice_sheet(published, url="http://x")


def test_the_notice_is_kept_byte_for_byte_in_each_version(published, client_for):
    reader = client_for(None)
    assert reader.get(f"/dis/{published.id}/notice.pdf").data == b"%PDF-annons"
    document_id = published.documents[0].id
    assert reader.get(f"/dis/{published.id}/notice.pdf?document={document_id}").data == b"%PDF-annons"
    assert reader.get(f"/dis/{published.id}/notice.pdf?document=999").status_code == 404


def test_a_document_of_another_notice_is_not_given(published, cast, session, client_for):
    other = make_dis(session, cast)
    session.commit()
    document_id = published.documents[0].id
    assert client_for(None).get(f"/dis/{other.id}/notice.pdf?document={document_id}").status_code == 404


def test_the_pdf_is_archivable_tagged_and_says_it_all(stored, client_for):
    officer = client_for("procurement_officer")
    location = officer.post("/dis/new", data=FORM).location
    dis_id = int(re.search(r"/dis/(\d+)", location).group(1))
    officer.post(f"/dis/{dis_id}/publish", data={"last_day": "2026-12-28"})
    pdf = PdfReader(io.BytesIO(client_for(None).get(f"/dis/{dis_id}/notice.pdf").data))
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"pdfaid:part" in pdf.trailer["/Root"]["/Metadata"].get_data()
    text = " ".join(page.extract_text() for page in pdf.pages)
    for words in (
        "Livsmedel 2027",
        "Norrtälje kommun",
        "03142500-3",
        "Besöker skolor",
        "högst 10 %",
        "28 december 2026",
    ):
        assert words in text


def texts_of(content):
    return json.dumps(content, ensure_ascii=False)


def test_the_notice_says_the_rules_of_its_regime(session, cast):
    strict = make_draft(session, cast)
    content = texts_of(
        content_of(
            session, strict, Dates.to_publish(strict, FIRST_ROUND, on=AT.date()), url="http://x", on=AT.date()
        )
    )
    assert "8 kap. 4 § LOU" in content
    assert "inom 10 arbetsdagar" in content
    assert "eller 15" in content
    lax = make_draft(session, cast, key="lax", regime=Regime.NATIONAL)
    content = texts_of(
        content_of(
            session, lax, Dates.to_publish(lax, FIRST_ROUND, on=AT.date()), url="http://x", on=AT.date()
        )
    )
    assert "19 kap. LOU" in content
    assert "arbetsdagar" not in content


def test_the_public_page_shows_what_suppliers_need_and_no_reasons_of_the_office(published, client_for):
    page = client_for(None).get(f"/dis/{published.id}").text
    for words in ("Ansök", "Besöker skolor", "28 december 2026", "har vi inte kunnat pröva", "feed.atom"):
        assert words in page
    assert published.regime_reason not in page


def test_a_producer_is_led_to_apply_only_where_there_is_a_page_for_it(app, published, client_for):
    page = client_for("producer").get(f"/dis/{published.id}").text
    assert (f"/dis/{published.id}/apply" in page) == ("dis.apply" in app.view_functions)
