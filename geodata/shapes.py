"""The polygons of the 290 municipalities as arrays, loaded once; `geodata.areas` is the way in.

Everything here speaks in rows: row i is the municipality with the i-th smallest code. Shapes come
in SWEREF 99 TM metres (for distances and set operations) and in WGS 84 degrees (for GeoJSON).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geodata import data, instance
from geodata.points import to_sweref

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geodata.points import Point


IMPORTED = "boundaries.npz"
"""What `geodata.boundaries` writes into the instance folder: preferred to the shipped borders."""


@cache
def stored() -> dict[str, NDArray[Any]]:
    """The arrays of areas.npz, as `geodata.data.rebuild` describes them, with imported borders if any."""
    shipped = data.read("areas.npz")
    imported = _imported()
    if imported is None:
        return shipped
    # The towns that the shipped borders put elsewhere lie rightly in finer ones.
    none: dict[str, NDArray[Any]] = {
        "anchors": np.zeros((0, 2), np.int32),
        "anchor_areas": np.zeros(0, np.uint16),
    }
    return {**shipped, **none, **imported}


def origin() -> tuple[str, str]:
    """The source and version of the borders, to be told as evidence."""
    if "version" in stored():
        return str(stored()["source"]), str(stored()["version"])
    return "SCB", data.DATA_VERSION


def _imported() -> dict[str, NDArray[Any]] | None:
    folder = instance.folder()
    if folder is None or not (folder / IMPORTED).exists():
        return None
    return instance.load(
        folder / IMPORTED, mend="Run narmat geodata import-boundaries again, or remove the file."
    )


@cache
def rows() -> dict[str, int]:
    """Municipality code to row."""
    return {str(code): row for row, code in enumerate(stored()["codes"])}


@cache
def metric() -> NDArray[Any]:
    """Polygons (290,) in SWEREF 99 TM."""
    vertices = stored()["vertices"] * data.SCALE
    return _build(np.column_stack(to_sweref(lats=vertices[:, 1], lons=vertices[:, 0])))


@cache
def degrees() -> NDArray[Any]:
    """Polygons (290,) in WGS 84, x the longitude and y the latitude."""
    return _build(stored()["vertices"] * data.SCALE)


@cache
def tree() -> shapely.STRtree:
    """Spatial index over `metric()`."""
    polygons = metric()
    shapely.prepare(polygons)
    return shapely.STRtree(polygons)


@cache
def anchors() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Positions (n, 2) in SWEREF 99 TM and rows (n,) of towns that the polygons put elsewhere."""
    where = stored()["anchors"] * data.SCALE
    positions = np.column_stack(to_sweref(lats=where[:, 0], lons=where[:, 1]))
    return positions, stored()["anchor_areas"].astype(np.int64)


def metric_point(point: Point) -> shapely.Point:
    return shapely.Point(*point.sweref)


def _build(vertices: NDArray[np.float64]) -> NDArray[Any]:
    arrays = stored()
    rings = shapely.linearrings(vertices[arrays["ring_vertices"]], indices=_owners(arrays["ring_starts"]))
    polygons = shapely.polygons(rings, indices=_owners(arrays["polygon_rings"]))
    shapes: NDArray[Any] = shapely.multipolygons(polygons, indices=_owners(arrays["area_polygons"]))
    return shapes


def _owners(starts: NDArray[np.int32]) -> NDArray[np.int64]:
    """Offsets (n + 1,) to the owner of each element."""
    return np.repeat(np.arange(len(starts) - 1), np.diff(starts))
