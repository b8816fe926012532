"""Ruin and recreate as an engine (Christiaens and Vanden Berghe 2020): fast, and strongest where goods are collected on the way.

The steps are compiled (ruin_steps.py, depot_steps.py) and run a handful of milliseconds at a time, see ruin_run.py.

To save vehicles (``fewer``) one row after another is given up: its shipments are left out, and steps go on until nothing is.
"""

import time
from dataclasses import dataclass, replace

from routing.engines.ortools_engine import could_need_break, job_of
from routing.engines.ortools_model import Job
from routing.engines.protocol import Found, Limit, Reporter
from routing.engines.pyvrp_engine import only_turns
from routing.engines.ruin_ground import is_from_depot, terrain_of
from routing.engines.ruin_ready import DEPOT_STEPS, STEPS
from routing.engines.ruin_run import (
    MANY_ROWS,
    SHORT_SLICE_S,
    WITHOUT_RESTS,
    Cooling,
    Run,
    Task,
    can_be_driven,
)
from routing.problem import Problem
from routing.trips import Trip

ON_THE_WAY = Cooling(1.0, 0.04, 4_000)
FROM_DEPOT = Cooling(0.2, 0.02, 40_000)
"""Where steps are so much quicker."""
REDUCING = 0.35
"""Of the time, how much may go into fewer vehicles when that is asked for."""


@dataclass(frozen=True, slots=True)
class Ruin:
    """Improves ``start``, or a plan made from nothing. ``same_turns``: only the turns of ``start``, whose fixed prices are beside the point.

    ``fewer``: with as few of the turns of ``start`` as can be found, for no more than the share ``reducing`` of the time.
    ``tells_many``: up to MANY_ROWS routes on the way are told, of a plan each SHORT_SLICE_S where seconds count; not with ``fewer``.
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
        task = Task(limit, seed, report, began)
        run = self._run(job, task)
        run.go(
            until=WITHOUT_RESTS if may_rest and self.fewer else 1.0, places=job.places if may_rest else None
        )
        trips, others = run.trips(), run.others()
        if run.passed() < 1:
            is_sound = can_be_driven(trips, job.places)
            again = replace(self, start=trips if is_sound else self.start)
            job = replace(job, stretched=not is_sound)
            run = again._run(job, task, steps=run.steps)  # noqa: SLF001 - own class
            run.go(until=1.0)
            trips, others = run.trips(), (*others, *trips, *run.others())
        return Found(trips, others)

    def _run(self, job: Job, task: Task, *, steps: int = 0) -> Run:
        from routing.engines.depot_state import State as DepotState  # these need the compiler
        from routing.engines.ruin_fewer import Fewer
        from routing.engines.ruin_state import State

        terrain = terrain_of(job, fixed=not (self.same_turns or self.fewer), must=self.fewer)
        size = len(job.shipments)
        if self.fewer:
            return Fewer(
                lambda seed: State(terrain, self.start, seed),
                task,
                size=size,
                steps=steps,
                reducing=self.reducing,
            )
        if self._is_from_depot(job):
            run = Run(DepotState(terrain, self.start, task.seed), task, FROM_DEPOT, size=size, steps=steps)
        else:
            run = Run(State(terrain, self.start, task.seed), task, ON_THE_WAY, size=size, steps=steps)
        if self.tells_many:
            run.slice_s, run.met.most_rows = SHORT_SLICE_S, MANY_ROWS
        return run

    def _is_from_depot(self, job: Job) -> bool:
        return not self.fewer and is_from_depot(job)


def _only_served(job: Job, trips: tuple[Trip, ...]) -> Job:
    served = {task.shipment.id for trip in trips for task in trip.tasks}
    return replace(job, shipments=tuple(shipment for shipment in job.shipments if shipment.id in served))
