"""A definition as an area on a map.

A road distance or a drive time has no outline that can be drawn honestly without a road engine: it
is drawn as the farthest that roads could reach, the circle beyond which the answer is no.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from geodata import areas, links, shapes
from geodata.borders import geometry, in_degrees
from geodata.definitions import (
    AllOf,
    AnyOf,
    ExpandingCircle,
    InCounties,
    InMunicipalityOrNeighbours,
    InvalidDefinition,
    LocalDefinition,
    Rule,
    SchoolDayVisit,
    WithinDistance,
)
from geodata.distances import circle
from geodata.points import to_sweref
from geodata.travel import SHORTEST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geodata.points import Point


def outline(
    definition: LocalDefinition, *, authority_code: str, kitchen: Point | None = None
) -> dict[str, Any]:
    """A GeoJSON MultiPolygon in degrees, empty when and-rules don't overlap.

    Raises `InvalidDefinition` when a rule counts from the kitchen and none is given, or when an
    expanding circle isn't settled.
    """
    shape = _area(definition.rule, authority_code, kitchen)
    return geometry(in_degrees(shapely.MultiPolygon(_polygons(shape))))


def _area(rule: Rule, code: str, kitchen: Point | None) -> Any:
    match rule:
        case AllOf(rules):
            return shapely.intersection_all([_area(part, code, kitchen) for part in rules])
        case AnyOf(rules):
            return shapely.union_all([_area(part, code, kitchen) for part in rules])
        case InCounties():
            counties = rule.counties_for(code)
            return _union(area.code for area in areas.municipalities() if area.county_code in counties)
        case InMunicipalityOrNeighbours(rings):
            return _union(links.neighbourhood(code, rings))
        case WithinDistance():
            return _reach(rule, code, kitchen)
        case SchoolDayVisit():
            return _circle(_given(kitchen), rule.limit_s / 2 * SHORTEST.kmh / 3.6 / SHORTEST.circuity)
        case ExpandingCircle(product):
            raise InvalidDefinition(
                f"How far the circle reaches depends on who has {product!r} at the time. Settle it with "
                "geodata.local.settle to draw it."
            )


def _reach(rule: WithinDistance, code: str, kitchen: Point | None) -> Any:
    radius_m = rule.limit_m / (SHORTEST.circuity if rule.by == "road" else 1)
    if rule.measured_from == "border":
        return areas.shape(code).buffer(radius_m)
    return _circle(areas.seat(code) if rule.measured_from == "seat" else _given(kitchen), radius_m)


def _given(kitchen: Point | None) -> Point:
    if kitchen is None:
        raise InvalidDefinition(
            "The definition counts from the kitchen. Give the kitchen's position to draw it."
        )
    return kitchen


def _union(codes: Iterable[str]) -> Any:
    rows = [shapes.rows()[code] for code in sorted(codes)]
    return shapely.coverage_union_all(shapes.metric()[rows])


def _circle(centre: Point, radius_m: float) -> shapely.Polygon:
    lons, lats = zip(*circle(centre, radius_m=radius_m), strict=True)
    eastings, northings = to_sweref(lats=lats, lons=lons)
    return shapely.Polygon(list(zip(eastings, northings, strict=True)))


def _polygons(shape: Any) -> list[shapely.Polygon]:
    """The polygons of any geometry; lines and points where areas merely touch are no area."""
    return [
        part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon) and not part.is_empty
    ]
