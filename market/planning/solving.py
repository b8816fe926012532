"""The computing step of planning: no session, no clock, no request. Solves, checks, and compares."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from geodata.travel import Estimator, TravelEngine
from market.planning.building import Built, build_problem
from market.planning.inputs import WeekInputs
from market.planning.rules import PlanNotSound
from market.planning.vans import is_free
from routing.balance import NO_BALANCE
from routing.baselines import alone_problem, drive_alone, replace_parts
from routing.costs import half_up
from routing.plan import Plan, Route, Totals, add_up
from routing.problem import ONLY_MONEY, Problem, Shipment, Vehicle, Window
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
    """Plan the week. Raises NothingToPlan, NoVehicles, SharesExceedAll, InputsContradict, PlanNotSound."""
    built = build_problem(inputs, travel=travel or Estimator())
    try:
        found = solve(built.problem, limit=limit, seed=seed, progress=progress, prove=prove)
        plan = by_departure(found)
        alone = alone_totals(built.problem, plan)
    except PlanCheckFailed as failure:
        raise PlanNotSound(fault=failure.violations[0].code) from failure
    return Solved(built=built, plan=plan, alone=alone, fingerprint=inputs.fingerprint())


def by_departure(plan: Plan) -> Plan:
    """Routes in the order in which they leave: the numbers that people call them by."""
    return replace(plan, routes=tuple(sorted(plan.routes, key=lambda route: (route.start_s, route.vehicle))))


def alone_totals(problem: Problem, plan: Plan) -> Totals:
    """The sums of every producer driving the same goods alone, from (problem, plan) alone. Raises PlanCheckFailed.

    Like for like: only what the plan delivers is driven, to the places that the plan takes it to; and what the municipality pays
    with the goods in the plan, it pays with the goods here too.
    """
    found = alone_of(problem, plan)
    if found is None:
        return add_up(())
    routes = found[1].routes
    return replace(add_up(routes), cost_ore=_to_pay(routes, problem, plan))


def alone_of(problem: Problem, plan: Plan) -> tuple[Problem, Plan] | None:
    """Every producer driving alone what the plan delivers, and its problem. None when it delivers nothing."""
    delivered = [shipment for shipment in problem.shipments if shipment.id in plan.served]
    if not delivered:
        return None
    same_goods = _without_balance(replace_parts(problem, shipments=delivered, vehicles=problem.vehicles))
    vehicle = own_van(delivered, problem)
    return alone_problem(same_goods, vehicle=vehicle), drive_alone(same_goods, vehicle=vehicle)


def _without_balance(problem: Problem) -> Problem:
    """What was promised to carriers is promised to nobody when each drives alone."""
    return replace(problem, balance=NO_BALANCE, weights=ONLY_MONEY)


def own_van(delivered: Sequence[Shipment], problem: Problem) -> Vehicle:
    """What a producer drives in the comparison: a van that can go everywhere, on each day with something to collect or deliver."""
    windows = (window for s in delivered for window in (*s.pickup_windows, *s.delivery_windows))
    midnights = sorted({window.start_s for window in windows})
    needs = {need for shipment in delivered for need in shipment.needs}
    needs |= {need for stop in problem.stops for need in stop.needs}
    shifts = tuple(Window(night + FARMERS_DAY.start_s, night + FARMERS_DAY.end_s) for night in midnights)
    return replace(PRODUCERS_VAN, shifts=shifts, skills=tuple(sorted(needs)))


def _to_pay(routes: Iterable[Route], problem: Problem, plan: Plan) -> int:
    """Each route's cost, by the share of its goods that no carrier paid with the goods has carried in the plan."""
    free = {vehicle.id for vehicle in problem.vehicles if is_free(vehicle)}
    paid_already = {
        name
        for route in plan.routes
        if route.vehicle in free
        for visit in route.visits
        for name in visit.deliveries
    }
    grams = {shipment.id: shipment.grams for shipment in problem.shipments}
    return sum(_share_to_pay(route, grams, paid_already) for route in routes)


def _share_to_pay(route: Route, grams: Mapping[str, int], paid_already: Collection[str]) -> int:
    carried = [name for visit in route.visits for name in visit.deliveries]
    total = sum(grams[name] for name in carried)
    unpaid = sum(grams[name] for name in carried if name not in paid_already)
    return half_up(route.cost_ore * unpaid, total) if total else route.cost_ore
