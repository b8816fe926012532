"""While tenders are waited for: questions, more time, a DIS that ends, and what ends a call-off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from dis_awarding import make_awarded
from factories import AT
from need_making import (
    draft_again,
    make_invited,
    make_round,
    messages,
    officer,
)

from market.agreements.rules import AgreementState
from market.dis.calloffs.invite_operations import extend_deadline
from market.dis.calloffs.operations import (
    abandon_calloff,
)
from market.dis.calloffs.queries import (
    free_lines,
    invited_calloff,
)
from market.dis.calloffs.question_operations import answer_question, ask_question, inform_all
from market.dis.calloffs.rules import (
    AlreadyAnswered,
    DeadlineHasPassed,
    DeadlineNotLater,
    DeliveryBeforeDeadline,
    DisHasEnded,
    EndedWithItsDecision,
    QuestionsAreOver,
    can_be_abandoned,
)
from market.dis.needs.models import NeedLine
from market.dis.rules import (
    CallOffState,
    DisEvent,
    NotPossibleNow,
    ReasonNeeded,
    Thing,
)
from market.dis.steps import move
from market.values import wall_clock

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def test_questions_and_answers_reach_all_and_name_nobody(session, cast):
    calloff = make_invited(session, cast)
    mine = invited_calloff(session, actor=cast.actor("producer"), calloff_id=calloff.id)
    question = ask_question(session, invitation=mine, text=" Otvättade? ", request_key="q", at=AT)
    assert ask_question(session, invitation=mine, text="Igen?", request_key="q", at=AT) is question
    answer_question(session, calloff=calloff, question=question, answer="Ja.", actor=officer(cast), at=AT)
    with pytest.raises(AlreadyAnswered):
        answer_question(
            session, calloff=calloff, question=question, answer="Nej.", actor=officer(cast), at=AT
        )
    told = messages(session, "calloff_answered")
    assert len(told) == 2
    for message in (*told, *messages(session, "calloff_question")):
        assert cast.producer.name not in str(message.params)
        assert "invitation" not in str(message.params)
    inform_all(
        session, calloff=calloff, text="Lådorna är 10 kg.", request_key="i", actor=officer(cast), at=AT
    )
    assert len(messages(session, "calloff_answered")) == 4


def test_questions_until_the_second_before_the_deadline(session, cast):
    calloff = make_invited(session, cast)
    mine = invited_calloff(session, actor=cast.actor("producer"), calloff_id=calloff.id)
    question = ask_question(
        session, invitation=mine, text="?", request_key="a", at=calloff.deadline_at - SECOND
    )
    for late in (calloff.deadline_at, calloff.deadline_at + SECOND):
        with pytest.raises(QuestionsAreOver):
            ask_question(session, invitation=mine, text="?", request_key="b", at=late)
        with pytest.raises(QuestionsAreOver):
            answer_question(
                session, calloff=calloff, question=question, answer="!", actor=officer(cast), at=late
            )


def test_the_deadline_is_extended_with_a_reason_until_it_is_out(session, cast):
    calloff = make_invited(session, cast)
    old = calloff.deadline_at

    def extend(to, reason, at):
        extend_deadline(session, calloff=calloff, deadline_at=to, reason=reason, actor=officer(cast), at=at)

    with pytest.raises(ReasonNeeded):
        extend(old + DAY, " ", AT)
    for no_later in (old, old - SECOND):
        with pytest.raises(DeadlineNotLater):
            extend(no_later, "Sent svar.", AT)
    for late in (old, old + SECOND):
        with pytest.raises(DeadlineHasPassed):
            extend(old + DAY, "Sent svar.", late)
    first_delivery = wall_clock(min(lot.first_week_on for lot in calloff.lots), 0)
    with pytest.raises(DeliveryBeforeDeadline):
        extend(first_delivery, "Sent svar.", old - SECOND)
    extend(old + DAY, "Sent svar.", old - SECOND)
    assert calloff.deadline_at == old + DAY
    assert [one.params["reason"] for one in messages(session, "calloff_extended")] == ["Sent svar."] * 2


def test_a_dis_that_ends_leaves_its_open_calloffs_going(session, cast):
    calloff = make_invited(session, cast)
    need_round = make_round(session, cast, calloff.dis_category.dis, key="more")
    move(session, Thing.DIS, calloff.dis_category.dis, DisEvent.END, user_id=None, at=AT, reason="Slut.")
    assert calloff.is_open(AT)
    mine = invited_calloff(session, actor=cast.actor("producer"), calloff_id=calloff.id)
    ask_question(session, invitation=mine, text="Går det vidare?", request_key="q", at=AT)
    extend_deadline(
        session,
        calloff=calloff,
        deadline_at=calloff.deadline_at + DAY,
        reason="Ja.",
        actor=officer(cast),
        at=AT,
    )
    with pytest.raises(DisHasEnded):
        draft_again(session, cast, need_round, "new")


def test_abandoned_with_the_reason_told_to_all_and_the_needs_free_again(session, cast):
    calloff = make_invited(session, cast)
    with pytest.raises(ReasonNeeded):
        abandon_calloff(session, calloff=calloff, reason="", actor=officer(cast), at=AT)
    abandon_calloff(session, calloff=calloff, reason="Köket byggs om.", actor=officer(cast), at=AT)
    assert [one.params["reason"] for one in messages(session, "calloff_abandoned")] == ["Köket byggs om."] * 2
    need_round_id = session.query(NeedLine).first().product.need_round_id
    assert len(free_lines(session, round_id=need_round_id)) == 7
    with pytest.raises(NotPossibleNow):
        abandon_calloff(session, calloff=calloff, reason="Igen.", actor=officer(cast), at=AT)


def test_one_that_is_decided_is_ended_with_its_decision_and_its_contracts(session, cast):
    award = make_awarded(session, cast)
    with pytest.raises(EndedWithItsDecision):
        abandon_calloff(session, calloff=award.calloff, reason="Ångrat.", actor=officer(cast), at=AT)
    assert award.calloff.state is CallOffState.AWARDED
    assert {one.agreement.state for one in award.contracts} == {AgreementState.DRAFT}


@pytest.mark.parametrize("state", CallOffState)
def test_its_page_offers_to_abandon_what_is_out_and_not_decided(state):
    out = {CallOffState.INVITED, CallOffState.OPENED, CallOffState.EVALUATED}
    assert can_be_abandoned(state) is (state in out)
