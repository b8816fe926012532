"""What a route of one turn costs another that day: vehicles that may carry the same goods between the same stops are twins.

A quick look at one of them finds routes for all. Whether a twin could drive a route is looked at without waiting or breaks: what
is proven never depends on it.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from routing.arrays import INFINITE, Ints
from routing.bounds.beginnings import ABOARD, NOWHERE, PARENT, POSITION
from routing.bounds.giving import given_by, opened
from routing.bounds.stays import Layout, Stays
from routing.compiled import compiled, inner

GIVING = "aeff37566db6fe7b"
"""Digest of giving.py, whose functions are a part of these: whether what was kept is still true, numba sees by this file alone."""


class Taken(NamedTuple):
    """By shipment of a turn: when taking opens and closes, its seconds, and the price of all handling in shares."""

    open_s: Ints
    close_s: Ints
    take_s: Ints
    handling: Ints


class Paths(NamedTuple):
    """Routes one after another: the n-th has the stays from ``first[n]`` to before ``first[n + 1]``, at these stops with these goods on board after it."""

    first: Ints
    stops: Ints
    aboard: Ints


def groups_of(stays: Sequence[Stays]) -> list[list[int]]:
    """Numbers of kinds that are each other's twins."""
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, one in enumerate(stays):
        groups[tuple(one.place_rows), tuple(one.farm_rows), tuple(one.numbers.tolist())].append(number)
    return list(groups.values())


def taken_of(stays: Stays) -> Taken:
    takings = stays.takings
    return Taken(
        open_s=np.array([taking.take.start_s for taking in takings], dtype=np.int64),
        close_s=np.array([taking.take.end_s for taking in takings], dtype=np.int64),
        take_s=np.array([taking.pickup_s for taking in takings], dtype=np.int64),
        handling=stays.handling,
    )


def paths_of(labels: Ints, rows: Sequence[int]) -> Paths:
    """The ways to these labels."""
    first, path = [0], list[int]()
    for end in rows:
        row, back = end, list[int]()
        while row >= 0:
            back.append(row)
            row = int(labels[row, PARENT])
        path.extend(reversed(back))
        first.append(len(path))
    return Paths(np.array(first, dtype=np.int64), labels[path, POSITION], labels[path, ABOARD])


@compiled
def prices_of(layout: Layout, taken: Taken, paths: Paths) -> Ints:
    """What each route costs (shares, without the turn's fixed price); INFINITE where the turn cannot drive it."""
    prices = np.full(len(paths.first) - 1, INFINITE, dtype=np.int64)
    load = np.zeros(len(layout.rooms), dtype=np.int64)
    for number in range(len(prices)):
        stop, ready_s, price, aboard = NOWHERE, layout.begins_s, 0, 0
        load[:] = 0
        for stay in range(paths.first[number], paths.first[number + 1]):
            before, stop, changed = stop, paths.stops[stay], aboard ^ paths.aboard[stay]
            aboard = paths.aboard[stay]
            price += layout.out[stop] if before == NOWHERE else layout.shares[before, stop]
            ready_s = arrived(layout, before, stop, ready_s)
            if stop < layout.places:
                ready_s, _, _ = given_by(layout, stop, changed, ready_s)
            else:
                ready_s, handling = taken_by(taken, changed, ready_s)
                price += handling
            sign = 1 if stop >= layout.places else -1
            if ready_s < 0 or not fits_after(layout.weights, layout.rooms, load, changed, sign):
                price = INFINITE
                break
        if price < INFINITE and ready_s + layout.home_s[stop] <= layout.ends_s:
            prices[number] = price + layout.home[stop]
    return prices


@inner
def arrived(layout: Layout, before: int, stop: int, ready_s: int) -> int:
    """When work at a stop can begin, or INFINITE; going on at the same stop needs no way."""
    if before == stop:
        return ready_s
    arrives_s = ready_s + (layout.out_s[stop] if before == NOWHERE else layout.seconds[before, stop])
    return opened(layout.open_first, layout.open_from, layout.open_to, stop, arrives_s)


@inner
def taken_by(taken: Taken, goods: int, begins_s: int) -> tuple[int, int]:
    """When these goods are taken, below 0 when it is too late for some; what their handling costs."""
    ready_s, all_s, price = begins_s, 0, 0
    for shipment in range(len(taken.take_s)):
        if goods >> shipment & 1:
            if begins_s > taken.close_s[shipment]:
                return -1, 0
            ready_s = max(ready_s, taken.open_s[shipment] + taken.take_s[shipment])
            all_s += taken.take_s[shipment]
            price += taken.handling[shipment]
    return max(ready_s, begins_s + all_s), price


@inner
def fits_after(weights: Ints, rooms: Ints, load: Ints, goods: int, sign: int) -> bool:
    """Put goods on board, or off with a ``sign`` of -1; whether the load fits."""
    fits = True
    for room in range(len(rooms)):
        for shipment in range(len(weights)):
            if goods >> shipment & 1:
                load[room] += sign * weights[shipment, room]
        fits = fits and load[room] <= rooms[room]
    return fits
