"""Branch and bound among all routes that could matter; what each node proves is computed in whole numbers from its duals.

A node is a set of routes and of shipments that may still be left out. Where its linear program mixes routes, it is split by
whether a shipment goes with a kind of turn, and else by whether two shipments go together (Ryan and Foster 1981). The node
that promises least is split first, so that what is proven of all grows as soon as can be. Routes that are too dear for
any choice below the target under a node's duals are dropped below it (reduced cost fixing).
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Any, NamedTuple

import numpy as np

from routing.bounds.complete import Routes
from routing.bounds.cuts import violated
from routing.bounds.master import Column, Triple, is_cut, is_solved
from routing.bounds.words import Bools, Floats, Ints
from routing.costs import SHARES_PER_ORE

FIRST, AT_ONCE = 600, 100
"""Routes that a linear program begins with, and that are added in a round."""
WHOLE = 1e-5
"""So near 0 or 1 a share is thought to be it."""
MOST_CUTS, WORTH = 300, 2e-4
"""No more cuts than so many; a round of them that gains less of the bound is a node's last."""
MOST_KEPT = 500_000_000
"""Bytes of nodes that wait; with more the search ends with what is proven by then."""
EXACT = 2**53
"""Whole numbers below are exact as floating point numbers, and so are their sums."""


class Chosen(NamedTuple):
    """In shares: the best choice found and what every choice costs at least; the rows of the routes chosen."""

    cost: int | None
    proven: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """What is still possible here, what any such choice costs at least, and what to split by (two shipments, or one and a kind)."""

    bound: int
    rows: Bools
    skips: Bools
    split: "Split | None" = None


class Split(NamedTuple):
    """Shipment ``first`` goes with turn kind ``other``, or, where ``is_pair``, on one route with shipment ``other``."""

    first: int
    other: int
    is_pair: bool


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


@dataclass(slots=True)
class Branching:
    """One set of routes; ``counts`` of each kind of turn, ``caps``: prices of leaving out in shares, ``cuts`` to begin with."""

    routes: Sequence[Routes]
    counts: Sequence[int]
    caps: Ints
    cuts: Iterable[Triple]
    kinds: Ints = field(init=False)
    prices: Ints = field(init=False)
    members: Bools = field(init=False)
    weights: Floats = field(init=False)
    program: "Program" = field(init=False)

    def __post_init__(self) -> None:
        self.kinds = np.repeat(np.arange(len(self.routes)), [len(routes) for routes in self.routes])
        prices = np.concatenate([routes.prices for routes in self.routes])
        self.prices = -(-prices // SHARES_PER_ORE) * SHARES_PER_ORE
        self.members = np.concatenate([routes.members for routes in self.routes])
        self.weights = self.members.astype(np.float64)
        self.program = Program(self)

    def best(self, *, most: int, until: float, heard: Callable[[int], None]) -> Chosen:
        """The cheapest choice below ``most`` shares, or what is proven of all by a moment of time.monotonic; ``heard``: proven so far."""
        best: tuple[int, ...] | None = None
        number, closed = count(), most
        waiting: list[tuple[int, int, Node]] = []
        root = Node(0, np.ones(len(self.prices), np.bool_), np.ones(len(self.caps), np.bool_))
        children: list[Node] = [root]
        while True:
            for child in children:
                found = self.program.solve(child, most=most, until=until)
                if found is None:
                    return self._ended(best, most, [child.bound, closed, *(entry[0] for entry in waiting)])
                node, rows = found
                if rows is not None:
                    cost = self._cost(rows)
                    closed = min(closed, max(node.bound, child.bound))
                    if cost < most:
                        most, best = cost, rows
                elif node.bound < most:
                    heappush(waiting, (node.bound, next(number), node))
            is_full = len(waiting) * len(self.prices) > MOST_KEPT
            if not waiting or waiting[0][0] >= most or closed <= waiting[0][0] or is_full:
                return self._ended(best, most, [closed, *(entry[0] for entry in waiting[:1])])
            heard(min(closed, waiting[0][0]))
            node = heappop(waiting)[2]
            children = list(self._halves(node))

    def _ended(self, best: tuple[int, ...] | None, most: int, bounds: Iterable[int]) -> Chosen:
        proven = min(most, *bounds)
        return Chosen(most if best is not None else None, proven, best or ())

    def _cost(self, rows: tuple[int, ...]) -> int:
        is_left_out = ~self.members[list(rows)].any(axis=0)
        return int(self.prices[list(rows)].sum() + self.caps[is_left_out].sum())

    def _halves(self, node: Node) -> Iterator[Node]:
        """Together or with that kind of turn, and not."""
        assert node.split is not None
        first, other, is_pair = node.split
        served = self.members[:, first]
        skips = node.skips.copy()
        skips[first] = False
        if is_pair:
            beside = self.members[:, other]
            skips[other] = False
            yield Node(node.bound, node.rows & (served == beside), skips)
            yield Node(node.bound, node.rows & ~(served & beside), node.skips)
            return
        on_kind = self.kinds == other
        barred = served & ~on_kind
        if self.counts[other] == 1:
            barred |= on_kind & ~served
        yield Node(node.bound, node.rows & ~barred, skips)
        yield Node(node.bound, node.rows & ~(served & on_kind), node.skips)


class Program:
    """The linear program of one node after another, over the routes that came up so far."""

    def __init__(self, task: Branching) -> None:
        from ortools.linear_solver import pywraplp

        self.task = task
        self.solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        self.infinity = self.solver.infinity()
        self.objective = self.solver.Objective()
        self.objective.SetMinimization()
        self.covers = [self.solver.Constraint(1.0, 1.0) for _ in task.caps]
        self.turns = [self.solver.Constraint(-self.infinity, float(most)) for most in task.counts]
        self.cuts: dict[Triple, Any] = {}
        self.cut_rows: list[Ints] = []
        dearest = int(task.caps.max(initial=0)) + int(task.prices.max(initial=0)) + SHARES_PER_ORE
        self.skips = [
            self._variable(cap, {row: 1.0}) for row, cap in zip(self.covers, task.caps.tolist(), strict=True)
        ]
        self.gaps = [self._variable(dearest, {row: 1.0}) for row in self.covers]
        self.known: dict[int, Any] = {}
        self.may = np.ones(len(task.prices), np.bool_)
        self.may_skip = np.ones(len(task.caps), np.bool_)
        self._cut(task.cuts)

    def solve(self, node: Node, *, most: int, until: float) -> tuple[Node, tuple[int, ...] | None] | None:
        """The node with its bound and what to split it by, and the routes where none are mixed; None when time is up or the solver gives up."""
        self._show(node)
        proof: Proof | None = None
        while True:
            before = proof
            proof = self._converged(node, before, most=most, until=until)
            if proof is None:
                return None
            if proof.bound >= most:
                return Node(proof.bound, node.rows, node.skips), None
            chosen = self._chosen()
            if (before is not None and proof.least < before.least * (1 + WORTH)) or not self._may_cut(chosen):
                return self._split(node, proof, chosen, most)

    def _converged(self, node: Node, best: Proof | None, *, most: int, until: float) -> Proof | None:
        """What is proven at most when no route is left that would better the program, or ``most`` is proven."""
        while True:
            if time.monotonic() > until or not is_solved(self.solver):
                return None
            proof, rents = self._proof(node)
            best = proof if best is None or proof.least > best.least else best
            if best.bound >= most or not self._add(node, proof.reduced + rents[self.task.kinds]):
                return best

    def _chosen(self) -> dict[int, float]:
        """The rows of the optimum, each with its share."""
        shares = {row: variable.solution_value() for row, variable in self.known.items()}
        return {row: share for row, share in shares.items() if share > WHOLE}

    def _may_cut(self, chosen: Mapping[int, float]) -> bool:
        """Whether there are new rules that the mixed routes offend; then the program has them."""
        if len(self.cuts) > MOST_CUTS:
            return False
        task = self.task
        columns = {
            Column(int(task.kinds[row]), row, tuple(np.flatnonzero(task.members[row]).tolist())): share
            for row, share in chosen.items()
        }
        return self._cut(violated(columns)) > 0

    def _proof(self, node: Node) -> tuple[Proof, Ints]:
        """What the duals prove, rounded to whole shares; and the rents of the turns."""
        task = self.task
        most = EXACT // (2 * len(task.caps) + 1)  # whatever the duals are, they prove something
        rewards = np.clip(_shares(row.dual_value() for row in self.covers), -most, most)
        prices = np.maximum(0, _shares(-row.dual_value() for row in self.cuts.values()))
        rents = np.maximum(0, _shares(-row.dual_value() for row in self.turns))
        reduced = task.prices - (task.weights @ rewards.astype(np.float64)).astype(np.int64)
        for number in np.flatnonzero(prices).tolist():
            reduced[self.cut_rows[number]] += prices[number]
        floors = np.zeros(len(task.counts), np.int64)
        np.minimum.at(floors, task.kinds[node.rows], reduced[node.rows])
        skips = task.caps - rewards
        least = int(rewards.sum() - prices.sum() + (floors * np.array(task.counts)).sum())
        least += int(np.minimum(0, skips[node.skips]).sum())
        return Proof(least, reduced, skips, floors), rents

    def _split(
        self, node: Node, proof: Proof, chosen: Mapping[int, float], most: int
    ) -> tuple[Node, tuple[int, ...] | None]:
        task = self.task
        room = most - proof.least
        rows = node.rows & (proof.reduced - proof.floors[task.kinds] < room)
        skips = node.skips & (proof.skips < room)
        some, shares = np.array(list(chosen), np.int64), np.array(list(chosen.values()))
        members, kinds = task.weights[some], task.kinds[some]
        by_kind = np.zeros((len(task.caps), len(task.counts)))
        for kind in np.unique(kinds).tolist():
            by_kind[:, kind] = shares[kinds == kind] @ members[kinds == kind]
        split = _most_mixed(by_kind, is_pair=False)
        if split is None:
            split = _most_mixed(np.triu((members.T * shares) @ members, 1), is_pair=True)
        found = Node(max(node.bound, proof.bound), rows, skips, split)
        whole = tuple(some[shares > 1 - WHOLE].tolist())
        return found, whole if split is None else None

    def _show(self, node: Node) -> None:
        """The variables that are possible at the node."""
        for row in np.flatnonzero(self.may != node.rows).tolist():
            if row in self.known:
                self.known[row].SetUb(self.infinity if node.rows[row] else 0.0)
        for number in np.flatnonzero(self.may_skip != node.skips).tolist():
            self.skips[number].SetUb(self.infinity if node.skips[number] else 0.0)
        self.may, self.may_skip = node.rows, node.skips

    def _add(self, node: Node, reduced: Ints) -> int:
        """The routes that promise most join the program; how many."""
        tempting = np.flatnonzero(node.rows & (reduced < -SHARES_PER_ORE // 100))
        most = AT_ONCE if self.known else FIRST
        best = tempting[np.argsort(reduced[tempting], kind="stable")]
        fresh = [row for row in best.tolist() if row not in self.known][:most]
        for row in fresh:
            numbers = np.flatnonzero(self.task.members[row]).tolist()
            rows = {self.covers[number]: 1.0 for number in numbers}
            rows[self.turns[int(self.task.kinds[row])]] = 1.0
            rows |= {cut: 1.0 for triple, cut in self.cuts.items() if is_cut(tuple(numbers), triple)}
            self.known[row] = self._variable(int(self.task.prices[row]), rows)
        return len(fresh)

    def _cut(self, triples: Iterable[Triple]) -> int:
        """At most one route with two of each three; how many such rules are new."""
        fresh = [triple for triple in triples if triple not in self.cuts]
        for triple in fresh:
            self.cuts[triple] = row = self.solver.Constraint(-self.infinity, 1.0)
            self.cut_rows.append(np.flatnonzero(self.task.members[:, list(triple)].sum(axis=1) >= 2))
            for number in self.known.keys() & set(self.cut_rows[-1].tolist()):
                row.SetCoefficient(self.known[number], 1.0)
        return len(fresh)

    def _variable(self, price: int, rows: dict[Any, float]) -> Any:
        variable = self.solver.NumVar(0.0, self.infinity, "")
        self.objective.SetCoefficient(variable, price / SHARES_PER_ORE)
        for row, times in rows.items():
            row.SetCoefficient(variable, times)
        return variable


def _most_mixed(shares: Floats, *, is_pair: bool) -> Split | None:
    """The place where a share is nearest a half; None where all are whole."""
    distance = np.abs(shares - np.round(shares))
    place = int(distance.argmax())
    if distance.flat[place] <= WHOLE:
        return None
    first, other = divmod(place, shares.shape[1])
    return Split(first, other, is_pair)


def _shares(duals: Iterable[float]) -> Ints:
    values: Ints = np.round(np.array(list(duals)) * SHARES_PER_ORE).astype(np.int64)
    return values
