"""Last week's routes with this week's orders: what happens when nobody plans."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from routing.feasible import route_of
from routing.fixed_routes import fixed_trips, without_fixed
from routing.handover import earliest_times, ending_by, has_handovers, separated
from routing.handover_limits import levels_of, limits_of
from routing.insertion import with_shipment
from routing.plan import Plan, Route
from routing.problem import Problem, Shipment, Window
from routing.solve import checked, plan_of
from routing.trips import Places, Task, Trip, Turn, places_of, tasks_of, turns_of

Ride = tuple[int, int]
"""At which stay of the round a shipment is picked up, and at which it is delivered."""


class AlreadyDriven(ValueError):
    """The week has begun: what is driven is not last week's any more."""


@dataclass(slots=True)
class _Round:
    """One of last week's routes: this week's turn, its stays in order, and who rides."""

    turn: Turn
    stays: tuple[str, ...]
    rides: dict[str, Ride]
    route: Route | None = None

    @property
    def cost_ore(self) -> int:
        return 0 if self.route is None else self.route.cost_ore


def last_weeks_plan(problem: Problem, old_problem: Problem, old_plan: Plan) -> Plan:
    """This week's orders on the routes of ``old_plan``, a plan of ``old_problem``.

    Each route keeps its vehicle, its shift (the one of this week at that time) and the order of its stops. An order
    whose two places lie on a route in that order rides there, on the cheapest such route, whatever its price for leaving it
    out. What fits on none is put where it costs least, as ``insertion`` does it, if that is worth its price. Stops
    and routes without orders are not driven; routes whose vehicle or shift is gone neither. What this week has fixed is
    driven as it is fixed. The plan answers ``problem``. No search, so always the same. Raises AlreadyDriven and solve.PlanCheckFailed.
    """
    if problem.rules.driven:
        raise AlreadyDriven(
            "The week has begun: compare with the problem as it was before the first route left."
        )
    began = time.monotonic()
    fixed = (route_of(trip, places=places_of(problem)) for trip in fixed_trips(problem))
    settled = tuple(route for route in fixed if route is not None)
    rest = without_fixed(problem)
    rounds = tuple(_rounds(rest, old_problem, old_plan))
    levels = levels_of(rest.shipments)
    plan = plan_of(rest, (), engine="last_week", seconds=0.0)
    for level in range(1 + max(levels.values(), default=0)):
        echelon = [shipment for shipment in rest.shipments if levels[shipment.id] == level]
        plan = _placed(rest, plan, rounds, echelon)
    routes = (*settled, *plan.routes)
    plan = plan_of(problem, routes, engine="last_week", seconds=time.monotonic() - began)
    return checked(problem, plan)


def _rounds(problem: Problem, old_problem: Problem, old_plan: Plan) -> Iterator[_Round]:
    """The routes whose turn is still there, none of them twice."""
    known = {stop.id for stop in problem.stops}
    old_shifts = {vehicle.id: vehicle.shifts for vehicle in old_problem.vehicles}
    taken: set[tuple[str, int]] = set()
    for route in old_plan.routes:
        shift = old_shifts[route.vehicle][route.shift]
        turn = _same_turn(problem, route.vehicle, shift)
        if turn is not None and turn.key not in taken:
            taken.add(turn.key)
            work = (visit.stop for visit in route.visits if visit.pickups or visit.deliveries)
            yield _Round(turn, tuple(name for name, _ in groupby(work) if name in known), {})


def _same_turn(problem: Problem, vehicle: str, shift: Window) -> Turn | None:
    """The vehicle's turn that shares most time with the shift."""
    shared = [
        (min(turn.window.end_s, shift.end_s) - max(turn.window.start_s, shift.start_s), -turn.shift, turn)
        for turn in turns_of(problem)
        if turn.vehicle.id == vehicle
    ]
    most, _, turn = max(shared, key=lambda entry: entry[:2], default=(0, 0, None))
    return turn if most > 0 else None


def _placed(problem: Problem, plan: Plan, rounds: Iterable[_Round], echelon: list[Shipment]) -> Plan:
    """One echelon of orders: first those that ride on last week's rounds, then the others where they cost least."""
    due = limits_of(problem).last if has_handovers(problem) else {}
    around = ending_by(separated(problem, earliest_times(problem, plan.routes)), due)
    goods = {shipment.id: shipment for shipment in around.shipments}
    places = places_of(around)
    kept = {(route.vehicle, route.shift): route for route in plan.routes}
    usable = [
        entry for entry in rounds if entry.route == kept.get(entry.turn.key)
    ]  # others hold what was put in between
    wanted = [shipment.id for shipment in sorted(echelon, key=_first_come)]
    others = [name for name in wanted if not _rides(goods[name], usable, goods, places)]
    kept |= {entry.turn.key: entry.route for entry in usable if entry.route is not None}
    plan = plan_of(problem, kept.values(), engine=plan.engine, seconds=0.0)
    for name in others:
        plan = _inserted(problem, plan, name)
    return plan


def _first_come(shipment: Shipment) -> tuple[object, ...]:
    """Those that must be served first, by priority, then the dearest to leave out, then the heaviest."""
    return (shipment.skip_ore is not None, -shipment.priority, -(shipment.skip_ore or 0), -shipment.grams)


def _rides(shipment: Shipment, rounds: list[_Round], goods: dict[str, Shipment], places: Places) -> bool:
    """Put the shipment on the cheapest round that passes both its places in order; False when none can take it."""
    best: tuple[int, _Round, Ride, Route] | None = None
    if len(tasks_of(shipment, places)) < 2:
        return False  # on board already: it has no pickup on a round
    for entry in rounds:
        for ride in _possible(entry.stays, shipment):
            trip = _trip(entry, entry.rides | {shipment.id: ride}, goods)
            route = route_of(trip, places=places)
            if route is not None and (best is None or route.cost_ore - entry.cost_ore < best[0]):
                best = (route.cost_ore - entry.cost_ore, entry, ride, route)
    if best is None:
        return False
    _, chosen, ride, route = best
    chosen.route, chosen.rides[shipment.id] = route, ride
    return True


def _possible(stays: tuple[str, ...], shipment: Shipment) -> Iterator[Ride]:
    for first, stop in enumerate(stays):
        if stop == shipment.pickup:
            yield from (
                (first, last) for last in range(first + 1, len(stays)) if stays[last] == shipment.delivery
            )


def _trip(entry: _Round, rides: dict[str, Ride], goods: dict[str, Shipment]) -> Trip:
    """The round with these shipments: at each stay deliveries before pickups."""
    tasks = [
        Task(goods[name], is_pickup=is_pickup)
        for number in range(len(entry.stays))
        for is_pickup in (False, True)
        for name, ride in rides.items()
        if ride[0 if is_pickup else 1] == number
    ]
    return Trip(entry.turn, tuple(tasks))


def _inserted(problem: Problem, plan: Plan, name: str) -> Plan:
    """The plan with the shipment where it costs least, when there is room and it is worth its price."""
    longer = with_shipment(problem, plan, name)
    price = next(shipment.skip_ore for shipment in problem.shipments if shipment.id == name)
    if longer is None or (price is not None and longer.totals.cost_ore - plan.totals.cost_ore > price):
        return plan
    return replace(longer, engine=plan.engine)
