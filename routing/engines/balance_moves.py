"""The moves of the descent on a plan's balance, and what each is worth by the estimate."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from routing.balancing import Contribution, balance_ore, contribution
from routing.engines.estimate import Estimator, Order
from routing.plan import Route
from routing.trips import Turn

Key = tuple[str, int]
"""Names a turn."""
Orders = dict[Key, Order]
"""What turns do; () is no route."""
Weight = tuple[int, int]
"""Mandatory shipments left out, and öre, more than before the move: below (0, 0) it is an improvement."""

IMPOSSIBLE: Weight = (1 << 60, 0)
NOWHERE = -1
"""The row of an end that is anywhere."""
MOST_WORK = 150_000
"""Estimates and moves of one descent without a clock: a few seconds."""
ENOUGH_WAYS, MOST_WAYS = 3, 25
"""An insertion is settled when so many ways of it are possible, or so many have been tried, the shortest first."""
MOST_KEPT = 200_000
"""Estimates that are kept: some hundred megabytes."""


@dataclass(frozen=True, slots=True)
class _Leg:
    """A route: öre, and what it adds to the plan as a whole."""

    cost_ore: int
    added: Contribution


class Scale:
    """Estimates, each made once; ``begin`` says until when (time.monotonic) and how much work may be done."""

    def __init__(self, estimator: Estimator) -> None:
        self.estimator = estimator
        self.turns: dict[Key, Turn] = {turn.key: turn for turns in estimator.classes for turn in turns}
        self.kinds: dict[Key, int] = {key: estimator.class_number(turn) for key, turn in self.turns.items()}
        self._balance = estimator.problem.balance
        self._legs: dict[tuple[Key, Order], _Leg | None] = {}
        self._known: dict[tuple[Key, Order], _Leg] = {}
        self._figures: dict[tuple[int, Order], tuple[int, int] | None] = {}
        self._grown: dict[tuple[Key, Order, Order], Order | None] = {}
        self._ends: float | None = None
        self._work = 0

    def begin(self, *, ends: float | None, work: int = MOST_WORK) -> None:
        self._ends, self._work = ends, work

    def know(self, routes: Iterable[tuple[Order, Route]]) -> None:
        """True figures in place of estimates, of routes by their orders."""
        for order, route in routes:
            key = (route.vehicle, route.shift)
            leg = self._leg_of(key, order, cost_ore=route.cost_ore, duration_s=route.duration_s)
            self._known[key, order] = leg

    def is_over(self) -> bool:
        """Asked before each move, which is work too."""
        self._work -= 1
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

    def weight(self, orders: Orders) -> Weight:
        """Mandatory shipments left out, and all öre, of a plan that does these orders."""
        missing, ore = self.weigher({})(orders)
        skipped = [shipment.skip_ore for shipment in self.estimator.shipments]
        return missing + skipped.count(None), ore + sum(price or 0 for price in skipped)

    def best_place(self, orders: Orders, number: int) -> Orders:
        """The move that puts the shipment where it makes the plan cheapest; none where leaving it out is cheaper."""
        weigh = self.weigher(orders)
        best: tuple[Weight, Orders] = ((0, 0), {})
        for key in (*orders, *unused(orders, self)):
            longer = self.grown(key, orders.get(key, ()), (number,))
            if longer is not None:
                weight = weigh({key: longer})
                if weight < best[0]:
                    best = (weight, {key: longer})
        return best[1]

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
        """The cheapest of the orders with the shipment that are possible, of those that drive least further."""
        begun = self.estimator.places.driven.get(key)
        if begun is not None and begun.is_over:
            return None
        kind = self.kinds[key]
        if self._figure(kind, (2 * number + 1, 2 * number)) is None:
            return None
        ways = sorted(_ways(order, number, self.settled(key), self.turns[key], self.estimator))
        found: list[tuple[tuple[int, int], Order]] = []
        for _, first, second in ways[:MOST_WAYS]:
            longer = (*order[:first], 2 * number + 1, *order[first:second], 2 * number, *order[second:])
            figures = self._figure(kind, longer)
            if figures is not None:
                found.append((figures, longer))
                if len(found) == ENOUGH_WAYS:
                    break
        return min(found, default=((0, 0), None))[1]

    def _figure(self, kind: int, order: Order) -> tuple[int, int] | None:
        if len(self._figures) > MOST_KEPT:
            for kept in (self._figures, self._grown, self._legs):
                kept.clear()
        if (kind, order) not in self._figures:
            self._work -= 1
            self._figures[kind, order] = self.estimator.figures(kind, order)
        return self._figures[kind, order]

    def _leg(self, key: Key, order: Order) -> _Leg | None:
        if (key, order) in self._known:
            return self._known[key, order]
        if (key, order) not in self._legs:
            self._legs[key, order] = self._new_leg(key, order)
        return self._legs[key, order]

    def _new_leg(self, key: Key, order: Order) -> _Leg | None:
        figures = self._figure(self.kinds[key], order)
        if figures is None:
            return None
        return self._leg_of(key, order, cost_ore=figures[0], duration_s=figures[1])

    def _leg_of(self, key: Key, order: Order, *, cost_ore: int, duration_s: int) -> _Leg:
        turn = self.turns[key]
        goods = (self.estimator.shipments[task // 2] for task in order if task % 2 == 0)
        return _Leg(cost_ore, contribution(turn.vehicle, turn.shift, goods, duration_s=duration_s))

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


def _ways(
    order: Order, number: int, settled: int, turn: Turn, estimator: Estimator
) -> Iterator[tuple[int, int, int]]:
    """Seconds of driving that are added, and before which tasks, between stays, pickup and delivery are put."""
    seconds, rows = estimator.places.duration_s, estimator.places.index
    vehicle, shipment = turn.vehicle, estimator.shipments[number]
    path = [rows[vehicle.start], *(rows[estimator.tasks[task].stop] for task in order)]
    path.append(NOWHERE if vehicle.end is None else rows[vehicle.end])
    origin, destination = rows[shipment.pickup], rows[shipment.delivery]

    def leg(origin: int, destination: int) -> int:
        return 0 if destination == NOWHERE else seconds[origin][destination]

    edges = {settled, len(order)}
    between = [p for p in range(settled, len(order) + 1) if p in edges or path[p] != path[p + 1]]
    for at, first in enumerate(between):
        here, onward = path[first], path[first + 1]
        there = leg(here, origin) - leg(here, onward)
        yield there + leg(origin, destination) + leg(destination, onward), first, first
        for second in between[at + 1 :]:
            here, after = path[second], path[second + 1]
            back = leg(here, destination) + leg(destination, after) - leg(here, after)
            yield there + leg(origin, onward) + back, first, second


def moves(orders: Orders, scale: Scale) -> Iterator[Orders]:
    """Every move from a plan that does these orders, until the work is done."""
    empty = unused(orders, scale)
    for every in (
        _whole(orders, empty, scale),
        _parts(orders, empty, scale),
        _unserved(orders, empty, scale),
    ):
        for move in every:
            if scale.is_over():
                return
            yield move


def unused(orders: Orders, scale: Scale) -> list[Key]:
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
        for group in _groups(free_shipments(key, order, scale), scale.estimator):
            rest = tuple(task for task in order if task // 2 not in group)
            if all(shipments[number].skip_ore is not None for number in group):
                yield {key: rest}
            for other in (*(other for other in orders if other != key), *empty):
                longer = scale.grown(other, orders.get(other, ()), group)
                if longer is not None:
                    yield {key: rest, other: longer}


def free_shipments(key: Key, order: Order, scale: Scale) -> Order:
    """The shipments (by number) that the turn could still leave to another: picked up and delivered in its order."""
    left = order[scale.settled(key) :]
    picked_up = {task // 2 for task in left if task % 2}
    return tuple(task // 2 for task in left if task % 2 == 0 and task // 2 in picked_up)


def _groups(numbers: Order, estimator: Estimator) -> list[Order]:
    """The shipments by stop of delivery, and each alone."""
    by_stop: dict[str, Order] = {}
    for number in numbers:
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
