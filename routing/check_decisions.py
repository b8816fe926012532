"""Does a route keep what planners decided (locks, forbidden pairs, goods kept apart), and what has been driven.

Part of the checker, and like it written from the definitions in problem.py alone.
"""

from collections.abc import Iterator

from routing.plan import Route
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
    begun = [
        driven for driven in rules.driven if (driven.vehicle, driven.shift) == (route.vehicle, route.shift)
    ]
    if begun:
        yield from _driven(begun[0], route, rules.now_s)
    elif rules.now_s and route.visits[0].departure_s < rules.now_s:
        yield "before_now", f"It leaves at {route.visits[0].departure_s}; it is {rules.now_s} already."


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
