"""The PyVRP engine: iterated local search that crosses infeasible plans at a price.

The strongest on windows and loads from one depot. Problems with rests are searched without them first: most regional
routes need none. When the shared schedule refuses a route of the answer, a second search has stretched
driving times, which leave room for every rest (see ortools_model.Job).
"""

import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from math import inf
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
KEPT_ROUTES = 20_000
"""Of the routes met on the way, at most so many of the last are told, for the pool."""
ROOM_FOR_PENALTIES = 1000
"""The search may raise its penalties to so many times what they are at first."""
WARMING_UP = 0.1
"""Share of the seconds after which it is seen how many steps the rest of them will be."""
STILL, WORTH_ANEW = 0.25, 0.25
"""Of all steps: without a better plan a search is over after so many; another one begins anew if more are left."""
LEAST_S = 0.1
"""In less no further search is begun."""
SEED_STEP = 15_485_863
"""Between the seeds of two searches of one process."""
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
        ends = None if self.limit.seconds is None else self.began + self.limit.seconds * share
        return Found(
            trips_of(model, self._best(watch, start, ends=ends)),
            tuple(watch.others()) if self.tells_many else (),
        )

    def _best(self, watch: "_Watch", start: Any, *, ends: float | None) -> Any:
        """What the searches find that there is time for: each ends when nothing better has come for long.

        The next one begins anew while there is much left to do, and else, or where there was a plan to ``start`` from,
        from the best so far.
        """
        count, best = 0, start
        if self.limit.iterations is not None:
            steps = self.limit.iterations * ITERATIONS_PER_PLAN
        else:
            assert ends is not None
            now = time.monotonic()
            stop = stop_at(ends=now + (ends - now) * WARMING_UP)
            best = self._improved(watch, best, stop, history=HISTORIES[0])
            steps = round(watch.iterations / WARMING_UP)
        while best is None or self._has_left(watch, ends):
            left = steps - watch.iterations
            begins_anew = count > 0 and start is None and left > WORTH_ANEW * steps
            stop = stop_at(
                ends=ends,
                iterations=None if self.limit.iterations is None else left,
                still=max(HISTORIES[0], int(STILL * steps)),
            )
            found = self._improved(
                watch, None if begins_anew else best, stop, history=history_for(left), count=count
            )
            best = found if best is None else min(best, found, key=_price(watch.model.data))
            count += 1
        return best

    def _has_left(self, watch: "_Watch", ends: float | None) -> bool:
        most = self.limit.iterations
        return (most is None or watch.iterations < most * ITERATIONS_PER_PLAN) and (
            ends is None or ends - time.monotonic() > LEAST_S
        )

    def _improved(self, watch: "_Watch", start: Any, stop: Any, *, history: int, count: int = 0) -> Any:
        return improve(
            watch.model.data,
            stop=stop,
            seed=(self.seed + SEED_STEP * count) % 2**31,
            start=start,
            pace=Pace(history=history),
            on_best=watch.on_best,
            on_iteration=watch.on_iteration,
        )

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


def stop_at(*, ends: float | None = None, iterations: int | None = None, still: int | None = None) -> Any:
    """PyVRP's stopping criterion: a moment of the monotonic clock, a count of steps, so many without a better plan; whichever comes first."""
    count = since = 0
    least = inf

    def stop(best_cost: float) -> bool:
        nonlocal count, since, least
        count += 1
        if best_cost < least:
            least, since = best_cost, count
        return (
            (iterations is not None and count > iterations)
            or (still is not None and count - since > still)
            or (ends is not None and time.monotonic() > ends)
        )

    return stop


def _price(data: Any) -> Callable[[Any], int]:
    """What a plan costs; no price where it breaks a rule, which is dearer than any."""
    import pyvrp

    cost: Callable[[Any], int] = pyvrp.CostEvaluator([0.0] * data.num_load_dimensions, 0.0, 0.0).cost
    return cost


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
    """The best solution found; ``on_best`` hears of each better one, ``on_iteration`` of each one tried."""
    import pyvrp
    from pyvrp import search
    from pyvrp.exceptions import PenaltyBoundWarning
    from pyvrp.IteratedLocalSearch import IteratedLocalSearchCallbacks

    class Callbacks(IteratedLocalSearchCallbacks):
        def on_best(self, best: Any) -> None:
            if on_best is not None:
                on_best(best)

        def on_iteration(self, current: Any, candidate: Any, best: Any, cost_evaluator: Any) -> None:
            del current, best, cost_evaluator
            if on_iteration is not None:
                on_iteration(candidate)

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
    """Hears of the search's plans: reports better ones, keeps the routes of all that it tries, for the pool.

    A plan that breaks a rule has routes that break none.
    """

    model: Model
    report: Reporter | None
    began: float
    iterations: int = 0
    reported: float = 0.0
    routes: dict[tuple[int, str], Any] = field(default_factory=dict)

    def on_best(self, best: Any) -> None:
        now = time.monotonic()
        if self.report is not None and now - self.reported > REPORT_EVERY_S and best.is_feasible():
            self.reported = now
            progress = Progress(now - self.began, self.iterations // ITERATIONS_PER_PLAN, 0)
            self.report(progress, trips_of(self.model, best))

    def on_iteration(self, tried: Any) -> None:
        self.iterations += 1
        for route in tried.routes():
            # Its activities in order: comparing them one by one would take far longer.
            key = (route.vehicle_type(), str(route))
            if key not in self.routes and route.is_feasible():
                self.routes[key] = route
        if len(self.routes) > 2 * KEPT_ROUTES:
            self.routes = dict(islice(self.routes.items(), KEPT_ROUTES, None))

    def others(self) -> Iterator[Trip]:
        """Each different route once, the last first."""
        for (kind, _), route in islice(reversed(self.routes.items()), KEPT_ROUTES):
            yield Trip(self.model.types[kind][0], tasks_of(self.model, route))
