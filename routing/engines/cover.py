"""The best cover of a pool: which of its routes together serve most for least, by branch and bound (choosing/).

Set partitioning (Balinski and Quandt 1964): each shipment on one chosen route or left out for its price, each class
of turns used at most as often as it has turns. Where shipments are many or the plan costs something as a whole, CP-SAT chooses, with
that in its model (cover_balance.py). Identical turns are counted, so that no symmetry is left. Prices are
estimates first; what the answer uses is priced truly, and as long as that changes anything the cover is sought again.
"""

import math
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from routing.balance import NO_BALANCE
from routing.balancing import most_ore
from routing.choosing.branching import Branching
from routing.costs import SHARES_PER_ORE
from routing.engines.cover_balance import balance_terms
from routing.engines.estimate import Estimator, Order
from routing.engines.pool import Column, Pool
from routing.engines.protocol import Found, Limit, Reporter
from routing.feasible import route_of
from routing.problem import Problem
from routing.trips import Trip

MOST_ROUNDS = 8
UNITS_PER_ITERATION = 0.02
"""CP-SAT's own unit of work, about a second on one core; keeps runs that count iterations repeatable."""
LEAST_NODES, NODES_PER_ITERATION = 50, 0.05
"""Nodes of branch and bound, likewise."""
LEAST_SECONDS = 0.1
MOST_SHIPMENTS = 100
"""With more of them branch and bound needs longer than there is as a rule, and CP-SAT betters the start step by step."""
DEAREST_ORE = 2**51 // SHARES_PER_ORE
"""Of leaving all out: with more, sums would not fit a word."""
FAR = 1e9
"""Seconds, where no clock counts."""


@dataclass(frozen=True, slots=True)
class Cover:
    """Chooses among routes of these ``orders``; ``start`` is a plan to begin with, whose routes count too."""

    orders: tuple[Order, ...]
    start: tuple[Trip, ...] = ()
    name: str = "cover"

    def search(self, problem: Problem, *, limit: Limit, seed: int, report: Reporter | None) -> Found:
        """The best cover found; ``start`` when the time was too short for any."""
        del report
        search = _Search(problem, self.start, limit, seed)
        search.pool.add(search.estimator.order_of(trip) for trip in self.start)
        search.pool.add(self.orders, until=search.priced_until())
        search.keep_start()
        return Found(search.best())


class _Search:
    """Covers one after another until what is chosen costs what it was thought to cost."""

    def __init__(self, problem: Problem, start: tuple[Trip, ...], limit: Limit, seed: int) -> None:
        self.began = time.monotonic()
        self.problem = problem
        self.has_peak = problem.balance.peak_ore_per_hour > 0
        self.shipments = problem.shipments
        self.estimator = Estimator(problem)
        self.pool = Pool(self.estimator)
        self.start = start
        self.start_ore: int | None = None
        self.limit = limit
        self.seed = seed

    def priced_until(self) -> float:
        """Half of the time is for the choice."""
        return math.inf if self.limit.seconds is None else self.began + self.limit.seconds / 2

    def keep_start(self) -> None:
        """The plan to begin with is in the pool at its true price, whatever the estimate thought of it."""
        self.start_ore = 0
        for trip in self.start:
            route = route_of(trip, places=self.estimator.places)
            if route is None:
                self.start_ore = None
                return
            self.start_ore += route.cost_ore
            self.pool.put(trip, route.cost_ore, route.duration_s)

    def best(self) -> tuple[Trip, ...]:
        for _ in range(MOST_ROUNDS):
            chosen = self._cover()
            if chosen is None:
                break
            trips = self._trips(chosen)
            if not self._correct(chosen, trips):
                return trips
        return self.start

    def _correct(self, chosen: list[Column], trips: tuple[Trip, ...]) -> bool:
        """Put true prices in place of estimates; whether that changed anything."""
        changed = False
        for column, trip in zip(chosen, trips, strict=True):
            route = route_of(trip, places=self.estimator.places)
            seconds = route.duration_s if route is not None and self.has_peak else column.duration_s
            figures = None if route is None else (route.cost_ore, seconds)
            if figures != (column.cost_ore, column.duration_s):
                changed = True
                self.pool.correct(column, figures)
        return changed

    def _trips(self, chosen: list[Column]) -> tuple[Trip, ...]:
        """Each column on a turn of its class."""
        used: Counter[int] = Counter()
        trips = []
        for column in chosen:
            trips.append(self.estimator.trip(column.kind, column.order, nth=used[column.kind]))
            used[column.kind] += 1
        return tuple(trips)

    def _cover(self) -> list[Column] | None:
        """The columns of the best cover by present prices; None when there was no time for one, or none is better than the start."""
        seconds = FAR
        if self.limit.seconds is not None:
            seconds = self.limit.seconds - (time.monotonic() - self.began)
        columns = self.pool.columns
        if seconds < LEAST_SECONDS or not columns:
            return None
        is_whole = self.problem.balance != NO_BALANCE
        skips = self._skip_prices(columns)
        if is_whole or len(skips) > MOST_SHIPMENTS or sum(skips) > DEAREST_ORE:
            return self._chosen_as_a_whole(columns, seconds)
        return self._chosen(columns, skips, until=time.monotonic() + seconds)

    def _chosen(self, columns: tuple[Column, ...], skips: list[int], *, until: float) -> list[Column] | None:
        """By branch and bound: what one route costs does not depend on others."""
        members = np.zeros((len(columns), len(skips)), np.bool_)
        for row, column in enumerate(columns):
            members[row, list(column.shipments)] = True
        task = Branching(
            np.array([column.kind for column in columns], np.int64),
            np.array([column.cost_ore for column in columns], np.int64) * SHARES_PER_ORE,
            members,
            [len(turns) for turns in self.estimator.classes],
            np.array(skips, np.int64) * SHARES_PER_ORE,
        )
        nodes = None
        if self.limit.iterations is not None:
            nodes = LEAST_NODES + int(self.limit.iterations * NODES_PER_ITERATION)
        found = task.soon(most=self._start_ore(skips) * SHARES_PER_ORE, until=until, most_nodes=nodes)
        return [columns[row] for row in found.rows] if found.cost is not None else None

    def _start_ore(self, skips: list[int]) -> int:
        """What the plan to begin with truly costs, or a little more than leaving all out where there is none."""
        if not self.start or self.start_ore is None:
            return sum(skips) + 1
        served = {task // 2 for trip in self.start for task in self.estimator.order_of(trip)}
        return self.start_ore + sum(price for number, price in enumerate(skips) if number not in served)

    def _chosen_as_a_whole(self, columns: tuple[Column, ...], seconds: float) -> list[Column] | None:
        """By CP-SAT, which knows what couples the columns."""
        from ortools.sat.python import cp_model

        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.seed % 2**31
        if self.limit.iterations is not None:
            solver.parameters.max_deterministic_time = 1 + self.limit.iterations * UNITS_PER_ITERATION
        if self.limit.seconds is not None:
            solver.parameters.max_time_in_seconds = seconds
        model, taken = self._model(columns)
        if solver.solve(model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None
        return [column for column, chosen in zip(columns, taken, strict=True) if solver.value(chosen)]

    def _model(self, columns: tuple[Column, ...]) -> tuple[Any, list[Any]]:
        """The set partitioning model and its variable for each column."""
        from ortools.sat.python import cp_model

        model = cp_model.CpModel()
        taken: list[Any] = [model.new_bool_var("") for _ in columns]
        skipped: list[Any] = [model.new_bool_var("") for _ in self.shipments]
        serving: list[list[Any]] = [[skip] for skip in skipped]
        driving: list[list[Any]] = [[] for _ in self.estimator.classes]
        for column, variable in zip(columns, taken, strict=True):
            driving[column.kind].append(variable)
            for shipment in column.shipments:
                serving[shipment].append(variable)
        for variables in serving:
            model.add_exactly_one(variables)
        for turns, variables in zip(self.estimator.classes, driving, strict=True):
            if len(variables) > len(turns):
                model.add(cp_model.LinearExpr.sum(variables) <= len(turns))
        prices = [*(column.cost_ore for column in columns), *self._skip_prices(columns)]
        coupled = balance_terms(model, self.estimator, columns, taken)
        variables = [*taken, *skipped, *(variable for variable, _ in coupled)]
        prices += [price for _, price in coupled]
        model.minimize(cp_model.LinearExpr.weighted_sum(variables, prices))
        self._hint(model, columns, taken, skipped)
        return model, taken

    def _hint(self, model: Any, columns: tuple[Column, ...], taken: list[Any], skipped: list[Any]) -> None:
        """Begin with the plan there is."""
        kinds = {self.estimator.class_number(trip.turn): set[frozenset[int]]() for trip in self.start}
        for trip in self.start:
            orders = kinds[self.estimator.class_number(trip.turn)]
            orders.add(frozenset(task // 2 for task in self.estimator.order_of(trip)))
        served = {shipment for chosen in kinds.values() for group in chosen for shipment in group}
        for column, variable in zip(columns, taken, strict=True):
            is_chosen = column.shipments in kinds.get(column.kind, ()) and not column.is_quick
            model.add_hint(variable, is_chosen)
        for number, variable in enumerate(skipped):
            model.add_hint(variable, number not in served)

    def _skip_prices(self, columns: tuple[Column, ...]) -> list[int]:
        """A mandatory shipment costs more to leave out than any choice of routes and prices together."""
        dearest = [0] * len(self.shipments)
        for column in columns:
            for shipment in column.shipments:
                dearest[shipment] = max(dearest[shipment], column.cost_ore)
        above = (
            1
            + most_ore(self.problem)
            + sum(shipment.skip_ore or 0 for shipment in self.shipments)
            + sum(dearest)
        )
        return [above if s.skip_ore is None else s.skip_ore for s in self.shipments]
