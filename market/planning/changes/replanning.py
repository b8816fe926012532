"""Plan again around the locks, as a job: what planners decided stays, the rest is sought anew."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from market.actors import Actor
from market.db import open_session
from market.jobs.models import Job
from market.jobs.operations import enqueue
from market.jobs.running import Work
from market.planning.changes.keeping import plan_to_change
from market.planning.changes.operations import keep_revision, refuse_if_changed
from market.planning.changes.trial import current
from market.planning.jobs import LIMIT, actor_of, told
from market.planning.models import WeekPlan
from market.planning.rules import PlanNotSound, PlanState, PublishedPlanStands, RevisionKind
from market.planning.solving import alone_totals, by_departure
from market.values import Refused, Week, msg
from routing.plan import Plan
from routing.problem import InvalidProblem, Problem
from routing.solve import PlanCheckFailed, solve

REPLAN = "replan_plan"


class NothingBetter(Refused):
    message = msg(
        "Sökningen hittade ingen bättre plan runt låsningarna, så planen är som den var. "
        "Lås upp något, eller flytta för hand."
    )


class LockedRouteImpossible(Refused):
    message = msg("En låst rutt går inte att köra som den är. Lås upp den, och planera om.")


class PlanIsGone(Refused):
    message = msg("Planen finns inte längre.")


def ask_for_replan(session: Session, *, plan: WeekPlan, seen: int, actor: Actor, at: datetime) -> Job:
    """Ask for the rest of revision `seen` to be planned again. Raises PublishedPlanStands, ChangedByAnother."""
    if plan.state is not PlanState.DRAFT:
        raise PublishedPlanStands
    refuse_if_changed(session, plan_id=plan.id, revision=plan.revision, seen=seen)
    params = {
        "membership_id": actor.membership_id,
        "week": str(Week.containing(plan.monday)),
        "plan_id": plan.id,
        "seen": seen,
        "back": {"endpoint": "planning.plan", "values": {"plan_id": plan.id}},
    }
    return enqueue(
        session,
        kind=REPLAN,
        params=params,
        authority_id=actor.authority_id,
        user_id=actor.user_id,
        at=at,
        key=key_of(plan.id),
    )


def key_of(plan_id: int) -> str:
    """A plan is planned again once at a time."""
    return f"{REPLAN}:{plan_id}"


def replan_job(work: Work) -> None:
    """Read, solve, store as a revision, if it is better and nobody has changed the plan meanwhile. Raises Refused."""
    plan_id, seen, at = work.params["plan_id"], work.params["seen"], work.now()
    with open_session(work.engine, writes=False) as session:
        actor = actor_of(session, work)
        found = current(session, actor=actor, plan_id=plan_id, seen=seen)
    if found is None:
        raise PlanIsGone
    better = _sought(found.problem, found.plan, work)
    alone = alone_totals(found.problem, better)

    def store(session: Session) -> dict[str, Any]:
        plan = plan_to_change(session, actor=actor, plan_id=plan_id)
        if plan is None:
            raise PlanIsGone
        keep_revision(
            session,
            plan=plan,
            seen=seen,
            kind=RevisionKind.REPLANNED,
            params=_params(found.plan, better),
            problem=found.problem,
            changed=better,
            actor=actor,
            at=at,
            alone=alone,
        )
        return {"endpoint": "planning.plan", "values": {"plan_id": plan_id}}

    work.finish(store)


def _sought(problem: Problem, plan: Plan, work: Work) -> Plan:
    """A better plan of the same problem. Raises NothingBetter, LockedRouteImpossible, PlanNotSound."""
    try:
        found = by_departure(solve(problem, limit=LIMIT, seed=1, progress=told(work), prove=True))
    except InvalidProblem as error:
        raise LockedRouteImpossible from error
    except PlanCheckFailed as failure:
        raise PlanNotSound(fault=failure.violations[0].code) from failure
    if _rank(found) >= _rank(plan):
        raise NothingBetter
    return found


def _rank(plan: Plan) -> tuple[int, int]:
    """Few left out before cheap."""
    return len(plan.unserved), plan.totals.price_ore


def _params(before: Plan, after: Plan) -> dict[str, Any]:
    old, new = before.totals, after.totals
    return {
        "distance_m": new.distance_m - old.distance_m,
        "duration_s": new.duration_s - old.duration_s,
        "cost_ore": new.cost_ore - old.cost_ore,
        "co2e_g": new.co2e_g - old.co2e_g,
    }
