"""Ruin and recreate as an engine (Christiaens and Vanden Berghe 2020): fast, and strongest where goods are collected on the way.

The steps are compiled (ruin_steps.py) and run a handful of milliseconds at a time; between these the clock is read, the annealing
gets colder and better plans are told. Annealing goes from a share of what a task of the plan costs on average down to a small one.

To save vehicles (``fewer``) one row after another is given up: its shipments are left out, and steps go on until nothing is.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from routing.engines.ortools_engine import could_need_break, job_of
from routing.engines.ortools_model import Job
from routing.engines.protocol import Found, Limit, Progress, Reporter
from routing.engines.pyvrp_engine import only_turns
from routing.engines.ruin_ground import is_from_depot, terrain_of
from routing.engines.ruin_ready import DEPOT_STEPS, STEPS
from routing.feasible import route_of
from routing.problem import Problem
from routing.trips import Places, Trip

if TYPE_CHECKING:
    from routing.engines.ruin_state import State

STEPS_PER_ITERATION = 100
"""Steps are small: so many count as one iteration of a Limit."""
SLICE_S, SHORT_SLICE_S = 0.04, 0.0025
"""Between two looks at the clock, and two plans that may be taken apart; the short ones where many are."""
MOST_PER_SLICE = 20_000
REPORT_EVERY_S = 0.3
KEPT_PLANS, MANY_ROWS = 400, 30_000
"""Of the plans met on the way, at most so many are taken apart into routes for the pool; or so many that these are no more than that."""


class Cooling(NamedTuple):
    """The temperature at first and at last, as shares of what a task costs on average; steps per shipment: with more there are several annealings."""

    warm: float
    cold: float
    steps: int


ON_THE_WAY = Cooling(1.0, 0.04, 4_000)
FAR_OFF = Cooling(4.0, 0.04, 4_000)
"""After saving vehicles: such a plan is far from a good one."""
FROM_DEPOT = Cooling(0.2, 0.02, 40_000)
"""Where steps are so much quicker."""
MEASURED = 0.02
"""The share of the time after which one knows how many steps there will be."""
REDUCING = 0.35
"""Of the time, how much may go into fewer vehicles when that is asked for."""
WITHOUT_RESTS = 0.5
"""The share of the time after which a search without rests is given up, when its best plan has no room for those that it needs."""
PATIENCE = 2_000
"""Steps for the first attempt to give a row up, where turns differ so that another may be easier."""


@dataclass(frozen=True, slots=True)
class Ruin:
    """Improves ``start``, or a plan made from nothing. ``same_turns``: only the turns of ``start``, whose fixed prices are beside the point.

    ``fewer``: with as few of the turns of ``start`` as can be found, for no more than the share ``reducing`` of the time.
    ``tells_many``: up to MANY_ROWS routes on the way are told, of a plan each SHORT_SLICE_S where seconds count.
    """

    start: tuple[Trip, ...] = ()
    same_turns: bool = False
    fewer: bool = False
    reducing: float = REDUCING
    tells_many: bool = False
    name: str = "ruin"

    def search(self, problem: Problem, *, limit: Limit, seed: int, report: Reporter | None) -> Found:
        """The best plan, and routes of plans on the way; ``start`` where there is no time to compile the steps."""
        began = time.monotonic()
        job = job_of(problem)
        if self.same_turns or self.fewer:
            job = only_turns(job, [trip.turn for trip in self.start])
        if self.fewer:
            job = _only_served(job, self.start)
        ends = None if limit.seconds is None else began + limit.seconds
        steps = DEPOT_STEPS if self._is_from_depot(job) else STEPS
        if not job.shipments or not steps.wait_until_ready(ends):
            return Found(self.start)
        may_rest = any(could_need_break(turn) for turn in job.turns)
        task = _Task(limit, seed, report, began)
        run = self._run(job, task)
        run.go(
            until=WITHOUT_RESTS if may_rest and self.fewer else 1.0, places=job.places if may_rest else None
        )
        trips, others = run.trips(), run.others()
        if run.passed() < 1:
            is_sound = _can_be_driven(trips, job.places)
            again = replace(self, start=trips if is_sound else self.start)
            job = replace(job, stretched=not is_sound)
            run = again._run(job, task, steps=run.steps)  # noqa: SLF001 - own class
            run.go(until=1.0)
            trips, others = run.trips(), (*others, *trips, *run.others())
        return Found(trips, others)

    def _run(self, job: Job, task: "_Task", *, steps: int = 0) -> "_Run":
        terrain = terrain_of(job, fixed=not (self.same_turns or self.fewer), must=self.fewer)
        size = len(job.shipments)
        if self._is_from_depot(job):
            from routing.engines.depot_state import State as DepotState  # needs the compiler

            state = DepotState(terrain, self.start, task.seed)
            run = _Run(state, task, FROM_DEPOT, size=size, steps=steps)
        else:
            from routing.engines.ruin_state import State

            anywhere = State(terrain, self.start, task.seed)
            run = _Run(anywhere, task, FAR_OFF if self.fewer else ON_THE_WAY, size=size, steps=steps)
            if self.fewer:
                run.reduced, run.reducing = anywhere, self.reducing
        if self.tells_many:
            run.slice_s, run.met.most_rows = SHORT_SLICE_S, MANY_ROWS
        return run

    def _is_from_depot(self, job: Job) -> bool:
        return not self.fewer and is_from_depot(job)


def _can_be_driven(trips: tuple[Trip, ...], places: Places) -> bool:
    return all(route_of(trip, places=places) for trip in trips)


def _only_served(job: Job, trips: tuple[Trip, ...]) -> Job:
    served = {task.shipment.id for trip in trips for task in trip.tasks}
    return replace(job, shipments=tuple(shipment for shipment in job.shipments if shipment.id in served))


@dataclass(frozen=True, slots=True)
class _Task:
    """What the engine was asked for, and when."""

    limit: Limit
    seed: int
    report: Reporter | None
    began: float


class Searched(Protocol):
    """The state of a search, whose compiled steps are its own."""

    @property
    def task_ore(self) -> float: ...

    def begin(self) -> None: ...

    def search(self, steps: int, *, temperature: float) -> bool: ...

    def rows(self, *, best: bool = False) -> "tuple[Row, ...]": ...

    def trips(self, rows: "Iterable[Row]") -> tuple[Trip, ...]: ...


class _Run:
    """One search under one limit; ``reduced``: the state where vehicles are to be saved first, for a share ``reducing`` of the time."""

    def __init__(self, state: Searched, task: _Task, cooling: Cooling, *, size: int, steps: int) -> None:
        self.state = state
        self.cooling = cooling
        self.limit = task.limit
        self.report = task.report
        self.began = task.began
        self.size = size
        self.reduced: State | None = None
        self.reducing = 0.0
        self.steps = steps
        self.per_slice = STEPS_PER_ITERATION
        self.reported = 0.0
        self.has_news = False
        self.slice_s = SLICE_S
        self.met = _Met()

    def passed(self) -> float:
        """The share of the seconds or iterations that is used up."""
        shares = [0.0]
        if self.limit.seconds is not None:
            shares.append((time.monotonic() - self.began) / self.limit.seconds)
        if self.limit.iterations is not None:
            shares.append(self.steps / (self.limit.iterations * STEPS_PER_ITERATION))
        return max(shares)

    def go(self, *, until: float, places: Places | None = None) -> None:
        """Search until this share of the time has passed; with ``places`` no further than to where rests turn out to be needed."""
        if self.reduced is not None:
            first = self.passed()
            self._reduce(self.reduced, until=first + self.reducing * (until - first))
        self._anneal(until=until, places=places)

    def _anneal(self, *, until: float, places: Places | None) -> None:
        """From warm to cold in the time that is left; where there is much of it, again and again."""
        self.state.begin()
        first, before = self.passed(), self.steps
        self._anneal_at(0.0)  # so that there is a plan to take the measure of
        scale, (warm, cold, most) = self.state.task_ore, self.cooling
        times = 0
        while (passed := self.passed()) < until:
            share = (passed - first) / (until - first)
            if not times and share > MEASURED:
                times = max(1, round((self.steps - before) / share / (self.size * most)))
            if places is not None and passed > WITHOUT_RESTS:
                if not _can_be_driven(self.trips(), places):
                    return
                places = None
            share = share * max(1, times) % 1
            self._anneal_at(scale * warm * (cold / warm) ** share)
            if self.met.wants_next():
                self.met.add(self.state.rows())

    def _reduce(self, state: "State", *, until: float) -> None:
        """Give up one row after another until this share of the time has passed."""
        attempts = 0
        while state.used > 1 and self.passed() < until:
            state.give_up(attempts)
            patience = PATIENCE * (attempts + 1) if state.differs else None
            first = self.steps
            while state.lacks and self.passed() < until:
                self._slice(lambda steps: state.search(steps, temperature=state.task_ore, fewer=True))
                if patience is not None and self.steps - first > patience:
                    break
            attempts = attempts + 1 if state.lacks else 0
            if state.lacks:
                state.restore()

    def trips(self) -> tuple[Trip, ...]:
        return self.state.trips(self.state.rows(best=True))

    def others(self) -> tuple[Trip, ...]:
        """Routes of the plans on the way."""
        return self.state.trips(self.met.rows)

    def _anneal_at(self, temperature: float) -> None:
        self._slice(lambda steps: self.state.search(steps, temperature=temperature))

    def _slice(self, search: Callable[[int], bool]) -> None:
        """Some steps, as many as take a moment; then tell of a better plan."""
        started = time.monotonic()
        self.has_news |= search(self.per_slice)
        self.steps += self.per_slice
        now = time.monotonic()
        if self.limit.seconds is not None:
            wanted = self.per_slice * self.slice_s / max(1e-4, now - started)
            self.per_slice = int(min(MOST_PER_SLICE, max(1, wanted, self.per_slice / 2)))
        if self.has_news and self.report is not None and now - self.reported > REPORT_EVERY_S:
            self.reported, self.has_news = now, False
            self.report(Progress(now - self.began, self.steps // STEPS_PER_ITERATION, 0), self.trips())


Row = tuple[int, tuple[int, ...]]


@dataclass(slots=True)
class _Met:
    """Some of the plans met on the way: each time the store is full, half of it goes and the pace halves."""

    most_rows: int | None = None
    """None: no more than KEPT_PLANS, whatever their rows."""
    every: int = 1
    seen: int = 0
    size: int = 0
    plans: list[tuple[Row, ...]] = field(default_factory=list)

    def wants_next(self) -> bool:
        """Whether the plan met now is to be added."""
        self.seen += 1
        return self.seen % self.every == 0

    def add(self, rows: tuple[Row, ...]) -> None:
        self.plans.append(rows)
        self.size += len(rows)
        while self._is_full() and len(self.plans) > 1:
            self.plans = self.plans[1::2]
            self.size = sum(len(plan) for plan in self.plans)
            self.every *= 2

    def _is_full(self) -> bool:
        return len(self.plans) > KEPT_PLANS if self.most_rows is None else self.size > self.most_rows

    @property
    def rows(self) -> tuple[Row, ...]:
        """Each different row once."""
        return tuple(dict.fromkeys(row for plan in self.plans for row in plan))
