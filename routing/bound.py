"""How good could any plan be? A proven lower bound, to be held against a plan's cost.

What is bounded: ``totals.cost_ore + totals.skip_ore`` of every plan that passes ``routing.check`` and leaves out at
most ``left_out`` shipments that must be served, where ``left_out`` counts those that no turn can carry even with all
else relaxed. No such plan can be cheaper.
The prices of the plan as a whole (balance.py) are never below 0, so what bounds the rest bounds the sum with
``totals.balance_ore`` too; how far it lies below is then partly what the balance must cost. Plans that leave out more are cheaper for a reason that is no merit, and
are not bounded (``gap`` says so by None).

True routes come first (``bounds/routes``): column generation, cuts, and all routes that could matter looked at. Where a turn has too
many shipments or places, or stops lie too close, a relaxation takes their place (``bounds/blocks``), and for any size there is
one more (``bounds/ways``).

Every figure is proven in whole numbers, whatever a linear program's floating point says: its answer is only used as
a guess at good rewards, and the bound is computed from the rewards (Lagrangian duality).
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from routing.arrays import Ints
from routing.bounds.alone import SHARED, alone
from routing.bounds.block_pricer import BlockPricer
from routing.bounds.boxstep import boxed, step_by_step
from routing.bounds.columns import around
from routing.bounds.master import Column
from routing.bounds.network import Closure, TurnKind, closure_of, kinds_of
from routing.bounds.ready import STEPS
from routing.bounds.stays import has_times, is_small_enough
from routing.bounds.tables import TooManyStops
from routing.bounds.waiting import with_handovers
from routing.bounds.ways import ways_bound
from routing.costs import SHARES_PER_ORE
from routing.handover import orphans
from routing.plan import Plan
from routing.problem import Problem, Window

MOST_SHARES = 2**51
"""Of all prices for leaving out together: with more (where a vehicle counts more than any way) sums of them would not fit a word."""
COMPILING = 0.5
"""Of the time, at most, in which true routes may wait for their compiled steps, on a machine that has none yet."""
FEW_FARMS, BLOCKS_FIRST = 8, 0.1
"""Where no turn comes to more farms, blocks come first, for so much of the time: they are quick then, and their rewards a good guess."""
UNDER_WAY = "none while routes are under way"
"""Goods that are on board need no pickup: what is proven here would not hold for them."""


@dataclass(frozen=True, slots=True)
class Idea:
    """A route as an idea: the vehicle, its shift, and the shipments in order, with whether each is picked up there."""

    vehicle: str
    shift: int
    tasks: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """No plan leaving out at most ``left_out`` mandatory shipments costs less than ``cost_ore``.

    ``method`` names the strongest relaxation that was completed. ``is_exact``: a plan of this cost exists. ``ideas``: routes
    that came up on the way and together would be a cheap plan, if they can all be driven: whoever searches may look at them. ``met``: routes
    that came up since it was last reported, not all of one plan: tasks in order, as 2 x the shipment's place in the problem, + 1 for its pickup.
    """

    cost_ore: int
    left_out: int
    method: str
    seconds: float
    is_exact: bool = False
    fingerprint: str = ""
    ideas: tuple[Idea, ...] = ()
    met: tuple[tuple[int, ...], ...] = ()


def bound(
    problem: Problem,
    *,
    seconds: float,
    upper_ore: int | None = None,
    report: Callable[[Bound], None] | None = None,
) -> Bound:
    """The best lower bound proven within about ``seconds``.

    ``upper_ore`` is the ``totals.price_ore`` of a plan that leaves out no more than it must: with it the search ends as soon as
    that plan is proven best. ``report`` hears of each better bound on the way, and of ideas. Raises ValueError when ``seconds`` is not
    above 0.
    """
    if seconds <= 0:
        raise ValueError("A bound needs time: give more seconds.")
    began = time.monotonic()
    if problem.rules.on_board or problem.rules.driven:
        return Bound(0, len(problem.shipments), UNDER_WAY, 0.0, fingerprint=problem.fingerprint())
    eased = _eased(problem)
    closure = closure_of(eased)
    kinds = kinds_of(eased, closure)
    hopeless = _hopeless(eased, kinds)
    waiting = with_handovers(eased, kinds, hopeless)
    if waiting is not eased and _hopeless(waiting, narrow := kinds_of(waiting, closure)) == hopeless:
        kinds = narrow
    base_ore = sum(problem.shipments[number].skip_ore or 0 for number in hopeless)
    left_out = sum(problem.shipments[number].skip_ore is None for number in hopeless)
    fingerprint = problem.fingerprint()
    ideas: list[Idea] = []
    met: list[tuple[int, ...]] = []

    def told(shares: int, method: str) -> Bound:
        cost_ore = base_ore + max(0, -(-shares // SHARES_PER_ORE))
        return Bound(
            cost_ore=cost_ore if upper_ore is None else min(cost_ore, upper_ore),
            left_out=left_out,
            method=method,
            seconds=time.monotonic() - began,
            is_exact=upper_ore is not None and upper_ore <= cost_ore,
            fingerprint=fingerprint,
            ideas=tuple(ideas),
            met=tuple(met),
        )

    upper = None if upper_ore is None else (upper_ore - base_ore) * SHARES_PER_ORE

    def heard(shares: int, method: str) -> None:
        if report is not None:
            report(told(shares, method))
        met.clear()

    task = _Task(eased, closure, kinds, hopeless, ideas, met, until=began + seconds, upper=upper, heard=heard)
    shares, method = task.best() if kinds else (0, "nothing can be carried")
    return told(shares, method)


def gap(plan: Plan, proven: Bound, problem: Problem) -> float | None:
    """How far the plan is from the best possible at most, as a share of the bound; None when nothing is proven.

    The plan's cost is that of its routes, of what it leaves out, and of the plan as a whole.

    Nothing is proven when the plan answers another problem, leaves out more than the bound allows for, or when the
    bound is 0 and the plan is not free.
    """
    mandatory = {shipment.id for shipment in problem.shipments if shipment.skip_ore is None}
    missing = sum(entry.shipment in mandatory for entry in plan.unserved)
    cost_ore = plan.totals.price_ore
    if missing > proven.left_out or problem.fingerprint() != proven.fingerprint:
        return None
    if proven.cost_ore == 0:
        return 0.0 if cost_ore == 0 else None
    return max(0, cost_ore - proven.cost_ore) / proven.cost_ore


def _eased(problem: Problem) -> Problem:
    """The problem with overtime as part of the shift, at the lower of both prices: no plan costs more in it."""
    vehicles = tuple(
        replace(
            vehicle,
            shifts=tuple(Window(s.start_s, s.end_s + vehicle.overtime_s) for s in vehicle.shifts),
            ore_per_hour=min(vehicle.ore_per_hour, vehicle.overtime_ore_per_hour),
            overtime_s=0,
        )
        if vehicle.overtime_s
        else vehicle
        for vehicle in problem.vehicles
    )
    return problem if vehicles == problem.vehicles else replace(problem, vehicles=vehicles)


def _hopeless(problem: Problem, kinds: tuple[TurnKind, ...]) -> frozenset[int]:
    """Shipments (by number) that no turn can carry, even with all else relaxed, and what waits for them.

    That goods wait for others is otherwise not looked at: without that rule plans only get cheaper.
    """
    possible = {taking.number for kind in kinds for taking in kind.takings}
    names = [shipment.id for shipment in problem.shipments]
    lost = orphans(problem, (names[number] for number in possible))
    return frozenset(number for number, name in enumerate(names) if number not in possible or name in lost)


@dataclass(frozen=True, slots=True)
class _Task:
    """One problem made ready; ``upper`` in shares, ``until`` a moment of time.monotonic."""

    problem: Problem
    closure: Closure
    kinds: tuple[TurnKind, ...]
    hopeless: frozenset[int]
    ideas: list[Idea]
    met: list[tuple[int, ...]]
    until: float
    upper: int | None
    heard: Callable[[int, str], None]

    def best(self) -> tuple[int, str]:
        """The best bound of all methods, in shares, and the method's name."""
        best = (ways_bound(self.closure, self.kinds, self._prices()), "ways")
        self.heard(*best)
        single = alone(self.closure, self.kinds, len(self.problem.shipments))
        caps = self._caps(single)
        worths = np.array([kind.per_second for kind in self.kinds], dtype=np.int64)
        guess = (single * SHARED).astype(np.int64)
        has_few = all(len({t.pickup for t in kind.takings}) <= FEW_FARMS for kind in self.kinds)
        if has_few:
            first_s = time.monotonic() + BLOCKS_FIRST * (self.until - time.monotonic())
            best, guess = self._by_blocks(guess, worths, caps, best, until=first_s)
        found, name, is_done = self._by_routes(guess, worths, caps, best)
        best = max(best, (found, name))
        if is_done or has_few:
            return best
        return self._by_blocks(guess, worths, caps, best, until=self.until)[0]

    def _by_routes(
        self, guess: Ints, worths: Ints, caps: Ints, best: tuple[int, str]
    ) -> tuple[int, str, bool]:
        """From true routes; False where they cannot be, or too little came of it to leave it at that."""
        name = "columns"
        if not is_small_enough(self.kinds) or int(caps.sum()) > MOST_SHARES:
            return 0, name, False
        waiting_s = COMPILING * (self.until - time.monotonic())
        if not STEPS.wait_until_ready(time.monotonic() + waiting_s):
            return 0, name, False
        from routing.bounds.pricing import RoutePricer, StopsTooClose, TooManySteps
        from routing.bounds.routes import ByRoutes

        try:
            pricer = RoutePricer(self.closure, self.kinds, is_timed=False)
        except (StopsTooClose, TooManySteps):
            return 0, name, False
        timed = None
        if any(has_times(stays.layout) for stays in pricer.stays):
            timed = RoutePricer(self.closure, self.kinds)
        listener = self._listener(best, name)
        method = ByRoutes(
            pricer,
            timed,
            self.kinds,
            caps,
            self.until,
            self.upper,
            heard=listener,
            chosen=partial(self._keep, best),
            met=partial(self._meet, best),
        )
        proven, is_converged = method.proven(around(guess, worths, caps))
        return proven, name, is_converged

    def _keep(self, best: tuple[int, str], columns: Sequence[Column], shares: int) -> None:
        """Keep the routes, each on a turn of its kind, and tell of them with what is proven by now."""
        names = [shipment.id for shipment in self.problem.shipments]
        used: Counter[int] = Counter()
        self.ideas.clear()
        for column in columns:
            vehicle, shift = self.kinds[column.kind].turns[used[column.kind]]
            used[column.kind] += 1
            tasks = tuple((names[task // 2], bool(task % 2)) for task in column.order)
            self.ideas.append(Idea(vehicle, shift, tasks))
        self.heard(*max(best, (shares, "columns")))

    def _meet(self, best: tuple[int, str], columns: Sequence[Column], shares: int) -> None:
        """Tell of these routes with what is proven by now."""
        self.met.extend(column.order for column in columns)
        self.heard(*max(best, (shares, "columns")))

    def _by_blocks(
        self, guess: Ints, worths: Ints, caps: Ints, best: tuple[int, str], *, until: float
    ) -> tuple[tuple[int, str], Ints]:
        """From a relaxation that is quick where stops are few: the better bound, and the rewards that prove it."""
        try:
            pricer = BlockPricer(self.closure, self.kinds)
        except TooManyStops:
            return best, guess
        listener, start = self._listener(best, "blocks"), boxed(guess, worths, caps)
        state = step_by_step(pricer, self.kinds, caps, start, until=until, upper=self.upper, heard=listener)
        return max(best, (state.proven, "blocks")), state.rewards

    def _listener(self, best: tuple[int, str], name: str) -> Callable[[int], None]:
        """Told of is only what is better than the ``best`` of others."""
        least = best[0]

        def heard(shares: int) -> None:
            nonlocal least
            if shares > least:
                least = shares
                self.heard(shares, name)

        return heard

    def _prices(self) -> list[int | None]:
        """The price of leaving each shipment out, in shares; None where that is no choice."""
        return [
            0
            if number in self.hopeless
            else None
            if shipment.skip_ore is None
            else shipment.skip_ore * SHARES_PER_ORE
            for number, shipment in enumerate(self.problem.shipments)
        ]

    def _caps(self, single: Ints) -> Ints:
        """The most a shipment may be rewarded: its price, or more than it could cost."""
        most = 2 * int(single.max()) + SHARES_PER_ORE
        return np.array([most if price is None else price for price in self._prices()], dtype=np.int64)
