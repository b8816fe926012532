"""The PyVRP engine: iterated local search that crosses infeasible plans at a price.

The strongest on windows and loads from one depot. Problems with rests are searched without them first: most regional
routes need none. When the shared schedule refuses a route of the answer, a second search has stretched
driving times, which leave room for every rest (see ortools_model.Job).
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from routing.engines.ortools_engine import could_need_break, job_of
from routing.engines.ortools_model import Job
from routing.engines.protocol import Found, Limit, Progress, Reporter
from routing.engines.pyvrp_model import Model, build, solution_of, tasks_of, trips_of
from routing.engines.pyvrp_search import NO_PLAN_COSTS, Searches, price_of
from routing.feasible import route_of
from routing.problem import Problem
from routing.trips import Task, Trip, Turn

ITERATIONS_PER_PLAN = 5
"""PyVRP's steps are small: so many count as one iteration of a Limit."""
REPORT_EVERY_S = 0.3
KEPT_ROUTES = 10_000
"""Of the routes met on the way, so many of the last are told for certain, for the pool; of those before them some."""
WITHOUT_RESTS = 0.6
"""Share of the time for the search without rests, where drivers may need them."""


@dataclass(frozen=True, slots=True)
class PyVrp:
    """PyVRP's iterated local search, from ``start`` when there are trips to start from.

    ``same_turns``: only the turns of ``start`` may be used, so that their fixed prices are beside the point. ``tells_many``:
    of the plans met on the way as well, for the pool.
    """

    start: tuple[Trip, ...] = ()
    same_turns: bool = False
    tells_many: bool = True
    name: str = "pyvrp"

    def search(self, problem: Problem, *, limit: Limit, seed: int, report: Reporter | None) -> Found:
        began = time.monotonic()
        job = job_of(problem)
        if self.same_turns:
            job = only_turns(job, [trip.turn for trip in self.start])
        if not job.shipments:
            return Found()
        run = _Run(limit, seed, report, began, self.start, not self.same_turns, self.tells_many)
        may_rest = any(could_need_break(turn) for turn in job.turns)
        first = run.search(job, share=WITHOUT_RESTS if may_rest else 1.0)
        is_sound = all(route_of(trip, places=job.places) for trip in first.trips)
        if not may_rest or (is_sound and limit.seconds is None):
            return first
        if is_sound:
            second = replace(run, start=first.trips).search(job, share=1.0)
        else:
            second = run.search(replace(job, stretched=True), share=1.0)
        return Found(second.trips, (*second.others, *first.trips, *first.others))


@dataclass(frozen=True, slots=True)
class _Run:
    """One or two searches under one limit."""

    limit: Limit
    seed: int
    report: Reporter | None
    began: float
    start: tuple[Trip, ...]
    fixed: bool
    tells_many: bool

    def search(self, job: Job, *, share: float) -> Found:
        """PyVRP's answer when this share of the seconds has passed."""
        model = build(job, required=self._can_serve_all(job), fixed=self.fixed)
        watch = _Watch(model, self.report, self.began, keeps=self.tells_many)
        iterations = self.limit.iterations
        searches = Searches(
            model.data,
            self.seed,
            ends=None if self.limit.seconds is None else self.began + self.limit.seconds * share,
            most=None if iterations is None else iterations * ITERATIONS_PER_PLAN,
            on_best=watch.on_best,
            on_iteration=watch.on_iteration,
        )
        best = searches.best(solution_of(model, self.start) if self.start else None)
        return Found(trips_of(model, best), tuple(watch.others()))

    def _can_serve_all(self, job: Job) -> bool:
        """What a plan to start from leaves out may be impossible: then nothing is required."""
        served = {task.shipment.id for trip in self.start for task in trip.tasks}
        return not self.start or all(s.id in served for s in job.shipments if s.skip_ore is None)


def only_turns(job: Job, turns: Iterable[Turn]) -> Job:
    """The job with no other turns, and with the shipments that they can carry."""
    names = {(turn.vehicle.id, turn.shift) for turn in turns}

    def chosen(some: Iterable[Turn]) -> tuple[Turn, ...]:
        return tuple(turn for turn in some if (turn.vehicle.id, turn.shift) in names)

    fits = {name: replace(fit, turns=chosen(fit.turns)) for name, fit in job.fittings.items()}
    possible = tuple(shipment for shipment in job.shipments if fits[shipment.id].turns)
    return replace(job, turns=chosen(job.turns), shipments=possible, fittings=fits)


@dataclass(slots=True)
class _Watch:
    """Hears of the searches' plans: reports those better than all before, and ``keeps`` the routes of all that are tried, for the pool.

    A plan that breaks a rule has routes that break none. What is kept holds no part of PyVRP, whose routes each hold a
    whole plan.
    """

    model: Model
    report: Reporter | None
    began: float
    keeps: bool = True
    iterations: int = 0
    reported: float = 0.0
    least: int = NO_PLAN_COSTS
    price: Callable[[Any], int] = field(init=False)
    routes: dict[tuple[int, str], tuple[Task, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.price = price_of(self.model.data)

    def on_best(self, best: Any) -> None:
        price, now = self.price(best), time.monotonic()
        if self.report is not None and price < self.least and now - self.reported > REPORT_EVERY_S:
            self.reported, self.least = now, price
            progress = Progress(now - self.began, self.iterations // ITERATIONS_PER_PLAN, 0)
            self.report(progress, trips_of(self.model, best))

    def on_iteration(self, tried: Any) -> None:
        self.iterations += 1
        for route in tried.routes() if self.keeps else ():
            # Its activities in order: comparing them one by one would take far longer.
            key = (route.vehicle_type(), str(route))
            if key not in self.routes and route.is_feasible():
                self.routes[key] = tasks_of(self.model, route)
        if len(self.routes) > 2 * KEPT_ROUTES:
            self._thin_out()

    def _thin_out(self) -> None:
        """Of the older half every other route goes: the further back, the fewer are left."""
        items = list(self.routes.items())
        self.routes = dict([*items[:-KEPT_ROUTES:2], *items[-KEPT_ROUTES:]])

    def others(self) -> Iterator[Trip]:
        """Each different route once."""
        for (kind, _), tasks in self.routes.items():
            yield Trip(self.model.types[kind][0], tasks)
