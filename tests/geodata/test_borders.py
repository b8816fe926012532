"""The basemap: compact, whole, and without gaps between neighbours."""

import json

import pytest
import shapely

from geodata.borders import borders_geojson


def test_every_municipality_is_there_with_its_names():
    features = borders_geojson()["features"]
    assert len(features) == 290
    assert features[0]["properties"] == {"code": "0114", "name": "Upplands Väsby", "county": "Stockholms län"}


def test_coordinates_have_at_most_four_decimals():
    ring = borders_geojson()["features"][0]["geometry"]["coordinates"][0][0]
    assert ring[0] == ring[-1]
    assert all(round(number, 4) == number for corner in ring for number in corner)


def drawn(tolerance_m):
    features = borders_geojson(tolerance_m=tolerance_m)["features"]
    return shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])


@pytest.mark.parametrize("tolerance_m", [0, 200, 400])
def test_neighbours_still_fit_when_thinned(tolerance_m):
    shapes = drawn(tolerance_m)
    assert shapely.coverage_is_valid(shapes)
    assert len(shapes) == 290


@pytest.mark.parametrize("tolerance_m", [500, 2000])
def test_coarsely_drawn_neighbours_neither_overlap_nor_gap_for_the_eye(tolerance_m):
    """Rounding to a hundred metres may fold a needle over; what overlaps stays under a ten-thousandth."""
    shapes = shapely.make_valid(drawn(tolerance_m))
    together = shapely.union_all(shapes)
    assert shapely.area(shapes).sum() == pytest.approx(together.area, rel=1e-4)
    whole = shapely.union_all(shapely.make_valid(drawn(0)))
    assert together.area == pytest.approx(whole.area, rel=0.01)


def test_thinning_leaves_fewer_corners():
    sizes = [len(json.dumps(borders_geojson(tolerance_m=metres))) for metres in (0, 1000, 3000)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < 0.8 * sizes[0]


def test_a_box_brings_those_that_touch_it_and_no_others():
    names = {f["properties"]["name"] for f in borders_geojson((59.75, 18.6, 59.8, 18.75))["features"]}
    assert names == {"Norrtälje"}
    assert borders_geojson((55.0, 10.5, 55.1, 10.6))["features"] == []


def test_the_great_lakes_are_holes():
    land = shapely.union_all(
        [shapely.from_geojson(json.dumps(f["geometry"])) for f in borders_geojson()["features"]]
    )
    assert not land.contains(shapely.Point(13.3, 58.9))  # Vänern
    assert not land.contains(shapely.Point(14.55, 58.3))  # Vättern


def test_a_negative_tolerance_is_refused():
    with pytest.raises(ValueError, match="Give 0"):
        borders_geojson(tolerance_m=-1)
