"""Patch after patch: a few routes that lie together are searched by themselves.

A patch is a route with its nearest neighbours of the day, a few turns of other days on which its goods could go,
and what is left out nearby. When the whole plan is better by its answer, that is put in (POPMUSIC: Taillard and Voss
2002; for vehicle routes Queiroga, Sadykov and Uchoa 2021). The routes tried longest ago come first, and every
other patch is laid about goods that must be served and are not, while there are any.

On a few routes VROOM takes a fifth of a second and is as good as longer searches. Where it found nothing the patch
is larger the next time; after that PyVRP searches on from what there is.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

from routing.engines.dropping import cheaper_without
from routing.engines.judge import Judge
from routing.engines.neighbours import Neighbours, Size
from routing.engines.ortools_model import Job
from routing.engines.parts import Ground
from routing.engines.protocol import Limit, Progress
from routing.engines.pyvrp_engine import ITERATIONS_PER_PLAN
from routing.engines.pyvrp_model import build, solution_of
from routing.engines.pyvrp_model import trips_of as pyvrp_trips
from routing.engines.pyvrp_search import Stop, improve
from routing.engines.repair import mended
from routing.engines.vroom_engine import THOROUGH, trips_for
from routing.problem import Problem, Shipment
from routing.trips import Part, Trip, Turn

LEFT_OUT_EVERY = 2
SIZES = (Size(2, 1, 1), Size(4, 1, 2), Size(2, 1, 1))
"""At the first, second and third try of the same route or goods since something changed there, and so on."""
LONG_TRY = 2
"""At this number, counted from 0, of the sizes, PyVRP searches instead of VROOM."""
STEPS = 400
"""Of PyVRP in one patch: about a second."""
VROOM_ITERATIONS = 10
"""What a patch by VROOM counts for where iterations are counted."""
LONGEST_VROOM_S = 5.0


class Patching:
    """One run within ``part`` of the whole plan ``start``; ``plan`` is the best so far."""

    def __init__(
        self, problem: Problem, part: Part, start: tuple[Trip, ...], limit: Limit, seed: int
    ) -> None:
        self.problem = problem
        self.part = part
        self.seed = seed
        self.random = Random(seed)  # noqa: S311 - no secret
        self.began = time.monotonic()
        self.ends = None if limit.seconds is None else self.began + limit.seconds
        self.left = limit.iterations
        self.judge = Judge(problem)
        self.places = self.judge.estimator.places
        self.neighbours = Neighbours(Ground(self.places, problem.duration_s), part.turns)
        self.by_turn = {trip.turn.key: trip for trip in start}
        self.price = self.judge.price(start)
        self.count = 0
        self._last: dict[object, int] = {}
        self._tries: Counter[object] = Counter()
        self._hopeless: set[object] = set()

    @property
    def plan(self) -> tuple[Trip, ...]:
        return tuple(self.by_turn.values())

    def run(self) -> Iterator[Progress]:
        """Try patch after patch until the limit; yields whenever one made the plan better."""
        while self._goes_on():
            left_out = self._left_out()
            centre = self._next(left_out)
            if centre is None:
                return
            number = self._tries[_name(centre)] % len(SIZES)
            patch = self._patch(centre, left_out, SIZES[number])
            if not patch.turns:
                self._hopeless.add(_name(centre))
                continue
            self.count += 1
            self._tries[_name(centre)] += 1
            self._last[_name(centre)] = self.count
            if self._is_better_by(patch, is_long=number == LONG_TRY):
                yield Progress(time.monotonic() - self.began, self.count, self.price[-1])

    def _goes_on(self) -> bool:
        return (self.left is None or self.left > 0) and (self.ends is None or time.monotonic() < self.ends)

    def _left_out(self) -> list[Shipment]:
        """What is not served, but for what no turn of the part could carry."""
        served = {task.shipment.id for trip in self.by_turn.values() for task in trip.tasks}
        left_out = (shipment for shipment in self.part.shipments if shipment.id not in served)
        return [shipment for shipment in left_out if shipment.id not in self._hopeless]

    def _next(self, left_out: Sequence[Shipment]) -> Turn | Shipment | None:
        """What was tried longest ago; of several the seed says which. None when there is nothing to do."""
        driven = [turn for turn in self.part.turns if turn.key in self.by_turn]
        missing = [shipment for shipment in left_out if shipment.skip_ore is None]
        is_missings_turn = missing and self.count % LEFT_OUT_EVERY == 0
        choices: Sequence[Turn | Shipment] = missing if is_missings_turn else driven or left_out
        ranks = [(self._last.get(_name(one), 0), self.random.random(), n) for n, one in enumerate(choices)]
        return choices[min(ranks)[2]] if ranks else None

    def _patch(self, centre: Turn | Shipment, left_out: Sequence[Shipment], size: Size) -> Part:
        if isinstance(centre, Turn):
            return self.neighbours.about(centre, self.by_turn, left_out, size)
        return self.neighbours.for_goods(centre, self.by_turn, left_out, size)

    def _is_better_by(self, patch: Part, *, is_long: bool) -> bool:
        """Search the patch, and put the answer in when the whole plan is better by it."""
        job = self.neighbours.job(patch)
        own = {turn.key for turn in patch.turns}
        start = tuple(trip for key, trip in self.by_turn.items() if key in own)
        trips = self._by_pyvrp(job, start) if is_long and job.shipments else self._by_vroom(job)
        if any(self.judge.route(trip) is None for trip in trips):
            trips = mended(trips, Judge(self.problem, part=patch, places=self.places))
        plan = {key: trip for key, trip in self.by_turn.items() if key not in own}
        plan |= {trip.turn.key: trip for trip in trips}
        price = self.judge.price(plan.values())
        if price >= self.price:
            return False
        self.by_turn, self.price = plan, price
        for name in (*own, *(shipment.id for shipment in patch.shipments)):
            self._tries.pop(name, None)
        return True

    def _by_vroom(self, job: Job) -> tuple[Trip, ...]:
        self._count_down(VROOM_ITERATIONS)
        if not job.shipments:
            return ()
        seconds = LONGEST_VROOM_S if self.ends is None else max(0.01, self.ends - time.monotonic())
        limit = Limit(seconds=min(LONGEST_VROOM_S, seconds)) if self.left is None else Limit(iterations=1)
        return cheaper_without(trips_for(job, exploration=THOROUGH, limit=limit), self.places)

    def _by_pyvrp(self, job: Job, start: tuple[Trip, ...]) -> tuple[Trip, ...]:
        served = {task.shipment.id for trip in start for task in trip.tasks}
        steps = STEPS if self.left is None else min(STEPS, self.left * ITERATIONS_PER_PLAN)
        self._count_down(-(-steps // ITERATIONS_PER_PLAN))
        model = build(job, required=all(s.skip_ore is not None or s.id in served for s in job.shipments))
        solution = improve(
            model.data,
            stop=Stop(ends=self.ends, steps=steps),
            seed=(self.seed + self.count) % 2**31,
            start=solution_of(model, start),
        )
        return pyvrp_trips(model, solution)

    def _count_down(self, iterations: int) -> None:
        if self.left is not None:
            self.left -= iterations


def _name(centre: Turn | Shipment) -> object:
    return centre.key if isinstance(centre, Turn) else centre.id
