"""PyVRP's iterated local search as the engine uses it: one search after another, each as long as it finds something.

Late acceptance compares with the plans of some steps ago (Burke and Bykov 2017): a memory of many plans searches long before it
settles, one of few soon settles on less.
"""

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

ROOM_FOR_PENALTIES = 1000
"""The search may raise its penalties to so many times what they are at first."""
WARMING_UP = 0.1
"""Share of the seconds after which it is seen how many steps the rest of them will be."""
TURNOVERS, HISTORIES = 100, (30, 300)
"""How often the late acceptance's memory is to be filled anew, and how few and how many plans it may remember."""
STILL, WORTH_ANEW = 0.25, 0.25
"""Of all steps: without a better plan a search is over after so many; another one begins anew while more are left."""
FEWEST_STILL = 300
"""Steps; less says nothing."""
LEAST_S = 0.1
"""In less no further search is begun, nor in twice what it took to begin the last."""
SEED_STEP = 15_485_863
"""Between the seeds of two searches of one process."""
NO_PLAN_COSTS = 2**62
"""PyVRP's cost of a plan that breaks a rule is more."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How the search moves: PyVRP's own numbers, unless said otherwise.

    ``history``: plans that the late acceptance remembers. ``penalties``: how dear it is to be late or overfull at
    first, beside ``first_penalties``; they change every ``update_every`` steps.
    """

    history: int = 300
    update_every: int = 500
    penalties: float = 10.0


@dataclass(slots=True)
class Stop:
    """PyVRP's stopping criterion: a moment of the monotonic clock, a count of steps, or so many of them without a better plan.

    A search is not still before it has a plan that breaks no rule: its penalties must rise first.
    """

    ends: float | None = None
    steps: int | None = None
    still: int | None = None
    count: int = 0
    began: float = inf
    _since: int = 0
    _least: float = inf

    def __call__(self, best_cost: float) -> bool:
        now = time.monotonic()
        self.began = min(self.began, now)
        self.count += 1
        if best_cost < self._least or best_cost >= NO_PLAN_COSTS:
            self._least, self._since = best_cost, self.count
        return (
            (self.steps is not None and self.count > self.steps)
            or (self.still is not None and self.count - self._since > self.still)
            or (self.ends is not None and now > self.ends)
        )

    @property
    def done(self) -> int:
        """Steps so far: asked before each."""
        return max(0, self.count - 1)

    def rate(self) -> float:
        """Steps a second, without what it took to begin; 0 before the first."""
        seconds = time.monotonic() - self.began
        return self.done / seconds if seconds > 0 else 0.0


@dataclass(slots=True)
class Searches:
    """One search after another over the same data, within a moment of the monotonic clock, a count of steps, or both.

    ``on_best`` hears of each search's better plans, ``on_iteration`` of each one tried.
    """

    data: Any
    seed: int
    ends: float | None
    most: int | None
    on_best: Callable[[Any], None]
    on_iteration: Callable[[Any], None]
    began: float = 0.0
    done: int = 0
    count: int = 0
    beginning_s: float = 0.0

    def best(self, start: Any = None) -> Any:
        """The best plan of all searches; a search ends when nothing better has come for long.

        The next one begins from nothing while there is much left to do, and else, or where there was a plan to ``start``
        from, from the best so far.
        """
        self.began = time.monotonic()
        price = price_of(self.data)
        best, steps = start, self.most or 0
        if self.ends is not None:
            stop = Stop(ends=self.began + (self.ends - self.began) * WARMING_UP, steps=self.most)
            best = self._improved(best, stop, history=HISTORIES[0])
            measured = self.done + round(stop.rate() * max(0.0, self.ends - time.monotonic()))
            steps = min(self.most or measured, measured)
        first = self.count
        while best is None or self._has_left():
            begins_anew = self.count > first and start is None and self._left() > WORTH_ANEW
            stop = Stop(
                ends=self.ends,
                steps=None if self.most is None else self.most - self.done,
                still=max(FEWEST_STILL, int(STILL * steps)),
            )
            history = history_for(round(steps * self._left()))
            found = self._improved(None if begins_anew else best, stop, history=history)
            best = found if best is None else min(best, found, key=price)
        return best

    def _left(self) -> float:
        """The share that is left of the seconds, or of the steps where that is less."""
        left = 1.0 if self.most is None else 1 - self.done / self.most
        if self.ends is None:
            return left
        return min(left, (self.ends - time.monotonic()) / max(LEAST_S, self.ends - self.began))

    def _has_left(self) -> bool:
        least_s = max(LEAST_S, 2 * self.beginning_s)
        return (self.most is None or self.done < self.most) and (
            self.ends is None or self.ends - time.monotonic() > least_s
        )

    def _improved(self, start: Any, stop: Stop, *, history: int) -> Any:
        began = time.monotonic()
        found = improve(
            self.data,
            stop=stop,
            seed=(self.seed + SEED_STEP * self.count) % 2**31,
            start=start,
            pace=Pace(history=history),
            on_best=self.on_best,
            on_iteration=self.on_iteration,
        )
        self.beginning_s = stop.began - began
        self.done += stop.done
        self.count += 1
        return found


def history_for(steps: int) -> int:
    """How many plans the late acceptance remembers: in a search of few steps a long memory would not settle anywhere."""
    few, many = HISTORIES
    return min(max(few, steps // TURNOVERS), many)


def price_of(data: Any) -> Callable[[Any], int]:
    """What a plan costs; more than NO_PLAN_COSTS where it breaks a rule."""
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
