"""The pool: every route that any engine met, each once, offered to every turn that can drive it.

A column is a set of shipments on a class of turns, at its cheapest known order. A route found for one day or
vehicle is tried on the others at once (its goods' other days, vehicles of another owner), because the best plan
often mixes days and owners that no single search had together.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from routing.engines.estimate import Estimator, Order
from routing.trips import Trip

MOST_COLUMNS = 40_000
"""A fuller pool would take more time to cover than it gains; what comes late is then kept out."""


@dataclass(frozen=True, slots=True)
class Column:
    """Shipments (places in the problem) that one turn of a class can serve in ``order`` for ``cost_ore``."""

    kind: int
    shipments: frozenset[int]
    order: Order
    cost_ore: int


class Pool:
    """Columns by turn class and shipments; the cheapest of each stays."""

    def __init__(self, estimator: Estimator) -> None:
        self.estimator = estimator
        self._columns: dict[tuple[int, frozenset[int]], Column] = {}
        self._seen: set[Order] = set()

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(self._columns.values())

    def add(self, orders: Iterable[Order]) -> None:
        """Take each new order in, for every class of turns that can drive it."""
        for order in orders:
            if order and order not in self._seen and len(self._columns) < MOST_COLUMNS:
                self._seen.add(order)
                self._offer(order)

    def put(self, trip: Trip, cost_ore: int) -> None:
        """A trip whose true price is known."""
        order = self.estimator.order_of(trip)
        kind = self.estimator.class_number(trip.turn)
        shipments = frozenset(task // 2 for task in order)
        known = self._columns.get((kind, shipments))
        if known is None or cost_ore < known.cost_ore:
            self._columns[kind, shipments] = Column(kind, shipments, order, cost_ore)

    def correct(self, column: Column, cost_ore: int | None) -> None:
        """The true price of a column, or None: it cannot be driven."""
        key = (column.kind, column.shipments)
        if cost_ore is None:
            del self._columns[key]
        else:
            self._columns[key] = replace(column, cost_ore=cost_ore)

    def _offer(self, order: Order) -> None:
        shipments = frozenset(task // 2 for task in order)
        for kind in range(len(self.estimator.classes)):
            cost = self.estimator.cost(kind, order)
            known = self._columns.get((kind, shipments))
            if cost is not None and (known is None or cost < known.cost_ore):
                self._columns[kind, shipments] = Column(kind, shipments, order, cost)
