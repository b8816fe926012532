"""One rule of one authority against all sites at once: the ranks that `geodata.findings` would find."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from geodata import areas, links, shapes
from geodata.definitions import (
    ExpandingCircle,
    InCounties,
    InMunicipalityOrNeighbours,
    SchoolDayVisit,
    Simple,
    WithinDistance,
)
from geodata.distances import ellipsoid
from geodata.points import Point, to_wgs84
from geodata.road_bands import pair_lengths, road_bounds
from geodata.site_arrays import NO, UNCERTAIN, YES, SiteArrays
from geodata.sites import BORDER_BLUR_M

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from geodata.travel import TravelEngine

_LEAST_SCALE, _GREATEST_SCALE = 0.9995, 1.005
"""Metres on the map per metre on the ground, SWEREF 99 TM, wherever a Point may lie (0.9996 to 1.0045)."""


@dataclass(frozen=True, slots=True)
class Asker:
    """The authority that asks, and its kitchen if one is known."""

    code: str
    kitchen: Point | None


class _Hull(NamedTuple):
    """Bounds round a municipality (metres, SWEREF 99 TM), cheap to ask before its polygon is.

    All of it lies within `radius` of the centre, some within `inner`; in the k-th of `_BEARINGS` it
    reaches to `reach[k]` from there, with the corner `corners[k]` (from the centre, too).
    """

    centre: tuple[float, float]
    radius: float
    inner: float
    reach: NDArray[np.float64]
    corners: NDArray[np.float64]


_ANGLES = np.linspace(0, 2 * np.pi, 32, endpoint=False)
_BEARINGS = np.column_stack([np.cos(_ANGLES), np.sin(_ANGLES)])
"""Unit vectors (32, 2)."""


def rank_sites(rule: Simple, arrays: SiteArrays, asker: Asker, engine: TravelEngine) -> NDArray[np.int8]:
    """Ranks (n,) of all the sites; see `geodata.site_arrays.SiteArrays`."""
    match rule:
        case InCounties():
            wanted = rule.counties_for(asker.code)
            return arrays.in_areas(_marked(m.code for m in areas.municipalities() if m.county_code in wanted))
        case InMunicipalityOrNeighbours(rings):
            return arrays.in_areas(_marked(links.neighbourhood(asker.code, rings)))
        case WithinDistance(measured_from="border"):
            return _from_border(rule, arrays, asker, engine)
        case WithinDistance():
            return _from_place(rule, arrays, asker, engine)
        case SchoolDayVisit():
            return _visits(rule, arrays, asker, engine)
        case ExpandingCircle():
            return _unknown(arrays)


def _marked(codes: Iterable[str]) -> NDArray[np.bool_]:
    wanted = np.zeros(len(shapes.rows()), np.bool_)
    wanted[[shapes.rows()[code] for code in codes]] = True
    return wanted


def _unknown(arrays: SiteArrays) -> NDArray[np.int8]:
    return np.full(len(arrays.sites), UNCERTAIN, np.int8)


def _laddered(is_yes: NDArray[np.bool_], is_possible: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Yes, else uncertain where possible, else no."""
    ranks: NDArray[np.int8] = is_yes.astype(np.int8) + (is_yes | is_possible)
    return ranks


def _from_place(
    rule: WithinDistance, arrays: SiteArrays, asker: Asker, engine: TravelEngine
) -> NDArray[np.int8]:
    origin = asker.kitchen if rule.measured_from == "kitchen" else areas.seat(asker.code)
    if origin is None:
        return _unknown(arrays)
    if rule.by == "crow":
        within = arrays.places.are_within(origin, rule.limit_m)
        return _laddered(within, within)
    low, high = road_bounds(engine, [origin], arrays.points)
    return _laddered(high.metres[0] <= rule.limit_m, low.metres[0] <= rule.limit_m)


def _visits(rule: SchoolDayVisit, arrays: SiteArrays, asker: Asker, engine: TravelEngine) -> NDArray[np.int8]:
    if asker.kitchen is None:
        return _unknown(arrays)
    out = road_bounds(engine, [asker.kitchen], arrays.points)
    home = road_bounds(engine, arrays.points, [asker.kitchen])
    low, high = (there.seconds[0] + back.seconds[:, 0] for there, back in zip(out, home, strict=True))
    return _laddered(high < rule.limit_s, low < rule.limit_s)


def _from_border(
    rule: WithinDistance, arrays: SiteArrays, asker: Asker, engine: TravelEngine
) -> NDArray[np.int8]:
    row = shapes.rows()[asker.code]
    inside = arrays.sole_rows == row
    ranks = _near_area(arrays, row, rule.limit_m - BORDER_BLUR_M, rule.limit_m + BORDER_BLUR_M)
    ranks[inside] = YES
    if rule.by == "road":
        # No road is shorter than the straight line: where that is too long, nobody needs to be asked.
        unclear = np.flatnonzero((ranks != NO) & ~inside)
        ranks[unclear] = _by_road_from_border(rule, arrays, row, engine, unclear)
    return ranks


def _near_area(arrays: SiteArrays, row: int, near_m: int, far_m: int) -> NDArray[np.int8]:
    """Yes up to `near_m` along the geodesic from the nearest point of a municipality, no beyond `far_m`."""
    hull, (eastings, northings) = _hull(row), arrays.axes
    squares = (eastings - hull.centre[0]) ** 2 + (northings - hull.centre[1]) ** 2
    sure, possible = near_m * _LEAST_SCALE - hull.inner, far_m * _GREATEST_SCALE + hull.radius
    is_near = squares <= sure * abs(sure)  # never, where even the middle is too far
    ranks: NDArray[np.int8] = is_near.astype(np.int8) * np.int8(YES)
    unclear = np.flatnonzero(~is_near & (squares <= possible**2))
    at_least, at_most = _bounds(hull, arrays.located.positions[unclear])
    ranks[unclear], is_open = _settled(at_least, at_most, near_m, far_m)
    unclear = unclear[is_open]
    exactly = shapely.distance(shapes.metric()[row], arrays.located.where[unclear])
    ranks[unclear], is_open = _settled(exactly, exactly, near_m, far_m)
    sliver = unclear[is_open]
    metres = _measured_from_area(arrays, row, sliver)
    ranks[sliver] = _laddered(metres <= near_m, metres <= far_m)
    return ranks


def _settled(
    at_least: NDArray[np.float64], at_most: NDArray[np.float64], near_m: int, far_m: int
) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """Ranks (k,) by least and greatest metres on the map (k,), and which (k,) these leave open."""
    ranks = _laddered(at_most <= near_m * _LEAST_SCALE, at_most <= far_m * _LEAST_SCALE)
    can_be_yes = at_least <= near_m * _GREATEST_SCALE
    can_be_possible = at_least <= far_m * _GREATEST_SCALE
    return ranks, ((ranks != YES) & can_be_yes) | ((ranks == NO) & can_be_possible)


def _bounds(hull: _Hull, positions: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Least and greatest metres (k,) on the map from positions (k, 2) to the municipality."""
    offsets = (positions - hull.centre).T
    at_least = (_BEARINGS @ offsets - hull.reach[:, None]).max(axis=0)
    squares = (hull.corners**2).sum(axis=1)[:, None] - 2 * (hull.corners @ offsets)
    at_most = np.sqrt(np.maximum(0, squares.min(axis=0) + (offsets**2).sum(axis=0)))
    return at_least, at_most


def _measured_from_area(arrays: SiteArrays, row: int, chosen: NDArray[np.int64]) -> NDArray[np.float64]:
    """Geodesic metres (k,) from the municipality's nearest point to each chosen site (k,)."""
    lats, lons = _nearest_points(arrays, row, chosen)
    _, _, metres = ellipsoid().inv(lons, lats, arrays.places.lons[chosen], arrays.places.lats[chosen])
    return np.asarray(metres)


def _nearest_points(
    arrays: SiteArrays, row: int, chosen: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Latitudes and longitudes (k,), as `geodata.areas.nearest_in` finds them one by one."""
    where = arrays.located.where[chosen]
    polygon = shapes.metric()[row]
    ends = shapely.get_coordinates(shapely.get_point(shapely.shortest_line(polygon, where), 0))
    lats, lons = to_wgs84(eastings=ends[:, 0], northings=ends[:, 1])
    held = shapely.intersects(polygon, where)
    return (
        np.where(held, arrays.places.lats[chosen], lats),
        np.where(held, arrays.places.lons[chosen], lons),
    )


def _by_road_from_border(
    rule: WithinDistance, arrays: SiteArrays, row: int, engine: TravelEngine, chosen: NDArray[np.int64]
) -> NDArray[np.int8]:
    """Ranks (k,): each chosen site (k,) has a nearest point of its own to start from."""
    lats, lons = (degrees.tolist() for degrees in _nearest_points(arrays, row, chosen))
    origins = [Point(lat=lat, lon=lon) for lat, lon in zip(lats, lons, strict=True)]
    crow = _measured_from_area(arrays, row, chosen)
    road = pair_lengths(engine, origins, [arrays.points[site] for site in chosen.tolist()])
    low = np.where(road.reachable, np.maximum(crow, road.low), crow) - BORDER_BLUR_M
    high = np.maximum(crow, road.high) + BORDER_BLUR_M
    return _laddered(high <= rule.limit_m, low <= rule.limit_m)


@cache
def _hull(row: int) -> _Hull:
    polygon = shapes.metric()[row]
    centre = polygon.centroid
    corners = shapely.get_coordinates(polygon) - (centre.x, centre.y)
    along = corners @ _BEARINGS.T
    return _Hull(
        centre=(centre.x, centre.y),
        radius=float(np.hypot(*corners.T).max()),
        inner=float(polygon.distance(centre)),
        reach=along.max(axis=0),
        corners=corners[along.argmax(axis=0)],
    )
