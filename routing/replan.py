"""Planning again in the middle of the day: what has been driven stays, the rest is open.

``from_moment`` turns a plan and a moment into a problem; solving that gives a whole plan again, with the driven
parts in it at their old times and everything else planned anew.
"""

from dataclasses import replace

from routing.plan import Plan, Route, Visit
from routing.problem import Driven, DrivenVisit, Problem, Promise, Window
from routing.schedule import timed
from routing.trips import begun_trips, places_of, turns_of

HALF_AN_HOUR = 1800


def promises_of(plan: Plan, *, ore: int, slack_s: int = HALF_AN_HOUR) -> tuple[Promise, ...]:
    """Every delivery of the plan promised: its vehicle and shift for ``ore``, and its time, give or take, again.

    Put into Problem.rules they make the next plan change little: it breaks only what is worth its price.
    """
    return tuple(
        promise
        for route in plan.routes
        for visit in route.visits
        for name in visit.deliveries
        for promise in (
            Promise(name, ore, route.vehicle, route.shift),
            Promise(name, ore, window=Window(max(0, visit.start_s - slack_s), visit.start_s + slack_s)),
        )
    )


def from_moment(problem: Problem, plan: Plan, *, now_s: int) -> Problem:
    """The problem at ``now_s``, by a plan that is being driven.

    Of each route that has left, the visits that are done stay, and so does the one under way: a vehicle on the road
    goes on to where it is heading, and work that was begun is ended. A route on its way to its end is over. The
    problem may differ from the one that was planned by new shipments, vehicles or hours, as long as it still
    holds everything that has been driven; problem.InvalidProblem says what it lacks.

    Where a vehicle is heading, or waits, but what it was to do there is no longer possible then (the hours have
    changed, an order is gone), it turns round: it goes on from its last visit that was begun, or from its start when
    there is none, leaving now; how far it had come is not counted. If that is too late to come home in its shift, it
    is on its way there.
    """
    begun = tuple(_driven(problem, route, now_s) for route in plan.routes if route.start_s <= now_s)
    rules = replace(problem.rules, driven=tuple(driven for driven in begun if driven.visits), now_s=now_s)
    now = replace(problem, rules=rules)
    late = _too_late(now)
    over = tuple(
        replace(driven, is_over=True, goes_on_s=0) if (driven.vehicle, driven.shift) in late else driven
        for driven in rules.driven
    )
    return replace(now, rules=replace(rules, driven=over)) if late else now


def _driven(problem: Problem, route: Route, now_s: int) -> Driven:
    work = [visit for visit in route.visits if visit.pickups or visit.deliveries]
    settled = _settled(work, now_s)
    turns = settled[-1].start_s > now_s and not _is_possible(problem, settled[-1])
    settled = settled[:-1] if turns else settled
    is_over = len(settled) == len(work) and work[-1].departure_s <= now_s
    return Driven(
        route.vehicle,
        route.shift,
        route.start_s,
        tuple(DrivenVisit(visit.stop, visit.start_s, visit.pickups, visit.deliveries) for visit in settled),
        is_over=is_over,
        goes_on_s=now_s if turns else 0,
    )


def _settled(work: list[Visit], now_s: int) -> list[Visit]:
    """The visits that are done, and the first one that is not: the vehicle is there or on the way to it."""
    done = [visit for visit in work if visit.departure_s <= now_s]
    return work[: len(done) + 1]


def _is_possible(problem: Problem, visit: Visit) -> bool:
    """Whether the visit's work may still start when it was to."""
    goods = {shipment.id: shipment for shipment in problem.shipments}
    place = [stop.windows for stop in problem.stops if stop.id == visit.stop]
    if not place or not goods.keys() >= {*visit.pickups, *visit.deliveries}:
        return False
    hours = place + [goods[name].pickup_windows for name in visit.pickups]
    hours += [goods[name].delivery_windows for name in visit.deliveries]
    return all(not windows or any(visit.start_s in window for window in windows) for windows in hours)


def _too_late(problem: Problem) -> set[tuple[str, int]]:
    """The turns that turned round and would not be home in time if they left their last visit now."""
    places = places_of(problem)
    turned = {(driven.vehicle, driven.shift) for driven in problem.rules.driven if driven.goes_on_s}
    trips = begun_trips((turn for turn in turns_of(problem) if turn.key in turned), places)
    return {trip.turn.key for trip in trips if timed(trip, places=places) is None}
