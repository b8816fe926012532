"""The computing step of planning: no session, no clock, no request. Solves, checks, and compares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from geodata.travel import Estimator, TravelEngine
from market.planning.building import Built, build_problem
from market.planning.inputs import WeekInputs
from market.planning.rules import PlanNotSound
from routing.baselines import drive_alone, replace_parts
from routing.plan import Plan, Totals, add_up
from routing.problem import Problem, Vehicle, Window
from routing.solve import Limit, PlanCheckFailed, Progress, solve

SHORT = Limit(seconds=3, iterations=200)
"""What someone waits for at the page. A small week ends by iterations, and so with the same plan every time."""

PRODUCERS_VAN = Vehicle(
    id="alone",
    name="alone",
    owner="producer",
    start="",
    end=None,
    capacity_grams=900_000,
    capacity_crates=60,
    shifts=(),
    fixed_ore_per_shift=0,
    ore_per_km=400,
    ore_per_hour=30_000,
    co2e_g_per_km=210,
)
"""What a producer drives in the comparison: a light diesel van at 4 kr/km, with a driver at 300 kr/h."""

FARMERS_DAY = Window(4 * 3600, 22 * 3600)
"""Seconds after midnight between which a producer may be out driving in the comparison."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """A checked plan with its problem, and the sums of every producer driving the same goods alone."""

    built: Built
    plan: Plan
    alone: Totals
    fingerprint: str

    @property
    def problem(self) -> Problem:
        return self.built.problem


def solve_week(
    inputs: WeekInputs,
    *,
    travel: TravelEngine | None = None,
    limit: Limit = SHORT,
    seed: int = 1,
    progress: Callable[[Progress], bool] | None = None,
    prove: bool = False,
) -> Solved:
    """Plan the week. Raises NothingToPlan, NoVehicles, PlanNotSound."""
    built = build_problem(inputs, travel=travel or Estimator())
    try:
        found = solve(built.problem, limit=limit, seed=seed, progress=progress, prove=prove)
        plan = by_departure(found)
        alone = driven_alone(built.problem, plan)
    except PlanCheckFailed as failure:
        raise PlanNotSound(fault=failure.violations[0].code) from failure
    return Solved(built=built, plan=plan, alone=alone, fingerprint=inputs.fingerprint())


def by_departure(plan: Plan) -> Plan:
    """Routes in the order in which they leave: the numbers that people call them by."""
    return replace(plan, routes=tuple(sorted(plan.routes, key=lambda route: (route.start_s, route.vehicle))))


def driven_alone(problem: Problem, plan: Plan) -> Totals:
    """Like for like: only what the plan delivers is driven alone."""
    delivered = [shipment for shipment in problem.shipments if shipment.id in plan.served]
    if not delivered:
        return add_up(())
    same_goods = replace_parts(problem, shipments=delivered, vehicles=problem.vehicles)
    midnights = sorted({shipment.delivery_windows[0].start_s for shipment in delivered})
    shifts = tuple(Window(night + FARMERS_DAY.start_s, night + FARMERS_DAY.end_s) for night in midnights)
    return drive_alone(same_goods, vehicle=replace(PRODUCERS_VAN, shifts=shifts)).totals
