"""The best cover of a pool: which of its routes together serve most for least, by CP-SAT.

Set partitioning (Balinski and Quandt 1964): each shipment on one chosen route or left out for its price, each class
of turns used at most as often as it has turns. What the plan costs as a whole is in the model too (cover_balance.py).
Identical turns are counted, so that no symmetry is left. Prices are
estimates first; what the answer uses is priced truly, and as long as that changes anything the cover is sought again.
"""

import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from routing.balancing import most_ore
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
LEAST_SECONDS = 0.1


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
        search.pool.add(self.orders)
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
        self.limit = limit
        self.seed = seed

    def keep_start(self) -> None:
        """The plan to begin with is in the pool at its true price, whatever the estimate thought of it."""
        for trip in self.start:
            route = route_of(trip, places=self.estimator.places)
            if route is not None:
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
        """The columns of the best cover by present prices; None when there was no time for one."""
        from ortools.sat.python import cp_model

        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.seed % 2**31
        if self.limit.iterations is not None:
            solver.parameters.max_deterministic_time = 1 + self.limit.iterations * UNITS_PER_ITERATION
        if self.limit.seconds is not None:
            seconds = self.limit.seconds - (time.monotonic() - self.began)
            if seconds < LEAST_SECONDS:
                return None
            solver.parameters.max_time_in_seconds = seconds
        columns = self.pool.columns
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
