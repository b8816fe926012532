"""Goods that wait for others, made into an ordinary problem by handover times.

Given a second for each shipment that others wait for, by which its delivery has ended and from which on (with the stop's
transfer) they may leave, every route can be timed alone: ``separated``. Any plan of that problem keeps the rule of
handovers in the problem itself, so the times are a choice of the planner (``echelons``), never a rule of their own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from routing.plan import Route
from routing.problem import LONGEST_S, Problem, Shipment

Times = Mapping[str, int]
"""By the id of a shipment that others wait for: the second of its handover."""


def has_handovers(problem: Problem) -> bool:
    """Whether any shipment waits for another."""
    return any(shipment.after for shipment in problem.shipments)


def waiting_for(problem: Problem) -> dict[str, tuple[Shipment, ...]]:
    """By shipment id, what waits for it; goods that are picked up already wait for nothing."""
    gone = picked_up(problem)
    found: dict[str, tuple[Shipment, ...]] = {}
    for shipment in problem.shipments:
        for name in dict.fromkeys(shipment.after if shipment.id not in gone else ()):
            found[name] = (*found.get(name, ()), shipment)
    return found


def picked_up(problem: Problem) -> frozenset[str]:
    """The ids of what is on board already, or was."""
    visits = (visit for driven in problem.rules.driven for visit in driven.visits)
    driven = {name for visit in visits for name in visit.pickups}
    return frozenset(driven.union(entry.shipment for entry in problem.rules.on_board))


def known_times(problem: Problem) -> dict[str, int]:
    """When what has been driven was delivered, at the latest: its visit may turn out to be the last of its stay."""
    return {name: end_s for driven in _driven_ends(problem) for names, end_s in driven for name in names}


def _driven_ends(problem: Problem) -> Iterator[Iterator[tuple[tuple[str, ...], int]]]:
    goods = {shipment.id: shipment for shipment in problem.shipments}
    stops = {stop.id: stop for stop in problem.stops}
    for driven in problem.rules.driven:
        yield (
            (
                visit.deliveries,
                visit.start_s
                + sum(goods[name].delivery_s for name in visit.deliveries)
                + sum(goods[name].pickup_s for name in visit.pickups)
                + stops[visit.stop].stop_s,
            )
            for visit in driven.visits
        )


def separated(problem: Problem, times: Times) -> Problem:
    """The problem in which nothing waits: what was waited for is there in time, what waited leaves after that.

    What waits for something that has no time can never leave, and leaving it out costs nothing.
    """
    if not has_handovers(problem):
        return problem
    waiting, gone, known = waiting_for(problem), picked_up(problem), known_times(problem)
    awaited = _awaited(problem)
    transfer_s = {stop.id: stop.transfer_s for stop in problem.stops}
    handovers = {**times, **known}

    def alone(shipment: Shipment) -> Shipment:
        own = replace(shipment, after=())
        if shipment.after and shipment.id not in gone:
            own = _released(own, shipment.after, handovers, transfer_s[shipment.pickup])
        if shipment.id in waiting and shipment.id in times and shipment.id not in known:
            own = replace(own, done_by_s=_earlier(own.done_by_s, times[shipment.id]))
        if shipment.id in awaited and shipment.id not in known:
            own = replace(own, done_by_s=_earlier(own.done_by_s, awaited[shipment.id]))
        return own

    return replace(problem, shipments=tuple(alone(shipment) for shipment in problem.shipments))


def ending_by(problem: Problem, ends: Times) -> Problem:
    """The problem with the visits that deliver these shipments over by these seconds at the latest."""
    if not ends:
        return problem
    shipments = tuple(
        replace(s, done_by_s=_earlier(s.done_by_s, ends[s.id])) if s.id in ends else s
        for s in problem.shipments
    )
    return replace(problem, shipments=shipments)


def _awaited(problem: Problem) -> dict[str, int]:
    """By shipment id, when it must be there for a vehicle that is already on its way to what waits for it."""
    after = {shipment.id: shipment.after for shipment in problem.shipments}
    transfer_s = {stop.id: stop.transfer_s for stop in problem.stops}
    times: dict[str, int] = {}
    for driven in problem.rules.driven:
        for visit in driven.visits:
            for name in (other for own in visit.pickups for other in after[own]):
                if visit.start_s >= problem.rules.now_s:
                    times[name] = _earlier(times.get(name), max(0, visit.start_s - transfer_s[visit.stop]))
    return times


def _released(shipment: Shipment, after: Iterable[str], handovers: Times, transfer_s: int) -> Shipment:
    """The shipment from when the last of ``after`` has been handed over."""
    if any(name not in handovers for name in after):
        return replace(shipment, ready_s=LONGEST_S, skip_ore=0)
    last_s = max(handovers[name] for name in after) + transfer_s
    return replace(shipment, ready_s=min(LONGEST_S, max(shipment.ready_s, last_s)))


def _earlier(one: int | None, other: int) -> int:
    return other if one is None else min(one, other)


def came_at(routes: Iterable[Route]) -> dict[str, int]:
    """By shipment id, when the visit that delivers it ends."""
    return {
        name: visit.departure_s for route in routes for visit in route.visits for name in visit.deliveries
    }


def leaves_at(routes: Iterable[Route]) -> dict[str, int]:
    """By shipment id, when work on its pickup starts."""
    return {name: visit.start_s for route in routes for visit in route.visits for name in visit.pickups}


def earliest_times(problem: Problem, routes: Iterable[Route]) -> dict[str, int]:
    """Handover times by these routes: as soon as the goods are there."""
    came = came_at(routes)
    return {name: came[name] for name in waiting_for(problem) if name in came}


def latest_times(problem: Problem, routes: Iterable[Route]) -> dict[str, int]:
    """Handover times by these routes: when the first that waits must have them; as soon as can be where none leaves."""
    chosen = tuple(routes)
    return times_before(problem, chosen, leaves_at(chosen))


def times_before(problem: Problem, routes: Iterable[Route], starts: Times) -> dict[str, int]:
    """Handover times just before these starts of pickups, and never before the goods have come by the routes."""
    transfer_s = {stop.id: stop.transfer_s for stop in problem.stops}
    times = earliest_times(problem, routes)
    for name, waiting in waiting_for(problem).items():
        if name in times:
            leaving = (starts[s.id] - transfer_s[s.pickup] for s in waiting if s.id in starts)
            times[name] = max(times[name], min(leaving, default=times[name]))
    return times


def orphans(problem: Problem, served: Iterable[str]) -> frozenset[str]:
    """The ids of what cannot be served because something that it waits for, or that waits itself, is not."""
    delivered = set(served)
    gone = picked_up(problem)
    lost: set[str] = set()
    while True:
        more = {
            shipment.id
            for shipment in problem.shipments
            if shipment.id not in gone
            and shipment.id not in lost
            and any(name not in delivered or name in lost for name in shipment.after)
        }
        if not more:
            return frozenset(lost)
        lost |= more


def separated_by(problem: Problem, routes: Iterable[Route], *, shipment: str) -> Problem:
    """The problem around given routes, for one shipment to be added to them while nothing else changes route.

    What the shipment waits for is handed over as soon as it comes, all else as late as its waiting goods allow.
    Whatever is added to any one route by this problem, the routes together keep the rule.
    """
    if not has_handovers(problem):
        return problem
    chosen = tuple(routes)
    wanted = {name for entry in problem.shipments if entry.id == shipment for name in entry.after}
    soonest, times = earliest_times(problem, chosen), latest_times(problem, chosen)
    return separated(problem, times | {name: at_s for name, at_s in soonest.items() if name in wanted})
