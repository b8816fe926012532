"""Routes that planners have fixed: taken out of the problem before anything is searched, and put back as they are."""

from dataclasses import replace

from routing.carrying import hindrance, may_carry
from routing.feasible import route_of
from routing.loading import fits
from routing.problem import InputError, InvalidProblem, Problem, Rules
from routing.sequences import FixedRoute
from routing.trips import Places, Task, Trip, places_of, turns_of


def fixed_trips(problem: Problem) -> tuple[Trip, ...]:
    """Every fixed route that does something; raises InvalidProblem when one cannot be driven."""
    if not problem.rules.fixed_routes:
        return ()
    places = places_of(problem)
    trips = tuple(_trips(problem, places))
    impossible = [trip for trip in trips if route_of(trip, places=places) is None]
    if impossible:
        raise InvalidProblem(tuple(_error(trip, places) for trip in impossible))
    return trips


def without_fixed(problem: Problem) -> Problem:
    """What is left to plan: without the goods on fixed routes, and with nothing more for their turns to do."""
    rules = problem.rules
    gone = {task.shipment for fixed in rules.fixed_routes for task in fixed.tasks}
    if not rules.fixed_routes:
        return problem
    return replace(
        problem,
        shipments=tuple(shipment for shipment in problem.shipments if shipment.id not in gone),
        rules=_without(rules, gone),
    )


def _without(rules: Rules, gone: set[str]) -> Rules:
    turns = {(fixed.vehicle, fixed.shift) for fixed in rules.fixed_routes}
    return replace(
        rules,
        locks=tuple(lock for lock in rules.locks if lock.shipment not in gone),
        bans=tuple(ban for ban in rules.bans if ban.shipment not in gone),
        apart=tuple(pair for pair in rules.apart if gone.isdisjoint({pair.first, pair.second})),
        on_board=tuple(entry for entry in rules.on_board if entry.shipment not in gone),
        promises=tuple(promise for promise in rules.promises if promise.shipment not in gone),
        driven=tuple(driven for driven in rules.driven if (driven.vehicle, driven.shift) not in turns),
        fixed_routes=tuple(FixedRoute(vehicle, shift) for vehicle, shift in sorted(turns)),
    )


def _trips(problem: Problem, places: Places) -> list[Trip]:
    """What has been driven comes first, in the order in which it was done."""
    goods = {shipment.id: shipment for shipment in problem.shipments}
    turns = {turn.key: turn for turn in turns_of(problem)}
    trips = []
    for fixed in problem.rules.fixed_routes:
        turn = turns[fixed.vehicle, fixed.shift]
        begun = places.driven.get(turn.key)
        done = begun.tasks if begun else ()
        tasks = (Task(goods[task.shipment], is_pickup=task.is_pickup) for task in fixed.tasks)
        trips.append(Trip(turn, (*done, *(task for task in tasks if task not in done))))
    return [trip for trip in trips if trip.tasks]


def _error(trip: Trip, places: Places) -> InputError:
    name, shift = trip.turn.key
    text = f"The fixed route of {name!r} in shift {shift} cannot be driven: {_why(trip, places)}"
    return InputError("fixed_route_impossible", text, "Change the route, or what stands in its way.")


def _why(trip: Trip, places: Places) -> str:
    for shipment in dict.fromkeys(task.shipment for task in trip.tasks):
        code = hindrance(trip.turn, shipment, places)
        if code is not None:
            return f"{shipment.id!r} is kept off it ({code})."
    if not fits((*places.aboard.get(trip.turn.key, ()), *trip.tasks), trip.turn.vehicle):
        return "more is on board on the way than the vehicle holds."
    if not may_carry(trip, places):
        return "it breaks an order of stops, or carries goods that are to be kept apart."
    return "the hours on its way, its shift and its limits on driving leave no time for it."
