"""One search under one limit: slices of steps from warm to cold, and what is told on the way.

Between two slices the clock is read, the annealing gets colder and better plans are told. Annealing goes from a share of what a task of the
plan costs on average down to a small one.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from routing.engines.protocol import Limit, Progress, Reporter
from routing.feasible import route_of
from routing.trips import Places, Trip

Row = tuple[int, tuple[int, ...]]
"""The number of a turn, and its tasks as nodes."""
STEPS_PER_ITERATION = 100
"""Steps are small: so many count as one iteration of a Limit."""
SLICE_S, SHORT_SLICE_S = 0.04, 0.0025
"""Between two looks at the clock, and two plans that may be taken apart; the short ones where many are."""
MOST_PER_SLICE = 20_000
REPORT_EVERY_S = 0.3
KEPT_PLANS, MANY_ROWS = 400, 30_000
"""Of the plans met on the way, at most so many are taken apart into routes for the pool; or so many that these are no more than that."""
WITHOUT_RESTS = 0.5
"""The share of the time after which a search without rests is given up, when its best plan has no room for those that it needs."""
MEASURED = 0.02
"""The share of the time after which one knows how many steps there will be."""


class Cooling(NamedTuple):
    """The temperature at first and at last, as shares of what a task costs on average; steps per shipment: with more there are several annealings."""

    warm: float
    cold: float
    steps: int


@dataclass(frozen=True, slots=True)
class Task:
    """What the engine was asked for, and when."""

    limit: Limit
    seed: int
    report: Reporter | None
    began: float


class Searched(Protocol):
    """The state of a search, whose compiled steps are its own."""

    @property
    def task_ore(self) -> float: ...

    made: int

    def begin(self) -> None: ...

    def search(self, steps: int, *, temperature: float) -> bool: ...

    def rows(self, *, best: bool = False) -> tuple[Row, ...]: ...

    def trips(self, rows: Iterable[Row]) -> tuple[Trip, ...]: ...


class Run:
    """One search under one limit."""

    def __init__(self, state: Searched, task: Task, cooling: Cooling, *, size: int, steps: int) -> None:
        self.state = state
        self.cooling = cooling
        self.limit = task.limit
        self.report = task.report
        self.began = task.began
        self.size = size
        self.steps = steps
        self.per_slice = STEPS_PER_ITERATION
        self.reported = 0.0
        self.has_news = False
        self.slice_s = SLICE_S
        self.most_per_slice = MOST_PER_SLICE
        self.scale = 0.0  # öre that temperatures are shares of; 0: not measured yet
        self.met = Met()

    def passed(self) -> float:
        """The share of the seconds or iterations that is used up."""
        shares = [0.0]
        if self.limit.seconds is not None:
            shares.append((time.monotonic() - self.began) / self.limit.seconds)
        if self.limit.iterations is not None:
            shares.append(self.steps / (self.limit.iterations * STEPS_PER_ITERATION))
        return max(shares)

    def go(self, *, until: float, places: Places | None = None) -> None:
        """From warm to cold until this share of the time has passed; where there is much of it, again and again.

        With ``places`` no further than to where rests turn out to be needed.
        """
        self.state.begin()
        first, before = self.passed(), self.steps
        if not self.scale:
            self.anneal_at(0.0)  # so that there is a plan to take the measure of
            self.scale = self.state.task_ore
        warm, cold, most = self.cooling
        times = 0
        while (passed := self.passed()) < until:
            share = (passed - first) / (until - first)
            if not times and share > MEASURED:
                times = max(1, round((self.steps - before) / share / (self.size * most)))
            if places is not None and passed > WITHOUT_RESTS:
                if not can_be_driven(self.trips(), places):
                    return
                places = None
            share = share * max(1, times) % 1
            self.anneal_at(self.scale * warm * (cold / warm) ** share)
            if self.met.wants_next():
                self.met.add(self.state.rows())

    def trips(self) -> tuple[Trip, ...]:
        return self.state.trips(self.state.rows(best=True))

    def others(self) -> tuple[Trip, ...]:
        """Routes of the plans on the way."""
        return self.state.trips(self.met.rows)

    def anneal_at(self, temperature: float) -> None:
        self.slice(lambda steps: self.state.search(steps, temperature=temperature))

    def slice(self, search: Callable[[int], bool]) -> None:
        """Some steps, as many as take a moment; then tell of a better plan."""
        started = time.monotonic()
        self.has_news |= search(self.per_slice)
        self.steps += max(1, self.state.made)
        now = time.monotonic()
        if self.limit.seconds is not None:
            wanted = self.state.made * self.slice_s / max(1e-4, now - started)
            self.per_slice = int(min(self.most_per_slice, max(1, wanted, self.per_slice / 2)))
        if self.has_news and self.report is not None and now - self.reported > REPORT_EVERY_S:
            self.reported, self.has_news = now, False
            self.report(Progress(now - self.began, self.steps // STEPS_PER_ITERATION, 0), self.trips())


@dataclass(slots=True)
class Met:
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


def can_be_driven(trips: tuple[Trip, ...], places: Places) -> bool:
    return all(route_of(trip, places=places) for trip in trips)
