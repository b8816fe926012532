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
COARSE_S, FINE_S = 400, 200
"""Steps of the completions' time: coarse is quick, fine drops more labels."""


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
        self.closure, self.kinds, self.memory = closure, kinds, memory
        self.width = 0

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
        completions = Completions(calls, step_s=COARSE_S if width else FINE_S)
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
