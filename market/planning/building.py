"""From a week's inputs to a routing.Problem, and back from the planner's names to orders, places and days.

Stops are called "site:3", "kitchen:5" and "home:2"; shipments "order:7", and "onward:7" from the hub that received it to the
satellite; vehicles by their number. A part of a split shipment is "order:7#2". Time runs in seconds of the Swedish wall clock since Monday 00:00.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from geodata.points import Point
from geodata.travel import TravelEngine
from market.planning import rules
from market.planning.inputs import Goods, Place, Van, WeekInputs
from market.planning.rules import Leg
from market.values import Week, wall_clock
from routing.problem import Problem, Shipment, Stop, Vehicle, Window

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class StopKey:
    """What a stop's name says: its kind ("site", "kitchen" or "home") and the id in the register."""

    kind: str
    id: int

    @classmethod
    def of(cls, name: str) -> StopKey:
        kind, _, number = name.partition(":")
        return cls(kind, int(number))


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


LEGS = {"order": Leg.IN, "onward": Leg.ONWARD, "relay": Leg.RELAY}
NAMES = {leg: name for name, leg in LEGS.items()}


def shipment_of(order_id: int, leg: Leg = Leg.IN) -> str:
    """The planner's name of an order on a leg of its way."""
    return f"{NAMES[leg]}:{order_id}"


def order_and_leg(shipment: str) -> tuple[int, Leg]:
    """What a shipment's name says."""
    kind, _, number = shipment.partition(":")
    return int(number.partition("#")[0]), LEGS[kind]


def order_id_of(shipment: str) -> int:
    return order_and_leg(shipment)[0]


def day_of_shift(problem: Problem, week: Week, vehicle_id: str, shift: int) -> date:
    """The calendar day of a vehicle's shift."""
    vehicle = next(vehicle for vehicle in problem.vehicles if vehicle.id == vehicle_id)
    return week.days[vehicle.shifts[shift].start_s // DAY_S]


def build_problem(inputs: WeekInputs, *, travel: TravelEngine) -> Built:
    """One shipment per order, one shift per vehicle and day that has orders. Raises NothingToPlan, NoVehicles."""
    if not inputs.goods:
        raise rules.NothingToPlan
    vehicles = tuple(_vehicles(inputs))
    if not vehicles:
        raise rules.NoVehicles
    stops = tuple(_stops(inputs, used={vehicle.start for vehicle in vehicles}))
    points = [
        Point(lat=stop.lat, lon=stop.lon) for stop in stops if stop.lat is not None and stop.lon is not None
    ]
    matrix = travel.matrix(points, points)
    problem = Problem(
        stops,
        tuple(_shipment(goods, inputs.week) for goods in inputs.goods),
        vehicles,
        matrix.metres,
        matrix.seconds,
        name=str(inputs.week),
    )
    engine = f"{matrix.engine}: {matrix.data_version}" if matrix.data_version else matrix.engine
    return Built(problem=problem, week=inputs.week, travel_engine=engine)


def _stops(inputs: WeekInputs, *, used: set[str]) -> Iterator[Stop]:
    for kind, places in (("site", inputs.sites), ("kitchen", inputs.kitchens)):
        for place in places:
            windows = tuple(_windows(place))
            yield Stop(f"{kind}:{place.id}", place.name, windows, rules.STOP_S, place.lat, place.lon)
    for van in inputs.vans:
        if f"home:{van.id}" in used:
            yield Stop(f"home:{van.id}", van.home_name, (), 0, van.lat, van.lon)


def _windows(place: Place) -> Iterator[Window]:
    """When work may start: from opening until LAST_START_S before closing, or at opening where that is shorter."""
    for hours in place.hours:
        midnight = (hours.weekday - 1) * DAY_S
        last = max(hours.opens_s, hours.closes_s - rules.LAST_START_S)
        yield Window(midnight + hours.opens_s, midnight + last)


def _shipment(goods: Goods, week: Week) -> Shipment:
    """Collected and delivered on the same day: the vehicle has no cold store to sleep in."""
    midnight = (goods.day - week.monday).days * DAY_S
    that_day = (Window(midnight, midnight + DAY_S - 1),)
    handling_s = goods.crates * rules.SECONDS_PER_CRATE
    return Shipment(
        id=shipment_of(goods.order_id),
        pickup=f"site:{goods.site_id}",
        delivery=f"kitchen:{goods.kitchen_id}",
        grams=goods.grams,
        crates=goods.crates,
        pickup_s=handling_s,
        delivery_s=handling_s,
        pickup_windows=that_day,
        delivery_windows=that_day,
        owner=str(goods.producer_id),
    )


def _vehicles(inputs: WeekInputs) -> Iterator[Vehicle]:
    weekdays = sorted({day.isoweekday() for day in inputs.days})
    for van in inputs.vans:
        shifts = tuple(_shift(van, weekday) for weekday in weekdays if weekday in van.weekdays)
        if shifts:
            yield _vehicle(van, shifts)


def _shift(van: Van, weekday: int) -> Window:
    midnight = (weekday - 1) * DAY_S
    return Window(midnight + van.shift_starts_s, midnight + van.shift_ends_s)


def _vehicle(van: Van, shifts: tuple[Window, ...]) -> Vehicle:
    return Vehicle(
        id=str(van.id),
        name=van.name,
        owner=van.owner,
        start=f"home:{van.id}",
        end=f"home:{van.id}",
        capacity_grams=van.capacity_grams,
        capacity_crates=van.capacity_crates,
        shifts=shifts,
        fixed_ore_per_shift=van.fixed_ore_per_shift,
        ore_per_km=van.ore_per_km,
        ore_per_hour=van.ore_per_hour,
        co2e_g_per_km=van.co2e_g_per_km,
        max_drive_s=rules.MAX_DRIVE_S,
    )
