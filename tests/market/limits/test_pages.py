"""The meter's pages, the block as a kitchen meets it, and its lift by the procurement officer."""

from __future__ import annotations

import re

import pytest
from factories import AT, MONDAY, make_offer
from sqlalchemy import select

from market.audit import AuditEvent
from market.limits.models import KindOfGoods, LimitEntry, LimitLift, LimitSettings
from market.limits.officer_operations import record_purchase
from market.limits.rules import EntryState, PeriodKind
from market.offers.models import Offer
from market.orders.models import Order
from market.outbox import OutboxMessage

SPACE = "\N{NO-BREAK SPACE}"
PURCHASE = {
    "category": "vegetables",
    "supplier": "Torghandlaren",
    "kronor": "1 250,50",
    "on": MONDAY.isoformat(),
    "reason": "Köpt på torget",
    "request_key": "one",
}
LIFT = {
    "ground": "urgency",
    "kronor": "5 000",
    "last_day": "2026-12-04",
    "reason": "Leverantören i den annonserade upphandlingen har gått i konkurs.",
    "request_key": "lift",
}


@pytest.fixture
def nearly_full(stored, session):
    """Vegetables at 699 500 kronor, and 120 kg of carrots on offer."""
    offer = make_offer(session, stored)
    record_purchase(
        session, authority=stored.authority, category_key="vegetables", supplier_name="Grossisten", ore=69_950_000,
        on=MONDAY, reason="Före Närmat", although_over=False, request_key="before",
        actor=stored.actor("procurement_officer"), at=AT,
    )  # fmt: skip
    session.commit()
    return offer


def order_form(kitchen, **changes: str) -> dict[str, str]:
    return {
        "kitchen": str(kitchen.id),
        "amount": "40",
        "deliver_on": "2026-11-25",
        "request_key": "a",
    } | changes


def plain(text: str) -> str:
    """Without markup, spaces as spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_the_kitchen_is_stopped_told_what_works_and_nothing_is_reserved(
    client_for, stored, nearly_full, look
):
    client, url = client_for("kitchen"), f"/offers/{nearly_full.id}/order"
    assert "Kvar under direktupphandlingsgränsen för Grönsaker: 499,99 kr" in plain(client.get(url).text)
    answer = plain(client.post(url, data=order_form(stored.hub)).text)
    assert "Kvar att köpa för: högst 499,99 kr" in answer
    assert "Att dela upp köpet" in answer
    assert look.get_one(Offer, nearly_full.id).reserved == 0
    assert look.scalars(select(Order)).all() == []
    logged = look.scalars(select(AuditEvent).where(AuditEvent.action == "limit.blocked")).one()
    assert logged.data == {"kind": "vegetables", "wanted_ore": 56_000, "room_ore": 49_999}
    [told] = look.scalars(select(OutboxMessage).where(OutboxMessage.kind == "limit_blocked")).all()
    assert told.user_id == stored.actor("procurement_officer").user_id


def test_what_fits_is_ordered(client_for, stored, nearly_full, look):
    answer = client_for("kitchen").post(
        f"/offers/{nearly_full.id}/order", data=order_form(stored.hub, amount="30")
    )
    assert answer.status_code == 302
    assert look.scalars(select(LimitEntry.ore).order_by(LimitEntry.id.desc())).first() == 42_000


def test_the_officer_lifts_the_block_and_the_kitchen_orders(client_for, stored, nearly_full, look):
    officer, kitchen = client_for("procurement_officer"), client_for("kitchen")
    answer = officer.post("/limits/kinds/vegetables/lift", data=LIFT, follow_redirects=True)
    assert "Spärren är hävd. Beslutet och skälet är sparade." in answer.text
    assert LIFT["reason"] in answer.text
    url = f"/offers/{nearly_full.id}/order"
    assert kitchen.post(url, data=order_form(stored.hub)).status_code == 302
    lift = look.scalars(select(LimitLift)).one()
    answer = officer.post(f"/limits/lifts/{lift.id}/end", follow_redirects=True)
    assert "Spärren gäller igen." in answer.text
    stopped = kitchen.post(url, data=order_form(stored.hub, amount="10", request_key="b"))
    assert "Köpet ryms inte." in stopped.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": "Behövs"}, "minst 20 tecken"),
        ({"reason": ""}, "Fyll i det här."),
        ({"kronor": "0"}, "Skriv ett tal större än noll."),
        ({"kronor": "700 000,01"}, "Högst 700 000,00 kr"),
        ({"kronor": "99999999999999"}, "Högst 700 000,00 kr"),
        ({"last_day": "2027-03-01"}, "En hävning gäller högst 62 dagar"),
        ({"last_day": "2026-11-22"}, "Sista dagen har redan varit."),
        ({"last_day": "i morgon"}, "Skriv datumet som"),
        ({"ground": "because"}, "Välj något i listan."),
    ],
)
def test_a_lift_that_is_not_explained_or_too_much_is_refused(client_for, nearly_full, look, changes, words):
    answer = client_for("procurement_officer").post("/limits/kinds/vegetables/lift", data=LIFT | changes)
    assert answer.status_code == 200
    assert words in plain(answer.text)
    assert look.scalars(select(LimitLift)).all() == []


@pytest.mark.parametrize("person", ["meal_manager", "kitchen", "producer", "logistics_planner", "admin"])
def test_only_a_procurement_officer_lifts(client_for, nearly_full, person):
    assert client_for(person).post("/limits/kinds/vegetables/lift", data=LIFT).status_code == 403


def test_a_meal_manager_reads_and_changes_nothing(client_for, nearly_full):
    client = client_for("meal_manager")
    page = client.get("/limits")
    assert "699 500,00 kr av 700 000,00 kr" in plain(page.text)
    assert "/limits/purchases/new" not in page.text
    assert "/lift" not in client.get("/limits/kinds/vegetables").text


def test_a_kind_that_is_not_is_not_found(client_for, stored):
    officer = client_for("procurement_officer")
    assert officer.get("/limits/kinds/nonsense").status_code == 404
    assert officer.get("/limits/kinds/nonsense/lift").status_code == 404


def test_a_purchase_elsewhere_is_entered_once_and_taken_back_with_a_reason(client_for, stored, look):
    client = client_for("procurement_officer")
    for _ in range(2):
        assert client.post("/limits/purchases/new", data=PURCHASE).status_code == 302
    [entry] = look.scalars(select(LimitEntry)).all()
    assert (entry.ore, entry.state) == (125_050, EntryState.DELIVERED)
    assert "Köpt på torget" in client.get("/limits/kinds/vegetables").text
    url = f"/limits/purchases/{entry.id}/remove"
    assert "Fyll i det här." in client.post(url, data={"reason": " "}).text
    assert client.post(url, data={"reason": "Fel kategori"}).status_code == 302
    look.rollback()
    assert look.get_one(LimitEntry, entry.id).state is EntryState.RELEASED


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"on": "2026-11-24"}, "daterat framåt i tiden"),
        ({"kronor": "1.5"}, "Skriv decimaler med komma"),
        ({"kronor": "700 000"}, "Köpet ryms inte."),
        ({"kronor": "999 999 999 999"}, "Talet är för stort."),
        ({"supplier": "x" * 121}, "data-error-summary"),
        ({"category": "nonsense"}, "Välj något i listan."),
    ],
)
def test_what_can_not_be_a_purchase_is_explained(client_for, stored, look, changes, words):
    answer = client_for("procurement_officer").post("/limits/purchases/new", data=PURCHASE | changes)
    assert answer.status_code == 200
    assert words in answer.text
    assert look.scalars(select(LimitEntry)).all() == []


def test_settings_and_groupings_are_the_authority_s_own(client_for, stored, look):
    client = client_for("procurement_officer")
    form = {
        "period_kind": "rolling", "first_month": "7", "warn_first": "60", "warn_second": "80", "warn_third": "90",
    }  # fmt: skip
    assert client.post("/limits/settings", data=form).status_code == 302
    kept = look.get_one(LimitSettings, stored.authority.id)
    assert (kept.period_kind, kept.first_month, kept.levels) == (PeriodKind.ROLLING, 7, (60, 80, 90))
    assert "ska stiga" in client.post("/limits/settings", data=form | {"warn_third": "80"}).text
    kind = {"name": "Rotfrukter", "categories": ["vegetables", "potatoes"]}
    assert client.post("/limits/groupings/new", data=kind).status_code == 302
    look.rollback()
    [made] = look.scalars(select(KindOfGoods)).all()
    assert "hör redan till Rotfrukter" in client.post("/limits/groupings/new", data=kind | {"name": "B"}).text
    assert "Rotfrukter" in client.get("/limits").text
    assert client.post(f"/limits/groupings/{made.id}/remove").status_code == 302
    assert "Rotfrukter" not in client.get("/limits").text


def test_the_meters_ask_the_database_as_often_with_many_purchases_as_with_few(
    client_for, stored, session, queries
):
    client = client_for("procurement_officer")
    counts = []
    for many in (2, 20):
        for number in range(many):
            record_purchase(
                session, authority=stored.authority, category_key="beef", supplier_name=f"S{number}", ore=100,
                on=MONDAY, reason="x", although_over=False, request_key=f"{many}-{number}",
                actor=stored.actor("procurement_officer"), at=AT,
            )  # fmt: skip
        session.commit()
        counts.append(queries(lambda: client.get("/limits")))
    assert counts[0] == counts[1]
