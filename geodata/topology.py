"""Polygons as one table of corners that neighbours share: the layout of areas.npz and of imported borders.

vertices        (v, 2) int32 lon, lat in units of 1e-7 degrees: each corner once
ring_vertices   indices into them, ring by ring; ring_starts (r + 1,) says where each begins
polygon_rings   (p + 1,) where the rings of each polygon begin, the outer one first
area_polygons   (a + 1,) where the polygons of each area begin
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geodata.data import SCALE

if TYPE_CHECKING:
    from numpy.typing import NDArray


def topology(areas: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """The arrays for (Multi)Polygons (a,) in degrees, x the longitude and y the latitude."""
    polygons, owner = shapely.get_parts(areas, return_index=True)
    rings, ring_owner = shapely.get_rings(polygons, return_index=True)
    coords, coord_owner = shapely.get_coordinates(rings, return_index=True)
    vertices, index = np.unique(np.round(coords / SCALE).astype(np.int32), axis=0, return_inverse=True)
    return {
        "vertices": vertices,
        "ring_vertices": index.ravel().astype(np.min_scalar_type(len(vertices))),
        "ring_starts": _starts(coord_owner, len(rings)),
        "polygon_rings": _starts(ring_owner, len(polygons)),
        "area_polygons": _starts(owner, len(areas)),
    }


def _starts(owner: NDArray[Any], count: int) -> NDArray[np.int32]:
    """Offsets (count + 1,) of the first element of each owner."""
    return np.searchsorted(owner, np.arange(count + 1)).astype(np.int32)
