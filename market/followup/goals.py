"""Reads of an authority's goals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from market.actors import Action, Actor
from market.followup.figures import FIGURES, Sums
from market.followup.goal_rules import Progress, is_yearly, progress
from market.followup.models import Goal
from market.followup.periods import Span, SpanKind
from market.followup.queries import Scope, sums_by
from market.values import Period


def goals_of(session: Session, *, authority_id: int) -> list[Goal]:
    """All of them, the latest first."""
    query = select(Goal).where(Goal.authority_id == authority_id)
    return list(session.scalars(query.order_by(Goal.valid_from.desc(), Goal.id.desc())))


def goal_for(session: Session, *, actor: Actor, goal_id: int) -> Goal | None:
    """One that the actor may change: of their own authority."""
    goal = session.get(Goal, goal_id)
    if goal is None or not actor.may(Action.EDIT_FOLLOWUP) or goal.authority_id != actor.authority_id:
        return None
    return goal


def goals_in(session: Session, *, scope: Scope, period: Period) -> dict[str, Goal]:
    """By figure, of exactly the scope's category: of several in the period, the one that begins last."""
    query = (
        select(Goal)
        .where(
            Goal.authority_id == scope.authority_id,
            Goal.category_key.is_(None)
            if scope.category_key is None
            else Goal.category_key == scope.category_key,
            Goal.valid_from < period.end,
            or_(Goal.valid_until.is_(None), Goal.valid_until > period.start),
        )
        .order_by(Goal.valid_from, Goal.id)
    )
    return {goal.figure: goal for goal in session.scalars(query)}


def is_for(goal: Goal, scope: Scope) -> bool:
    """Whether the scope can be held against it: an amount is the whole authority's to reach, not one kitchen's."""
    figure = FIGURES.get(goal.figure)
    return figure is not None and (scope.kitchen_id is None or not is_yearly(figure))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a goal is: judged on `span`, where the figure was `value`."""

    goal: Goal
    span: Span
    value: Decimal | None
    progress: Progress


def standings(session: Session, *, scope: Scope, today: date) -> list[Standing]:
    """Each goal held against the year that is going on, or the last one that it held: those that hold first.

    A kitchen is held against those for shares and means, not for amounts. Four queries for each category that there are goals for.
    """
    goals = [one for one in goals_of(session, authority_id=scope.authority_id) if is_for(one, scope)]
    wanted: dict[str | None, set[Span]] = {}
    for goal in goals:
        wanted.setdefault(goal.category_key, set()).add(_year_of(goal, today))
    sums = {
        key: sums_by(session, scope=replace(scope, category_key=key), spans=spans)
        for key, spans in wanted.items()
    }
    found = [_against(goal, sums[goal.category_key], today) for goal in goals]
    return sorted(found, key=lambda standing: not holds(standing.goal, today))


def _against(goal: Goal, sums: Mapping[Span, Sums], today: date) -> Standing:
    span = _year_of(goal, today)
    return standing_of(goal, sums[span], span)


def _year_of(goal: Goal, today: date) -> Span:
    last = today if goal.valid_until is None else min(today, goal.valid_until - timedelta(days=1))
    return Span.containing(max(last, goal.valid_from), SpanKind.YEAR)


def holds(goal: Goal, today: date) -> bool:
    return goal.valid_until is None or today < goal.valid_until


def standing_of(goal: Goal, sums: Sums, span: Span) -> Standing:
    figure = FIGURES[goal.figure]
    value = figure.of(sums) if sums.lines or sums.arrivals else None
    state = progress(figure, value=value, target=goal.target)
    return Standing(goal=goal, span=span, value=value, progress=state)
