"""A first choice among routes that came up: branch and bound among the best of them, also without one of their shipments."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from routing.arrays import Ints
from routing.bounds.master import Column
from routing.choosing.branching import Branching
from routing.costs import SHARES_PER_ORE

MOST_SHORTENED = 400
"""So many of the routes are looked at without one of their shipments too: shipments that two routes share stay on one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """In öre, each route rounded up: the best choice found, what every choice costs at least, and the routes chosen.

    A route costs whole öre, and no less than its price, from which half an öre is taken where it may have been rounded down.
    """

    cost_ore: int | None
    proven_ore: int
    columns: tuple[Column, ...]


def first_choice(
    columns: Sequence[Column], caps: Ints, counts: Sequence[int], *, most: int, until: float
) -> Choice:
    """The cheapest choice below ``most`` shares, by a moment of time.monotonic; the first columns are the best.

    Nothing is proven by it of routes that did not come up.
    """
    known = list(_cheapest((*columns, *_shortened(columns[:MOST_SHORTENED]))))
    members = np.zeros((len(known), len(caps)), np.bool_)
    for row, column in enumerate(known):
        members[row, list(column.numbers)] = True
    kinds = np.array([column.kind for column in known], np.int64)
    prices = np.array([column.price for column in known], np.int64)
    found = Branching(kinds, prices, members, counts, caps).soon(most=most, until=until)
    cost_ore = None if found.cost is None else found.cost // SHARES_PER_ORE
    return Choice(cost_ore, 0, tuple(known[row] for row in found.rows))


def _shortened(columns: Iterable[Column]) -> Iterator[Column]:
    """Each without one shipment, then without another: whoever leaves goods out pays no more."""
    for column in columns:
        for number in column.numbers:
            numbers = tuple(other for other in column.numbers if other != number)
            order = tuple(task for task in column.order if task // 2 != number)
            if numbers:
                yield replace(column, numbers=numbers, order=order)


def _cheapest(columns: Iterable[Column]) -> Iterable[Column]:
    """Of each kind and set of shipments the cheapest."""
    best: dict[tuple[int, tuple[int, ...]], Column] = {}
    for column in columns:
        key = column.kind, column.numbers
        if key not in best or column.price < best[key].price:
            best[key] = column
    return best.values()
