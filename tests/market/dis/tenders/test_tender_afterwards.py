"""What is read after the opening, by whom, and what an officer may set aside."""

from __future__ import annotations

import json

import pytest
from tender_making import DEADLINE, FIRST, fresh, open_both, tender_of, text_of, typed, url

from market.db import transaction
from market.dis.calloffs.models import CallOff
from market.dis.rules import CallOffEvent, TenderState, Thing
from market.dis.steps import move
from market.dis.tenders.models import Tender
from market.dis.tenders.queries import valid_tenders
from market.outbox import OutboxMessage


def test_the_label_is_shown_to_who_runs_the_dis_only(client_for, tendered):
    open_both(client_for, tendered)
    page = f"/dis/calloffs/{tendered.id}/tenders"
    assert "Märkning på prover" in client_for("procurement_officer").get(page).text
    assert "Märkning på prover" not in client_for("meal_manager").get(page).text
    assert "Märkning på prover" not in client_for("other_officer").get(page).text


def test_each_tender_has_its_page_its_file_and_its_bytes(client_for, engine, tendered, cast):
    open_both(client_for, tendered)
    client, tender_id = client_for("meal_manager"), tender_of(engine, tendered, cast.other_producer)
    page = client.get(f"/dis/tenders/{tender_id}")
    assert "0,00 kr/kg" in text_of(page)
    link = page.text[page.text.index(f"/dis/tenders/{tender_id}/evidence/") :].split('"')[0]
    assert client.get(link).data.startswith(b"\xff\xd8")
    assert client.get(f"/dis/tenders/{tender_id}/evidence/987654").status_code == 404
    assert json.loads(client.get(f"/dis/tenders/{tender_id}/sealed.json").data)["format"] == "narmat-tender-1"


def test_the_tenderer_sees_its_own_and_nobody_elses(client_for, tendered):
    open_both(client_for, tendered)
    mine = text_of(client_for("producer").get(url(tendered)))
    assert "12,50 kr/kg" in mine
    assert "Två klasser" not in mine
    assert "Två klasser" in text_of(client_for("other_producer").get(url(tendered)))
    late = client_for("producer").post(
        url(tendered), data=typed(**{"lots-0-price": "1", "request_key": "late"})
    )
    assert "12,50 kr/kg" in text_of(late), "a form sent after the opening changes nothing"


@pytest.mark.parametrize(
    ("step", "state", "subject"),
    [("reject", TenderState.REJECTED, True), ("withdraw", TenderState.WITHDRAWN, False)],
)
def test_an_officer_sets_one_aside_with_reasons(client_for, engine, tendered, cast, step, state, subject):
    open_both(client_for, tendered)
    tender_id = tender_of(engine, tendered, cast.producer)
    address, client = f"/dis/tenders/{tender_id}/{step}", client_for(FIRST)
    assert "Skriv skälen." in client.post(address, data={"reason": " "}).text
    assert client_for("other_officer").post(address, data={"reason": "Nej"}).status_code == 404
    assert client_for("meal_manager").post(address, data={"reason": "Nej"}).status_code == 403
    answer = client.post(address, data={"reason": "Priset gäller en annan vara"}, follow_redirects=True)
    assert "Priset gäller en annan vara" in answer.text
    with fresh(engine) as session:
        assert session.get_one(Tender, tender_id).state is state
        assert [one.producer_id for one in valid_tenders(session, calloff_id=tendered.id)] == [
            cast.other_producer.id
        ]
        message = session.query(OutboxMessage).filter_by(kind="dis_tender_set_aside").one()
        assert message.params["is_rejected"] == subject
    again = client.post(address, data={"reason": "En gång till"}, follow_redirects=True)
    assert "Det går inte längre" in again.text


def test_what_is_evaluated_is_not_rejected_but_may_go_bankrupt(client_for, engine, tendered, cast):
    open_both(client_for, tendered)
    with transaction(engine) as session:
        move(
            session,
            Thing.CALLOFF,
            session.get_one(CallOff, tendered.id),
            CallOffEvent.EVALUATE,
            user_id=None,
            at=DEADLINE,
        )
    tender_id, client = tender_of(engine, tendered, cast.producer), client_for(FIRST)
    refused = client.post(f"/dis/tenders/{tender_id}/reject", data={"reason": "x"})
    assert "redan utvärderat" in refused.text
    client.post(f"/dis/tenders/{tender_id}/withdraw", data={"reason": "Konkurs"})
    with fresh(engine) as session:
        assert session.get_one(Tender, tender_id).state is TenderState.WITHDRAWN


@pytest.mark.parametrize("step", ["reject", "withdraw"])
def test_after_the_decision_a_tender_falls_with_it_and_not_alone(client_for, engine, tendered, cast, step):
    open_both(client_for, tendered)
    with transaction(engine) as session:
        for event in (CallOffEvent.EVALUATE, CallOffEvent.AWARD):
            found = session.get_one(CallOff, tendered.id)
            move(session, Thing.CALLOFF, found, event, user_id=None, at=DEADLINE)
    tender_id, client = tender_of(engine, tendered, cast.producer), client_for(FIRST)
    page = client.get(f"/dis/tenders/{tender_id}").text
    assert f"/dis/tenders/{tender_id}/{step}" not in page
    assert f"/dis/calloffs/{tendered.id}/award" in page
    refused = client.post(f"/dis/tenders/{tender_id}/{step}", data={"reason": "Konkurs"})
    assert "på sidan Tilldelning" in refused.text
    with fresh(engine) as session:
        assert session.get_one(Tender, tender_id).state is TenderState.OPENED
