"""The stretches of road that a week's tours use, as places that could be closed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from geodata.distances import distance_m
from geodata.points import Point
from market.planning.what_if import Halt, Tour

WIDEST_M = 3_000
"""A closed stretch reaches so far at most from its middle, and never to its ends: a quarter of its length."""
SHORTEST_M = 2_000
"""Within a village there is always another street."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The middle of the straight line between two places that follow each other on a tour; `grams` are all that pass it."""

    name: str
    lat: float
    lon: float
    radius_m: int
    grams: int


def links_of(tours: Iterable[Tour], weights: Mapping[int, int], places: Sequence[Point]) -> tuple[Link, ...]:
    """Those with goods on board, the most used first; stretches with their middles in each other's reach are one.

    What is closed reaches none of the `places`: a road is taken away, not the village beside it.
    """
    merged: list[Link] = []
    for link in sorted(_stretches(tours, weights, places), key=lambda one: (-one.grams, one.name)):
        for number, known in enumerate(merged):
            if _gap(link, known) <= max(link.radius_m, known.radius_m):
                merged[number] = Link(
                    name=known.name,
                    lat=known.lat,
                    lon=known.lon,
                    radius_m=known.radius_m,
                    grams=known.grams + link.grams,
                )
                break
        else:
            merged.append(link)
    return tuple(merged)


def _stretches(tours: Iterable[Tour], weights: Mapping[int, int], places: Sequence[Point]) -> Iterator[Link]:
    for tour in tours:
        aboard = 0
        for here, there in pairwise(tour.halts):
            aboard += sum(weights[one] for one in here.picked) - sum(weights[one] for one in here.dropped)
            metres = distance_m(_at(here), _at(there))
            if aboard and metres >= SHORTEST_M:
                middle = Point(lat=(here.lat + there.lat) / 2, lon=(here.lon + there.lon) / 2)
                nearest = min(distance_m(middle, place) for place in places)
                yield Link(
                    name=" – ".join(sorted((here.name, there.name))),
                    lat=middle.lat,
                    lon=middle.lon,
                    radius_m=min(WIDEST_M, metres // 4, nearest - 1),
                    grams=aboard,
                )


def _at(halt: Halt) -> Point:
    return Point(lat=halt.lat, lon=halt.lon)


def _gap(one: Link, other: Link) -> float:
    return distance_m(Point(lat=one.lat, lon=one.lon), Point(lat=other.lat, lon=other.lon))
