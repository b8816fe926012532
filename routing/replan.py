"""Planning again in the middle of the day: what has been driven stays, the rest is open.

``from_moment`` turns a plan and a moment into a problem; solving that gives a whole plan again, with the driven
parts in it at their old times and everything else planned anew.
"""

from dataclasses import replace

from routing.plan import Plan, Route, Visit
from routing.problem import Driven, DrivenVisit, Problem, Promise, Window

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
    """
    begun = tuple(_driven(route, now_s) for route in plan.routes if route.start_s <= now_s)
    return replace(problem, rules=replace(problem.rules, driven=begun, now_s=now_s))


def _driven(route: Route, now_s: int) -> Driven:
    work = [visit for visit in route.visits if visit.pickups or visit.deliveries]
    settled = _settled(work, now_s)
    is_over = len(settled) == len(work) and work[-1].departure_s <= now_s
    return Driven(
        route.vehicle,
        route.shift,
        route.start_s,
        tuple(DrivenVisit(visit.stop, visit.start_s, visit.pickups, visit.deliveries) for visit in settled),
        is_over=is_over,
    )


def _settled(work: list[Visit], now_s: int) -> list[Visit]:
    """The visits that are done, and the first one that is not: the vehicle is there or on the way to it."""
    done = [visit for visit in work if visit.departure_s <= now_s]
    return work[: len(done) + 1]
