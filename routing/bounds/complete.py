"""All routes that could matter: enumerated below a price, then priced by looking at each, chosen among in whole numbers.

Where ``proven`` is what duals prove and a plan is to cost less than ``target``, none of its routes is dearer under these duals
than its kind's floor by ``target - proven`` or more (Baldacci, Christofides and Mingozzi 2008). So when all cheaper ones
are known, every plan below the target is a choice among them: what is proven of the choices, or the target, holds for
all plans.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

import numpy as np

from routing.arrays import Bools, Ints
from routing.bounds.beginnings import TAKEN, Effort
from routing.bounds.columns import Converging, Priced, proven
from routing.bounds.labels import search
from routing.bounds.master import Column, Duals
from routing.bounds.network import TurnKind
from routing.bounds.pricing import FINE_S, MOST_CELLS, RoutePricer
from routing.bounds.threads import THREADS, for_each
from routing.bounds.trails import Trails, trails_of
from routing.choosing.cuts import Triple

MOST_LABELS, PER_SECOND, LEAST_LABELS = 1_250_000, 120_000, 1_000
"""Of one kind, of which two are looked at at a time; more are not enumerated, nor more than there is time for."""
MOST_OF_IT, MUCH, LITTLE, LESS = 0.8, 0.45, 0.15, 0.7
"""Of the time left all kinds together have so much, by how many labels each had before, but one of several no more and no less than so
much; where that is not enough, so much less far above what is proven."""
HARDER = 4
"""Of a kind of which there was no time to know all routes: so many times the labels are expected."""
FINER = 4
"""Tables for all routes have so many times the cells of those for the best."""
WANTED = 60


@dataclass(slots=True)
class Routes:
    """All routes of a kind that matter: prices in shares, fixed price included, and routes x shipments.

    ``ends``: the last label of each, whose ``trails`` tell its tasks, where they are known.
    """

    prices: Ints
    members: Bools
    ends: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    trails: Trails | None = None

    def __len__(self) -> int:
        return len(self.prices)

    def chosen(self, which: Bools) -> "Routes":
        ends = self.ends if self.trails is None else self.ends[which]
        return Routes(self.prices[which], self.members[which], ends, self.trails)

    def order(self, row: int) -> tuple[int, ...]:
        """The tasks of a route, one after another, as in a Column."""
        return () if self.trails is None else self.trails.order(int(self.ends[row]))

    def reduced(self, duals: Duals) -> Ints:
        """Prices less rewards, with the prices of cuts."""
        prices: Ints = self.prices - self.members.astype(np.int64) @ duals.rewards
        for triple, price in duals.cuts:
            prices += price * self.cut_by(triple)
        return prices

    def cut_by(self, triple: Triple) -> Bools:
        a, b, c = (self.members[:, number] for number in triple)
        cut: Bools = (a & b) | (a & c) | (b & c)
        return cut


class TooManyRoutes(RuntimeError):
    """There is no room or time to know all routes."""


class Seen(NamedTuple):
    """All routes of a kind whose price less rewards (with cuts, fixed price included) is below ``limit``; none is below ``floor``."""

    limit: int
    floor: int
    routes: Routes


@dataclass(slots=True)
class Below:
    """All routes that matter below a target, by kind, found under the duals of one ``state``; what is known of a higher target is kept.

    The state may only be guessed to prove what it says (its duals come from some routes only): once all kinds have been looked at, their
    floors are known, and so is what those duals prove of all routes.
    """

    pricer: RoutePricer
    state: Converging
    known: dict[int, Seen] = field(default_factory=dict)

    def all_routes(self, target: int, *, least: int, until: float) -> tuple[list[Routes], int]:
        """By kind, every set of shipments that a plan cheaper than a target in shares could have on a route, each at its least price; and the target.

        It is lower than wanted where routes are too many, or where the duals prove less than the state said. Raises TooManyRoutes
        where too many would be below the ``least``. What the duals prove is in the ``state`` from then on.
        """
        labels = [count + LEAST_LABELS for count in self.pricer.labels]
        while lacking := [number for number in range(len(labels)) if self._lacks(number, target)]:
            hardest = sorted(lacking, key=lambda number: -labels[number])[:THREADS]
            share = MOST_OF_IT
            if len(lacking) > THREADS:
                share *= sum(labels[number] for number in hardest) / sum(labels[number] for number in lacking)
                share = min(MUCH, max(LITTLE, share))
            ends = time.monotonic() + share * (until - time.monotonic())
            seen = for_each(partial(self._look, target=target, until=ends), hardest)
            self.known |= {number: one for number, one in zip(hardest, seen, strict=True) if one is not None}
            if None in seen:
                for number, one in zip(hardest, seen, strict=True):
                    labels[number] *= 1 if one is not None else HARDER
                target = self.state.proven + int(LESS * (target - self.state.proven))
                if target < max(least, self.state.proven + 1) or time.monotonic() > until:
                    raise TooManyRoutes
        return self.all_known()

    def all_known(self) -> tuple[list[Routes], int]:
        """By kind, all routes below the target that has been reached; and the target."""
        return [self.known[number].routes for number in range(len(self.known))], self._settled()

    def _settled(self) -> int:
        """The target below which all routes are known, now that all floors are; the state says what the duals prove."""
        duals = self.state.duals
        assert duals is not None
        seen = [self.known[number] for number in range(len(self.known))]
        floors = tuple(one.floor for one in seen)
        least = proven(self.pricer.kinds, duals, floors)
        self.state = replace(self.state, proven=least, floors=floors)
        return least + min(one.limit - min(0, one.floor) for one in seen)

    def _limit(self, number: int, target: int) -> int:
        """No plan below the target has a route of this kind that is dearer."""
        return target - self.state.proven + min(0, self.state.floors[number])

    def _lacks(self, number: int, target: int) -> bool:
        return number not in self.known or self.known[number].limit < self._limit(number, target)

    def _look(self, number: int, *, target: int, until: float) -> Seen | None:
        """All of a kind; None where there are too many."""
        limit = self._limit(number, target)
        pricer, duals = self.pricer, self.state.duals
        assert duals is not None
        seconds = until - time.monotonic()
        if seconds <= 0:
            return None
        most = min(MOST_LABELS, max(LEAST_LABELS, int(seconds * PER_SECOND)))
        stays, fixed = pricer.stays[number], pricer.kinds[number].fixed
        is_hard = pricer.labels[number] > LEAST_LABELS
        cells = min(MOST_CELLS, FINER * pricer.cells[number])
        task = pricer.task(number, duals, step_s=FINE_S, cells=cells, is_hard=is_hard, all_of_them=True)
        effort = Effort(limit=limit - fixed, width=0, most=most, shrink_at=2**60, keeps_sets=True)
        labels, ends, prices, _, is_complete = search(task, effort)
        if not is_complete:
            return None
        prices = prices + fixed
        trails, rows = trails_of(labels, ends, stays)
        routes = _cheapest(labels[ends, TAKEN], prices, rows, trails, duals)
        return Seen(limit, int(prices.min(initial=limit)), routes)


def _cheapest(taken: Ints, prices: Ints, rows: Ints, trails: Trails, duals: Duals) -> Routes:
    """Of each set the cheapest, at its price before rewards and cuts."""
    order = np.lexsort((prices, taken))
    taken, prices, rows = taken[order], prices[order], rows[order]
    first = np.ones(len(taken), dtype=np.bool_)
    first[1:] = taken[1:] != taken[:-1]
    taken, prices, rows = taken[first], prices[first], rows[first]
    members = np.zeros((len(taken), len(duals.rewards)), dtype=np.bool_)
    for bit, number in enumerate(trails.numbers):
        members[:, number] = (taken >> bit & 1) == 1
    routes = Routes(prices, members, rows, trails)
    routes.prices = 2 * prices - routes.reduced(duals)
    return routes


class CompletePricer:
    """Prices by looking at every route; whatever is proven holds for plans below the target."""

    def __init__(self, kinds: Sequence[TurnKind], routes: list[Routes]) -> None:
        self.kinds, self.routes = kinds, routes

    def __len__(self) -> int:
        return sum(len(routes) for routes in self.routes)

    @property
    def is_quick(self) -> bool:
        return False

    def learn(self, *, new: int) -> None:
        """Every round is exact: nothing to learn."""

    def begin(self) -> None:
        """Nothing to forget."""

    def price_all(self, duals: Duals, *, until: float) -> list[Priced]:
        """The cheapest routes of each kind under these duals."""
        del until
        return [self.price(number, duals) for number in range(len(self.routes))]

    def price(self, number: int, duals: Duals) -> Priced:
        """Those of one kind."""
        routes = self.routes[number]
        reduced = routes.reduced(duals)
        order = np.argsort(reduced, kind="stable")[:WANTED]
        best = order[reduced[order] < -int(duals.rents[number])]
        return Priced(tuple(self.columns(number, best)), int(reduced.min(initial=0)))

    def columns(self, number: int, which: Ints) -> Iterator[Column]:
        """Some routes of a kind, by their rows."""
        routes = self.routes[number]
        for row in which.tolist():
            yield Column(number, int(routes.prices[row]), tuple(np.flatnonzero(routes.members[row]).tolist()))

    def nearest(self, duals: Duals, most: int) -> list[int]:
        """The rows, among those of all kinds one after another, of the routes that are cheapest under these duals; the cheapest first."""
        spare = [
            routes.reduced(duals) + int(duals.rents[number]) for number, routes in enumerate(self.routes)
        ]
        rows: list[int] = np.argsort(np.concatenate(spare), kind="stable")[:most].tolist()
        return rows

    def columns_at(self, rows: Iterable[int]) -> Iterator[Column]:
        """Some routes, each with its order, by their rows among those of all kinds one after another."""
        ends = np.cumsum([len(routes) for routes in self.routes])
        for row in rows:
            number = int(np.searchsorted(ends, row, side="right"))
            routes = self.routes[number]
            within = row - int(ends[number]) + len(routes)
            numbers = tuple(np.flatnonzero(routes.members[within]).tolist())
            yield Column(number, int(routes.prices[within]), numbers, order=routes.order(within))

    def together(self) -> tuple[Ints, Ints, Bools]:
        """All kinds' routes, one kind after another: numbers of kinds, prices, and routes x shipments."""
        kinds = np.repeat(np.arange(len(self.routes)), [len(routes) for routes in self.routes])
        prices = np.concatenate([routes.prices for routes in self.routes])
        return kinds, prices, np.concatenate([routes.members for routes in self.routes])

    def forget(self, state: Converging, *, target: int) -> None:
        """Drop what no plan below the target can use."""
        assert state.duals is not None
        for number, routes in enumerate(self.routes):
            most = target - state.proven + min(0, state.floors[number])
            self.routes[number] = routes.chosen(routes.reduced(state.duals) < most)
