"""What the carriers of a plan are to be paid: days, kilometres and hours by the prices that the plan was made with. Pure.

A price that only weighs in the plan (of a visit, or of breaking a promise) is paid to nobody, so it is not counted here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from market.fleet.rules import CarrierKind
from market.planning.building import day_of_shift
from market.values import Week
from routing.costs import half_up, route_cost_ore
from routing.plan import Plan, Route
from routing.problem import Problem, Vehicle

METRES_PER_KM = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Hired:
    """Who runs a vehicle, as it stands in the register. `is_paid_with_goods`: in the price of the products already."""

    vehicle: str
    carrier_id: int
    carrier: str
    kind: CarrierKind
    is_paid_with_goods: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCost:
    """One vehicle on one day: its fixed price, what the kilometres and the hours cost, and the sum in whole öre."""

    day: date
    hired: Hired
    distance_m: int
    duration_s: int
    fixed_ore: int
    distance_ore: int
    hours_ore: int

    @property
    def ore(self) -> int:
        return self.fixed_ore + self.distance_ore + self.hours_ore


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierCost:
    """A carrier's runs of the plan and their sums; `days` counts vehicles, each day by itself."""

    hired: Hired
    runs: tuple[RunCost, ...]

    @property
    def days(self) -> int:
        return len(self.runs)

    @property
    def distance_m(self) -> int:
        return sum(run.distance_m for run in self.runs)

    @property
    def duration_s(self) -> int:
        return sum(run.duration_s for run in self.runs)

    @property
    def ore(self) -> int:
        return sum(run.ore for run in self.runs)

    @property
    def to_pay_ore(self) -> int:
        """Nothing where it is paid with the goods."""
        return 0 if self.hired.is_paid_with_goods else self.ore


def carrier_costs(
    problem: Problem, plan: Plan, *, week: Week, hired: Mapping[int, Hired]
) -> tuple[CarrierCost, ...]:
    """By carrier's name; `hired` by the vehicle's id. The sum of each run is rounded once."""
    runs: dict[int, list[RunCost]] = {}
    for run in _runs(problem, plan, week, hired):
        runs.setdefault(run.hired.carrier_id, []).append(run)
    costs = (CarrierCost(hired=found[0].hired, runs=tuple(found)) for found in runs.values())
    return tuple(sorted(costs, key=lambda cost: (cost.hired.carrier, cost.hired.carrier_id)))


def _runs(problem: Problem, plan: Plan, week: Week, hired: Mapping[int, Hired]) -> Iterator[RunCost]:
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    for route in plan.routes:
        day = day_of_shift(problem, week, route.vehicle, route.shift)
        yield _run(vehicles[route.vehicle], route, day, hired[int(route.vehicle)])


def _run(vehicle: Vehicle, route: Route, day: date, hired: Hired) -> RunCost:
    overtime_s = max(0, route.end_s - vehicle.shifts[route.shift].end_s)
    whole = route_cost_ore(
        vehicle, distance_m=route.distance_m, duration_s=route.duration_s, overtime_s=overtime_s
    )
    distance_ore = half_up(vehicle.ore_per_km * route.distance_m, METRES_PER_KM)
    return RunCost(
        day=day,
        hired=hired,
        distance_m=route.distance_m,
        duration_s=route.duration_s,
        fixed_ore=vehicle.fixed_ore_per_shift,
        distance_ore=distance_ore,
        hours_ore=whole - vehicle.fixed_ore_per_shift - distance_ore,
    )
