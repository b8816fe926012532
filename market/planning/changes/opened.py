"""Stored plans read back for trials: each revision once per process, the last few kept."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from market.actors import Actor
from market.planning.models import PlanRevision, WeekPlan
from market.planning.queries import covering
from market.planning.rules import PlanState
from market.values import Week
from routing.formats.document import plan_from, problem_from
from routing.plan import Plan
from routing.problem import Problem

MOST_KEPT = 8
_kept: WeakKeyDictionary[Engine, OrderedDict[tuple[int, int], tuple[Problem, Plan]]] = WeakKeyDictionary()
_lock = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A revision of a plan as the planner library knows it."""

    plan_id: int
    week: Week
    state: PlanState
    revision: int
    problem: Problem
    plan: Plan


def state_of(session: Session, *, actor: Actor, plan_id: int) -> PlanState | None:
    """The plan's state, or None where the actor has no part in it."""
    return session.scalar(select(WeekPlan.state).where(WeekPlan.id == plan_id, covering(actor)))


def opened(session: Session, *, actor: Actor, plan_id: int) -> Opened | None:
    """The plan as it stands, or None where the actor has no part in it."""
    columns = (WeekPlan.monday, WeekPlan.state, WeekPlan.revision)
    row = session.execute(select(*columns).where(WeekPlan.id == plan_id, covering(actor))).first()
    if row is None:
        return None
    problem, plan = revision_of(session, plan_id=plan_id, number=row.revision)
    return Opened(
        plan_id=plan_id,
        week=Week.containing(row.monday),
        state=row.state,
        revision=row.revision,
        problem=problem,
        plan=plan,
    )


def revision_of(session: Session, *, plan_id: int, number: int) -> tuple[Problem, Plan]:
    """What a committed revision holds; it never changes, so it is parsed once."""
    engine = session.get_bind().engine
    with _lock:
        kept = _kept.setdefault(engine, OrderedDict())
        if (plan_id, number) in kept:
            kept.move_to_end((plan_id, number))
            return kept[plan_id, number]
    found = _read(session, plan_id, number)
    with _lock:
        kept[plan_id, number] = found
        while len(kept) > MOST_KEPT:
            kept.popitem(last=False)
    return found


def _read(session: Session, plan_id: int, number: int) -> tuple[Problem, Plan]:
    """Plans from before revisions were kept have only their own documents."""
    of_revision = select(PlanRevision.problem, PlanRevision.plan).where(
        PlanRevision.week_plan_id == plan_id, PlanRevision.number == number
    )
    own = select(WeekPlan.problem, WeekPlan.plan).where(WeekPlan.id == plan_id)
    row = session.execute(of_revision).first() or session.execute(own).one()
    return problem_from(row.problem), plan_from(row.plan)
