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
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

FEWEST_SUPPLIERS = 3
PRIME = 2_147_483_647
"""Counted modulo a prime: exact, and a wrong nought is as likely as one in two thousand million."""

Suppliers = frozenset[int]
Cell = frozenset[int]
Numbers = NDArray[np.int64]
Reals = NDArray[np.float64]
LEAST_PIVOT, WORST_CONDITION = 1e-6, 1e8


Asked = Sequence[tuple["Ledger", Cell]]


def let_out(asked: Sequence[Asked]) -> list[bool]:
    """In order, which may leave: each is one or more cells that leave together or not at all. The ledgers keep what does.

    A cell without pieces is nought and may; each piece has somebody who delivered it. As if they were asked one by one; but where all
    of some may leave, that is seen at once.
    """
    if not asked:
        return []
    wanted: dict[int, list[Cell]] = {}
    ledgers = {id(ledger): ledger for one in asked for ledger, _ in one}
    for one in asked:
        for ledger, cell in one:
            wanted.setdefault(id(ledger), []).append(cell)
    trials = {}
    for key, cells in wanted.items():
        trials[key] = trial = ledgers[key].trial(cells)
        if trial is None:
            break
    else:
        for key, found in trials.items():
            ledgers[key].keep(found)
        return [True] * len(asked)
    middle = len(asked) // 2
    return [False] if not middle else [*let_out(asked[:middle]), *let_out(asked[middle:])]


@dataclass(frozen=True, slots=True)
class _Known:
    """Independent sums that are out; `span`: the same, each with a place of its own (`heads`), exact, to see what follows."""

    out: Reals
    span: Numbers
    heads: tuple[int, ...]

    def with_sum(self, asked: Numbers) -> _Known | None:
        """None when it follows."""
        news = (asked - (asked[list(self.heads)] @ self.span) % PRIME) % PRIME
        places = np.flatnonzero(news)
        if not places.size:
            return None
        head = int(places[0])
        news = news * pow(int(news[head]), -1, PRIME) % PRIME
        span = (self.span - np.outer(self.span[:, head], news) % PRIME) % PRIME
        return _Known(np.vstack([self.out, asked]), np.vstack([span, news]), (*self.heads, head))


class Ledger:
    """What is out: independent sums of pieces. A guarded set of pieces is safe while no combination of those is made of it alone."""

    def __init__(self, pieces: Sequence[Suppliers]) -> None:
        self.pieces = pieces
        self.known = _Known(np.zeros((0, len(pieces))), np.zeros((0, len(pieces)), dtype=np.int64), ())
        self.guarded, self.is_there = _padded(_guarded(pieces))

    def trial(self, cells: Sequence[Cell]) -> _Known | None:
        """What is known when these are out too; none when that would be too much."""
        known = self.known
        for cell in cells:
            asked = np.zeros(len(self.pieces), dtype=np.int64)
            asked[sorted(cell)] = 1
            further = known.with_sum(asked)
            if further is None:
                continue  # it follows from what is out already
            if len(frozenset().union(*(self.pieces[place] for place in cell))) < FEWEST_SUPPLIERS:
                return None
            known = further
        return known if known is self.known or self._is_safe(known.out) else None

    def keep(self, known: _Known | None) -> None:
        """The answer of a trial."""
        assert known is not None
        self.known = known

    def _is_safe(self, out: Reals) -> bool:
        """Without the columns of a guarded set, the rows stay independent.

        They do where 1 less the projection on the rows, of the set's own columns, is positive definite: by elimination for all
        sets at once. What is too near to tell counts as unsafe.
        """
        if not len(self.guarded):
            return True
        gram = out @ out.T
        if np.linalg.cond(gram) > WORST_CONDITION:
            return False
        projection = out.T @ np.linalg.solve(gram, out)
        sides = self.guarded[:, :, None], self.guarded[:, None, :]
        both = self.is_there[:, :, None] & self.is_there[:, None, :]
        left = np.eye(self.guarded.shape[1]) - np.where(both, projection[sides], 0.0)
        for n in range(left.shape[1]):
            pivots = left[:, n, n]
            if (pivots < LEAST_PIVOT).any():
                return False
            left[:, n + 1 :, n + 1 :] -= (
                left[:, n + 1 :, n, None] * left[:, None, n, n + 1 :] / pivots[:, None, None]
            )
        return True


def _padded(sets: Sequence[frozenset[int]]) -> tuple[Numbers, NDArray[np.bool_]]:
    """One row each, filled up with nought where `is_there` says that nothing is."""
    longest = max((len(one) for one in sets), default=0)
    places, is_there = (
        np.zeros((len(sets), longest), dtype=np.int64),
        np.zeros((len(sets), longest), dtype=bool),
    )
    for row, one in enumerate(sets):
        places[row, : len(one)], is_there[row, : len(one)] = sorted(one), True
    return places, is_there


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
    """Those that lie in no larger one."""
    each = sorted(set(sets), key=lambda one: (-len(one), sorted(one)))
    members = np.zeros(
        (len(each), 1 + max((max(one, default=0) for one in each), default=0)), dtype=np.float32
    )
    for row, one in enumerate(each):
        members[row, sorted(one)] = 1
    sizes = members.sum(axis=1)
    lies_in = (members @ members.T == sizes[:, None]) & (sizes[None, :] > sizes[:, None])
    return [one for one, is_inside in zip(each, lies_in.any(axis=1), strict=True) if not is_inside]
