"""Column generation: rewards for shipments from a linear program, routes that beat them from pricing.

Proven at any moment (Lagrange): with rewards r >= 0, none above the price of leaving its shipment out, and prices s >= 0 of
cuts, every plan costs at least the sum of r less the sum of s plus, for each turn, the least price of a route after rewards
and cuts, or 0. So each round of pricing gives a bound, long before the program has converged. Routes are priced
between the program's duals and the best so far, which keeps the duals from swinging (Wentges 1997).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from routing.arrays import Ints
from routing.bounds.master import Column, Duals, Master
from routing.bounds.network import TurnKind
from routing.costs import SHARES_PER_ORE

KEPT = 0.3
"""The share of the best duals so far in those that routes are priced by."""
FEW = 8
"""New columns."""
UNKNOWN = -(2**62)


@dataclass(frozen=True, slots=True)
class Priced:
    """What pricing one kind of turn gave: routes, and a proven floor of any route's price (fixed price included).

    ``is_exact``: the floor is the least price in this relaxation, or above what would matter. ``guess``: the least found.
    """

    columns: tuple[Column, ...]
    floor: int
    is_exact: bool = True
    guess: int = 0


class Pricer(Protocol):
    """Prices every kind of turn, in order; ``until`` is a moment of time.monotonic. ``is_quick``: what it finds next may not be all."""

    @property
    def is_quick(self) -> bool: ...

    def price_all(self, duals: Duals, *, until: float) -> list[Priced]: ...

    def learn(self, *, new: int) -> None:
        """How many new columns a round brought."""

    def begin(self) -> None:
        """The program has changed."""


@dataclass(slots=True)
class Converging:
    """``centre``: the best duals so far, and what they promise (shares): proven, or guessed by quick looks.

    ``proven`` is the best bound; ``duals`` and ``floors`` all that proves it: the floor of each kind's routes under them.
    """

    centre: Duals
    promised: int = UNKNOWN
    is_guess: bool = True
    proven: int = UNKNOWN
    duals: Duals | None = None
    floors: tuple[int, ...] = ()
    is_converged: bool = False
    kept: float = KEPT

    def begin(self) -> None:
        """Anew, from the duals there are: the program or the way of pricing has changed."""
        self.promised, self.is_guess, self.is_converged, self.kept = UNKNOWN, True, False, KEPT

    def between(self, duals: Duals) -> Duals:
        """Duals to price by; the cuts' prices are the program's own."""
        kept = self.kept if self.promised != UNKNOWN else 1.0 if self.proven == UNKNOWN else KEPT
        best = self.centre
        return Duals(
            rewards=_mixed(kept, best.rewards, duals.rewards),
            rents=_mixed(kept, best.rents, duals.rents),
            worths=_mixed(kept, best.worths, duals.worths),
            value=duals.value,
            cuts=duals.cuts,
        )


def around(rewards: Ints, worths: Ints, caps: Ints) -> Converging:
    """A start from a guess."""
    rewards = np.minimum(rewards, caps)
    return Converging(Duals(rewards, np.zeros_like(worths), worths, 0.0))


def generate(
    master: Master,
    pricer: Pricer,
    kinds: Sequence[TurnKind],
    state: Converging,
    *,
    close: float,
    until: float,
    upper: int | None,
    heard: Callable[[int], None],
    is_quick: bool = False,
) -> Converging:
    """Improve ``state`` until it has converged, proves ``upper`` shares, or time is up; ``heard``: what is proven so far.

    Where ``is_quick`` also until quick looks find little more.

    It has converged when what the program promises is proven up to the share ``close`` and an öre.
    """
    while not state.is_converged and (upper is None or state.proven < upper):
        if is_quick and not pricer.is_quick:
            break
        program = master.solve()
        if program is None or time.monotonic() > until:
            break
        duals = state.between(program)
        priced = pricer.price_all(duals, until=until)
        new = master.add(column for one in priced for column in one.columns)
        is_exact = all(one.is_exact for one in priced)
        _keep(state, duals, tuple(one.floor for one in priced), kinds)
        guess = proven(kinds, duals, [one.floor if is_exact else one.guess for one in priced])
        _follow(state, duals, guess, is_exact=is_exact, new=new)
        state.is_converged = (
            is_exact and program.value - state.proven <= close * abs(program.value) + SHARES_PER_ORE
        )
        pricer.learn(new=new if guess < program.value - close * abs(program.value) else 0)
        heard(state.proven)
    return state


def proven(kinds: Sequence[TurnKind], duals: Duals, floors: Sequence[int]) -> int:
    """The bound of these rewards and cuts, in shares."""
    return duals.total + sum(kind.count * min(0, floor) for kind, floor in zip(kinds, floors, strict=True))


def _keep(state: Converging, duals: Duals, floors: tuple[int, ...], kinds: Sequence[TurnKind]) -> None:
    """A better bound is kept with all that proves it."""
    bound = proven(kinds, duals, floors)
    if bound > state.proven:
        state.proven, state.duals, state.floors = bound, duals, floors


def _follow(state: Converging, duals: Duals, promised: int, *, is_exact: bool, new: int) -> None:
    """The centre goes where more is promised; what is proven counts more than any guess. Where nothing new comes, nearer the program."""
    if promised > state.promised or (is_exact and state.is_guess):
        state.centre, state.promised, state.is_guess = duals, promised, not is_exact
    state.kept = KEPT if new > FEW else state.kept / 2


def _mixed(kept: float, old: Ints, new: Ints) -> Ints:
    mixed: Ints = np.round(kept * old + (1 - kept) * new).astype(np.int64)
    return mixed
