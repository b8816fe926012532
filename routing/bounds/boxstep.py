"""Column generation where every round is exact: duals move within a box around the best so far, which keeps them from swinging.

Boxstep method (Marsten, Hogan and Blankenship 1975). From a start far from the optimum it gets near it sooner than
mixed duals do (see columns), which for their part need less when most rounds are guesses.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from routing.arrays import Ints
from routing.bounds.columns import UNKNOWN, Pricer, proven
from routing.bounds.master import Duals, Master
from routing.bounds.network import TurnKind
from routing.costs import SHARES_PER_ORE

CLOSE = 1e-5
"""The program has converged when what it promises is proven up to this share, or an öre."""
SHRINK = 0.6


@dataclass(frozen=True, slots=True)
class Box:
    """Limits between which rewards and worths may move."""

    least_rewards: Ints
    most_rewards: Ints
    least_worths: Ints
    most_worths: Ints


class BoxedMaster(Master):
    """The program with its duals in a box: whoever pays its edges' prices may cover more or less."""

    def __init__(self, caps: list[int], counts: list[int]) -> None:
        super().__init__(caps, counts)
        self.buys = [self._variable(0, {row: 1}) for row in self.covers]
        self.sells = [self._variable(0, {row: -1}) for row in self.covers]
        self.slower = [self._variable(0, {row: -1}) for row in self.clocks]
        self.faster = [self._variable(0, {row: 1}) for row in self.clocks]

    def within(self, box: Box) -> Duals | None:
        """The optimum with the duals in the box; None when the solver gives up."""
        self._price(self.buys, box.most_rewards)
        self._price(self.sells, -box.least_rewards)
        self._price(self.slower, box.most_worths)
        self._price(self.faster, -box.least_worths)
        return self.solve()

    def _price(self, variables: list[Any], prices: Ints) -> None:
        for variable, price in zip(variables, prices.tolist(), strict=True):
            self.objective.SetCoefficient(variable, price / SHARES_PER_ORE)


@dataclass(slots=True)
class Boxed:
    """The best duals so far, the bound they prove (shares), the box around them, and what the last full box proved."""

    rewards: Ints
    worths: Ints
    reward_box: Ints
    worth_box: Ints
    proven: int = UNKNOWN
    is_converged: bool = False
    before: int = UNKNOWN

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


def boxed(rewards: Ints, worths: Ints, caps: Ints) -> Boxed:
    """A start with boxes half as wide as the values."""
    rewards = np.minimum(rewards, caps)
    return Boxed(rewards, worths, np.maximum(1, rewards // 2), np.maximum(1, worths // 2))


def step_by_step(
    pricer: Pricer,
    kinds: Sequence[TurnKind],
    caps: Ints,
    state: Boxed,
    *,
    until: float,
    upper: int | None,
    heard: Callable[[int], None],
) -> Boxed:
    """Improve ``state`` until it has converged, proves ``upper`` shares, or time is up; ``heard``: what is proven so far."""
    master = BoxedMaster(caps.tolist(), [kind.count for kind in kinds])
    while not state.is_converged and (upper is None or state.proven < upper):
        duals = master.within(state.box(caps))
        if duals is None:
            break
        duals = replace(duals, rewards=np.minimum(duals.rewards, caps))
        priced = pricer.price_all(duals, until=until)
        if not all(one.is_exact for one in priced):
            break
        master.add(column for one in priced for column in one.columns)
        _judge(state, duals, proven(kinds, duals, [one.floor for one in priced]), caps)
        heard(state.proven)
    return state


def _judge(state: Boxed, duals: Duals, bound: int, caps: Ints) -> None:
    """A better bound moves the box; a worse one makes it narrower."""
    if duals.value - bound <= CLOSE * abs(duals.value) + SHARES_PER_ORE:
        gains = bound - state.before > CLOSE * abs(bound) + SHARES_PER_ORE
        state.is_converged = not (gains and state.leans_on(duals, caps))
        state.before = bound
        state.reward_box = np.maximum(state.reward_box, duals.rewards // 2 + 1)
        state.worth_box = np.maximum(state.worth_box, duals.worths // 2 + 1)
    elif bound <= state.proven:
        state.reward_box = np.maximum(1, (state.reward_box * SHRINK).astype(np.int64))
        state.worth_box = np.maximum(1, (state.worth_box * SHRINK).astype(np.int64))
    if bound > state.proven:
        state.proven, state.rewards, state.worths = bound, duals.rewards, duals.worths
