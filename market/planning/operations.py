"""The storing step of planning, publishing, and the three steps put together."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.db import open_session, transaction
from market.jobs.models import Job
from market.jobs.operations import enqueue
from market.planning.inputs import WeekInputs
from market.planning.models import PlanRevision, PlanTransition, WeekPlan
from market.planning.publishing.replacing import refuse_if_driven, take_drivers
from market.planning.publishing.rules import AnotherWasPublished
from market.planning.publishing.telling import tell_of, tell_withdrawn
from market.planning.reading import read_week
from market.planning.rules import (
    InputsChanged,
    PlanChangedMeanwhile,
    PlanEvent,
    PlanState,
    RevisionKind,
    state_after,
)
from market.planning.solving import SHORT, Solved, solve_week
from market.planning.storing import check_sound, compare_with, fill
from market.values import Week, local_date
from routing.solve import Limit

SHARE_COSTS = "share_costs"
UNSEEN = -1
"""In place of a plan's id: what was published when the person looked is not known."""


def plan_week(
    engine: Engine, *, actor: Actor, week: Week, at: datetime, limit: Limit = SHORT, seed: int = 1
) -> int:
    """Read, solve and store, each by itself; no session is open while the planner works. Returns the plan's id.

    Raises WeekHasPassed, NothingToPlan, NoVehicles, PlanNotSound, InputsChanged; then nothing is stored.
    """
    with open_session(engine, writes=False) as session:
        inputs = read_week(session, actor=actor, week=week, today=local_date(at))
    solved = solve_week(inputs, limit=limit, seed=seed)
    with transaction(engine) as session:
        return store_plan(session, inputs=inputs, solved=solved, actor=actor, at=at).id


def store_plan(
    session: Session, *, inputs: WeekInputs, solved: Solved, actor: Actor, at: datetime
) -> WeekPlan:
    """Keep a plan as a draft; the very same plan of the same inputs is kept once, however often it is made.

    Raises PlanNotSound, and InputsChanged when a fresh read says something else.
    """
    check_sound(solved.problem, solved.plan)
    fresh = read_week(session, actor=actor, week=inputs.week, today=local_date(at))
    if not solved.fingerprint == inputs.fingerprint() == fresh.fingerprint():
        raise InputsChanged
    plan = _row(inputs, solved, actor=actor, at=at)
    made = _made_before(session, plan)
    if made is not None:
        return made
    plan.revisions.append(first_revision(plan, actor=actor, at=at))
    session.add(plan)
    session.flush()
    _log(session, plan, PlanEvent.MAKE, actor=actor, at=at)
    return plan


def _made_before(session: Session, plan: WeekPlan) -> WeekPlan | None:
    same_inputs = select(WeekPlan).where(
        WeekPlan.authority_id == plan.authority_id,
        WeekPlan.monday == plan.monday,
        WeekPlan.fingerprint == plan.fingerprint,
    )
    routes = json.loads(json.dumps(plan.plan["routes"]))
    return next((made for made in session.scalars(same_inputs) if made.plan["routes"] == routes), None)


def publish_plan(
    session: Session,
    *,
    plan: WeekPlan,
    actor: Actor,
    at: datetime,
    seen: int | None = UNSEEN,
    revision: int | None = None,
) -> WeekPlan | None:
    """Make this the plan that everyone goes by, and tell those whom it touches. Returns the plan published before, a draft again.

    `seen` is the id of the plan that was published when the person looked, None for no plan; left out, whatever is published is
    replaced. `revision` is the plan's own when the person looked; left out, it is published as it stands. Whoever drives a
    published run goes on driving it. Raises PlanChangedMeanwhile when it is published already, is at another revision, or someone
    else was faster, AnotherWasPublished, and WeekIsBeingDriven; the caller then rolls back.
    """
    state_after(plan.state, PlanEvent.PUBLISH)
    replaced = published_beside(session, plan=plan)
    if seen not in {UNSEEN, replaced.id if replaced else None}:
        raise AnotherWasPublished
    refuse_if_driven(plan=plan, replaced=replaced, at=at)
    if replaced is not None:
        _move(session, replaced, PlanEvent.WITHDRAW, actor=actor, at=at)
    _move(session, plan, PlanEvent.PUBLISH, actor=actor, at=at, revision=revision)
    take_drivers(plan=plan, replaced=replaced)
    session.flush()
    tell_of(session, plan=plan, replaced=replaced, at=at)
    ask_for_shares(session, plan=plan, actor=actor, at=at)
    return replaced


def ask_for_shares(session: Session, *, plan: WeekPlan, actor: Actor, at: datetime) -> Job:
    """Have each producer's share of the plan's cost worked out; while that is done already for this revision, that job is returned."""
    place = {"endpoint": "planning.compare", "values": {"plan_id": plan.id}}
    return enqueue(
        session,
        kind=SHARE_COSTS,
        params={"plan_id": plan.id, "back": place},
        authority_id=plan.authority_id,
        user_id=actor.user_id,
        at=at,
        key=f"{SHARE_COSTS}:{plan.id}:{plan.revision}",
    )


def withdraw_plan(session: Session, *, plan: WeekPlan, actor: Actor, at: datetime) -> None:
    """Take back what is published, with nothing in its place, and tell everybody who was counting on it. Raises PlanChangedMeanwhile."""
    _move(session, plan, PlanEvent.WITHDRAW, actor=actor, at=at)
    tell_withdrawn(session, plan=plan, at=at)


def published_beside(session: Session, *, plan: WeekPlan) -> WeekPlan | None:
    """The plan of the same week that is published, if it is another one."""
    query = select(WeekPlan).where(
        WeekPlan.authority_id == plan.authority_id,
        WeekPlan.monday == plan.monday,
        WeekPlan.state == PlanState.PUBLISHED,
        WeekPlan.id != plan.id,
    )
    return session.scalar(query)


def _move(
    session: Session,
    plan: WeekPlan,
    event: PlanEvent,
    *,
    actor: Actor,
    at: datetime,
    revision: int | None = None,
) -> None:
    """Change the state only if it, and a given revision, is still what the caller saw; a race loses with PlanChangedMeanwhile."""
    before = plan.state
    after = state_after(before, event)
    as_seen = [WeekPlan.id == plan.id, WeekPlan.state == before]
    if revision is not None:
        as_seen.append(WeekPlan.revision == revision)
    changed = session.execute(update(WeekPlan).where(*as_seen).values(state=after))
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise PlanChangedMeanwhile
    session.refresh(plan, ["state"])
    _log(session, plan, event, actor=actor, at=at)


def _log(session: Session, plan: WeekPlan, event: PlanEvent, *, actor: Actor, at: datetime) -> None:
    session.add(
        PlanTransition(week_plan_id=plan.id, event=event, to_state=plan.state, at=at, user_id=actor.user_id)
    )
    audit.record(
        session,
        user_id=actor.user_id,
        at=at,
        action=f"plan.{event.value}",
        subject=f"plan:{plan.id}",
        state=plan.state.value,
        week=str(Week.containing(plan.monday)),
        fingerprint=plan.fingerprint,
    )


def _row(inputs: WeekInputs, solved: Solved, *, actor: Actor, at: datetime) -> WeekPlan:
    row = WeekPlan(
        authority_id=inputs.authority_id,
        monday=inputs.week.monday,
        state=state_after(None, PlanEvent.MAKE),
        fingerprint=solved.fingerprint,
        travel_engine=solved.built.travel_engine,
        created_at=at,
        created_by_id=actor.user_id,
    )
    fill(row, problem=solved.problem, plan=solved.plan)
    compare_with(row, solved.alone)
    return row


def first_revision(plan: WeekPlan, *, actor: Actor, at: datetime) -> PlanRevision:
    """What undoing goes back to at last."""
    return PlanRevision(
        number=1,
        kind=RevisionKind.MADE,
        params={},
        problem=plan.problem,
        plan=plan.plan,
        at=at,
        user_id=actor.user_id,
    )
