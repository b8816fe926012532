"""A good choice soon: of the routes that a linear program mixes one after another is taken for good, now and then not the one with the largest share.

Diving with limited discrepancy search, after Sadykov, Vanderbeck, Pessoa, Tahiri and Uchoa (2019), "Primal Heuristics for Branch and Price".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from routing.arrays import Bools, Ints
from routing.choosing.program import WHOLE, Program


class Among(Protocol):
    """What is chosen among (see Branching)."""

    kinds: Ints
    members: Bools
    counts: Sequence[int]
    program: Program

    def is_choice(self, rows: tuple[int, ...]) -> bool: ...

    def cost(self, rows: tuple[int, ...]) -> int: ...


@dataclass(slots=True)
class Dive:
    """Until a moment of time.monotonic; ``rows``: the cheapest choice met that costs less than ``most`` shares, which then is its price."""

    among: Among
    most: int
    until: float
    rows: tuple[int, ...] | None = None

    def down(self, rows: Bools, skips: Bools, strays: int) -> None:
        """From these routes and shipments that may still be left out, with so many steps aside at most on each way down."""
        found = self.among.program.proof(rows, skips, most=self.most, until=self.until)
        if found is None or found[0].bound >= self.most:
            return
        shares = found[1]
        whole = tuple(row for row, share in shares.items() if share > 1 - WHOLE)
        mixed = sorted(shares.keys() - set(whole), key=lambda row: (-shares[row], row))
        if not mixed:
            self._take(whole)
        for number, row in enumerate(mixed[: strays + 1]):
            further = self._with((*whole, row), mixed[:number], rows, skips)
            self.down(*further, strays - number)

    def _take(self, rows: tuple[int, ...]) -> None:
        if self.among.is_choice(rows) and (cost := self.among.cost(rows)) < self.most:
            self.most, self.rows = cost, rows

    def _with(
        self, taken: Sequence[int], without: Sequence[int], rows: Bools, skips: Bools
    ) -> tuple[Bools, Bools]:
        """What is possible where these routes are taken, and those beside them are not."""
        among, some = self.among, list(taken)
        numbers = among.members[some].any(axis=0)
        used = np.bincount(among.kinds[some], minlength=len(among.counts))
        possible = rows & ~among.members[:, numbers].any(axis=1) & (used < among.counts)[among.kinds]
        possible[list(without)] = False
        possible[some] = True
        return possible, skips & ~numbers
