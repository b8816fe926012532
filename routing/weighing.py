"""Other aims than money, told as money: a problem whose cheapest plan is the best by the weights of this one.

Every engine searches the weighed problem and knows nothing of weights; its trips are then read as trips of the
problem itself, so that plans show what is really paid.
"""

from collections.abc import Iterable
from dataclasses import replace

from routing.balance import Balance
from routing.balancing import most_ore
from routing.costs import METRES_PER_KM, SECONDS_PER_HOUR
from routing.plan import Plan
from routing.problem import ONLY_MONEY, Problem, Shipment, Vehicle, Weights
from routing.trips import Trip, Turn
from routing.validate import LARGEST

GRAMS_PER_KG = 1000


def weighed(problem: Problem) -> Problem:
    """The problem with the weights in its prices, each in 1/``scale_of(problem)`` öre; it weighs only money."""
    weights, scale = problem.weights, scale_of(problem)
    first = weights.vehicles_first
    vehicles = tuple(_vehicle(vehicle, weights, scale) for vehicle in problem.vehicles)
    if first:
        dear = min(_above_all(problem, vehicles), LARGEST // 2)
        vehicles = tuple(
            replace(vehicle, fixed_ore_per_shift=vehicle.fixed_ore_per_shift + dear) for vehicle in vehicles
        )
    return replace(
        problem,
        stops=tuple(
            replace(stop, visit_ore=stop.visit_ore * weights.money * scale) for stop in problem.stops
        ),
        shipments=tuple(_shipment(shipment, scale, must=first) for shipment in problem.shipments),
        vehicles=vehicles,
        rules=replace(
            problem.rules,
            promises=tuple(
                replace(promise, ore=promise.ore * weights.money * scale)
                for promise in problem.rules.promises
            ),
        ),
        weights=ONLY_MONEY,
        balance=_balance(problem.balance, weights.money * scale),
    )


def own_trips(problem: Problem, trips: Iterable[Trip]) -> tuple[Trip, ...]:
    """Trips of the weighed problem as trips of this one: the same work by the same turns, at their own prices."""
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    shipments = {shipment.id: shipment for shipment in problem.shipments}
    return tuple(
        Trip(
            Turn(vehicles[trip.turn.vehicle.id], trip.turn.shift),
            tuple(replace(task, shipment=shipments[task.shipment.id]) for task in trip.tasks),
        )
        for trip in trips
    )


def scale_of(problem: Problem) -> int:
    """Parts of an öre that the weighed prices count: 1, or 1000 where a price of CO2e gives fractions."""
    per_kg = problem.weights.ore_per_kg_co2e
    is_whole = all(vehicle.co2e_g_per_km * per_kg % GRAMS_PER_KG == 0 for vehicle in problem.vehicles)
    return 1 if is_whole else GRAMS_PER_KG


def weighed_ore(problem: Problem, plan: Plan) -> float:
    """What the plan is worth by the weights, in öre; the number of vehicles stands apart."""
    weights, totals = problem.weights, plan.totals
    return (
        weights.money * (totals.cost_ore + totals.balance_ore)
        + totals.skip_ore
        + weights.ore_per_hour * totals.duration_s / SECONDS_PER_HOUR
        + weights.ore_per_km * totals.distance_m / METRES_PER_KM
        + weights.ore_per_kg_co2e * totals.co2e_g / GRAMS_PER_KG
    )


def _balance(balance: Balance, times: int) -> Balance:
    """What the plan costs as a whole is money too; only the last rounding is finer than an öre."""
    return Balance(
        peak_ore_per_hour=balance.peak_ore_per_hour * times,
        new_face_ore=balance.new_face_ore * times,
        guarantees=tuple(
            replace(guarantee, ore_per_kg=guarantee.ore_per_kg * times) for guarantee in balance.guarantees
        ),
    )


def _vehicle(vehicle: Vehicle, weights: Weights, scale: int) -> Vehicle:
    per_km = vehicle.ore_per_km * weights.money + weights.ore_per_km
    co2e = vehicle.co2e_g_per_km * weights.ore_per_kg_co2e * scale // GRAMS_PER_KG
    per_hour = weights.ore_per_hour * scale
    return replace(
        vehicle,
        fixed_ore_per_shift=vehicle.fixed_ore_per_shift * weights.money * scale,
        ore_per_km=per_km * scale + co2e,
        ore_per_hour=vehicle.ore_per_hour * weights.money * scale + per_hour,
        overtime_ore_per_hour=vehicle.overtime_ore_per_hour * weights.money * scale + per_hour,
    )


def _shipment(shipment: Shipment, scale: int, *, must: bool) -> Shipment:
    """With ``must`` all are to be served, those that were mandatory before those that were not."""
    if not must:
        return (
            shipment if shipment.skip_ore is None else replace(shipment, skip_ore=shipment.skip_ore * scale)
        )
    priority = 0 if shipment.skip_ore is not None else shipment.priority + 1
    return replace(shipment, skip_ore=None, priority=priority)


def _above_all(problem: Problem, vehicles: tuple[Vehicle, ...]) -> int:
    """More than all routes of any plan cost together: every leg the longest, every shift filled."""
    legs = 2 * len(problem.shipments) + sum(len(vehicle.shifts) for vehicle in vehicles)
    longest_m = int(problem.distance_m.max(initial=0))
    per_km = max((vehicle.ore_per_km for vehicle in vehicles), default=0)
    visits = (
        problem.weights.money * 2 * sum(stop.visit_ore for stop in problem.stops) * len(problem.shipments)
    )
    promises = problem.weights.money * sum(promise.ore for promise in problem.rules.promises)
    return (
        1
        + visits
        + promises
        + problem.weights.money * scale_of(problem) * most_ore(problem)
        + per_km * longest_m * legs // METRES_PER_KM
        + sum(_shifts_ore(v) for v in vehicles)
    )


def _shifts_ore(vehicle: Vehicle) -> int:
    """All the vehicle's shifts, each filled to the last second of overtime."""
    per_hour = max(vehicle.ore_per_hour, vehicle.overtime_ore_per_hour)
    hours_s = sum(shift.end_s - shift.start_s + vehicle.overtime_s for shift in vehicle.shifts)
    return len(vehicle.shifts) * (1 + vehicle.fixed_ore_per_shift) + per_hour * hours_s // SECONDS_PER_HOUR
