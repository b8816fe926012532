"""The best choice among known routes, in whole öre, by CP-SAT: set partitioning (Balinski and Quandt 1964)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from routing.bounds.master import Column
from routing.costs import SHARES_PER_ORE


@dataclass(frozen=True, slots=True)
class Choice:
    """In öre, each route rounded up: the best choice found, what every choice costs at least, and the routes chosen.

    A route costs whole öre, and no less than its price, from which half an öre is taken where it may have been rounded down.

    Where no choice costs ``most_ore`` or less, that is what is proven.
    """

    cost_ore: int | None
    proven_ore: int
    columns: tuple[Column, ...]


def best_choice(
    columns: Iterable[Column],
    caps: Sequence[int],
    counts: Sequence[int],
    *,
    most_ore: int,
    seconds: float,
    may_repeat: bool = False,
) -> Choice:
    """Each shipment on one route or left out for its cap (shares), at most ``counts`` routes of each kind.

    Where ``may_repeat`` the routes of a choice may share shipments: whoever leaves them out of all but one pays no more.
    """
    from ortools.sat.python import cp_model

    known = _cheapest(columns)
    model = cp_model.CpModel()
    taken: list[Any] = [model.new_bool_var("") for _ in known]
    skipped: list[Any] = [model.new_bool_var("") for _ in caps]
    serving: list[list[Any]] = [[skip] for skip in skipped]
    driving: list[list[Any]] = [[] for _ in counts]
    for column, variable in zip(known, taken, strict=True):
        driving[column.kind].append(variable)
        for number in column.numbers:
            serving[number].append(variable)
    for variables in serving:
        if may_repeat:
            model.add_at_least_one(variables)
        else:
            model.add_exactly_one(variables)
    for count, variables in zip(counts, driving, strict=True):
        if count == 1:
            model.add_at_most_one(variables)
        elif len(variables) > count:
            model.add(cp_model.LinearExpr.sum(variables) <= count)
    prices = [-(-column.price // SHARES_PER_ORE) for column in known]
    prices += [cap // SHARES_PER_ORE for cap in caps]
    cost = cp_model.LinearExpr.weighted_sum([*taken, *skipped], prices)
    model.add(cost <= most_ore)
    model.minimize(cost)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return Choice(None, most_ore, ())
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Choice(None, 0, ())
    proven = int(solver.best_objective_bound)
    chosen = tuple(column for column, variable in zip(known, taken, strict=True) if solver.value(variable))
    return Choice(round(solver.objective_value), proven, tuple(_once(chosen)))


def _once(columns: Iterable[Column]) -> Iterator[Column]:
    """Each shipment on the first of its routes only."""
    seen: set[int] = set()
    for column in columns:
        numbers = tuple(number for number in column.numbers if number not in seen)
        order = tuple(task for task in column.order if task // 2 not in seen)
        seen.update(numbers)
        yield column if numbers == column.numbers else replace(column, numbers=numbers, order=order)


def _cheapest(columns: Iterable[Column]) -> list[Column]:
    """Of each kind and set of shipments the cheapest."""
    best: dict[tuple[int, tuple[int, ...]], Column] = {}
    for column in columns:
        key = column.kind, column.numbers
        if key not in best or column.price < best[key].price:
            best[key] = column
    return list(best.values())
