"""What an authority decides in follow-up: its goals."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.followup.goal_rules import (
    GoalEndsBeforeItBegins,
    GoalHasEnded,
    GoalInTheWay,
    check_target,
    figure_with_goal,
    overlaps,
)
from market.followup.models import Goal
from market.register.models import Authority
from market.values import local_date


def add_goal(
    session: Session,
    *,
    authority: Authority,
    figure: str,
    category_key: str | None,
    target: Decimal,
    valid_from: date,
    last_day: date | None,
    decided: str,
    actor: Actor,
    at: datetime,
) -> Goal:
    """State what is to be reached; the same goal stated twice is one.

    Raises NotAGoal, TargetTooHigh, GoalEndsBeforeItBegins, GoalInTheWay.
    """
    check_target(figure_with_goal(figure), target)
    valid_until = last_day + timedelta(days=1) if last_day else None
    if valid_until is not None and valid_until <= valid_from:
        raise GoalEndsBeforeItBegins
    goal = Goal(
        authority_id=authority.id, figure=figure, category_key=category_key, target=target, valid_from=valid_from,
        valid_until=valid_until, decided=decided, entered_at=at, entered_by_id=actor.user_id,
    )  # fmt: skip
    session.scalar(
        select(Authority.id).where(Authority.id == authority.id).with_for_update()
    )  # one goal at a time
    for other in _alike(session, goal):
        if _says_the_same(other, goal):
            return other
        if overlaps((goal.valid_from, goal.valid_until), (other.valid_from, other.valid_until)):
            raise GoalInTheWay
    session.add(goal)
    session.flush()
    _log(session, "followup.goal", goal, actor, at)
    return goal


def end_goal(session: Session, *, goal: Goal, actor: Actor, at: datetime) -> Goal:
    """From tomorrow it holds no longer; one that has not begun is taken away. Raises GoalHasEnded."""
    tomorrow = local_date(at) + timedelta(days=1)
    if goal.valid_until is not None and goal.valid_until <= tomorrow:
        raise GoalHasEnded
    if goal.valid_from >= tomorrow:
        _log(session, "followup.goal.withdraw", goal, actor, at)
        session.delete(goal)
    else:
        goal.valid_until = tomorrow
        _log(session, "followup.goal.end", goal, actor, at)
    session.flush()
    return goal


def _alike(session: Session, goal: Goal) -> list[Goal]:
    same = (
        Goal.category_key.is_(None) if goal.category_key is None else Goal.category_key == goal.category_key
    )
    query = select(Goal).where(Goal.authority_id == goal.authority_id, Goal.figure == goal.figure, same)
    return list(session.scalars(query.order_by(Goal.id)))


def _says_the_same(a: Goal, b: Goal) -> bool:
    return (a.target, a.valid_from, a.valid_until) == (b.target, b.valid_from, b.valid_until)


def _log(session: Session, action: str, goal: Goal, actor: Actor, at: datetime) -> None:
    until = goal.valid_until.isoformat() if goal.valid_until else None
    audit.record(
        session, user_id=actor.user_id, at=at, action=action, subject=f"authority:{goal.authority_id}",
        figure=goal.figure, category=goal.category_key, target=str(goal.target), valid_from=goal.valid_from.isoformat(),
        valid_until=until,
    )  # fmt: skip
