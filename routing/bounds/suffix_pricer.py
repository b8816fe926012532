"""Column generation's view of ``suffixes``: quick looks first, the whole truth when they find little."""

import time
from collections.abc import Sequence

import numpy as np

from routing.bounds.calls import MOST_PLACES, MOST_SHIPMENTS, calls_of
from routing.bounds.columns import Priced
from routing.bounds.completions import Completions
from routing.bounds.master import Column, Duals
from routing.bounds.network import Closure, TurnKind
from routing.bounds.pricing import Effort, Found, PricingUnfinished
from routing.bounds.suffixes import cheapest

WIDTHS = (150, 600, None)
"""Labels kept of each length: the next when one finds few new columns; None, keeping all, proves."""
FEW = 8
COARSE_S, FINE_S, LEAST_S = 400, 200, 60
"""Steps of the completions' time: coarse is quick, fine drops more labels; below the least the tables are too long."""


class StopsTooClose(ValueError):
    """Two stops of a turn are less than ``LEAST_S`` apart: a step would take such a way for longer than it is."""


def is_small_enough(kinds: Sequence[TurnKind]) -> bool:
    """Whether every kind's shipments and places fit a word and a table."""
    return all(
        len(kind.takings) <= MOST_SHIPMENTS
        and len({taking.delivery for taking in kind.takings}) <= MOST_PLACES
        for kind in kinds
    )


class SuffixPricer:
    """Prices routes with pickups on the way; ``memory``: how many other farms a stop remembers."""

    def __init__(self, closure: Closure, kinds: Sequence[TurnKind], *, memory: int) -> None:
        """Raises StopsTooClose."""
        self.closure, self.kinds, self.memory = closure, kinds, memory
        self.width = 0
        self.longest_step_s = min((_shortest_s(kind, closure) for kind in kinds), default=COARSE_S)
        if self.longest_step_s < LEAST_S:
            raise StopsTooClose

    def learn(self, *, new: int) -> None:
        """After a round that proves comes a quick one; after one that finds little a wider one."""
        if WIDTHS[self.width] is None:
            self.width = 0
        elif new < FEW:
            self.width += 1

    def price(self, number: int, duals: Duals, *, until: float) -> Priced:
        kind, width = self.kinds[number], WIDTHS[self.width]
        calls = calls_of(kind, self.closure, duals.rewards, memory=self.memory)
        below = -kind.fixed - int(duals.rents[number])
        if calls is None or time.monotonic() > until:
            return Priced((), 0) if calls is None else Priced((), -int(duals.rewards.sum()), is_exact=False)
        step_s = min(COARSE_S if width else FINE_S, self.longest_step_s)
        completions = Completions(calls, step_s=step_s)
        floor = completions.root()
        if floor >= below:
            return Priced((), below + kind.fixed)
        try:
            found = cheapest(completions, effort=Effort(width=width, until=until), below=below)
        except PricingUnfinished:
            return Priced((), floor + kind.fixed, is_exact=False)
        if width is None:
            floor = min((route.price for route in found), default=below)
        columns = tuple(self._column(number, route, duals) for route in found)
        return Priced(columns, floor + kind.fixed, is_exact=width is None)

    def _column(self, number: int, route: Found, duals: Duals) -> Column:
        earned = int(sum(np.take(duals.rewards, route.numbers).tolist()))
        return Column(number, route.price + self.kinds[number].fixed + earned, route.numbers)


def _shortest_s(kind: TurnKind, closure: Closure) -> int:
    """The least from the end of work at one of a turn's stops to another one, stop time included.

    A stop that is both farm and place is no way from itself.
    """
    places, farms = ({getattr(taking, end) for taking in kind.takings} for end in ("delivery", "pickup"))
    if places & farms:
        return 0
    rows = np.array(sorted(places | farms))
    between = closure.seconds[np.ix_(rows, rows)] + closure.stop_s[rows][:, None]
    return int(between[~np.eye(len(rows), dtype=np.bool_)].min())
