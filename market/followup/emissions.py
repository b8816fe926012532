"""The CO2e of one delivered order's transport: its part of the published route, or an estimate by distance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from geodata.distances import distance_matrix_m
from geodata.points import Point
from market.followup.rules import part_of
from market.orders.models import Order
from market.planning.models import Run, RunLoad, RunStop, WeekPlan
from market.planning.rules import LoadKind, PlanState


@dataclass(frozen=True, slots=True)
class Carried:
    """What the published routes that carried an order emitted for it, in grams, and which vehicles unloaded it at which kitchen on which day.

    A kitchen that is not among them was reached by no route: how goods came there is not known.
    """

    co2e_g: int
    vehicles_by_kitchen: dict[int, set[tuple[int, date]]]


def carried_by_plan(session: Session, *, order: Order) -> Carried | None:
    """The order's part of each route that unloaded it, by weight times the straight way of each load (ISO 14083, transport activity).

    None where no published plan carried it. Four queries, whatever the size of the plan.
    """
    runs = session.scalars(_runs_with(order)).unique().all()
    if not runs:
        return None
    vehicles: dict[int, set[tuple[int, date]]] = {}
    for run in runs:
        for stop in run.stops:
            if stop.kitchen_id is not None and _unloads(stop, order.id):
                vehicles.setdefault(stop.kitchen_id, set()).add((run.vehicle_id, run.day))
    return Carried(sum(_share(run, order.id) for run in runs), vehicles)


def _runs_with(order: Order) -> Select[Run]:
    unloaded = (
        select(Run.id)
        .join(Run.plan_row)
        .join(Run.stops)
        .join(RunStop.loads)
        .where(
            WeekPlan.state == PlanState.PUBLISHED,
            RunLoad.order_id == order.id,
            RunLoad.kind == LoadKind.DELIVERY,
        )
    )
    return (
        select(Run)
        .where(Run.id.in_(unloaded))
        .options(
            joinedload(Run.vehicle),
            selectinload(Run.stops).selectinload(RunStop.loads),
            selectinload(Run.stops).joinedload(RunStop.site),
            selectinload(Run.stops).joinedload(RunStop.kitchen),
        )
        .order_by(Run.id)
    )


def _unloads(stop: RunStop, order_id: int) -> bool:
    return any(load.order_id == order_id and load.kind is LoadKind.DELIVERY for load in stop.loads)


def _share(run: Run, order_id: int) -> int:
    """The order's part of a run's emissions. A stop that is neither site nor kitchen is a vehicle's home."""
    work = {(load.order_id, load.leg): 0 for stop in run.stops for load in stop.loads}
    begins: dict[tuple[int, str], Point] = {}
    for stop in run.stops:
        place = stop.site or stop.kitchen or run.vehicle
        here = Point(lat=place.lat, lon=place.lon)
        for load in stop.loads:
            key = (load.order_id, load.leg)
            if load.kind is LoadKind.PICKUP:
                begins[key] = here
            elif key in begins:
                metres = max(1, int(distance_matrix_m([begins[key]], [here])[0][0]))
                work[key] += load.grams * metres
    own = sum(amount for (order, _), amount in work.items() if order == order_id)
    return part_of(run.co2e_g, own=own, whole=sum(work.values()))
