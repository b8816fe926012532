"""From a Problem to a checked Plan.

Routes that planners fixed are set aside, other aims than money are told as money, and a portfolio of engines searches
(see portfolio), more than once where goods wait for others (see echelons). Whatever an engine cannot express is mended
afterwards, what is left out gets a reason, and nothing leaves before the independent checker has found no fault.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from routing.balancing import Whole
from routing.bound import Bound
from routing.check import Violation, violations
from routing.echelons import plan_echelons
from routing.engines.protocol import Limit, Progress
from routing.engines.team import Team
from routing.feasible import route_of
from routing.fixed_routes import fixed_trips, without_fixed
from routing.handover import has_handovers, separated
from routing.plan import Plan, Route, add_up
from routing.portfolio import ENGINES, Echelons, able_engines, searched
from routing.problem import ONLY_MONEY, Problem
from routing.proving import Prover, proving
from routing.reasons import unserved
from routing.trips import Trip, places_of
from routing.weighing import own_trips, scale_of, weighed

__all__ = ["ENGINES", "Limit", "PlanCheckFailed", "Progress", "UnknownEngine", "solve"]

PROVE_AT_MOST_S = 60.0
"""Where iterations are counted, the bound is looked for at most so long."""
NOBODY = Prover()
"""Where nothing is to be proven."""


class UnknownEngine(ValueError):
    """An engine was asked for by a name that none has, or none was asked for."""


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
    engines: Sequence[str] = ENGINES,
    processes: int = 2,
    prove: bool = False,
) -> Plan:
    """The best plan found within ``limit`` by ``engines``, at most ``processes`` of them at a time.

    ``progress`` is called at each better plan and a few times a second; when it returns False the search ends at
    once with the best plan so far. With ``limit.iterations`` alone the same seed gives the same plan. ``prove``: one of the
    processes looks for a bound meanwhile (see bound), of which the progress tells and which the plan carries; the search ends
    when its plan is proven the best, and under seconds alone it rests for most of them while a proof is near.
    Raises UnknownEngine, problem.InvalidProblem when a fixed route cannot be driven, PlanCheckFailed, and
    worker.WorkerFailed when every search dies.
    """
    if not engines or not set(engines) <= set(ENGINES):
        raise UnknownEngine(f"Choose from {', '.join(ENGINES)}; not {', '.join(engines) or 'none'}.")
    fixed = fixed_trips(problem)
    rest = without_fixed(problem)
    able = able_engines(rest, engines)
    aimed = rest if rest.weights == ONLY_MONEY else weighed(rest)
    beside = _weighed_ore(problem, fixed)
    began = time.monotonic()
    with _prover(aimed, limit) if prove else nullcontext(NOBODY) as prover:
        told = progress and _in_ore(progress, scale_of(problem), beside=beside, prover=prover)
        searchers = max(1, processes - prove)
        if has_handovers(rest):
            whole = plan_echelons(aimed, limit=limit, search=Echelons(able, seed, searchers, told))
            timed, trips = separated(problem, whole.times), whole.trips
        else:
            team = Team(
                aimed,
                limit=limit,
                seed=seed,
                processes=searchers,
                progress=told,
                prover=prover if prove else None,
            )
            timed, trips = problem, searched(team, able)
    seconds = time.monotonic() - began
    routes = _routes(timed, own_trips(timed, (*fixed, *trips)))
    plan = plan_of(problem, routes, engine="+".join(able), seconds=seconds, seed=seed)
    return checked(problem, with_bound(plan, prover.best, problem, beside=beside))


def _prover(problem: Problem, limit: Limit) -> AbstractContextManager[Prover]:
    return proving(problem, seconds=limit.seconds or PROVE_AT_MOST_S)


def _in_ore(
    progress: Callable[[Progress], bool], scale: int, *, beside: int, prover: Prover
) -> Callable[[Progress], bool]:
    """Weighed prices may count parts of an öre; the listener hears whole ones, with what is spent ``beside``."""

    def told(state: Progress) -> bool:
        proven_ore = (prover.bound_ore + beside) // scale if prover.best is not None else 0
        return progress(replace(state, cost_ore=(state.cost_ore + beside) / scale, bound_ore=proven_ore))

    return told


def with_bound(plan: Plan, proven: Bound | None, problem: Problem, *, beside: int) -> Plan:
    """The plan with what is proven about it: money only, and only where it leaves out no more than it must."""
    mandatory = {shipment.id for shipment in problem.shipments if shipment.skip_ore is None}
    missing = sum(entry.shipment in mandatory for entry in plan.unserved)
    if proven is None or not proven.cost_ore or problem.weights != ONLY_MONEY or missing > proven.left_out:
        return plan
    return replace(plan, bound_ore=proven.cost_ore + beside)


def _weighed_ore(problem: Problem, trips: tuple[Trip, ...]) -> int:
    """What the trips cost by the problem's weights."""
    if not trips:
        return 0
    aim = weighed(problem)
    places = places_of(aim)
    routes = [route_of(trip, places=places) for trip in own_trips(aim, trips)]
    return sum(route.cost_ore for route in routes if route is not None)


def _routes(problem: Problem, trips: Iterable[Trip]) -> tuple[Route, ...]:
    """The trips with times at the problem's own prices, by vehicle and shift."""
    places = places_of(problem)
    order = {vehicle.id: number for number, vehicle in enumerate(problem.vehicles)}
    routes = (route_of(trip, places=places) for trip in trips)
    found = [route for route in routes if route is not None]
    return tuple(sorted(found, key=lambda route: (order[route.vehicle], route.shift)))


def plan_of(problem: Problem, routes: Iterable[Route], *, engine: str, seconds: float, seed: int = 0) -> Plan:
    """A plan of these routes, with sums, and a reason for each shipment that no route carries; not yet checked."""
    chosen = tuple(routes)
    left_out = unserved(problem, chosen)
    prices = {shipment.id: shipment.skip_ore or 0 for shipment in problem.shipments}
    return Plan(
        routes=chosen,
        unserved=left_out,
        totals=add_up(
            chosen,
            skip_ore=sum(prices[entry.shipment] for entry in left_out),
            balance_ore=Whole(problem, chosen).ore,
        ),
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
