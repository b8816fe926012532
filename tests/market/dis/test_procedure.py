"""The one table of transitions of a DIS: what is not in it can not happen."""

from __future__ import annotations

import pytest
from dis_making import make_dis, steps_of
from sqlalchemy.orm.attributes import set_committed_value

from market.dis.rules import (
    REASONED,
    TRANSITIONS,
    CallOffEvent,
    CallOffState,
    DisEvent,
    DisState,
    NotPossibleNow,
    ReasonNeeded,
    Thing,
    check_reason,
    state_after,
)
from market.dis.steps import move


@pytest.mark.parametrize("thing", Thing)
def test_only_what_the_table_has_can_happen(thing):
    states = {state for state, _ in TRANSITIONS[thing]} | set(TRANSITIONS[thing].values())
    events = {event for _, event in TRANSITIONS[thing]}
    for state in states:
        for event in events:
            if (state, event) not in TRANSITIONS[thing]:
                with pytest.raises(NotPossibleNow):
                    state_after(thing, state, event)


def test_a_tender_is_opened_only_from_the_invitation():
    opened_from = {state for (state, event) in TRANSITIONS[Thing.CALLOFF] if event is CallOffEvent.OPEN}
    assert opened_from == {CallOffState.INVITED}


def test_every_refusal_and_early_end_is_reasoned():
    for thing, event in REASONED:
        with pytest.raises(ReasonNeeded):
            check_reason(thing, event, "  ")
    assert check_reason(Thing.CALLOFF, CallOffEvent.INVITE, "") == ""


def test_whoever_comes_second_changes_nothing(session, cast):
    dis = make_dis(session, cast)
    at = dis.published_at
    with pytest.raises(ReasonNeeded):
        move(session, Thing.DIS, dis, DisEvent.END, user_id=None, at=at)
    move(session, Thing.DIS, dis, DisEvent.END, user_id=None, at=at, reason="Avtalsvärdet är nått.")
    set_committed_value(dis, "state", DisState.PUBLISHED)  # what another process read before
    with pytest.raises(NotPossibleNow):
        move(session, Thing.DIS, dis, DisEvent.END, user_id=None, at=at, reason="Avtalsvärdet är nått.")
    assert steps_of(session, Thing.DIS, dis.id) == ["draft", "publish", "end"]
