"""Goals: stated once, ended from tomorrow, judged by the year, shown beside the figure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from factories import AT, MONDAY, Cast
from followup_making import delivered, some_offer
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from market.audit import AuditEvent
from market.followup.figures import FIGURES
from market.followup.goal_rules import (
    GoalEndsBeforeItBegins,
    GoalHasEnded,
    GoalInTheWay,
    NotAGoal,
    Progress,
    TargetTooHigh,
    overlaps,
    progress,
    with_goals,
)
from market.followup.goals import goals_in, standings
from market.followup.models import Goal
from market.followup.operations import add_goal, end_goal
from market.followup.overview import overview
from market.followup.periods import Span
from market.followup.queries import Scope

YEAR = date(2026, 1, 1)
DAYS = st.dates(date(2026, 1, 1), date(2026, 2, 1))


def state(session: Session, cast: Cast, **changed: Any) -> Goal:
    values: dict[str, Any] = {
        "figure": "share_local", "category_key": None, "target": Decimal(40), "valid_from": YEAR, "last_day": None,
        "decided": "KF § 84", "actor": cast.actor("meal_manager"), "at": AT, "authority": cast.authority,
    }  # fmt: skip
    return add_goal(session, **{**values, **changed})


def test_the_same_goal_twice_is_one(session: Session, cast: Cast) -> None:
    assert state(session, cast).id == state(session, cast).id
    logged = session.scalars(select(AuditEvent).where(AuditEvent.action == "followup.goal")).all()
    assert [event.data["target"] for event in logged] == ["40"]


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"figure": "co2e"}, NotAGoal),
        ({"figure": "spend"}, NotAGoal),
        ({"figure": "luck"}, NotAGoal),
        ({"target": Decimal(101)}, TargetTooHigh),
        ({"figure": "grade", "target": Decimal("5.1")}, TargetTooHigh),
        ({"figure": "surplus_spend", "target": Decimal(10**10)}, TargetTooHigh),
        ({"last_day": date(2025, 12, 31)}, GoalEndsBeforeItBegins),
    ],
)
def test_what_is_no_goal_is_refused(
    session: Session, cast: Cast, changed: dict[str, Any], refusal: type
) -> None:
    with pytest.raises(refusal):
        state(session, cast, **changed)
    assert session.scalars(select(Goal)).all() == []


def test_one_goal_at_a_time(session: Session, cast: Cast) -> None:
    state(session, cast, last_day=date(2026, 6, 30))
    with pytest.raises(GoalInTheWay):
        state(session, cast, valid_from=date(2026, 6, 30), target=Decimal(50))
    state(session, cast, valid_from=date(2026, 7, 1), target=Decimal(50))
    state(session, cast, category_key="dairy")
    found = goals_in(session, scope=Scope(authority_id=cast.authority.id), period=Span.parse("2026").period)
    assert found["share_local"].target == 50
    assert (
        goals_in(session, scope=Scope(authority_id=cast.other_authority.id), period=Span.parse("2026").period)
        == {}
    )


def test_an_ended_goal_holds_through_today(session: Session, cast: Cast) -> None:
    goal = state(session, cast)
    end_goal(session, goal=goal, actor=cast.actor("meal_manager"), at=AT)
    assert goal.valid_until == MONDAY + timedelta(days=1)
    with pytest.raises(GoalHasEnded):
        end_goal(session, goal=goal, actor=cast.actor("meal_manager"), at=AT)
    later = state(session, cast, valid_from=date(2027, 1, 1))
    end_goal(session, goal=later, actor=cast.actor("meal_manager"), at=AT)
    assert session.scalars(select(Goal)).all() == [goal]


def test_amounts_are_judged_on_the_year_and_shares_on_the_period(session: Session, cast: Cast) -> None:
    offer = some_offer(session, cast)
    for month in (3, 10, 11):
        delivered(session, cast, offer, day=date(2026, month, 2), kilograms=100)
    state(session, cast)
    state(session, cast, figure="surplus_kg", target=Decimal(300))
    november = Span.parse("2026-11")
    seen = overview(session, scope=Scope(authority_id=cast.authority.id), span=november, today=MONDAY)
    share, surplus = (seen.row(FIGURES[key]).standing for key in ("share_local", "surplus_kg"))
    assert share
    assert (share.span, share.value, share.progress) == (november, 100, Progress.REACHED)
    assert surplus
    assert (str(surplus.span), surplus.value, surplus.progress) == ("2026", 300, Progress.REACHED)
    own = overview(
        session,
        scope=Scope(authority_id=cast.authority.id, kitchen_id=cast.hub.id),
        span=november,
        today=MONDAY,
    )
    assert set(own.goals) == {"share_local"}
    rows = standings(session, scope=Scope(authority_id=cast.authority.id), today=MONDAY)
    assert {row.goal.figure: row.value for row in rows} == {"share_local": 100, "surplus_kg": 300}


def test_a_kitchen_sees_its_own_part_of_the_goals(session: Session, cast: Cast) -> None:
    """And none of amounts, from which another kitchen's could be worked out."""
    delivered(session, cast, some_offer(session, cast), day=date(2026, 10, 2), kitchen=cast.satellite)
    state(session, cast)
    state(session, cast, figure="surplus_kg", target=Decimal(300))
    scope = Scope(authority_id=cast.authority.id, kitchen_id=cast.hub.id)
    assert [(row.goal.figure, row.value) for row in standings(session, scope=scope, today=MONDAY)] == [
        ("share_local", None)
    ]


def test_a_week_over_new_year_is_held_against_the_year_that_it_belongs_to(
    session: Session, cast: Cast
) -> None:
    delivered(session, cast, some_offer(session, cast), day=date(2026, 12, 29), kilograms=300)
    state(session, cast, figure="surplus_kg", target=Decimal(300))
    seen = overview(
        session, scope=Scope(authority_id=cast.authority.id), span=Span.parse("2026-W53"), today=MONDAY
    )
    standing = seen.row(FIGURES["surplus_kg"]).standing
    assert standing
    assert (str(standing.span), standing.value) == ("2026", 300)


@given(st.tuples(DAYS, st.none() | DAYS), st.tuples(DAYS, st.none() | DAYS))
@settings(max_examples=60, deadline=None)
def test_times_overlap_where_they_have_a_day_in_common(a, b):
    far = date(2026, 3, 1)

    def days(time):
        return {time[0] + timedelta(days=n) for n in range(((time[1] or far) - time[0]).days)}

    if all(end is None or start < end for start, end in (a, b)):
        assert overlaps(a, b) == bool(days(a) & days(b))


def test_lower_is_better_for_some() -> None:
    for figure in with_goals():
        assert progress(figure, value=None, target=Decimal(1)) is Progress.UNKNOWN
        assert progress(figure, value=Decimal(1), target=Decimal(1)) is Progress.REACHED
    assert progress(FIGURES["food_km"], value=Decimal(99), target=Decimal(100)) is Progress.REACHED
    assert progress(FIGURES["share_local"], value=Decimal(39), target=Decimal(40)) is Progress.ON_THE_WAY


def test_a_goal_is_stated_and_ended_by_form(client_for, stored: Cast, look: Session) -> None:
    client = client_for("procurement_officer")
    form = {
        "figure": "share_local",
        "category": "",
        "target": "40,5",
        "valid_from": "2026-01-01",
        "decided": "KF § 84",
    }
    assert client.get("/followup/goals/new?figure=share_local").status_code == 200
    for wrong in (
        {"target": "mycket"},
        {"figure": "luck"},
        {"valid_from": "i fjol"},
        {"target": "400"},
        {"target": "-1"},
    ):
        page = client.post("/followup/goals/new", data=form | wrong)
        assert page.status_code == 200
        assert "Rätta det här" in page.get_data(as_text=True)
    for _ in range(2):
        assert client.post("/followup/goals/new", data=form).status_code == 302
    page = client.get("/followup/goals").get_data(as_text=True)
    assert page.count("KF § 84") == 1
    assert "40,5" in page
    goal_id = look.scalars(select(Goal.id)).one()
    look.rollback()
    assert client.post(f"/followup/goals/{goal_id}/end").status_code == 302
    assert look.scalars(select(Goal.valid_until)).one() == date(2026, 11, 24)
    assert client_for("kitchen").get("/followup/goals").status_code == 200
    assert client_for("kitchen").get("/followup/goals/new").status_code == 403
