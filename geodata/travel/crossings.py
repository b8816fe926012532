"""Estimates across water: by road to a ferry, over, and on by road; or not at all.

Between two lands the ways are: from the origin to a landing of its land, from landing to landing over any ferries and
roads, from a landing of the destination's land to the destination. The shortest and the quickest
way are found apart, so each grows when its assumption does, and a band stays a band.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from geodata.distances import distance_m, distance_matrix_m
from geodata.travel.islands import FERRIES, land_row, lands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geodata.points import Point


@dataclass(frozen=True, slots=True, eq=False)
class Journeys:
    """Origins and destinations, metres (n, m) as the crow flies, and where (n, m) there is water between."""

    origins: Sequence[Point]
    destinations: Sequence[Point]
    crow_m: NDArray[np.int64]
    from_land: NDArray[np.int64]
    to_land: NDArray[np.int64]

    @property
    def over_water(self) -> NDArray[np.bool_]:
        return np.not_equal(self.from_land[:, None], self.to_land[None, :])

    def cost(self, *, factor: float, over: tuple[float, ...]) -> NDArray[np.float64]:
        """The least cost (n, m): infinite where no ferry goes.

        `factor` is the cost per metre as the crow flies by road, `over` the cost of each of `FERRIES`.
        """
        cost: NDArray[np.float64] = self.crow_m * np.float64(factor)
        # Islands are few: only the rows and columns that touch one are worth the search for ferries.
        starts, ends = np.flatnonzero(self.from_land >= 0), np.flatnonzero(self.to_land >= 0)
        for rows, columns in ((starts, np.arange(len(self.to_land))), (np.arange(len(self.from_land)), ends)):
            if not (rows.size and columns.size):
                continue
            place = np.ix_(rows, columns)
            origins = [self.origins[row] for row in rows.tolist()]
            destinations = [self.destinations[column] for column in columns.tolist()]
            crossed = _across(origins, destinations, factor=factor, over=over)
            cost[place] = np.where(self.over_water[place], crossed, cost[place])
        return cost


def journeys(origins: Sequence[Point], destinations: Sequence[Point]) -> Journeys:
    """Look up the lands and the straight lines once, for any number of assumptions."""
    crow_m = distance_matrix_m(origins, destinations)
    return Journeys(origins, destinations, crow_m, lands(origins), lands(destinations))


@cache
def crossing_m() -> tuple[float, ...]:
    """Metres of each of `FERRIES`."""
    return tuple(float(distance_m(*ferry.landings)) for ferry in FERRIES)


def _across(
    origins: Sequence[Point], destinations: Sequence[Point], *, factor: float, over: tuple[float, ...]
) -> NDArray[np.float64]:
    """The least cost (n, m) by at least one landing; infinite where no ferry goes."""
    outward = _to_landings(tuple(origins)) * factor
    onward = _to_landings(tuple(destinations)).T * factor
    return _least_sum(_least_sum(outward, _between_landings(factor, over)), onward)


@lru_cache(maxsize=32)
def _between_landings(factor: float, over: tuple[float, ...]) -> NDArray[np.float64]:
    """The least cost between all pairs of landings, by Floyd and Warshall's method."""
    landings, _ = _landings()
    cost = _to_landings(landings) * factor
    for row, price in enumerate(over):
        first, second = 2 * row, 2 * row + 1
        cost[first, second] = cost[second, first] = min(cost[first, second], price)
    for middle in range(len(landings)):
        cost = np.minimum(cost, cost[:, middle, None] + cost[None, middle, :])
    return cost


@lru_cache(maxsize=8)
def _to_landings(points: tuple[Point, ...]) -> NDArray[np.float64]:
    """Metres as the crow flies (n, t) to each landing on the point's own land; infinite to the others.

    Kept, because the metres and the seconds of every assumption ask for the same ones.
    """
    landings, theirs = _landings()
    metres = distance_matrix_m(points, landings).astype(np.float64)
    metres[_lands_of(points)[:, None] != theirs[None, :]] = np.inf
    metres.flags.writeable = False
    return metres


def _lands_of(points: Sequence[Point]) -> NDArray[np.int64]:
    landings, owners = _landings()
    return owners if points is landings else lands(points)


@cache
def _landings() -> tuple[tuple[Point, ...], NDArray[np.int64]]:
    """Both landings of each ferry in turn, and the land that each is declared to be on."""
    points = tuple(point for ferry in FERRIES for point in ferry.landings)
    owners = [land_row(name) for ferry in FERRIES for name in ferry.lands]
    return points, np.array(owners, dtype=np.int64)


def _least_sum(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """The product of (n, t) and (t, m) in which sums stand for products and the least for the sum."""
    least = np.full((first.shape[0], second.shape[1]), np.inf)
    for middle in range(first.shape[1]):
        np.minimum(least, first[:, middle, None] + second[None, middle, :], out=least)
    return least
