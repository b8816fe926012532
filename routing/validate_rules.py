"""Faults in what planners decided: locks, bans, goods kept apart, goods on board."""

from collections import Counter
from collections.abc import Iterator

from routing.loading import fits
from routing.problem import InputError, Lock, Rules, Shipment, Vehicle
from routing.trips import Task
from routing.validate_driven import driven_errors, unknown_driven

DEAREST_PROMISE = 2**40


def rule_errors(
    rules: Rules, shipments: tuple[Shipment, ...], vehicles: tuple[Vehicle, ...]
) -> Iterator[InputError]:
    """Every fault: names that are not there first, then rules that contradict each other."""
    goods = {shipment.id: shipment for shipment in shipments}
    fleet = {vehicle.id: vehicle for vehicle in vehicles}
    unknown = (*_unknown(rules, goods, fleet), *unknown_driven(rules, goods, fleet))
    yield from unknown
    if not unknown:
        yield from _promises(rules)
        yield from _contradictions(rules)
        yield from _overloads(rules, goods, fleet)
        yield from driven_errors(rules, goods)


def _unknown(rules: Rules, goods: dict[str, Shipment], fleet: dict[str, Vehicle]) -> Iterator[InputError]:
    fixed = set(_fixed(rules))
    for lock in (lock for lock in _locks(rules) if lock not in fixed):
        yield from _reference("lock", goods, fleet, shipment=lock.shipment, vehicle=lock.vehicle)
        yield from _shift(lock.shipment, lock.vehicle, lock.shift, fleet)
    for promise in rules.promises:
        yield from _reference("promise", goods, fleet, shipment=promise.shipment, vehicle=promise.vehicle)
        yield from _shift(promise.shipment, promise.vehicle, promise.shift, fleet)
    for ban in rules.bans:
        yield from _reference("ban", goods, fleet, shipment=ban.shipment, vehicle=ban.vehicle)
    for pair in rules.apart:
        yield from _reference("pair kept apart", goods, fleet, shipment=pair.first, vehicle=None)
        yield from _reference("pair kept apart", goods, fleet, shipment=pair.second, vehicle=None)


def _locks(rules: Rules) -> tuple[Lock, ...]:
    """Goods on board are locked to their vehicle and shift, those on fixed routes to theirs."""
    aboard = (Lock(entry.shipment, entry.vehicle, entry.shift) for entry in rules.on_board)
    return (*rules.locks, *aboard, *_fixed(rules))


def _fixed(rules: Rules) -> Iterator[Lock]:
    """Of shipments on two fixed routes only the first: the rest is said by validate_sequences."""
    ends = {task.shipment: fixed for fixed in reversed(rules.fixed_routes) for task in fixed.tasks}
    yield from (Lock(name, fixed.vehicle, fixed.shift) for name, fixed in ends.items())


def _reference(
    kind: str,
    goods: dict[str, Shipment],
    fleet: dict[str, Vehicle],
    *,
    shipment: str,
    vehicle: str | None,
) -> Iterator[InputError]:
    if shipment not in goods:
        text = f"A {kind} names the shipment {shipment!r}."
        yield InputError("unknown_shipment", text, "Add it to the shipments, or remove the rule.")
    if vehicle is not None and vehicle not in fleet:
        text = f"A {kind} names the vehicle {vehicle!r}."
        yield InputError("unknown_vehicle", text, "Add it to the vehicles, or remove the rule.")


def _shift(
    shipment: str, vehicle: str | None, shift: int | None, fleet: dict[str, Vehicle]
) -> Iterator[InputError]:
    meant = [entry for entry in fleet.values() if vehicle in {None, entry.id}]
    most = max((len(vehicle.shifts) for vehicle in meant), default=0)
    if meant and shift is not None and not (isinstance(shift, int) and 0 <= shift < most):
        yield InputError(
            "unknown_shift",
            f"A rule about {shipment!r} names shift {shift!r}.",
            f"Count shifts from 0; the last one is {most - 1}." if most else "Give the vehicle a shift.",
        )


def _promises(rules: Rules) -> Iterator[InputError]:
    for promise in rules.promises:
        if not (isinstance(promise.ore, int) and 0 <= promise.ore <= DEAREST_PROMISE):
            text = f"Breaking the promise about {promise.shipment!r} costs {promise.ore!r}."
            yield InputError("out_of_range", text, f"Give 0 to {DEAREST_PROMISE} öre.")
        if promise.window is not None and promise.window.start_s > promise.window.end_s:
            text = f"{promise.shipment!r} is promised for {promise.window}, which ends before it starts."
            yield InputError("window_reversed", text, "Exchange the two times.")


def _contradictions(rules: Rules) -> Iterator[InputError]:
    for pair in rules.apart:
        if pair.first == pair.second:
            text = f"{pair.first!r} is kept apart from itself."
            yield InputError("apart_from_itself", text, "Name two shipments.")
    for name, count in Counter(entry.shipment for entry in rules.on_board).items():
        if count > 1:
            text = f"{name!r} is on board {count} times."
            yield InputError("on_board_twice", text, "Say where it is, once.")
    banned = {(ban.shipment, ban.vehicle) for ban in rules.bans}
    for name in dict.fromkeys(lock.shipment for lock in _locks(rules)):
        vehicles = {lock.vehicle for lock in _locks(rules) if lock.shipment == name} - {None}
        shifts = {lock.shift for lock in _locks(rules) if lock.shipment == name} - {None}
        if len(vehicles) > 1 or len(shifts) > 1:
            text = f"The locks of {name!r} leave it no vehicle or no shift."
            yield InputError("locks_contradict", text, "Keep one of them.")
        for vehicle in vehicles:
            if (name, vehicle) in banned:
                text = f"{name!r} is locked to {vehicle!r}, which is forbidden to carry it."
                yield InputError("lock_forbidden", text, "Remove the lock or the ban.")


def _overloads(rules: Rules, goods: dict[str, Shipment], fleet: dict[str, Vehicle]) -> Iterator[InputError]:
    """A vehicle that already has more on board than it holds: a fault of the input, no plan could mend it."""
    for name, shift in dict.fromkeys((entry.vehicle, entry.shift) for entry in rules.on_board):
        loaded = tuple(
            Task(goods[entry.shipment], is_pickup=True)
            for entry in rules.on_board
            if (entry.vehicle, entry.shift) == (name, shift)
        )
        if not fits(loaded, fleet[name]):
            text = f"Vehicle {name!r} has more on board in shift {shift} than it or its compartments hold."
            yield InputError("overloaded_at_start", text, "Correct the goods on board or the capacities.")
