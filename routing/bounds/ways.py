"""A bound for any size: every stop that is served is come to once, from somewhere.

Coming to a stop costs at least its cheapest way in, whoever drives; staying there its stop time; each shipment its
handling; each route its way home. Where leaving out is cheaper that price counts instead, half of it at
each end of the shipment. Nothing else is counted, so every plan that serves what must be served costs at least the sum:

    sum over stops of  min( way in + stop time + sum of min(handling there, price / 2),  sum of price / 2 )

plus, for the fewest routes that time allows, the fixed prices and ways home of as many turns.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from routing.arrays import Ints
from routing.bounds.network import Closure, Taking, TurnKind

NEVER = 2**60


def ways_bound(closure: Closure, kinds: Sequence[TurnKind], caps: Sequence[int | None]) -> int:
    """Shares that serving costs at least; ``caps``: what leaving each shipment out costs, None for never.

    A shipment that no kind can take must be left out of ``caps`` by giving it a price: its caller knows why.
    """
    ends = _ends(kinds)
    ways = _ways_in(closure, kinds, set(ends))
    total = sum(_stop_cost(ends[row], ways[row], caps) for row in ends)
    rounding = sum(kind.count * min(0, kind.fixed) for kind in kinds)
    return total + rounding + _routes_cost(closure, kinds, caps)


def _ends(kinds: Sequence[TurnKind]) -> dict[int, dict[int, int]]:
    """For each stop the shipments with an end there, and the least price of handling it."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for kind in kinds:
        for taking in kind.takings:
            for row, seconds in ((taking.pickup, taking.pickup_s), (taking.delivery, taking.delivery_s)):
                price = kind.per_second * seconds
                found[row][taking.number] = min(price, found[row].get(taking.number, price))
    return found


def _ways_in(closure: Closure, kinds: Sequence[TurnKind], rows: set[int]) -> dict[int, int]:
    """The least price of coming to a stop and staying there, over the turns that have work there.

    Work at a turn's own start may need no way at all: then only the stop time counts.
    """
    least = dict.fromkeys(rows, NEVER)
    for kind in kinds:
        own = sorted({row for taking in kind.takings for row in _rows(taking)})
        origins = np.array(sorted({*own, kind.start}))
        prices = _shares(kind, closure, origins, np.array(own))
        prices[(origins[:, None] == own) & (origins != kind.start)[:, None]] = NEVER
        for row, price in zip(own, prices.min(axis=0).tolist(), strict=True):
            least[row] = min(least[row], price + kind.per_second * int(closure.stop_s[row]))
    return least


def _rows(taking: Taking) -> tuple[int, int]:
    return taking.pickup, taking.delivery


def _shares(kind: TurnKind, closure: Closure, origins: Ints, destinations: Ints) -> Ints:
    cells = np.ix_(origins, destinations)
    shares: Ints = kind.per_metre * closure.metres[cells] + kind.per_second * closure.seconds[cells]
    return shares


def _stop_cost(handling: dict[int, int], way_in: int, caps: Sequence[int | None]) -> int:
    """Serving at a stop or leaving out all of it, whichever is less; halves are rounded down."""
    halves = {number: cap // 2 if (cap := caps[number]) is not None else None for number in handling}
    served = way_in
    for number, price in handling.items():
        half = halves[number]
        served += price if half is None else min(price, half)
    left_out = [half for half in halves.values() if half is not None]
    return served if len(left_out) < len(halves) else min(served, sum(left_out))


def _routes_cost(closure: Closure, kinds: Sequence[TurnKind], caps: Sequence[int | None]) -> int:
    """What the first route costs at least beyond its ways in, when anything must be served."""
    if all(caps[taking.number] is not None for kind in kinds for taking in kind.takings):
        return 0
    return min(max(0, kind.fixed + _way_home(kind, closure)) for kind in kinds)


def _way_home(kind: TurnKind, closure: Closure) -> int:
    if kind.end is None:
        return 0
    rows = np.array(sorted({taking.delivery for taking in kind.takings}))
    return int(_shares(kind, closure, rows, np.array([kind.end])).min())
