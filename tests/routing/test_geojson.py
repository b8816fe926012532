"""A plan for other map programs: RFC 7946, with the figures of the plan."""

from dataclasses import replace

import pytest

from routing.formats.geojson import geojson
from routing.io import NoCoordinates
from routing.problem import Problem


@pytest.fixture
def document(morning, plan_for):
    return geojson(morning, plan_for(morning))


def test_a_line_for_each_route_and_a_point_for_each_visit(document, morning, plan_for):
    plan = plan_for(morning)
    kinds = [feature["geometry"]["type"] for feature in document["features"]]
    assert kinds.count("LineString") == len(plan.routes) == 1
    assert kinds.count("Point") == len(plan.routes[0].visits)
    line = document["features"][0]
    assert len(line["geometry"]["coordinates"]) == len(plan.routes[0].visits)
    assert line["properties"]["distance_m"] == plan.totals.distance_m


def test_longitude_comes_first(document):
    lons = {position[0] for position in document["features"][0]["geometry"]["coordinates"]}
    assert lons == {17.0}


def test_points_say_what_happens_when(document, morning, plan_for):
    points = [f["properties"] for f in document["features"] if f["geometry"]["type"] == "Point"]
    visits = plan_for(morning).routes[0].visits
    assert [(p["stop"], p["start_s"], p["deliveries"]) for p in points] == [
        (visit.stop, visit.start_s, list(visit.deliveries)) for visit in visits
    ]


def test_a_stop_without_coordinates_is_named(morning, plan_for):
    bare = Problem(
        tuple(replace(stop, lat=None) for stop in morning.stops),
        morning.shipments,
        morning.vehicles,
        morning.distance_m,
        morning.duration_s,
    )
    with pytest.raises(NoCoordinates, match="'home'"):
        geojson(bare, plan_for(bare))
