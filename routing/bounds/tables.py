"""Shortest ways through every set of farms, computed once: they do not depend on rewards.

Held and Karp (1962): the shortest way from an origin through a set of farms that ends at one of them, for all sets at
once. Metres and seconds are each least for themselves, so together they are never more than a true way's.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from routing.arrays import Ints
from routing.bounds.network import Closure, TurnKind

MOST_FARMS = 16
MOST_PLACES = 9
"""More stops than these in one turn are too many for tables; such problems get the weaker bound."""
FAR = 2**40


@dataclass(frozen=True, slots=True)
class Ways:
    """``metres[set, place]`` and ``seconds[set, place]``: from an origin through a set of farms to a place.

    Seconds run from leaving the origin, its stop time included, to arriving, stop times of the farms included.
    """

    metres: Ints
    seconds: Ints


@dataclass(frozen=True, slots=True)
class Tables:
    """One kind of turn: rows of its farms and places, ways from its start and from each place."""

    farms: tuple[int, ...]
    places: tuple[int, ...]
    from_start: Ways
    from_place: tuple[Ways, ...]


class TooManyStops(ValueError):
    """A turn has more farms or places than tables can hold."""


class TableMaker:
    """Makes tables; ways between places and farms are shared by turns with the same stops."""

    def __init__(self, closure: Closure) -> None:
        self.closure = closure
        self.made: dict[tuple[int, tuple[int, ...], tuple[int, ...], bool], Ways] = {}

    def of(self, kind: TurnKind) -> Tables:
        """Raises TooManyStops."""
        farms = tuple(sorted({taking.pickup for taking in kind.takings}))
        places = tuple(sorted({taking.delivery for taking in kind.takings}))
        if len(farms) > MOST_FARMS or len(places) > MOST_PLACES:
            raise TooManyStops
        return Tables(
            farms=farms,
            places=places,
            from_start=self._ways(kind.start, farms, places, is_start=True),
            from_place=tuple(self._ways(place, farms, places, is_start=False) for place in places),
        )

    def _ways(self, origin: int, farms: tuple[int, ...], places: tuple[int, ...], *, is_start: bool) -> Ways:
        key = (origin, farms, places, is_start)
        if key not in self.made:
            stop_s = self.closure.stop_s
            none = np.zeros_like(stop_s)
            self.made[key] = Ways(
                metres=_through(self.closure.metres, none, *key[:3], leaving=0),
                seconds=_through(
                    self.closure.seconds, stop_s, *key[:3], leaving=0 if is_start else int(stop_s[origin])
                ),
            )
        return self.made[key]


def _through(
    way: Ints, stop: Ints, origin: int, farms: tuple[int, ...], places: tuple[int, ...], *, leaving: int
) -> Ints:
    """Least sum of ways and stop times: sets x places. No stop time where one stays at the same stop."""
    to_farm, to_place = np.array(farms), np.array(places)
    ending = np.full((1 << len(farms), len(farms)), FAR, dtype=np.int64)
    first = _leg(way, np.array([origin]), to_farm, leaving)[0]
    between = _leg(way, to_farm, to_farm, stop[to_farm][:, None])
    for farm, cost in enumerate(first.tolist()):
        ending[1 << farm, farm] = cost
    for sets in _by_size(len(farms)):
        for farm in range(len(farms)):
            having = sets[sets >> farm & 1 == 1]
            before = ending[having ^ (1 << farm)] + between[:, farm]
            ending[having, farm] = before.min(axis=1)
    last = _leg(way, to_farm, to_place, stop[to_farm][:, None])
    ways = np.stack([(ending + last[:, place]).min(axis=1) for place in range(len(places))], axis=1)
    ways[0] = _leg(way, np.array([origin]), to_place, leaving)[0]
    return ways


def _leg(way: Ints, origins: Ints, destinations: Ints, leaving: Ints | int) -> Ints:
    legs: Ints = way[np.ix_(origins, destinations)] + leaving * (origins[:, None] != destinations)
    return legs


def _by_size(count: int) -> Iterable[Ints]:
    """The sets of at least two of ``count`` farms, small before large."""
    sets = np.arange(1 << count)
    sizes = np.array([number.bit_count() for number in range(1 << count)])
    for size in range(2, count + 1):
        yield sets[sizes == size]
