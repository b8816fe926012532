"""The life of a plan, the days it takes in, room in crates, and the words for what was left out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import MONDAY

from market.planning import rules
from market.planning.rules import PlanEvent, PlanState
from market.values import Package, Week
from routing.reasons import CODES

WEEK = Week.containing(MONDAY)


def test_a_plan_is_published_and_withdrawn_and_nothing_else():
    steps = [(state, event) for state in (None, *PlanState) for event in PlanEvent]
    allowed = {step for step in steps if step in rules.TRANSITIONS}
    assert allowed == {
        (None, PlanEvent.MAKE),
        (PlanState.DRAFT, PlanEvent.PUBLISH),
        (PlanState.PUBLISHED, PlanEvent.WITHDRAW),
    }
    for step in set(steps) - allowed:
        with pytest.raises(rules.PlanChangedMeanwhile):
            rules.state_after(*step)


@pytest.mark.parametrize(("days_in", "left"), [(-7, 7), (0, 7), (3, 4), (6, 1)])
def test_only_the_days_ahead_are_planned(days_in, left):
    period = rules.days_to_plan(WEEK, today=MONDAY + timedelta(days=days_in))
    assert (period.end - period.start).days == left
    assert period.end == MONDAY + timedelta(days=7)


def test_a_week_that_is_over_can_not_be_planned():
    with pytest.raises(rules.WeekHasPassed):
        rules.days_to_plan(WEEK, today=MONDAY + timedelta(days=7))


@pytest.mark.parametrize(
    ("package", "size", "crates"),
    [(Package.BOX, 10_000, 4), (Package.BAG, 25_000, 2), (Package.PALLET, 400_000, 32), (None, None, 4)],
)
def test_room_in_crates(package, size, crates):
    assert rules.crates_for(steps=40_000, grams=40_000, package=package, package_steps=size) == crates


def test_every_reason_of_the_planner_has_swedish_words():
    assert set(CODES) <= set(rules.REASONS)


def test_an_unknown_reason_still_says_what_to_do():
    assert "lägg till ett fordon" in rules.reason_text("something_new")
