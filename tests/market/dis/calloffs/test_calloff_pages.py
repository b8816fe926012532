"""The pages of a call-off: draft, invitation, questions; what each state lets through."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from factories import AT
from need_making import admit_both, answered_round, make_draft, make_invited

from market.dis.calloffs.models import CallOff, DeadlineAnswer, Invitation, Lot, Question
from market.dis.rules import CallOffState, Regime

SECOND = timedelta(seconds=1)


@pytest.fixture
def draft_id(session, cast):
    calloff = make_draft(session, cast)
    admit_both(session, cast, calloff)
    session.commit()
    return calloff.id


@pytest.fixture
def invited_id(session, cast):
    calloff = make_invited(session, cast)
    session.commit()
    return calloff.id


def test_from_needs_to_invitations_in_three_requests(client_for, session, cast, look):
    need_round = answered_round(session, cast)
    admit_both(session, cast, need_round)
    session.commit()
    client = client_for("procurement_officer")
    key = {"request_key": "once", "period": "whole"}
    edit = client.post(f"/dis/rounds/{need_round.id}/merge", data=key).location
    assert client.post(f"/dis/rounds/{need_round.id}/merge", data=key).location == edit
    page = client.get(edit.replace("/edit", "/invite"))
    day = re.search(r'name="day"[^>]*value="([\d-]+)"', page.text).group(1)
    answer = client.post(
        edit.replace("/edit", "/invite"), data={"day": day, "clock": "12:00"}, follow_redirects=True
    )
    assert "alla 2 godkända" in answer.text
    assert look.query(CallOff).one().state is CallOffState.INVITED
    assert "Väntar på att skickas" in answer.text


def texts(calloff_id, client, **changed):
    page = client.get(f"/dis/calloffs/{calloff_id}/edit").text
    lots = re.findall(r'name="lots-(\d+)-lot_id"[^>]*value="(\d+)"', page)
    criteria = re.findall(r'name="precisions-(\d+)-criterion_id"[^>]*value="(\d+)"', page)
    form = {"title": "Rotfrukter i januari", "description": "", "standstill_days": "10"}
    for n, lot_id in lots:
        form |= {f"lots-{n}-lot_id": lot_id, f"lots-{n}-name": f"Lott {n}", f"lots-{n}-allows_parts": "y"}
    for n, criterion_id in criteria:
        form |= {f"precisions-{n}-criterion_id": criterion_id, f"precisions-{n}-text": "En klass per termin."}
    return form | changed


def test_texts_are_kept_whole(client_for, draft_id, look):
    client = client_for("procurement_officer")
    answer = client.post(f"/dis/calloffs/{draft_id}/edit", data=texts(draft_id, client))
    assert answer.status_code == 302
    calloff = look.get(CallOff, draft_id)
    assert calloff.title == "Rotfrukter i januari"
    assert [lot.name for lot in calloff.lots] == ["Lott 0", "Lott 1", "Lott 2"]
    assert len(calloff.precisions) == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"title": ""}, {"standstill_days": "-1"}, {"standstill_days": "tio"}, {"lots-1-name": ""},
        {"lots-0-description": "Odlat inom 10 mil"}, {"precisions-0-text": "Bara lokala gårdar"},
    ],
)  # fmt: skip
def test_what_can_not_be_kept_is_explained_and_nothing_is(client_for, draft_id, look, changed):
    client = client_for("procurement_officer")
    answer = client.post(f"/dis/calloffs/{draft_id}/edit", data=texts(draft_id, client, **changed))
    assert answer.status_code == 200
    assert "error-summary" in answer.text
    assert look.get(CallOff, draft_id).title == "Rotfrukter"


def test_lots_by_their_ticks(client_for, draft_id, look):
    client, url = client_for("procurement_officer"), f"/dis/calloffs/{draft_id}/lots"
    first = look.query(Lot).order_by(Lot.number).first().id
    look.rollback()
    client.post(url, data={"do": "halves", "lot": [first]})
    assert look.query(Lot).count() == 4
    look.rollback()
    for wrong in ({"do": "halves"}, {"do": "nothing", "lot": [first]}, {"do": "join", "lot": ["x"]}):
        assert "notice--error" in client.post(url, data=wrong, follow_redirects=True).text
    assert look.query(Lot).count() == 4


def test_nobody_admitted_is_said_on_the_page(client_for, session, cast, look):
    calloff = make_draft(session, cast)
    session.commit()
    client, url = client_for("procurement_officer"), f"/dis/calloffs/{calloff.id}/invite"
    for page in (client.get(url), client.post(url, data={"day": "2026-12-20", "clock": "12:00"})):
        assert "Ingen leverantör är godkänd" in page.text
    assert look.query(Invitation).count() == 0


def test_a_short_time_asks_for_its_reason(client_for, draft_id, look):
    client, url = client_for("procurement_officer"), f"/dis/calloffs/{draft_id}/invite"
    form = {"day": "2026-11-24", "clock": "12:00"}
    page = client.post(url, data=form)
    assert "skälig tid" in page.text
    assert 'name="reason"' in page.text
    assert client.post(url, data=form | {"reason": "Skörden är nu."}).status_code == 302
    assert look.query(Invitation).count() == 2


WRONG = (
    ("edit", {"title": "Nytt", "standstill_days": "1"}, CallOffState.INVITED),
    ("lots", {"do": "halves", "lot": ["1"]}, CallOffState.INVITED),
    ("invite", {"day": "2027-01-01", "clock": "12:00"}, CallOffState.INVITED),
    ("shorter-time", {"day": "2026-11-26", "clock": "12:00"}, CallOffState.INVITED),
    ("discard", {}, CallOffState.INVITED),
    ("extend", {"day": "2027-01-01", "clock": "12:00", "reason": "x"}, CallOffState.DRAFT),
    ("abandon", {"reason": "x"}, CallOffState.DRAFT),
    ("answer", {"text": "x"}, CallOffState.DRAFT),
)


@pytest.mark.parametrize(("page", "form", "state"), WRONG)
def test_what_the_state_forbids_changes_nothing(client_for, session, cast, look, page, form, state):
    calloff = make_draft(session, cast) if state is CallOffState.DRAFT else make_invited(session, cast)
    session.commit()
    before = (calloff.title, calloff.state, calloff.deadline_at, len(calloff.lots))
    answer = client_for("procurement_officer").post(f"/dis/calloffs/{calloff.id}/{page}", data=form)
    assert answer.status_code in {200, 302}
    after = look.get(CallOff, calloff.id)
    assert (after.title, after.state, after.deadline_at, len(after.lots)) == before
    assert after.proposed_deadline_at is None
    assert look.query(Question).count() == 0


def test_questions_are_seen_by_all_and_named_by_none(client_for, invited_id, look):
    asker, other, officer = (client_for(n) for n in ("producer", "other_producer", "procurement_officer"))
    url = f"/dis/calloffs/{invited_id}"
    form = {"text": "Får de vara otvättade?", "request_key": "q"}
    for _ in range(2):
        assert asker.post(f"{url}/invitation", data=form).status_code == 302
    assert look.query(Question).count() == 1
    question = look.query(Question).one().id
    assert "otvättade" in other.get(f"{url}/invitation").text
    page = officer.get(url).text
    questions = page[page.index('id="questions"') :]
    assert "otvättade" in questions
    assert "Åkerbo" not in questions
    officer.post(f"{url}/answer", data={"question_id": question, "text": "Ja, gärna."})
    for client in (asker, other):
        whole = client.get(f"{url}/invitation").text
        answered = whole[whole.index("<main") : whole.index("</main")]
        assert "Ja, gärna." in answered
        assert "Granby" not in answered
        assert "Åkerbo" not in answered


def test_one_invitation_looks_the_same_to_all(client_for, invited_id):
    pages = [
        client_for(n).get(f"/dis/calloffs/{invited_id}/invitation").text
        for n in ("producer", "other_producer")
    ]
    first, second = (page[page.index("<main") : page.index("</main")] for page in pages)
    keys = re.compile(r'name="(request_key|csrf_token)"[^>]*value="[^"]*"')
    assert keys.sub("", first) == keys.sub("", second)


def test_an_answer_to_no_question_or_without_words(client_for, invited_id):
    client, url = client_for("procurement_officer"), f"/dis/calloffs/{invited_id}/answer"
    assert client.post(url, data={"question_id": "987654", "text": "x"}).status_code == 404
    assert "notice--error" in client.post(url, data={"text": "  "}, follow_redirects=True).text


def test_extending_until_the_last_second(client_for, invited_id, look, clock):
    client, url = client_for("procurement_officer"), f"/dis/calloffs/{invited_id}/extend"
    deadline = AT + timedelta(days=14)
    form = {"day": "2026-12-20", "clock": "12:00", "reason": "Sent svar."}
    for late in (deadline, deadline + SECOND):
        clock.at = late
        assert "bara förlängas medan anbud tas emot" in client.post(url, data=form).text
    clock.at = deadline - SECOND
    assert "Skriv skälen" in client.post(url, data=form | {"reason": " "}).text
    assert client.post(url, data=form).status_code == 302
    assert look.get(CallOff, invited_id).deadline_at > deadline


def test_the_proof_as_a_file(client_for, invited_id):
    answer = client_for("meal_manager").get(f"/dis/calloffs/{invited_id}/proof.csv")
    assert answer.mimetype == "text/csv"
    assert answer.text.count("\r\n") == 3


def test_a_shorter_time_is_asked_and_answered(client_for, session, cast, look):
    calloff = make_draft(session, cast, regime=Regime.DIRECTIVE)
    admit_both(session, cast, calloff)
    session.commit()
    officer, url = client_for("procurement_officer"), f"/dis/calloffs/{calloff.id}"
    producer = client_for("producer")
    assert producer.get(f"{url}/shorter-time/answer").status_code == 404
    assert (
        officer.post(f"{url}/shorter-time", data={"day": "2026-11-28", "clock": "12:00"}).status_code == 302
    )
    page = producer.get(f"{url}/shorter-time/answer")
    shown = re.search(r'name="deadline_at" value="([^"]+)"', page.text).group(1)
    for wrong in (
        {"deadline_at": shown},
        {"deadline_at": "x", "answer": "yes"},
        {"deadline_at": "2027-01-01T12:00:00+00:00", "answer": "yes"},
    ):
        producer.post(f"{url}/shorter-time/answer", data=wrong)
    assert look.query(DeadlineAnswer).count() == 0
    look.rollback()
    producer.post(f"{url}/shorter-time/answer", data={"deadline_at": shown, "answer": "yes"})
    assert look.query(DeadlineAnswer).one().agrees
    assert "Har inte svarat" in officer.get(url).text
    refused = officer.post(f"{url}/invite", data={"day": "2026-11-28", "clock": "12:00"})
    assert "har inte sagt ja" in refused.text
