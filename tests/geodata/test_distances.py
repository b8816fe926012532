"""Distances as the crow flies."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.distances import circle, distance_m, distance_matrix_m
from geodata.points import Point

POINTS = st.builds(Point, lat=st.floats(55.4, 69.0), lon=st.floats(11.1, 24.1))
STOCKHOLM, MALMO = Point(lat=59.3293, lon=18.0686), Point(lat=55.605, lon=13.0038)


def test_stockholm_to_malmo_agrees_with_geopys_geodesic():
    from geopy.distance import geodesic

    expected = geodesic((STOCKHOLM.lat, STOCKHOLM.lon), (MALMO.lat, MALMO.lon)).meters
    assert distance_m(STOCKHOLM, MALMO) == pytest.approx(expected, abs=1)


@given(one=POINTS, other=POINTS)
def test_distances_are_mutual(one, other):
    assert distance_m(one, other) == distance_m(other, one)
    assert distance_m(one, one) == 0


@given(origins=st.lists(POINTS, max_size=4), destinations=st.lists(POINTS, max_size=4))
def test_the_matrix_holds_the_pairs(origins, destinations):
    matrix = distance_matrix_m(origins, destinations)
    assert matrix.shape == (len(origins), len(destinations))
    assert matrix.dtype == np.int64
    for row, origin in zip(matrix, origins, strict=True):
        assert list(row) == [distance_m(origin, destination) for destination in destinations]


def test_a_circle_lies_at_its_radius_all_round():
    ring = circle(STOCKHOLM, radius_m=50_000)
    assert ring[0] == ring[-1]
    away = [distance_m(STOCKHOLM, Point(lat=lat, lon=lon)) for lon, lat in ring]
    assert min(away) == pytest.approx(50_000, abs=20)
    assert max(away) == pytest.approx(50_000, abs=20)
