"""From a Problem to a checked Plan: the portfolio.

VROOM gives a first plan at once. Then engines search side by side, each where it is strong; their routes go
into one pool, whose best cover is often cheaper than any of their plans; the best is polished by further searches from
it, and the pool is covered once more. Whatever an engine cannot express is mended afterwards, what is left out gets a
reason, and nothing leaves before the independent checker has found no fault.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from routing.check import Violation, violations
from routing.engines.cover import Cover
from routing.engines.decompose import first_searches, further_searches, is_large
from routing.engines.fleet import Fleet
from routing.engines.ortools_engine import OrTools, all_loaded_at_start
from routing.engines.protocol import Engine, Limit, Progress
from routing.engines.pyvrp_engine import PyVrp
from routing.engines.team import Team
from routing.engines.vroom_engine import QUICK, THOROUGH, Vroom
from routing.feasible import route_of
from routing.plan import Plan, Route, add_up
from routing.problem import ONLY_MONEY, Problem
from routing.reasons import unserved
from routing.trips import Trip, places_of
from routing.weighing import own_trips, scale_of, weighed

__all__ = ["ENGINES", "Limit", "PlanCheckFailed", "Progress", "UnknownEngine", "solve"]

ENGINES = ("vroom", "pyvrp", "ortools")
FIRST_PLAN_S = 0.5
FIRST_PLANS = 0.15
"""Of a large problem's time, for its areas' first plans; they need less, as a rule."""
PATCH_ROUNDS = 6


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
) -> Plan:
    """The best plan found within ``limit`` by ``engines``, at most ``processes`` of them at a time.

    ``progress`` is called at each better plan and a few times a second; when it returns False the search ends at
    once with the best plan so far. With ``limit.iterations`` alone the same seed gives the same plan.
    Raises UnknownEngine, PlanCheckFailed, and worker.WorkerFailed when every search dies.
    """
    if not engines or not set(engines) <= set(ENGINES):
        raise UnknownEngine(f"Choose from {', '.join(ENGINES)}; not {', '.join(engines) or 'none'}.")
    able = _able(problem, engines)
    aimed = problem if problem.weights == ONLY_MONEY else weighed(problem)
    told = progress and _in_ore(progress, scale_of(problem))
    team = Team(aimed, limit=limit, seed=seed, processes=processes, progress=told)
    if "vroom" in able and not is_large(team.judge):
        team.first(Vroom(QUICK), seconds=FIRST_PLAN_S)
    for until, searches in _rounds(team, able):
        team.round(searches, until=until)
    seconds = time.monotonic() - team.began
    routes = _routes(problem, own_trips(problem, team.best))
    plan = plan_of(problem, routes, engine="+".join(able), seconds=seconds, seed=seed)
    return checked(problem, plan)


def _in_ore(progress: Callable[[Progress], bool], scale: int) -> Callable[[Progress], bool]:
    """Weighed prices may count parts of an öre; the listener hears whole ones."""
    return lambda state: progress(replace(state, cost_ore=state.cost_ore / scale))


def _able(problem: Problem, engines: Sequence[str]) -> tuple[str, ...]:
    """The engines that can say it all: of routes that have begun, and goods on board, only OR-Tools knows."""
    return ("ortools",) if _is_under_way(problem) else tuple(engines)


def _is_under_way(problem: Problem) -> bool:
    return bool(problem.rules.on_board or problem.rules.driven)


def _routes(problem: Problem, trips: Iterable[Trip]) -> tuple[Route, ...]:
    """The trips with times at the problem's own prices, by vehicle and shift."""
    places = places_of(problem)
    order = {vehicle.id: number for number, vehicle in enumerate(problem.vehicles)}
    routes = (route_of(trip, places=places) for trip in trips)
    found = [route for route in routes if route is not None]
    return tuple(sorted(found, key=lambda route: (order[route.vehicle], route.shift)))


def _rounds(team: Team, engines: Sequence[str]) -> Iterator[tuple[float, list[Engine]]]:
    """The share of the time at which each round ends, and its searches, made from what is known by then."""
    if not team.problem.shipments or not team.problem.vehicles:
        return
    if _is_under_way(team.problem):
        yield 1.0, [OrTools()]
        return
    if is_large(team.judge) and set(engines) != {"ortools"}:
        yield from _by_parts(team, engines)
    elif "pyvrp" in engines and team.counts_vehicles:
        yield from _fewest_first(team)
    elif "pyvrp" in engines and all_loaded_at_start(team.problem):
        yield from _from_one_depot(team)
    else:
        yield from _mixed(team, engines)


def _by_parts(team: Team, engines: Sequence[str]) -> Iterator[tuple[float, list[Engine]]]:
    """Too large to be searched as a whole: a plan area by area, then patch by patch, cut anew each round."""
    if "vroom" in engines:
        until = FIRST_PLANS if "pyvrp" in engines else 1.0
        yield until, first_searches(team.judge, processes=team.processes)
    for number in range(PATCH_ROUNDS if "pyvrp" in engines else 0):
        until = FIRST_PLANS + (1 - FIRST_PLANS) * (number + 1) / PATCH_ROUNDS
        seed = team.seed + number
        yield until, further_searches(team.judge, team.best, processes=team.processes, seed=seed)


def _mixed(team: Team, engines: Sequence[str]) -> Iterator[tuple[float, list[Engine]]]:
    """Goods collected on the way: each engine searches, the pool's cover is polished."""
    if "vroom" in engines:
        yield 0.3, [Vroom(THOROUGH)]  # over much sooner, as a rule
    searches: dict[str, Engine] = {"pyvrp": PyVrp(start=team.best), "ortools": OrTools()}
    yield 0.55, [search for name, search in searches.items() if name in engines]
    yield 0.62, [Cover(tuple(team.orders), start=team.best)]
    if "pyvrp" in engines:
        yield 0.9, [PyVrp(start=team.best), PyVrp(start=team.best)]
        yield 1.0, [Cover(tuple(team.orders), start=team.best)]


def _from_one_depot(team: Team) -> Iterator[tuple[float, list[Engine]]]:
    """Goods loaded where the vehicles start: nothing beats PyVRP, so it has nearly all the time, from two seeds."""
    yield 0.8, [PyVrp(), PyVrp()]
    yield 1.0, [Cover(tuple(team.orders), start=team.best), PyVrp(start=team.best)]


def _fewest_first(team: Team) -> Iterator[tuple[float, list[Engine]]]:
    """Where a vehicle costs more than any way saves: first fewer of them, then less way for those."""
    yield 0.45, [Fleet(team.best), Fleet(team.best)]
    yield 0.65, [Fleet(team.best), PyVrp(start=team.best, same_turns=True)]
    yield 0.92, [PyVrp(start=team.best, same_turns=True), PyVrp(start=team.best, same_turns=True)]
    yield 1.0, [Cover(tuple(team.orders), start=team.best)]


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
