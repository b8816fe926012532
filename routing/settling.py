"""Trips of several echelons as a plan: what must be left out with others goes, and handovers move where they cost least."""

from collections.abc import Iterable
from dataclasses import dataclass

from routing.feasible import route_of
from routing.handover import (
    Times,
    earliest_times,
    latest_times,
    orphans,
    picked_up,
    separated,
    waiting_for,
)
from routing.plan import Route
from routing.problem import Problem
from routing.ranking import Rank, priorities_of, rank
from routing.trips import Task, Trip, begun_trips, places_of, turns_of
from routing.weighing import own_trips

MOST_MOVES = 6
"""So many times handovers are moved within one plan, while that saves anything."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A plan of the problem itself: trips of ``separated(problem, times)`` with their routes."""

    rank: Rank
    trips: tuple[Trip, ...]
    routes: tuple[Route, ...]
    times: Times


def settled(problem: Problem, trips: Iterable[Trip], times: Times) -> Whole:
    """The trips, planned with these handover times, as a plan that keeps every handover."""
    whole = _complete(problem, trips, times)
    whole = _without_unworthy(problem, whole)
    for _ in range(MOST_MOVES):
        moves = (earliest_times(problem, whole.routes), latest_times(problem, whole.routes))
        better = min((_complete(problem, whole.trips, times) for times in moves), key=lambda w: w.rank)
        if better.rank >= whole.rank:
            break
        whole = better
    return whole


def _complete(problem: Problem, trips: Iterable[Trip], times: Times) -> Whole:
    """Without what waits for goods that are not delivered, and without trips that cannot be driven at these times."""
    plain = separated(problem, times)
    places = places_of(plain)
    chosen = own_trips(plain, trips) or begun_trips(turns_of(plain), places)
    while True:
        timed = [(trip, route_of(trip, places=places)) for trip in chosen]
        driven = [(trip, route) for trip, route in timed if route is not None]
        lost = orphans(problem, _served(trip for trip, _ in driven))
        chosen = _without(lost, (trip for trip, _ in driven))
        if chosen == tuple(trip for trip, _ in driven):
            return _whole(problem, chosen, tuple(route for _, route in driven), times)


def _whole(problem: Problem, trips: tuple[Trip, ...], routes: tuple[Route, ...], times: Times) -> Whole:
    served = _served(trips)
    value = rank(
        (shipment for shipment in problem.shipments if shipment.id not in served),
        priorities=priorities_of(problem.shipments),
        route_ore=sum(route.cost_ore for route in routes),
    )
    return Whole(value, trips, routes, times)


def _without_unworthy(problem: Problem, whole: Whole) -> Whole:
    """Without goods that cost more, with all that waits for them, than leaving them all out."""
    waiting, gone = waiting_for(problem), picked_up(problem)
    for shipment in problem.shipments:
        if shipment.skip_ore is None or shipment.id not in waiting or shipment.id in gone:
            continue
        served = _served(whole.trips)
        if shipment.id in served:
            lost = {shipment.id} | orphans(problem, served - {shipment.id})
            without = _complete(problem, _without(lost, whole.trips), whole.times)
            whole = min(whole, without, key=lambda one: one.rank)
    return whole


def _served(trips: Iterable[Trip]) -> frozenset[str]:
    return frozenset(task.shipment.id for trip in trips for task in trip.tasks if not task.is_pickup)


def _without(names: Iterable[str], trips: Iterable[Trip]) -> tuple[Trip, ...]:
    left_out = frozenset(names)

    def kept(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
        return tuple(task for task in tasks if task.shipment.id not in left_out)

    shorter = (Trip(trip.turn, kept(trip.tasks)) for trip in trips)
    return tuple(trip for trip in shorter if trip.tasks)
