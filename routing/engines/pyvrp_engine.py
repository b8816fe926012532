"""The PyVRP engine: iterated local search that crosses infeasible plans at a price.

The strongest on windows and loads from one depot. Problems with rests are searched without them first: most regional
routes need none. When the shared schedule refuses a route of the answer, a second search has stretched
driving times, which leave room for every rest (see ortools_model.Job).
"""

import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from routing.engines.ortools_engine import could_need_break, job_of
from routing.engines.ortools_model import Job
from routing.engines.protocol import Found, Limit, Progress, Reporter
from routing.engines.pyvrp_model import Model, build, solution_of, tasks_of, trips_of
from routing.feasible import route_of
from routing.problem import Problem
from routing.trips import Trip, Turn

ITERATIONS_PER_PLAN = 5
"""PyVRP's steps are small: so many count as one iteration of a Limit."""
REPORT_EVERY_S = 0.3
KEPT_PLANS = 400
"""Of the plans met on the way, at most so many are taken apart into routes for the pool."""
ROOM_FOR_PENALTIES = 1000
"""The search may raise its penalties to so many times what they are at first."""
WARMING_UP = 0.1
"""Share of the seconds after which it is seen how many steps the rest of them will be."""
TURNOVERS, HISTORIES = 100, (30, 300)
"""How often the late acceptance's memory is to be filled anew, and how few and how many plans it may remember."""
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
        watch = _Watch(model, self.report, self.began)
        start = solution_of(model, self.start) if self.start else None
        if self.limit.seconds is not None and self.limit.iterations is None:
            warming_s = (self.limit.seconds * share - self._passed()) * WARMING_UP
            start = self._improved(watch, start, ends=time.monotonic() + warming_s, steps=0)
            steps = round(watch.iterations * (1 / WARMING_UP - 1))
        else:
            steps = (self.limit.iterations or 0) * ITERATIONS_PER_PLAN
        ends = None if self.limit.seconds is None else self.began + self.limit.seconds * share
        solution = self._improved(watch, start, ends=ends, steps=steps)
        return Found(trips_of(model, solution), tuple(watch.others()) if self.tells_many else ())

    def _improved(self, watch: "_Watch", start: Any, *, ends: float | None, steps: int) -> Any:
        """The best that is found until then, in about so many ``steps``."""
        most = None if self.limit.iterations is None else self.limit.iterations * ITERATIONS_PER_PLAN
        return improve(
            watch.model.data,
            stop=stop_at(ends=ends, iterations=most),
            seed=self.seed,
            start=start,
            pace=Pace(history=history_for(steps)),
            on_best=watch.on_best,
            on_iteration=watch.on_iteration,
        )

    def _can_serve_all(self, job: Job) -> bool:
        """What a plan to start from leaves out may be impossible: then nothing is required."""
        served = {task.shipment.id for trip in self.start for task in trip.tasks}
        return not self.start or all(s.id in served for s in job.shipments if s.skip_ore is None)

    def _passed(self) -> float:
        return time.monotonic() - self.began


def only_turns(job: Job, turns: Iterable[Turn]) -> Job:
    """The job with no other turns, and with the shipments that they can carry."""
    names = {(turn.vehicle.id, turn.shift) for turn in turns}

    def chosen(some: Iterable[Turn]) -> tuple[Turn, ...]:
        return tuple(turn for turn in some if (turn.vehicle.id, turn.shift) in names)

    fits = {name: replace(fit, turns=chosen(fit.turns)) for name, fit in job.fittings.items()}
    possible = tuple(shipment for shipment in job.shipments if fits[shipment.id].turns)
    return replace(job, turns=chosen(job.turns), shipments=possible, fittings=fits)


@dataclass(frozen=True, slots=True)
class Pace:
    """How the search moves: PyVRP's own numbers, unless said otherwise.

    ``history``: plans that the late acceptance remembers. ``penalties``: how dear it is to be late or overfull at
    first, beside ``first_penalties``; they change every ``update_every`` steps.
    """

    history: int = 300
    update_every: int = 500
    penalties: float = 10.0


def history_for(steps: int) -> int:
    """How many plans the late acceptance remembers: in a search of few steps a long memory would not settle anywhere."""
    few, many = HISTORIES
    return min(max(few, steps // TURNOVERS), many)


def stop_at(*, ends: float | None, iterations: int | None) -> Any:
    """PyVRP's stopping criterion: a moment of the monotonic clock, a count of steps, or whichever comes first."""
    count = 0

    def stop(best_cost: int) -> bool:
        nonlocal count
        del best_cost  # PyVRP passes it by position
        count += 1
        return (iterations is not None and count > iterations) or (
            ends is not None and time.monotonic() > ends
        )

    return stop


def improve(
    data: Any,
    *,
    stop: Any,
    seed: int,
    start: Any = None,
    pace: Pace = Pace(),
    on_best: Callable[[Any], None] | None = None,
    on_iteration: Callable[[Any], None] | None = None,
) -> Any:
    """The best solution found; ``on_best`` hears of each better one, ``on_iteration`` of each step's current one."""
    import pyvrp
    from pyvrp import search
    from pyvrp.exceptions import PenaltyBoundWarning
    from pyvrp.IteratedLocalSearch import IteratedLocalSearchCallbacks

    class Callbacks(IteratedLocalSearchCallbacks):
        def on_best(self, best: Any) -> None:
            if on_best is not None:
                on_best(best)

        def on_iteration(self, current: Any, candidate: Any, best: Any, cost_evaluator: Any) -> None:
            del candidate, best, cost_evaluator
            if on_iteration is not None:
                on_iteration(current)

    generator = pyvrp.RandomNumberGenerator(seed=seed)
    # A manager of its own: the one by default is shared by all searches, and remembers them.
    perturbation = search.PerturbationManager(search.PerturbationParams())
    local = search.LocalSearch(data, generator, search.compute_neighbours(data), perturbation)
    for operator in search.OPERATORS:
        if operator.supports(data):
            local.add_operator(operator(data))
    penalties = _penalties(data, pace)
    if start is None:
        random = pyvrp.Solution.make_random(data, generator)
        start = local(random, penalties.max_cost_evaluator(), exhaustive=True)
    parameters = pyvrp.IteratedLocalSearchParams(history_length=pace.history, callbacks=Callbacks())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PenaltyBoundWarning)  # impossible goods are expected here, and mended
        return pyvrp.IteratedLocalSearch(data, penalties, local, start, parameters).run(stop, False).best


def _penalties(data: Any, pace: Pace) -> Any:
    import pyvrp

    loads, late, far = first_penalties(data)
    first = ([pace.penalties * load for load in loads], pace.penalties * late, far)
    parameters = pyvrp.PenaltyParams(
        solutions_between_updates=pace.update_every,
        max_penalty=ROOM_FOR_PENALTIES * max(1.0, *first[0], first[1]),
    )
    return pyvrp.PenaltyManager(first, parameters)


def first_penalties(data: Any) -> tuple[list[float], float, float]:
    """An average leg's price for an average load too much, and for an average leg's time too late.

    PyVRP's own start, half its highest penalty, takes tens of thousands of steps to come down to that. A vehicle's
    fixed price counts as part of a leg, or overfilling one would be cheaper than taking another.
    """
    kind = data.vehicle_type(0)
    metres, seconds = (
        float(np.minimum.reduce(matrices).mean())  # without what is barred to some
        for matrices in (data.distance_matrices(), data.duration_matrices())
    )
    leg = kind.unit_distance_cost * metres + kind.unit_duration_cost * seconds + kind.fixed_cost
    leg = max(leg, 1.0)  # where nothing costs anything, breaking a rule must
    loads = [client.delivery for client in data.clients()] + [s.amount for s in data.shipments()]
    means = [sum(column) / len(loads) for column in zip(*loads, strict=True)]
    return [leg / max(1.0, mean) for mean in means], leg / max(1.0, seconds), 1.0


@dataclass(slots=True)
class _Watch:
    """Hears of the search's plans: reports better ones, keeps some of the others for the pool."""

    model: Model
    report: Reporter | None
    began: float
    iterations: int = 0
    every: int = 1
    reported: float = 0.0
    better: list[Any] = field(default_factory=list)
    current: list[Any] = field(default_factory=list)

    def on_best(self, best: Any) -> None:
        if not best.is_feasible():
            return
        self.better.append(best)
        now = time.monotonic()
        if self.report is not None and now - self.reported > REPORT_EVERY_S:
            self.reported = now
            progress = Progress(now - self.began, self.iterations // ITERATIONS_PER_PLAN, 0)
            self.report(progress, trips_of(self.model, best))

    def on_iteration(self, current: Any) -> None:
        """Every so often the current plan; each time the store is full, half of it goes and the pace halves."""
        self.iterations += 1
        if self.iterations % self.every == 0 and current.is_feasible():
            self.current.append(current)
            if len(self.current) > KEPT_PLANS:
                self.current = self.current[1::2]
                self.every *= 2

    def others(self) -> Iterator[Trip]:
        """Each different route once."""
        seen: set[tuple[int, str]] = set()
        for solution in (*self.better[-KEPT_PLANS:], *self.current):
            for route in solution.routes():
                kind = route.vehicle_type()
                # Its activities in order: comparing them one by one would take far longer.
                key = (kind, str(route))
                if key not in seen:
                    seen.add(key)
                    yield Trip(self.model.types[kind][0], tasks_of(self.model, route))
