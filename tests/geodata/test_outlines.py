"""A definition drawn: the outline holds just what the verdict says yes to."""

import json

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.definitions import (
    AllOf,
    AnyOf,
    InCounties,
    InMunicipalityOrNeighbours,
    InvalidDefinition,
    LocalDefinition,
    SchoolDayVisit,
    WithinDistance,
)
from geodata.distances import distance_m
from geodata.outlines import outline
from geodata.points import Point

KITCHEN = Point(lat=59.758, lon=18.705)


def drawn(rule, *, authority="0188", kitchen=KITCHEN):
    geometry = outline(LocalDefinition(rule=rule), authority_code=authority, kitchen=kitchen)
    assert geometry["type"] == "MultiPolygon"
    return shapely.from_geojson(json.dumps(geometry))


def holds(shape, point):
    return shape.contains(shapely.Point(point.lon, point.lat))


def test_the_own_county_is_one_area_without_inner_borders():
    county = drawn(InCounties())
    assert county.is_valid
    assert holds(county, KITCHEN)
    assert not holds(county, Point(lat=60.34, lon=17.51))


def test_neighbours_are_drawn():
    assert holds(drawn(InMunicipalityOrNeighbours(1), authority="0380"), Point(lat=60.34, lon=17.51))


@given(lat=st.floats(57, 62), lon=st.floats(14, 20))
def test_a_circle_holds_what_is_closer_than_its_radius(lat, lon):
    point = Point(lat=lat, lon=lon)
    metres = distance_m(KITCHEN, point)
    if abs(metres - 100_000) > 300:  # the circle has ninety corners
        assert holds(drawn(WithinDistance(100)), point) == (metres < 100_000)


def test_a_road_is_drawn_as_far_as_it_could_reach():
    assert drawn(WithinDistance(120, "road")).area == pytest.approx(
        drawn(WithinDistance(100)).area, rel=0.001
    )


def test_a_school_visit_and_a_border_are_drawn():
    assert holds(drawn(SchoolDayVisit()), Point(lat=59.86, lon=17.64))
    assert holds(drawn(WithinDistance(30, "crow", "border"), kitchen=None), Point(lat=60.15, lon=17.9))


def test_and_is_the_overlap_and_or_the_union():
    one, other = InCounties(), WithinDistance(60)
    both, either = drawn(AllOf((one, other))), drawn(AnyOf((one, other)))
    assert both.area < min(drawn(one).area, drawn(other).area)
    assert either.area == pytest.approx(drawn(one).area + drawn(other).area - both.area, rel=0.01)


def test_areas_that_do_not_overlap_are_drawn_empty():
    assert drawn(AllOf((InCounties(("25",)), WithinDistance(10)))).is_empty
    assert drawn(AllOf((InCounties(("01",)), InCounties(("03",))))).is_empty


def test_without_the_kitchen_that_a_rule_needs_nothing_is_drawn():
    with pytest.raises(InvalidDefinition, match="Give the kitchen's position"):
        drawn(WithinDistance(10), kitchen=None)
