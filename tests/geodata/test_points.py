"""Coordinates: what is refused and with which words, and the way to SWEREF 99 TM and back."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.points import NotInSweden, Point, SwappedCoordinates, to_sweref, to_wgs84

LATS = st.floats(55.4, 69.0)
LONS = st.floats(11.1, 24.1)


@pytest.mark.parametrize(
    ("lat", "lon"),
    [(48.85, 2.35), (59.9, 30.3), (0, 0), (math.nan, 18), (59, math.inf), (-59.3, 18)],
)
def test_a_point_outside_sweden_is_refused_with_the_limits(lat, lon):
    with pytest.raises(NotInSweden, match="outside Sweden"):
        Point(lat=lat, lon=lon)


def test_swapped_coordinates_are_told_from_wrong_ones():
    with pytest.raises(SwappedCoordinates, match=r"Give latitude first: 59\.75, 18\.7"):
        Point(lat=18.7, lon=59.75)


def test_grid_metres_are_recognised():
    for one, other in ((6_630_276, 708_092), (708_092, 6_630_276)):
        with pytest.raises(
            NotInSweden, match=r"6630276.*metres in a grid. Give degrees: 59\.75800, 18\.70500"
        ):
            Point(lat=one, lon=other)
    with pytest.raises(NotInSweden, match=r"metres in a grid.*Give degrees \(such as"):
        Point(lat=6_630_276, lon=1_660_000)  # RT 90


@pytest.mark.parametrize("text", ["59.758,18.705", " 59.758, 18.705 ", "59.758 18.705"])
def test_text_is_read_as_a_point(text):
    assert Point.parse(text) == Point(lat=59.758, lon=18.705)


@pytest.mark.parametrize("text", ["", "59.758", "a,b", "59.758,18.705,3", "59,758,18,705"])
def test_text_that_is_no_point_says_how_to_write_one(text):
    with pytest.raises(ValueError, match=r"such as 59\.758,18\.705"):
        Point.parse(text)


def test_sweref_agrees_with_the_epsg_definition():
    from pyproj import Transformer

    northing, easting = Transformer.from_crs(4326, 3006).transform(67.85, 20.23)
    place = Point(lat=67.85, lon=20.23).sweref
    assert place.northing == pytest.approx(northing, abs=0.001)
    assert place.easting == pytest.approx(easting, abs=0.001)


@given(lat=LATS, lon=LONS)
def test_sweref_and_back_is_the_same_place_within_a_millimetre(lat, lon):
    there = Point(lat=lat, lon=lon).sweref
    back = Point.from_sweref(easting=there.easting, northing=there.northing)
    assert back.lat == pytest.approx(lat, abs=1e-8)
    assert back.lon == pytest.approx(lon, abs=1e-8)


def test_arrays_convert_like_single_points():
    points = [Point(lat=55.6, lon=13.0), Point(lat=63.8, lon=20.3)]
    eastings, northings = to_sweref(lats=[p.lat for p in points], lons=[p.lon for p in points])
    assert np.allclose([p.sweref.easting for p in points], eastings)
    assert np.allclose([p.sweref.northing for p in points], northings)
    lats, _ = to_wgs84(eastings=eastings, northings=northings)
    assert np.allclose(lats, [p.lat for p in points])
