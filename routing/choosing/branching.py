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
from typing import NamedTuple

import numpy as np

from routing.arrays import Bools, Floats, Ints
from routing.choosing.cuts import Triple
from routing.choosing.diving import Dive
from routing.choosing.program import WHOLE, Program, Proof
from routing.costs import SHARES_PER_ORE

FEW = 1_500
"""Routes among which a choice is looked for first."""
STRAYS = 1
"""Steps aside on a dive, at most."""
MOST_KEPT = 500_000_000
"""Bytes of nodes that wait; with more the search ends with what is proven by then."""


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


@dataclass(slots=True)
class Branching:
    """One set of routes: the number of each one's kind of turn, its price in shares, and routes x shipments.

    ``counts``: turns of each kind; ``caps``: prices of leaving each shipment out in shares; ``cuts`` to begin with.
    """

    kinds: Ints
    prices: Ints
    members: Bools
    counts: Sequence[int]
    caps: Ints
    cuts: Iterable[Triple] = ()
    weights: Floats = field(init=False)
    program: Program = field(init=False)

    def __post_init__(self) -> None:
        self.prices = -(-self.prices // SHARES_PER_ORE) * SHARES_PER_ORE
        self.weights = self.members.astype(np.float64)
        self.program = Program(self)

    def soon(self, *, most: int, until: float, most_nodes: int | None = None) -> Chosen:
        """As ``best``, for whoever wants a good choice more than a proof: first by a dive, then among the routes that promise most, then among all.

        The first two may take half of the time left each; among few and among all so many nodes may be split.
        """
        found = self.program.proof(*self.all(), most=most, until=until)
        if found is None:
            return Chosen(None, 0, ())
        dive = Dive(self, most, _half_way(until))
        dive.down(*self.all(), STRAYS)
        soon = Chosen(None if dive.rows is None else dive.most, 0, dive.rows or ())
        if len(self.prices) > FEW:
            proof, _ = found
            which = np.argsort(proof.reduced - proof.floors[self.kinds], kind="stable")[:FEW]
            few = self._among(which).soon(most=dive.most, until=_half_way(until), most_nodes=most_nodes)
            if few.cost is not None:
                soon = Chosen(few.cost, 0, tuple(which[list(few.rows)].tolist()))
        limit = most if soon.cost is None else soon.cost
        every = self.best(most=limit, until=until, heard=_nothing, most_nodes=most_nodes)
        return every if every.cost is not None else soon._replace(proven=every.proven)

    def _among(self, which: Ints) -> "Branching":
        """The same among some of the routes, with the cuts that are known by now."""
        return Branching(
            self.kinds[which],
            self.prices[which],
            self.members[which],
            self.counts,
            self.caps,
            tuple(self.program.cuts),
        )

    def all(self) -> tuple[Bools, Bools]:
        """The routes and the shipments that may be left out, before anything is split."""
        return np.ones(len(self.prices), np.bool_), np.ones(len(self.caps), np.bool_)

    def best(
        self, *, most: int, until: float, heard: Callable[[int], None], most_nodes: int | None = None
    ) -> Chosen:
        """The cheapest choice below ``most`` shares, or what is proven of all by a moment of time.monotonic or after so many nodes were split.

        ``heard``: proven so far.
        """
        best: tuple[int, ...] | None = None
        number, closed = count(), most
        splits = count(1)
        waiting: list[tuple[int, int, Node]] = []
        root = Node(0, *self.all())
        children: list[Node] = [root]
        while True:
            for child in children:
                found = self._solved(child, most=most, until=until)
                if found is None:
                    return self._ended(best, most, [child.bound, closed, *(entry[0] for entry in waiting)])
                node, rows = found
                if rows is not None:
                    cost = self.cost(rows)
                    closed = min(closed, max(node.bound, child.bound))
                    if cost < most:
                        most, best = cost, rows
                elif node.bound < most:
                    heappush(waiting, (node.bound, next(number), node))
            is_full = len(waiting) * len(self.prices) > MOST_KEPT or next(splits) == most_nodes
            if not waiting or waiting[0][0] >= most or closed <= waiting[0][0] or is_full:
                return self._ended(best, most, [closed, *(entry[0] for entry in waiting[:1])])
            heard(min(closed, waiting[0][0]))
            node = heappop(waiting)[2]
            children = list(self._halves(node))

    def _solved(self, node: Node, *, most: int, until: float) -> tuple[Node, tuple[int, ...] | None] | None:
        """The node with its bound and what to split it by, and the routes where none are mixed; None when time is up or the solver gives up."""
        found = self.program.proof(node.rows, node.skips, most=most, until=until)
        if found is None:
            return None
        proof, chosen = found
        if proof.bound >= most:
            return Node(proof.bound, node.rows, node.skips), None
        split, rows = self._split(node, proof, chosen, most)
        return None if rows is not None and not self.is_choice(rows) else (split, rows)

    def is_choice(self, rows: tuple[int, ...]) -> bool:
        """Whether the routes can be chosen together: the solver says so only up to its tolerance."""
        some = list(rows)
        used = np.bincount(self.kinds[some], minlength=len(self.counts))
        return bool((self.members[some].sum(axis=0) <= 1).all() and (used <= np.array(self.counts)).all())

    def _split(
        self, node: Node, proof: Proof, chosen: Mapping[int, float], most: int
    ) -> tuple[Node, tuple[int, ...] | None]:
        room = most - proof.least
        rows = node.rows & (proof.reduced - proof.floors[self.kinds] < room)
        skips = node.skips & (proof.skips < room)
        some, shares = np.array(list(chosen), np.int64), np.array(list(chosen.values()))
        members, kinds = self.weights[some], self.kinds[some]
        by_kind = np.zeros((len(self.caps), len(self.counts)))
        for kind in np.unique(kinds).tolist():
            by_kind[:, kind] = shares[kinds == kind] @ members[kinds == kind]
        split = _most_mixed(by_kind, is_pair=False)
        if split is None:
            split = _most_mixed(np.triu((members.T * shares) @ members, 1), is_pair=True)
        found = Node(max(node.bound, proof.bound), rows, skips, split)
        whole = tuple(some[shares > 1 - WHOLE].tolist())
        return found, whole if split is None else None

    def _ended(self, best: tuple[int, ...] | None, most: int, bounds: Iterable[int]) -> Chosen:
        proven = min(most, *bounds)
        return Chosen(most if best is not None else None, proven, best or ())

    def cost(self, rows: tuple[int, ...]) -> int:
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


def _half_way(until: float) -> float:
    return (time.monotonic() + until) / 2


def _nothing(proven: int) -> None:
    """Who hears nothing."""


def _most_mixed(shares: Floats, *, is_pair: bool) -> Split | None:
    """The place where a share is nearest a half; None where all are whole."""
    distance = np.abs(shares - np.round(shares))
    place = int(distance.argmax())
    if distance.flat[place] <= WHOLE:
        return None
    first, other = divmod(place, shares.shape[1])
    return Split(first, other, is_pair)
