"""Which places lie within a limit, exactly, without measuring every pair.

The straight line through the ground between two places (their chord) costs one dot product. On an
ellipsoid it settles whether the geodesic is within a limit, but for a sliver: between the smallest and
the largest radius of curvature found in Sweden, a chord's arc varies by less than a metre at
250 km. Pairs in the sliver are measured, so every answer is the geodesic's own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from geodata.distances import ellipsoid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geodata.points import Point

SMALLEST_RADIUS_M = 6_378_000
"""Along the meridian at 54.9 degrees north, the southernmost that a Point may lie: 6 378.3 km."""
LARGEST_RADIUS_M = 6_398_000
"""Along the parallel at 70 degrees north: 6 397.1 km."""
_SLACK_M = 1.0
"""Far more than the rounding of the dot product and the twist of the geodesic come to."""


@dataclass(frozen=True)
class Places:
    """Places (n,) in degrees, WGS 84, ready to be asked which of them lie within a limit."""

    lats: NDArray[np.float64]
    lons: NDArray[np.float64]

    @cached_property
    def vectors(self) -> NDArray[np.float64]:
        """Metres (n, 3) from the centre of the Earth."""
        return _vectors(self.lats, self.lons)

    @cached_property
    def _squares(self) -> NDArray[np.float64]:
        squares: NDArray[np.float64] = np.einsum("ij,ij->i", self.vectors, self.vectors)
        return squares

    def are_within(self, origin: Point, limit_m: int) -> NDArray[np.bool_]:
        """Whether each place (n,) is at most `limit_m` from the origin along the geodesic."""
        start = _vectors(np.array([origin.lat]), np.array([origin.lon]))[0]
        squares = self._squares + start @ start - 2 * (self.vectors @ start)
        within: NDArray[np.bool_] = squares <= _chord(limit_m - _SLACK_M, SMALLEST_RADIUS_M) ** 2
        possible = squares <= _chord(limit_m + _SLACK_M, LARGEST_RADIUS_M) ** 2
        unclear = np.flatnonzero(possible & ~within)
        within[unclear] = self.measured(origin, unclear) <= limit_m
        return within

    def measured(self, origin: Point, chosen: NDArray[np.int64]) -> NDArray[np.float64]:
        """Geodesic metres (k,) from the origin to each of the chosen places (k,)."""
        ones = np.ones(len(chosen))
        _, _, metres = ellipsoid().inv(
            origin.lon * ones, origin.lat * ones, self.lons[chosen], self.lats[chosen]
        )
        return np.asarray(metres)


def _chord(arc_m: float, radius_m: float) -> float:
    """The straight line under an arc; less than nothing is no line at all."""
    return 2 * radius_m * math.sin(max(0.0, arc_m) / (2 * radius_m))


def _vectors(lats: NDArray[np.float64], lons: NDArray[np.float64]) -> NDArray[np.float64]:
    ground = ellipsoid()
    phi, lam = np.radians(lats), np.radians(lons)
    normal = ground.a / np.sqrt(1 - ground.es * np.sin(phi) ** 2)
    return np.column_stack(
        [
            normal * np.cos(phi) * np.cos(lam),
            normal * np.cos(phi) * np.sin(lam),
            normal * (1 - ground.es) * np.sin(phi),
        ]
    )
