"""Estimated roads: marked as such, with a band that encloses them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.distances import distance_matrix_m
from geodata.points import Point
from geodata.travel import Assumption, Estimator, TravelMatrix

POINTS = st.lists(
    st.builds(Point, lat=st.floats(55.4, 69.0), lon=st.floats(11.1, 24.1)), min_size=1, max_size=3
)
A, B = Point(lat=59.758, lon=18.705), Point(lat=59.858, lon=17.639)


def test_the_estimate_is_the_crow_times_1_3_at_60_kmh():
    estimate = Estimator().matrix([A], [B])
    crow = distance_matrix_m([A], [B])[0, 0]
    assert estimate.metres[0, 0] == pytest.approx(1.3 * crow, abs=1)
    assert estimate.seconds[0, 0] == pytest.approx(1.3 * crow / 1000 * 60, abs=1)
    assert estimate.is_estimate
    assert estimate.metres.dtype == estimate.seconds.dtype == np.int64


@given(origins=POINTS, destinations=POINTS)
def test_the_band_encloses_the_estimate(origins, destinations):
    engine = Estimator()
    typical = engine.matrix(origins, destinations)
    shortest, longest = engine.bounds(origins, destinations)
    assert (shortest.metres <= typical.metres).all()
    assert (typical.metres <= longest.metres).all()
    assert (shortest.seconds <= typical.seconds).all()
    assert (typical.seconds <= longest.seconds).all()


def test_assumptions_are_configurable_and_told():
    engine = Estimator(typical=Assumption(circuity=1.25, kmh=55))
    assert engine.matrix([A], [B]).data_version == "circuity 1.25, 55 km/h"


@pytest.mark.parametrize(("circuity", "kmh"), [(0.9, 60), (1.3, 0), (1.3, 500), (float("nan"), 60)])
def test_impossible_assumptions_are_refused(circuity, kmh):
    with pytest.raises(ValueError, match="Give"):
        Assumption(circuity=circuity, kmh=kmh)


@pytest.mark.parametrize("typical", [Assumption(circuity=1.5, kmh=60), Assumption(circuity=1.3, kmh=80)])
def test_bounds_that_do_not_enclose_are_refused(typical):
    with pytest.raises(ValueError, match="must enclose"):
        Estimator(typical=typical)


def test_a_matrix_with_mismatched_halves_is_refused():
    with pytest.raises(ValueError, match="differ in shape"):
        TravelMatrix(np.zeros((1, 2), int), np.zeros((2, 1), int), "x", "1", is_estimate=False)
