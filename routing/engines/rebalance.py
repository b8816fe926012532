"""Ruin and recreate on what a plan costs as a whole (compare Schrimpf and others 2000).

A step takes out some shipments that have to do with each other (of one route, to one stop, near in both ends), and
puts each back where the plan, balance included, then costs least by the estimate. The new plan is taken when it is at
most a little dearer than the best, ever less so towards the end. Every best plan is asked for the truth.
"""

import time
from dataclasses import dataclass
from random import Random

from routing.engines.balance_moves import Orders, Scale, free_shipments
from routing.engines.balancer import known, trips_of
from routing.engines.estimate import Order
from routing.engines.judge import Judge
from routing.engines.protocol import Found, Limit, Progress, Reporter
from routing.problem import Problem
from routing.trips import Trip

RUINS_PER_ITERATION = 2
"""So many steps count as one iteration of a Limit."""
MOST_RUINS = 2_000
"""Steps without a clock: more take minutes."""
FEWEST_OUT, MOST_OUT = 2, 10
"""Shipments that a step takes out."""
DEARER = 0.02
"""What a plan may cost above the best at first, as a share of it."""
KEPT_ORDERS = 4_000
"""Of the routes met on the way, at most so many go into the pool."""


@dataclass(frozen=True, slots=True)
class Rebalance:
    """Improves ``start`` as a whole."""

    start: tuple[Trip, ...]
    name: str = "rebalance"

    def search(self, problem: Problem, *, limit: Limit, seed: int, report: Reporter | None) -> Found:
        """The best plan found, and routes of the plans on the way."""
        began = time.monotonic()
        judge = Judge(problem)
        search = _Search(judge, judge.sound(self.start), seed)
        ruins = min(MOST_RUINS, (limit.iterations or MOST_RUINS) * RUINS_PER_ITERATION)
        while True:
            passed = (
                search.steps / ruins if limit.seconds is None else (time.monotonic() - began) / limit.seconds
            )
            if passed >= 1 or (limit.iterations is not None and search.steps >= ruins):
                break
            if search.step(allowance=DEARER * (1 - passed)) and report is not None:
                seconds = time.monotonic() - began
                progress = Progress(seconds, search.steps // RUINS_PER_ITERATION, search.price[-1])
                report(progress, search.best)
        return Found(search.best, search.others())


class _Search:
    """The present plan by the estimate, and the best by the truth."""

    def __init__(self, judge: Judge, start: tuple[Trip, ...], seed: int) -> None:
        self.judge = judge
        self.scale = Scale(judge.estimator)
        self.scale.begin(ends=None)
        self.scale.know(known(start, judge))
        self.random = Random(seed)  # noqa: S311 - no secret
        self.best = start
        self.price = judge.price(start)
        self.now: Orders = {trip.turn.key: judge.estimator.order_of(trip) for trip in start}
        self.now_weight = self.best_weight = self.scale.weight(self.now)
        self.met: dict[tuple[str, int, Order], None] = {}
        self.steps = 0

    def step(self, *, allowance: float) -> bool:
        """Whether there is a new best plan."""
        self.steps += 1
        new = self._recreated(*self._ruined())
        weight = self.scale.weight(new)
        most = (self.best_weight[0], round(self.best_weight[1] + allowance * abs(self.best_weight[1])))
        if weight > max(most, self.now_weight):
            return False
        self.now, self.now_weight = new, weight
        self._remember(new)
        return weight < self.best_weight and self._is_better(new)

    def others(self) -> tuple[Trip, ...]:
        turns = self.scale.turns
        return tuple(self.judge.estimator.trip_on(turns[car, shift], order) for car, shift, order in self.met)

    def _is_better(self, new: Orders) -> bool:
        plan = trips_of(new, self.judge)
        if any(self.judge.route(trip) is None for trip in plan) or self.judge.price(plan) >= self.price:
            self.now = {trip.turn.key: self.judge.estimator.order_of(trip) for trip in self.best}
            self.now_weight = self.best_weight
            return False
        self.best, self.price = plan, self.judge.price(plan)
        self.scale.know(known(plan, self.judge))
        self.best_weight = self.now_weight = self.scale.weight(new)
        return True

    def _remember(self, orders: Orders) -> None:
        if len(self.met) < KEPT_ORDERS:
            self.met.update(((*key, order), None) for key, order in orders.items())

    def _ruined(self) -> tuple[Orders, list[int]]:
        """The plan without some shipments, and those with what it left out, in a random order."""
        served = [
            number for key, order in self.now.items() for number in free_shipments(key, order, self.scale)
        ]
        out = self._related(served) if served else set[int]()
        ruined = {
            key: tuple(task for task in order if task // 2 not in out) for key, order in self.now.items()
        }
        carried = {task // 2 for order in ruined.values() for task in order}
        missing = [n for n in range(len(self.judge.estimator.shipments)) if n not in carried]
        self.random.shuffle(missing)
        return {key: order for key, order in ruined.items() if order}, missing

    def _related(self, served: list[int]) -> set[int]:
        """Those most like a random one: on its route, to its stop, or near it in both ends."""
        count = self.random.randint(FEWEST_OUT, MOST_OUT)
        first = self.random.choice(served)
        way = self.random.choice((self._on_route, self._to_stop, self._near))
        alike = sorted(served, key=lambda number: (way(first, number), self.random.random()))
        return set(alike[:count])

    def _on_route(self, first: int, other: int) -> int:
        return not any(2 * first in order and 2 * other in order for order in self.now.values())

    def _to_stop(self, first: int, other: int) -> int:
        shipments = self.judge.estimator.shipments
        return shipments[first].delivery != shipments[other].delivery

    def _near(self, first: int, other: int) -> int:
        shipments, places = self.judge.estimator.shipments, self.judge.estimator.places
        one, two = shipments[first], shipments[other]
        return places.seconds(one.pickup, two.pickup) + places.seconds(one.delivery, two.delivery)

    def _recreated(self, orders: Orders, missing: list[int]) -> Orders:
        for number in missing:
            move = self.scale.best_place(orders, number)
            orders |= move
        return orders
