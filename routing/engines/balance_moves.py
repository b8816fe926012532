"""The moves of the descent on a plan's balance, and what each is worth by the estimate."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from routing.balancing import Contribution, balance_ore, contribution
from routing.engines.estimate import Estimator, Order
from routing.trips import Turn

Key = tuple[str, int]
"""Names a turn."""
Orders = dict[Key, Order]
"""What turns do; () is no route."""
Weight = tuple[int, int]
"""Mandatory shipments left out, and öre, more than before the move: below (0, 0) it is an improvement."""

IMPOSSIBLE: Weight = (1 << 60, 0)
MOST_WORK = 150_000
"""Estimates of one descent without a clock: a few seconds."""


@dataclass(frozen=True, slots=True)
class _Leg:
    """A route: öre, and what it adds to the plan as a whole."""

    cost_ore: int
    added: Contribution


class Scale:
    """Estimates, each made once; ``begin`` says until when (time.monotonic) and how many may be made."""

    def __init__(self, estimator: Estimator) -> None:
        self.estimator = estimator
        self.turns: dict[Key, Turn] = {turn.key: turn for turns in estimator.classes for turn in turns}
        self.kinds: dict[Key, int] = {key: estimator.class_number(turn) for key, turn in self.turns.items()}
        self._balance = estimator.problem.balance
        self._figures: dict[tuple[int, Order], tuple[int, int] | None] = {}
        self._grown: dict[tuple[Key, Order, Order], Order | None] = {}
        self._ends: float | None = None
        self._work = 0

    def begin(self, *, ends: float | None, work: int = MOST_WORK) -> None:
        self._ends, self._work = ends, work

    def is_over(self) -> bool:
        return self._work <= 0 or (self._ends is not None and time.monotonic() >= self._ends)

    def weigher(self, orders: Orders) -> Callable[[Orders], Weight]:
        """What a move changes in a plan that does these orders."""
        legs = {key: self._leg(key, order) for key, order in orders.items()}
        added = {key: leg.added for key, leg in legs.items() if leg is not None}
        before_ore = balance_ore(self._balance, added.values())

        def weigh(move: Orders) -> Weight:
            new = {key: self._leg(key, order) for key, order in move.items() if order}
            old = [legs[key] for key in move if key in legs]
            if any(leg is None for leg in (*new.values(), *old)):
                return IMPOSSIBLE
            after = {key: one for key, one in added.items() if key not in move}
            after |= {key: leg.added for key, leg in new.items() if leg is not None}
            ore = sum(leg.cost_ore for leg in new.values() if leg is not None)
            ore -= sum(leg.cost_ore for leg in old if leg is not None)
            ore += balance_ore(self._balance, after.values()) - before_ore
            missing, skip_ore = self._left_out(orders, move)
            return missing, ore + skip_ore

        return weigh

    def grown(self, key: Key, order: Order, group: Order) -> Order | None:
        """The order with these shipments (by number) put where each costs least, one after another."""
        if (key, order, group) not in self._grown:
            longer: Order | None = order
            for number in group:
                longer = None if longer is None else self._with(key, longer, number)
            self._grown[key, order, group] = longer
        return self._grown[key, order, group]

    def settled(self, key: Key) -> int:
        """So many tasks at the beginning of the turn's order are done or under way."""
        begun = self.estimator.places.driven.get(key)
        return len(begun.tasks) if begun else 0

    def _with(self, key: Key, order: Order, number: int) -> Order | None:
        kind = self.kinds[key]
        if self._figure(kind, (2 * number + 1, 2 * number)) is None:
            return None
        found = (
            (figures, longer)
            for longer in self._longer(order, number, self.settled(key))
            if (figures := self._figure(kind, longer)) is not None
        )
        best = min(found, default=None)
        return None if best is None else best[1]

    def _longer(self, order: Order, number: int, settled: int) -> Iterator[Order]:
        """The pickup and the delivery between stays."""
        stops = [self.estimator.tasks[task].stop for task in order]
        between = [
            place
            for place in range(settled, len(order) + 1)
            if place in {0, len(order)} or stops[place - 1] != stops[place]
        ]
        for at, first in enumerate(between):
            for second in between[at:]:
                yield (*order[:first], 2 * number + 1, *order[first:second], 2 * number, *order[second:])

    def _figure(self, kind: int, order: Order) -> tuple[int, int] | None:
        if (kind, order) not in self._figures:
            self._work -= 1
            self._figures[kind, order] = self.estimator.figures(kind, order)
        return self._figures[kind, order]

    def _leg(self, key: Key, order: Order) -> _Leg | None:
        figures = self._figure(self.kinds[key], order)
        if figures is None:
            return None
        turn = self.turns[key]
        goods = (self.estimator.shipments[task // 2] for task in order if task % 2 == 0)
        return _Leg(figures[0], contribution(turn.vehicle, turn.shift, goods, duration_s=figures[1]))

    def _left_out(self, orders: Orders, move: Orders) -> Weight:
        before = {task // 2 for key in move for task in orders.get(key, ()) if task % 2 == 0}
        after = {task // 2 for order in move.values() for task in order if task % 2 == 0}
        prices = [
            (sign, self.estimator.shipments[number].skip_ore)
            for sign, numbers in ((1, before - after), (-1, after - before))
            for number in numbers
        ]
        missing = sum(sign for sign, price in prices if price is None)
        return missing, sum(sign * price for sign, price in prices if price is not None)


def moves(orders: Orders, scale: Scale) -> Iterator[Orders]:
    """Every move from a plan that does these orders, until the work is done."""
    empty = _empty(orders, scale)
    for every in (
        _whole(orders, empty, scale),
        _parts(orders, empty, scale),
        _unserved(orders, empty, scale),
    ):
        for move in every:
            if scale.is_over():
                return
            yield move


def _empty(orders: Orders, scale: Scale) -> list[Key]:
    """One unused turn of each class."""
    unused = ([turn.key for turn in turns if turn.key not in orders] for turns in scale.estimator.classes)
    return [keys[0] for keys in unused if keys]


def _whole(orders: Orders, empty: list[Key], scale: Scale) -> Iterator[Orders]:
    """A route to an unused turn; two routes on each other's."""
    free = [key for key in orders if not scale.settled(key)]
    for number, key in enumerate(free):
        for other in empty:
            if scale.kinds[other] != scale.kinds[key]:
                yield {key: (), other: orders[key]}
        for other in free[number + 1 :]:
            if scale.kinds[other] != scale.kinds[key]:
                yield {key: orders[other], other: orders[key]}


def _parts(orders: Orders, empty: list[Key], scale: Scale) -> Iterator[Orders]:
    """What a route delivers at one stop, or one shipment, to another route, or left out."""
    shipments = scale.estimator.shipments
    for key, order in orders.items():
        for group in _groups(order[scale.settled(key) :], scale.estimator):
            rest = tuple(task for task in order if task // 2 not in group)
            if all(shipments[number].skip_ore is not None for number in group):
                yield {key: rest}
            for other in (*(other for other in orders if other != key), *empty):
                longer = scale.grown(other, orders.get(other, ()), group)
                if longer is not None:
                    yield {key: rest, other: longer}


def _groups(order: Order, estimator: Estimator) -> list[Order]:
    """The shipments (by number) that are picked up and delivered in the order, by stop of delivery, and each alone."""
    by_stop: dict[str, Order] = {}
    picked_up = {task // 2 for task in order if task % 2}
    for number in (task // 2 for task in order if task % 2 == 0):
        if number in picked_up:
            stop = estimator.shipments[number].delivery
            by_stop[stop] = (*by_stop.get(stop, ()), number)
    alone = [(number,) for group in by_stop.values() if len(group) > 1 for number in group]
    return [*by_stop.values(), *alone]


def _unserved(orders: Orders, empty: list[Key], scale: Scale) -> Iterator[Orders]:
    """A shipment that no route carries into each."""
    served = {task // 2 for order in orders.values() for task in order}
    for number in range(len(scale.estimator.shipments)):
        if number not in served:
            for key in (*orders, *empty):
                longer = scale.grown(key, orders.get(key, ()), (number,))
                if longer is not None:
                    yield {key: longer}
