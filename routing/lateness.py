"""An order of work driven whatever the clock says: where it comes too late or too early, and the changes that would allow it.

The vehicle leaves as early as it may and works as soon as it can: nothing it could do instead is sooner anywhere. Where a
place is closed for the rest of the shift it works all the same, and that is told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from routing.changes import Change, Kind
from routing.opening import first_open
from routing.problem import Vehicle, Window
from routing.schedule import Label, Service, breaks_needed, drive_on, services_of
from routing.trips import Places, Task, Trip

MINUTE = 60
KILOMETRE = 1000


@dataclass(frozen=True, slots=True)
class _Done:
    """A service with the times it got."""

    service: Service
    start_s: int
    end_s: int


def changes_in_time(trip: Trip, places: Places, *, firm: frozenset[str]) -> tuple[Change, ...] | None:
    """What would have to give way for the trip's times, in whole minutes, each place's hours in one window only.

    Nothing when the trip is in time; None where no person could change it: goods that are not ready (``firm`` and
    ``ready_s`` are settled by others), or a vehicle that has left already.
    """
    if trip.turn.key in places.driven:
        return None
    services = services_of(trip, places, merge_all=False, keep=False)
    vehicle = trip.turn.vehicle
    home_s = places.seconds(services[-1].stop, vehicle.end) if vehicle.end and services else 0
    drive_s = sum(service.drive_s for service in services) + home_s
    rests = breaks_needed(vehicle, drive_s) > 0
    done, label = _run(trip, services, places, rests=rests)
    if any(not _may_be_asked(one, firm) for one in done):
        return None
    end_s = drive_on(label, home_s, vehicle, rests=rests).now_s
    return (
        *_largest(change for one in done for change in _broken(one, places)),
        *_limits(trip, places, services, drive_s=drive_s, end_s=end_s),
    )


def _run(
    trip: Trip, services: Iterable[Service], places: Places, *, rests: bool
) -> tuple[list[_Done], Label]:
    vehicle, last_s = trip.turn.vehicle, trip.turn.last_s
    label = Label(max(trip.turn.window.start_s, places.now_s), 0)
    done: list[_Done] = []
    for service in services:
        label = drive_on(label, service.drive_s, vehicle, rests=rests)
        start_s = first_open(service.opening, label.now_s)
        start_s = label.now_s if start_s is None or start_s > last_s else start_s
        done.append(_Done(service, start_s, start_s + service.service_s))
        label = Label(start_s + service.service_s, label.since_break_s)
    return done, label


def _may_be_asked(one: _Done, firm: frozenset[str]) -> bool:
    return all(
        one.start_s >= task.shipment.ready_s
        if task.is_pickup
        else task.shipment.id not in firm or _late_s(task, one) == 0
        for task in one.service.tasks
    )


def _late_s(task: Task, one: _Done) -> int:
    end_s = task.shipment.done_by_s
    return 0 if end_s is None else max(0, one.end_s - end_s)


def _broken(one: _Done, places: Places) -> Iterator[Change]:
    """The hours that a service does not keep: its place's, and its goods' own."""
    place = one.service.stop
    kinds = (Kind.STOP_OPENS_EARLIER, Kind.STOP_CLOSES_LATER)
    yield from _outside(places.stops[place].windows, one.start_s, kinds, place, is_one=True)
    for task in one.service.tasks:
        shipment = task.shipment
        windows = shipment.pickup_windows if task.is_pickup else shipment.delivery_windows
        yield from _outside(windows, one.start_s, _OWN[task.is_pickup], shipment.id, is_one=False)
        if not task.is_pickup and _late_s(task, one):
            yield Change(Kind.DELIVERY_LATER, shipment.id, _minutes(_late_s(task, one)))


_OWN = {
    True: (Kind.PICKUP_EARLIER, Kind.PICKUP_LATER),
    False: (Kind.DELIVERY_EARLIER, Kind.DELIVERY_LATER),
}


def _outside(
    windows: tuple[Window, ...], second: int, kinds: tuple[Kind, Kind], where: str, *, is_one: bool
) -> Iterator[Change]:
    """By how much the nearest window would have to open earlier or close later for work to start then."""
    if not windows or any(second in window for window in windows):
        return
    missing = [
        (window.start_s - second, kinds[0]) if window.start_s > second else (second - window.end_s, kinds[1])
        for window in windows
    ]
    number = min(range(len(windows)), key=lambda n: missing[n][0])
    seconds, kind = missing[number]
    yield Change(kind, where, _minutes(seconds), number if is_one else None)


def _largest(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Of the same change the one that is large enough for all."""
    found: dict[tuple[Kind, str, int | None], Change] = {}
    for change in changes:
        key = (change.kind, change.where, change.shift)
        if key not in found or found[key].amount < change.amount:
            found[key] = change
    return tuple(found.values())


def _limits(
    trip: Trip, places: Places, services: tuple[Service, ...], *, drive_s: int, end_s: int
) -> Iterator[Change]:
    vehicle = trip.turn.vehicle
    if end_s > trip.turn.last_s:
        late = _minutes(end_s - trip.turn.last_s)
        yield Change(Kind.SHIFT_ENDS_LATER, vehicle.id, late, trip.turn.shift)
    if vehicle.max_drive_s is not None and drive_s > vehicle.max_drive_s:
        yield Change(Kind.DRIVING, vehicle.id, _minutes(drive_s - vehicle.max_drive_s))
    too_long_m = _metres(vehicle, services, places) - (vehicle.max_distance_m or 0)
    if vehicle.max_distance_m is not None and too_long_m > 0:
        yield Change(Kind.DISTANCE, vehicle.id, -(-too_long_m // KILOMETRE) * KILOMETRE)


def _metres(vehicle: Vehicle, services: tuple[Service, ...], places: Places) -> int:
    stops = [vehicle.start, *(service.stop for service in services)]
    stops += [] if vehicle.end is None else [vehicle.end]
    return sum(places.metres(a, b) for a, b in pairwise(stops))


def _minutes(seconds: int) -> int:
    return -(-seconds // MINUTE) * MINUTE
