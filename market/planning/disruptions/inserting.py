"""New orders put into a plan that people go by already, and orders that are gone taken out. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geodata.points import Point
from geodata.travel import TravelEngine
from market.planning.building import order_id_of
from market.planning.disruptions.promised import freed, promising
from routing.feasible import route_of
from routing.insertion import trip_of, with_shipment
from routing.plan import Plan, Route
from routing.problem import Problem, Rules, Shipment, Stop, Vehicle, Window
from routing.replan import from_moment
from routing.solve import plan_of
from routing.trips import places_of

UNBEARABLE_ORE = 1_000_000_00
"""A promised time gives way only when there is no other way at all: a million kronor each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inserted:
    """The plan with the new orders; `left_out` are the ids of new orders for which there was no room."""

    problem: Problem
    plan: Plan
    left_out: frozenset[int]


def insert_orders(
    problem: Problem,
    plan: Plan,
    *,
    fresh: Problem,
    gone: Collection[int],
    travel: TravelEngine,
    tolerance_s: int,
    now_s: int,
) -> Inserted:
    """Put each order that only `fresh` has where it costs least, the heaviest first; nothing else changes its route.

    `fresh` is the problem of the week's orders as they are now, `gone` are order ids to take out. Deliveries move by more than
    `tolerance_s` seconds only where there is no other way. `now_s`: what is driven by then stays.
    """
    known = {shipment.id for shipment in problem.shipments}
    added = tuple(shipment for shipment in fresh.shipments if shipment.id not in known)
    gone = frozenset(gone) - _settled(problem)
    kept = _lightened_plan(problem, plan, gone)
    wider = _joined(problem, fresh, added, gone, travel)
    if now_s > 0:
        wider = from_moment(wider, kept, now_s=now_s)
    promised = promising(wider, kept, ore=UNBEARABLE_ORE, tolerance_s=tolerance_s)
    grown = plan_of(promised, kept.routes, engine=plan.engine, seconds=plan.seconds, seed=plan.seed)
    for shipment in sorted(added, key=lambda one: (-one.priority, -one.grams, one.id)):
        grown = with_shipment(promised, grown, shipment.id) or grown
    plain, own = freed(promised, grown)
    left_out = frozenset(order_id_of(one.id) for one in added if one.id not in own.served)
    return Inserted(problem=plain, plan=own, left_out=left_out)


def _lightened_plan(problem: Problem, plan: Plan, gone: Collection[int]) -> Plan:
    """The plan without the work for orders that are gone; a route with nothing left is not driven."""
    routes = (_lightened(problem, route, gone) for route in plan.routes)
    return replace(plan, routes=tuple(route for route in routes if route is not None))


def _lightened(problem: Problem, route: Route, gone: Collection[int]) -> Route | None:
    handled = {name for visit in route.visits for name in (*visit.pickups, *visit.deliveries)}
    if not any(order_id_of(name) in gone for name in handled):
        return route
    trip = trip_of(route, problem)
    left = tuple(task for task in trip.tasks if order_id_of(task.shipment.id) not in gone)
    return route_of(replace(trip, tasks=left), places=places_of(problem)) if left else None


def _settled(problem: Problem) -> frozenset[int]:
    """Ids of orders that a vehicle has handled already."""
    return frozenset(
        order_id_of(name)
        for driven in problem.rules.driven
        for visit in driven.visits
        for name in (*visit.pickups, *visit.deliveries)
    )


def _joined(
    problem: Problem, fresh: Problem, added: tuple[Shipment, ...], gone: Collection[int], travel: TravelEngine
) -> Problem:
    """The old problem with the new orders, their places, and shifts on their days; without the orders that are gone."""
    used = {end for shipment in added for end in (shipment.pickup, shipment.delivery)}
    known = problem.stop_index
    stops = (*problem.stops, *(stop for stop in fresh.stops if stop.id in used and stop.id not in known))
    metres, seconds = _matrices(problem, stops, travel)
    kept = tuple(one for one in problem.shipments if order_id_of(one.id) not in gone)
    names = {one.id for one in (*kept, *added)}
    fresh_vehicles = {vehicle.id: vehicle for vehicle in fresh.vehicles}
    return Problem(
        stops,
        (*kept, *added),
        tuple(_with_days(vehicle, fresh_vehicles.get(vehicle.id)) for vehicle in problem.vehicles),
        metres,
        seconds,
        name=problem.name,
        rules=_rules_about(problem.rules, names),
        weights=problem.weights,
        balance=problem.balance,
    )


def _with_days(vehicle: Vehicle, fresh: Vehicle | None) -> Vehicle:
    """New days' shifts come last, so that the numbers of the old ones stay."""
    more = () if fresh is None else tuple(one for one in fresh.shifts if not _meets(one, vehicle.shifts))
    return replace(vehicle, shifts=(*vehicle.shifts, *more))


def _meets(shift: Window, others: tuple[Window, ...]) -> bool:
    return any(shift.start_s <= other.end_s and other.start_s <= shift.end_s for other in others)


def _matrices(
    problem: Problem, stops: tuple[Stop, ...], travel: TravelEngine
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Measured anew for what is new; between old places as the plan has them, closed roads included."""
    points = [Point(lat=stop.lat or 0.0, lon=stop.lon or 0.0) for stop in stops]
    measured = travel.matrix(points, points)
    old = len(problem.stops)
    metres, seconds = np.array(measured.metres), np.array(measured.seconds)
    metres[:old, :old], seconds[:old, :old] = problem.distance_m, problem.duration_s
    return metres, seconds


def _rules_about(rules: Rules, names: Collection[str]) -> Rules:
    """What planners decided about goods that are still there."""
    return replace(
        rules,
        locks=tuple(lock for lock in rules.locks if lock.shipment in names),
        bans=tuple(ban for ban in rules.bans if ban.shipment in names),
        apart=tuple(pair for pair in rules.apart if {pair.first, pair.second} <= set(names)),
        on_board=tuple(entry for entry in rules.on_board if entry.shipment in names),
        promises=tuple(promise for promise in rules.promises if promise.shipment in names),
        fixed_routes=tuple(
            fixed for fixed in rules.fixed_routes if {task.shipment for task in fixed.tasks} <= set(names)
        ),
    )
