"""The dated values: everyone signed in reads them, an administrator enters and ends them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from market.audit import AuditEvent
from market.law.models import LawValue
from market.law.queries import law_value, law_value_or_none
from market.law.rules import LawKey

THRESHOLD = {
    "key": "eu_threshold",
    "value": "2 340 000",
    "valid_from": "2026-01-01",
    "last_day": "2027-12-31",
    "source": "SFS 2025:1234",
}


@pytest.mark.parametrize("person", ["producer", "kitchen", "meal_manager", "procurement_officer", "admin"])
def test_everyone_signed_in_reads_them_and_that_the_threshold_is_missing(client_for, stored, person):
    page = client_for(person).get("/law").text
    assert "Saknas i dag: Tröskelvärde" in page
    assert "LOU 19 a kap. 2 §" in page


def test_an_administrator_enters_the_missing_threshold(client_for, stored, look):
    client = client_for("admin")
    answer = client.post("/law/new", data=THRESHOLD, follow_redirects=True)
    assert "Värdet är inlagt." in answer.text
    assert "Saknas i dag" not in answer.text
    assert law_value(look, LawKey.EU_THRESHOLD, on=date(2027, 12, 31)).value == Decimal(2_340_000)
    assert law_value_or_none(look, LawKey.EU_THRESHOLD, on=date(2028, 1, 1)) is None
    logged = look.scalars(select(AuditEvent).where(AuditEvent.action == "law.add")).one()
    assert logged.data["value"] == "2340000"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"valid_from": "2025-12-31"}, "Det finns redan ett värde för de dagarna."),
        ({"last_day": "2025-12-01"}, "Perioden tar slut innan den börjar."),
        ({"key": "direct_award_limit"}, "Det finns redan ett värde för de dagarna."),
        ({"key": "vat_food", "value": "101"}, "procent är högst 100"),
        ({"key": "payment_days", "value": "29,5"}, "hela tal"),
        ({"value": "-1"}, "inget är mindre än noll"),
        ({"value": "9" * 20}, "Värdet passar inte"),
        ({"source": " "}, "Skriv var värdet står."),
        ({"key": "speed_limit"}, "Välj något i listan."),
        ({"valid_from": "1 maj"}, "Skriv datumet som"),
    ],
)
def test_what_does_not_fit_is_explained_and_not_kept(client_for, stored, look, changes, words):
    before = len(look.scalars(select(LawValue)).all())
    answer = client_for("admin").post("/law/new", data=THRESHOLD | changes)
    assert answer.status_code == 200
    assert words in answer.text
    look.rollback()
    assert len(look.scalars(select(LawValue)).all()) == before


def test_a_new_limit_follows_when_the_old_one_has_its_last_day(client_for, stored, look):
    client = client_for("admin")
    old = law_value(look, LawKey.DIRECT_AWARD_LIMIT, on=date(2026, 11, 23))
    assert client.post(f"/law/{old.id}/end", data={"last_day": "2026-12-31"}).status_code == 302
    new = {"key": "direct_award_limit", "value": "800000", "valid_from": "2027-01-01", "source": "Ny lag"}
    assert client.post("/law/new", data=new).status_code == 302
    look.rollback()
    limits = [law_value(look, LawKey.DIRECT_AWARD_LIMIT, on=date(year, 1, 1)).value for year in (2026, 2027)]
    assert limits == [700_000, 800_000]
    refused = client.post(f"/law/{old.id}/end", data={"last_day": "2027-01-01"})
    assert "Det finns redan ett värde" in refused.text


@pytest.mark.parametrize("person", ["procurement_officer", "meal_manager", "kitchen"])
def test_nobody_else_changes_the_law(client_for, stored, person):
    assert client_for(person).post("/law/new", data=THRESHOLD).status_code == 403
