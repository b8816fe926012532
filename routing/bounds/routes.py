"""The strongest method: true routes, cut where halves of them are mixed, and all that matter looked at in the end.

Column generation over elementary routes with exact loads (Ropke and Cordeau 2009), subset-row cuts, and, when what is proven
comes near the best choice of known routes, enumeration of all that could be cheaper (Baldacci, Christofides and Mingozzi
2008), among which CP-SAT chooses in whole numbers.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from routing.bounds.choice import Choice, best_choice
from routing.bounds.columns import UNKNOWN, Converging, Pricer, generate
from routing.bounds.complete import CompletePricer, TooManyRoutes, all_routes
from routing.bounds.cuts import violated
from routing.bounds.master import Column, Master
from routing.bounds.network import TurnKind
from routing.bounds.pricing import RoutePricer
from routing.bounds.words import Ints
from routing.costs import SHARES_PER_ORE

CLOSE = 3e-4
"""So near its promise a linear program is left alone."""
STEP, LEAST_STEP = 0.015, 0.003
"""Of what is proven: so far above it all routes are looked at; half as far where they are too many, or nothing comes of it."""
LEAST_RISE = 1_000 * SHARES_PER_ORE
"""At least so far above: of nothing every share is nothing."""
WIDE, GUESS_S = 0.06, 3.0
"""So far above what is proven, and for so long, a first choice of the routes met is looked for."""
MOST_CHOICES = 60_000
SOON, TIMED = 0.25, 0.6
"""Where it took less of the time left, waiting and breaks are priced too, for so much of it."""
WORTH = 2e-4
"""A round of cuts that gains less is the last."""


@dataclass(slots=True)
class ByRoutes:
    """One problem; prices in shares, ``until`` a moment of time.monotonic; ``timed`` prices waiting and breaks too, where that matters.

    ``heard``: what is proven so far; ``chosen``: the best choice of routes so far, which may be a plan, and
    what is proven by then.
    """

    pricer: RoutePricer
    timed: RoutePricer | None
    kinds: Sequence[TurnKind]
    caps: Ints
    until: float
    upper: int | None
    heard: Callable[[int], None]
    chosen: Callable[[Sequence[Column], int], None]
    master: Master = field(init=False)
    ceiling: int | None = None
    best: int = UNKNOWN
    cheapest_ore: int | None = None

    def __post_init__(self) -> None:
        self.master = self._master()

    def _master(self) -> Master:
        return Master(self.caps.tolist(), [kind.count for kind in self.kinds])

    def proven(self, state: Converging) -> tuple[int, bool]:
        """The best bound, and whether at least the program without cuts has converged."""
        began = time.monotonic()
        self._generated(self.pricer, state, until=self.until)
        if not state.is_converged:
            return self.best, False
        took_s, left_s = time.monotonic() - began, self.until - time.monotonic()
        if self.timed is not None and took_s < SOON * left_s:
            state = self._timed(self.timed, state, until=self.until - left_s * (1 - TIMED))
        self._choice(self.master.known, int(state.proven * (1 + WIDE)), seconds=GUESS_S)
        step = STEP
        while step >= LEAST_STEP and not self._is_over():
            before = max(state.proven, self.best)
            target = max(int(before * (1 + step)), before + LEAST_RISE)
            target = target if self.upper is None else min(target, self.upper)
            try:
                every = CompletePricer(
                    self.kinds, all_routes(self.pricer, state, target=target, until=self.until)
                )
            except TooManyRoutes:
                step /= 2
                continue
            if self._is_decided(every, state, target):
                return self.best, True
            if self.best <= before:
                step /= 2
        self._cut(self.pricer, state)
        return self.best, True

    def _timed(self, pricer: RoutePricer, state: Converging, *, until: float) -> Converging:
        """Again with what waiting and breaks cost, from the duals that are best without; as it was where that does not converge."""
        assert state.duals is not None
        before, timed = self.master, Converging(state.duals)
        self.master = self._master()
        self._generated(pricer, timed, until=until)
        if timed.is_converged:
            self.pricer = pricer
            return timed
        self.master = before
        return state

    def _is_over(self) -> bool:
        return time.monotonic() > self.until or (self.upper is not None and self.best >= self.upper)

    def _is_decided(self, every: CompletePricer, state: Converging, target: int) -> bool:
        """Whether a best plan below the target was found; else, as a rule, it is proven that there is none."""
        below = replace(state)
        self.ceiling = target
        self._cut(every, below, target=target)
        choice = Choice(None, below.proven // SHARES_PER_ORE, ())
        if below.proven < target and len(every) <= MOST_CHOICES:
            choice = self._choice(every.all_columns(), target, seconds=self.until - time.monotonic())
        self._told(choice.proven_ore * SHARES_PER_ORE)
        self.ceiling = None
        return choice.cost_ore is not None and choice.cost_ore * SHARES_PER_ORE <= self.best

    def _cut(self, pricer: Pricer, state: Converging, *, target: int | None = None) -> None:
        """Cuts and columns in turn, as long as it gains."""
        gains = True
        while gains and not self._is_over():
            self._generated(pricer, state, until=self.until)
            before = state.proven
            if isinstance(pricer, CompletePricer) and target is not None:
                pricer.forget(state, target=target)
            if not self.master.cut(violated(self.master.chosen())):
                return
            self._generated(pricer, state, until=self.until)
            gains = state.proven >= before * (1 + WORTH)

    def _generated(self, pricer: Pricer, state: Converging, *, until: float) -> None:
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
        )

    def _told(self, shares: int) -> None:
        """What is proven of choices below a target holds for others up to the target."""
        shares = shares if self.ceiling is None else min(shares, self.ceiling)
        if shares > self.best:
            self.best = shares
            self.heard(shares)

    def _choice(self, columns: Iterable[Column], target: int, *, seconds: float) -> Choice:
        """The best choice below the target among these routes; told of when it is the best so far."""
        choice = best_choice(
            columns,
            self.caps.tolist(),
            [kind.count for kind in self.kinds],
            most_ore=target // SHARES_PER_ORE,
            seconds=max(0.1, min(seconds, self.until - time.monotonic())),
        )
        cost_ore = choice.cost_ore
        if cost_ore is not None and (self.cheapest_ore is None or cost_ore < self.cheapest_ore):
            self.cheapest_ore = cost_ore
            self.chosen([self.pricer.with_order(column) for column in choice.columns], self.best)
        return choice
