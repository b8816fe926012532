"""What a plan costs as a whole: the prices of ``balance.py``, from what each route adds to it."""

from collections.abc import Iterable
from dataclasses import dataclass

from routing.balance import DAY_S, NO_BALANCE, Balance, Guarantee
from routing.costs import SECONDS_PER_HOUR, half_up
from routing.plan import Route
from routing.problem import Problem, Shipment, Vehicle

HUNDREDTHS_PER_KG = 100_000


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one route adds: its vehicle and owner, day, seconds, the stops where it delivers, and their grams."""

    vehicle: str
    owner: str
    day: int
    duration_s: int
    stops: frozenset[str]
    grams: int


def contribution(
    vehicle: Vehicle, shift: int, delivered: Iterable[Shipment], *, duration_s: int
) -> Contribution:
    """Of a route of this vehicle in its shift number ``shift``."""
    goods = tuple(delivered)
    return Contribution(
        vehicle=vehicle.id,
        owner=vehicle.owner,
        day=day_of(vehicle, shift),
        duration_s=duration_s,
        stops=frozenset(shipment.delivery for shipment in goods),
        grams=sum(shipment.grams for shipment in goods),
    )


def day_of(vehicle: Vehicle, shift: int) -> int:
    """Whole days from the horizon's start to the shift's."""
    return vehicle.shifts[shift].start_s // DAY_S


def peak_ore(balance: Balance, seconds: int) -> int:
    """The price of a busiest day with so many seconds of routes."""
    return half_up(balance.peak_ore_per_hour * seconds, SECONDS_PER_HOUR)


def shortfall_ore(guarantee: Guarantee, *, all_grams: int, own_grams: int) -> int:
    """The price of what the owner's vehicles are short of their share."""
    short = guarantee.per_cent * all_grams - 100 * own_grams
    return half_up(guarantee.ore_per_kg * max(0, short), HUNDREDTHS_PER_KG)


def balance_ore(balance: Balance, contributions: Iterable[Contribution]) -> int:
    """The price of a plan whose routes add these."""
    routes = tuple(contributions)
    return _peak(balance, routes) + _new_faces(balance, routes) + _shortfalls(balance, routes)


class Whole:
    """A plan's routes as they are, and what another route adds in place of the one its turn has, if any."""

    def __init__(self, problem: Problem, routes: Iterable[Route]) -> None:
        self._balance = problem.balance
        self._shipments = {shipment.id: shipment for shipment in problem.shipments}
        vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
        self._routes = (
            {}
            if problem.balance == NO_BALANCE
            else {
                (route.vehicle, route.shift): self._contribution(vehicles[route.vehicle], route)
                for route in routes
            }
        )
        self.ore = balance_ore(self._balance, self._routes.values())

    def added_ore(self, vehicle: Vehicle, route: Route) -> int:
        """What the plan as a whole costs more with this route of this vehicle; less than 0 when it costs less."""
        if self._balance == NO_BALANCE:
            return 0
        changed = self._routes | {(vehicle.id, route.shift): self._contribution(vehicle, route)}
        return balance_ore(self._balance, changed.values()) - self.ore

    def _contribution(self, vehicle: Vehicle, route: Route) -> Contribution:
        delivered = (self._shipments[name] for visit in route.visits for name in visit.deliveries)
        return contribution(vehicle, route.shift, delivered, duration_s=route.duration_s)


def most_ore(problem: Problem) -> int:
    """No plan of the problem pays more: all shifts on one day, every vehicle everywhere, no guarantee kept."""
    balance = problem.balance
    seconds = sum(
        shift.end_s - shift.start_s + vehicle.overtime_s
        for vehicle in problem.vehicles
        for shift in vehicle.shifts
    )
    faces = len({shipment.delivery for shipment in problem.shipments}) * len(problem.vehicles)
    grams = sum(shipment.grams for shipment in problem.shipments)
    short = sum(shortfall_ore(guarantee, all_grams=grams, own_grams=0) for guarantee in balance.guarantees)
    return peak_ore(balance, seconds) + balance.new_face_ore * faces + short


def _peak(balance: Balance, routes: tuple[Contribution, ...]) -> int:
    if not balance.peak_ore_per_hour:
        return 0
    loads: dict[int, int] = {}
    for route in routes:
        loads[route.day] = loads.get(route.day, 0) + route.duration_s
    return peak_ore(balance, max(loads.values(), default=0))


def _new_faces(balance: Balance, routes: tuple[Contribution, ...]) -> int:
    if not balance.new_face_ore:
        return 0
    faces = {(stop, route.vehicle) for route in routes for stop in route.stops}
    return balance.new_face_ore * (len(faces) - len({stop for stop, _ in faces}))


def _shortfalls(balance: Balance, routes: tuple[Contribution, ...]) -> int:
    if not balance.guarantees:
        return 0
    all_grams = sum(route.grams for route in routes)
    return sum(
        shortfall_ore(
            guarantee,
            all_grams=all_grams,
            own_grams=sum(route.grams for route in routes if route.owner == guarantee.owner),
        )
        for guarantee in balance.guarantees
    )
