"""Cutting a large problem into parts that lie together, by the matrix alone: no places are known here.

A cut needs two poles, stops far from each other. What lies nearer to the one than to the other goes to its side. Goods and
turns are cut along the same line at the same share, so that every part has its due of vehicles; the days stay together,
because goods may often move between them.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from random import Random
from typing import TypeVar

import numpy as np

from routing.carrying import hindrance
from routing.problem import Matrix, Shipment, Vehicle
from routing.trips import Part, Places, Trip, Turn

Item = TypeVar("Item")
Rows = Sequence[int]
"""Where something is: the rows of its stops in the matrices."""


class Ground:
    """The problem's drive times, with where its turns and shipments are."""

    def __init__(self, places: Places, duration_s: Matrix) -> None:
        self.places = places
        self.duration_s = duration_s

    def of_shipment(self, shipment: Shipment) -> Rows:
        return (self.places.index[shipment.pickup], self.places.index[shipment.delivery])

    def of_vehicle(self, vehicle: Vehicle) -> Rows:
        return (self.places.index[vehicle.start],)

    def of_turn(self, turn: Turn, trip: Trip | None) -> Rows:
        """The stops of its trip; its home when it has none."""
        if trip is None:
            return self.of_vehicle(turn.vehicle)
        return tuple(dict.fromkeys(self.places.index[task.stop] for task in trip.tasks))

    def poles(self, rows: Rows) -> tuple[int, int]:
        """Two of the rows: the farthest from the first one given, and the farthest from that."""
        first = max(rows, key=lambda row: (self.duration_s[rows[0], row], -row))
        return first, max(rows, key=lambda row: (self.duration_s[first, row], -row))

    def side(self, rows: Rows, poles: tuple[int, int]) -> float:
        """How much nearer to the first pole than to the second, in seconds; negative is nearer."""
        there = self.duration_s[np.ix_(list(rows), poles)]
        return float((there[:, 0] - there[:, 1]).mean())

    def nearest(self, shipments: Sequence[Shipment], rows: Rows) -> list[Shipment]:
        """The shipments by how far both their ends are from the nearest of the rows, on average."""
        if not shipments:
            return []
        ends = np.array([self.of_shipment(shipment) for shipment in shipments])
        there = self.duration_s[:, list(rows)].min(axis=1)
        return [shipments[n] for n in np.argsort(there[ends].sum(axis=1), kind="stable").tolist()]

    def apart_s(self, rows: Rows, others: Rows) -> float:
        """From each of the rows to the nearest of the others, on average."""
        return float(self.duration_s[np.ix_(list(rows), list(others))].min(axis=1).mean())


def areas(
    ground: Ground, vehicles: Sequence[Vehicle], shipments: Sequence[Shipment], count: int
) -> list[Part]:
    """``count`` parts, each with vehicles that live together and its due of the goods about them, over all days."""
    if count == 1 or not vehicles or not shipments:
        return [Part(_all_turns(vehicles), tuple(shipments))]
    poles = ground.poles([row for shipment in shipments for row in ground.of_shipment(shipment)])
    few = count // 2
    share = few / count
    near, far = _cut(vehicles, share, key=lambda v: ground.side(ground.of_vehicle(v), poles))
    here, there = _cut(shipments, share, key=lambda s: ground.side(ground.of_shipment(s), poles))
    return [*areas(ground, near, here, few), *areas(ground, far, there, count - few)]


def passed_on(parts: Sequence[Part], places: Places) -> list[Part]:
    """The parts with each shipment that no vehicle of its own part may carry given to the first part that has one."""
    if not places.is_restricted:
        return list(parts)
    chosen: list[list[Shipment]] = [[] for _ in parts]
    for own, part in enumerate(parts):
        for shipment in part.shipments:
            able = (
                number for number in (own, *range(len(parts))) if _carries(parts[number], shipment, places)
            )
            chosen[next(able, own)].append(shipment)
    return [Part(part.turns, tuple(goods)) for part, goods in zip(parts, chosen, strict=True)]


def slices(
    ground: Ground,
    turns: Sequence[Turn],
    trips: Iterable[Trip],
    left_out: Iterable[Shipment],
    *,
    count: int,
    seed: int,
) -> list[Part]:
    """A plan in ``count`` parts: turns with what they carry, and what is left out nearby.

    The seed chooses the poles and where between them the first part begins; the last goes on from the far end
    to the near one. So no cut stays where it was, not even on a line.
    """
    by_turn = {trip.turn.key: trip for trip in trips}
    rows = sorted({row for trip in by_turn.values() for row in ground.of_turn(trip.turn, trip)})
    goods = {turn.key: carried(by_turn.get(turn.key)) for turn in turns}
    if count == 1 or not rows:
        everything = (*(s for key in goods for s in goods[key]), *left_out)
        return [Part(tuple(turns), everything)]
    random = Random(seed)  # noqa: S311 - no secret
    poles = _two(rows, random)
    sides = {t.key: ground.side(ground.of_turn(t, by_turn.get(t.key)), poles) for t in turns}
    ordered = sorted(turns, key=lambda turn: sides[turn.key])
    first = random.randrange(len(ordered))
    groups = _dealt((*ordered[first:], *ordered[:first]), count)
    group_of = {turn.key: number for number, group in enumerate(groups) for turn in group}
    steps = [sides[turn.key] for turn in ordered]
    missing: list[list[Shipment]] = [[] for _ in groups]
    for shipment in left_out:
        beside = bisect_left(steps, ground.side(ground.of_shipment(shipment), poles), hi=len(steps) - 1)
        missing[group_of[ordered[beside].key]].append(shipment)
    return [
        Part(tuple(group), (*(s for turn in group for s in goods[turn.key]), *more))
        for group, more in zip(groups, missing, strict=True)
    ]


def _two(rows: Rows, random: Random) -> tuple[int, int]:
    """Two different rows, where there are two."""
    first = random.choice(rows)
    return first, random.choice([row for row in rows if row != first] or [first])


def _all_turns(vehicles: Iterable[Vehicle]) -> tuple[Turn, ...]:
    return tuple(Turn(vehicle, shift) for vehicle in vehicles for shift in range(len(vehicle.shifts)))


def carried(trip: Trip | None) -> tuple[Shipment, ...]:
    """What the trip delivers."""
    if trip is None:
        return ()
    return tuple(task.shipment for task in trip.tasks if not task.is_pickup)


def _carries(part: Part, shipment: Shipment, places: Places) -> bool:
    return any(hindrance(turn, shipment, places) is None for turn in part.turns)


def _cut(
    items: Sequence[Item], share: float, *, key: Callable[[Item], float]
) -> tuple[list[Item], list[Item]]:
    ordered = sorted(items, key=key)
    middle = round(len(ordered) * share)
    return ordered[:middle], ordered[middle:]


def _dealt(items: Sequence[Item], count: int) -> list[Sequence[Item]]:
    """Neighbours together, in ``count`` groups of about the same size; none is empty when there are enough."""
    edges = [len(items) * number // count for number in range(count + 1)]
    groups = [items[low:high] for low, high in pairwise(edges)]
    return [group for group in groups if group]
