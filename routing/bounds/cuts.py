"""Subset-row cuts (Jepsen, Petersen, Spoorendonk and Pisinger 2008): of three shipments no plan has two routes with two.

Each shipment is served once, so at most one route serves two of any three. A linear program over routes can take halves of
three such routes; the cut forbids it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

import numpy as np

from routing.bounds.master import Column, Triple
from routing.bounds.words import Floats, Ints

AT_ONCE = 30
PER_SHIPMENT = 6
"""So many new cuts in a round, and so many with the same shipment."""
LEAST_EXCESS = 0.02
MOST_SHIPMENTS = 100
"""With more of them in fractional routes, only those in most of them are looked at."""


def violated(chosen: Mapping[Column, float]) -> list[Triple]:
    """The triples that the chosen shares of routes offend most, worst first."""
    halves = {column: share for column, share in chosen.items() if share < 1 - LEAST_EXCESS}
    often = Counter(number for column in halves for number in set(column.numbers))
    numbers = sorted(number for number, _ in often.most_common(MOST_SHIPMENTS))
    if len(numbers) < 3:
        return []
    members = np.array([[number in column.numbers for number in numbers] for column in halves], dtype=np.int8)
    triples = np.array(list(combinations(range(len(numbers)), 3)))
    excess = _excess(members, np.array(list(halves.values())), triples)
    worst = triples[np.argsort(-excess, kind="stable")][: int((excess > LEAST_EXCESS).sum())]
    return list(_spread(np.array(numbers)[worst].tolist()))


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
