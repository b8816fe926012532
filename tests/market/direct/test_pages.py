"""Award files from the first 100 000 kronor to the kept PDF, the carve-out, guidelines and the adviser's page."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from io import BytesIO

import pytest
from agreements import make_signed
from factories import AT, MONDAY, make_offer, make_order
from pypdf import PdfReader
from sqlalchemy import select

from market.audit import AuditEvent
from market.direct.models import AwardDocument, AwardNote, CarveOut
from market.direct.operations import add_carve_out
from market.direct.queries import award_file, carve_outs_of
from market.direct.rules import FileState, Measure, Missing, Written, allowed, kept_until, missing, state_of
from market.limits.models import Award
from market.limits.officer_operations import record_purchase
from market.orders.operations import receive_order
from market.orders.receipt_rules import DeviationKind, ReceivedLine
from market.register.models import Category

NOTE = {
    "reason": "Skörden är liten och värdet är under gränsen.",
    "asked": "Åkerbo och två till, per telefon.",
    "comparison": "Ett pris lämnades; det ligger under grossistens.",
    "contract": "Avtal 12/2026",
    "contract_on": MONDAY.isoformat(),
}
WHOLE = Written(
    reason="a",
    asked="b",
    comparison="c",
    contract="d",
    contract_on=MONDAY,
    asked_several=True,
    notified_on=MONDAY,
)


def purchase(session, cast, *, ore: int, key: str, on: date = MONDAY, supplier: str = "Åkerbo gård"):
    return record_purchase(
        session, authority=cast.authority, category_key="vegetables", supplier_name=supplier, ore=ore, on=on,
        reason="Lagrade morötter", although_over=False, request_key=key, actor=cast.actor("procurement_officer"),
        at=AT,
    )  # fmt: skip


@pytest.fixture
def award(stored, session):
    """120 000 kronor from Åkerbo, and carrots of theirs on offer at 14 kronor."""
    make_offer(session, stored)
    purchase(session, stored, ore=12_000_000, key="first")
    opened = session.scalars(select(Award)).one()
    session.commit()
    return opened


def test_a_file_says_what_is_missing_and_how_long_there_is(client_for, award, clock):
    client = client_for("procurement_officer")
    page = client.get("/limits/awards").text
    for words in (
        "Åkerbo gård",
        "30 dagar kvar",
        "varför köpet direktupphandlades",
        "vilket avtal det gäller",
    ):
        assert words in page
    clock.at = AT + timedelta(days=30)
    assert "0 dagar kvar" in client.get("/limits/awards").text
    clock.at = AT + timedelta(days=31)
    assert "1 dag för sent" in client.get("/limits/awards").text


def test_a_file_is_written_completed_and_kept_as_pdf(client_for, award, look, stored):
    client, url = client_for("procurement_officer"), f"/limits/awards/{award.id}"
    too_early = client.post(f"{url}/complete", follow_redirects=True)
    assert "Akten är inte komplett" in too_early.text
    assert client.post(f"{url}/write", data=NOTE).status_code == 302
    page = client.get(url)
    assert "Inget. Akten kan slutföras." in page.text
    assert "14,00" in page.text, "the price that was there at the time"
    assert client.post(f"{url}/complete").status_code == 302
    [kept] = look.scalars(select(AwardDocument)).all()
    pdf = client.get(f"{url}/1.pdf").data
    assert sha256(pdf).hexdigest() == kept.sha256
    assert kept.keep_until == date(2030, 11, 23)
    text = "\n".join(sheet.extract_text() for sheet in PdfReader(BytesIO(pdf)).pages)
    for words in (
        "Norrtälje kommun",
        "Skörden är liten",
        "Avtal 12/2026",
        "120 000,00",
        "14,00",
        "Lagrade morötter",
    ):
        assert words in text.replace("\N{NO-BREAK SPACE}", " ")
    assert b"pdfaid" in pdf, "archivable"
    logged = look.scalars(select(AuditEvent).where(AuditEvent.action == "award.complete")).one()
    assert logged.data["sha256"] == kept.sha256
    again = client.post(f"{url}/complete", follow_redirects=True)
    assert "Akten är redan slutförd" in again.text


def test_what_is_bought_after_completion_makes_a_new_version(client_for, award, session, stored, look):
    client, url = client_for("procurement_officer"), f"/limits/awards/{award.id}"
    client.post(f"{url}/write", data=NOTE)
    client.post(f"{url}/complete")
    purchase(session, stored, ore=100, key="later")
    session.commit()
    assert "Mer har köpts sedan dess" in client.get("/limits/awards").text
    client.post(f"{url}/complete")
    versions = look.scalars(select(AwardDocument.version).order_by(AwardDocument.version)).all()
    assert list(versions) == [1, 2]


def test_a_date_ahead_is_refused_and_nothing_is_kept(client_for, award, look):
    answer = client_for("procurement_officer").post(
        f"/limits/awards/{award.id}/write", data=NOTE | {"contract_on": "2026-11-24"}
    )
    assert "Datumet är framåt i tiden." in answer.text
    assert look.scalars(select(AwardNote)).all() == []


def test_a_signed_agreement_is_proposed_as_the_contract(client_for, award, session, cast):
    agreement = make_signed(session, cast)
    award.supplier_id = cast.producer.id
    session.commit()
    client, url = client_for("procurement_officer"), f"/limits/awards/{award.id}/write"
    page = client.get(url).text
    assert f"Avtal {agreement.id} i Närmat" in page
    assert 'value="2026-11-23"' in page, "the day of the last signature"
    client.post(url, data=NOTE)
    assert "Avtal 12/2026" in client.get(url).text, "what is written stays"


def test_a_meal_manager_reads_the_file_and_can_not_write(client_for, award):
    client = client_for("meal_manager")
    page = client.get(f"/limits/awards/{award.id}")
    assert page.status_code == 200
    assert "/write" not in page.text
    assert client.post(f"/limits/awards/{award.id}/write", data=NOTE).status_code == 403
    assert client.post(f"/limits/awards/{award.id}/complete").status_code == 403


def test_orders_stand_in_the_file_with_their_goods(session, cast):
    offer = make_offer(session, cast)
    make_order(session, cast, offer, key="a")
    purchase(session, cast, ore=9_950_000, key="b")
    award = session.scalars(select(Award)).one()
    file = award_file(session, award=award, today=MONDAY)
    assert [row.what for row in file.purchases] == ["Morötter", "Lagrade morötter"]
    assert file.value_ore == 9_950_000 + 56_000


def test_several_suppliers_asked_must_be_told_and_one_price_must_be_explained():
    assert missing(WHOLE, prices_known=0) == []
    assert missing(Written(), prices_known=1) == [
        Missing.REASON,
        Missing.ASKED,
        Missing.COMPARISON,
        Missing.CONTRACT,
        Missing.CONTRACT_DATE,
    ]
    assert Missing.COMPARISON not in missing(Written(), prices_known=2)
    assert missing(Written(asked_several=True), prices_known=2)[2] is Missing.NOTICE


def test_a_file_is_late_from_the_day_after_its_last():
    due = MONDAY
    assert state_of(completed_ore=None, value_ore=1, due_on=due, today=due) is FileState.OPEN
    late = state_of(completed_ore=None, value_ore=1, due_on=due, today=due + timedelta(days=1))
    assert late is FileState.LATE
    assert state_of(completed_ore=1, value_ore=2, due_on=due, today=due) is FileState.GROWN


def test_four_years_from_a_leap_day_and_a_share_rounded_down():
    assert kept_until(date(2024, 2, 29), years=4) == date(2028, 2, 29)
    assert kept_until(date(2024, 2, 29), years=3) == date(2027, 3, 1)
    assert allowed(1_999, Decimal(5)) == 99


@pytest.mark.parametrize(
    ("measure", "used"), [(Measure.MONEY, 112_000 - 7_000 + 5_000), (Measure.WEIGHT, 75_000)]
)
def test_a_carve_out_counts_what_was_ordered_or_came(session, cast, measure, used):
    """Two orders of 40 kg, of which one came as 35; and by hand 50 kronor, which have no weight."""
    offer = make_offer(session, cast)
    _, second = (make_order(session, cast, offer, key=key) for key in ("a", "b"))
    came = ReceivedLine(line_id=second.lines[0].id, accepted=35_000, deviation=DeviationKind.SHORT)
    receive_order(
        session, order=second, received=[came], decidegrees=None, note="", actor=cast.actor("kitchen"),
        at=AT + timedelta(days=2),
    )  # fmt: skip
    purchase(session, cast, ore=5_000, key="by-hand", supplier="Torget")
    add_carve_out(
        session, authority=cast.authority, category=session.get_one(Category, "vegetables"), contract="Grossist",
        measure=measure, total=10_000_000, share=Decimal(5), valid_from=date(2026, 1, 1),
        valid_until=date(2027, 1, 1), actor=cast.actor("procurement_officer"), at=AT,
    )  # fmt: skip
    [row] = carve_outs_of(session, authority_id=cast.authority.id)
    assert (row.meter.used, row.meter.allowed) == (used, 500_000)


def test_a_carve_out_is_entered_shown_and_removed(client_for, stored, look):
    client = client_for("procurement_officer")
    form = {
        "contract": "Grossistavtal 2026", "category": "vegetables", "measure": "weight", "total": "60 000",
        "share": "5", "valid_from": "2026-01-01", "last_day": "2026-12-31",
    }  # fmt: skip
    assert client.post("/limits/carve-outs/new", data=form).status_code == 302
    page = re.sub(r"\s+", " ", client.get("/limits/carve-outs").text)
    assert "av 3 000 kg (0 %)" in page
    assert "Det finns redan en andel" in client.post("/limits/carve-outs/new", data=form).text
    backwards = form | {"category": "beef", "last_day": "2025-12-01"}
    assert "Perioden tar slut innan den börjar" in client.post("/limits/carve-outs/new", data=backwards).text
    too_much = form | {"share": "101", "total": "9" * 20, "category": "beef"}
    answer = client.post("/limits/carve-outs/new", data=too_much).text
    assert "Andelen är högst 100 procent." in answer
    assert "Talet är för stort." in answer
    [made] = look.scalars(select(CarveOut)).all()
    assert client.post(f"/limits/carve-outs/{made.id}/remove").status_code == 302
    look.rollback()
    assert look.scalars(select(CarveOut)).all() == []


def test_guidelines_are_missing_until_they_are_stated(client_for, stored):
    client = client_for("procurement_officer")
    assert "Det saknas uppgift om riktlinjer." in client.get("/limits/guidelines").text
    form = {"decided_on": "2026-02-01", "reference": "KS 2026-1", "text": "Fråga tre."}
    assert client.post("/limits/guidelines/write", data=form).status_code == 302
    page = client_for("meal_manager").get("/limits/guidelines").text
    assert "KS 2026-1" in page
    assert "Fråga tre." in page


NEED = {"category": "vegetables", "value": "150000", "months": "12", "recurs": "yes"}


def test_the_adviser_answers_with_paragraphs_and_what_is_missing(client_for, stored):
    page = client_for("meal_manager").get("/limits/adviser", query_string=NEED).text
    for words in (
        "Direktupphandling",
        "19 a kap. 2 §",
        "19 a kap. 15 §",
        "Tröskelvärdet i kronor för dagen",
        "8 kap.",
    ):
        assert words in page
    assert page.index("Snabbast") < page.index("DIS enligt 8 kap.", page.index("Vägarna"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"months": "0"}, "Skriv ett tal större än noll."),
        ({"months": "1,5"}, "Skriv hela månader"),
        ({"value": ""}, "Fyll i det här."),
        ({"recurs": "perhaps"}, "Välj något i listan."),
        ({"category": "nonsense"}, "Välj något i listan."),
        ({"value": "9" * 30}, "Talet är för stort."),
    ],
)
def test_a_question_that_makes_no_sense_is_explained(client_for, stored, changes, words):
    answer = client_for("procurement_officer").get("/limits/adviser", query_string=NEED | changes)
    assert answer.status_code == 200
    assert words in answer.text
    assert "Laglig väg" not in answer.text
