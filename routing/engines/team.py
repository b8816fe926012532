"""Several searches over one problem: rounds of them side by side, the best plan so far, every route met.

Between rounds the answers are taken in the order in which the searches were named, never in that in which they came
in, so that a run under an iteration limit is repeatable. While a round runs, better plans are only listened to: for
the progress, and to have something when the run is cancelled.
"""

import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Protocol

from routing.engines.balance_moves import Scale
from routing.engines.balancer import balanced
from routing.engines.decompose import PartEngine, joined
from routing.engines.estimate import Order
from routing.engines.judge import Judge
from routing.engines.ortools_engine import job_of
from routing.engines.ortools_nodes import Job
from routing.engines.protocol import Engine, Found, Limit, Progress
from routing.engines.repair import mended
from routing.engines.worker import Assignment, Crew, WorkerFailed, search_apart
from routing.problem import Problem
from routing.ranking import Rank
from routing.trips import Trip, begun_trips, turns_of
from routing.weighing import own_trips

BALANCING_SHARE = 0.06
"""Of the seconds, for each plan whose balance is looked at."""
LEAST_SECONDS = 0.2
"""A search that would have less is not begun."""
WORTH_PROCESSES_S = 3.0
"""A shorter run has no time for processes to start."""
NEAR, PAUSE_S = 0.6, 0.1
"""Of a plan's cost: a proof of less is left to go on beside the search. So long a rest is, before it is looked at again."""
CALLED_AFTER = 0.5
"""Of a round's seconds: then the next one's processes start, which takes about a second of them."""
SEED_STEP = 101
"""Between the seeds of two searches of one run."""


class Beside(Protocol):
    """Who proves beside the search how good a plan can be; on the way ``trips`` came up that are a plan, and ``orders`` of single routes."""

    is_at_work: bool
    orders: tuple[Order, ...]

    def trips(self, problem: Problem) -> tuple[Trip, ...]: ...

    def proves(self, price: Rank, share: float = 1.0) -> bool:
        """Whether no plan is better than one of this rank, or none costs less than such a ``share`` of it."""


class Team:
    """Runs engines in rounds and keeps what they find.

    ``processes``: how many run at once. Where nobody listens and iterations are counted or seconds are few, all run
    here one after another: that is quicker than starting processes.
    """

    def __init__(
        self,
        problem: Problem,
        *,
        limit: Limit,
        seed: int,
        processes: int,
        progress: Callable[[Progress], bool] | None,
        prover: Beside | None = None,
    ) -> None:
        """What the ``prover`` meets counts as found here."""
        self.prover = prover
        self._last_ideas: tuple[Trip, ...] = ()
        self._taken = self._rested_for = 0
        self.began = time.monotonic()
        self.problem = problem
        self.limit = limit
        self.seed = seed
        self.processes = processes
        self.progress = progress
        self.crew = Crew(processes)
        self._meanwhile: list[Callable[[], None]] = []
        self.judge = Judge(problem)
        self.scale = Scale(self.judge.estimator)
        self.best: tuple[Trip, ...] = begun_trips(turns_of(problem), self.judge.estimator.places)
        self.price: Rank = self.judge.price(self.best)
        self.orders: dict[Order, None] = {}
        self.stopped = False
        self.iterations = 0
        self._searches = 0
        self._heard: tuple[Rank, tuple[Trip, ...]] = (self.price, self.best)

    @property
    def counts_vehicles(self) -> bool:
        """Whether the best plan serves all that it must, and fewer vehicles would be worth longer ways."""
        *missing, cost_ore = self.price
        return not any(missing) and _is_dear(self.problem, cost_ore=cost_ore, routes=len(self.best))

    def begin_with(self, trips: tuple[Trip, ...]) -> None:
        """Trips known from elsewhere, such as the best plan of a problem that differs a little."""
        if trips:
            self._learn(Found(own_trips(self.problem, trips)))

    @cached_property
    def job(self) -> Job:
        """What the engines are given."""
        return job_of(self.problem, places=self.judge.estimator.places)

    @property
    def is_apart(self) -> bool:
        """Whether searches run in processes of their own."""
        return self.progress is not None or not (self.limit.iterations is not None or self._is_short())

    def look_around(self) -> None:
        """Trips that have come up elsewhere count as found here."""
        if self.prover is None:
            return
        met = self.prover.orders
        self.orders.update(dict.fromkeys(met[self._taken :]))
        self._taken = len(met)
        ideas = self.prover.trips(self.problem)
        if ideas != self._last_ideas:
            self._last_ideas = ideas
            self.begin_with(ideas)

    def rest(self, *, until: float) -> bool:
        """Leave the machine to a proof that is near enough to be of use, until this share of the seconds has passed.

        Or until routes have come up there that no rest has ended for: whether that was so.
        """
        while self._goes_on(0):
            seconds = self._seconds_until(until)
            if seconds is None or seconds <= 0:
                break
            if self._taken > self._rested_for:
                self._rested_for = self._taken
                return True
            if self.prover is None or not self.prover.is_at_work or not self.is_near:
                break
            time.sleep(min(PAUSE_S, seconds))
        return False

    @property
    def has_met(self) -> bool:
        """Whether routes have come up elsewhere."""
        return self._taken > 0

    @property
    def is_near(self) -> bool:
        """Whether something near the best plan is proven."""
        return self.prover is not None and self.prover.proves(self.price, NEAR)

    @property
    def passed(self) -> float:
        """The share of the seconds that has passed."""
        return 0.0 if self.limit.seconds is None else (time.monotonic() - self.began) / self.limit.seconds

    def first(self, engine: Engine, *, seconds: float, meanwhile: bool = False) -> None:
        """A quick plan, made here: starting a process would take longer. ``meanwhile``: while the next round's searches begin."""
        if meanwhile and self.is_apart:
            self._meanwhile.append(partial(self.first, engine, seconds=seconds))
        elif self._goes_on(0):
            limit = self._within(seconds)
            self._take([engine], [engine.search(self.problem, limit=limit, seed=self.seed, report=None)])
            self._goes_on(0)

    def round(self, engines: Sequence[Engine], *, until: float) -> None:
        """Run the engines, ``processes`` at a time, until this share of the seconds has passed."""
        waves = [engines[n : n + self.processes] for n in range(0, len(engines), self.processes)]
        for number, wave in enumerate(waves):
            if self.stopped:
                return
            seconds = self._seconds_until(until)
            limit = self.limit
            if seconds is not None:
                seconds /= len(waves) - number
                if seconds < LEAST_SECONDS:
                    return
                limit = replace(limit, seconds=seconds)
            assignments = [Assignment(engine, limit, self._next_seed()) for engine in wave]
            calls_at = None if seconds is None or until >= 1 else time.monotonic() + CALLED_AFTER * seconds
            self._take(wave, self._run(assignments, calls_at=calls_at))

    def _run(self, assignments: list[Assignment], *, calls_at: float | None) -> Sequence[Found]:
        if not self.is_apart:
            return [
                a.engine.search(
                    self.problem, limit=_part(a.limit, len(assignments)), seed=a.seed, report=None
                )
                for a in assignments
            ]
        try:
            return search_apart(
                assignments,
                self.problem,
                heard=self._listen,
                go_on=self._goes_on,
                crew=self.crew,
                calls_at=calls_at,
                meanwhile=self.do_meanwhile,
            )
        except WorkerFailed as failure:
            if not self.best:
                raise
            warnings.warn(str(failure), RuntimeWarning, stacklevel=2)
            return ()

    def do_meanwhile(self) -> None:
        """What was put off until searches have begun, or now where none will."""
        while self._meanwhile:
            self._meanwhile.pop()()

    def _is_short(self) -> bool:
        return self.limit.seconds is not None and self.limit.seconds < WORTH_PROCESSES_S

    def _take(self, engines: Sequence[Engine], answers: Sequence[Found]) -> None:
        """Keep the routes of each answer, and its plan when it is better; what parts of a plan gain adds up."""
        for engine, answer in zip(engines, answers, strict=False):
            if isinstance(engine, PartEngine):
                plan = self.judge.sound(joined(self.best, answer.trips, engine.part))
                self.orders.update(dict.fromkeys(self.judge.estimator.order_of(trip) for trip in plan))
                self._keep(plan)
            else:
                self._learn(answer)
        if self.stopped and self._heard[0] < self.price:
            self.price, self.best = self._heard

    def _balanced(self, plan: tuple[Trip, ...]) -> tuple[Trip, ...]:
        """The plan with what it costs as a whole looked at, where that costs anything; its old routes count too."""
        if not self.judge.has_balance or self.stopped:
            return plan
        for trip in plan:
            self.orders.setdefault(self.judge.estimator.order_of(trip))
        ends = None
        if self.limit.seconds is not None:
            ends = time.monotonic() + BALANCING_SHARE * self.limit.seconds
        self.scale.begin(ends=ends)
        return balanced(plan, self.judge, scale=self.scale)

    def _learn(self, answer: Found) -> None:
        plan = self._balanced(mended(answer.trips, self.judge))
        for trip in (*plan, *answer.trips, *answer.others):
            self.orders.setdefault(self.judge.estimator.order_of(trip))
        self._keep(plan)

    def _keep(self, plan: tuple[Trip, ...]) -> None:
        price = self.judge.price(plan)
        if price < self.price:
            self.price, self.best = price, plan
        if price < self._heard[0]:
            self._heard = (price, plan)

    def _listen(self, trips: tuple[Trip, ...]) -> None:
        plan = self.judge.sound(trips)
        price = self.judge.price(plan)
        if price < self._heard[0]:
            self._heard = (price, plan)

    def _goes_on(self, iterations: int) -> bool:
        """Tell how it stands; False, now and ever after, when the listener has had enough or the best plan is proven to be it."""
        self.iterations = max(self.iterations, iterations)
        self.look_around()
        if self.progress is not None and not self.stopped:
            seconds = time.monotonic() - self.began
            known = self._heard[1] != ()
            cost = float(self._heard[0][-1]) if known else float("inf")
            self.stopped = not self.progress(Progress(seconds, max(self.iterations, int(known)), cost))
        if self.prover and self.prover.proves(self._heard[0]):
            self.stopped = True
        return not self.stopped

    def _next_seed(self) -> int:
        self._searches += 1
        return (self.seed + SEED_STEP * (self._searches - 1)) % 2**31

    def _seconds_until(self, share: float) -> float | None:
        if self.limit.seconds is None:
            return None
        return self.limit.seconds * share - (time.monotonic() - self.began)

    def _within(self, seconds: float) -> Limit:
        """The run's limit, or these seconds where that is less; iterations alone bring no clock in."""
        if self.limit.seconds is None:
            return self.limit
        return replace(self.limit, seconds=min(seconds, self.limit.seconds))


def _part(limit: Limit, searches: int) -> Limit:
    """Searches one after another share the seconds."""
    return limit if limit.seconds is None else replace(limit, seconds=limit.seconds / searches)


def _is_dear(problem: Problem, *, cost_ore: int, routes: int) -> bool:
    """Whether one vehicle less saves more than all the plan's driving and hours cost."""
    fixed = min((vehicle.fixed_ore_per_shift for vehicle in problem.vehicles), default=0)
    return routes > 1 and fixed > cost_ore - fixed * routes
