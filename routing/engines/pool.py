"""The pool: every route that any engine met, each once, offered to every turn that can drive it.

A column is a set of shipments on a class of turns, at its cheapest known order. A route found for one day or
vehicle is tried on the others at once (its goods' other days, vehicles of another owner), because the best plan
often mixes days and owners that no single search had together. Where the busiest day has a price, the shortest known
order is a column too when it is not the cheapest.
"""

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from routing.carrying import may_carry
from routing.engines.estimate import Estimator, Order
from routing.engines.estimate_many import Estimates
from routing.trips import Trip

MOST_COLUMNS = 40_000
"""A fuller pool would take more time to cover than it gains; what comes late is then kept out."""
AT_ONCE = 4_000
"""Orders that are priced between two looks at the clock."""


Key = tuple[int, frozenset[int], bool]


@dataclass(frozen=True, slots=True)
class Column:
    """Shipments (places in the problem) that one turn of a class can serve in ``order`` for ``cost_ore``.

    ``is_quick``: it is kept for its ``duration_s``, not for its price.
    """

    kind: int
    shipments: frozenset[int]
    order: Order
    cost_ore: int
    duration_s: int = 0
    is_quick: bool = False

    @property
    def key(self) -> Key:
        return self.kind, self.shipments, self.is_quick


class Pool:
    """Columns by turn class and shipments; the cheapest of each stays."""

    def __init__(self, estimator: Estimator) -> None:
        self.estimator = estimator
        self._estimates = Estimates(estimator)
        self._has_quick = estimator.problem.balance.peak_ore_per_hour > 0
        self._columns: dict[Key, Column] = {}
        self._seen: set[Order] = set()

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(self._columns.values())

    def add(self, orders: Iterable[Order], *, until: float = math.inf) -> None:
        """Take each new order in, for every class of turns that can drive it; none is begun after ``until`` (of time.monotonic)."""
        new = [order for order in dict.fromkeys(orders) if order and order not in self._seen]
        if self._has_quick or not self._estimates.is_known:
            for order in new:
                if len(self._columns) < MOST_COLUMNS and time.monotonic() < until:
                    self._seen.add(order)
                    self._offer(order)
            return
        for first in range(0, len(new), AT_ONCE):
            if len(self._columns) < MOST_COLUMNS and time.monotonic() < until:
                some = new[first : first + AT_ONCE]
                self._seen.update(some)
                self._offer_all(some)

    def put(self, trip: Trip, cost_ore: int, duration_s: int) -> None:
        """A trip whose true price and seconds are known."""
        order = self.estimator.order_of(trip)
        kind = self.estimator.class_number(trip.turn)
        self._keep(Column(kind, frozenset(task // 2 for task in order), order, cost_ore, duration_s))

    def correct(self, column: Column, figures: tuple[int, int] | None) -> None:
        """The true price and seconds of a column, or None: it cannot be driven."""
        if figures is None:
            del self._columns[column.key]
        else:
            self._columns[column.key] = replace(column, cost_ore=figures[0], duration_s=figures[1])

    def _offer(self, order: Order) -> None:
        shipments = frozenset(task // 2 for task in order)
        for kind in range(len(self.estimator.classes)):
            figures = self.estimator.figures(kind, order)
            if figures is not None and self._fits(kind, order):
                self._keep(Column(kind, shipments, order, *figures))

    def _offer_all(self, orders: Sequence[Order]) -> None:
        """As ``_offer`` for each in turn, but of orders of the same shipments on the same class only the cheapest is looked at."""
        number, kind, cost_ore, duration_s = self._estimates.figures(orders)
        sets: dict[frozenset[int], int] = {}
        shipments = [frozenset(task // 2 for task in order) for order in orders]
        members = np.array([sets.setdefault(some, len(sets)) for some in shipments], np.int64)
        key = members[number] * len(self.estimator.classes) + kind
        cheapest = np.lexsort((number, cost_ore, key))
        _, first = np.unique(key, return_index=True)
        _, best = np.unique(key[cheapest], return_index=True)
        for group in np.argsort(first, kind="stable").tolist():
            if len(self._columns) >= MOST_COLUMNS:
                return
            place = int(cheapest[best[group]])
            row = int(number[place])
            figures = int(cost_ore[place]), int(duration_s[place])
            self._keep(Column(int(kind[place]), shipments[row], orders[row], *figures))

    def _fits(self, kind: int, order: Order) -> bool:
        """Whether compartments hold the loads, which the estimate does not look at."""
        trip = self.estimator.trip(kind, order)
        return not trip.turn.vehicle.compartments or may_carry(trip, self.estimator.places)

    def _keep(self, column: Column) -> None:
        known = self._columns.get(column.key)
        if known is None or column.cost_ore < known.cost_ore:
            self._columns[column.key] = column
            column, known = known or column, column  # the one that was cheapest may still be the shortest
        if self._has_quick and known is not None and column.duration_s < known.duration_s:
            quick = replace(column, is_quick=True)
            other = self._columns.get(quick.key)
            if other is None or quick.duration_s < other.duration_s:
                self._columns[quick.key] = quick
