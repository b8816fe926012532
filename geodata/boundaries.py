"""Finer borders than the shipped ones: `narmat geodata import-boundaries FILE`, checked and stored whole.

The shipped borders are generalised to a kilometre. An operator may import better ones (Lantmäteriet's
or Statistics Sweden's); `geodata.shapes` prefers them. Names, seats and neighbours stay
the shipped ones: borders in the water would make neighbours that no road joins.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geodata import areas, instance, shapes
from geodata.boundary_files import BadBoundaryFile, BoundaryFile, read
from geodata.points import LATITUDES, LONGITUDES, to_sweref, to_wgs84
from geodata.topology import topology

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SWEREF_99_TM, WGS_84 = 3006, 4326
TOLERANCE_M = 10
"""How far corners may be thinned: ten metres keep what matters and a first verdict quick."""
_EASTINGS, _NORTHINGS = (200_000, 1_000_000), (6_050_000, 7_750_000)
COARSEST_M = 1_000
"""Thinned more than the shipped borders are, they would be no finer."""
_MOST_NAMED = 12
_TOWN_OFFSHORE_M = 5_000
"""No main town lies farther outside its own borders, however they are drawn."""


@dataclass(frozen=True, slots=True)
class ImportedBoundaries:
    """What was stored: where, how many corners, and the municipalities whose polygons were mended."""

    path: Path
    corners: int
    mended: tuple[str, ...]


def import_boundaries(
    path: Path,
    *,
    folder: Path,
    mend: bool = False,
    epsg: int | None = None,
    layer: str | None = None,
    code_column: str | None = None,
    tolerance_m: int = TOLERANCE_M,
) -> ImportedBoundaries:
    """Check a file and store it for the next start. Raises `BadBoundaryFile`; then nothing is stored."""
    file = read(path, layer=layer, code_column=code_column)
    drawn = _by_municipality(file)
    metric = _in_metres(drawn, _epsg(file, epsg, drawn))
    metric, mended = _valid(metric, mend=mend)
    _check_towns(metric)
    thinned = _thinned(metric, tolerance_m)
    arrays = topology(shapely.transform(thinned, _to_degrees))
    origin = {"source": np.array(path.name), "version": np.array(_digest(path))}
    stored = instance.store(folder / shapes.IMPORTED, {**arrays, **origin})
    return ImportedBoundaries(stored, len(arrays["vertices"]), mended)


def _by_municipality(file: BoundaryFile) -> NDArray[Any]:
    """Geometries (290,) in order of code: exactly the 290, each of one row or several."""
    parts: dict[str, list[Any]] = {}
    for row in file.rows:
        parts.setdefault(row.code, []).append(row.geometry)
    known = {area.code: f"{area.code} {area.name}" for area in areas.municipalities()}
    missing = [name for code, name in known.items() if code not in parts]
    strange = sorted(code for code in parts if code not in known)
    if missing or strange:
        raise BadBoundaryFile(_miscounted(missing, strange))
    return np.array([_joined(parts[code], name) for code, name in known.items()])


def _miscounted(missing: list[str], strange: list[str]) -> str:
    told = [
        f"{len(names)} {what}: {', '.join(names[:_MOST_NAMED])}{' ...' if len(names) > _MOST_NAMED else ''}"
        for what, names in (("of the 290 are missing", missing), ("codes are unknown", strange))
        if names
    ]
    return f"{'; '.join(told)}. Give a file of all 290 municipalities, with SCB's four-digit codes."


def _joined(parts: list[Any], name: str) -> Any:
    polygons = shapely.force_2d(shapely.get_parts(np.array(parts)))
    if not len(polygons) or not all(isinstance(part, shapely.Polygon) for part in polygons):
        raise BadBoundaryFile(f"{name} isn't drawn with polygons. Give the layer of areas, not of lines.")
    return shapely.multipolygons(polygons)


def _epsg(file: BoundaryFile, given: int | None, drawn: NDArray[Any]) -> int:
    """The reference system that the file, or the operator, states, once the coordinates agree with it."""
    stated = given or file.epsg or WGS_84  # RFC 7946: GeoJSON that states nothing is WGS 84
    if stated not in {SWEREF_99_TM, WGS_84}:
        raise BadBoundaryFile(
            f"The file is in EPSG:{stated}. Save it in SWEREF 99 TM (EPSG:3006) or WGS 84 (EPSG:4326)."
        )
    if not np.isfinite(shapely.get_coordinates(drawn)).all():
        raise BadBoundaryFile("Some coordinates are no numbers. Export the file anew.")
    if not _covers(drawn, stated):
        raise BadBoundaryFile(_misplaced(drawn, stated))
    return stated


def _covers(drawn: NDArray[Any], epsg: int, *, swapped: bool = False) -> bool:
    """Whether all of it lies where Sweden does."""
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(drawn))
    if swapped:
        west, south, east, north = south, west, north, east
    across, up = (LONGITUDES, LATITUDES) if epsg == WGS_84 else (_EASTINGS, _NORTHINGS)
    return across[0] <= west <= east <= across[1] and up[0] <= south <= north <= up[1]


def _misplaced(drawn: NDArray[Any], stated: int) -> str:
    if _covers(drawn, stated, swapped=True):
        order = "longitude, latitude" if stated == WGS_84 else "easting, northing"
        return f"The coordinates are swapped. Save the file with {order}, in that order."
    for other in (SWEREF_99_TM, WGS_84):
        if other != stated and (_covers(drawn, other) or _covers(drawn, other, swapped=True)):
            return (
                f"The file says EPSG:{stated}, but its coordinates are EPSG:{other}'s. Give --epsg {other}."
            )
    return f"Some of it lies outside Sweden in EPSG:{stated}. Save it in EPSG:3006 or EPSG:4326, and say so."


def _in_metres(drawn: NDArray[Any], epsg: int) -> NDArray[Any]:
    if epsg == SWEREF_99_TM:
        return drawn
    metric: NDArray[Any] = shapely.transform(drawn, _to_metres)
    return metric


def _valid(metric: NDArray[Any], *, mend: bool) -> tuple[NDArray[Any], tuple[str, ...]]:
    """The polygons, mended if that was asked for, and the names of those that needed it."""
    wrong = np.flatnonzero(~shapely.is_valid(metric))
    named = [areas.municipalities()[row] for row in wrong]
    if len(wrong) and not mend:
        told = ", ".join(
            f"{area.code} {area.name} ({shapely.is_valid_reason(metric[row])})"
            for row, area in list(zip(wrong, named, strict=True))[:_MOST_NAMED]
        )
        raise BadBoundaryFile(f"{len(wrong)} polygons are invalid: {told}. Mend the file, or give --mend.")
    mended = metric.copy()
    mended[wrong] = [_mended(metric[row]) for row in wrong]
    return mended, tuple(f"{area.code} {area.name}" for area in named)


def _mended(shape: Any) -> Any:
    """The areas of what make_valid makes; the lines it leaves over hold nothing."""
    parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(shape)))
    return shapely.multipolygons([part for part in parts if isinstance(part, shapely.Polygon)])


def _check_towns(metric: NDArray[Any]) -> None:
    """Every polygon must be its own municipality's: a file whose codes have slipped looks right in all else."""
    towns = [shapes.metric_point(areas.seat(area.code)) for area in areas.municipalities()]
    away = shapely.distance(np.array(towns), metric)
    strayed = [
        f"{area.code} {area.name} (by {metres / 1000:.0f} km)"
        for area, metres in zip(areas.municipalities(), away.tolist(), strict=True)
        if metres > _TOWN_OFFSHORE_M
    ]
    if strayed:
        more = " ..." if len(strayed) > _MOST_NAMED else ""
        raise BadBoundaryFile(
            f"The main town lies outside its own borders in {', '.join(strayed[:_MOST_NAMED])}{more}. "
            "Check that codes and polygons belong together, or export the layer anew."
        )


def _thinned(metric: NDArray[Any], tolerance_m: int) -> NDArray[Any]:
    if not 0 <= tolerance_m <= COARSEST_M:
        raise BadBoundaryFile(
            f"The tolerance is {tolerance_m} m. Give 0 to keep every corner, or at most {COARSEST_M}."
        )
    if tolerance_m == 0:
        return metric
    thinned: NDArray[Any] = shapely.coverage_simplify(metric, tolerance_m)
    if shapely.is_empty(thinned).any() or not shapely.is_valid(thinned).all():
        raise BadBoundaryFile(
            f"Thinned to {tolerance_m} m the borders no longer hold. Give --tolerance 0 to keep every corner."
        )
    return thinned


def _to_metres(coords: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack(to_sweref(lats=coords[:, 1], lons=coords[:, 0]))


def _to_degrees(coords: NDArray[np.float64]) -> NDArray[np.float64]:
    lats, lons = to_wgs84(eastings=coords[:, 0], northings=coords[:, 1])
    return np.column_stack([lons, lats])


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:12]
