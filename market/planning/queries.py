"""Reads of plans, runs and vehicles, each limited to what the actor's organisation has a part in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad as LoadOption

from market.accounts.rules import Role
from market.actors import Actor
from market.fleet.models import Driver, StopDetail, Vehicle
from market.fleet.queries import stop_details
from market.offers.models import Offer
from market.orders.models import Order, OrderLine
from market.orders.queries import within_reach
from market.planning.models import Run, RunLoad, RunStop, UnservedOrder, WeekPlan
from market.planning.reading import is_planned
from market.planning.rules import PLANNED_STATE, STILL_DRIVEN, Leg, LoadKind, PlanState
from market.register.models import Authority, Kitchen, ProductionSite
from market.register.queries import planned_authorities
from market.values import Period, Week


def covering(actor: Actor) -> ColumnElement[bool]:
    """The plans that an actor may read: a planner's own; a meal manager's own authority's, and published ones that drive to its kitchens."""
    match actor.role:
        case Role.LOGISTICS_PLANNER:
            return WeekPlan.authority_id.in_(planned_authorities(actor))
        case Role.MEAL_MANAGER:
            theirs = and_(
                WeekPlan.authority_id.in_(_planners_of(actor)),
                WeekPlan.state == PlanState.PUBLISHED,
                WeekPlan.id.in_(_driving_to_kitchens_of(actor)),
            )
            return or_(WeekPlan.authority_id == actor.authority_id, theirs)
        case _:
            return false()


def _planners_of(actor: Actor) -> Select[int]:
    """Ids of the authorities that plan for the actor's authority: itself, and the one it names."""
    own = select(Authority.planned_by_id).where(Authority.id == actor.authority_id)
    return select(Authority.id).where(or_(Authority.id == actor.authority_id, Authority.id.in_(own)))


def _driving_to_kitchens_of(actor: Actor) -> Select[int]:
    """Ids of the plans with goods for, or a stop at, a kitchen of the actor's authority."""
    ours = select(Kitchen.id).where(Kitchen.authority_id == actor.authority_id)
    return (
        select(Run.week_plan_id)
        .join(RunStop, RunStop.run_id == Run.id)
        .join(RunLoad, RunLoad.run_stop_id == RunStop.id)
        .join(Order, RunLoad.order_id == Order.id)
        .where(or_(Order.kitchen_id.in_(ours), RunStop.kitchen_id.in_(ours)))
        .correlate(None)
    )


def plans_of(session: Session, *, actor: Actor, week: Week) -> list[WeekPlan]:
    """The plans made for a week, published first, then the newest."""
    query = (
        select(WeekPlan)
        .where(covering(actor), WeekPlan.monday == week.monday)
        .options(selectinload(WeekPlan.runs), selectinload(WeekPlan.unserved), joinedload(WeekPlan.authority))
        .order_by(WeekPlan.state.desc(), WeekPlan.id.desc())
    )
    return list(session.scalars(query))


def plan_for(session: Session, *, actor: Actor, plan_id: int) -> WeekPlan | None:
    """One plan with all that its pages show, or None where the actor has no part in it."""
    query = (
        select(WeekPlan)
        .where(WeekPlan.id == plan_id, covering(actor))
        .options(
            selectinload(WeekPlan.runs).options(*of_run()),
            selectinload(WeekPlan.unserved).joinedload(UnservedOrder.order).options(*_of_order(), _sites()),
            joinedload(WeekPlan.authority),
        )
    )
    return session.scalar(query)


def run_for(session: Session, *, actor: Actor, plan_id: int, run_id: int) -> Run | None:
    """One run with its stops and loads, or None where the actor has no part in the plan."""
    query = (
        select(Run)
        .join(WeekPlan, Run.week_plan_id == WeekPlan.id)
        .where(Run.id == run_id, WeekPlan.id == plan_id, covering(actor))
        .options(*of_run(), joinedload(Run.plan_row).joinedload(WeekPlan.authority))
    )
    return session.scalar(query)


def details_of(session: Session, *, runs: Collection[Run]) -> dict[str, StopDetail]:
    """What is known of the places of runs that the actor may read, by "kitchen:5" and "site:3". One query."""
    stops = [stop for run in runs for stop in run.stops]
    found = stop_details(
        session,
        kitchen_ids={stop.kitchen_id for stop in stops if stop.kitchen_id is not None},
        site_ids={stop.site_id for stop in stops if stop.site_id is not None},
    )
    kitchens = {f"kitchen:{key}": detail for key, detail in found.kitchens.items()}
    return kitchens | {f"site:{key}": detail for key, detail in found.sites.items()}


def vehicles_of(session: Session, *, actor: Actor) -> list[Vehicle]:
    """The vehicles that the actor's week is planned with: by the actor, or for a meal manager by its planners."""
    scope = _planners_of(actor) if actor.role is Role.MEAL_MANAGER else planned_authorities(actor)
    query = (
        select(Vehicle)
        .where(Vehicle.is_active, Vehicle.authority_id.in_(scope))
        .options(joinedload(Vehicle.carrier))
    )
    return list(session.scalars(query.order_by(Vehicle.name, Vehicle.id)))


def busiest_week(session: Session, *, actor: Actor, today: date) -> Week:
    """The coming week, this one included, with the most agreed orders still to drive; this one when there are none."""
    query = (
        select(Order.deliver_on, func.count())
        .where(within_reach(actor), Order.state == PLANNED_STATE, Order.deliver_on >= today)
        .group_by(Order.deliver_on)
    )
    counts: Counter[Week] = Counter()
    for day, count in session.execute(query):
        counts[Week.containing(day)] += count
    return min(counts, key=lambda week: (-counts[week], week), default=Week.containing(today))


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened to a plan's orders after it was made: order ids agreed since, and planned ones given up since."""

    added: frozenset[int]
    gone: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.added or self.gone)


def changes_since(session: Session, *, actor: Actor, plan: WeekPlan, today: date) -> Changes:
    """Compare a loaded plan with the orders of its days as they stand, from `today` on."""
    planned = {load.order_id: load.order for run in plan.runs for stop in run.stops for load in stop.loads}
    planned |= {entry.order_id: entry.order for entry in plan.unserved}
    week = Week.containing(plan.monday).period
    if week.end <= today:
        return Changes(frozenset(), frozenset())
    days = Period(max(week.start, today), week.end)
    agreed = frozenset(session.scalars(select(Order.id).where(within_reach(actor), is_planned(days))))
    due = frozenset(order_id for order_id, order in planned.items() if order.deliver_on in days)
    kept = frozenset(order_id for order_id in due if planned[order_id].state in STILL_DRIVEN)
    return Changes(added=agreed - set(planned), gone=due - kept)


class Arrival(NamedTuple):
    """By the published plan: when an order is handed over to its kitchen, with what, and when it is collected.

    `at_hub_at`: when it reaches the hub first, where the hub's staff carries it on to the satellite.
    """

    arrives_at: datetime
    vehicle: str
    collected_at: datetime | None
    at_hub_at: datetime | None = None


def expected_arrivals(session: Session, *, order_ids: Collection[int]) -> dict[int, Arrival]:
    """What the published plans say of orders that the caller has already found within its actor's reach.

    A satellite's goods arrive when they reach the satellite, or the hub where the plan takes them no further; where one vehicle
    hands them over to another they have not arrived. Orders in no published plan are left out. One query.
    """
    by_order: dict[int, list[_Carried]] = {}
    for row in session.execute(_carried(order_ids)):
        by_order.setdefault(row.order_id, []).append(_Carried(*row))
    found = {order_id: _arrival(rows) for order_id, rows in by_order.items()}
    return {order_id: arrival for order_id, arrival in found.items() if arrival is not None}


class _Carried(NamedTuple):
    """An order at a stop. `is_own`: at the kitchen that ordered or the one that receives; `is_left`: the plan takes it no further."""

    order_id: int
    kind: LoadKind
    leg: Leg
    starts_at: datetime
    vehicle: str
    kitchen_id: int | None
    is_own: bool
    is_left: bool


def _carried(order_ids: Collection[int]) -> Select[int, LoadKind, Leg, datetime, str, int | None, bool, bool]:
    """By time."""
    return (
        select(
            RunLoad.order_id,
            RunLoad.kind,
            RunLoad.leg,
            RunStop.starts_at,
            Vehicle.name,
            RunStop.kitchen_id,
            or_(RunStop.kitchen_id == Order.kitchen_id, RunStop.kitchen_id == Order.receiving_kitchen_id),
            UnservedOrder.order_id.is_not(None),
        )
        .join(RunStop, RunLoad.run_stop_id == RunStop.id)
        .join(Run, RunStop.run_id == Run.id)
        .join(Vehicle, Run.vehicle_id == Vehicle.id)
        .join(WeekPlan, Run.week_plan_id == WeekPlan.id)
        .join(Order, RunLoad.order_id == Order.id)
        .outerjoin(
            UnservedOrder,
            and_(UnservedOrder.week_plan_id == WeekPlan.id, UnservedOrder.order_id == RunLoad.order_id),
        )
        .where(WeekPlan.state == PlanState.PUBLISHED, RunLoad.order_id.in_(order_ids))
        .order_by(WeekPlan.id, RunStop.starts_at, RunLoad.id)
    )


def _arrival(rows: list[_Carried]) -> Arrival | None:
    """The last time that the order comes to a kitchen, in rows by time. Its own, or one that takes it in instead."""
    came = [row for row in rows if row.kind is LoadKind.DELIVERY and row.kitchen_id is not None]
    came = [row for row in came if row.is_own or not row.is_left]
    if not came:
        return None
    last = came[-1]
    collected = [row.starts_at for row in rows if row.kind is LoadKind.PICKUP and row.leg is Leg.IN]
    hubs = {row.kitchen_id for row in rows if row.kind is LoadKind.PICKUP and row.leg is Leg.ONWARD}
    at_hub = [row.starts_at for row in came[:-1] if row.kitchen_id in hubs]
    return Arrival(
        arrives_at=last.starts_at,
        vehicle=last.vehicle,
        collected_at=collected[-1] if collected else None,
        at_hub_at=at_hub[-1] if at_hub else None,
    )


def of_run() -> tuple[LoadOption, ...]:
    """All that a run sheet prints."""
    stops = selectinload(Run.stops)
    return (
        joinedload(Run.vehicle).options(selectinload(Vehicle.compartments), joinedload(Vehicle.carrier)),
        joinedload(Run.driver).joinedload(Driver.user),
        stops.joinedload(RunStop.site).joinedload(ProductionSite.producer),
        stops.joinedload(RunStop.kitchen),
        stops.selectinload(RunStop.loads).joinedload(RunLoad.order).options(*_of_order()),
    )


def _of_order() -> tuple[LoadOption, ...]:
    return (
        selectinload(Order.lines),
        joinedload(Order.kitchen),
        joinedload(Order.receiving_kitchen),
        joinedload(Order.producer),
    )


def _sites() -> LoadOption:
    return selectinload(Order.lines).joinedload(OrderLine.offer).joinedload(Offer.site)
