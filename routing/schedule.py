"""Times for a trip: the cheapest schedule of given work in a given order, breaks included.

For one departure time the work is done as early as possible. Duration as a function of departure is made of
flat and falling pieces; a falling one ends where some service begins exactly when a window opens (no more waiting)
or closes (any later is too late). So only those departures and the shift's start are tried; where overtime lets a route end after the shift, also the
shift's last second, by which it must leave. Overtime, never cheaper than the shift, changes
nothing else: where the duration is flat, leaving later only ends later. Breaks are placed by labels (time, driving since the last rest):
forced on the road when the limit is reached, or tried at each arrival, where they may cost nothing but waiting.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from routing.carrying import may_carry
from routing.costs import route_co2e_g, route_cost_ore, shares_per_second, time_shares
from routing.opening import Opening, first_open, intersect, opening
from routing.plan import Route, Visit
from routing.problem import LONGEST_S, Vehicle, Window
from routing.promises import broken_ore, has_times, promised_opening
from routing.trips import Begun, Places, Task, Trip, Turn


@dataclass(frozen=True, slots=True)
class Service:
    """Work with one start: where, when it may start, how long it takes and the drive to get there.

    ``goes_on_s``: what follows is driven to no earlier than this.
    """

    stop: str
    tasks: tuple[Task, ...]
    opening: Opening
    service_s: int
    drive_s: int
    goes_on_s: int = 0


@dataclass(frozen=True, slots=True)
class Label:
    """A way to have come so far: the clock, the driving since the last break, and what happened when."""

    now_s: int
    since_break_s: int
    times: tuple[tuple[int, int, int], ...] = ()
    breaks: tuple[Window, ...] = ()


def schedule(trip: Trip, *, places: Places) -> Route | None:
    """The cheapest route, the shortest of equals, or None when the vehicle may not carry the goods so, or has no time."""
    return timed(trip, places=places) if may_carry(trip, places) else None


def timed(trip: Trip, *, places: Places) -> Route | None:
    """As ``schedule``, by windows, shift, driving, distance and breaks alone: what is carried is not looked at."""
    promised = (True, False) if places.promises and has_times(trip, places) else (False,)
    candidates = [
        route
        for merge_all in (False, True)
        for keep in promised
        if (services := services_of(trip, places, merge_all=merge_all, keep=keep))
        and (route := _shortest(trip, services, places)) is not None
    ]
    return min(
        candidates, key=lambda route: (route.cost_ore, route.duration_s, len(route.visits)), default=None
    )


def services_of(trip: Trip, places: Places, *, merge_all: bool, keep: bool) -> tuple[Service, ...]:
    """Neighbouring tasks at one stop become one service when their openings agree (or, merge_all, overlap).

    ``keep``: the times that were promised bind as windows do, all of them.
    """
    begun = places.driven.get(trip.turn.key)
    groups = _driven(begun) if begun else []
    settled = len(groups)
    for task in trip.tasks[len(begun.tasks) if begun else 0 :]:
        own = intersect(opening(places.stops[task.stop].windows), opening(task.windows))
        if places.now_s:
            own = intersect(own, (Window(places.now_s, LONGEST_S),))
        if keep:
            own = intersect(own, promised_opening(task, places))
        if len(groups) > settled and groups[-1][0] == task.stop:
            both = intersect(groups[-1][2], own)
            if own == groups[-1][2] or (merge_all and both):
                groups[-1] = (task.stop, [*groups[-1][1], task], both)
                continue
        groups.append((task.stop, [task], own))
    return tuple(_timed(groups, trip.turn.vehicle, places, begun))


def _driven(begun: Begun) -> list[tuple[str, list[Task], Opening]]:
    """What is done or under way, each service open at its own second only."""
    return [
        (visit.stop, list(visit.tasks), (Window(visit.start_s, visit.start_s),)) for visit in begun.visits
    ]


def _timed(
    groups: list[tuple[str, list[Task], Opening]], vehicle: Vehicle, places: Places, begun: Begun | None
) -> Iterator[Service]:
    here = vehicle.start
    for number, (stop, tasks, open_) in enumerate(groups, start=1):
        turned_s = begun.goes_on_s if begun is not None and number == len(begun.visits) else 0
        leaves = turned_s or number == len(groups) or groups[number][0] != stop
        service_s = sum(task.handling_s for task in tasks) + (places.stops[stop].stop_s if leaves else 0)
        is_open = begun is None or number > len(begun.visits)
        if places.has_ends and is_open and (done_by_s := _done_by_s(tasks)) is not None:
            open_ = intersect(open_, (Window(0, done_by_s - service_s),))  # noqa: PLW2901 - known only now
        yield Service(stop, tuple(tasks), open_, service_s, places.seconds(here, stop), turned_s)
        here = stop


def _done_by_s(tasks: list[Task]) -> int | None:
    """When the visit must be over, for the sake of what it delivers."""
    ends = [t.shipment.done_by_s for t in tasks if not t.is_pickup and t.shipment.done_by_s is not None]
    return min(ends, default=None)


def _shortest(trip: Trip, services: tuple[Service, ...], places: Places) -> Route | None:
    vehicle, shift = trip.turn.vehicle, trip.turn.window
    home_s = places.seconds(services[-1].stop, vehicle.end) if vehicle.end and services else 0
    drive_s = sum(service.drive_s for service in services) + home_s
    if vehicle.max_drive_s is not None and drive_s > vehicle.max_drive_s:
        return None
    if vehicle.max_distance_m is not None and _metres(services, vehicle, places) > vehicle.max_distance_m:
        return None
    best: tuple[tuple[int, int], int, Label] | None = None
    begun = places.driven.get(trip.turn.key)
    starts = (begun.start_s,) if begun else _departures(services, shift, vehicle, drive_s, places.now_s)
    for start_s in starts:
        end = _run(start_s, services, home_s, vehicle, rests=breaks_needed(vehicle, drive_s) > 0)
        if end is None or end.now_s > trip.turn.last_s:
            break  # whoever leaves later is nowhere sooner
        price = _price(trip.turn, start_s, end.now_s)
        if best is None or price < best[0]:
            best = (price, start_s, end)
    return _route(trip, services, places, start_s=best[1], label=best[2]) if best else None


def _price(turn: Turn, start_s: int, end_s: int) -> tuple[int, int]:
    """What the time costs, then the time itself."""
    duration_s, overtime_s = end_s - start_s, max(0, end_s - turn.window.end_s)
    if not overtime_s:
        return shares_per_second(turn.vehicle) * duration_s, duration_s
    return time_shares(turn.vehicle, duration_s=duration_s, overtime_s=overtime_s), duration_s


def _metres(services: tuple[Service, ...], vehicle: Vehicle, places: Places) -> int:
    stops = [vehicle.start, *(service.stop for service in services)]
    stops += [] if vehicle.end is None else [vehicle.end]
    return sum(places.metres(a, b) for a, b in pairwise(stops))


def breaks_needed(vehicle: Vehicle, drive_s: int) -> int:
    """At least so many, and nobody needs more than one beyond: breaks fall due only by driving."""
    if not vehicle.break_s:
        return 0
    return max(0, drive_s - 1) // vehicle.break_after_drive_s


def _departures(
    services: tuple[Service, ...], shift: Window, vehicle: Vehicle, drive_s: int, now_s: int
) -> Iterator[int]:
    """The shift's start (or now), with overtime its last second, and each departure that reaches a window just when it opens or closes."""
    counts = range(breaks_needed(vehicle, drive_s) * 2 + 1)
    first_s = max(shift.start_s, now_s)
    found = {first_s, shift.end_s} if vehicle.overtime_s else {first_s}
    offset_s = 0
    for service in services:
        offset_s += service.drive_s
        for window in service.opening:
            edges = (window.start_s - offset_s, window.end_s - offset_s)
            found.update(edge - count * vehicle.break_s for edge in edges for count in counts)
        offset_s += service.service_s
    yield from sorted(second for second in found if first_s <= second <= shift.end_s)


def _run(
    start_s: int, services: tuple[Service, ...], home_s: int, vehicle: Vehicle, *, rests: bool
) -> Label | None:
    """The earliest end of a route that leaves at ``start_s``; None when a window is missed."""
    labels = [Label(start_s, 0)]
    for service in services:
        labels = _undominated(
            served
            for label in labels
            for served in _serve(
                drive_on(label, service.drive_s, vehicle, rests=rests), service, vehicle, rests=rests
            )
        )
    ends = (drive_on(label, home_s, vehicle, rests=rests) for label in labels)
    return min(ends, key=lambda label: label.now_s, default=None)


def drive_on(label: Label, drive_s: int, vehicle: Vehicle, *, rests: bool) -> Label:
    """Drive on, resting on the road whenever the limit is reached with road still ahead."""
    now_s, since_s, breaks = label.now_s, label.since_break_s, label.breaks
    while rests and since_s + drive_s > vehicle.break_after_drive_s:
        leg_s = vehicle.break_after_drive_s - since_s
        now_s, drive_s, since_s = now_s + leg_s + vehicle.break_s, drive_s - leg_s, 0
        breaks = (*breaks, Window(now_s - vehicle.break_s, now_s))
    return Label(now_s + drive_s, since_s + drive_s, label.times, breaks)


def _serve(label: Label, service: Service, vehicle: Vehicle, *, rests: bool) -> Iterator[Label]:
    """Serve as early as possible, without a rest first and with one."""
    start_s = first_open(service.opening, label.now_s)
    if start_s is not None:
        end_s = start_s + service.service_s
        times = (*label.times, (label.now_s, start_s, end_s))
        yield Label(max(end_s, service.goes_on_s), label.since_break_s, times, label.breaks)
    rested_s = label.now_s + vehicle.break_s
    start_s = first_open(service.opening, rested_s)
    if rests and label.since_break_s and start_s is not None:
        end_s = start_s + service.service_s
        times = (*label.times, (label.now_s, start_s, end_s))
        breaks = (*label.breaks, Window(label.now_s, rested_s))
        yield Label(max(end_s, service.goes_on_s), 0, times, breaks)


def _undominated(labels: Iterator[Label]) -> list[Label]:
    """Only labels that are not both later and more tired than another."""
    kept: list[Label] = []
    for label in sorted(labels, key=lambda label: (label.now_s, label.since_break_s)):
        if not kept or label.since_break_s < kept[-1].since_break_s:
            kept.append(label)
    return kept


def _route(trip: Trip, services: tuple[Service, ...], places: Places, *, start_s: int, label: Label) -> Route:
    vehicle = trip.turn.vehicle
    aboard = places.aboard.get(trip.turn.key, ())
    visits = tuple(_visits(services, vehicle, aboard, start_s=start_s, label=label))
    stops = [visit.stop for visit in visits]
    legs = list(pairwise(stops))
    distance_m = sum(places.metres(a, b) for a, b in legs)
    duration_s = visits[-1].departure_s - start_s
    return Route(
        vehicle=vehicle.id,
        shift=trip.turn.shift,
        visits=visits,
        distance_m=distance_m,
        drive_s=sum(places.seconds(a, b) for a, b in legs),
        duration_s=duration_s,
        break_s=sum(rest.end_s - rest.start_s for rest in label.breaks),
        cost_ore=route_cost_ore(
            vehicle,
            distance_m=distance_m,
            duration_s=duration_s,
            overtime_s=max(0, visits[-1].departure_s - trip.turn.window.end_s),
            visits_ore=_visits_ore(services, places)
            + (broken_ore(trip.turn, visits, places) if places.promises else 0),
        ),
        co2e_g=route_co2e_g(vehicle, distance_m=distance_m),
        breaks=label.breaks,
    )


def _visits_ore(services: tuple[Service, ...], places: Places) -> int:
    """The price of each stay, once."""
    stops = [services[0].stop] if services else []
    stops += [b.stop for a, b in pairwise(services) if a.stop != b.stop or a.goes_on_s]
    return sum(places.stops[name].visit_ore for name in stops)


def _visits(
    services: tuple[Service, ...],
    vehicle: Vehicle,
    aboard: tuple[Task, ...],
    *,
    start_s: int,
    label: Label,
) -> Iterator[Visit]:
    load = sum(task.shipment.grams for task in aboard)
    yield Visit(vehicle.start, start_s, start_s, start_s, (), (), load)
    for service, (arrival_s, service_start_s, departure_s) in zip(services, label.times, strict=True):
        load += sum(task.sign * task.shipment.grams for task in service.tasks)
        pickups = tuple(task.shipment.id for task in service.tasks if task.is_pickup)
        deliveries = tuple(task.shipment.id for task in service.tasks if not task.is_pickup)
        yield Visit(service.stop, arrival_s, service_start_s, departure_s, pickups, deliveries, load)
    if vehicle.end is not None:
        yield Visit(vehicle.end, label.now_s, label.now_s, label.now_s, (), (), load)
