"""Deciding, the standstill to the second, taking a decision back, letting a winner go, abandoning; nobody is indispensable."""

from __future__ import annotations

from datetime import timedelta

import pytest
from agreements import proof_of
from dis_awarding import (
    DECIDED,
    contract_with,
    decide,
    evaluate,
    make_awarded,
    make_opened,
    send_contract,
    sign_contract,
    tenders_of,
)
from dis_making import steps_of

from market.access import actor_for
from market.accounts.models import Membership, User
from market.accounts.operations import add_user, give_role
from market.accounts.rules import Role
from market.agreements.rules import AgreementState, TooEarlyToAgree
from market.agreements.signing_operations import sign_agreement
from market.dis.awards.operations import (
    abandon_award,
    annul_award,
    count_from_sending,
    drop_contract,
)
from market.dis.awards.order_operations import settle_contract
from market.dis.awards.queries import award_in_force, sendings
from market.dis.awards.rules import (
    ContractsStand,
    EvaluatedAgain,
    NotAnAwardOfNow,
    NothingToAward,
    NotRunByYou,
    ReasonsMissing,
    StandstillTooShort,
    WeeksArePast,
    WinnerFellAway,
    standstill_end,
)
from market.dis.rules import CallOffState, NotPossibleNow, ReasonNeeded, TenderEvent, TenderState, Thing
from market.dis.steps import move
from market.outbox import MessageState, OutboxMessage

SECOND = timedelta(seconds=1)


def test_the_decision_is_told_to_all_who_were_invited_at_one_instant(session, cast):
    award = make_awarded(session, cast)
    messages = sendings(session, award_id=award.id)
    assert {one.params["won"] for one in messages} == {True, False}
    assert {one.created_at for one in messages} == {DECIDED}
    assert {one.params["reasons"] for one in messages} == {"Lägst jämförelsepris."}
    assert {one.params["standstill_ends_at"] for one in messages} == {award.standstill_ends_at.isoformat()}
    assert award.calloff.state is CallOffState.AWARDED


def test_each_winner_and_buyer_get_a_contract_of_exactly_what_was_awarded(session, cast):
    award = make_awarded(session, cast)
    assert [(one.producer_id, one.authority_id) for one in award.contracts] == [
        (cast.producer.id, cast.authority.id),
        (cast.producer.id, cast.other_authority.id),
    ]
    agreement = award.contracts[0].agreement
    assert agreement.state is AgreementState.DRAFT
    (lot,) = agreement.annex["lots"]
    assert (lot["steps"], lot["price"], lot["weekdays"], lot["total_ore"]) == (
        200_000,
        "14.00",
        [2, 4],
        280_000,
    )
    assert agreement.not_before_at == award.standstill_ends_at == standstill_end(DECIDED, days=10)


def test_nothing_is_sent_or_signed_before_the_standstill_is_over_to_the_second(session, cast):
    award = make_awarded(session, cast)
    agreement, end = award.contracts[0].agreement, award.standstill_ends_at
    for early in (end - SECOND, end - timedelta(microseconds=1)):
        with pytest.raises(TooEarlyToAgree):
            send_contract(session, cast, agreement, at=early)
    send_contract(session, cast, agreement, at=end)
    assert agreement.state is AgreementState.SENT
    agreement.not_before_at = end + 2 * SECOND  # a decision that left late
    actor = cast.actor("producer")
    for at, is_early in ((end + SECOND, True), (end + 2 * SECOND, False), (end + 3 * SECOND, False)):
        proof = proof_of(session, agreement, actor, proved_at=at)
        if is_early:
            with pytest.raises(TooEarlyToAgree):
                sign_agreement(session, agreement=agreement, proof=proof, actor=actor, at=at)
        else:
            sign_agreement(session, agreement=agreement, proof=proof, actor=actor, at=at)
    assert agreement.state is AgreementState.SIGNED_BY_PRODUCER


def test_without_a_standstill_a_contract_is_sent_at_once(session, cast):
    award = make_awarded(session, cast, days=0)
    assert award.standstill_ends_at is None
    send_contract(session, cast, award.contracts[0].agreement, at=DECIDED)


def test_a_decision_that_left_on_a_later_day_counts_from_then(session, cast):
    award = make_awarded(session, cast)
    end = award.standstill_ends_at
    first, last = sendings(session, award_id=award.id)
    first.sent_at, first.state = DECIDED + timedelta(minutes=1), MessageState.SENT
    assert not count_from_sending(session, award=award, at=DECIDED + timedelta(hours=1))
    last.sent_at, last.state = DECIDED + timedelta(days=3), MessageState.SENT
    assert count_from_sending(session, award=award, at=DECIDED + timedelta(days=4))
    assert award.standstill_ends_at == standstill_end(last.sent_at, days=10) > end
    assert {one.agreement.not_before_at for one in award.contracts} == {award.standstill_ends_at}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"reasons": " "}, ReasonsMissing),
        ({"standstill_days": 9}, StandstillTooShort),
        ({"evaluation_id": 999}, EvaluatedAgain),
    ],
)
def test_a_decision_that_can_not_be_made(session, cast, changes, refusal):
    calloff = make_opened(session, cast)
    evaluate(session, cast, calloff)
    with pytest.raises(refusal):
        decide(session, cast, calloff, **changes)
    assert calloff.state is CallOffState.EVALUATED


def test_nothing_is_awarded_of_an_evaluation_without_winners(session, cast):
    calloff = make_opened(session, cast)
    evaluate(session, cast, calloff, {})
    with pytest.raises(NothingToAward):
        decide(session, cast, calloff)


def test_a_winner_who_fell_away_before_the_decision_is_not_decided_on(session, cast):
    calloff = make_opened(session, cast)
    evaluate(session, cast, calloff)
    winner = tenders_of(session, calloff)[0]
    move(session, Thing.TENDER, winner, TenderEvent.WITHDRAW, user_id=None, at=DECIDED, reason="Konkurs")
    with pytest.raises(WinnerFellAway):
        decide(session, cast, calloff)


def test_weeks_that_are_over_before_anyone_may_sign(session, cast):
    calloff = make_opened(session, cast)
    evaluate(session, cast, calloff)
    with pytest.raises(WeeksArePast):
        decide(session, cast, calloff, at=DECIDED + timedelta(weeks=6))


def test_an_award_is_decided_once(session, cast):
    award = make_awarded(session, cast)
    with pytest.raises(EvaluatedAgain):
        decide(session, cast, award.calloff)


def test_a_bankrupt_winner_before_the_contract_means_a_new_evaluation_and_a_new_decision(session, cast):
    award = make_awarded(session, cast)
    calloff, officer = award.calloff, cast.actor("procurement_officer")
    agreement = award.contracts[0].agreement
    send_contract(session, cast, agreement, at=award.standstill_ends_at)
    winner, other = tenders_of(session, calloff)
    later = award.standstill_ends_at + timedelta(hours=1)
    annul_award(session, award=award, reason="Konkurs", withdrawn=winner, actor=officer, at=later)
    assert (winner.state, calloff.state) == (TenderState.WITHDRAWN, CallOffState.OPENED)
    assert {one.agreement.state for one in award.contracts} == {AgreementState.WITHDRAWN}
    assert award_in_force(session, calloff_id=calloff.id) is None
    told = session.query(OutboxMessage).filter_by(kind="dis_award_annulled").all()
    assert {one.params["reason"] for one in told} == {"Konkurs"}
    assert len(told) == 2 + 4, "both producers, officer and meal manager of both authorities"

    evaluate(session, cast, calloff, {(1, 2): 200_000, (2, 2): 120_000})
    second = decide(session, cast, calloff, at=later)
    assert (second.number, second.contracts[0].producer_id) == (2, other.producer_id)
    assert steps_of(session, Thing.CALLOFF, calloff.id)[-4:] == [
        "award",
        "evaluate_again",
        "evaluate",
        "award",
    ]


def test_what_both_have_signed_is_not_annulled_but_the_other_winner_can_be_let_go(session, cast):
    award = make_awarded(session, cast, {(1, 1): 200_000, (2, 2): 120_000})
    officer, end = cast.actor("procurement_officer"), award.standstill_ends_at
    kept = contract_with(award, cast.producer.id, cast.authority.id)
    gone = contract_with(award, cast.other_producer.id, cast.other_authority.id)
    sign_contract(session, cast, kept.agreement, at=end)
    settle_contract(session, contract=kept, at=end)
    with pytest.raises(ContractsStand):
        annul_award(session, award=award, reason="Konkurs", withdrawn=None, actor=officer, at=end)
    with pytest.raises(ReasonNeeded):
        drop_contract(session, contract=gone, reason=" ", actor=officer, at=end)
    drop_contract(session, contract=gone, reason="Konkurs", actor=officer, at=end)
    assert (gone.drop_reason, gone.agreement.state) == ("Konkurs", AgreementState.WITHDRAWN)
    assert award.calloff.state is CallOffState.CONCLUDED, "what could be signed is signed"
    with pytest.raises(NotAnAwardOfNow):
        drop_contract(session, contract=gone, reason="Konkurs", actor=officer, at=end)


def test_abandoning_after_the_decision(session, cast):
    award = make_awarded(session, cast)
    officer = cast.actor("procurement_officer")
    with pytest.raises(ReasonNeeded):
        abandon_award(session, award=award, reason="", actor=officer, at=DECIDED)
    abandon_award(session, award=award, reason="Behovet är borta", actor=officer, at=DECIDED)
    assert award.calloff.state is CallOffState.ABANDONED
    assert {one.agreement.state for one in award.contracts} == {AgreementState.WITHDRAWN}
    told = session.query(OutboxMessage).filter_by(kind="dis_award_annulled").all()
    assert {one.params["is_abandoned"] for one in told} == {True}
    with pytest.raises(NotAnAwardOfNow):
        abandon_award(session, award=award, reason="Igen", actor=officer, at=DECIDED)


@pytest.mark.parametrize("name", ["meal_manager", "other_officer", "producer", "admin"])
def test_only_an_officer_of_the_authority_that_runs_it_decides(session, cast, name):
    award = make_awarded(session, cast)
    for undo in (annul_award, abandon_award):
        more = {"withdrawn": None} if undo is annul_award else {}
        with pytest.raises(NotRunByYou):
            undo(session, award=award, reason="x", actor=cast.actor(name), at=DECIDED, **more)


def test_any_officer_goes_on_where_another_left(session, cast):
    """The one who decided is gone; a colleague annuls, decides again and lets a winner go."""
    award = make_awarded(session, cast)
    left = cast.actor("procurement_officer")
    session.query(Membership).filter_by(id=left.membership_id).delete()
    session.get_one(User, left.user_id).active = False
    user = add_user(
        session, email="new@example.se", name="Ny", password_hash=None, by_user_id=None, at=DECIDED
    )
    role = give_role(
        session, user=user, role=Role.PROCUREMENT_OFFICER, authority_id=cast.authority.id, by_user_id=None, at=DECIDED
    )  # fmt: skip
    new = actor_for(role)
    annul_award(session, award=award, reason="Fel i jämförelsen", withdrawn=None, actor=new, at=DECIDED)
    evaluate(session, cast, award.calloff)
    cast.actors["procurement_officer"] = new
    try:
        second = decide(session, cast, award.calloff)
        sign_contract(session, cast, second.contracts[0].agreement, at=second.standstill_ends_at)
    finally:
        cast.actors["procurement_officer"] = left
    assert second.contracts[0].agreement.state is AgreementState.IN_FORCE


def test_a_race_of_two_decisions_leaves_one(session, cast):
    award = make_awarded(session, cast)
    with pytest.raises(NotPossibleNow):
        move(session, Thing.CALLOFF, award.calloff, "award", user_id=None, at=DECIDED)
