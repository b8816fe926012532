"""What may leave the authority: no figure from fewer than three suppliers, nor one that others give away by subtraction. Pure.

The deliveries are cut into the smallest pieces that any figure tells apart (a month's of a category, say), each with its suppliers;
a figure is the sum of some of them. Figures are let out one by one, in the order of their worth. One stays inside when it, together
with those already out, would tell a sum that two suppliers or fewer stand for: whoever adds and subtracts figures reaches exactly
the sums in their span, so it is enough to see that the span holds nothing made of two suppliers' pieces alone. That covers the
cell of a single supplier, the one cell missing under a total, and every longer way round (secondary suppression).

What is let out depends only on what came before it in the order: who keeps an earlier answer learns nothing by a later one, as
long as pieces of time that have passed do not change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

FEWEST_SUPPLIERS = 3
PRIME = 2_147_483_647
"""Counted modulo a prime: exact, and a wrong nought is as likely as one in two thousand million."""

Suppliers = frozenset[int]
Cell = frozenset[int]
Numbers = NDArray[np.int64]


def released(pieces: tuple[Suppliers, ...], cells: tuple[Cell, ...]) -> tuple[bool, ...]:
    """For each cell, the places of its pieces in `pieces`, whether its figure may leave, those before it having been asked first.

    A cell without pieces is nought and may. Each piece has somebody who delivered it.
    """
    ledger = Ledger(pieces)
    return tuple(ledger.admits(cell) for cell in cells)


def is_enough(suppliers: int) -> bool:
    """For a figure that stands alone, beside no total: none, or at least three."""
    return suppliers == 0 or suppliers >= FEWEST_SUPPLIERS


class Ledger:
    """What is out, as the amounts that nobody outside can tell yet: each column of `free` is a change that no figure shows.

    A set of pieces is safe while any amounts in it could be others: its rows of `free` are independent of each other.
    """

    def __init__(self, pieces: Sequence[Suppliers]) -> None:
        self.pieces = pieces
        self.free: Numbers = np.eye(len(pieces), dtype=np.int64)
        self.guarded = [np.array(sorted(places)) for places in _guarded(pieces)]

    def admits(self, cell: Cell) -> bool:
        shown = self.free[sorted(cell)].sum(axis=0) % PRIME
        seen = np.flatnonzero(shown)
        if not seen.size:
            return True  # it follows from what is out already
        if len(frozenset().union(*(self.pieces[place] for place in cell))) < FEWEST_SUPPLIERS:
            return False
        fixed = self.free[:, seen[0]] * pow(int(shown[seen[0]]), -1, PRIME) % PRIME
        left = np.delete((self.free - np.outer(fixed, shown) % PRIME) % PRIME, seen[0], axis=1)
        if not all(_are_independent(left[places]) for places in self.guarded if fixed[places].any()):
            return False
        self.free = left
        return True


def _guarded(pieces: Sequence[Suppliers]) -> list[frozenset[int]]:
    """For each one or two suppliers who have pieces by themselves, all those pieces; the largest sets stand for the smaller."""
    few = [suppliers for suppliers in pieces if len(suppliers) < FEWEST_SUPPLIERS]
    alone = sorted({supplier for suppliers in few if len(suppliers) == 1 for supplier in suppliers})
    couples = {frozenset(pair) for pair in combinations(alone, 2)} | set(few)
    found = {
        frozenset(place for place, suppliers in enumerate(pieces) if suppliers <= couple)
        for couple in couples
    }
    return _largest(found)


def _largest(sets: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    kept: list[frozenset[int]] = []
    for each in sorted(sets, key=lambda one: (-len(one), sorted(one))):
        if not any(each <= other for other in kept):
            kept.append(each)
    return kept


def _are_independent(rows: Numbers) -> bool:
    """Whether no row is a sum of others, by elimination."""
    rows = rows.copy()
    for number in range(len(rows)):
        seen = np.flatnonzero(rows[number])
        if not seen.size:
            return False
        head = rows[number] * pow(int(rows[number, seen[0]]), -1, PRIME) % PRIME
        rest = rows[number + 1 :]
        rows[number + 1 :] = (rest - np.outer(rest[:, seen[0]], head) % PRIME) % PRIME
    return True
