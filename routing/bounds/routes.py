"""The strongest method: true routes, cut where halves of them are mixed, and all that matter looked at in the end.

Column generation over elementary routes with exact loads (Ropke and Cordeau 2009), subset-row cuts, and, when what is proven
comes near the best choice of known routes, enumeration of all that could be cheaper (Baldacci, Christofides and Mingozzi
2008), among which CP-SAT chooses in whole numbers.
"""

import time
from collections.abc import Callable, Sequence
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
CLOSE_ENOUGH = 2e-3
"""Likewise, where it is only to begin the next step from."""
STEP, LEAST_STEP = 0.015, 0.003
"""Of what is proven: so far above it all routes are looked at; half as far where they are too many."""
MOST_CHOICES = 60_000
WORTH = 2e-4
"""A round of cuts that gains less is the last."""


@dataclass(slots=True)
class ByRoutes:
    """One problem; prices in shares, ``until`` a moment of time.monotonic. ``heard``: what is proven so far."""

    pricer: RoutePricer
    kinds: Sequence[TurnKind]
    caps: Ints
    until: float
    upper: int | None
    heard: Callable[[int], None]
    master: Master = field(init=False)
    ceiling: int | None = None
    best: int = UNKNOWN
    columns: tuple[Column, ...] = ()

    def __post_init__(self) -> None:
        self.master = Master(self.caps.tolist(), [kind.count for kind in self.kinds])

    def proven(self, state: Converging) -> tuple[int, bool]:
        """The best bound, and whether at least the program without cuts has converged."""
        self._generated(self.pricer, state)
        if not state.is_converged:
            return self.best, False
        step = STEP
        while step >= LEAST_STEP and not self._is_over():
            target = int(max(state.proven, self.best) * (1 + step))
            target = target if self.upper is None else min(target, self.upper)
            try:
                routes = all_routes(self.pricer, state, target=target, until=self.until)
            except TooManyRoutes:
                step /= 2
                continue
            if self._decided(CompletePricer(self.kinds, routes), state, target):
                break
        return self.best, True

    def _is_over(self) -> bool:
        return time.monotonic() > self.until or (self.upper is not None and self.best >= self.upper)

    def _decided(self, every: CompletePricer, state: Converging, target: int) -> bool:
        """Whether a best plan below the target was found; else there is none, and ``state`` is cut for the next target."""
        below = replace(state)
        self.ceiling = target
        while self.master.cut(violated(self.master.chosen())) and time.monotonic() < self.until:
            before = below.proven
            self._generated(every, below)
            every.forget(below, target=target)
            if below.proven < before * (1 + WORTH):
                break
        choice = self._choice(every, most_ore=target // SHARES_PER_ORE)
        self._told(max(below.proven, choice.proven_ore * SHARES_PER_ORE))
        self.ceiling = None
        if choice.cost_ore is not None and choice.cost_ore * SHARES_PER_ORE <= self.best:
            self.columns = choice.columns
            return True
        state.centre = below.centre
        self._generated(self.pricer, state, close=CLOSE_ENOUGH)
        return False

    def _generated(self, pricer: Pricer, state: Converging, *, close: float = CLOSE) -> None:
        state.begin()
        generate(
            self.master,
            pricer,
            self.kinds,
            state,
            close=close,
            until=self.until,
            upper=self.upper,
            heard=self._told,
        )

    def _told(self, shares: int) -> None:
        """What is proven of choices below a target holds for others up to the target."""
        shares = shares if self.ceiling is None else min(shares, self.ceiling)
        if shares > self.best:
            self.best = shares
            self.heard(shares)

    def _choice(self, every: CompletePricer, *, most_ore: int) -> Choice:
        """The best choice among these routes, where they are few enough."""
        if len(every) > MOST_CHOICES:
            return Choice(None, 0, ())
        counts = [kind.count for kind in self.kinds]
        seconds = max(0.1, self.until - time.monotonic())
        return best_choice(
            every.all_columns(), self.caps.tolist(), counts, most_ore=most_ore, seconds=seconds
        )
