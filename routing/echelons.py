"""Two echelons and more: farms to hubs, hubs to satellites, each search with handover times from the one before.

Quick plans first: the goods that wait for nothing, due when those that wait for them could last leave; then, echelon by
echelon, what has come, with its times settled; and a few with times that no plan suggested, so as not to stay where the
first plan happened to lie. Then the whole is searched again and again: handover times are read off the best plan so far
(as soon as the goods came, as late as those that wait allow, between), so that this plan stays possible and the next can
only be better.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from routing.engines.protocol import Limit
from routing.handover import Times, earliest_times, latest_times, separated, waiting_for
from routing.handover_limits import Limits, levels_of, limits_of
from routing.latest import last_times
from routing.opening import clipped
from routing.plan import Route
from routing.problem import LONGEST_S, Problem, Shipment
from routing.settling import Whole, settled
from routing.trips import Trip

SEARCHES = 4
"""At least so many searches share the seconds; in a run that counts iterations each of them has all."""
PER_SHIPMENT_S = 0.05
"""No search takes longer: to search a small problem again with other times finds more than to search on with the same ones."""
LEAST_SECONDS = 0.3
WAYS_TO_READ = 5
"""Handover times off a plan: as soon as can be, as late as what waits can be driven and as it is timed, between, and sooner than it has them."""


class Search(Protocol):
    """Plans a problem in which nothing waits; answers trips, and whether to go on.

    ``quick``: the first sound plan will do. ``start`` are trips to begin with, ``best`` the best plan so far.
    """

    def __call__(
        self, problem: Problem, limit: Limit, *, quick: bool, start: tuple[Trip, ...], best: Whole
    ) -> tuple[tuple[Trip, ...], bool]: ...


def plan_echelons(problem: Problem, *, limit: Limit, search: Search) -> Whole:
    """The best plan found within the limit, or before ``search`` said that it is enough."""
    rounds = _Rounds(problem, limit, search)
    limits = limits_of(problem)
    rounds.explore(limits)
    while rounds.goes_on() and rounds.idle < WAYS_TO_READ:
        rounds.again(limits.earliest)
    return rounds.best


class _Rounds:
    """Searches one after another, and the best plan of all."""

    def __init__(self, problem: Problem, limit: Limit, search: Search) -> None:
        self.problem = problem
        self.limit = limit
        self.search = search
        self.began = time.monotonic()
        self.searches = 0
        self.repeated = 0
        self.idle = 0
        self.tried: set[tuple[bool, frozenset[tuple[str, int]]]] = set()
        self.quick = True
        self.stopped = False
        self.best: Whole = settled(problem, (), {})

    def explore(self, limits: Limits) -> None:
        """Quick plans by times from different sources: they show where it is worth to search."""
        self.climb(limits.last)
        if limits.first != limits.last:
            self.climb(limits.first)
        for quarters in (2, 1, 3):
            self.plan(_between(limits.earliest, limits.first, quarters=quarters))
        for _ in range(WAYS_TO_READ):
            self.again(limits.earliest)
        self.quick, self.repeated, self.idle, self.searches = False, 0, 0, 0

    def climb(self, due: Times) -> None:
        """One echelon more at a time; those before at the times of the plan that had them last."""
        levels = levels_of(self.problem.shipments)
        times: dict[str, int] = {}
        for level in range(1 + max(levels.values(), default=0)):
            routes = self.plan(times, due=due).routes
            came = earliest_times(self.problem, routes)
            times = {name: at_s for name, at_s in came.items() if levels[name] <= level}

    def again(self, earliest: Times) -> None:
        """Plan with times read off the best plan, from it where it stays possible."""
        soon = earliest_times(self.problem, self.best.routes)
        late = latest_times(self.problem, self.best.routes)
        last = last_times(self.problem, self.best.routes)
        sooner, halfway = _between(earliest, soon, quarters=2), _between(soon, last, quarters=2)
        kind, self.repeated = self.repeated % WAYS_TO_READ, self.repeated + 1
        times = (soon, last, halfway, late, sooner)[kind]
        if self.limit.seconds is None and (self.quick, frozenset(times.items())) in self.tried:
            self.idle += 1
            return
        self.idle = 0
        self.plan(times, start=() if times is sooner else self.best.trips)

    def plan(self, times: Times, *, due: Times | None = None, start: tuple[Trip, ...] = ()) -> Whole:
        """Plan with these times, and ``due`` where there is none; the best so far when there is no time left."""
        if not self.goes_on():
            return self.best
        eager = _eager(self.problem, times, due or {}, self.best.routes)
        trips, go_on = self.search(eager, self._share(), quick=self.quick, start=start, best=self.best)
        self.searches += 1
        self.tried.add((self.quick, frozenset(times.items())))
        self.stopped = not go_on
        whole = settled(self.problem, trips, times)
        if whole.rank < self.best.rank:
            self.best = whole
        return whole

    def goes_on(self) -> bool:
        """Whether there is time for another search; there always is for the first of each echelon."""
        if self.stopped:
            return False
        if self.quick and self.searches <= max(levels_of(self.problem.shipments).values(), default=0):
            return True
        if self.limit.iterations is not None and not self.quick and self.searches >= SEARCHES:
            return False
        return self.limit.seconds is None or self._left_s(self.limit.seconds) >= LEAST_SECONDS

    def _left_s(self, seconds: float) -> float:
        return seconds - (time.monotonic() - self.began)

    def _share(self) -> Limit:
        """The limit of one search."""
        if self.limit.seconds is None:
            return self.limit
        longest = min(self.limit.seconds / SEARCHES, PER_SHIPMENT_S * len(self.problem.shipments))
        share = max(LEAST_SECONDS, longest)
        return replace(self.limit, seconds=max(0.05, min(share, self._left_s(self.limit.seconds))))


def _between(first: Times, second: Times, *, quarters: int) -> dict[str, int]:
    """Of what is in both: so many quarters of the way from the first to the second."""
    return {
        name: at_s + (second[name] - at_s) * quarters // 4 for name, at_s in first.items() if name in second
    }


def _eager(problem: Problem, times: Times, due: Times, routes: Iterable[Route]) -> Problem:
    """The separated problem, told so that engines which know no end of a visit keep it, and leave out with care.

    A delivery window ends as long before the handover as the visit took last time; what others wait for is worth what
    they are worth, too.
    """
    spans = {
        name: visit.departure_s - visit.start_s
        for route in routes
        for visit in route.visits
        for name in visit.deliveries
    }
    stop_s = {stop.id: stop.stop_s for stop in problem.stops}
    waiting = waiting_for(problem)
    plain = separated(problem, times)

    def eager(shipment: Shipment) -> Shipment:
        if shipment.id not in waiting or shipment.ready_s >= LONGEST_S:
            return shipment
        end_s = shipment.done_by_s
        if end_s is None and shipment.id in due:
            end_s = due[shipment.id]
        if end_s is not None:
            span_s = spans.get(shipment.id, shipment.delivery_s + stop_s[shipment.delivery])
            windows = clipped(shipment.delivery_windows, 0, end_s - span_s)
            shipment = replace(shipment, delivery_windows=windows, done_by_s=end_s)
        return _worth(shipment, waiting)

    return replace(plain, shipments=tuple(eager(shipment) for shipment in plain.shipments))


def _worth(shipment: Shipment, waiting: Mapping[str, tuple[Shipment, ...]]) -> Shipment:
    """The shipment at the price, and with the priority, of all that would be left out with it."""
    chain, number = [shipment], 0
    while number < len(chain):
        known = {entry.id for entry in chain}
        chain.extend(entry for entry in waiting.get(chain[number].id, ()) if entry.id not in known)
        number += 1
    prices = [entry.skip_ore for entry in chain]
    must = [entry.priority for entry in chain if entry.skip_ore is None]
    return replace(
        shipment,
        skip_ore=None if None in prices else sum(price or 0 for price in prices),
        priority=max((*must, shipment.priority)),
    )
