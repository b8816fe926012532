"""Does a route keep what planners decided (locks, forbidden pairs, goods kept apart), and what has been driven.

Part of the checker, and like it written from the definitions in problem.py alone.
"""

from collections.abc import Iterator

from routing.plan import Route, Visit
from routing.problem import Driven, Rules


def decision_faults(rules: Rules, route: Route, aboard: list[str]) -> Iterator[tuple[str, str]]:
    """Code and text of each fault; ``aboard`` are the ids of what is on board when the shift begins."""
    carried = {name for visit in route.visits for name in (*visit.pickups, *visit.deliveries)}
    for lock in rules.locks:
        is_kept = lock.vehicle in {None, route.vehicle} and lock.shift in {None, route.shift}
        if lock.shipment in carried and not is_kept:
            yield "lock_broken", f"{lock.shipment!r} is locked elsewhere."
    for ban in rules.bans:
        if ban.shipment in carried and ban.vehicle == route.vehicle:
            yield "forbidden_pair", f"The vehicle may not carry {ban.shipment!r}."
    together = carried.union(aboard)
    for pair in rules.apart:
        if {pair.first, pair.second} <= together:
            yield "not_apart", f"{pair.first!r} and {pair.second!r} may not share a route."
    if begun := _begun(rules, route):
        yield from _driven(begun[0], route, rules.now_s)
    elif rules.now_s and route.visits[0].departure_s < rules.now_s:
        yield "before_now", f"It leaves at {route.visits[0].departure_s}; it is {rules.now_s} already."


def is_driven(rules: Rules, route: Route, visit: Visit) -> bool:
    """Whether the visit is settled: what was done cannot be undone, allowed or not."""
    return any(
        done.stop == visit.stop and done.start_s == visit.start_s
        for driven in _begun(rules, route)
        for done in driven.visits
    )


def turned_s(rules: Rules, route: Route, visit: Visit) -> int:
    """When the vehicle turned away on the road after this visit, its last driven one; 0 when it did not."""
    handles = bool(visit.pickups or visit.deliveries)
    ends = (driven for driven in _begun(rules, route) if driven.visits)
    return next(
        (
            driven.goes_on_s
            for driven in ends
            if handles and (driven.visits[-1].stop, driven.visits[-1].start_s) == (visit.stop, visit.start_s)
        ),
        0,
    )


def _begun(rules: Rules, route: Route) -> list[Driven]:
    return [
        driven for driven in rules.driven if (driven.vehicle, driven.shift) == (route.vehicle, route.shift)
    ]


def _driven(driven: Driven, route: Route, now_s: int) -> Iterator[tuple[str, str]]:
    first, *visits = route.visits
    if first.departure_s != driven.start_s:
        yield "driven_changed", f"It left at {driven.start_s}, not at {first.departure_s}."
    for number, done in enumerate(driven.visits):
        visit = visits[number] if number < len(visits) else None
        if (
            visit is None
            or (visit.stop, visit.start_s) != (done.stop, done.start_s)
            or set(visit.pickups) != set(done.pickups)
            or set(visit.deliveries) != set(done.deliveries)
        ):
            yield "driven_changed", f"What was done at {done.stop!r} at {done.start_s} is not in the route."
    for visit in visits[len(driven.visits) :]:
        if not (visit.pickups or visit.deliveries):
            continue
        if driven.is_over:
            yield "driven_over", f"The route is over; it cannot go on to {visit.stop!r}."
        if visit.start_s < now_s:
            yield "before_now", f"Work at {visit.stop!r} starts at {visit.start_s}; it is {now_s} already."
