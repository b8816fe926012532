"""What a plan is compared with: the same orders delivered another way, computed and checked the same way."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace

from routing.balance import NO_BALANCE, Balance
from routing.engines.protocol import Limit
from routing.plan import Plan, Route
from routing.problem import Lock, OnBoard, Problem, Promise, Rules, Shipment, Vehicle
from routing.solve import checked, plan_of, solve

ITERATIONS_PER_FARM = 40
SECONDS_PER_FARM_AT_MOST = 15
"""One farm with its hubs: more iterations found nothing better in trials with up to 15 hubs."""


def drive_alone(problem: Problem, *, vehicle: Vehicle) -> Plan:
    """Every producer drives its own goods from its own farm to its hubs and back, each day for itself.

    ``vehicle`` gives capacity, prices, driving rules and shifts (one a day); its start and end are replaced by the
    farm. The plan answers ``alone_problem``. Nothing may be left out for a price. Repeatable: iterations decide, the
    clock only stops a farm's search that has gone astray. Raises solve.PlanCheckFailed.
    """
    began = time.monotonic()
    alone = alone_problem(problem, vehicle=vehicle)
    routes = [route for farm in _farms(alone.shipments) for route in _routes_of(alone, farm)]
    plan = plan_of(alone, routes, engine="drive_alone", seconds=time.monotonic() - began)
    return checked(alone, plan)


def alone_problem(problem: Problem, *, vehicle: Vehicle) -> Problem:
    """The problem with a vehicle of its own, or as many trips as its goods need, at every pickup stop."""
    shipments = tuple(replace(shipment, skip_ore=None) for shipment in problem.shipments)
    fleet = tuple(
        own for farm in _farms(shipments) for own in _own_vehicles(farm, _from(shipments, farm), vehicle)
    )
    return replace_parts(problem, shipments=shipments, vehicles=fleet)


def replace_parts(problem: Problem, *, shipments: Iterable[Shipment], vehicles: Iterable[Vehicle]) -> Problem:
    """The same places with other goods and vehicles, and the rules that still speak of them."""
    goods, fleet = tuple(shipments), tuple(vehicles)
    return Problem(
        problem.stops,
        goods,
        fleet,
        problem.distance_m,
        problem.duration_s,
        name=problem.name,
        rules=_rules_for(problem.rules, goods, fleet),
        weights=problem.weights,
        balance=_balance_for(problem.balance, fleet),
    )


def _balance_for(balance: Balance, vehicles: tuple[Vehicle, ...]) -> Balance:
    """The prices of the plan as a whole; of the shares, those of owners who still have a vehicle."""
    owners = {vehicle.owner for vehicle in vehicles}
    return replace(balance, guarantees=tuple(share for share in balance.guarantees if share.owner in owners))


def _rules_for(rules: Rules, shipments: tuple[Shipment, ...], vehicles: tuple[Vehicle, ...]) -> Rules:
    """The rules whose shipments and vehicles are all still there."""
    goods = {shipment.id for shipment in shipments}
    shifts = {vehicle.id: len(vehicle.shifts) for vehicle in vehicles}
    longest = max(shifts.values(), default=0)

    def holds(lock: Lock | OnBoard | Promise) -> bool:
        count = longest if lock.vehicle is None else shifts.get(lock.vehicle, 0)
        return lock.shipment in goods and (lock.shift or 0) < count

    return Rules(
        promises=tuple(promise for promise in rules.promises if holds(promise)),
        locks=tuple(lock for lock in rules.locks if holds(lock)),
        bans=tuple(ban for ban in rules.bans if ban.shipment in goods and ban.vehicle in shifts),
        apart=tuple(pair for pair in rules.apart if {pair.first, pair.second} <= goods),
        on_board=tuple(entry for entry in rules.on_board if holds(entry)),
    )


def _own_vehicles(farm: str, goods: tuple[Shipment, ...], vehicle: Vehicle) -> Iterator[Vehicle]:
    """Enough trips for every shipment, whatever its weight: never more trips than shipments."""
    trips = min(len(goods), 1 + 2 * sum(shipment.grams for shipment in goods) // vehicle.capacity_grams)
    for number in range(1, trips + 1):
        yield replace(vehicle, id=f"{farm}#{number}", name=f"{vehicle.name} {number}", start=farm, end=farm)


def _routes_of(alone: Problem, farm: str) -> tuple[Route, ...]:
    """The farm's own best routes; its goods and vehicles are a small problem of their own."""
    own = replace_parts(
        alone,
        shipments=_from(alone.shipments, farm),
        vehicles=(vehicle for vehicle in alone.vehicles if vehicle.start == farm),
    )
    own = replace(own, balance=NO_BALANCE)  # what the whole costs is nothing that a part could lessen
    return solve(own, limit=Limit(seconds=SECONDS_PER_FARM_AT_MOST, iterations=ITERATIONS_PER_FARM)).routes


def _farms(shipments: Iterable[Shipment]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(shipment.pickup for shipment in shipments))


def _from(shipments: Iterable[Shipment], farm: str) -> tuple[Shipment, ...]:
    return tuple(shipment for shipment in shipments if shipment.pickup == farm)
