"""The strongest method: true routes, cut where halves of them are mixed, and all that matter looked at in the end.

Column generation over elementary routes with exact loads (Ropke and Cordeau 2009), subset-row cuts, and, when what is proven
comes near the best choice of known routes, enumeration of all that could be cheaper (Baldacci, Christofides and Mingozzi
2008), among which CP-SAT chooses in whole numbers.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from routing.bounds.choice import Choice, best_choice
from routing.bounds.columns import UNKNOWN, Converging, Pricer, generate
from routing.bounds.complete import CompletePricer, TooManyRoutes, all_routes
from routing.bounds.cuts import violated
from routing.bounds.master import Column, Master
from routing.bounds.network import TurnKind
from routing.bounds.pricing import RoutePricer
from routing.bounds.words import Ints
from routing.costs import SHARES_PER_ORE

FAR_AWAY = 2**62
NEAR = 0.022
"""So near the best choice of known routes, all others that could matter are few enough, as a rule."""
FAR = 0.05
MOST_CHOICES = 60_000
GUESS_S = 4.0
"""At most, for the best choice of known routes."""
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
    target: int | None = None

    def __post_init__(self) -> None:
        self.master = Master(self.caps.tolist(), [kind.count for kind in self.kinds])

    def proven(self, state: Converging) -> tuple[int, bool]:
        """The best bound, and whether at least the program without cuts has converged."""
        state = self._generated(self.pricer, state)
        if not state.is_converged:
            return state.proven, False
        for _ in self._rounds_of_cuts(self.pricer, state):
            self.target = self._target()
            if self.target <= state.proven * (1 + NEAR):
                break
        return self._of_all(state), True

    def _generated(self, pricer: Pricer, state: Converging) -> Converging:
        state.is_converged, state.before = False, UNKNOWN
        return generate(
            self.master, pricer, self.kinds, self.caps, state, until=self.until, upper=self.upper, heard=self._told
        )

    def _told(self, shares: int) -> None:
        self.heard(shares if self.target is None else min(shares, self.target))

    def _rounds_of_cuts(self, pricer: Pricer, state: Converging) -> Iterator[None]:
        """Cut and generate as long as it gains; a stop before each round."""
        while True:
            yield
            before = state.proven
            if time.monotonic() > self.until or not self.master.cut(violated(self.master.chosen())):
                return
            self._generated(pricer, state)
            if state.proven < before * (1 + WORTH):
                return

    def _target(self) -> int:
        """What the best choice of known routes costs: no plan that costs as much or more needs to be looked at."""
        seconds = min(GUESS_S, (self.until - time.monotonic()) / 4)
        choice = self._choice(self.master.known, seconds=seconds)
        found = None if choice.cost_ore is None else choice.cost_ore * SHARES_PER_ORE
        known = [cost for cost in (self.upper, found, self.target) if cost is not None]
        return min(known, default=FAR_AWAY)

    def _of_all(self, state: Converging) -> int:
        """Of all routes that could matter, where they are few enough."""
        self.target = self._target()
        if self.target > state.proven * (1 + FAR):
            return state.proven
        try:
            every = CompletePricer(
                self.kinds, all_routes(self.pricer, state, target=self.target, until=self.until)
            )
        except TooManyRoutes:
            return state.proven
        for _ in self._rounds_of_cuts(every, state):
            every.forget(state, target=self.target)
        every.forget(state, target=self.target)
        return min(self.target, max(state.proven, self._chosen(every)))

    def _chosen(self, every: CompletePricer) -> int:
        """What every choice among these routes costs at least."""
        if len(every) > MOST_CHOICES:
            return UNKNOWN
        choice = self._choice(every.all_columns(), seconds=self.until - time.monotonic())
        return choice.proven_ore * SHARES_PER_ORE

    def _choice(self, columns: Iterable[Column], *, seconds: float) -> Choice:
        return best_choice(
            columns, self.caps.tolist(), [kind.count for kind in self.kinds], seconds=max(0.1, seconds)
        )
