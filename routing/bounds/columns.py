"""Column generation: rewards for shipments from a linear program, routes that beat them from pricing.

Proven at any moment (Lagrange): with rewards r >= 0, none above the price of leaving its shipment out, every plan costs
at least the sum of r plus, for each turn, the least price of a route after rewards, or 0. So each round of pricing
gives a bound, long before the program has converged. The duals move within a box around the best so far, which keeps
them from swinging (boxstep method, Marsten, Hogan and Blankenship 1975).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from routing.bounds.master import Box, Column, Duals, Master
from routing.bounds.network import TurnKind
from routing.bounds.words import Ints
from routing.costs import SHARES_PER_ORE

CLOSE = 1e-4
"""The program has converged when what it promises is proven up to this share, or an öre."""
SHRINK = 0.6
UNKNOWN = -(2**62)


@dataclass(frozen=True, slots=True)
class Priced:
    """What pricing one kind of turn gave: routes, and a proven floor of any route's price (fixed price included).

    ``is_exact``: the floor is the least price in this relaxation, or above what would matter.
    """

    columns: tuple[Column, ...]
    floor: int
    is_exact: bool = True


class Pricer(Protocol):
    """Prices one kind of turn, by its number; ``until`` is a moment of time.monotonic."""

    def price(self, number: int, duals: Duals, *, until: float) -> Priced: ...

    def learn(self, *, new: int) -> None:
        """How many new columns a round brought."""


@dataclass(slots=True)
class Converging:
    """The best duals so far, the bound they prove (shares), the box around them, and what the last full box proved.

    ``duals`` and ``floors``: all that proves the bound; the floor of each kind's routes under these duals.
    """

    rewards: Ints
    worths: Ints
    reward_box: Ints
    worth_box: Ints
    proven: int
    is_converged: bool = False
    before: int = UNKNOWN
    duals: Duals | None = None
    floors: tuple[int, ...] = ()

    def box(self, caps: Ints) -> Box:
        return Box(
            least_rewards=np.maximum(0, self.rewards - self.reward_box),
            most_rewards=np.minimum(caps, self.rewards + self.reward_box),
            least_worths=np.maximum(0, self.worths - self.worth_box),
            most_worths=self.worths + self.worth_box,
        )

    def leans_on(self, duals: Duals, caps: Ints) -> bool:
        """Whether the duals lie on the box's edge, so that a wider box might give more."""
        box = self.box(caps)
        low = (duals.rewards <= box.least_rewards) & (box.least_rewards > 0)
        high = (duals.rewards >= box.most_rewards) & (box.most_rewards < caps)
        return bool((low | high).any()) or bool((duals.worths >= box.most_worths).any())


def around(rewards: Ints, worths: Ints, caps: Ints) -> Converging:
    """A start with boxes half as wide as the values."""
    rewards = np.minimum(rewards, caps)
    return Converging(
        rewards, worths, np.maximum(1, rewards // 2), np.maximum(1, worths // 2), proven=UNKNOWN
    )


def generate(
    master: Master,
    pricer: Pricer,
    kinds: Sequence[TurnKind],
    caps: Ints,
    state: Converging,
    *,
    until: float,
    upper: int | None,
    heard: Callable[[int], None],
) -> Converging:
    """Improve ``state`` until it has converged, proves ``upper`` shares, or time is up; ``heard``: what is proven so far."""
    while not state.is_converged and (upper is None or state.proven < upper):
        duals = master.solve(state.box(caps))
        if duals is None or time.monotonic() > until:
            break
        duals = replace(duals, rewards=np.minimum(duals.rewards, caps))
        priced = [pricer.price(number, duals, until=until) for number in range(len(kinds))]
        new = master.add(column for one in priced for column in one.columns)
        pricer.learn(new=new)
        floors = tuple(one.floor for one in priced)
        _judge(
            state,
            duals,
            floors,
            proven(kinds, duals, floors),
            caps,
            is_exact=all(one.is_exact for one in priced),
            is_done=new == 0,
        )
        heard(state.proven)
    return state


def proven(kinds: Sequence[TurnKind], duals: Duals, floors: Sequence[int]) -> int:
    """The bound of these rewards and cuts, in shares."""
    return duals.total + sum(kind.count * min(0, floor) for kind, floor in zip(kinds, floors, strict=True))


def _judge(
    state: Converging,
    duals: Duals,
    floors: tuple[int, ...],
    bound: int,
    caps: Ints,
    *,
    is_exact: bool,
    is_done: bool,
) -> None:
    """A better bound moves the box; a worse one, where it is the whole truth, makes it narrower."""
    if is_exact and (is_done or duals.value - bound <= CLOSE * abs(duals.value) + SHARES_PER_ORE):
        gains = bound - state.before > CLOSE * abs(bound) + SHARES_PER_ORE
        state.is_converged = not (gains and state.leans_on(duals, caps))
        state.before = bound
        state.reward_box = np.maximum(state.reward_box, duals.rewards // 2 + 1)
        state.worth_box = np.maximum(state.worth_box, duals.worths // 2 + 1)
    elif is_exact and bound <= state.proven:
        state.reward_box = np.maximum(1, (state.reward_box * SHRINK).astype(np.int64))
        state.worth_box = np.maximum(1, (state.worth_box * SHRINK).astype(np.int64))
    if bound > state.proven:
        state.proven, state.rewards, state.worths = bound, duals.rewards, duals.worths
        state.duals, state.floors = duals, floors
