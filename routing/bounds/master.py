"""The linear program over routes: cover every shipment, use each kind of turn at most so often, in time on average.

Its duals are only a guess at good prices; what is proven from them is computed elsewhere in whole numbers.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from routing.bounds.words import Ints
from routing.costs import SHARES_PER_ORE


@dataclass(frozen=True, slots=True)
class Column:
    """A route of turn kind ``kind``: its price in shares, fixed price included, and its shipments as often as taken.

    ``excess_s``: seconds beyond those allowed (below 0: to spare), where time is priced and not a rule.
    """

    kind: int
    price: int
    numbers: tuple[int, ...]
    excess_s: int = 0


@dataclass(frozen=True, slots=True)
class Duals:
    """In shares, never negative: rewards per shipment, rents per kind of turn, worths of its seconds; the optimum."""

    rewards: Ints
    rents: Ints
    worths: Ints
    value: float


@dataclass(frozen=True, slots=True)
class Box:
    """Limits between which rewards and worths may move."""

    least_rewards: Ints
    most_rewards: Ints
    least_worths: Ints
    most_worths: Ints


class Master:
    """Grows by columns; solved by OR-Tools' GLOP, which starts from where it last ended."""

    def __init__(self, caps: Sequence[int], counts: Sequence[int]) -> None:
        """``caps``: the price of leaving each shipment out, in shares; ``counts``: turns of each kind."""
        from ortools.linear_solver import pywraplp

        self.solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        infinity = self.solver.infinity()
        self.objective = self.solver.Objective()
        self.objective.SetMinimization()
        self.covers = [self.solver.Constraint(1.0, infinity) for _ in caps]
        self.turns = [self.solver.Constraint(-infinity, float(count)) for count in counts]
        self.clocks = [self.solver.Constraint(-infinity, 0.0) for _ in counts]
        self.known: set[Column] = set()
        for row, cap in zip(self.covers, caps, strict=True):
            self._variable(cap, {row: 1})
        self.buys = [self._variable(0, {row: 1}) for row in self.covers]
        self.sells = [self._variable(0, {row: -1}) for row in self.covers]
        self.slower = [self._variable(0, {row: -1}) for row in self.clocks]
        self.faster = [self._variable(0, {row: 1}) for row in self.clocks]

    def add(self, columns: Iterable[Column]) -> int:
        """How many of them are new."""
        fresh = [column for column in dict.fromkeys(columns) if column not in self.known]
        for column in fresh:
            self.known.add(column)
            rows = {self.covers[number]: times for number, times in Counter(column.numbers).items()}
            rows |= {self.turns[column.kind]: 1, self.clocks[column.kind]: column.excess_s}
            self._variable(column.price, rows)
        return len(fresh)

    def _variable(self, price: int, rows: dict[Any, int]) -> Any:
        variable = self.solver.NumVar(0.0, self.solver.infinity(), "")
        self.objective.SetCoefficient(variable, price / SHARES_PER_ORE)
        for row, times in rows.items():
            row.SetCoefficient(variable, float(times))
        return variable

    def solve(self, box: Box) -> Duals | None:
        """The optimum with the duals in the box; None when the solver gives up."""
        self._price(self.buys, box.most_rewards)
        self._price(self.sells, -box.least_rewards)
        self._price(self.slower, box.most_worths)
        self._price(self.faster, -box.least_worths)
        if self.solver.Solve() != self.solver.OPTIMAL:
            return None
        return Duals(
            rewards=_whole(row.dual_value() for row in self.covers),
            rents=_whole(-row.dual_value() for row in self.turns),
            worths=_whole(-row.dual_value() for row in self.clocks),
            value=self.objective.Value() * SHARES_PER_ORE,
        )

    def _price(self, variables: list[Any], prices: Ints) -> None:
        for variable, price in zip(variables, prices.tolist(), strict=True):
            self.objective.SetCoefficient(variable, price / SHARES_PER_ORE)


def _whole(duals: Iterable[float]) -> Ints:
    """Öre as shares, never below 0."""
    values: Ints = np.maximum(0, np.round(np.array(list(duals)) * SHARES_PER_ORE)).astype(np.int64)
    return values
