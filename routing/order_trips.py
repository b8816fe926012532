"""Each order on a trip of its own: from where it is picked up to where it is delivered and back."""

import time
from collections.abc import Iterable
from dataclasses import replace

from routing.feasible import route_of
from routing.handover import earliest_times, ending_by, has_handovers, separated
from routing.handover_limits import levels_of, limits_of
from routing.parts import replace_parts
from routing.plan import Plan, Route
from routing.problem import Problem, Shipment, Vehicle
from routing.solve import checked, plan_of
from routing.trips import Places, Task, Trip, Turn, places_of


def each_order_alone(problem: Problem, *, vehicle: Vehicle) -> Plan:
    """Every order is driven by itself, straight there and back.

    What is picked up, delivered and wanted at the same places and hours is one order and shares a trip as far as the
    vehicle holds it, the heaviest first. ``vehicle`` gives capacity, prices, driving rules and shifts; each trip takes the
    cheapest shift, the earliest of equals. The plan answers ``order_problem``. Nothing may be left out for a price. No
    search, so always the same. Raises solve.PlanCheckFailed.
    """
    began = time.monotonic()
    alone = order_problem(problem, vehicle=vehicle)
    due = limits_of(alone).last if has_handovers(alone) else {}
    vehicles = {own.id: own for own in alone.vehicles}
    levels = levels_of(alone.shipments)
    routes: list[Route] = []
    for level in range(1 + max(levels.values(), default=0)):
        around = ending_by(separated(alone, earliest_times(alone, routes)), due)
        places = places_of(around)
        for order in _orders(around, [s for s in around.shipments if levels[s.id] == level]):
            routes.extend(_trips(order, vehicles, places))
    plan = plan_of(alone, routes, engine="each_order_alone", seconds=time.monotonic() - began)
    return checked(alone, plan)


def order_problem(problem: Problem, *, vehicle: Vehicle) -> Problem:
    """The problem with a vehicle at the pickup stop of every shipment, named after it."""
    shipments = tuple(replace(shipment, skip_ore=None) for shipment in problem.shipments)
    fleet = (replace(vehicle, id=_name(s), start=s.pickup, end=s.pickup) for s in shipments)
    return replace_parts(problem, shipments=shipments, vehicles=fleet)


def _name(shipment: Shipment) -> str:
    return f"{shipment.id}#alone"


def _orders(problem: Problem, shipments: Iterable[Shipment]) -> list[list[Shipment]]:
    """What is one order: alike in places, hours and what it waits for; each the heaviest first."""
    after = {shipment.id: shipment.after for shipment in problem.shipments}
    orders: dict[tuple[object, ...], list[Shipment]] = {}
    for s in sorted(shipments, key=lambda s: -s.grams):
        hours = (s.pickup_windows, s.delivery_windows, s.ready_s, s.done_by_s)
        orders.setdefault((s.pickup, s.delivery, *hours, after[s.id]), []).append(s)
    return list(orders.values())


def _trips(order: list[Shipment], vehicles: dict[str, Vehicle], places: Places) -> list[Route]:
    """The order on as many trips as it needs: each shipment on the first that still holds it."""
    trips: list[tuple[list[Shipment], Route]] = []
    for shipment in order:
        for number, (loaded, _) in enumerate(trips):
            route = _cheapest([*loaded, shipment], vehicles, places)
            if route is not None:
                trips[number] = ([*loaded, shipment], route)
                break
        else:
            route = _cheapest([shipment], vehicles, places)
            if route is not None:
                trips.append(([shipment], route))
    return [route for _, route in trips]


def _cheapest(load: list[Shipment], vehicles: dict[str, Vehicle], places: Places) -> Route | None:
    """One trip with the whole load, in the shift where it costs least; None when no shift can have it."""
    vehicle = vehicles[_name(load[0])]
    tasks = (*(Task(s, is_pickup=True) for s in load), *(Task(s, is_pickup=False) for s in load))
    shifts = range(len(vehicle.shifts))
    routes = (route_of(Trip(Turn(vehicle, shift), tasks), places=places) for shift in shifts)
    return min(
        (route for route in routes if route is not None), key=lambda route: route.cost_ore, default=None
    )
