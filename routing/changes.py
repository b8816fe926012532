"""Small changes to a problem, each of which only allows more (but for DAY): what would have to give way to serve a shipment."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from routing.problem import (
    LONGEST_S,
    Compartment,
    Problem,
    Rules,
    Shipment,
    Stop,
    Temperature,
    Vehicle,
    Window,
)


class Kind(StrEnum):
    """What is changed; the comment says what ``where`` names and ``amount`` counts."""

    STOP_OPENS_EARLIER = (
        "stop_opens_earlier"  # a stop; seconds; shift: which of its windows, None: all of them
    )
    STOP_CLOSES_LATER = "stop_closes_later"
    PICKUP_EARLIER = "pickup_earlier"  # a shipment; seconds
    PICKUP_LATER = "pickup_later"
    DELIVERY_EARLIER = "delivery_earlier"
    DELIVERY_LATER = "delivery_later"
    GRAMS = "capacity_grams"  # a vehicle; grams, crates, pallet places
    CRATES = "capacity_crates"
    PALLETS = "capacity_pallets"
    SHIFT_STARTS_EARLIER = "shift_starts_earlier"  # a vehicle and its shift; seconds
    SHIFT_ENDS_LATER = "shift_ends_later"
    DRIVING = "max_drive_s"  # a vehicle; seconds
    DISTANCE = "max_distance_m"  # a vehicle; metres
    SKILLS = "skills"  # a vehicle; names: what it lacks
    FORBIDDEN_STOPS = "forbidden_stops"  # a vehicle; names: stops it may go to after all
    OWNERS = "carries_for"  # a vehicle; names: the owner
    COMPARTMENT = "compartments"  # a vehicle; names: the class that its first compartment takes too
    LOCKS = "locks"  # a shipment: its locks are lifted
    BAN = "bans"  # a shipment; names: the vehicle
    APART = "apart"  # a shipment: it may ride with any other
    STOP_ORDERS = "stop_orders"  # a vehicle and its shift: its stops may come in any order
    FIXED_ROUTE = "fixed_routes"  # a vehicle and its shift: its route is open again
    PRICE = "skip_ore"  # a shipment; öre
    DAY = (
        "day"  # a shipment; seconds, of whole days: all its own hours come so much later, or sooner (below 0)
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One change: of what kind, where (an id), by how much, for which shift or names where that matters."""

    kind: Kind
    where: str
    amount: int = 0
    shift: int | None = None
    names: tuple[str, ...] = ()


def changed(problem: Problem, changes: Iterable[Change]) -> Problem:
    """The problem after the changes, one after another."""
    stops, shipments, vehicles, rules = problem.stops, problem.shipments, problem.vehicles, problem.rules
    for change in changes:
        stops = tuple(changed_stop(stop, change) for stop in stops)
        shipments = tuple(changed_shipment(shipment, change) for shipment in shipments)
        vehicles = tuple(changed_vehicle(vehicle, change) for vehicle in vehicles)
        rules = changed_rules(rules, change)
    return replace(problem, stops=stops, shipments=shipments, vehicles=vehicles, rules=rules)


def changed_stop(stop: Stop, change: Change) -> Stop:
    """The stop after a change; the same one where the change is not about it."""
    if change.where != stop.id:
        return stop
    how = _STOP.get(change.kind)
    if how is None:
        return stop
    chosen = range(len(stop.windows)) if change.shift is None else (change.shift,)
    windows = (
        how((window,), change.amount)[0] if number in chosen else window
        for number, window in enumerate(stop.windows)
    )
    return replace(stop, windows=tuple(windows))


def changed_shipment(shipment: Shipment, change: Change) -> Shipment:
    """The shipment after a change."""
    how = _SHIPMENT.get(change.kind)
    return shipment if how is None or change.where != shipment.id else how(shipment, change.amount)


def changed_vehicle(vehicle: Vehicle, change: Change) -> Vehicle:
    """The vehicle after a change."""
    how = _VEHICLE.get(change.kind)
    return vehicle if how is None or change.where != vehicle.id else how(vehicle, change)


def changed_rules(rules: Rules, change: Change) -> Rules:
    """The planners' decisions after a change; goods on board stay where they are."""
    name = change.where
    if change.kind is Kind.LOCKS:
        return replace(rules, locks=tuple(lock for lock in rules.locks if lock.shipment != name))
    if change.kind is Kind.BAN:
        kept = (ban for ban in rules.bans if ban.shipment != name or ban.vehicle not in change.names)
        return replace(rules, bans=tuple(kept))
    if change.kind is Kind.APART:
        return replace(
            rules, apart=tuple(pair for pair in rules.apart if name not in {pair.first, pair.second})
        )
    turn = (change.where, change.shift)
    if change.kind is Kind.STOP_ORDERS:
        orders = (order for order in rules.stop_orders if (order.vehicle, order.shift) != turn)
        return replace(rules, stop_orders=tuple(orders))
    if change.kind is Kind.FIXED_ROUTE:
        routes = (fixed for fixed in rules.fixed_routes if (fixed.vehicle, fixed.shift) != turn)
        return replace(rules, fixed_routes=tuple(routes))
    return rules


def _earlier(windows: tuple[Window, ...], seconds: int) -> tuple[Window, ...]:
    return tuple(Window(max(0, window.start_s - seconds), window.end_s) for window in windows)


def _later(windows: tuple[Window, ...], seconds: int) -> tuple[Window, ...]:
    return tuple(Window(window.start_s, min(LONGEST_S, window.end_s + seconds)) for window in windows)


def _on_another_day(shipment: Shipment, seconds: int) -> Shipment:
    def moved(windows: tuple[Window, ...]) -> tuple[Window, ...]:
        return tuple(Window(max(0, w.start_s + seconds), max(0, w.end_s + seconds)) for w in windows)

    return replace(
        shipment,
        pickup_windows=moved(shipment.pickup_windows),
        delivery_windows=moved(shipment.delivery_windows),
        ready_s=max(0, shipment.ready_s + seconds) if shipment.ready_s else 0,
        done_by_s=None if shipment.done_by_s is None else max(0, shipment.done_by_s + seconds),
    )


_STOP: dict[Kind, Callable[[tuple[Window, ...], int], tuple[Window, ...]]] = {
    Kind.STOP_OPENS_EARLIER: _earlier,
    Kind.STOP_CLOSES_LATER: _later,
}

_SHIPMENT: dict[Kind, Callable[[Shipment, int], Shipment]] = {
    Kind.PICKUP_EARLIER: lambda s, by: replace(s, pickup_windows=_earlier(s.pickup_windows, by)),
    Kind.PICKUP_LATER: lambda s, by: replace(s, pickup_windows=_later(s.pickup_windows, by)),
    Kind.DELIVERY_EARLIER: lambda s, by: replace(s, delivery_windows=_earlier(s.delivery_windows, by)),
    Kind.DELIVERY_LATER: lambda s, by: replace(
        s,
        delivery_windows=_later(s.delivery_windows, by),
        done_by_s=None if s.done_by_s is None else min(LONGEST_S, s.done_by_s + by),
    ),
    Kind.DAY: _on_another_day,
    Kind.PRICE: lambda s, by: replace(s, skip_ore=None if s.skip_ore is None else s.skip_ore + by),
}


def _with_room(vehicle: Vehicle, change: Change) -> Vehicle:
    """More room in the vehicle, and in each compartment that takes the class (``names``)."""
    name = str(change.kind)

    def more(part: Compartment) -> Compartment:
        most = getattr(part, name)
        grows = most is not None and set(change.names) & set(part.admits)
        return replace(part, **{name: most + change.amount}) if grows else part

    most = getattr(vehicle, name)
    whole = {} if most is None else {name: most + change.amount}
    return replace(vehicle, compartments=tuple(more(part) for part in vehicle.compartments), **whole)


def _with_shift(vehicle: Vehicle, change: Change) -> Vehicle:
    shifts = list(vehicle.shifts)
    number = change.shift or 0
    how = _earlier if change.kind is Kind.SHIFT_STARTS_EARLIER else _later
    shifts[number] = how((shifts[number],), change.amount)[0]
    return replace(vehicle, shifts=tuple(shifts))


def _with_limit(vehicle: Vehicle, change: Change) -> Vehicle:
    most = getattr(vehicle, str(change.kind))
    return vehicle if most is None else replace(vehicle, **{str(change.kind): most + change.amount})


def _with_names(vehicle: Vehicle, change: Change) -> Vehicle:
    if change.kind is Kind.SKILLS:
        return replace(vehicle, skills=(*vehicle.skills, *change.names))
    return replace(vehicle, carries_for=(*vehicle.carries_for, *change.names))


def _without_ban_on(vehicle: Vehicle, change: Change) -> Vehicle:
    kept = tuple(stop for stop in vehicle.forbidden_stops if stop not in change.names)
    return replace(vehicle, forbidden_stops=kept)


def _with_class(vehicle: Vehicle, change: Change) -> Vehicle:
    first, *others = vehicle.compartments
    admits = (*first.admits, *(Temperature(name) for name in change.names))
    return replace(vehicle, compartments=(replace(first, admits=admits), *others))


_VEHICLE: dict[Kind, Callable[[Vehicle, Change], Vehicle]] = {
    Kind.GRAMS: _with_room,
    Kind.CRATES: _with_room,
    Kind.PALLETS: _with_room,
    Kind.SHIFT_STARTS_EARLIER: _with_shift,
    Kind.SHIFT_ENDS_LATER: _with_shift,
    Kind.DRIVING: _with_limit,
    Kind.DISTANCE: _with_limit,
    Kind.SKILLS: _with_names,
    Kind.OWNERS: _with_names,
    Kind.FORBIDDEN_STOPS: _without_ban_on,
    Kind.COMPARTMENT: _with_class,
}
