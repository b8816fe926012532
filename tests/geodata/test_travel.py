"""Estimated roads: marked as such, with a band that encloses them; over water by ferry, or not at all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import areas, links
from geodata.distances import distance_matrix_m
from geodata.points import Point
from geodata.travel import UNREACHABLE, Assumption, Estimator, TravelMatrix
from geodata.travel.islands import FERRIES, ISLANDS, MAINLAND, land_of, land_row, lands

POINTS = st.lists(
    st.builds(Point, lat=st.floats(55.4, 69.0), lon=st.floats(11.1, 24.1)), min_size=1, max_size=3
)
ON_ISLANDS = st.sampled_from([Point(lat=lat, lon=lon) for island in ISLANDS for lat, lon, _ in island.discs])
MIXED = st.lists(st.one_of(POINTS.map(lambda points: points[0]), ON_ISLANDS), min_size=1, max_size=4)
A, B = Point(lat=59.758, lon=18.705), Point(lat=59.858, lon=17.639)


def test_the_estimate_is_the_crow_times_1_3_at_60_kmh():
    estimate = Estimator().matrix([A], [B])
    crow = distance_matrix_m([A], [B])[0, 0]
    assert estimate.metres[0, 0] == pytest.approx(1.3 * crow, abs=1)
    assert estimate.seconds[0, 0] == pytest.approx(1.3 * crow / 1000 * 60, abs=1)
    assert estimate.is_estimate
    assert estimate.metres.dtype == estimate.seconds.dtype == np.int64


@given(origins=MIXED, destinations=MIXED)
def test_the_band_encloses_the_estimate(origins, destinations):
    engine = Estimator()
    typical = engine.matrix(origins, destinations)
    shortest, longest = engine.bounds(origins, destinations)
    assert (shortest.metres <= typical.metres).all()
    assert (typical.metres <= longest.metres).all()
    assert (shortest.seconds <= typical.seconds).all()
    assert (typical.seconds <= longest.seconds).all()
    assert (typical.reachable == shortest.reachable).all()
    assert (typical.reachable == longest.reachable).all()


@given(origins=MIXED, destinations=MIXED)
def test_the_way_there_is_the_way_back(origins, destinations):
    there, back = Estimator().matrix(origins, destinations), Estimator().matrix(destinations, origins)
    assert np.abs(there.metres - back.metres.T).max() <= 1
    assert np.abs(there.seconds - back.seconds.T).max() <= 1
    assert (there.by_ferry == back.by_ferry.T).all()


@given(points=MIXED)
def test_each_pair_is_estimated_alone_as_together(points):
    together = Estimator().matrix(points, points)
    for row, origin in enumerate(points):
        for column, destination in enumerate(points):
            alone = Estimator().matrix([origin], [destination])
            assert alone.metres[0, 0] == together.metres[row, column]
            assert alone.seconds[0, 0] == together.seconds[row, column]


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


VISBY, NYNASHAMN, HEMSE = areas.seat("0980"), areas.seat("0192"), Point(lat=57.238, lon=18.373)
FARO, VEN, OCKERO = Point(lat=57.93, lon=19.15), Point(lat=55.907, lon=12.70), areas.seat("1407")


def test_gotland_is_reached_by_ferry_and_never_as_by_an_ordinary_road():
    found = Estimator().matrix([NYNASHAMN], [VISBY])
    assert found.by_ferry.all()
    assert found.reachable.all()
    crossing_s, wait_s = 195 * 60, 240 * 60
    assert crossing_s + wait_s < found.seconds[0, 0] < crossing_s + wait_s + 600
    shortest, longest = Estimator().bounds([NYNASHAMN], [VISBY])
    assert shortest.seconds[0, 0] > crossing_s
    assert longest.seconds[0, 0] > crossing_s + 2 * wait_s


def test_on_one_island_roads_are_roads():
    found = Estimator().matrix([VISBY], [HEMSE])
    assert not found.by_ferry.any()
    assert found.metres[0, 0] == pytest.approx(1.3 * distance_matrix_m([VISBY], [HEMSE])[0, 0], abs=1)


def test_two_ferries_follow_each_other():
    found = Estimator().matrix([FARO], [VISBY, NYNASHAMN])
    assert found.by_ferry.all()
    assert found.seconds[0, 1] > found.seconds[0, 0] + 195 * 60


def test_an_island_without_a_ferry_for_vehicles_is_unreachable():
    found = Estimator().matrix([VEN, NYNASHAMN], [areas.seat("1282"), VEN])
    assert found.reachable.tolist() == [[False, True], [True, False]]
    assert found.metres[0, 0] == found.seconds[0, 0] == UNREACHABLE
    assert not found.by_ferry.any()
    assert all((bound.metres[0, 0] == UNREACHABLE) for bound in Estimator().bounds([VEN], [NYNASHAMN]))


def test_municipalities_that_only_a_ferry_links_are_islands_and_those_with_a_bridge_are_not():
    bridged = {code for link in links.LINKS if link.by == "bridge" for code in (link.first, link.second)}
    ferried = {code for link in links.LINKS if link.by == "ferry" for code in (link.first, link.second)}
    islands = {code for code in ferried - bridged if not areas.neighbours(code)}
    assert islands == {"0980", "1407"}
    for municipality in areas.municipalities():
        on_island = land_of(areas.seat(municipality.code)) >= 0
        assert on_island == (municipality.code in islands), municipality


def test_the_landings_lie_on_the_lands_that_the_ferries_join():
    for ferry in FERRIES:
        assert [land_row(name) for name in ferry.lands] == lands(ferry.landings).tolist(), ferry.name


def test_no_island_is_drawn_over_another_except_faro_on_gotland():
    for row, island in enumerate(ISLANDS):
        holders = {land_of(Point(lat=lat, lon=lon)) for lat, lon, _ in island.discs}
        assert holders == {row}, island.name
    assert land_of(Point(lat=57.858, lon=19.062)) == land_row("Gotland")  # Fårösund, across from Fårö


def test_the_mainland_is_everything_else():
    assert lands([A, B, areas.seat("0885"), areas.seat("0186"), areas.seat("1419")]).tolist() == [-1] * 5
    assert land_row(MAINLAND) == -1
    assert lands([]).shape == (0,)


def test_the_masks_follow_from_the_rest_or_are_refused():
    zeros = np.zeros((1, 2), np.int64)
    plain = TravelMatrix(zeros, zeros, "x", "1", is_estimate=False)
    assert plain.reachable.all()
    assert not plain.estimated.any()
    assert TravelMatrix(zeros, zeros, "x", "1", is_estimate=True).estimated.all()
    half = TravelMatrix(zeros, zeros, "x", "1", is_estimate=False, reachable=np.array([[True, False]]))
    assert half.metres.tolist() == half.seconds.tolist() == [[0, UNREACHABLE]]
    with pytest.raises(ValueError, match="mask 'reachable'"):
        TravelMatrix(zeros, zeros, "x", "1", is_estimate=False, reachable=np.ones((2, 1), bool))
