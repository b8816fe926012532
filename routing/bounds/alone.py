"""What each shipment would cost alone: where column generation starts."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from routing.arrays import Ints
from routing.bounds.network import Closure, Taking, TurnKind

SHARED = 0.4
"""A first guess of a shipment's part of its own trip, when trips are shared."""


def alone(closure: Closure, kinds: Sequence[TurnKind], count: int) -> Ints:
    """For each of ``count`` shipments the least price of a trip for it alone, in shares; 0 when no turn can take it."""
    least: dict[int, int] = {}
    for kind in kinds:
        for taking in kind.takings:
            price = _trip(closure, kind, taking)
            least[taking.number] = min(price, least.get(taking.number, price))
    return np.array([least.get(number, 0) for number in range(count)], dtype=np.int64)


def _trip(closure: Closure, kind: TurnKind, taking: Taking) -> int:
    stops = [kind.start, taking.pickup, taking.delivery, *([] if kind.end is None else [kind.end])]
    metres = sum(int(closure.metres[a, b]) for a, b in pairwise(stops))
    seconds = sum(int(closure.seconds[a, b]) for a, b in pairwise(stops))
    seconds += taking.pickup_s + taking.delivery_s
    seconds += int(closure.stop_s[taking.pickup] + closure.stop_s[taking.delivery])
    return max(0, kind.fixed) + kind.per_metre * metres + kind.per_second * seconds
