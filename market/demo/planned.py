"""The demo's planned weeks, made by the same operations as a planner's button.

Norrtälje's week is left unplanned, so that whoever tries the demo can press the button.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, joinedload

from market.access import actor_for
from market.accounts.models import Membership
from market.accounts.rules import Role
from market.actors import Actor
from market.db import open_session, transaction
from market.demo.calendar import demo_week
from market.demo.desk import drivers_by_carrier
from market.driving.operations import assign_driver
from market.planning.changes.asking import Asked, What
from market.planning.changes.keeping import keep_change, plan_to_change, prepare
from market.planning.changes.operations import copy_as_draft
from market.planning.models import WeekPlan
from market.planning.operations import plan_week, publish_plan
from market.planning.queries import plan_for
from market.register.models import Authority

LEFT_UNPLANNED = "0188"


def plan_demo_weeks(engine: Engine, *, at: datetime) -> list[int]:
    """Plan and publish the demo week of each planning authority but one. Returns the plans' ids."""
    week = demo_week(at)
    ids = []
    for actor in _planners(engine):
        plan_id = plan_week(engine, actor=actor, week=week, at=at)
        with transaction(engine) as session:
            plan = plan_for(session, actor=actor, plan_id=plan_id)
            assert plan is not None
            _let_drive(session, plan, actor, at)
            publish_plan(session, plan=plan, actor=actor, at=at)
        ids.append(plan_id)
    _begin_a_change(engine, plan_id=ids[0], actor=_planners(engine)[0], at=at)
    return ids


def _let_drive(session: Session, plan: WeekPlan, actor: Actor, at: datetime) -> None:
    """The demo's drivers get a run a day of their carriers."""
    drivers, busy = drivers_by_carrier(session), set()
    for run in plan.runs:
        driver = drivers.get(run.vehicle.carrier_id)
        if driver is not None and (driver.id, run.day) not in busy:
            busy.add((driver.id, run.day))
            assign_driver(session, run=run, driver=driver, actor=actor, at=at)


def _begin_a_change(engine: Engine, *, plan_id: int, actor: Actor, at: datetime) -> None:
    """Somebody has begun to change the first week: a draft of it, with the first order locked to its vehicle."""
    with transaction(engine) as session:
        plan = plan_for(session, actor=actor, plan_id=plan_id)
        assert plan is not None
        draft_id = copy_as_draft(session, plan=plan, actor=actor, at=at).id
        route = plan.plan["routes"][0]
    names = tuple(next(visit["pickups"] for visit in route["visits"] if visit["pickups"]))
    asked = Asked(what=What.LOCK, seen=1, shipments=names, vehicle=route["vehicle"], shift=route["shift"])
    prepared = prepare(engine, actor=actor, plan_id=draft_id, asked=asked)
    assert prepared is not None
    with transaction(engine) as session:
        draft = plan_to_change(session, actor=actor, plan_id=draft_id)
        assert draft is not None
        keep_change(session, plan=draft, prepared=prepared, actor=actor, at=at)


def _planners(engine: Engine) -> list[Actor]:
    query = (
        select(Membership)
        .join(Membership.authority)
        .where(Membership.role == Role.LOGISTICS_PLANNER, Authority.municipality_code != LEFT_UNPLANNED)
        .options(joinedload(Membership.user), joinedload(Membership.authority))
        .order_by(Membership.id)
    )
    with open_session(engine, writes=False) as session:
        return [actor_for(membership) for membership in session.scalars(query)]
