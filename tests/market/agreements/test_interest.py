"""Interest in an offer: shown, changed, taken back, summed over kitchens; it reserves nothing."""

from __future__ import annotations

import pytest
from factories import AT, MONDAY, make_offer
from sqlalchemy import func, select

from market.agreements.models import Interest
from market.audit import AuditEvent
from market.offers.models import Offer
from market.offers.operations import withdraw_offer
from market.outbox import OutboxMessage

WEEK = "2026-W48"


@pytest.fixture
def offer(stored, session) -> int:
    offer = make_offer(session, stored)
    session.commit()
    return offer.id


def show(client, offer, amount="30", kitchen=None, week=WEEK, note=""):
    data = {"amount": amount, "week": week, "note": note} | ({"kitchen": kitchen} if kitchen else {})
    return client.post(f"/offers/{offer}/interest", data={"kitchen": ""} | data)


def test_a_kitchen_shows_interest_from_the_offers_page(stored, offer, client_for, look):
    client = client_for("kitchen")
    assert f"/offers/{offer}/interest?kitchen={stored.hub.id}" in client.get(f"/offers/{offer}/order").text
    assert show(client, offer, kitchen=stored.hub.id, note="Gärna tvättade").location == "/interest"
    [interest] = look.scalars(select(Interest))
    assert (interest.steps, interest.week_on, interest.note) == (30_000, MONDAY, "Gärna tvättade")
    assert look.get_one(Offer, offer).reserved == 0, "nothing is reserved"
    page = client.get("/interest").text
    assert "30\N{NO-BREAK SPACE}kg" in page
    assert "Gärna tvättade" in page


def test_the_same_again_changes_the_amount_and_tells_once(stored, offer, client_for, look):
    client = client_for("kitchen")
    for amount in ("30", "30", "45,5"):
        assert show(client, offer, amount, stored.hub.id).status_code == 302
    assert look.scalars(select(Interest.steps)).all() == [45_500]
    told = look.scalars(select(OutboxMessage).where(OutboxMessage.kind == "interest_shown")).all()
    people = {stored.actor(name).user_id for name in ("producer", "meal_manager")}
    assert {message.user_id for message in told} == people
    assert len(told) == 2


def test_the_meal_manager_sees_the_sum_and_who_and_goes_on_to_an_agreement(stored, offer, client_for):
    show(client_for("kitchen"), offer, "30", stored.hub.id)
    show(client_for("satellite"), offer, "12", stored.satellite.id)
    show(client_for("other_kitchen"), offer, "99", stored.other_kitchen.id)
    page = client_for("meal_manager").get("/interest").text
    assert "42\N{NO-BREAK SPACE}kg" in page
    assert "Centralköket: 30\N{NO-BREAK SPACE}kg" in page
    assert "99" not in page, "another municipality's kitchens are its own business"
    assert f"/agreements/new?producer={stored.producer.id}&amp;category=vegetables" in page
    everyone = client_for("producer").get("/interest").text
    assert "141\N{NO-BREAK SPACE}kg" in everyone, "the producer sees what all kitchens want"


def test_taken_back_it_is_gone_but_stays_in_the_log(stored, offer, client_for, look):
    client = client_for("kitchen")
    show(client, offer, kitchen=stored.hub.id)
    assert client_for("satellite").post("/interest/1/withdraw").status_code == 404
    assert client.post("/interest/1/withdraw").status_code == 302
    assert look.scalar(select(func.count()).select_from(Interest)) == 0
    actions = look.scalars(select(AuditEvent.action).where(AuditEvent.subject == "interest:1")).all()
    assert actions == ["interest.show", "interest.withdraw"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"amount": "0"}, "Skriv ett tal större än noll."),
        ({"amount": "mycket"}, "Skriv ett tal med siffror"),
        ({"amount": "99999999999"}, "Talet är för stort"),
        ({"week": "2026-W53"}, "Välj något i listan."),
        ({"note": "x" * 2001}, "Skriv högst 2000 tecken."),
    ],
)
def test_what_can_not_be_is_refused_with_what_to_do(stored, offer, client_for, look, data, words):
    answer = show(client_for("kitchen"), offer, **({"kitchen": stored.hub.id} | data))
    assert words in answer.text
    assert look.scalar(select(func.count()).select_from(Interest)) == 0


def test_no_interest_for_anothers_kitchen(stored, offer, client_for):
    assert show(client_for("satellite"), offer, kitchen=stored.hub.id).status_code == 404


def test_no_interest_in_what_is_taken_back(stored, offer, client_for, session):
    withdraw_offer(session, offer=session.get_one(Offer, offer), actor=stored.actor("producer"), at=AT)
    session.commit()
    answer = show(client_for("kitchen"), offer, kitchen=stored.hub.id)
    assert "Producenten har dragit tillbaka erbjudandet." in answer.text
