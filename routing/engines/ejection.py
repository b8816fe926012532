"""Guided ejection: emptying one route into the others when no shipment simply fits (Nagata and Kobayashi 2010).

The shipments of a route that is given up wait in a pool. One is taken: if it fits somewhere, it goes there; else it
drives out the one or two shipments that were so far easiest to place, and those wait instead. Whoever is hard to
place gets dearer to drive out. Between steps, shipments that can move do, at random, so that other gaps open.

For turns that are all alike. Of each task's windows only the first and last second count here; the answer is judged
by ``feasible.route_of`` like any other.
"""

import random
import time
from collections.abc import Iterator
from itertools import combinations

from routing.engines.ortools_model import Job
from routing.opening import intersect, opening
from routing.trips import Task, Trip

MOVES_PER_STEP = 30
LONGEST_FOR_PAIRS = 14
"""Pairs are driven out only of routes with at most so many shipments: in longer ones they are too many to try."""
Nodes = list[int]
"""A route as task numbers: 2 x the shipment's place in the job for its pickup, + 1 for its delivery."""


def emptied(
    job: Job, trips: tuple[Trip, ...], given_up: Trip, *, seed: int, ends: float | None, steps: int
) -> tuple[Trip, ...] | None:
    """``trips`` with the shipments of ``given_up`` among them, or None when time or steps ran out."""
    search = _Ejection(job, trips, given_up, seed)
    for _ in range(steps):
        if not search.waiting:
            return search.trips()
        if ends is not None and time.monotonic() >= ends:
            return None
        search.step()
    return search.trips() if not search.waiting else None


class _Ejection:
    """Routes of some turns that are alike, and the shipments that wait."""

    def __init__(self, job: Job, trips: tuple[Trip, ...], given_up: Trip, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - no secret
        self.turns = [trip.turn for trip in trips]
        self.tasks = [Task(s, is_pickup=end) for s in job.shipments for end in (True, False)]
        number = {shipment.id: n for n, shipment in enumerate(job.shipments)}
        self.routes: list[Nodes] = [
            [2 * number[task.shipment.id] + (not task.is_pickup) for task in trip.tasks] for trip in trips
        ]
        self.waiting = list(dict.fromkeys(number[task.shipment.id] for task in given_up.tasks))
        self.hardness = [1] * len(job.shipments)
        self._read(job)
        self.late = [self._latest(route) for route in self.routes]

    def _read(self, job: Job) -> None:
        """Windows, loads and legs by task number; the start is leg row -2, the end column -1."""
        turn = self.turns[0]
        vehicle, places = turn.vehicle, job.places
        self.opens, self.closes = [], []
        for task in self.tasks:
            open_ = intersect(opening(places.stops[task.stop].windows), opening(task.windows))
            within = intersect(open_, (turn.window,)) or open_
            self.opens.append(within[0].start_s)
            self.closes.append(within[-1].end_s)
        self.grams = [task.sign * task.shipment.grams for task in self.tasks]
        self.crates = [task.sign * task.shipment.crates for task in self.tasks]
        self.most_grams = vehicle.capacity_grams
        self.most_crates = (
            sum(map(abs, self.crates)) if vehicle.capacity_crates is None else vehicle.capacity_crates
        )
        self.start_s, self.end_s = turn.window.start_s, turn.window.end_s
        ways = [
            [
                task.handling_s
                + (0 if task.stop == other.stop else places.stops[task.stop].stop_s)
                + places.seconds(task.stop, other.stop)
                for other in self.tasks
            ]
            for task in self.tasks
        ]
        self.ways = ways
        self.out = [places.seconds(vehicle.start, task.stop) for task in self.tasks]
        self.home = [
            task.handling_s
            + places.stops[task.stop].stop_s
            + (0 if vehicle.end is None else places.seconds(task.stop, vehicle.end))
            for task in self.tasks
        ]

    def trips(self) -> tuple[Trip, ...]:
        return tuple(
            Trip(turn, tuple(self.tasks[node] for node in route))
            for turn, route in zip(self.turns, self.routes, strict=True)
            if route
        )

    def step(self) -> None:
        """Place the shipment that waits shortest, or let it drive others out; then stir."""
        shipment = self.waiting.pop()
        found = [
            (r, order)
            for r, route in enumerate(self.routes)
            for order in self._fits(shipment, route, self.late[r])
        ]
        if found:
            self._put(*self.random.choice(found))
            return
        self.hardness[shipment] += 1
        driven_out = self._easiest(shipment)
        if driven_out is None:
            self.waiting.insert(0, shipment)
        else:
            r, order, out = driven_out
            self._put(r, order)
            self.waiting.extend(out)
        for _ in range(MOVES_PER_STEP):
            self._stir()

    def _put(self, r: int, order: Nodes) -> None:
        self.routes[r] = order
        self.late[r] = self._latest(order)

    def _easiest(self, shipment: int) -> tuple[int, Nodes, tuple[int, ...]] | None:
        """The route, its order with the shipment, and the least hard one or two that have to leave for it."""
        choices = sorted(
            (sum(self.hardness[other] for other in out), self.random.random(), r, out)
            for r, route in enumerate(self.routes)
            for out in _leavers([node // 2 for node in route if node % 2 == 0])
        )
        for _, _, r, out in choices:
            rest = [node for node in self.routes[r] if node // 2 not in out]
            orders = list(self._fits(shipment, rest, self._latest(rest)))
            if orders:
                return r, self.random.choice(orders), out
        return None

    def _stir(self) -> None:
        """Move a random shipment into another random route, if it fits there."""
        origin, target = self.random.randrange(len(self.routes)), self.random.randrange(len(self.routes))
        if origin == target or not self.routes[origin]:
            return
        shipment = self.random.choice(self.routes[origin]) // 2
        orders = list(self._fits(shipment, self.routes[target], self.late[target]))
        if orders:
            self._put(target, self.random.choice(orders))
            self._put(origin, [node for node in self.routes[origin] if node // 2 != shipment])

    def _latest(self, route: Nodes) -> list[int]:
        """The latest start of each task that keeps all after it in time."""
        late: list[int] = []
        following: int | None = None
        for node in reversed(route):
            way = self.home[node] if following is None else self.ways[node][following]
            late.append(min(self.closes[node], (late[-1] if late else self.end_s) - way))
            following = node
        return late[::-1]

    def _fits(self, shipment: int, route: Nodes, late: list[int]) -> Iterator[Nodes]:
        """Every order with the shipment's pickup and delivery put in that keeps times and loads."""
        pickup = 2 * shipment
        previous, now, grams, crates = None, self.start_s, 0, 0
        for position in range(len(route) + 1):
            arrival = now + (self.out[pickup] if previous is None else self.ways[previous][pickup])
            if arrival > self.closes[pickup]:
                return  # later in the route it is later still
            if (
                grams + self.grams[pickup] <= self.most_grams
                and crates + self.crates[pickup] <= self.most_crates
            ):
                start = max(arrival, self.opens[pickup])
                yield from self._deliveries(
                    shipment, route, late, position=position, now=start, load=(grams, crates)
                )
            if position < len(route):
                node = route[position]
                way = self.out[node] if previous is None else self.ways[previous][node]
                previous, now = node, max(now + way, self.opens[node])
                grams += self.grams[node]
                crates += self.crates[node]

    def _deliveries(
        self, shipment: int, route: Nodes, late: list[int], *, position: int, now: int, load: tuple[int, int]
    ) -> Iterator[Nodes]:
        """The orders with the pickup at ``position``, starting at ``now``."""
        pickup, delivery = 2 * shipment, 2 * shipment + 1
        previous = pickup
        grams, crates = load[0] + self.grams[pickup], load[1] + self.crates[pickup]
        for end in range(position, len(route) + 1):
            start = max(now + self.ways[previous][delivery], self.opens[delivery])
            if start > self.closes[delivery]:
                return
            if end == len(route):
                if start + self.home[delivery] <= self.end_s:
                    yield [*route[:position], pickup, *route[position:], delivery]
                return
            node = route[end]
            if start + self.ways[delivery][node] <= late[end]:
                yield [*route[:position], pickup, *route[position:end], delivery, *route[end:]]
            now = max(now + self.ways[previous][node], self.opens[node])
            grams += self.grams[node]
            crates += self.crates[node]
            if now > late[end] or grams > self.most_grams or crates > self.most_crates:
                return
            previous = node


def _leavers(shipments: list[int]) -> Iterator[tuple[int, ...]]:
    yield from ((shipment,) for shipment in shipments)
    if len(shipments) <= LONGEST_FOR_PAIRS:
        yield from combinations(shipments, 2)
