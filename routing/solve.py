"""From a Problem to a checked Plan.

An engine decides who does what in which order; the schedule gives it times; what is left out gets a reason; and
nothing leaves before the independent checker has found no fault.
"""

import time
from collections.abc import Callable, Iterable

from routing.check import Violation, violations
from routing.engines.ortools_engine import OrTools
from routing.engines.protocol import Engine, Limit, Progress
from routing.engines.worker import search_apart
from routing.plan import Plan, Route, add_up
from routing.problem import Problem
from routing.reasons import unserved
from routing.schedule import schedule
from routing.trips import Trip, places_of

__all__ = ["Limit", "PlanCheckFailed", "Progress", "solve"]


class PlanCheckFailed(RuntimeError):
    """The planner made a plan that breaks a rule: a fault in the planner, never in the input."""

    def __init__(self, plan: Plan, found: tuple[Violation, ...]) -> None:
        self.plan = plan
        self.violations = found
        faults = "; ".join(f"{violation.code}: {violation.message}" for violation in found[:5])
        super().__init__(
            f"{len(found)} faults in a plan by {plan.engine}: {faults}. Report the problem file."
        )


def solve(
    problem: Problem,
    *,
    limit: Limit,
    seed: int = 0,
    progress: Callable[[Progress], bool] | None = None,
) -> Plan:
    """The best plan found within ``limit``.

    ``progress`` is called at each better plan and a few times a second; when it returns False the search ends at
    once with the best plan so far. Without it the search runs in this process, with it in one of its own.
    With ``limit.iterations`` alone the same seed gives the same plan. Raises PlanCheckFailed.
    """
    began = time.monotonic()
    engine: Engine = OrTools()
    if progress is None:
        trips = engine.search(problem, limit=limit, seed=seed, report=None)
    else:
        trips = search_apart(engine, problem, limit=limit, seed=seed, progress=progress)
    routes = _routes(problem, trips)
    return checked(
        problem, plan_of(problem, routes, engine=engine.name, seconds=time.monotonic() - began, seed=seed)
    )


def plan_of(problem: Problem, routes: Iterable[Route], *, engine: str, seconds: float, seed: int = 0) -> Plan:
    """A plan of these routes, with sums, and a reason for each shipment that no route carries; not yet checked."""
    chosen = tuple(routes)
    left_out = unserved(problem, chosen)
    prices = {shipment.id: shipment.skip_ore or 0 for shipment in problem.shipments}
    return Plan(
        routes=chosen,
        unserved=left_out,
        totals=add_up(chosen, skip_ore=sum(prices[entry.shipment] for entry in left_out)),
        engine=engine,
        seconds=seconds,
        seed=seed,
        fingerprint=problem.fingerprint(),
    )


def checked(problem: Problem, plan: Plan) -> Plan:
    """The plan itself; raises PlanCheckFailed when the checker finds a fault."""
    found = violations(problem, plan)
    if found:
        raise PlanCheckFailed(plan, found)
    return plan


def _routes(problem: Problem, trips: Iterable[Trip]) -> tuple[Route, ...]:
    """Trips with times, by vehicle and shift. One stopped before its breaks were settled is given up."""
    places = places_of(problem)
    order = {vehicle.id: number for number, vehicle in enumerate(problem.vehicles)}
    routes = (schedule(trip, places=places) for trip in trips)
    found = [route for route in routes if route is not None]
    return tuple(sorted(found, key=lambda route: (order[route.vehicle], route.shift)))
