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


def routes_ore(problem: Problem, routes: Iterable[Route]) -> int:
    """The price of these routes as a plan of the problem."""
    if problem.balance == NO_BALANCE:
        return 0
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    shipments = {shipment.id: shipment for shipment in problem.shipments}
    return balance_ore(
        problem.balance,
        (
            contribution(
                vehicles[route.vehicle],
                route.shift,
                (shipments[name] for visit in route.visits for name in visit.deliveries),
                duration_s=route.duration_s,
            )
            for route in routes
        ),
    )


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
