"""Islands without a bridge: which one a point is on, and the ferries that take vehicles there.

The municipal borders are too coarse to tell an island from the shore, so each island is drawn here as a few
discs that cover it and touch no other land. Öland, Tjörn, Orust, Lidingö, Ekerö and others with a bridge count as
mainland. An island that is too small to be in the list counts as mainland too: a producer there should be served by a
road engine, or be marked as unreachable by whoever knows.

Positions, crossing times and intervals were set by hand from timetables and maps, rounded, and are meant for
estimates only. A crossing's length is the geodesic between its two landings.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from geodata.points import Point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MAINLAND = "mainland"
_KM_PER_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class Island:
    """An island, or several joined by bridges: discs of (latitude, longitude, radius in km)."""

    name: str
    discs: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Ferry:
    """A crossing that takes vehicles all year: minutes under way, and minutes between departures."""

    name: str
    lands: tuple[str, str]
    landings: tuple[Point, Point]
    crossing_min: int
    interval_min: int


# The first island that holds a point is the one it is on: Fårö comes before Gotland's wide disc.
ISLANDS = (
    Island("Fårö", ((57.935, 19.17, 7.5), (57.90, 19.10, 2.9), (57.94, 19.29, 5.0))),
    Island("Gotland", ((57.45, 18.55, 70.0),)),
    Island(
        "Hönö, Öckerö, Fotö and Hälsö",
        ((57.667, 11.655, 1.3), (57.69, 11.65, 1.6), (57.708, 11.65, 1.4), (57.722, 11.652, 0.9),
         (57.734, 11.653, 0.8)),
    ),
    Island("Björkö", ((57.728, 11.69, 1.7),)),
    Island("Rörö, Hyppeln and Knippla", ((57.768, 11.615, 2.2), (57.7445, 11.632, 0.8))),
    Island("Visingsö", ((58.012, 14.30, 3.4), (58.05, 14.34, 3.4), (58.09, 14.375, 3.4))),
    Island(
        "Gräsö",
        ((60.335, 18.49, 2.2), (60.31, 18.53, 2.5), (60.37, 18.46, 3.0), (60.41, 18.43, 3.2),
         (60.45, 18.42, 3.2), (60.49, 18.41, 3.0)),
    ),
    Island(
        "Ljusterö",
        ((59.53, 18.64, 3.2), (59.50, 18.67, 3.0), (59.555, 18.62, 1.9), (59.56, 18.66, 2.0)),
    ),
    Island(
        "Blidö and Yxlan",
        ((59.651, 18.94, 1.3), (59.635, 18.91, 2.0), (59.615, 18.892, 2.5), (59.59, 18.86, 2.5)),
    ),
    Island("Rindö", ((59.398, 18.395, 1.2), (59.395, 18.425, 1.4))),
    Island("Ornö", ((59.05, 18.42, 5.5),)),
    Island("Aspö", ((56.105, 15.545, 2.3),)),
    Island("Holmön", ((63.79, 20.87, 6.0), (63.72, 20.85, 5.0))),
    # No public ferry takes vehicles to these.
    Island("Ven", ((55.907, 12.70, 3.0),)),
    Island(
        "Styrsö, Donsö, Brännö, Asperö and Vrångö",
        ((57.616, 11.786, 1.5), (57.60, 11.799, 1.3), (57.645, 11.775, 1.3), (57.647, 11.805, 0.8),
         (57.57, 11.78, 1.5)),
    ),
    Island("Koster", ((58.89, 11.02, 4.0),)),
    Island("Utö", ((58.96, 18.30, 5.5), (58.92, 18.25, 4.0))),
    Island("Möja", ((59.43, 18.89, 4.0),)),
    Island("Sandön", ((59.285, 18.92, 2.2),)),
    Island("Nämdö", ((59.19, 18.70, 4.0),)),
    Island("Arholma", ((59.85, 19.11, 2.3),)),
    Island("Gotska Sandön", ((58.37, 19.24, 6.0),)),
    Island("Hanö", ((56.01, 14.845, 1.3),)),
    Island("Ulvön", ((63.02, 18.65, 4.0),)),
    Island("Trysunda", ((63.14, 18.79, 1.5),)),
)  # fmt: skip


def _ferry(
    name: str,
    lands: tuple[str, str],
    *,
    at: tuple[float, float],
    to: tuple[float, float],
    minutes: tuple[int, int],
) -> Ferry:
    landings = (Point(lat=at[0], lon=at[1]), Point(lat=to[0], lon=to[1]))
    return Ferry(name, lands, landings, crossing_min=minutes[0], interval_min=minutes[1])


_HONO = "Hönö, Öckerö, Fotö and Hälsö"

FERRIES = (
    _ferry(
        "Nynäshamn-Visby", (MAINLAND, "Gotland"), at=(58.897, 17.955), to=(57.637, 18.283), minutes=(195, 480)
    ),
    _ferry(
        "Oskarshamn-Visby",
        (MAINLAND, "Gotland"),
        at=(57.266, 16.449),
        to=(57.637, 18.283),
        minutes=(180, 720),
    ),
    _ferry("Fårösundsleden", ("Gotland", "Fårö"), at=(57.866, 19.058), to=(57.879, 19.078), minutes=(6, 30)),
    _ferry("Hönöleden", (MAINLAND, _HONO), at=(57.711, 11.707), to=(57.698, 11.662), minutes=(12, 20)),
    _ferry("Björköleden", (MAINLAND, "Björkö"), at=(57.711, 11.707), to=(57.721, 11.691), minutes=(7, 30)),
    _ferry(
        "Nordöleden",
        (_HONO, "Rörö, Hyppeln and Knippla"),
        at=(57.737, 11.652),
        to=(57.774, 11.617),
        minutes=(20, 60),
    ),
    _ferry(
        "Gränna-Visingsö", (MAINLAND, "Visingsö"), at=(58.027, 14.459), to=(58.034, 14.352), minutes=(25, 60)
    ),
    _ferry("Gräsöleden", (MAINLAND, "Gräsö"), at=(60.338, 18.442), to=(60.337, 18.456), minutes=(5, 30)),
    _ferry(
        "Ljusteröleden", (MAINLAND, "Ljusterö"), at=(59.553, 18.567), to=(59.554, 18.590), minutes=(6, 20)
    ),
    _ferry(
        "Furusundsleden",
        (MAINLAND, "Blidö and Yxlan"),
        at=(59.661, 18.918),
        to=(59.656, 18.928),
        minutes=(4, 30),
    ),
    _ferry("Vaxholmsleden", (MAINLAND, "Rindö"), at=(59.403, 18.360), to=(59.400, 18.378), minutes=(6, 20)),
    _ferry("Oxdjupsleden", ("Rindö", MAINLAND), at=(59.394, 18.443), to=(59.390, 18.452), minutes=(3, 20)),
    _ferry("Dalarö-Ornö", (MAINLAND, "Ornö"), at=(59.131, 18.410), to=(59.095, 18.420), minutes=(30, 180)),
    _ferry("Aspöleden", (MAINLAND, "Aspö"), at=(56.162, 15.580), to=(56.115, 15.565), minutes=(25, 60)),
    _ferry("Holmöleden", (MAINLAND, "Holmön"), at=(63.867, 20.740), to=(63.800, 20.860), minutes=(45, 720)),
)


def lands(points: Sequence[Point]) -> NDArray[np.int64]:
    """Which land each of n points is on (n,): -1 for the mainland, else the island's row in `ISLANDS`."""
    return np.array([land_of(point) for point in points], dtype=np.int64)


@lru_cache(maxsize=65_536)
def land_of(point: Point) -> int:
    """The land of one point, as in `lands`. Asked for every estimate, so boxes rule out nearly all islands."""
    for row, (south, north, west, east) in enumerate(_boxes()):
        if south <= point.lat <= north and west <= point.lon <= east and _holds(ISLANDS[row], point):
            return row
    return -1


def land_row(name: str) -> int:
    """As `lands` gives it, from a name in `ISLANDS` or `MAINLAND`."""
    return -1 if name == MAINLAND else [island.name for island in ISLANDS].index(name)


def _holds(island: Island, point: Point) -> bool:
    """On a sphere flattened at each disc: within 1 % so far from the pole, and the discs are coarser."""
    return any(
        math.hypot(point.lat - lat, (point.lon - lon) * math.cos(math.radians(lat))) * _KM_PER_DEGREE <= km
        for lat, lon, km in island.discs
    )


@cache
def _boxes() -> tuple[tuple[float, float, float, float], ...]:
    """South, north, west and east of each island's discs, in the order of `ISLANDS`."""
    boxes = []
    for island in ISLANDS:
        reach = [
            (lat, lon, km / _KM_PER_DEGREE, km / _KM_PER_DEGREE / math.cos(math.radians(lat)))
            for lat, lon, km in island.discs
        ]
        boxes.append(
            (
                min(lat - up for lat, _, up, _ in reach),
                max(lat + up for lat, _, up, _ in reach),
                min(lon - out for _, lon, _, out in reach),
                max(lon + out for _, lon, _, out in reach),
            )
        )
    return tuple(boxes)
