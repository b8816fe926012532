"""Fewer vehicles: where a vehicle costs more than any way saves, its number is a search of its own.

From a plan with k routes, k - 1 are tried, and so on. One attempt gives up one turn. Every other attempt is guided
ejection (see ejection.py), where turns are alike. In the others VROOM, which serves as much as it can with what
is left, or the plan itself without a route, or nothing, is where PyVRP starts; it puts what is missing into routes that are
too late or too full at first, and moves work about until all fits or its steps are used up. Attempts
differ in seed, start, and how dear lateness is at first (compare Nagata and others 2010, "penalty-based").
"""

import time
from dataclasses import dataclass, replace
from itertools import count

from routing.engines.ejection import emptied
from routing.engines.estimate import classes_of
from routing.engines.ortools_engine import job_of
from routing.engines.ortools_model import Job
from routing.engines.protocol import Found, Limit, Progress, Reporter
from routing.engines.pyvrp_engine import Pace, improve, only_turns, stop_at
from routing.engines.pyvrp_model import build, solution_of, trips_of
from routing.engines.vroom_engine import QUICK, THOROUGH, served_most
from routing.feasible import route_of
from routing.problem import Problem
from routing.trips import Trip, Turn

FROM_VROOM, FROM_PLAN, FROM_NOTHING = "vroom", "plan", "nothing"
STARTS = (FROM_VROOM, FROM_PLAN, FROM_NOTHING)
FACTORS = (100.0, 10.0, 1.0, 10.0)
"""First penalties of the attempts in turn; their number shares no divisor with that of the starts."""
EJECTIONS, COUNTED_EJECTIONS = 1_500, 50
"""Steps of the first guided ejection, likewise."""
STEPS, COUNTED_STEPS = 400, 100
"""Steps of the first attempt, with a clock and under a limit of iterations; later ones get a quarter more each."""
VROOM_SHARE = 0.25
PACE = Pace(history=100, update_every=50)


@dataclass(frozen=True, slots=True)
class Fleet:
    """Reduces the routes of ``start``, which must serve all that is mandatory."""

    start: tuple[Trip, ...]
    name: str = "fleet"

    def search(self, problem: Problem, *, limit: Limit, seed: int, report: Reporter | None) -> Found:
        """The plan with the fewest routes found. Under a limit of iterations each makes one attempt."""
        began = time.monotonic()
        ends = None if limit.seconds is None else began + limit.seconds
        reduction = _Reduction(job_of(problem), self.start, seed, ends)
        attempts = count() if limit.iterations is None else range(limit.iterations)
        for number in attempts:
            if reduction.is_over():
                break
            if reduction.attempt(number) and report is not None:
                report(Progress(time.monotonic() - began, number + 1, 0), reduction.best)
        return Found(reduction.best)


def is_worth(problem: Problem, *, cost_ore: int, routes: int) -> bool:
    """Whether one vehicle less saves more than all the plan's driving and hours cost."""
    fixed = min((vehicle.fixed_ore_per_shift for vehicle in problem.vehicles), default=0)
    return routes > 1 and fixed > cost_ore - fixed * routes


class _Reduction:
    """The best plan so far, and attempts at one with a route less."""

    def __init__(self, job: Job, start: tuple[Trip, ...], seed: int, ends: float | None) -> None:
        self.job = job
        self.best = start
        self.seed = seed
        self.ends = ends
        self.served = {task.shipment.id for trip in start for task in trip.tasks}
        self.tried = 0

    def is_over(self) -> bool:
        return len(self.best) < 2 or (self.ends is not None and time.monotonic() >= self.ends)

    def attempt(self, number: int) -> bool:
        """Whether there is now a plan with fewer routes."""
        found = self._found(number)
        if found is None or not self._serves(found):
            self.tried += 1
            return False
        self.best, self.tried = found, 0
        return True

    def _classes(self) -> tuple[tuple[Turn, ...], ...]:
        return classes_of((trip.turn for trip in self.best), self.job.places)

    def _found(self, number: int) -> tuple[Trip, ...] | None:
        """The plan of one attempt, which may serve too little; the smallest routes are given up first."""
        ejects = self.tried % 2 == 0 and len(self._classes()) == 1
        order = sorted(self.best, key=lambda trip: len(trip.tasks))
        given_up = order[(self.tried // 2) % len(order)]
        rest = tuple(trip for trip in self.best if trip is not given_up)
        if ejects:
            steps = self._growing(COUNTED_EJECTIONS if self.ends is None else EJECTIONS)
            return emptied(self.job, rest, given_up, seed=self.seed + number, ends=self.ends, steps=steps)
        job = only_turns(self.job, [trip.turn for trip in rest])
        start = self._start(job, rest)
        return start if self._serves(start) else self._squeezed(job, start, number)

    def _growing(self, steps: int) -> int:
        return steps + self.tried * steps // 4

    def _start(self, job: Job, rest: tuple[Trip, ...]) -> tuple[Trip, ...]:
        way = STARTS[self.tried // 2 % len(STARTS)]
        if way == FROM_VROOM:
            return self._most(job)
        return rest if way == FROM_PLAN else ()

    def _most(self, job: Job) -> tuple[Trip, ...]:
        seconds = None if self.ends is None else VROOM_SHARE * max(0.1, self.ends - time.monotonic())
        return served_most(job, exploration=THOROUGH if self.tried < 2 else QUICK, seconds=seconds)

    def _squeezed(self, job: Job, start: tuple[Trip, ...], number: int) -> tuple[Trip, ...]:
        """PyVRP's first feasible plan, or its last idea."""
        model = build(job, fixed=False)
        feasible: list[object] = []
        steps = self._growing(COUNTED_STEPS if self.ends is None else STEPS)
        over = stop_at(ends=self.ends, iterations=steps)
        solution = improve(
            model.data,
            stop=lambda cost: bool(feasible) or over(cost),
            seed=self.seed + number,
            start=solution_of(model, start) if start else None,
            pace=replace(PACE, penalties=FACTORS[self.tried // 2 % len(FACTORS)]),
            on_best=lambda best: feasible.append(best) if best.is_feasible() else None,
        )
        return trips_of(model, solution)

    def _serves(self, trips: tuple[Trip, ...]) -> bool:
        """Whether the trips serve what the first plan did, and every one can be driven."""
        found = {task.shipment.id for trip in trips for task in trip.tasks}
        return self.served <= found and all(route_of(trip, places=self.job.places) for trip in trips)
