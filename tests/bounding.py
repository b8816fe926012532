"""States of column generation for the tests of bounds."""

import numpy as np

from routing.bounds.alone import alone
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
