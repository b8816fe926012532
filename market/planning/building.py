"""From a week's inputs to a routing.Problem; see `naming` for what its stops, shipments and vehicles are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from numpy.typing import ArrayLike

from geodata.points import Point
from geodata.travel import TravelEngine
from market.planning import rules
from market.planning.days import days_in
from market.planning.inputs import WeekInputs
from market.planning.naming import (
    DAY_S,
    LEGS,
    StopKey,
    day_of_shift,
    order_and_leg,
    order_id_of,
    shipment_of,
)
from market.planning.shipping import shipments_of, stops_of
from market.planning.vans import balance_of, vehicles_of, weights_of
from market.values import Week, wall_clock
from routing.problem import InvalidProblem, Problem, Stop, Vehicle

__all__ = [
    "DAY_S",
    "LEGS",
    "Built",
    "StopKey",
    "build_problem",
    "day_of_shift",
    "order_and_leg",
    "order_id_of",
    "shipment_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A problem with where its numbers come from."""

    problem: Problem
    week: Week
    travel_engine: str

    def day_of_shift(self, vehicle_id: str, shift: int) -> date:
        """The calendar day of a vehicle's shift."""
        return day_of_shift(self.problem, self.week, vehicle_id, shift)

    def instant(self, seconds: int) -> datetime:
        """Seconds since Monday 00:00 as an aware instant."""
        return wall_clock(self.week.monday, seconds)


def build_problem(inputs: WeekInputs, *, travel: TravelEngine) -> Built:
    """A shipment per order and one more where it goes on to a satellite; a shift per vehicle and day with something to carry.

    Raises NothingToPlan, NoVehicles, SharesExceedAll, InputsContradict.
    """
    if not inputs.goods:
        raise rules.NothingToPlan
    vehicles = tuple(vehicles_of(inputs, days={*inputs.days, *days_in(inputs).values()}))
    if not vehicles:
        raise rules.NoVehicles
    stops = tuple(stops_of(inputs, homes={vehicle.start for vehicle in vehicles}))
    points = [
        Point(lat=stop.lat, lon=stop.lon) for stop in stops if stop.lat is not None and stop.lon is not None
    ]
    matrix = travel.matrix(points, points)
    engine = f"{matrix.engine}: {matrix.data_version}" if matrix.data_version else matrix.engine
    problem = _problem(inputs, stops, vehicles, matrix.metres, matrix.seconds)
    return Built(problem=problem, week=inputs.week, travel_engine=engine)


def _problem(
    inputs: WeekInputs,
    stops: tuple[Stop, ...],
    vehicles: tuple[Vehicle, ...],
    metres: ArrayLike,
    seconds: ArrayLike,
) -> Problem:
    try:
        return Problem(
            stops,
            tuple(shipments_of(inputs)),
            vehicles,
            metres,
            seconds,
            name=str(inputs.week),
            weights=weights_of(inputs, vehicles),
            balance=balance_of(inputs, vehicles),
        )
    except InvalidProblem as invalid:
        raise rules.InputsContradict(fault=invalid.errors[0].code) from invalid
