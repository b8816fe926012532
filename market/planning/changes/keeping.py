"""Keep a change by hand in two steps: work it out once more from what is stored, then store it if it is what was shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, selectinload

from market.actors import Actor
from market.db import open_session
from market.planning.changes.asking import Asked
from market.planning.changes.operations import keep_revision
from market.planning.changes.outcomes import KINDS, Outcome, outcome_of
from market.planning.changes.telling import params_of
from market.planning.changes.trial import current
from market.planning.models import PlanRevision, Run, RunStop, WeekPlan
from market.planning.queries import covering
from market.planning.solving import alone_totals
from market.values import Refused, msg
from routing.plan import Totals


class MoreGivesWay(Refused):
    message = msg(
        "Ändringen bryter mot något. Läs vad som måste ge efter, och behåll den sedan om det är i sin ordning."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A change worked out, with no session open; `alone` compares, where other goods are driven than before."""

    asked: Asked
    outcome: Outcome
    params: dict[str, Any]
    alone: Totals | None


def prepare(engine: Engine, *, actor: Actor, plan_id: int, asked: Asked) -> Prepared | None:
    """Work out what is to be kept; None where the actor has no part in the plan. Only rules that `asked` names give way.

    Raises ChangedByAnother, PublishedPlanStands, MoreGivesWay, and what `outcome_of` raises.
    """
    with open_session(engine, writes=False) as session:
        found = current(session, actor=actor, plan_id=plan_id, seen=asked.seen)
    if found is None:
        return None
    outcome = outcome_of(found.problem, found.plan, asked)
    if outcome.changes != asked.gives:
        raise MoreGivesWay
    is_other = outcome.left_out or outcome.taken_in
    return Prepared(
        asked=asked,
        outcome=outcome,
        params=params_of(found.problem, found.plan, asked, outcome),
        alone=alone_totals(outcome.problem, outcome.plan) if is_other else None,
    )


def keep_change(
    session: Session, *, plan: WeekPlan, prepared: Prepared, actor: Actor, at: datetime
) -> PlanRevision:
    """Store the change. Raises ChangedByAnother, PublishedPlanStands and PlanNotSound."""
    asked, outcome = prepared.asked, prepared.outcome
    return keep_revision(
        session,
        plan=plan,
        seen=asked.seen,
        kind=KINDS[asked.what],
        params=prepared.params,
        problem=outcome.problem,
        changed=outcome.plan,
        actor=actor,
        at=at,
        alone=prepared.alone,
    )


def plan_to_change(session: Session, *, actor: Actor, plan_id: int) -> WeekPlan | None:
    """The plan with the rows that a change replaces, or None where the actor has no part in it."""
    query = (
        select(WeekPlan)
        .where(WeekPlan.id == plan_id, covering(actor))
        .options(
            selectinload(WeekPlan.runs).selectinload(Run.stops).selectinload(RunStop.loads),
            selectinload(WeekPlan.unserved),
        )
    )
    return session.scalar(query)
