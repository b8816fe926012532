"""The working group: declared or barred, blind and alone until all are in, locked, and left with a reason."""

from __future__ import annotations

import pytest
from evaluation_making import OPENED, hand_in, save

from market.dis.evaluations.group_operations import (
    AlreadyDeclared,
    CanNotJoin,
    NobodyScored,
    NoteNeeded,
    NotYours,
    PointsMissing,
    ScoringIsOver,
    WrongPoints,
    add_evaluator,
    close_scoring,
    declare,
    remove_evaluator,
    submit_scores,
)
from market.dis.evaluations.pages import merged
from market.dis.evaluations.queries import inputs_of, possible_evaluators, scored_criteria, scoring_of
from market.dis.evaluations.rules import Declaration
from market.dis.rules import CallOffEvent, NotPossibleNow, ReasonNeeded, Thing
from market.dis.steps import move


def test_who_can_be_named_are_staff_who_do_not_see_whose_a_label_is(session, cast, calloff):
    named = {person.user_id for person in possible_evaluators(session, calloff=calloff)}
    may = ("kitchen", "satellite", "other_kitchen", "meal_manager", "other_meal_manager", "other_officer")
    assert named == {cast.actor(name).user_id for name in may}


@pytest.mark.parametrize("name", ["producer", "admin", "procurement_officer", "logistics_planner"])
def test_nobody_else_can_be_named(session, cast, calloff, officer, name):
    with pytest.raises(CanNotJoin):
        add_evaluator(session, calloff=calloff, user_id=cast.actor(name).user_id, actor=officer, at=OPENED)


def test_nobody_is_named_twice(session, cast, calloff, group, officer):
    with pytest.raises(CanNotJoin):
        add_evaluator(
            session, calloff=calloff, user_id=cast.actor("kitchen").user_id, actor=officer, at=OPENED
        )


def test_who_has_an_interest_says_which_and_is_barred(session, cast, calloff, officer):
    actor = cast.actor("kitchen")
    seat = add_evaluator(session, calloff=calloff, user_id=actor.user_id, actor=officer, at=OPENED)
    with pytest.raises(NotYours):
        save(session, calloff, seat, actor, 3, 3)
    with pytest.raises(NoteNeeded):
        declare(session, calloff=calloff, declaration=Declaration.CONFLICT, note=" ", actor=actor, at=OPENED)
    declare(
        session,
        calloff=calloff,
        declaration=Declaration.CONFLICT,
        note="Min bror odlar.",
        actor=actor,
        at=OPENED,
    )
    with pytest.raises(NotYours):
        save(session, calloff, seat, actor, 3, 3)
    with pytest.raises(AlreadyDeclared):
        declare(session, calloff=calloff, declaration=Declaration.IMPARTIAL, note="", actor=actor, at=OPENED)
    assert scoring_of(session, calloff=calloff).awaited == 0


def test_points_are_whole_and_within_the_scale_and_all_are_needed(session, cast, calloff, group):
    actor = cast.actor("kitchen")
    for wrong in (6, -1):
        with pytest.raises(WrongPoints):
            save(session, calloff, group[0], actor, wrong)
    save(session, calloff, group[0], actor, 5)
    with pytest.raises(PointsMissing):
        submit_scores(session, seat=group[0], calloff=calloff, actor=actor, at=OPENED)


def test_what_is_handed_in_is_locked_and_only_ones_own_can_be_written(session, cast, calloff, group):
    hand_in(session, calloff, group[0], cast.actor("kitchen"), 5, 4)
    with pytest.raises(ScoringIsOver):
        save(session, calloff, group[0], cast.actor("kitchen"), 1, 1)
    with pytest.raises(NotYours):
        save(session, calloff, group[1], cast.actor("kitchen"), 1, 1)


def test_the_mean_counts_when_all_are_in(session, cast, calloff, group):
    hand_in(session, calloff, group[0], cast.actor("kitchen"), 5, 4)
    assert not scoring_of(session, calloff=calloff).is_over
    hand_in(session, calloff, group[1], cast.actor("other_kitchen"), 2, 4)
    assert scoring_of(session, calloff=calloff).is_over
    taste = scored_criteria(calloff)[0].id
    assert [one.points[taste] for one in merged(session, calloff=calloff)] == [(5, 2), (4, 4)]
    assert [dict(t.points) for t in inputs_of(session, calloff=calloff).tenders] == [
        {taste: (5, 2)},
        {taste: (4, 4)},
    ]


def test_nobody_joins_when_the_scoring_is_over(session, cast, calloff, group, officer):
    for seat, name in zip(group, ("kitchen", "other_kitchen"), strict=True):
        hand_in(session, calloff, seat, cast.actor(name), 3, 3)
    with pytest.raises(ScoringIsOver):
        add_evaluator(
            session, calloff=calloff, user_id=cast.actor("satellite").user_id, actor=officer, at=OPENED
        )


def test_the_officer_closes_with_a_reason_once_someone_is_in(session, cast, calloff, group, officer):
    with pytest.raises(NobodyScored):
        close_scoring(session, calloff=calloff, reason="Sjuk", actor=officer, at=OPENED)
    hand_in(session, calloff, group[0], cast.actor("kitchen"), 5, 4)
    save(session, calloff, group[1], cast.actor("other_kitchen"), 0, 0)
    with pytest.raises(ReasonNeeded):
        close_scoring(session, calloff=calloff, reason=" ", actor=officer, at=OPENED)
    close_scoring(session, calloff=calloff, reason="Sjuk", actor=officer, at=OPENED)
    with pytest.raises(ScoringIsOver):
        save(session, calloff, group[1], cast.actor("other_kitchen"), 1, 1)
    taste = scored_criteria(calloff)[0].id
    assert [one.points[taste] for one in merged(session, calloff=calloff)] == [(5,), (4,)], (
        "the draft does not count"
    )


def test_who_leaves_leaves_with_a_reason_and_the_points_are_kept_aside(
    session, cast, calloff, group, officer
):
    hand_in(session, calloff, group[0], cast.actor("kitchen"), 5, 4)
    hand_in(session, calloff, group[1], cast.actor("other_kitchen"), 0, 0)
    with pytest.raises(ReasonNeeded):
        remove_evaluator(session, seat=group[1], calloff=calloff, reason="", actor=officer, at=OPENED)
    remove_evaluator(
        session, seat=group[1], calloff=calloff, reason="Släkt med en odlare", actor=officer, at=OPENED
    )
    taste = scored_criteria(calloff)[0].id
    assert [one.points[taste] for one in merged(session, calloff=calloff)] == [(5,), (4,)]
    assert [score.points for score in group[1].scores] == [0, 0]
    with pytest.raises(NotPossibleNow):
        remove_evaluator(session, seat=group[1], calloff=calloff, reason="Igen", actor=officer, at=OPENED)


def test_nothing_of_it_is_possible_when_the_call_off_is_abandoned(session, cast, calloff, group, officer):
    move(
        session,
        Thing.CALLOFF,
        calloff,
        CallOffEvent.ABANDON,
        user_id=None,
        at=OPENED,
        reason="Pengarna är slut.",
    )
    actor = cast.actor("kitchen")
    steps = [
        lambda: save(session, calloff, group[0], actor, 3, 3),
        lambda: submit_scores(session, seat=group[0], calloff=calloff, actor=actor, at=OPENED),
        lambda: remove_evaluator(
            session, seat=group[0], calloff=calloff, reason="x", actor=officer, at=OPENED
        ),
        lambda: add_evaluator(
            session, calloff=calloff, user_id=cast.actor("satellite").user_id, actor=officer, at=OPENED
        ),
        lambda: close_scoring(session, calloff=calloff, reason="x", actor=officer, at=OPENED),
        lambda: declare(
            session, calloff=calloff, declaration=Declaration.IMPARTIAL, note="", actor=officer, at=OPENED
        ),
    ]
    for step in steps:
        with pytest.raises(NotPossibleNow):
            step()
