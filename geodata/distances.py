"""Distances as the crow flies: geodesics on the ellipsoid, exact to a millimetre, vectorised."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pyproj import Geod

    from geodata.points import Point


def distance_m(origin: Point, destination: Point) -> int:
    """Whole metres between two points."""
    _, _, metres = ellipsoid().inv(origin.lon, origin.lat, destination.lon, destination.lat)
    return round(float(metres))


def reach_m(origin: Point, destination: Point) -> int:
    """Metres rounded up: within a limit of whole metres exactly when the geodesic itself is."""
    _, _, metres = ellipsoid().inv(origin.lon, origin.lat, destination.lon, destination.lat)
    return math.ceil(float(metres))


def distance_matrix_m(origins: Sequence[Point], destinations: Sequence[Point]) -> NDArray[np.int64]:
    """Whole metres (n, m) from each of n origins to each of m destinations."""
    shape = (len(origins), len(destinations))
    if 0 in shape:
        return np.zeros(shape, dtype=np.int64)
    start, end = _degrees(origins)[:, None, :], _degrees(destinations)[None, :, :]
    start, end = np.broadcast_arrays(start, end)
    _, _, metres = ellipsoid().inv(start[..., 1], start[..., 0], end[..., 1], end[..., 0])
    rounded: NDArray[np.int64] = np.rint(metres).astype(np.int64)
    return rounded


def circle(centre: Point, *, radius_m: float, corners: int = 90) -> list[tuple[float, float]]:
    """A closed ring of (lon, lat) at `radius_m` from the centre, counter-clockwise."""
    bearings = np.linspace(360, 0, corners, endpoint=False)
    ones = np.ones(corners)
    lons, lats, _ = ellipsoid().fwd(centre.lon * ones, centre.lat * ones, bearings, radius_m * ones)
    ring = [(round(float(lon), 4), round(float(lat), 4)) for lon, lat in zip(lons, lats, strict=True)]
    return [*ring, ring[0]]


def _degrees(points: Sequence[Point]) -> NDArray[np.float64]:
    """Latitude and longitude (n, 2)."""
    return np.array([(point.lat, point.lon) for point in points], dtype=np.float64)


@cache
def ellipsoid() -> Geod:
    """The ellipsoid that every distance here is measured on."""
    from pyproj import Geod

    return Geod(ellps="WGS84")
