"""From needs to invitations: to all who are admitted, at one instant, with proof; or to nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from dis_making import admit, steps_of
from factories import AT
from need_making import (
    admit_both,
    answered_round,
    make_draft,
    make_invited,
    make_round,
    send,
)

from market.accounts.models import Membership
from market.dis.calloffs.invite_operations import answer_deadline, extend_deadline, propose_deadline
from market.dis.calloffs.lot_operations import NoLotChosen, join_lots, remove_lots, split_lots
from market.dis.calloffs.lots import LotPeriod, NotToJoin, NotToSplit, Split
from market.dis.calloffs.models import Invitation, LotNeed
from market.dis.calloffs.operations import (
    NothingToCallOff,
    abandon_calloff,
    discard_calloff,
    draft_calloff,
)
from market.dis.calloffs.proof import proof_of, proof_sheet
from market.dis.calloffs.queries import (
    asked_calloff,
    calloff_to_run,
    free_lines,
    invited_calloff,
    own_calloff,
)
from market.dis.calloffs.question_operations import answer_question, ask_question, inform_all
from market.dis.calloffs.rules import (
    AlreadyAnswered,
    DeadlineHasPassed,
    DeadlineNotAgreed,
    DeadlineNotLater,
    DeadlineTooSoon,
    DeliveryBeforeDeadline,
    DisHasEnded,
    FirstRoundNotOver,
    NobodyAdmitted,
    NoLots,
    QuestionsAreOver,
    ReasonForShortTime,
)
from market.dis.calloffs.telling import NobodyToTell
from market.dis.needs.models import NeedLine
from market.dis.rules import (
    ApplicationEvent,
    CallOffState,
    DisEvent,
    NeedRoundState,
    NotPossibleNow,
    ReasonNeeded,
    Regime,
    Thing,
)
from market.dis.sealing.models import CallOffKey, SealedEnvelope
from market.dis.steps import move
from market.outbox import MessageState, OutboxMessage

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def messages(session, kind):
    return session.query(OutboxMessage).filter_by(kind=kind).order_by(OutboxMessage.id).all()


def officer(cast):
    return cast.actor("procurement_officer")


def test_needs_become_lots_by_product_and_authority(session, cast):
    calloff = make_draft(session, cast)
    assert [(lot.number, lot.name, lot.authority.name, lot.steps) for lot in calloff.lots] == [
        (1, "Morötter", "Norrtälje kommun", 4 * 40_001 + 10_000),
        (2, "Morötter", "Vallentuna kommun", 20_000),
        (3, "Vitkål", "Norrtälje kommun", 30),
    ]
    assert steps_of(session, Thing.CALLOFF, calloff.id) == ["draft"]


def draft_again(session, cast, need_round, key, period=LotPeriod.WHOLE):
    return draft_calloff(
        session, need_round=need_round, period=period, request_key=key, actor=officer(cast), at=AT
    )


def test_the_same_needs_are_not_called_off_twice_and_not_lost_either(session, cast):
    need_round = answered_round(session, cast)
    first = draft_again(session, cast, need_round, "one")
    assert need_round.state is NeedRoundState.MERGED
    assert draft_again(session, cast, need_round, "one") is first
    with pytest.raises(NothingToCallOff):
        draft_again(session, cast, need_round, "two")
    remove_lots(session, calloff=first, lot_ids=[first.lots[2].id], actor=officer(cast), at=AT)
    second = draft_again(session, cast, need_round, "three")
    assert [lot.name for lot in second.lots] == ["Vitkål"]
    discard_calloff(session, calloff=first, actor=officer(cast), at=AT)
    third = draft_again(session, cast, need_round, "four", LotPeriod.MONTH)
    assert {lot.name for lot in third.lots} == {"Morötter"}


def whole(session, calloff):
    return sorted(
        (need.need_line_id, need.steps)
        for lot in calloff.lots
        for need in session.query(LotNeed).filter_by(lot_id=lot.id)
    )


def test_lots_are_split_and_joined_with_the_needs_kept(session, cast):
    calloff = make_draft(session, cast)
    before, total = whole(session, calloff), sum(lot.steps for lot in calloff.lots)
    first = calloff.lots[0].id
    split_lots(session, calloff=calloff, lot_ids=[first], how=Split.HALVES, actor=officer(cast), at=AT)
    assert [lot.number for lot in calloff.lots] == [1, 2, 3, 4]
    assert sum(lot.steps for lot in calloff.lots) == total
    halves = [lot.id for lot in calloff.lots[:2]]
    join_lots(session, calloff=calloff, lot_ids=halves, actor=officer(cast), at=AT)
    assert whole(session, calloff) == before
    for how, parts in ((Split.KITCHENS, 2), (Split.WEEKS, 5)):
        split_lots(
            session, calloff=calloff, lot_ids=[calloff.lots[0].id], how=how, actor=officer(cast), at=AT
        )
        assert len([lot for lot in calloff.lots if lot.name == "Morötter"]) == parts + 1
    lines = sum(line.steps for line in session.query(NeedLine))
    assert sum(lot.steps for lot in calloff.lots) == lines == total
    for lot in calloff.lots:
        assert lot.steps == sum(n.steps for n in session.query(LotNeed).filter_by(lot_id=lot.id))


def test_lots_that_can_not_be_split_or_joined_stay(session, cast):
    calloff = make_draft(session, cast)
    ids = [lot.id for lot in calloff.lots]
    for refusal, do in (
        (NotToSplit, lambda: split_lots(session, calloff=calloff, lot_ids=[ids[2]], how=Split.WEEKS, actor=officer(cast), at=AT)),
        (NotToJoin, lambda: join_lots(session, calloff=calloff, lot_ids=ids[:2], actor=officer(cast), at=AT)),
        (NotToJoin, lambda: join_lots(session, calloff=calloff, lot_ids=[ids[0], ids[2]], actor=officer(cast), at=AT)),
        (NoLotChosen, lambda: remove_lots(session, calloff=calloff, lot_ids=[], actor=officer(cast), at=AT)),
        (NoLotChosen, lambda: remove_lots(session, calloff=calloff, lot_ids=[987_654], actor=officer(cast), at=AT)),
    ):  # fmt: skip
        with pytest.raises(refusal):
            do()
    assert [lot.id for lot in calloff.lots] == ids


@pytest.mark.parametrize("regime", Regime)
def test_all_who_are_admitted_are_invited_at_one_instant(session, cast, regime):
    calloff = make_invited(session, cast, regime=regime)
    invitations = session.query(Invitation).all()
    assert {one.producer_id for one in invitations} == {cast.producer.id, cast.other_producer.id}
    assert {one.invited_at for one in invitations} == {calloff.invited_at} == {AT}
    told = messages(session, "calloff_invited")
    assert len(told) == 2
    assert {one.due_at for one in told} == {AT}
    assert calloff.state is CallOffState.INVITED
    assert session.query(CallOffKey).count() == 1
    assert session.query(SealedEnvelope).count() == 2


def test_one_who_has_left_is_not_invited(session, cast):
    calloff = make_draft(session, cast)
    gone, _ = admit_both(session, cast, calloff)
    move(session, Thing.APPLICATION, gone, ApplicationEvent.WITHDRAW, user_id=None, at=AT)
    send(session, cast, calloff)
    assert [one.producer_id for one in session.query(Invitation)] == [cast.other_producer.id]


def test_nobody_admitted_no_lots_and_a_dis_that_has_ended(session, cast):
    calloff = make_draft(session, cast)
    with pytest.raises(NobodyAdmitted):
        send(session, cast, calloff)
    admit_both(session, cast, calloff)
    move(session, Thing.DIS, calloff.dis_category.dis, DisEvent.END, user_id=None, at=AT, reason="Slut.")
    with pytest.raises(DisHasEnded):
        send(session, cast, calloff)
    assert session.query(Invitation).count() == 0


def test_without_lots_nothing_is_sent(session, cast):
    calloff = make_draft(session, cast)
    admit_both(session, cast, calloff)
    remove_lots(
        session, calloff=calloff, lot_ids=[lot.id for lot in calloff.lots], actor=officer(cast), at=AT
    )
    with pytest.raises(NoLots):
        send(session, cast, calloff)


def test_under_the_directive_not_before_the_first_round_is_over(session, cast):
    calloff = make_draft(session, cast, regime=Regime.DIRECTIVE)
    admit_both(session, cast, calloff)
    calloff.dis_category.dis.first_round_ends_at = AT
    with pytest.raises(FirstRoundNotOver):
        send(session, cast, calloff, at=AT - SECOND)
    send(session, cast, calloff, at=AT)


def test_under_national_rules_the_first_round_may_go_on(session, cast):
    calloff = make_draft(session, cast)
    admit_both(session, cast, calloff)
    calloff.dis_category.dis.first_round_ends_at = AT + DAY
    send(session, cast, calloff)


def test_deadlines_by_regime(session, cast):
    calloff = make_draft(session, cast, regime=Regime.DIRECTIVE)
    admit_both(session, cast, calloff)
    with pytest.raises(DeadlineTooSoon):
        send(session, cast, calloff, deadline_at=AT + 9 * DAY)
    with pytest.raises(DeliveryBeforeDeadline):
        send(session, cast, calloff, deadline_at=AT + 42 * DAY)
    calloff.dis_category.dis.regime = Regime.NATIONAL
    with pytest.raises(ReasonForShortTime):
        send(session, cast, calloff, deadline_at=AT + DAY)
    assert session.query(Invitation).count() == 0
    send(session, cast, calloff, deadline_at=AT + DAY, reason="Skörden är nu.")


def test_a_shorter_time_when_all_have_agreed_to_it(session, cast):
    calloff = make_draft(session, cast, regime=Regime.DIRECTIVE)
    admit_both(session, cast, calloff)
    short, shorter = AT + 5 * DAY, AT + 4 * DAY
    propose_deadline(session, calloff=calloff, deadline_at=short, actor=officer(cast), at=AT)
    assert len(messages(session, "calloff_deadline_asked")) == 2

    def say(name, agrees, to=short):
        answer_deadline(
            session, calloff=calloff, deadline_at=to, agrees=agrees, actor=cast.actor(name), at=AT
        )

    say("producer", agrees=True)
    with pytest.raises(DeadlineNotAgreed):
        send(session, cast, calloff, deadline_at=short)
    say("other_producer", agrees=False)
    with pytest.raises(DeadlineNotAgreed):
        send(session, cast, calloff, deadline_at=short)
    say("other_producer", agrees=True)
    propose_deadline(session, calloff=calloff, deadline_at=shorter, actor=officer(cast), at=AT)
    with pytest.raises(DeadlineNotAgreed):  # they agreed to another time
        send(session, cast, calloff, deadline_at=shorter)
    with pytest.raises(NotPossibleNow):
        say("producer", agrees=True)
    for name in ("producer", "other_producer"):
        say(name, agrees=True, to=shorter)
    send(session, cast, calloff, deadline_at=shorter)
    assert calloff.agreed_deadline
    assert all(one.agrees_to_deadline_at == AT for one in session.query(Invitation))
    with pytest.raises(NotPossibleNow):
        say("producer", agrees=False, to=shorter)


def test_one_admitted_after_the_answers_has_not_agreed(session, cast):
    calloff = make_draft(session, cast, regime=Regime.DIRECTIVE)
    admit(session, calloff.dis_category.dis, cast.producer)
    short = AT + 5 * DAY
    propose_deadline(session, calloff=calloff, deadline_at=short, actor=officer(cast), at=AT)
    answer_deadline(
        session, calloff=calloff, deadline_at=short, agrees=True, actor=cast.actor("producer"), at=AT
    )
    admit(session, calloff.dis_category.dis, cast.other_producer)
    with pytest.raises(DeadlineNotAgreed):
        send(session, cast, calloff, deadline_at=short)


def without_account(session, producer):
    for one in session.query(Membership).filter_by(producer_id=producer.id):
        session.delete(one)
    session.flush()


def test_a_producer_without_an_account_is_told_at_its_address_or_nobody_is(session, cast):
    calloff = make_draft(session, cast)
    first, _ = admit_both(session, cast, calloff)
    without_account(session, cast.producer)
    session.commit()
    with pytest.raises(NobodyToTell):
        send(session, cast, calloff)
    session.rollback()
    assert session.query(Invitation).count() == 0
    first.contact_email = "gard@example.se"
    send(session, cast, calloff)
    assert [one.address for one in messages(session, "calloff_invited")] == ["gard@example.se", None]


def test_the_proof_shows_each_message_as_the_outbox_has_it(session, cast):
    calloff = make_invited(session, cast)
    cast.producer.name = "=Åkerbo"
    first, second = messages(session, "calloff_invited")
    first.state, first.sent_at = MessageState.SENT, AT + DAY
    second.state, second.last_error = MessageState.FAILED, "550 no such user"
    session.flush()
    proof = proof_of(session, calloff=calloff)
    assert [one.reader for one in proof.sendings] == ["producer@example.se", "other_producer@example.se"]
    assert [one.message for one in proof.failed] == [second]
    assert [one.message for one in proof.late] == [first]
    sheet = proof_sheet(calloff, proof)
    assert ";'=Åkerbo;" in sheet
    assert "550 no such user" in sheet


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


def test_what_is_sent_is_not_changed_sent_or_discarded_again(session, cast):
    calloff = make_invited(session, cast)
    ids = [lot.id for lot in calloff.lots]
    for do in (
        lambda: send(session, cast, calloff),
        lambda: discard_calloff(session, calloff=calloff, actor=officer(cast), at=AT),
        lambda: remove_lots(session, calloff=calloff, lot_ids=ids, actor=officer(cast), at=AT),
        lambda: propose_deadline(session, calloff=calloff, deadline_at=AT + DAY, actor=officer(cast), at=AT),
    ):
        with pytest.raises(NotPossibleNow):
            do()


def test_who_knows_of_a_calloff(session, cast):
    calloff = make_draft(session, cast)
    calloff.dis_category.dis.authorities = [cast.authority]
    admit(session, calloff.dis_category.dis, cast.producer)
    propose_deadline(session, calloff=calloff, deadline_at=AT + DAY, actor=officer(cast), at=AT)
    send(session, cast, calloff)
    for name, follows, may_run, invited in (
        ("procurement_officer", True, True, False),
        ("meal_manager", True, False, False),
        ("other_officer", False, False, False),
        ("producer", False, False, True),
        ("other_producer", False, False, False),
    ):
        actor = cast.actor(name)
        assert (own_calloff(session, actor=actor, calloff_id=calloff.id) is not None) is follows
        assert (calloff_to_run(session, actor=actor, calloff_id=calloff.id) is not None) is may_run
        assert (invited_calloff(session, actor=actor, calloff_id=calloff.id) is not None) is invited
        assert (asked_calloff(session, actor=actor, calloff_id=calloff.id) is not None) is invited
