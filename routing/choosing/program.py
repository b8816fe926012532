"""The linear program of one node of branch and bound after another, over the routes that came up so far.

HiGHS solves it (Huangfu and Hall 2018), from where it last ended: among a hundred thousand routes its dual simplex needs less time than
GLOP's. Its duals are only a guess at good prices; what is proven from them is computed in whole numbers.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import highspy
import numpy as np

from routing.arrays import Bools, Floats, Ints
from routing.choosing.cuts import Triple, violated
from routing.costs import SHARES_PER_ORE

FIRST, AT_ONCE = 600, 400
"""Routes that a linear program begins with, and that are added in a round."""
WHOLE = 1e-5
"""So near 0 or 1 a share is thought to be it."""
MOST_CUTS, WORTH = 300, 2e-4
"""No more cuts than so many; a round of them that gains less of the bound is a node's last."""
TEMPTING = SHARES_PER_ORE // 100
"""Routes that promise less join no program."""
OPTIONS: dict[str, bool | int | str] = {
    "output_flag": False,
    "threads": 1,
    "presolve": "off",
    "solver": "simplex",
    "simplex_iteration_limit": 100_000,
}
"""Of HiGHS: from where it last ended it needs some hundreds of iterations; one that loses its way ends."""
EXACT = 2**53
"""Whole numbers below are exact as floating point numbers, and so are their sums."""


class Choices(Protocol):
    """What is chosen among (see Branching); ``weights``: the members as floating point numbers."""

    kinds: Ints
    prices: Ints
    members: Bools
    weights: Floats
    counts: Sequence[int]
    caps: Ints
    cuts: Iterable[Triple]


class Proof(NamedTuple):
    """In shares: a sum that no choice is below, with the prices less rewards of routes, of leaving out and of each kind at least, that prove it."""

    least: int
    reduced: Ints
    skips: Ints
    floors: Ints

    @property
    def bound(self) -> int:
        """A choice costs whole öre."""
        return -(-self.least // SHARES_PER_ORE) * SHARES_PER_ORE


class Program:
    """Columns: leaving each shipment out, then doing without each at a price above all, then routes. Rows: shipments, turns, cuts."""

    def __init__(self, task: Choices) -> None:
        self.task = task
        self.shipments = len(task.caps)
        self.cuts: dict[Triple, None] = {}
        self.cut_rows: list[Ints] = []
        self.known: list[int] = []
        self.place = np.full(len(task.prices), -1, np.int64)
        self.may = np.ones(len(task.prices), np.bool_)
        self.may_skip = np.ones(self.shipments, np.bool_)
        self.solver: Any = _Quiet()
        for name, value in OPTIONS.items():
            self.solver.setOptionValue(name, value)
        for _ in range(self.shipments):
            self._rule(1.0, 1.0, ())
        for most in task.counts:
            self._rule(-highspy.kHighsInf, float(most), ())
        dearest = int(task.caps.max(initial=0)) + int(task.prices.max(initial=0)) + SHARES_PER_ORE
        each = [[number] for number in range(self.shipments)]
        self._columns(task.caps, each)
        self._columns(np.full(self.shipments, dearest), each)
        self._cut(task.cuts)

    def proof(
        self, rows: Bools, skips: Bools, *, most: int, until: float
    ) -> tuple[Proof, dict[int, float]] | None:
        """What is proven of choices among these routes and shipments that may be left out, and the rows of the program's optimum with their shares.

        Cuts join as long as they gain, and as ``most`` is not proven. None when time is up or the solver gives up.
        """
        self._show(rows, skips)
        proof: Proof | None = None
        while True:
            before = proof
            proof = self._converged(before, most=most, until=until)
            if proof is None:
                return None
            chosen = self._chosen()
            if proof.bound >= most or (before is not None and proof.least < before.least * (1 + WORTH)):
                return proof, chosen
            if not self._may_cut(chosen):
                return proof, chosen

    def _converged(self, best: Proof | None, *, most: int, until: float) -> Proof | None:
        """What is proven at most when no route is left that would better the program, or ``most`` is proven."""
        while True:
            if time.monotonic() > until or not self._is_solved():
                return None
            proof, rents = self._proof()
            best = proof if best is None or proof.least > best.least else best
            if best.bound >= most or not self._add(proof.reduced + rents[self.task.kinds]):
                return best

    def _is_solved(self) -> bool:
        """Whether the optimum is found, if need be anew: from where it last ended the solver may lose its way."""
        self.solver.run()
        if self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            return True
        self.solver.clearSolver()
        self.solver.run()
        return bool(self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def _chosen(self) -> dict[int, float]:
        """The rows of the optimum, each with its share."""
        shares = np.array(self.solver.getSolution().col_value)[2 * self.shipments :]
        return {self.known[place]: float(shares[place]) for place in np.flatnonzero(shares > WHOLE).tolist()}

    def _may_cut(self, chosen: Mapping[int, float]) -> bool:
        """Whether there are new rules that the mixed routes offend; then the program has them."""
        if len(self.cuts) > MOST_CUTS:
            return False
        rows, shares = np.array(list(chosen), np.int64), np.array(list(chosen.values()))
        return self._cut(violated(self.task.members[rows], shares)) > 0

    def _proof(self) -> tuple[Proof, Ints]:
        """What the duals prove, rounded to whole shares; and the rents of the turns."""
        task = self.task
        most = EXACT // (2 * self.shipments + 1)  # whatever the duals are, they prove something
        duals = np.nan_to_num(np.array(self.solver.getSolution().row_dual))
        duals = np.clip(duals, -most / SHARES_PER_ORE, most / SHARES_PER_ORE)
        turns = self.shipments + len(task.counts)
        rewards = _shares(duals[: self.shipments])
        rents = np.maximum(0, _shares(-duals[self.shipments : turns]))
        prices = np.maximum(0, _shares(-duals[turns:]))
        reduced = task.prices - (task.weights @ rewards.astype(np.float64)).astype(np.int64)
        for number in np.flatnonzero(prices).tolist():
            reduced[self.cut_rows[number]] += prices[number]
        floors = np.zeros(len(task.counts), np.int64)
        np.minimum.at(floors, task.kinds[self.may], reduced[self.may])
        skips = task.caps - rewards
        least = int(rewards.sum() - prices.sum() + (floors * np.array(task.counts)).sum())
        least += int(np.minimum(0, skips[self.may_skip]).sum())
        return Proof(least, reduced, skips, floors), rents

    def _show(self, rows: Bools, skips: Bools) -> None:
        """Only these routes and shipments left out are possible from here on."""
        known = np.array(self.known, np.int64)
        changed = np.flatnonzero(self.may[known] != rows[known])
        self._allow(2 * self.shipments + changed, rows[known[changed]])
        changed = np.flatnonzero(self.may_skip != skips)
        self._allow(changed, skips[changed])
        self.may, self.may_skip = rows, skips

    def _allow(self, columns: Ints, may: Bools) -> None:
        """Columns by their number in the program."""
        if len(columns):
            most = np.where(may, highspy.kHighsInf, 0.0)
            self.solver.changeColsBounds(len(columns), columns.astype(np.int32), np.zeros(len(columns)), most)

    def _add(self, reduced: Ints) -> int:
        """The routes that promise most join the program; how many."""
        task = self.task
        tempting = np.flatnonzero(self.may & (reduced < -TEMPTING) & (self.place < 0))
        most = AT_ONCE if self.known else FIRST
        fresh = tempting[np.argsort(reduced[tempting], kind="stable")][:most]
        if not len(fresh):
            return 0
        turns = self.shipments + len(task.counts)
        triples = np.array(list(self.cuts), np.int64).reshape(-1, 3)
        is_cut = task.members[fresh][:, triples].sum(axis=2) >= 2
        rows = [
            [
                *np.flatnonzero(task.members[row]).tolist(),
                self.shipments + int(task.kinds[row]),
                *(turns + np.flatnonzero(cut)).tolist(),
            ]
            for row, cut in zip(fresh.tolist(), is_cut, strict=True)
        ]
        self.place[fresh] = len(self.known) + np.arange(len(fresh))
        self.known.extend(fresh.tolist())
        self._columns(task.prices[fresh], rows)
        return len(fresh)

    def _cut(self, triples: Iterable[Triple]) -> int:
        """At most one route with two of each three; how many such rules are new."""
        fresh = [triple for triple in triples if triple not in self.cuts]
        for triple in fresh:
            self.cuts[triple] = None
            self.cut_rows.append(np.flatnonzero(self.task.members[:, list(triple)].sum(axis=1) >= 2))
            places = self.place[self.cut_rows[-1]]
            self._rule(-highspy.kHighsInf, 1.0, 2 * self.shipments + places[places >= 0])
        return len(fresh)

    def _rule(self, least: float, most: float, columns: Iterable[int]) -> None:
        """A new row with these columns once each."""
        which = np.array(tuple(columns), np.int32)
        self.solver.addRow(least, most, len(which), which, np.ones(len(which)))

    def _columns(self, prices: Ints, rows: Sequence[Sequence[int]]) -> None:
        """New columns, each once in its rows."""
        ends = np.cumsum([len(some) for some in rows])
        starts = np.concatenate(([0], ends[:-1])).astype(np.int32)
        which = np.concatenate([np.array(some, np.int32) for some in rows])
        many, entries = len(rows), len(which)
        self.solver.addCols(
            many,
            prices / SHARES_PER_ORE,
            np.zeros(many),
            np.full(many, highspy.kHighsInf),
            entries,
            starts,
            which,
            np.ones(entries),
        )


class _Quiet(highspy.Highs):
    """Without what ``Highs`` makes ready for callbacks: that prints the solver's name where answers are read by programs."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()


def _shares(duals: Floats) -> Ints:
    values: Ints = np.round(duals * SHARES_PER_ORE).astype(np.int64)
    return values
