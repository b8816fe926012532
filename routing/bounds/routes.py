"""The strongest method: true routes, cut where halves of them are mixed, and all that matter looked at in the end.

Column generation over elementary routes with exact loads (Ropke and Cordeau 2009), subset-row cuts, and, when what is proven
comes near the best choice of known routes, enumeration of all that could be cheaper (Baldacci, Christofides and Mingozzi
2008), among which branch and bound chooses in whole numbers.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import log2
from operator import itemgetter

from routing.arrays import INFINITE, Ints
from routing.bounds.choice import Choice, first_choice
from routing.bounds.columns import UNKNOWN, Converging, Pricer, generate
from routing.bounds.complete import Below, CompletePricer, Routes, TooManyRoutes
from routing.bounds.master import Column, Master
from routing.bounds.network import TurnKind
from routing.bounds.pricing import RoutePricer, reduced
from routing.choosing.branching import Branching
from routing.choosing.cuts import violated
from routing.costs import SHARES_PER_ORE

CLOSE = 2e-3
"""So near its promise a linear program is left alone."""
FIRST_STEP, LEAST_STEP, MOST_STEP, RAISING = 0.004, 0.0019, 0.025, 0.6
"""Of what is proven: so far above it all routes are looked at first, at least so far above what is proven by then, and at most so far, as long
as a raise may be thought to take less than so much of the time left."""
DOUBLING, SHARE, SHORT_OF_TIME, WITH_CUTS = 0.0045, 0.5, 0.25, 2.5
"""Of what is proven: so much more doubles the work. The next look may take so much of the time left, is never lowered to less than so much of
the work before, and the first with cuts is so much slower (as seen on made weeks)."""
WORTH_RAISING = 1.6
"""Of the time the last look took there is so much for another, or the target is not raised."""
LEAST_RISE = 1_000 * SHARES_PER_ORE
"""At least so far above: of nothing every share is nothing."""
WIDE, GUESS = 0.06, 0.05
"""So far above what is promised, and for so much of the time left, a first choice of the routes met is looked for."""
MOST_CELLS, MOST_GUESSED, MOST_MET, MOST_NEAREST = 12_000_000, 1_500, 1_500, 2_500
"""Routes times shipments: with more of them none is chosen among. Of routes that came up the best, for a first choice, and told of; and
told of all below a target."""
SOON, TIMED = 0.12, 0.6
"""Where it took less of the time left, waiting and breaks are priced too, for so much of it."""
WORTH = 2e-4
"""A round of cuts that gains less is the last."""


@dataclass(slots=True)
class ByRoutes:
    """One problem; prices in shares, ``until`` a moment of time.monotonic; ``timed`` prices waiting and breaks too, where that matters.

    ``heard``: what is proven so far; ``chosen``: the best choice of routes so far, which may be a plan, and
    what is proven by then. ``met``: routes that are among the best at these prices, each with its order, and likewise.
    """

    pricer: RoutePricer
    timed: RoutePricer | None
    kinds: Sequence[TurnKind]
    caps: Ints
    until: float
    upper: int | None
    heard: Callable[[int], None]
    chosen: Callable[[Sequence[Column], int], None]
    met: Callable[[Sequence[Column], int], None]
    master: Master = field(init=False)
    ceiling: int | None = None
    best: int = UNKNOWN
    cheapest_ore: int | None = None
    has_guessed: bool = False
    told_of: set[tuple[int, ...]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.master = self._master()

    def _master(self) -> Master:
        return Master(self.caps.tolist(), [kind.count for kind in self.kinds])

    def proven(self, state: Converging) -> tuple[int, bool]:
        """The best bound, and whether at least the program without cuts has converged."""
        began = time.monotonic()
        self._generated(self.pricer, state, until=self.until, is_quick=True)
        guessing = time.monotonic()
        self._guess()
        began += time.monotonic() - guessing
        if not state.is_converged:
            self._generated(self.pricer, state, until=self.until)
        if not state.is_converged:
            return self.best, self.upper is not None and self.best >= self.upper
        took_s, left_s = time.monotonic() - began, self.until - time.monotonic()
        if self.timed is not None and took_s < SOON * left_s:
            state = self._timed(self.timed, state, until=self.until - left_s * (1 - TIMED))
        if self._is_done(state) and self.timed is not None and self.pricer is not self.timed:
            state = self._timed(self.timed, state, until=self.until)
            if self.pricer is self.timed:
                self._is_done(state)
        return self.best, True

    def _is_done(self, state: Converging) -> bool:
        """From routes on: whether nothing more can come of it as routes are priced now."""
        if not self.has_guessed:
            self._guess()
        if self._is_decided_by_all(state):
            return True
        self._cut(self.pricer, state)
        return False

    def _is_decided_by_all(self, state: Converging) -> bool:
        """Look at all routes below a target, and a higher one as long as that can be done; whether nothing more can come of it.

        Each look after the first is under the duals of the program with cuts over the routes of the look before: what they promise is nearer the
        best choice, so that fewer routes could matter.
        """
        most, slower = int(state.proven * (1 + MOST_STEP)), WITH_CUTS
        wanted = int(state.proven * (1 + FIRST_STEP))
        while not self._is_over():
            least = max(int(self.best * (1 + LEAST_STEP)), self.best + LEAST_RISE)
            wanted = min(max(wanted, least), self._most())
            if wanted <= self.best:
                return True
            below = Below(self.pricer, state)
            try:
                routes, target, took_s = self._look(below, wanted, least=min(wanted, least), most=most)
            except TooManyRoutes:
                return False
            self._told(below.state.proven)
            is_decided, cut = self._is_decided(CompletePricer(self.kinds, routes), below.state, target)
            if is_decided:
                return True
            spare = max(SHORT_OF_TIME, SHARE * (self.until - time.monotonic()) / (slower * took_s))
            room = target - below.state.proven + int(DOUBLING * state.proven * log2(spare))
            state, wanted, most, slower = cut, cut.proven + room, 0, 1.0
        return False

    def _look(self, below: Below, wanted: int, *, least: int, most: int) -> tuple[list[Routes], int, float]:
        """All routes below the target wanted, or a higher one up to the ``most`` as long as that can be done; the target, and the seconds that it took."""
        began = time.monotonic()
        routes, target = below.all_routes(wanted, least=least, until=self.until)
        took_s, most = max(0.01, time.monotonic() - began), min(most, self._most())
        while target < most:
            spare = RAISING * (self.until - time.monotonic()) / took_s
            if spare < WORTH_RAISING:
                break
            wanted = min(most, target + int(DOUBLING * below.state.proven * log2(spare)))
            began = time.monotonic()
            try:
                routes, target = below.all_routes(wanted, least=target, until=self.until)
            except TooManyRoutes:
                return *below.all_known(), took_s
            took_s = max(0.01, time.monotonic() - began)
        return routes, target, took_s

    def _guess(self) -> None:
        """A first choice among routes that came up, without those that no choice so cheap has."""
        duals, self.has_guessed = self.master.solve(), True
        if duals is None or self._is_over():
            return
        spare = [reduced(column, duals) + int(duals.rents[column.kind]) for column in self.master.known]
        best = [column for _, column in sorted(zip(spare, self.master.known, strict=True), key=itemgetter(0))]
        self._meet(best[:MOST_MET])
        choice = first_choice(
            best[:MOST_GUESSED],
            self.caps,
            [kind.count for kind in self.kinds],
            most=int(duals.value * (1 + WIDE)) + SHARES_PER_ORE,
            until=time.monotonic() + max(0.1, GUESS * (self.until - time.monotonic())),
        )
        self._tell(choice)

    def _meet(self, columns: Sequence[Column]) -> None:
        """Tell of routes that have not been told of."""
        fresh = {
            column.order: column for column in columns if column.order and column.order not in self.told_of
        }
        self.told_of.update(fresh)
        self.met(tuple(fresh.values()), self.best)

    def _timed(self, pricer: RoutePricer, state: Converging, *, until: float) -> Converging:
        """Again with what waiting and breaks cost, from the duals that are best without; as it was where that does not converge."""
        assert state.duals is not None
        before, timed = self.master, Converging(state.duals)
        self.master = self._master()
        self._generated(pricer, timed, until=until)
        if timed.is_converged:
            self.pricer, self.cheapest_ore, self.has_guessed = pricer, None, False  # waiting costs more
            return timed
        self.master = before
        return state

    def _most(self) -> int:
        """Shares above which no bound of this kind can come: a plan's price, or that of a choice of routes and an öre."""
        most = [] if self.upper is None else [self.upper]
        most += [] if self.cheapest_ore is None else [(self.cheapest_ore + 1) * SHARES_PER_ORE]
        return min(most, default=INFINITE)

    def _is_over(self) -> bool:
        return time.monotonic() > self.until or (self.upper is not None and self.best >= self.upper)

    def _is_decided(self, every: CompletePricer, state: Converging, target: int) -> tuple[bool, Converging]:
        """Whether a best plan below the target was found; else, as a rule, it is proven that there is none. And the state with cuts."""
        below, known = replace(state), list(every.routes)
        self.ceiling = target
        last = self._cut_among(every, below, target)
        if last.duals is not None and not self._is_over():
            every_known = CompletePricer(self.kinds, known)
            self._meet(tuple(every_known.columns_at(every_known.nearest(last.duals, MOST_NEAREST))))
        choice = Choice(None, below.proven // SHARES_PER_ORE, ())
        if max(below.proven, self.best) < target and len(every) * len(self.caps) <= MOST_CELLS:
            choice = self._best_of(every, min(target, self._most()))
        self._told(choice.proven_ore * SHARES_PER_ORE)
        self.ceiling = None
        return choice.cost_ore is not None and choice.cost_ore * SHARES_PER_ORE <= self.best, last

    def _best_of(self, every: CompletePricer, target: int) -> Choice:
        """The best choice among all routes below the target."""
        counts = [kind.count for kind in self.kinds]
        branching = Branching(*every.together(), counts, self.caps, tuple(self.master.cuts))
        most = target // SHARES_PER_ORE * SHARES_PER_ORE
        found = branching.best(most=most, until=self.until, heard=self._told)
        cost_ore = None if found.cost is None else found.cost // SHARES_PER_ORE
        choice = Choice(cost_ore, found.proven // SHARES_PER_ORE, tuple(every.columns_at(found.rows)))
        self._tell(choice)
        return choice

    def _cut(self, pricer: Pricer, state: Converging) -> None:
        """Cuts and columns in turn, as long as it gains."""
        gains = True
        while gains and not self._is_over():
            self._generated(pricer, state, until=self.until)
            before = state.proven
            if not self.master.cut(violated(*self.master.chosen())):
                return
            pricer.begin()
            self._generated(pricer, state, until=self.until)
            gains = state.proven >= before * (1 + WORTH)

    def _cut_among(self, every: CompletePricer, state: Converging, target: int) -> Converging:
        """The same among all routes below a target until that is proven; and what was proven last of less: more says nothing of other routes."""
        last, before = replace(state), UNKNOWN
        while not self._is_over():
            self._generated(every, state, until=self.until)
            if state.proven >= target:
                return last
            last, gains = replace(state), state.proven >= before * (1 + WORTH)
            every.forget(state, target=target)
            if not gains or not self.master.cut(violated(*self.master.chosen())):
                return last
            before = state.proven
        return last

    def _generated(self, pricer: Pricer, state: Converging, *, until: float, is_quick: bool = False) -> None:
        state.begin()
        generate(
            self.master,
            pricer,
            self.kinds,
            state,
            close=CLOSE,
            until=until,
            upper=self.upper,
            heard=self._told,
            is_quick=is_quick,
        )

    def _told(self, shares: int) -> None:
        """What is proven of choices below a target holds for others up to the target."""
        shares = shares if self.ceiling is None else min(shares, self.ceiling)
        if shares > self.best:
            self.best = shares
            self.heard(shares)

    def _tell(self, choice: Choice) -> None:
        """Of the best so far."""
        cost_ore = choice.cost_ore
        if cost_ore is not None and (self.cheapest_ore is None or cost_ore < self.cheapest_ore):
            self.cheapest_ore = cost_ore
            self.chosen(choice.columns, self.best)
