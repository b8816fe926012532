"""Which points outside every municipality are another country's, and not a shore drawn too coarsely.

Off the coast a point within 15 km of a municipality is most likely an island that the generalised borders leave out. By a land
border it is Norway or Finland: there nothing of Sweden lies beyond it. Across the Öresund it is Denmark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geodata import shapes
from geodata.points import to_wgs84

if TYPE_CHECKING:
    from numpy.typing import NDArray

FARTHEST_OFFSHORE_M = 15_000
"""A point farther than this from every municipality is at sea or abroad; inhabited islands lie within."""
BORDER_BLUR_M = 2_000
"""Nearer than this to a land border a point may be Swedish: the borders are drawn no better."""
_SOUND = (
    (55.0, 12.90), (55.5, 12.78), (55.57, 12.82), (55.67, 12.82), (55.72, 12.72), (55.9, 12.65), (56.05, 12.64),
    (56.3, 12.2),
)  # fmt: skip
"""Mid-channel of the Öresund (lat, lon), drawn by hand: Denmark to its west lies nearer than 15 km."""
_NORWAY_FROM_LAT = 59.08
"""North of the mouth of the Iddefjord no Swedish water lies west of Sweden."""
_FINLAND_FROM_LAT = 65.83
"""North of the mouth of the Torne river none lies east of it."""
_FIRST_LOOK_M, _ACROSS_M = 25_000, 200_000
"""No place in Sweden looks as far as the second without seeing some of it; most see some at the first."""


def are_abroad(positions: NDArray[np.float64], offshore_m: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether points (n, 2), SWEREF 99 TM, that lie so far (n,) outside every municipality aren't Swedish."""
    abroad = offshore_m > FARTHEST_OFFSHORE_M
    outside = np.flatnonzero((offshore_m > 0) & ~abroad)
    if len(outside):
        lats, lons = to_wgs84(eastings=positions[outside, 0], northings=positions[outside, 1])
        abroad[outside] = _are_danish(lats, lons)
        beyond = outside[(offshore_m[outside] > BORDER_BLUR_M) & (lats > _NORWAY_FROM_LAT)]
        abroad[beyond] |= _have_no_sweden(positions[beyond], towards=-1)
        beyond = outside[(offshore_m[outside] > BORDER_BLUR_M) & (lats > _FINLAND_FROM_LAT)]
        abroad[beyond] |= _have_no_sweden(positions[beyond], towards=1)
    return abroad


def _are_danish(lats: NDArray[np.float64], lons: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether points (n,) lie west of the middle of the Öresund, at its latitudes."""
    middle_lats, middle_lons = np.array(_SOUND).T
    beside = (middle_lats[0] < lats) & (lats < middle_lats[-1])
    danish: NDArray[np.bool_] = beside & (lons < np.interp(lats, middle_lats, middle_lons))
    return danish


def _have_no_sweden(positions: NDArray[np.float64], *, towards: int) -> NDArray[np.bool_]:
    """Whether a straight line along the grid, west (-1) or east (1), meets no municipality (n,)."""
    free = np.ones(len(positions), np.bool_)
    for length in (_FIRST_LOOK_M, _ACROSS_M):
        looking = np.flatnonzero(free)
        starts = positions[looking]
        lines = shapely.linestrings(np.stack([starts, starts + np.array([towards * length, 0.0])], axis=1))
        met, _ = shapes.tree().query(lines, predicate="intersects")
        free[looking[met]] = False
    return free
