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

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

FEWEST_SUPPLIERS = 3
PRIME = 2_147_483_647
"""Counted modulo a prime: exact, and a wrong nought, which would mostly keep more inside, is as likely as one in two thousand million."""

Suppliers = frozenset[int]
Cell = frozenset[int]
Numbers = NDArray[np.int64]

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
    """Independent sums that are out, brought to a form where each has a place of its own (`heads`) at which the others are nought."""

    span: Numbers
    heads: tuple[int, ...]

    def with_sum(self, asked: Numbers, counts: Numbers) -> _Known | None:
        """`asked` is of noughts and ones. None when it follows. Its own place is a piece of as many suppliers as can be had: see Ledger."""
        news = (asked - self.span[np.flatnonzero(asked[list(self.heads)])].sum(axis=0)) % PRIME
        places = np.flatnonzero(news)
        if not places.size:
            return None
        head = int(places[np.argmax(counts[places])])
        news = news * pow(int(news[head]), -1, PRIME) % PRIME
        span = np.vstack([self.span, news])
        touched = np.flatnonzero(self.span[:, head])
        span[touched] = (span[touched] - np.outer(span[touched, head], news) % PRIME) % PRIME
        return _Known(span, (*self.heads, head))


class Ledger:
    """What is out: independent sums of pieces. It is safe while no combination of them is made of two suppliers' pieces alone.

    A combination has, at a sum's own place, that sum's weight in it: so what is made of some pieces alone is made of the sums whose
    own places are among those pieces. Most have theirs at a piece of three suppliers or more, and need not be looked at; those at a
    piece of two are looked at for these two only.
    """

    def __init__(self, pieces: Sequence[Suppliers]) -> None:
        self.pieces = pieces
        self.known = _Known(np.zeros((0, len(pieces)), dtype=np.int64), ())
        self.counts = np.array([min(len(one), FEWEST_SUPPLIERS) for one in pieces], dtype=np.int64)
        self.places: dict[Suppliers, list[int]] = {}
        for place, suppliers in enumerate(pieces):
            if len(suppliers) < FEWEST_SUPPLIERS:
                self.places.setdefault(suppliers, []).append(place)
        self.alone = sorted(
            {supplier for suppliers in self.places if len(suppliers) == 1 for supplier in suppliers}
        )

    def trial(self, cells: Sequence[Cell]) -> _Known | None:
        """What is known when these are out too; none when that would be too much."""
        known = self.known
        if not self.places:
            return known  # three stand behind each piece: there is nothing to keep
        for cell in cells:
            asked = np.zeros(len(self.pieces), dtype=np.int64)
            asked[sorted(cell)] = 1
            further = known.with_sum(asked, self.counts)
            if further is None:
                continue  # it follows from what is out already
            if len(frozenset().union(*(self.pieces[place] for place in cell))) < FEWEST_SUPPLIERS:
                return None
            known = further
        return known if known is self.known or self._is_safe(known) else None

    def keep(self, known: _Known | None) -> None:
        """The answer of a trial."""
        assert known is not None
        self.known = known

    def _is_safe(self, known: _Known) -> bool:
        """Looked at where a sum is new, or reads otherwise for a new one: the rest was safe before."""
        rows = {head: row for row, head in enumerate(known.heads) if self.counts[head] < FEWEST_SUPPLIERS}
        before = self.known.span
        is_new = np.ones(len(known.heads), dtype=np.bool_)
        is_new[: len(before)] = (known.span[: len(before)] != before).any(axis=1)
        looked_at = [self.pieces[head] for head, row in rows.items() if is_new[row]]
        couples = {couple for suppliers in looked_at for couple in self._couples_with(suppliers)}
        return not any(self._is_told(known, couple, rows) for couple in couples)

    def _is_told(self, known: _Known, couple: Suppliers, rows: Mapping[int, int]) -> bool:
        """Whether some combination of what is out is made of a couple's pieces alone."""
        own = [place for part in _parts(couple) for place in self.places.get(part, ())]
        beyond = known.span[[rows[place] for place in own if place in rows]]
        beyond[:, own] = 0
        return _is_dependent(beyond)

    def _couples_with(self, suppliers: Suppliers) -> Iterator[Suppliers]:
        """Each one or two suppliers, these among them, who have pieces by themselves or together."""
        yield suppliers
        if len(suppliers) == FEWEST_SUPPLIERS - 1:
            return
        yield from (couple for couple in self.places if suppliers < couple)
        others = [supplier for supplier in self.alone if supplier not in suppliers]
        yield from (
            suppliers | set(more) for more in combinations(others, FEWEST_SUPPLIERS - 1 - len(suppliers))
        )


def _parts(couple: Suppliers) -> Iterator[Suppliers]:
    """None of them, each of them, both."""
    for count in range(len(couple) + 1):
        yield from (frozenset(part) for part in combinations(couple, count))


def _is_dependent(rows: Numbers) -> bool:
    """Whether some combination of rows is nought, by elimination; `rows` are used up."""
    if not rows.any(axis=1).all():
        return True
    for number in range(len(rows) if len(rows) > 1 else 0):
        places = np.flatnonzero(rows[number])
        if not places.size:
            return True
        head = int(places[0])
        own = rows[number] * pow(int(rows[number, head]), -1, PRIME) % PRIME
        rows[number + 1 :] = (rows[number + 1 :] - np.outer(rows[number + 1 :, head], own) % PRIME) % PRIME
    return False
