"""The storing step of planning, publishing, and the three steps put together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.db import open_session, transaction
from market.planning.building import Built, StopKey, order_id_of
from market.planning.inputs import WeekInputs
from market.planning.models import PlanTransition, Run, RunLoad, RunStop, UnservedOrder, WeekPlan
from market.planning.reading import read_week
from market.planning.rules import (
    InputsChanged,
    LoadKind,
    PlanChangedMeanwhile,
    PlanEvent,
    PlanState,
    reason_text,
    state_after,
)
from market.planning.solving import SHORT, Solved, check_sound, solve_week, unserved_codes
from market.values import Week, local_date
from routing.formats.document import plan_document, problem_document
from routing.plan import Route, Visit
from routing.solve import Limit


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
    check_sound(solved)
    fresh = read_week(session, actor=actor, week=inputs.week, today=local_date(at))
    if not solved.fingerprint == inputs.fingerprint() == fresh.fingerprint():
        raise InputsChanged
    plan = _row(inputs, solved, actor=actor, at=at)
    made = _made_before(session, plan)
    if made is not None:
        return made
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


def publish_plan(session: Session, *, plan: WeekPlan, actor: Actor, at: datetime) -> None:
    """Make this the plan that everyone goes by; the one published before goes back to draft.

    Raises PlanChangedMeanwhile when it is published already, or someone else was faster.
    """
    state_after(plan.state, PlanEvent.PUBLISH)
    others = select(WeekPlan).where(
        WeekPlan.authority_id == plan.authority_id,
        WeekPlan.monday == plan.monday,
        WeekPlan.state == PlanState.PUBLISHED,
        WeekPlan.id != plan.id,
    )
    for other in session.scalars(others).all():
        _move(session, other, PlanEvent.WITHDRAW, actor=actor, at=at)
    _move(session, plan, PlanEvent.PUBLISH, actor=actor, at=at)


def _move(session: Session, plan: WeekPlan, event: PlanEvent, *, actor: Actor, at: datetime) -> None:
    """Change the state only if it is still what the caller saw; a race loses with PlanChangedMeanwhile."""
    before = plan.state
    after = state_after(before, event)
    changed = session.execute(
        update(WeekPlan).where(WeekPlan.id == plan.id, WeekPlan.state == before).values(state=after)
    )
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
    plan, totals, alone = solved.plan, solved.plan.totals, solved.alone
    return WeekPlan(
        authority_id=inputs.authority_id,
        monday=inputs.week.monday,
        state=state_after(None, PlanEvent.MAKE),
        fingerprint=solved.fingerprint,
        problem=problem_document(solved.problem),
        plan=plan_document(plan),
        distance_m=totals.distance_m,
        duration_s=totals.duration_s,
        cost_ore=totals.cost_ore,
        co2e_g=totals.co2e_g,
        alone_distance_m=alone.distance_m,
        alone_duration_s=alone.duration_s,
        alone_cost_ore=alone.cost_ore,
        alone_co2e_g=alone.co2e_g,
        travel_engine=solved.built.travel_engine,
        created_at=at,
        created_by_id=actor.user_id,
        runs=list(_runs(solved)),
        unserved=list(_unserved(inputs, solved)),
    )


def _unserved(inputs: WeekInputs, solved: Solved) -> Iterator[UnservedOrder]:
    for order_id, code in unserved_codes(inputs, solved.plan).items():
        yield UnservedOrder(order_id=order_id, reason_code=code, reason=reason_text(code))


def _runs(solved: Solved) -> Iterator[Run]:
    """Numbered through the week, in the plan's order."""
    grams = {shipment.id: shipment.grams for shipment in solved.problem.shipments}
    for number, route in enumerate(solved.plan.routes, 1):
        yield Run(
            vehicle_id=int(route.vehicle),
            number=number,
            day=solved.built.day_of_shift(route.vehicle, route.shift),
            distance_m=route.distance_m,
            drive_s=route.drive_s,
            duration_s=route.duration_s,
            break_s=route.break_s,
            cost_ore=route.cost_ore,
            co2e_g=route.co2e_g,
            stops=list(_stops(route, solved.built, grams)),
        )


def _stops(route: Route, built: Built, grams: dict[str, int]) -> Iterator[RunStop]:
    for position, visit in enumerate(route.visits, 1):
        key = StopKey.of(visit.stop)
        yield RunStop(
            position=position,
            site_id=key.id if key.kind == "site" else None,
            kitchen_id=key.id if key.kind == "kitchen" else None,
            arrives_at=built.instant(visit.arrival_s),
            starts_at=built.instant(visit.start_s),
            departs_at=built.instant(visit.departure_s),
            load_grams=visit.load_grams_after,
            loads=list(_loads(visit, grams)),
        )


def _loads(visit: Visit, grams: dict[str, int]) -> Iterator[RunLoad]:
    """Deliveries first, as the planner means it: they make room."""
    for kind, names in ((LoadKind.DELIVERY, visit.deliveries), (LoadKind.PICKUP, visit.pickups)):
        for name in names:
            yield RunLoad(order_id=order_id_of(name), kind=kind, grams=grams[name])
