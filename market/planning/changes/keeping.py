"""Keep a change by hand: work it out once more from what is stored, and store it if it is what was shown."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from market.actors import Actor
from market.planning.changes.asking import Asked
from market.planning.changes.opened import revision_of
from market.planning.changes.operations import keep_revision, refuse_if_changed
from market.planning.changes.outcomes import KINDS, outcome_of
from market.planning.changes.telling import params_of
from market.planning.models import PlanRevision, Run, RunStop, WeekPlan
from market.planning.queries import covering
from market.planning.rules import PlanState, PublishedPlanStands
from market.values import Refused, msg


class MoreGivesWay(Refused):
    message = msg(
        "Ändringen bryter mot något. Läs vad som måste ge efter, och behåll den sedan om det är i sin ordning."
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


def keep_change(
    session: Session, *, plan: WeekPlan, asked: Asked, actor: Actor, at: datetime
) -> PlanRevision:
    """Store what `asked` makes of the plan. Only rules that it names give way.

    Raises ChangedByAnother, PublishedPlanStands, MoreGivesWay, PlanNotSound, and what `outcome_of` raises.
    """
    if plan.state is not PlanState.DRAFT:
        raise PublishedPlanStands
    refuse_if_changed(session, plan_id=plan.id, revision=plan.revision, seen=asked.seen)
    problem, before = revision_of(session, plan_id=plan.id, number=plan.revision)
    outcome = outcome_of(problem, before, asked)
    if outcome.changes != asked.gives:
        raise MoreGivesWay
    return keep_revision(
        session,
        plan=plan,
        seen=asked.seen,
        kind=KINDS[asked.what],
        params=params_of(problem, before, asked, outcome),
        problem=outcome.problem,
        changed=outcome.plan,
        actor=actor,
        at=at,
    )
