"""Boundary files as they come: GeoJSON, and GeoPackage read with sqlite3 alone, row by row.

A GeoPackage is an SQLite database whose geometries are WKB behind a short header (OGC 12-128r18,
clause 2.1.3). Nothing here decides whether the borders are any good; `geodata.boundaries` does.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import shapely

LARGEST_GEOJSON_BYTES = 200_000_000
"""A GeoJSON file is read whole and takes about ten times its size in memory."""
LARGEST_GEOPACKAGE_BYTES = 2_000_000_000
CODE_COLUMNS = ("kommunkod", "kommun_kod", "knkod", "kom_kod", "kommun_id", "code", "kod")
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)


class BadBoundaryFile(ValueError):
    """The file can't be imported; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One row of a file: what its code column says, and its geometry."""

    code: str
    geometry: Any


@dataclass(frozen=True, slots=True)
class BoundaryFile:
    """Rows with the EPSG code that the file states for them, None when it states none."""

    rows: tuple[Drawn, ...]
    epsg: int | None


def read(path: Path, *, layer: str | None = None, code_column: str | None = None) -> BoundaryFile:
    """Read .geojson, .json or .gpkg. Raises `BadBoundaryFile`."""
    if not path.is_file():
        raise BadBoundaryFile(f"{path} is no file. Give a GeoPackage or GeoJSON file.")
    suffix = path.suffix.lower()
    if suffix == ".gpkg":
        _check_size(path, LARGEST_GEOPACKAGE_BYTES, "Give a file with the municipalities only.")
        return _read_geopackage(path, layer, code_column)
    if suffix in {".geojson", ".json"}:
        _check_size(
            path, LARGEST_GEOJSON_BYTES, "Give a GeoPackage, which is read row by row, or simplify it."
        )
        return _read_geojson(path, code_column)
    raise BadBoundaryFile(f"{path.name} is neither .gpkg nor .geojson. Save the borders as one of them.")


def _check_size(path: Path, most: int, mend: str) -> None:
    size = path.stat().st_size
    if size > most:
        raise BadBoundaryFile(
            f"{path.name} has {size / 1e6:.0f} MB, over the {most / 1e6:.0f} MB that can be read. {mend}"
        )


def _read_geojson(path: Path, code_column: str | None) -> BoundaryFile:
    document = _parsed(path)
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise BadBoundaryFile(f"{path.name} is no GeoJSON FeatureCollection of polygons. Export it anew.")
    owned = [own if isinstance(own := feature.get("properties"), dict) else {} for feature in features]
    column = _code_column(sorted({name for own in owned for name in own}), code_column)
    rows = tuple(
        _drawn(feature, own.get(column), number, column)
        for number, (feature, own) in enumerate(zip(features, owned, strict=True), start=1)
    )
    return BoundaryFile(rows, _stated_epsg(document))


def _parsed(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise BadBoundaryFile(
            f"{path.name} is no GeoJSON in UTF-8: {error}. Export it anew, as a FeatureCollection of polygons."
        ) from error


def _drawn(feature: Mapping[str, Any], code: object, number: int, column: str) -> Drawn:
    """One feature, the first being number 1."""
    if code is None:
        raise BadBoundaryFile(
            f"Feature {number} has no '{column}'. Give each municipality its code, or leave the feature out."
        )
    try:
        return Drawn(_code(code), shapely.from_geojson(json.dumps(feature["geometry"])))
    except (KeyError, TypeError, shapely.GEOSException) as error:
        raise BadBoundaryFile(
            f"Feature {number} ({_code(code)}) has no geometry that can be read. Export the layer anew."
        ) from error


def _stated_epsg(document: Mapping[str, Any]) -> int | None:
    """The old `crs` member, which files in SWEREF 99 TM still carry; WGS 84 has been the only one since."""
    crs = document.get("crs")
    properties = crs.get("properties") if isinstance(crs, Mapping) else None
    name = str(properties.get("name", "")) if isinstance(properties, Mapping) else ""
    if name.endswith("CRS84"):
        return 4326
    found = re.search(r"EPSG:+(?:[\d.]*:)?(\d+)$", name)
    return int(found[1]) if found else None


def _read_geopackage(path: Path, layer: str | None, code_column: str | None) -> BoundaryFile:
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)) as package:
            table, geometry, epsg = _layer(package, layer)
            columns = [str(row[1]) for row in package.execute(f"PRAGMA table_info({_quoted(table)})")]
            code = _code_column(columns, code_column)
            rows = tuple(_rows(package, table, code, geometry))
    except sqlite3.Error as error:
        raise BadBoundaryFile(
            f"{path.name} can't be read as a GeoPackage: {error}. Export it anew."
        ) from error
    return BoundaryFile(rows, epsg)


def _layer(package: sqlite3.Connection, wanted: str | None) -> tuple[str, str, int]:
    """Table, geometry column and EPSG code of the layer wanted, or of the only one."""
    found = package.execute(
        "SELECT g.table_name, g.column_name, coalesce(s.organization_coordsys_id, g.srs_id) "
        "FROM gpkg_geometry_columns AS g LEFT JOIN gpkg_spatial_ref_sys AS s ON s.srs_id = g.srs_id "
        "ORDER BY g.table_name"
    ).fetchall()
    names = ", ".join(str(row[0]) for row in found) or "none"
    chosen = [row for row in found if row[0] == wanted] if wanted else found
    if len(chosen) != 1:
        raise BadBoundaryFile(f"The layers are: {names}. Name the one with the municipalities, with --layer.")
    return str(chosen[0][0]), str(chosen[0][1]), int(chosen[0][2])


def _rows(package: sqlite3.Connection, table: str, code: str, geometry: str) -> Iterator[Drawn]:
    query = f"SELECT {_quoted(code)}, {_quoted(geometry)} FROM {_quoted(table)}"  # noqa: S608 - names are quoted
    for value, blob in package.execute(query):
        yield Drawn(_code(value), _geometry(blob, _code(value)))


def _geometry(blob: object, code: str) -> Any:
    """WKB behind the header: magic, version, flags, spatial reference, envelope."""
    if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != b"GP":
        raise BadBoundaryFile(f"The row of {code} holds no GeoPackage geometry. Export the layer anew.")
    kind = blob[3] >> 1 & 0b111
    if kind >= len(_ENVELOPE_BYTES):
        raise BadBoundaryFile(f"The geometry of {code} has an unknown envelope. Export the layer anew.")
    try:
        return shapely.from_wkb(blob[8 + _ENVELOPE_BYTES[kind] :])
    except shapely.GEOSException as error:
        raise BadBoundaryFile(
            f"The geometry of {code} can't be read: {error}. Export the layer anew."
        ) from error


def _code_column(columns: list[str], wanted: str | None) -> str:
    by_name = {column.lower(): column for column in columns}
    names = (wanted.lower(),) if wanted else CODE_COLUMNS
    for name in names:
        if name in by_name:
            return by_name[name]
    raise BadBoundaryFile(
        f"No column holds municipality codes; there are: {', '.join(columns) or 'none'}. Name it with --code-column."
    )


def _code(value: object) -> str:
    """As text; a number has lost its zeros in front."""
    return f"{value:04d}" if isinstance(value, int) else str(value).strip()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
