"""Another problem at the same places: other goods, other vehicles, and the rules that still speak of them."""

from collections.abc import Iterable
from dataclasses import replace

from routing.balance import Balance
from routing.problem import Lock, OnBoard, Problem, Promise, Rules, Shipment, Vehicle


def replace_parts(problem: Problem, *, shipments: Iterable[Shipment], vehicles: Iterable[Vehicle]) -> Problem:
    """The same places with other goods and vehicles, and the rules that still speak of them.

    What waits for goods that are not among them waits for them no more.
    """
    goods, fleet = tuple(shipments), tuple(vehicles)
    names = {shipment.id for shipment in goods}
    return Problem(
        problem.stops,
        tuple(
            replace(shipment, after=tuple(name for name in shipment.after if name in names))
            for shipment in goods
        ),
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
        stop_orders=tuple(order for order in rules.stop_orders if order.shift < shifts.get(order.vehicle, 0)),
        fixed_routes=tuple(
            fixed
            for fixed in rules.fixed_routes
            if fixed.shift < shifts.get(fixed.vehicle, 0) and {task.shipment for task in fixed.tasks} <= goods
        ),
    )
