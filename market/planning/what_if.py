"""What could be driven if things were otherwise: the planner asked about goods, roads and fuel that are only supposed.

Nothing here is stored as a plan. Each kilogram left behind weighs far more than any way to fetch it, so that as much as can be
is driven; where fuel is short, the planner is asked with a dearer and dearer kilometre until its routes fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from geodata.points import Point
from geodata.travel import UNREACHABLE, TravelEngine, TravelMatrix
from market.fleet.rules import OwnDelivery
from market.planning.building import build_problem, day_of_shift, order_id_of
from market.planning.disruptions.disrupting import ways_near
from market.planning.inputs import Place, Terms, Van, WeekInputs
from market.planning.naming import StopKey
from market.planning.rules import MAX_DRIVE_S, NothingToPlan, NoVehicles, PlanNotSound
from market.values import Week
from routing.balance import NO_BALANCE
from routing.plan import Plan, Route, Visit
from routing.problem import Problem, Weights
from routing.solve import Limit, PlanCheckFailed, checked, plan_of, solve

QUICK_ENGINES = ("vroom",)
"""A fraction of a second each: enough to tell dozens of supposed weeks from each other."""
LIMIT = Limit(iterations=60, seconds=4)
ORE_PER_GRAM = 100
"""What a gram left behind weighs against driving: 1 000 kr/kg, so that goods of some kilograms are worth any way."""
KM_ORE_TRIED = (10_000, 50_000, 200_000, 800_000)
"""Prices of a kilometre, each with shorter and fuller routes than the one before: 100 kr/km to 8 000 kr/km."""
NO_VEHICLE, NO_ROOM, NO_FUEL = "no_vehicle", "capacity_taken", "no_fuel"
SHORT = frozenset({"capacity_taken", "dearer_than_skipping"})
"""What a plan says of goods that could be carried, were there more of something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedWay:
    """Ways whose straight line passes within the radius take so much longer; None: there is no way round."""

    lat: float
    lon: float
    radius_m: int
    detour_m: int | None = None
    detour_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRoads:
    """Distances between points that were measured once, and changed since: a travel engine for these points only."""

    points: tuple[Point, ...]
    metres: NDArray[np.int64]
    seconds: NDArray[np.int64]
    engine: str
    index: Mapping[Point, int] = field(default_factory=dict)

    @classmethod
    def measured(cls, points: Sequence[Point], *, travel: TravelEngine) -> KnownRoads:
        known = tuple(sorted(set(points)))
        matrix = travel.matrix(known, known)
        name = f"{matrix.engine}: {matrix.data_version}" if matrix.data_version else matrix.engine
        return cls(
            points=known,
            metres=matrix.metres,
            seconds=matrix.seconds,
            engine=name,
            index={point: number for number, point in enumerate(known)},
        )

    def without(self, way: ClosedWay) -> KnownRoads:
        """The same roads when a way is closed."""
        lats, lons = [point.lat for point in self.points], [point.lon for point in self.points]
        legs = ways_near(lats, lons, lat=way.lat, lon=way.lon, radius_m=way.radius_m)
        return replace(
            self,
            metres=_longer(self.metres, legs, way.detour_m),
            seconds=_longer(self.seconds, legs, way.detour_s),
        )

    def metres_between(self, start: Point, end: Point) -> int:
        return int(self.metres[self.index[start], self.index[end]])

    def seconds_between(self, start: Point, end: Point) -> int:
        return int(self.seconds[self.index[start], self.index[end]])

    def matrix(self, origins: Sequence[Point], destinations: Sequence[Point]) -> TravelMatrix:
        """As a travel engine."""
        rows, columns = [self.index[p] for p in origins], [self.index[p] for p in destinations]
        chosen = np.ix_(rows, columns)
        return TravelMatrix(
            metres=self.metres[chosen],
            seconds=self.seconds[chosen],
            engine=self.engine,
            data_version="",
            is_estimate=False,
        )


def _longer(values: NDArray[np.int64], legs: NDArray[np.bool_], more: int | None) -> NDArray[np.int64]:
    if more is None:
        return np.where(legs, UNREACHABLE, values)
    return np.where(legs, np.minimum(values + more, UNREACHABLE), values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """A stay at a site, a kitchen or the vehicle's home (`kind`); seconds are of the Swedish clock since Monday 00:00."""

    kind: str
    place_id: int
    name: str
    lat: float
    lon: float
    arrives_s: int
    picked: tuple[int, ...]
    dropped: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """One vehicle's day; goods are named by their `order_id`."""

    vehicle_id: int
    vehicle: str
    day: date
    distance_m: int
    duration_s: int
    halts: tuple[Halt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """What a supposed week came to: its tours, the goods that reached their kitchen, and the others with a reason's code."""

    tours: tuple[Tour, ...]
    delivered: frozenset[int]
    left: Mapping[int, str]
    distance_m: int
    duration_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuel:
    """Enough for so many metres in the week, for all vehicles together; `prices` are those of a kilometre that are tried."""

    metres: int
    prices: tuple[int, ...] = KM_ORE_TRIED


def drive(inputs: WeekInputs, *, roads: KnownRoads, fuel: Fuel | None = None, seed: int = 1) -> Driven:
    """As much of the goods as the vehicles can carry in the week with the fuel there is.

    The same inputs give the same answer. Raises InputsContradict, PlanNotSound.
    """
    try:
        problem = _problem(inputs, roads)
    except NothingToPlan:
        return Driven(tours=(), delivered=frozenset(), left={}, distance_m=0, duration_s=0)
    except NoVehicles:
        left = {goods.order_id: NO_VEHICLE for goods in inputs.goods}
        return Driven(tours=(), delivered=frozenset(), left=left, distance_m=0, duration_s=0)
    try:
        plan = _searched(problem, fuel, seed)
    except PlanCheckFailed as failure:
        raise PlanNotSound(fault=failure.violations[0].code) from failure
    return _driven(problem, plan, inputs.week, short=NO_ROOM if fuel is None else NO_FUEL)


def reachable(inputs: WeekInputs, *, roads: KnownRoads) -> frozenset[tuple[int, int]]:
    """The pairs of a site and a kitchen, by id, that some vehicle has time to drive between, with nothing else that day."""
    stop_s = 2 * inputs.own_terms.stop_s
    spare = [
        (van, min(MAX_DRIVE_S, van.shift_ends_s - van.shift_starts_s + van.overtime_s - stop_s))
        for van in inputs.vans
        if van.collects
    ]
    return frozenset(
        (site.id, kitchen.id)
        for site in inputs.sites
        for kitchen in inputs.kitchens
        if any(_round_s(van, site, kitchen, roads) <= seconds for van, seconds in spare)
    )


def _round_s(van: Van, site: Place, kitchen: Place, roads: KnownRoads) -> int:
    """From home by the site to the kitchen, and home where the vehicle goes home."""
    home, there, here = point_of(van), point_of(site), point_of(kitchen)
    back = roads.seconds_between(here, home) if van.returns_home else 0
    return roads.seconds_between(home, there) + roads.seconds_between(there, here) + back


def point_of(place: Place | Van) -> Point:
    return Point(lat=place.lat, lon=place.lon)


def in_need(terms: Terms) -> Terms:
    """An authority's terms when food is short: anyone may carry, on the day that is, and nothing is waited for."""
    return Terms(
        authority_id=terms.authority_id,
        stop_s=terms.stop_s,
        seconds_per_crate=terms.seconds_per_crate,
        own_delivery=OwnDelivery.WHEN_CHEAPER,
        transfer_s=terms.transfer_s,
    )


def _problem(inputs: WeekInputs, roads: KnownRoads) -> Problem:
    """What is left out costs by its weight; nothing of what an ordinary week weighs beside money counts."""
    terms = tuple(in_need(terms) for terms in inputs.terms)
    built = build_problem(replace(inputs, terms=terms, shares=()), travel=roads).problem
    priced = tuple(replace(one, skip_ore=one.grams * ORE_PER_GRAM) for one in built.shipments)
    return replace(built, shipments=priced, balance=NO_BALANCE)


def _searched(problem: Problem, fuel: Fuel | None, seed: int) -> Plan:
    """The best of the plans that the fuel allows, by the weight of what they leave behind."""
    plan = _solved(problem, seed)
    if fuel is None or plan.totals.distance_m <= fuel.metres:
        return plan
    tried = [plan, *(_solved(_at_price(problem, ore), seed) for ore in fuel.prices)]
    within = [_within(one, problem, fuel.metres) for one in tried]
    return min(within, key=lambda one: (one.totals.skip_ore, one.totals.distance_m))


def _within(plan: Plan, problem: Problem, metres: int) -> Plan:
    """The plan's routes that carry most for their length, as many as there is fuel for."""
    grams = {shipment.id: shipment.grams for shipment in problem.shipments}
    ranked = sorted(plan.routes, key=lambda route: -_carried(route, grams) / max(1, route.distance_m))
    kept, left_m = [], metres
    for route in ranked:
        if route.distance_m <= left_m:
            kept.append(route)
            left_m -= route.distance_m
    return checked(problem, plan_of(problem, kept, engine=plan.engine, seconds=plan.seconds, seed=plan.seed))


def _carried(route: Route, grams: Mapping[str, int]) -> int:
    return sum(grams[name] for visit in route.visits for name in visit.deliveries)


def _at_price(problem: Problem, km_ore: int) -> Problem:
    return replace(problem, weights=Weights(ore_per_km=km_ore))


def _solved(problem: Problem, seed: int) -> Plan:
    return solve(problem, limit=LIMIT, seed=seed, engines=QUICK_ENGINES, processes=1)


def _driven(problem: Problem, plan: Plan, week: Week, *, short: str) -> Driven:
    routes = sorted(plan.routes, key=lambda route: (route.start_s, int(route.vehicle)))
    return Driven(
        tours=tuple(_tour(route, problem, week) for route in routes),
        delivered=frozenset(order_id_of(name) for name in plan.served),
        left={
            order_id_of(entry.shipment): short if entry.reason_code in SHORT else entry.reason_code
            for entry in plan.unserved
        },
        distance_m=plan.totals.distance_m,
        duration_s=plan.totals.duration_s,
    )


def _tour(route: Route, problem: Problem, week: Week) -> Tour:
    vehicle = next(entry for entry in problem.vehicles if entry.id == route.vehicle)
    return Tour(
        vehicle_id=int(vehicle.id),
        vehicle=vehicle.name,
        day=day_of_shift(problem, week, vehicle.id, route.shift),
        distance_m=route.distance_m,
        duration_s=route.duration_s,
        halts=tuple(_halts(route, problem)),
    )


def _halts(route: Route, problem: Problem) -> Iterator[Halt]:
    """A stay is one halt, however many services the planner made of it."""
    stops = {stop.id: stop for stop in problem.stops}
    for name, visits in groupby(route.visits, key=lambda visit: visit.stop):
        stay: list[Visit] = list(visits)
        stop, key = stops[name], StopKey.of(name)
        yield Halt(
            kind=key.kind,
            place_id=key.id,
            name=stop.name,
            lat=stop.lat or 0.0,
            lon=stop.lon or 0.0,
            arrives_s=stay[0].arrival_s,
            picked=tuple(order_id_of(one) for visit in stay for one in visit.pickups),
            dropped=tuple(order_id_of(one) for visit in stay for one in visit.deliveries),
        )
