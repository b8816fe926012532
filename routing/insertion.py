"""One shipment more in a trip: where it can go, and a plan with it put where it costs least."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from routing.balancing import Whole
from routing.handover import separated_by
from routing.plan import Plan, Route, add_up
from routing.problem import Problem
from routing.schedule import schedule
from routing.trips import Places, Task, Trip, Turn, places_of, tasks_of, turns_of

Order = tuple[Task, ...]


def trip_of(route: Route, problem: Problem) -> Trip:
    """The work of a route without its times: at each visit deliveries before pickups."""
    vehicle = next(vehicle for vehicle in problem.vehicles if vehicle.id == route.vehicle)
    shipments = {shipment.id: shipment for shipment in problem.shipments}
    tasks = [
        Task(shipments[name], is_pickup=is_pickup)
        for visit in route.visits
        for names, is_pickup in ((visit.deliveries, False), (visit.pickups, True))
        for name in names
    ]
    return Trip(Turn(vehicle, route.shift), tuple(tasks))


def orders_with(tasks: Order, added: Order) -> Iterator[Order]:
    """Every order with the added tasks put in, in their own order; no stay elsewhere is broken up by them."""
    if not added:
        yield tasks
        return
    for position in _openings(tasks, added[0].stop):
        head = (*tasks[:position], added[0])
        for rest in orders_with(tasks[position:], added[1:]):
            yield (*head, *rest)


def _openings(tasks: Order, stop: str) -> Iterator[int]:
    """Before, after and between stays, and anywhere within a stay at the stop itself."""
    yield 0
    for position, (before, after) in enumerate(pairwise(tasks), start=1):
        if before.stop != after.stop or before.stop == stop:
            yield position
    if tasks:
        yield len(tasks)


def metres_of(turn: Turn, order: Order, places: Places) -> int:
    """The length of the route."""
    stops = [turn.vehicle.start, *(task.stop for task in order)]
    stops += [turn.vehicle.end] if turn.vehicle.end is not None else []
    return sum(places.metres(a, b) for a, b in pairwise(stops))


def cheapest(turn: Turn, orders: Iterable[Order], places: Places, *, whole: Whole) -> Route | None:
    """The route of these orders of work that makes the plan cheapest; None when no order can be driven."""
    routes = (schedule(Trip(turn, order), places=places) for order in orders)
    return min(
        (route for route in routes if route is not None),
        key=lambda route: route.cost_ore + whole.added_ore(turn.vehicle, route),
        default=None,
    )


def with_shipment(problem: Problem, plan: Plan, shipment: str) -> Plan | None:
    """The plan with one shipment (id) that it left out put where it costs least; None when there is no room.

    Nothing else moves to another route, or past a handover. The result is not yet checked.
    """
    around = separated_by(problem, plan.routes, shipment=shipment)
    places = places_of(around)
    goods = next(entry for entry in around.shipments if entry.id == shipment)
    driven = {(route.vehicle, route.shift): route for route in plan.routes}
    whole = Whole(problem, plan.routes)
    best: tuple[int, Route] | None = None
    for turn in turns_of(around):
        old = driven.get(turn.key)
        tasks = trip_of(old, around).tasks if old else ()
        route = cheapest(turn, orders_with(tasks, tasks_of(goods, places)), places, whole=whole)
        if route is None:
            continue
        added = route.cost_ore - (old.cost_ore if old else 0) + whole.added_ore(turn.vehicle, route)
        if best is None or added < best[0]:
            best = (added, route)
    return None if best is None else _with_route(problem, plan, best[1], shipment)


def _with_route(problem: Problem, plan: Plan, route: Route, shipment: str) -> Plan:
    routes = {(old.vehicle, old.shift): old for old in plan.routes} | {(route.vehicle, route.shift): route}
    order = {turn.key: number for number, turn in enumerate(turns_of(problem))}
    left_out = tuple(entry for entry in plan.unserved if entry.shipment != shipment)
    prices = {entry.id: entry.skip_ore or 0 for entry in problem.shipments}
    chosen = tuple(routes[key] for key in sorted(routes, key=lambda key: order[key]))
    return replace(
        plan,
        routes=chosen,
        unserved=left_out,
        totals=add_up(
            chosen,
            skip_ore=sum(prices[entry.shipment] for entry in left_out),
            balance_ore=Whole(problem, chosen).ore,
        ),
        fingerprint=problem.fingerprint(),
    )
