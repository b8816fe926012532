"""What a vehicle may carry, whatever the time: capacities, skills, places it cannot go, whose goods.

``hindrance`` looks at one shipment alone in a vehicle, ``may_carry`` at a whole trip. Times are the schedule's.
"""

from collections.abc import Iterable
from itertools import groupby

from routing.loading import can_lift, fits
from routing.problem import Shipment, Stop, Vehicle
from routing.trips import Places, Task, Trip, Turn, tasks_of

FORBIDDEN_PLACE = "forbidden_place"
NEEDS_SKILL = "needs_skill"
OTHER_OWNER = "other_owner"
NO_COMPARTMENT = "no_compartment"
TOO_HEAVY = "too_heavy"
LOCKED_OUT = "locked_out"
FORBIDDEN_PAIR = "forbidden_pair"
FIXED_ROUTE = "fixed_route"
STOP_ORDER = "stop_order"


def hindrance(turn: Turn, shipment: Shipment, places: Places) -> str | None:
    """The first rule that keeps the vehicle from carrying the shipment even alone; None when there is none."""
    return _forbidden(turn, shipment, places) or (None if can_lift(turn.vehicle, shipment) else TOO_HEAVY)


def may_carry(trip: Trip, places: Places) -> bool:
    """Whether the trip keeps every rule but those of time and distance."""
    tasks = (*places.aboard[trip.turn.key], *trip.tasks) if trip.turn.key in places.aboard else trip.tasks
    if not (in_order(tasks) and fits(tasks, trip.turn.vehicle)):
        return False
    done = _done(trip, places) if places.driven else 0
    return not places.is_restricted or (
        done is not None
        and not any(_forbidden(trip.turn, t.shipment, places) for t in trip.tasks[done:] if not t.is_pickup)
        and not (places.apart and _mixes(tasks, places))
        and keeps_orders(trip.turn, trip.tasks, places, done=done)
        and _is_as_fixed(trip, places)
    )


def keeps_orders(turn: Turn, tasks: tuple[Task, ...], places: Places, *, done: int = 0) -> bool:
    """Whether the tasks keep the turn's orders of stops; the first ``done`` of them are driven and cannot be undone."""
    for stops in places.stop_orders.get(turn.key, ()):
        reached = -1
        for number, task in enumerate(tasks):
            place = stops.index(task.stop) if task.stop in stops else reached
            if place < reached and number >= done:
                return False
            reached = max(reached, place)
    return True


def needs_of(shipment: Shipment, places: Places) -> tuple[str, ...]:
    """The skills that the shipment and the stops at both its ends ask for."""
    ends: tuple[Stop, ...] = (places.stops[shipment.pickup], places.stops[shipment.delivery])
    return (*shipment.needs, *ends[0].needs, *ends[1].needs)


def admits(vehicle: Vehicle, shipment: Shipment) -> bool:
    """Whether some compartment takes goods of the shipment's class, or there are no compartments."""
    parts = vehicle.compartments
    return not parts or any(shipment.temperature in part.admits for part in parts)


def in_order(tasks: tuple[Task, ...]) -> bool:
    """Whether everything is picked up once and before it is delivered."""
    aboard: set[str] = set()
    for task in tasks:
        if task.is_pickup == (task.shipment.id in aboard):
            return False
        if task.is_pickup:
            aboard.add(task.shipment.id)
    return True


def _done(trip: Trip, places: Places) -> int | None:
    """How many of the trip's tasks are driven already; None when it does not begin, or go on, as it must."""
    begun = places.driven.get(trip.turn.key)
    if begun is None:
        return 0
    done = begun.tasks
    is_kept = trip.tasks[: len(done)] == done and not (begun.is_over and len(trip.tasks) > len(done))
    return len(done) if is_kept else None


def _is_as_fixed(trip: Trip, places: Places) -> bool:
    """Whether a turn with a fixed route does exactly that; within a stay the order is free."""
    fixed = places.fixed.get(trip.turn.key)
    if fixed is None:
        return True
    tasks = {(task.shipment.id, task.is_pickup): task for task in trip.tasks}
    if len(fixed) != len(trip.tasks) or not tasks.keys() >= set(fixed):
        return False
    return _stays(trip.tasks) == _stays(tasks[end] for end in fixed)


def _stays(tasks: Iterable[Task]) -> list[tuple[str, set[tuple[str, bool]]]]:
    """The stops in order, each with what is done there in one stay."""
    return [
        (stop, {(task.shipment.id, task.is_pickup) for task in group})
        for stop, group in groupby(tasks, key=lambda task: task.stop)
    ]


def _mixes(tasks: tuple[Task, ...], places: Places) -> bool:
    """Whether two shipments that must be kept apart are both carried."""
    names = {task.shipment.id for task in tasks}
    return any(not names.isdisjoint(places.apart.get(name, ())) for name in names)


def _is_locked_out(turn: Turn, shipment: Shipment, places: Places) -> bool:
    return any(
        lock.vehicle not in {None, turn.vehicle.id} or lock.shift not in {None, turn.shift}
        for lock in places.locks.get(shipment.id, ())
    )


def _forbidden(turn: Turn, shipment: Shipment, places: Places) -> str | None:
    """The first rule other than capacity that stands between this vehicle and this shipment."""
    return _decided_against(turn, shipment, places) or _unable(turn.vehicle, shipment, places)


def _decided_against(turn: Turn, shipment: Shipment, places: Places) -> str | None:
    """The first of what planners decided that keeps this vehicle from this shipment."""
    if _is_locked_out(turn, shipment, places):
        return LOCKED_OUT
    if turn.key in places.fixed and all(shipment.id != name for name, _ in places.fixed[turn.key]):
        return FIXED_ROUTE
    if (shipment.id, turn.vehicle.id) in places.bans:
        return FORBIDDEN_PAIR
    if places.stop_orders and not keeps_orders(turn, tasks_of(shipment, places), places):
        return STOP_ORDER
    return None


def _unable(vehicle: Vehicle, shipment: Shipment, places: Places) -> str | None:
    """The first thing that the vehicle lacks for the shipment."""
    if vehicle.forbidden_stops and {shipment.pickup, shipment.delivery} & set(vehicle.forbidden_stops):
        return FORBIDDEN_PLACE
    if not set(vehicle.skills).issuperset(needs_of(shipment, places)):
        return NEEDS_SKILL
    if vehicle.carries_for and shipment.owner not in vehicle.carries_for:
        return OTHER_OWNER
    return None if admits(vehicle, shipment) else NO_COMPARTMENT
