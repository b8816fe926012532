"""The linear program over routes: cover every shipment, use each kind of turn at most so often, in time on average.

Its duals are only a guess at good prices; what is proven from them is computed elsewhere in whole numbers.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from routing.arrays import Bools, Floats, Ints
from routing.choosing.cuts import Triple
from routing.costs import SHARES_PER_ORE

LEAST_SHARE = 1e-6


@dataclass(frozen=True, slots=True)
class Column:
    """A route of turn kind ``kind``: its price in shares, fixed price included, and its shipments as often as taken.

    ``excess_s``: seconds beyond those allowed (below 0: to spare), where time is priced and not a rule. ``order``: the
    tasks one after another, where they are known, as 2 x the shipment's number, + 1 for its pickup.
    """

    kind: int
    price: int
    numbers: tuple[int, ...]
    excess_s: int = 0
    order: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Duals:
    """In shares, never negative: rewards per shipment, rents per kind of turn, worths of its seconds; the optimum.

    ``cuts``: triples of shipments with what a route pays that serves two of them or all.
    """

    rewards: Ints
    rents: Ints
    worths: Ints
    value: float
    cuts: tuple[tuple[Triple, int], ...] = ()

    @property
    def total(self) -> int:
        """What all shipments earn, less what the cuts allow to be paid for nothing."""
        return int(self.rewards.sum()) - sum(price for _, price in self.cuts)


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
        self.known: dict[Column, Any] = {}
        self.serving: dict[int, list[Column]] = defaultdict(list)
        self.cuts: dict[Triple, Any] = {}
        for row, cap in zip(self.covers, caps, strict=True):
            self._variable(cap, {row: 1})
        self.caps = np.array(caps, dtype=np.int64)

    def add(self, columns: Iterable[Column]) -> int:
        """How many of them are new."""
        fresh = [column for column in dict.fromkeys(columns) if column not in self.known]
        for column in fresh:
            rows = {self.covers[number]: times for number, times in Counter(column.numbers).items()}
            rows |= {self.turns[column.kind]: 1, self.clocks[column.kind]: column.excess_s}
            rows |= {row: 1 for triple, row in self.cuts.items() if is_cut(column.numbers, triple)}
            self.known[column] = self._variable(column.price, rows)
            for number in set(column.numbers):
                self.serving[number].append(column)
        return len(fresh)

    def cut(self, triples: Iterable[Triple]) -> int:
        """Allow at most one route that serves two of each three; how many of them are new."""
        fresh = [triple for triple in triples if triple not in self.cuts]
        for triple in fresh:
            self.cuts[triple] = row = self.solver.Constraint(-self.solver.infinity(), 1.0)
            often = Counter(column for number in triple for column in self.serving[number])
            for column, times in often.items():
                if times > 1:
                    row.SetCoefficient(self.known[column], 1.0)
        return len(fresh)

    def chosen(self) -> tuple[Bools, Floats]:
        """The routes of the optimum, routes x shipments, and their shares; none when the solver gives up."""
        shares: dict[Column, float] = {}
        if is_solved(self.solver):  # else what came since has no share yet
            shares = {column: variable.solution_value() for column, variable in self.known.items()}
        some = [column for column, share in shares.items() if share > LEAST_SHARE]
        members = np.zeros((len(some), len(self.covers)), np.bool_)
        for row, column in enumerate(some):
            members[row, list(column.numbers)] = True
        return members, np.array([shares[column] for column in some], np.float64)

    def _variable(self, price: int, rows: dict[Any, int]) -> Any:
        variable = self.solver.NumVar(0.0, self.solver.infinity(), "")
        self.objective.SetCoefficient(variable, price / SHARES_PER_ORE)
        for row, times in rows.items():
            row.SetCoefficient(variable, float(times))
        return variable

    def solve(self) -> Duals | None:
        """The optimum; None when the solver gives up. No reward is above its cap."""
        if not is_solved(self.solver):
            return None
        return Duals(
            rewards=np.minimum(self.caps, _whole(row.dual_value() for row in self.covers)),
            rents=_whole(-row.dual_value() for row in self.turns),
            worths=_whole(-row.dual_value() for row in self.clocks),
            value=self.objective.Value() * SHARES_PER_ORE,
            cuts=self._cut_prices(),
        )

    def _cut_prices(self) -> tuple[tuple[Triple, int], ...]:
        prices = _whole(-row.dual_value() for row in self.cuts.values()).tolist()
        return tuple((triple, price) for triple, price in zip(self.cuts, prices, strict=True) if price)


def is_solved(solver: Any) -> bool:
    """Whether GLOP finds the optimum, if need be anew: from where it last ended it may lose its way in small numbers."""
    from ortools.linear_solver import pywraplp

    if solver.Solve() == solver.OPTIMAL:
        return True
    anew = pywraplp.MPSolverParameters()
    anew.SetIntegerParam(anew.INCREMENTALITY, anew.INCREMENTALITY_OFF)
    if solver.Solve(anew) == solver.OPTIMAL:
        return True
    anew.SetIntegerParam(anew.LP_ALGORITHM, anew.DUAL)
    return bool(solver.Solve(anew) == solver.OPTIMAL)


def is_cut(numbers: tuple[int, ...], triple: Triple) -> bool:
    """Whether a route with these shipments serves two of the three."""
    return sum(number in numbers for number in triple) >= 2


def _whole(duals: Iterable[float]) -> Ints:
    """Öre as shares, never below 0."""
    values: Ints = np.maximum(0, np.round(np.array(list(duals)) * SHARES_PER_ORE)).astype(np.int64)
    return values
