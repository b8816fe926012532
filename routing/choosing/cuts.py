"""Subset-row cuts (Jepsen, Petersen, Spoorendonk and Pisinger 2008): of three shipments no plan has two routes with two.

Each shipment is served once, so at most one route serves two of any three. A linear program over routes can take halves of
three such routes; the cut forbids it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np

from routing.arrays import Bools, Floats, Ints

Triple = tuple[int, int, int]
"""Three shipments, by number: no plan has more than one route that serves two of them or all."""

AT_ONCE = 30
PER_SHIPMENT = 6
"""So many new cuts in a round, and so many with the same shipment."""
LEAST_EXCESS = 0.02
MOST_SHIPMENTS = 100
"""With more of them in fractional routes, only those in most of them are looked at."""


def violated(members: Bools, shares: Floats) -> list[Triple]:
    """The triples that the chosen shares of routes (routes x shipments) offend most, worst first."""
    is_mixed = shares < 1 - LEAST_EXCESS
    members, shares = members[is_mixed], shares[is_mixed]
    often = members.sum(axis=0)
    most = np.argsort(-often, kind="stable")[:MOST_SHIPMENTS]
    numbers = np.sort(most[often[most] > 0])
    if len(numbers) < 3:
        return []
    triples = np.array(list(combinations(range(len(numbers)), 3)))
    excess = _excess(members[:, numbers].astype(np.int8), shares, triples)
    worst = triples[np.argsort(-excess, kind="stable")][: int((excess > LEAST_EXCESS).sum())]
    return list(_spread(numbers[worst].tolist()))


def _excess(members: np.ndarray[tuple[int, ...], np.dtype[np.int8]], shares: Floats, triples: Ints) -> Floats:
    """How much more than 1 is chosen of routes that serve two of each three."""
    first, second, third = (members[:, triples[:, place]] for place in range(3))
    excess: Floats = shares @ (first + second + third >= 2) - 1
    return excess


def _spread(triples: Iterable[list[int]]) -> Iterator[Triple]:
    """Not too many with the same shipment."""
    used: Counter[int] = Counter()
    found = 0
    for a, b, c in triples:
        if max(used[a], used[b], used[c]) < PER_SHIPMENT and found < AT_ONCE:
            used.update((a, b, c))
            found += 1
            yield a, b, c
