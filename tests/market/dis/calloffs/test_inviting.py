"""From needs to invitations: to all who are admitted, at one instant, with proof; or to nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from dis_making import admit
from factories import AT
from need_making import (
    admit_both,
    make_draft,
    make_invited,
    messages,
    officer,
    send,
)

from market.accounts.models import Membership
from market.dis.calloffs.invite_operations import answer_deadline, propose_deadline
from market.dis.calloffs.lot_operations import remove_lots
from market.dis.calloffs.models import Invitation
from market.dis.calloffs.operations import (
    discard_calloff,
)
from market.dis.calloffs.proof import proof_of, proof_sheet
from market.dis.calloffs.queries import (
    asked_calloff,
    calloff_to_run,
    invited_calloff,
    own_calloff,
)
from market.dis.calloffs.rules import (
    DeadlineNotAgreed,
    DeadlineTooSoon,
    DeliveryBeforeDeadline,
    DisHasEnded,
    FirstRoundNotOver,
    NobodyAdmitted,
    NoLots,
    ReasonForShortTime,
    ReviewExtended,
)
from market.dis.calloffs.telling import NobodyToTell
from market.dis.rules import (
    ApplicationEvent,
    CallOffState,
    DisEvent,
    NotPossibleNow,
    Regime,
    Thing,
)
from market.dis.sealing.models import CallOffKey, SealedEnvelope
from market.dis.steps import move
from market.outbox import MessageState
from market.values import local_date, wall_clock

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


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


def test_under_the_directive_not_while_the_longer_review_of_the_notice_runs(session, cast):
    calloff = make_draft(session, cast, regime=Regime.DIRECTIVE)
    admit_both(session, cast, calloff)
    calloff.dis_category.dis.first_review_until = local_date(AT)
    midnight = wall_clock(local_date(AT) + DAY, 0)
    for early in (midnight - DAY, midnight - SECOND):
        with pytest.raises(ReviewExtended):
            send(session, cast, calloff, at=early)
    assert session.query(Invitation).count() == 0
    send(session, cast, calloff, at=midnight)


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
