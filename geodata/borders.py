"""Municipality borders as compact GeoJSON: the basemap of the screen and of exported maps."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geodata import areas, shapes
from geodata.points import to_wgs84

if TYPE_CHECKING:
    from numpy.typing import NDArray

DECIMALS = 4
"""About ten metres, far finer than the borders are drawn."""


def borders_geojson(
    bbox: tuple[float, float, float, float] | None = None, *, tolerance_m: int = 0
) -> dict[str, Any]:
    """A FeatureCollection with one MultiPolygon per municipality, properties code, name, county.

    `bbox` is south, west, north, east in degrees: municipalities that touch it come whole.
    `tolerance_m` thins the corners (Visvalingam-Whyatt on the shared edges, so neighbours still fit
    without gaps: a corner goes when the triangle it spans is smaller than tolerance squared).
    Vänern, Vättern and the other great lakes are holes: whatever lies beneath shows as water.
    """
    features = _features(tolerance_m)
    if bbox is not None:
        south, west, north, east = bbox
        near = shapely.intersects(shapes.degrees(), shapely.box(west, south, east, north))
        features = tuple(features[row] for row in np.flatnonzero(near))
    return {"type": "FeatureCollection", "features": list(features)}


@lru_cache(maxsize=8)
def _features(tolerance_m: int) -> tuple[dict[str, Any], ...]:
    geometries = _thinned(tolerance_m)
    return tuple(
        {
            "type": "Feature",
            "properties": {
                "code": area.code,
                "name": area.name,
                "county": areas.county(area.county_code).name,
            },
            "geometry": geometry(shape),
        }
        for area, shape in zip(areas.municipalities(), geometries, strict=True)
    )


def _thinned(tolerance_m: int) -> NDArray[Any]:
    """Polygons (290,) in degrees."""
    if tolerance_m < 0:
        raise ValueError(f"The tolerance is {tolerance_m} m. Give 0 (as stored) or a number of metres.")
    if tolerance_m == 0:
        return shapes.degrees()
    thinned: NDArray[Any] = in_degrees(shapely.coverage_simplify(shapes.metric(), tolerance_m))
    return thinned


def in_degrees(metric: Any) -> Any:
    """Geometry or geometries in SWEREF 99 TM to WGS 84."""

    def convert(coords: NDArray[np.float64]) -> NDArray[np.float64]:
        lats, lons = to_wgs84(eastings=coords[:, 0], northings=coords[:, 1])
        return np.column_stack([lons, lats])

    return shapely.transform(metric, convert)


def geometry(shape: Any) -> dict[str, Any]:
    """A (Multi)Polygon in degrees as a GeoJSON MultiPolygon, rounded to `DECIMALS`."""
    return {
        "type": "MultiPolygon",
        "coordinates": [
            [_ring(part.exterior), *(_ring(hole) for hole in part.interiors)]
            for part in getattr(shape, "geoms", [shape])
        ],
    }


def _ring(ring: Any) -> list[list[float]]:
    rounded: list[list[float]] = np.round(shapely.get_coordinates(ring), DECIMALS).tolist()
    return rounded
