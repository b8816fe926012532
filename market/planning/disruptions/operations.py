"""Take new orders into a plan, and plan again from now when something has happened: read, compute, store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geodata.travel import TravelEngine
from market.actors import Actor
from market.db import open_session, transaction
from market.fleet.queries import settings_of
from market.planning.building import build_problem
from market.planning.changes.operations import copy_as_draft, keep_revision
from market.planning.clock import seconds_since
from market.planning.disruptions.disrupting import disrupted
from market.planning.disruptions.inserting import insert_orders
from market.planning.disruptions.promised import freed, promising
from market.planning.disruptions.rules import (
    Disruption,
    DisruptionKind,
    HappenedOtherwise,
    KitchenShut,
    NothingNew,
    RoadClosed,
    VehicleStands,
    now_in_week,
)
from market.planning.models import WeekPlan
from market.planning.queries import changes_since, plan_for
from market.planning.reading import read_week
from market.planning.rules import PlanChangedMeanwhile, PlanNotSound, PlanState, RevisionKind
from market.planning.solving import alone_totals
from market.values import Week, local_date
from routing.engines.protocol import Progress
from routing.formats.document import plan_from, problem_from
from routing.plan import Plan, Totals
from routing.problem import InvalidProblem, Problem
from routing.solve import Limit, PlanCheckFailed, solve

KINDS: Mapping[DisruptionKind, type[Disruption]] = {
    DisruptionKind.VEHICLE_STANDS: VehicleStands,
    DisruptionKind.ROAD_CLOSED: RoadClosed,
    DisruptionKind.KITCHEN_SHUT: KitchenShut,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A plan as it was read: the computing step works on it with no session open."""

    plan_id: int
    revision: int
    monday: date
    problem: Problem
    plan: Plan
    now_s: int
    promise_ore: int
    tolerance_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What came of it, to be stored as a revision of this kind."""

    kind: RevisionKind
    params: Mapping[str, Any]
    problem: Problem
    plan: Plan
    alone: Totals | None = None


def insert_new_orders(
    engine: Engine, *, plan_id: int, actor: Actor, at: datetime, travel: TravelEngine
) -> int:
    """Put the orders agreed since into the plan, and take out those given up. Returns the draft's id.

    Raises WeekIsOver, NothingNew, PlanNotSound and what storing a revision raises; then nothing is stored.
    """
    today = local_date(at)
    with open_session(engine, writes=False) as session:
        row = _plan(session, plan_id, actor)
        seen = _seen(session, row, at=at)
        changes = changes_since(session, actor=actor, plan=row, today=today)
        inputs = read_week(session, actor=actor, week=Week.containing(row.monday), today=today)
    if not changes:
        raise NothingNew
    fresh = build_problem(inputs, travel=travel).problem if changes.added else seen.problem
    try:
        done = insert_orders(
            seen.problem,
            seen.plan,
            fresh=fresh,
            gone=changes.gone,
            travel=travel,
            tolerance_s=seen.tolerance_s,
            now_s=seen.now_s,
        )
        alone = alone_totals(done.problem, done.plan)
    except PlanCheckFailed as failure:
        raise PlanNotSound(fault=failure.violations[0].code) from failure
    params = {
        "added": sorted(changes.added - done.left_out),
        "left_out": sorted(done.left_out),
        "gone": sorted(changes.gone),
    }
    changed = Changed(
        kind=RevisionKind.INSERTED, params=params, problem=done.problem, plan=done.plan, alone=alone
    )
    with transaction(engine) as session:
        return keep_changed(session, seen=seen, changed=changed, actor=actor, at=at)


def read_seen(engine: Engine, *, plan_id: int, actor: Actor, at: datetime) -> Seen:
    """The plan to be planned again from now. Raises PlanChangedMeanwhile where the actor has none, WeekIsOver."""
    with open_session(engine, writes=False) as session:
        return _seen(session, _plan(session, plan_id, actor), at=at)


def plan_again(
    *,
    seen: Seen,
    disruption: Disruption,
    limit: Limit,
    seed: int = 1,
    progress: Callable[[Progress], bool] | None = None,
) -> Changed:
    """The rest of the week planned again around what happened, with as few promised times broken as is worth it.

    Raises NotInThisPlan, StandsWithGoods, NoRoadThere, HappenedOtherwise, PlanNotSound.
    """
    try:
        problem = disrupted(seen.problem, seen.plan, disruption, monday=seen.monday, now_s=seen.now_s)
        promised = promising(problem, seen.plan, ore=seen.promise_ore, tolerance_s=seen.tolerance_s)
        plain, plan = freed(promised, solve(promised, limit=limit, seed=seed, progress=progress))
    except PlanCheckFailed as failure:
        raise PlanNotSound(fault=failure.violations[0].code) from failure
    except InvalidProblem as invalid:
        raise HappenedOtherwise(fault=invalid.errors[0].code) from invalid
    return Changed(kind=RevisionKind.DISRUPTED, params=written(disruption), problem=plain, plan=plan)


def keep_changed(session: Session, *, seen: Seen, changed: Changed, actor: Actor, at: datetime) -> int:
    """Store it as the next revision of the draft, or of a draft made of what is published. Returns the draft's id.

    Raises PlanChangedMeanwhile beside what `keep_revision` raises.
    """
    row = _plan(session, seen.plan_id, actor)
    draft, revision = row, seen.revision
    if row.state is PlanState.PUBLISHED:
        if row.revision != seen.revision:
            raise PlanChangedMeanwhile
        draft, revision = copy_as_draft(session, plan=row, actor=actor, at=at), 1
    keep_revision(
        session,
        plan=draft,
        seen=revision,
        kind=changed.kind,
        params=changed.params,
        problem=changed.problem,
        changed=changed.plan,
        actor=actor,
        at=at,
        alone=changed.alone,
    )
    return draft.id


def written(disruption: Disruption) -> dict[str, Any]:
    """As plain JSON, for a job or a revision."""
    kind = next(kind for kind, made in KINDS.items() if isinstance(disruption, made))
    values = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(disruption).items()
    }
    return {"disruption": kind.value, **values}


def read_back(params: Mapping[str, Any]) -> Disruption:
    """The disruption that was written so."""
    made = KINDS[DisruptionKind(params["disruption"])]
    values = {name: params[name] for name in made.__slots__}
    if "last_on" in values:
        values["last_on"] = date.fromisoformat(values["last_on"])
    return made(**values)


def _plan(session: Session, plan_id: int, actor: Actor) -> WeekPlan:
    row = plan_for(session, actor=actor, plan_id=plan_id)
    if row is None:
        raise PlanChangedMeanwhile
    return row


def _seen(session: Session, row: WeekPlan, *, at: datetime) -> Seen:
    settings = settings_of(session, authority_id=row.authority_id)
    return Seen(
        plan_id=row.id,
        revision=row.revision,
        monday=row.monday,
        problem=problem_from(row.problem),
        plan=plan_from(row.plan),
        now_s=now_in_week(seconds_since(row.monday, at)),
        promise_ore=settings.promise_ore,
        tolerance_s=settings.tolerance_s,
    )
