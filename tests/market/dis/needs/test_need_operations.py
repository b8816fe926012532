"""Stating needs: whole or not at all, only for one's own kitchens, only while the round is open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from dis_making import make_dis, steps_of
from factories import AT
from need_making import CLOSES, FIRST, WEEKS, answered_round, make_round, state

from market.audit import AuditEvent
from market.dis.needs.chores import close_rounds
from market.dis.needs.models import NeedLine
from market.dis.needs.operations import Asked, close_round, open_round, reopen_round, save_needs
from market.dis.needs.queries import kitchens_asked, lines_of, round_for, round_to_run, rounds_for
from market.dis.needs.rules import (
    CategoryIsNotOpen,
    Cell,
    ClosesTooLate,
    NeedsHaveChanged,
    NegativeNeed,
    NoProducts,
    NotOfTheRound,
    RoundIsClosed,
    TooMuchNeeded,
    WrongWeeks,
    fingerprint,
)
from market.dis.needs.summing import overview
from market.dis.rules import DisEvent, NeedRoundState, NotPossibleNow, Thing
from market.dis.steps import move
from market.outbox import OutboxMessage
from market.values import Quantity, Unit

SECOND = timedelta(seconds=1)


def test_every_kitchen_of_every_named_authority_is_asked(session, cast):
    made = make_round(session, cast)
    told = session.query(OutboxMessage).filter_by(kind="needs_asked").count()
    assert told == 5  # three kitchens, two meal managers
    assert made is make_round(session, cast, made.dis_category.dis)  # the same key: no second one


def test_needs_are_kept_changed_and_taken_away(session, cast):
    made = make_round(session, cast)
    state(session, cast, made, cast.hub, {(0, FIRST): 12_500, (1, FIRST): 3})
    state(session, cast, made, cast.hub, {(0, FIRST): 0, (1, FIRST): 4})
    assert [(line.quantity, line.week.monday) for line in lines_of(session, round_id=made.id)] == [
        (Quantity(4, Unit.PIECE), FIRST)
    ]
    assert session.query(AuditEvent).filter_by(action="need_round.state").count() == 2


@pytest.mark.parametrize(
    ("steps", "refusal"), [(-1, NegativeNeed), (20_000_001, TooMuchNeeded), (2**40, TooMuchNeeded)]
)
def test_one_impossible_amount_and_nothing_is_kept(session, cast, steps, refusal):
    made = make_round(session, cast)
    session.commit()
    with pytest.raises(refusal):
        state(session, cast, made, cast.hub, {(0, FIRST): 1_000, (0, WEEKS[1]): steps})
    session.rollback()
    assert session.query(NeedLine).count() == 0


def test_what_is_not_of_the_round_or_of_the_actor_is_refused(session, cast):
    made = make_round(session, cast)
    product = made.products[0].id
    for cell in (
        Cell(product, cast.other_kitchen.id, FIRST),
        Cell(product + 99, cast.hub.id, FIRST),
        Cell(product, cast.hub.id, FIRST + timedelta(days=1)),
        Cell(product, cast.hub.id, made.end_week_on),
    ):
        with pytest.raises(NotOfTheRound):
            save_needs(
                session, need_round=made, kitchen_ids=[cast.hub.id], needs={cell: 1}, seen=fingerprint({}),
                actor=cast.actor("kitchen"), at=AT,
            )  # fmt: skip


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(session, cast):
    made = make_round(session, cast)
    seen = fingerprint({})
    state(session, cast, made, cast.hub, {(0, FIRST): 1_000}, who="meal_manager")
    with pytest.raises(NeedsHaveChanged):
        save_needs(
            session, need_round=made, kitchen_ids=[cast.hub.id], needs={}, seen=seen,
            actor=cast.actor("kitchen"), at=AT,
        )  # fmt: skip


def test_until_the_second_before_it_closes(session, cast):
    made = make_round(session, cast)
    state(session, cast, made, cast.hub, {(0, FIRST): 1}, at=CLOSES - SECOND)
    for late in (CLOSES, CLOSES + SECOND):
        with pytest.raises(RoundIsClosed):
            state(session, cast, made, cast.hub, {(0, FIRST): 2}, at=late)


def test_the_clock_closes_it_and_the_officers_are_told(session, cast):
    made = make_round(session, cast)
    assert close_rounds(session, at=CLOSES - SECOND) == 0
    assert close_rounds(session, at=CLOSES) == 1
    assert close_rounds(session, at=CLOSES + SECOND) == 0
    assert made.state is NeedRoundState.CLOSED
    assert session.query(OutboxMessage).filter_by(kind="needs_collected").count() == 1


def test_closed_and_opened_again(session, cast):
    made, officer = make_round(session, cast), cast.actor("procurement_officer")
    close_round(session, need_round=made, user_id=officer.user_id, at=AT)
    with pytest.raises(RoundIsClosed):
        state(session, cast, made, cast.hub, {(0, FIRST): 2})
    with pytest.raises(ClosesTooLate):
        reopen_round(session, need_round=made, closes_at=AT, actor=officer, at=AT)
    reopen_round(session, need_round=made, closes_at=AT + timedelta(days=1), actor=officer, at=AT)
    state(session, cast, made, cast.hub, {(0, FIRST): 2})
    with pytest.raises(NotPossibleNow):
        reopen_round(session, need_round=made, closes_at=AT + timedelta(days=2), actor=officer, at=AT)
    assert steps_of(session, Thing.NEED_ROUND, made.id) == ["begin", "close", "reopen"]


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"products": []}, NoProducts),
        ({"weeks": 0}, WrongWeeks),
        ({"weeks": 54}, WrongWeeks),
        ({"first_week_on": AT.date()}, WrongWeeks),
        ({"closes_at": AT}, ClosesTooLate),
        ({"closes_at": AT + timedelta(days=90)}, ClosesTooLate),
    ],
)
def test_a_round_that_can_not_be_answered_is_not_opened(session, cast, changed, refusal):
    made = make_round(session, cast)
    asked = {
        "name": "En till", "first_week_on": FIRST, "weeks": 2, "closes_at": CLOSES,
        "products": list(made.products),
    } | changed  # fmt: skip
    with pytest.raises(refusal):
        open_round(
            session, category=made.dis_category, asked=Asked(**asked), wording_reason="", request_key="x",
            actor=cast.actor("procurement_officer"), at=AT,
        )  # fmt: skip


def test_a_dis_that_has_ended_asks_no_more(session, cast):
    dis = make_dis(session, cast)
    move(session, Thing.DIS, dis, DisEvent.END, user_id=None, at=AT, reason="Nått värdet.")
    with pytest.raises(CategoryIsNotOpen):
        make_round(session, cast, dis)


def test_those_whose_authority_is_not_named_know_of_no_round(session, cast):
    made = make_round(session, cast)
    made.dis_category.dis.authorities = [cast.authority]
    session.flush()
    for name, sees, may_run in (
        ("kitchen", True, False),
        ("meal_manager", True, False),
        ("procurement_officer", True, True),
        ("other_kitchen", False, False),
        ("other_officer", False, False),
        ("producer", False, False),
    ):
        actor = cast.actor(name)
        assert bool(rounds_for(session, actor=actor)) is sees
        assert (round_for(session, actor=actor, round_id=made.id) is not None) is sees
        assert (round_to_run(session, actor=actor, round_id=made.id) is not None) is may_run


def test_the_officer_sees_sums_and_who_has_not_answered(session, cast):
    made = answered_round(session, cast)
    asked = kitchens_asked(session, dis=made.dis_category.dis)
    seen = overview(made, lines_of(session, round_id=made.id), asked)
    carrots, cabbages = seen.sums
    assert carrots.total.steps == 4 * 40_001 + 30_000
    assert [one.steps for one in carrots.by_week] == [50_001, 60_001, 40_001, 40_001]
    assert dict(carrots.by_authority)["Vallentuna kommun"].steps == 20_000
    assert cabbages.total.steps == 30
    assert not seen.silent
