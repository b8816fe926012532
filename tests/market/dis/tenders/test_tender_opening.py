"""Two open together after the deadline: all or nothing, labels drawn, the list made; then what an officer sets aside."""

from __future__ import annotations

import json
import threading
from datetime import UTC, timedelta
from io import BytesIO
from random import Random

import pytest
from dis_making import steps_of
from factories import AT
from pypdf import PdfReader
from tender_making import (
    DEADLINE,
    FIRST,
    SECOND,
    SECOND_PERSON,
    TICK,
    fresh,
    open_both,
    opening,
    text_of,
    typed,
    url,
)

from market.audit import AuditEvent, verify
from market.db import open_session, transaction
from market.dis.calloffs.models import CallOff
from market.dis.models import DisFile
from market.dis.rules import CallOffEvent, CallOffState, NotPossibleNow, Thing
from market.dis.sealing.models import CallOffKey, SealedEnvelope
from market.dis.sealing.operator_key import keeper_of
from market.dis.steps import move
from market.dis.tenders.models import OpeningConfirmation, OpeningRecord, Tender
from market.dis.tenders.opening_operations import confirm_opening
from market.dis.tenders.queries import valid_tenders
from market.dis.tenders.rules import TOGETHER, AlreadyConfirmed


def test_two_open_and_the_tenders_say_what_lay_in_the_envelopes(client_for, engine, tendered, cast):
    first = client_for(FIRST).post(opening(tendered), follow_redirects=True)
    assert "en person till" in first.text
    assert "Procurement_officer Test" in first.text
    answer = client_for(SECOND_PERSON).post(opening(tendered), follow_redirects=True)
    assert "Anbuden är öppnade." in answer.text
    assert "2 500,00 kr" in text_of(answer)
    with fresh(engine) as session:
        assert session.get_one(CallOff, tendered.id).state is CallOffState.OPENED
        mine, other = sorted(valid_tenders(session, calloff_id=tendered.id), key=lambda one: one.producer_id)
        assert (mine.received_at, mine.min_total_ore, len(mine.versions)) == (AT + SECOND, 50_000, 2)
        assert (mine.lines[0].price, mine.lines[0].max_steps, mine.lines[0].weekdays) == (
            pytest.approx(12.5),
            200_000,
            [2, 4],
        )
        assert {mine.blind_label, other.blind_label} == {"A", "B"}
        assert other.lines[0].price == 0
        assert other.claims[0].evidence == "Två klasser"
        assert other.claims[0].file is not None
        assert other.claims[0].file.content_type == "image/jpeg"
        assert session.get_one(CallOffKey, tendered.id).released_at == DEADLINE
        assert json.loads(mine.content or b"")["tender"]["lots"][0]["price"] == "12.50"


def test_the_log_tells_afterwards_when_each_version_came(client_for, engine, tendered):
    open_both(client_for, tendered)
    with fresh(engine) as session:
        received = session.query(AuditEvent).filter_by(action="tender.received").order_by(AuditEvent.id).all()
        instants = sorted(event.data["received_at"] for event in received)
        assert instants == sorted(
            one.astimezone(UTC).isoformat(timespec="microseconds") for one in (AT, AT + SECOND, AT + SECOND)
        )
        assert all(event.at == DEADLINE for event in received)
        verify(session)


def test_the_attested_list_names_tenders_openers_and_instants(client_for, engine, tendered, cast):
    open_both(client_for, tendered)
    pdf = client_for(FIRST).get(f"/dis/calloffs/{tendered.id}/opening-list.pdf")
    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf.data)).pages).replace("\n", " ")
    for said in (
        cast.producer.name,
        cast.other_producer.name,
        "kl. 08:00:01 (UTC+01:00)",
        "2 500,00 kr",
        "Procurement_officer Test",
        "Other_meal_manager Test",
        "0,00 kr",
    ):
        assert said in words.replace("\N{NO-BREAK SPACE}", " "), said
    with fresh(engine) as session:
        record = session.get_one(OpeningRecord, tendered.id)
        assert record.pdf == pdf.data
        assert (
            session.query(AuditEvent).filter_by(action="calloff.attest_opening").one().data["sha256"]
            == record.sha256
        )


def test_a_list_that_was_lost_on_its_way_is_made_from_the_page(client_for, engine, tendered):
    open_both(client_for, tendered)
    with transaction(engine) as session:
        record = session.get_one(OpeningRecord, tendered.id)
        record.pdf, record.sha256 = None, None
    client = client_for(FIRST)
    assert client.get(f"/dis/calloffs/{tendered.id}/opening-list.pdf").status_code == 404
    assert "Gör förteckningen" in client.get(f"/dis/calloffs/{tendered.id}/tenders").text
    client.post(f"/dis/calloffs/{tendered.id}/opening-list")
    assert client.get(f"/dis/calloffs/{tendered.id}/opening-list.pdf").data.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("before", "opens"), [(-SECOND, False), (-TICK, False), (timedelta(0), True), (SECOND, True)]
)
def test_nobody_opens_before_the_deadline(client_for, engine, clock, tendered, before, opens):
    clock.at = DEADLINE + before
    answer = client_for(FIRST).post(opening(tendered), follow_redirects=True)
    assert ("får öppnas först när tidsgränsen har passerat" in answer.text) != opens
    with fresh(engine) as session:
        assert session.query(OpeningConfirmation).count() == int(opens)


def test_the_same_person_is_not_two(client_for, engine, tendered):
    client = client_for(FIRST)
    client.post(opening(tendered))
    assert "Du har redan bekräftat" in client.post(opening(tendered), follow_redirects=True).text
    with fresh(engine) as session:
        assert session.get_one(CallOff, tendered.id).state is CallOffState.INVITED
        assert session.query(OpeningConfirmation).count() == 1


def test_a_confirmation_lapses_and_can_be_given_anew(client_for, engine, clock, tendered):
    client_for(FIRST).post(opening(tendered))
    clock.at = DEADLINE + TOGETHER
    client_for(SECOND_PERSON).post(opening(tendered))
    with fresh(engine) as session:
        assert session.get_one(CallOff, tendered.id).state is CallOffState.INVITED
    clock.at += TOGETHER - TICK
    client_for(FIRST).post(opening(tendered))
    with fresh(engine) as session:
        assert session.get_one(CallOff, tendered.id).state is CallOffState.OPENED
        assert session.query(OpeningConfirmation).count() == 2


def test_who_comes_third_is_told_that_it_is_done(client_for, engine, tendered):
    open_both(client_for, tendered)
    answer = client_for("meal_manager").post(opening(tendered), follow_redirects=True)
    assert "redan öppnade" in answer.text
    with fresh(engine) as session:
        assert session.query(OpeningConfirmation).count() == 2
        assert session.query(Tender).count() == 2


def test_two_seconds_at_once_open_it_once(client_for, app, engine, tendered, cast):
    """Both press as the second person: one opens, the other is told."""
    client_for(FIRST).post(opening(tendered))
    keeper, outcomes = keeper_of(app.extensions["narmat.settings"]), []
    start = threading.Barrier(2)

    def press(name: str) -> None:
        start.wait()
        try:
            with transaction(engine) as session:
                found = session.get_one(CallOff, tendered.id)
                outcomes.append(
                    confirm_opening(
                        session,
                        calloff=found,
                        keeper=keeper,
                        draw=Random(1),
                        actor=cast.actor(name),
                        at=DEADLINE,
                    )
                )
        except NotPossibleNow:
            outcomes.append("too late")

    threads = [threading.Thread(target=press, args=(name,)) for name in (SECOND_PERSON, "meal_manager")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["True", "too late"]
    with fresh(engine) as session:
        assert session.query(Tender).count() == 2
        assert steps_of(session, Thing.CALLOFF, tendered.id).count("open") == 1


def test_no_tender_at_all_opens_to_an_empty_list(client_for, engine, clock, calloff):
    clock.at = DEADLINE
    answer = open_both(client_for, calloff)
    assert "Inget anbud hade kommit in" in answer.text
    assert client_for(FIRST).get(f"/dis/calloffs/{calloff.id}/opening-list.pdf").data.startswith(b"%PDF")
    with fresh(engine) as session:
        assert session.get_one(CallOff, calloff.id).state is CallOffState.OPENED


def test_one_taken_back_is_no_tender_but_is_told(client_for, engine, clock, calloff, cast):
    client = client_for("producer")
    client.post(url(calloff), data=typed())
    client.post(url(calloff), data={"do": "take_back"})
    clock.at = DEADLINE
    assert "Tagna tillbaka" in open_both(client_for, calloff).text
    pdf = client_for(FIRST).get(f"/dis/calloffs/{calloff.id}/opening-list.pdf").data
    assert cast.producer.name in PdfReader(BytesIO(pdf)).pages[0].extract_text()
    with fresh(engine) as session:
        assert session.query(Tender).count() == 0
        actions = [
            event.action
            for event in session.query(AuditEvent).filter(AuditEvent.subject.like("invitation:%"))
        ]
        assert actions == ["tender.received", "tender.taken_back"]
    assert "Ni hade inget anbud" in client.get(url(calloff)).text


def damage(engine, calloff):
    with transaction(engine) as session:
        row = (
            session.query(SealedEnvelope)
            .filter_by(calloff_id=calloff.id)
            .order_by(SealedEnvelope.invitation_id.desc())
            .first()
        )
        assert row is not None
        row.content = row.content[:-1] + bytes([row.content[-1] ^ 1])


def test_a_damaged_envelope_opens_nothing_and_says_which(client_for, engine, tendered):
    damage(engine, tendered)
    answer = open_both(client_for, tendered)
    assert "går inte att öppna: det har skadats" in answer.text
    with fresh(engine) as session:
        assert session.get_one(CallOff, tendered.id).state is CallOffState.INVITED
        assert session.query(Tender).count() == session.query(DisFile).count() == 0
        assert session.get_one(CallOffKey, tendered.id).released_at is None
        assert session.query(OpeningConfirmation).count() == 1


def test_another_operators_key_opens_nothing(client_for, app, engine, tendered, tmp_path):
    (tmp_path / "tender-key").write_text("another key, long enough to be one")
    app.extensions.pop("narmat.keeper", None)
    answer = open_both(client_for, tendered)
    assert "Servern har inte nyckeln" in answer.text
    with fresh(engine) as session:
        assert session.get_one(CallOff, tendered.id).state is CallOffState.INVITED


def test_labels_are_drawn_and_tell_nothing_of_who_came_first(app, engine, tendered, cast):
    """Over many draws each order comes up, of labels and of ids: an address with an id does not tell whose sample it is."""
    keeper, seen = keeper_of(app.extensions["narmat.settings"]), set()
    for seed in range(16):
        with open_session(engine, writes=True) as session:
            found = session.get_one(CallOff, tendered.id)
            for name in (FIRST, SECOND_PERSON):
                confirm_opening(
                    session,
                    calloff=found,
                    keeper=keeper,
                    draw=Random(seed),
                    actor=cast.actor(name),
                    at=DEADLINE,
                )
            rows = session.query(Tender).order_by(Tender.id).all()
            seen.add(tuple((row.producer_id, row.blind_label) for row in rows))
            session.rollback()
    assert len(seen) == 4


@pytest.mark.parametrize("event", [CallOffEvent.ABANDON])
def test_an_abandoned_call_off_is_not_opened(client_for, engine, tendered, event):
    with transaction(engine) as session:
        move(
            session,
            Thing.CALLOFF,
            session.get_one(CallOff, tendered.id),
            event,
            user_id=None,
            at=DEADLINE,
            reason="x",
        )
    assert "redan öppnade, eller så har avropet avbrutits" in open_both(client_for, tendered).text
    assert "förblir förseglade" in client_for(FIRST).get(f"/dis/calloffs/{tendered.id}/tenders").text
    with fresh(engine) as session:
        assert session.query(Tender).count() == session.query(OpeningConfirmation).count() == 0


def test_staff_of_no_named_authority_find_nothing(client_for, session, tendered, cast):
    dis = session.get_one(CallOff, tendered.id).dis_category.dis
    dis.authorities.remove(cast.other_authority)
    session.commit()
    client = client_for("other_officer")
    for address in (opening(tendered), f"/dis/calloffs/{tendered.id}/tenders"):
        assert client.get(address).status_code == 404
    assert client.post(opening(tendered)).status_code == 404


def test_confirming_twice_is_refused_by_the_operation_too(app, session, tendered, cast):
    found, keeper = session.get_one(CallOff, tendered.id), keeper_of(app.extensions["narmat.settings"])
    confirm_opening(
        session, calloff=found, keeper=keeper, draw=Random(1), actor=cast.actor(FIRST), at=DEADLINE
    )
    with pytest.raises(AlreadyConfirmed):
        confirm_opening(
            session, calloff=found, keeper=keeper, draw=Random(1), actor=cast.actor(FIRST), at=DEADLINE
        )
