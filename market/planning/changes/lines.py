"""A plan's changes by hand, told one line each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.accounts.models import User
from market.planning.models import PlanRevision, WeekPlan
from market.planning.rules import PlanState, RevisionKind
from market.values import Week


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One change in a plan's history; `params` are telling.params_of, `gives` what gave way."""

    number: int
    kind: RevisionKind
    at: datetime
    by: str
    params: Mapping[str, Any]
    is_undone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    plan: WeekPlan
    week: Week
    lines: tuple[Line, ...]
    can_undo: bool


def history_page(session: Session, *, plan: WeekPlan, may_plan: bool) -> HistoryPage:
    """The latest change first."""
    query = select(PlanRevision, User.name).outerjoin(User, PlanRevision.user_id == User.id)
    rows = session.execute(query.where(PlanRevision.week_plan_id == plan.id).order_by(PlanRevision.number))
    lines = [line_of(revision, by=name or "") for revision, name in rows]
    return HistoryPage(
        plan=plan,
        week=Week.containing(plan.monday),
        lines=tuple(reversed(lines)),
        can_undo=may_plan and plan.state is PlanState.DRAFT and len(lines) > 1,
    )


def line_of(revision: PlanRevision, *, by: str = "") -> Line:
    return Line(
        number=revision.number, kind=revision.kind, at=revision.at, by=by, params=dict(revision.params)
    )
