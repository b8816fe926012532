"""Large problems: a first plan area by area, then made better patch by patch (``patches``).

Each search process has a part of the plan of its own, and no two change the same turn, so what both gain adds up. The
slices are cut along another line each round: sooner or later every neighbourhood lies within one. Of the whole nothing is built that grows
with goods times turns; memory and time go with the part.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol, runtime_checkable

from routing.engines.dropping import cheaper_without
from routing.engines.judge import Judge
from routing.engines.ortools_engine import job_of
from routing.engines.parts import Ground, areas, passed_on, slices
from routing.engines.patches import Patching
from routing.engines.protocol import Engine, Found, Limit, Reporter
from routing.engines.repair import mended
from routing.engines.vroom_engine import REPEATABLE, trips_for
from routing.problem import Problem, Shipment
from routing.trips import Part, Places, Trip, turns_of

MOST_CELLS = 25_000_000
"""Pairs of tasks times kinds of turns: what PyVRP's matrices of the whole may hold, 16 bytes each."""
AREA_SHIPMENTS = 150
"""An area has about so many: VROOM plans them in a second or two."""
MOST_PER_TURN = 30
"""More of an area's shipments, where there are too few vehicles for them, wait for the patches."""

CAREFUL, CAREFUL_S = 2, 1.0
"""VROOM's exploration of an area that has more than so many seconds; the quickest otherwise."""
OVERDRAWN, LEAST_S = 1.2, 0.01
"""The areas may take so many times their seconds; one that comes late gets next to none of its own."""


@runtime_checkable
class PartEngine(Engine, Protocol):
    """An engine that answers with a whole plan in which nothing is changed but the turns of its part."""

    @property
    def part(self) -> Part: ...


@dataclass(frozen=True, slots=True)
class Areas:
    """VROOM's plans for some areas, one after another; the other turns are as in ``start``."""

    parts: tuple[Part, ...]
    start: tuple[Trip, ...] = ()
    name: str = "areas"

    @property
    def part(self) -> Part:
        return Part(
            tuple(chain.from_iterable(part.turns for part in self.parts)),
            tuple(chain.from_iterable(part.shipments for part in self.parts)),
        )

    def search(self, problem: Problem, *, limit: Limit, seed: int, report: Reporter | None) -> Found:
        """The areas' plans; those that the time does not reach stay empty."""
        del seed, report
        began = time.monotonic()
        places = Judge(problem).estimator.places
        found = list(kept(self.start, self.part))
        for number, part in enumerate(self.parts):
            share = _share(limit, began, len(self.parts) - number)
            if share is None:
                break
            found.extend(self._plan(problem, part, places, share))
        return Found(tuple(found))

    def _plan(self, problem: Problem, part: Part, places: Places, limit: Limit) -> tuple[Trip, ...]:
        job = job_of(problem, part=part, places=places)
        if not job.shipments:
            return ()
        has_time = limit.seconds is None or limit.seconds > CAREFUL_S
        trips = trips_for(job, exploration=CAREFUL if has_time else REPEATABLE, limit=limit)
        return mended(cheaper_without(trips, places), Judge(problem, part=part, places=places))


@dataclass(frozen=True, slots=True)
class Patches:
    """Search patch after patch within ``part``; the other turns stay as in ``start``, a whole plan."""

    part: Part
    start: tuple[Trip, ...]
    name: str = "patches"

    def search(self, problem: Problem, *, limit: Limit, seed: int, report: Reporter | None) -> Found:
        patching = Patching(problem, self.part, self.start, limit, seed)
        for progress in patching.run():
            if report is not None:
                report(progress, patching.plan)
        return Found(patching.plan)


def is_large(judge: Judge) -> bool:
    """Whether the problem is better planned in parts than as a whole."""
    return (2 * len(judge.shipments)) ** 2 * len(judge.estimator.classes) > MOST_CELLS


def first_searches(judge: Judge, *, processes: int) -> list[Engine]:
    """The areas of a first plan, dealt to as many searches as there are processes."""
    vehicles = [vehicle for vehicle in judge.problem.vehicles if vehicle.shifts]
    count = max(1, min(len(vehicles), -(-len(judge.shipments) // AREA_SHIPMENTS)))
    ground = _ground(judge)
    found = [
        Part(part.turns, _most_pressing(part.shipments, most=MOST_PER_TURN * len(part.turns)))
        for part in passed_on(areas(ground, vehicles, judge.shipments, count), ground.places)
        if part.turns and part.shipments
    ]
    return [Areas(tuple(found[n::processes])) for n in range(min(processes, len(found)))]


def further_searches(judge: Judge, trips: tuple[Trip, ...], *, processes: int, seed: int) -> list[Engine]:
    """The plan in slices, cut along a line of the seed's, one for each process."""
    served = {task.shipment.id for trip in trips for task in trip.tasks}
    left_out = [shipment for shipment in judge.shipments if shipment.id not in served]
    turns = turns_of(judge.problem)
    parts = slices(_ground(judge), turns, trips, left_out, count=processes, seed=seed)
    return [Patches(part, trips) for part in parts]


def kept(trips: Iterable[Trip], part: Part) -> Iterator[Trip]:
    """The trips of other turns than the part's."""
    own = {turn.key for turn in part.turns}
    return (trip for trip in trips if trip.turn.key not in own)


def joined(trips: tuple[Trip, ...], answer: tuple[Trip, ...], part: Part) -> tuple[Trip, ...]:
    """The plan with the part's turns as in the answer."""
    own = {turn.key for turn in part.turns}
    return (*kept(trips, part), *(trip for trip in answer if trip.turn.key in own))


def _ground(judge: Judge) -> Ground:
    return Ground(judge.estimator.places, judge.problem.duration_s)


def _most_pressing(shipments: Sequence[Shipment], *, most: int) -> tuple[Shipment, ...]:
    """At most so many, in the order in which they came."""
    pressing = sorted(shipments, key=lambda s: (s.skip_ore is not None, -s.priority))[:most]
    names = {shipment.id for shipment in pressing}
    return tuple(shipment for shipment in shipments if shipment.id in names)


def _share(limit: Limit, began: float, searches: int) -> Limit | None:
    """An equal share of the seconds that are left; next to none, and at last None, when they are over.

    An area without a plan costs more than some seconds of what comes later: so they may be overdrawn.
    """
    if limit.seconds is None:
        return limit
    used = time.monotonic() - began
    if used > OVERDRAWN * limit.seconds:
        return None
    return replace(limit, seconds=max(LEAST_S, limit.seconds - used) / searches)
