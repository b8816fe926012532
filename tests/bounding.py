"""States of column generation for the tests of bounds."""

import numpy as np

from routing.bounds.alone import alone
from routing.bounds.choice import Choice
from routing.bounds.columns import Converging, around, generate
from routing.bounds.complete import Below
from routing.bounds.master import Duals, Master
from routing.bounds.pricing import RoutePricer
from routing.costs import SHARES_PER_ORE

LATER = 10**9
"""A moment of time.monotonic that does not come."""
FAR_ABOVE = 10**15


def all_below(pricer, state, target):
    """All routes that matter below this very target."""
    found, reached = Below(pricer, state).all_routes(target, least=target, until=LATER)
    assert reached == target
    return found


def all_columns(pricer):
    """Every route that a complete pricer knows."""
    for number, routes in enumerate(pricer.routes):
        yield from pricer.columns(number, np.arange(len(routes)))


def nothing(kinds, count):
    """A state in which nothing is rewarded and nothing proven."""
    zeros = np.zeros(count, dtype=np.int64)
    none = np.zeros(len(kinds), dtype=np.int64)
    duals = Duals(zeros, none, none, 0.0)
    return Converging(duals, proven=0, duals=duals, floors=(0,) * len(kinds))


def caps_of(problem, closure, kinds):
    most = 2 * int(alone(closure, kinds, len(problem.shipments)).max()) + SHARES_PER_ORE
    return [most if s.skip_ore is None else s.skip_ore * SHARES_PER_ORE for s in problem.shipments]


def converged(problem, closure, kinds):
    caps = np.array(caps_of(problem, closure, kinds))
    master = Master(caps.tolist(), [kind.count for kind in kinds])
    guess = alone(closure, kinds, len(problem.shipments)) // 2
    state = around(guess, np.zeros(len(kinds), dtype=np.int64), caps)
    state = generate(
        master,
        RoutePricer(closure, kinds),
        kinds,
        state,
        close=1e-6,
        until=LATER,
        upper=None,
        heard=lambda _: None,
    )
    assert state.is_converged
    return state, master


def best_choice(
    columns,
    caps,
    counts,
    *,
    most_ore,
    seconds,
):
    """By CP-SAT: each shipment on one route or left out for its cap (shares), at most ``counts`` routes of each kind."""
    from ortools.sat.python import cp_model

    known = list(columns)
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in known]
    skipped = [model.new_bool_var("") for _ in caps]
    serving = [[skip] for skip in skipped]
    driving = [[] for _ in counts]
    for column, variable in zip(known, taken, strict=True):
        driving[column.kind].append(variable)
        for number in column.numbers:
            serving[number].append(variable)
    for variables in serving:
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
    return Choice(round(solver.objective_value), proven, chosen)
