"""Reads of runs as their drivers see them, and of what drivers have reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from market.actors import Actor
from market.driving.models import DriverReport
from market.driving.progress import PlannedStop, RunState, Told, follow
from market.fleet.models import Carrier, Driver, Vehicle
from market.fleet.queries import settings_of
from market.orders.models import Order
from market.planning.models import Run, RunLoad, RunStop, WeekPlan
from market.planning.queries import of_run
from market.planning.reading import COLDEST_FIRST
from market.planning.rules import LoadKind, PlanState
from market.register.queries import planned_authorities

AHEAD = timedelta(days=7)
RunDay = tuple[int, date]
"""A vehicle and a day: what stays when a plan is published anew."""


def driving_for(session: Session, *, actor: Actor) -> list[Driver]:
    """What the actor drives for now, in the authority of the role at hand."""
    query = (
        select(Driver)
        .join(Carrier, Driver.carrier_id == Carrier.id)
        .where(
            Driver.user_id == actor.user_id,
            Driver.removed_at.is_(None),
            Carrier.authority_id.in_(planned_authorities(actor)),
        )
        .order_by(Driver.id)
    )
    return list(session.scalars(query))


def has_driven(session: Session, *, actor: Actor, vehicle_id: int) -> bool:
    """Whether the actor has been a driver of the vehicle's carrier, perhaps until this morning."""
    query = (
        select(Driver.id)
        .join(Vehicle, Vehicle.carrier_id == Driver.carrier_id)
        .where(Driver.user_id == actor.user_id, Vehicle.id == vehicle_id)
    )
    return session.scalar(query) is not None


def runs_for_driver(session: Session, *, actor: Actor, today: date) -> list[Run]:
    """The actor's runs of today and the coming week by the published plans, in order of day."""
    query = (
        _published()
        .where(_driven_by(actor), Run.day >= today, Run.day < today + AHEAD)
        .order_by(Run.day, Run.number, Run.id)
    )
    return list(session.scalars(query))


def run_for_driver(session: Session, *, actor: Actor, vehicle_id: int, day: date) -> Run | None:
    """A vehicle's run of a day, or None where the actor does not drive it."""
    query = _published().where(_driven_by(actor), Run.vehicle_id == vehicle_id, Run.day == day)
    return session.scalars(query.order_by(Run.id)).first()


def run_of(session: Session, *, vehicle_id: int, day: date) -> Run | None:
    """A vehicle's run of a day by the published plan; the caller has looked to the actor's right."""
    query = _published().where(Run.vehicle_id == vehicle_id, Run.day == day)
    return session.scalars(query.order_by(Run.id)).first()


def _published() -> Any:
    return (
        select(Run)
        .join(WeekPlan, Run.week_plan_id == WeekPlan.id)
        .join(Vehicle, Run.vehicle_id == Vehicle.id)
        .where(WeekPlan.state == PlanState.PUBLISHED)
        .options(
            *of_run(),
            joinedload(Run.plan_row).joinedload(WeekPlan.authority),
            joinedload(Run.driver).joinedload(Driver.user),
            joinedload(Run.vehicle).joinedload(Vehicle.carrier),
            joinedload(Run.vehicle).selectinload(Vehicle.compartments),
        )
    )


def _driven_by(actor: Actor) -> ColumnElement[bool]:
    """The runs given to the actor, and those of the actor's carriers that nobody who still drives is given."""
    assigned = aliased(Driver)
    still = select(assigned.id).where(assigned.id == Run.driver_id, assigned.removed_at.is_(None))
    mine = (
        select(Driver.id)
        .join(Carrier, Driver.carrier_id == Carrier.id)
        .where(
            Driver.user_id == actor.user_id,
            Driver.removed_at.is_(None),
            Carrier.authority_id.in_(planned_authorities(actor)),
        )
    )
    carriers = select(Driver.carrier_id).where(Driver.id.in_(mine))
    return or_(Run.driver_id.in_(mine), and_(Vehicle.carrier_id.in_(carriers), ~still.exists()))


def reports_of(session: Session, *, runs: Iterable[RunDay]) -> dict[RunDay, list[DriverReport]]:
    """What has been reported from vehicles on days, in the order in which it happened. One query."""
    wanted = sorted(set(runs))
    found: dict[RunDay, list[DriverReport]] = {run: [] for run in wanted}
    if not wanted:
        return found
    query = (
        select(DriverReport)
        .where(tuple_(DriverReport.vehicle_id, DriverReport.day).in_(wanted))
        .options(joinedload(DriverReport.user))
        .order_by(DriverReport.happened_at, DriverReport.number, DriverReport.id)
    )
    for report in session.scalars(query):
        found[report.vehicle_id, report.day].append(report)
    return found


def reports_of_run(session: Session, *, run: Run) -> list[DriverReport]:
    return reports_of(session, runs=[(run.vehicle_id, run.day)])[run.vehicle_id, run.day]


def runs_with(session: Session, *, order_ids: Collection[int]) -> list[Run]:
    """The published runs that carry orders which the caller has found within its actor's reach."""
    carrying = RunStop.loads.any(RunLoad.order_id.in_(order_ids))
    stops = selectinload(Run.stops)
    query = (
        select(Run)
        .join(WeekPlan, Run.week_plan_id == WeekPlan.id)
        .where(WeekPlan.state == PlanState.PUBLISHED, Run.stops.any(carrying))
        .options(
            joinedload(Run.vehicle), stops.joinedload(RunStop.kitchen), stops.selectinload(RunStop.loads)
        )
        .order_by(Run.day, Run.id)
    )
    return list(session.scalars(query))


def state_of(run: Run, reports: Iterable[DriverReport], *, now: datetime) -> RunState:
    """A loaded run as it stands by its reports."""
    return follow([_planned(run, stop) for stop in run.stops], map(_told, reports), now=now)


def place_of(stop: RunStop, *, vehicle_id: int) -> str:
    if stop.kitchen_id is not None:
        return f"kitchen:{stop.kitchen_id}"
    return f"site:{stop.site_id}" if stop.site_id is not None else f"home:{vehicle_id}"


def _planned(run: Run, stop: RunStop) -> PlannedStop:
    orders: dict[LoadKind, list[int]] = defaultdict(list)
    for load in stop.loads:
        if load.order_id not in orders[load.kind]:  # a part of a split shipment is reported with the whole
            orders[load.kind].append(load.order_id)
    return PlannedStop(
        place=place_of(stop, vehicle_id=run.vehicle_id),
        arrives_at=stop.arrives_at,
        starts_at=stop.starts_at,
        departs_at=stop.departs_at,
        pickups=tuple(orders[LoadKind.PICKUP]),
        deliveries=tuple(orders[LoadKind.DELIVERY]),
    )


def _told(report: DriverReport) -> Told:
    place = f"kitchen:{report.kitchen_id}" if report.kitchen_id is not None else ""
    if report.site_id is not None:
        place = f"site:{report.site_id}"
    return Told(
        kind=report.kind, at=report.happened_at, number=report.number, place=place, order_id=report.order_id
    )


def tolerance_of(session: Session, *, authority_id: int) -> int:
    """Seconds that an authority lets a time move without telling anyone."""
    return settings_of(session, authority_id=authority_id).tolerance_s


def orders_of(session: Session, *, order_ids: Collection[int]) -> dict[int, Order]:
    """Orders with their lines and kitchens, for a run's own work."""
    query = (
        select(Order)
        .where(Order.id.in_(order_ids))
        .options(selectinload(Order.lines), joinedload(Order.kitchen), joinedload(Order.receiving_kitchen))
    )
    return {order.id: order for order in session.scalars(query)}


def classes_of(session: Session, *, order_ids: Collection[int]) -> dict[int, str]:
    """The temperature class that each order is carried in: that of its coldest goods, as in the plan."""
    found: dict[int, str] = {}
    for order in orders_of(session, order_ids=order_ids).values() if order_ids else ():
        classes = {line.temperature for line in order.lines}
        found[order.id] = next(one for one in COLDEST_FIRST if one in classes).value
    return found
