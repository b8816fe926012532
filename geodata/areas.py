"""Which municipality: the 290 municipalities and 21 counties, where a point lies, who borders whom.

The polygons are generalised (about a kilometre), so many coast towns lie a little outside them and
some places near a border on its wrong side. `locate` therefore falls back on the nearest polygon
and on a short list of towns known to be drawn wrongly, and says how far the next municipality is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely

from geodata import data, shapes
from geodata.abroad import are_abroad
from geodata.points import NotInSweden, Point, to_wgs84

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry import MultiPolygon

Method = Literal["inside", "nearest"]

ANCHOR_REACH_M = 1_500
"""How far round a town that the polygons put elsewhere its true municipality holds."""


class UnknownArea(KeyError):
    """No municipality or county has that code."""

    def __str__(self) -> str:
        return str(self.args[0])


class NotOnLand(NotInSweden):
    """The point is far from every municipality, or across a border."""


@dataclass(frozen=True, slots=True)
class Municipality:
    """One of the 290: four-digit code, name without "kommun", the county's two-digit code."""

    code: str
    name: str
    county_code: str


@dataclass(frozen=True, slots=True)
class County:
    """One of the 21: two-digit code, name with "län"."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Location:
    """Where a point lies, how that was found, and how far the point could be off.

    `border_m` is how many metres farther the next municipality is than this one; the coast
    doesn't count. `method` is "nearest" when no polygon holds the point, or when a town that the
    polygons put elsewhere does.
    """

    municipality: Municipality
    county: County
    method: Method
    border_m: int


def municipality(code: str) -> Municipality:
    """Raise `UnknownArea`, with the mend in its text, for anything but a code of one of the 290."""
    try:
        return _municipalities()[code]
    except KeyError:
        raise UnknownArea(
            f"No municipality has the code '{code}'. Use SCB's four digits, such as {_meant(code)}."
        ) from None


def _meant(text: str) -> str:
    """The code that was likely meant: by name, or without the zero in front."""
    likely = (m for m in _in_order() if m.name.casefold() == text.casefold() or m.code == text.zfill(4))
    found = next(likely, _municipalities()["0188"])
    return f"{found.code} for {found.name}"


def county(code: str) -> County:
    """Raise `UnknownArea`, with the mend in its text, for anything but a code of one of the 21."""
    try:
        return _counties()[code]
    except KeyError:
        raise UnknownArea(
            f"No county has the code '{code}'. Use SCB's two digits, such as 01 for Stockholms län."
        ) from None


def municipalities(*, county_code: str | None = None) -> tuple[Municipality, ...]:
    """All, or those of a county, in order of code."""
    if county_code is None:
        return _in_order()
    county(county_code)
    return tuple(m for m in _in_order() if m.county_code == county_code)


def counties() -> tuple[County, ...]:
    return tuple(_counties().values())


@lru_cache(maxsize=16_384)
def locate(point: Point) -> Location:
    """The municipality of a point. Raises `NotOnLand` far out at sea or across a national border."""
    where = shapes.metric_point(point)
    drawn = int(shapes.tree().nearest(where))
    offshore = float(shapely.distance(where, shapes.metric()[drawn]))
    if offshore > 0 and are_abroad(np.array([point.sweref]), np.array([offshore]))[0]:
        raise NotOnLand(
            f"{point.lat:g}, {point.lon:g} is at sea or abroad, {offshore / 1000:.0f} km from the nearest "
            "Swedish municipality. Check the coordinates, or drop the pin on land in Sweden."
        )
    row = _anchored(point, drawn)
    found = _in_order()[row]
    return Location(
        municipality=found,
        county=county(found.county_code),
        method="inside" if offshore == 0 and row == drawn else "nearest",
        border_m=_margin_m(where, row, offshore),
    )


@lru_cache(maxsize=16_384)
def candidates(point: Point, within_m: int) -> frozenset[str]:
    """Codes of the municipalities that the point may be in if it, or a border, is off by `within_m`."""
    location = locate(point)
    where = shapes.metric_point(point)
    offshore = float(shapely.distance(where, shapes.metric()[int(shapes.tree().nearest(where))]))
    near = shapes.tree().query(where, predicate="dwithin", distance=offshore + within_m)
    return frozenset({location.municipality.code, *(_in_order()[row].code for row in near)})


def neighbours(code: str) -> tuple[Municipality, ...]:
    """Those that share a land border or a corner, in order of code; empty for the five islands."""
    municipality(code)
    return tuple(municipality(other) for other in _neighbour_codes()[code])


def neighbour_pairs() -> tuple[tuple[str, str], ...]:
    """Each of the 728 undirected pairs once, the smaller code first."""
    return tuple((a, b) for a, others in _neighbour_codes().items() for b in others if a < b)


def distance_to_border_m(code: str, point: Point) -> int:
    """Metres to the nearest edge of the municipality, coast included, from inside or outside."""
    edge = shapely.boundary(shape(code))
    return round(float(shapely.distance(edge, shapes.metric_point(point))))


def nearest_in(codes: Iterable[str], point: Point) -> Point:
    """The nearest point of the union of the areas: the point itself when it lies inside."""
    rows = [shapes.rows()[municipality(code).code] for code in codes]
    where = shapes.metric_point(point)
    chosen = shapes.metric()[rows]
    closest = chosen[int(np.argmin(shapely.distance(where, chosen)))]
    if shapely.intersects(where, closest):
        return point
    easting, northing = shapely.get_coordinates(shapely.shortest_line(closest, where))[0]
    lats, lons = to_wgs84(eastings=[easting], northings=[northing])
    return Point(lat=float(lats[0]), lon=float(lons[0]))


def shape(code: str) -> MultiPolygon:
    """A municipality (four digits) as a polygon in SWEREF 99 TM: x the easting, y the northing."""
    found: MultiPolygon = shapes.metric()[shapes.rows()[municipality(code).code]]
    return found


def shape_wgs84(code: str) -> MultiPolygon:
    """A municipality (four digits) as a polygon in degrees: x the longitude, y the latitude."""
    found: MultiPolygon = shapes.degrees()[shapes.rows()[municipality(code).code]]
    return found


def bounds(*codes: str) -> tuple[float, float, float, float]:
    """South, west, north, east in degrees, round all the municipalities named; all 290 if none is."""
    rows = [shapes.rows()[municipality(code).code] for code in codes] or list(shapes.rows().values())
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(shapes.degrees()[rows]))
    return south, west, north, east


def seat(code: str) -> Point:
    """The authority's seat: the municipality's main town (see SOURCES.md for how it was chosen)."""
    lat, lon = shapes.stored()["seats"][shapes.rows()[municipality(code).code]] * data.SCALE
    return Point(lat=round(float(lat), 5), lon=round(float(lon), 5))


def seat_name(code: str) -> str:
    return str(shapes.stored()["seat_names"][shapes.rows()[municipality(code).code]])


def _margin_m(where: shapely.Point, row: int, offshore: float) -> int:
    """How much farther the nearest other municipality is than this one, in whole metres."""
    for reach in (offshore + 20_000, 2_000_000):
        near = shapes.tree().query(where, predicate="dwithin", distance=reach)
        others = near[near != row]
        if len(others):
            break
    nearest = float(shapely.distance(where, shapes.metric()[others]).min())
    return max(0, round(nearest - float(shapely.distance(where, shapes.metric()[row]))))


def _anchored(point: Point, drawn: int) -> int:
    positions, rows = shapes.anchors()
    if not len(rows):
        return drawn
    away = np.hypot(*(positions - point.sweref).T)
    closest = int(np.argmin(away))
    return int(rows[closest]) if away[closest] <= ANCHOR_REACH_M else drawn


@cache
def _municipalities() -> dict[str, Municipality]:
    pairs = zip(shapes.stored()["codes"].tolist(), shapes.stored()["names"].tolist(), strict=True)
    return {code: Municipality(code=code, name=name, county_code=code[:2]) for code, name in pairs}


@cache
def _in_order() -> tuple[Municipality, ...]:
    return tuple(_municipalities().values())


@cache
def _counties() -> dict[str, County]:
    arrays = shapes.stored()
    pairs = zip(arrays["county_codes"].tolist(), arrays["county_names"].tolist(), strict=True)
    return {code: County(code=code, name=name) for code, name in pairs}


@cache
def _neighbour_codes() -> dict[str, tuple[str, ...]]:
    codes = shapes.stored()["codes"].tolist()
    found: dict[str, set[str]] = {code: set() for code in codes}
    for first, second in shapes.stored()["neighbours"].tolist():
        found[codes[first]].add(codes[second])
        found[codes[second]].add(codes[first])
    return {code: tuple(sorted(others)) for code, others in found.items()}
