"""How late the goods that wait for others could leave, were their routes driven as late as they can be."""

from collections.abc import Iterable, Iterator, Mapping

from routing.handover import leaves_at, times_before
from routing.opening import Opening, intersect, opening
from routing.plan import Route, Visit
from routing.problem import Problem, Shipment
from routing.trips import Places, Task, places_of, turns_of


def last_times(problem: Problem, routes: Iterable[Route]) -> dict[str, int]:
    """Handover times by these routes: the latest with which each route of what waits can still be driven in its order.

    Never before the goods have come. A route with breaks is taken as it is timed. Later than ``handover.latest_times``,
    which takes every route as it is timed: the cheapest times of a route are its earliest, where later ones cost the same.
    """
    chosen, places = tuple(routes), places_of(problem)
    ends_s = {turn.key: turn.window.end_s for turn in turns_of(problem)}
    goods = {shipment.id: shipment for shipment in problem.shipments}
    starts: dict[str, int] = {}
    for route in chosen:
        if route.breaks:
            starts |= leaves_at((route,))
            continue
        last_s = max(ends_s[route.vehicle, route.shift], route.visits[-1].start_s)
        for visit, start_s in _latest_starts(route, last_s, goods, places):
            starts |= dict.fromkeys(visit.pickups, start_s)
    return times_before(problem, chosen, starts)


def _latest_starts(
    route: Route, last_s: int, goods: Mapping[str, Shipment], places: Places
) -> Iterator[tuple[Visit, int]]:
    """Each visit with its latest start, from the last to the first; ``last_s``: by when the last must have begun."""
    following: Visit | None = None
    for visit in reversed(route.visits):
        if following is not None:
            last_s -= places.seconds(visit.stop, following.stop) + visit.departure_s - visit.start_s
        last_s = max(visit.start_s, _last_open(_opening(visit, goods, places), last_s))
        yield visit, last_s
        following = visit


def _opening(visit: Visit, goods: Mapping[str, Shipment], places: Places) -> Opening:
    both = opening(places.stops[visit.stop].windows)
    for names, is_pickup in ((visit.pickups, True), (visit.deliveries, False)):
        for name in names:
            both = intersect(both, opening(Task(goods[name], is_pickup=is_pickup).windows))
    return both


def _last_open(windows: Opening, second: int) -> int:
    """The latest open second at or before ``second``; -1 when there is none."""
    return max((min(second, window.end_s) for window in windows if window.start_s <= second), default=-1)
