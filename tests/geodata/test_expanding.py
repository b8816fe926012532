"""The expanding circle: how far to go for what is wanted, and never a guess."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from locality import POINTS

from geodata.distances import distance_m
from geodata.expanding import InvalidSupply, Supply, expanding_circle, supply_curve
from geodata.points import Point
from geodata.travel import Estimator, TravelMatrix

KITCHEN = Point(lat=59.758, lon=18.705)
OFFERS = st.lists(
    st.builds(Supply, key=st.integers(0, 99), point=POINTS, amount_grams=st.integers(1, 500_000)), max_size=8
)
NEAR, MIDDLE, FAR = Point(lat=59.9, lon=18.5), Point(lat=60.34, lon=17.51), Point(lat=61.9, lon=16.1)
THREE = [Supply("far", FAR, 500_000), Supply("near", NEAR, 120_000), Supply("middle", MIDDLE, 100_000)]


def test_the_circle_grows_until_the_need_is_covered():
    answer = expanding_circle(THREE, centre=KITCHEN, wanted_grams=200_000)
    assert answer.is_covered
    assert [one.supply.key for one in answer.suppliers] == ["near", "middle"]
    assert answer.radius_m == distance_m(MIDDLE, KITCHEN)
    assert answer.suppliers[-1].total_grams == 220_000


def test_what_nobody_can_cover_is_said():
    answer = expanding_circle(THREE, centre=KITCHEN, wanted_grams=1_000_000)
    assert (answer.is_covered, answer.radius_m, answer.short_by_grams) == (False, None, 280_000)
    assert len(answer.suppliers) == 3
    nothing = expanding_circle([], centre=KITCHEN, wanted_grams=1)
    assert (nothing.radius_m, nothing.short_by_grams, nothing.suppliers) == (None, 1, ())


def test_estimated_roads_give_the_bounds_of_the_true_radius():
    answer = expanding_circle(THREE, centre=KITCHEN, wanted_grams=200_000, travel=Estimator())
    low, high = answer.radius_bounds_m
    assert answer.is_estimate
    assert low < answer.radius_m < high


class Ferryless:
    """An engine to which only the far supplier is connected."""

    def matrix(self, origins, destinations):
        metres = np.full((len(origins), len(destinations)), 90_000)
        reachable = np.array([[point == FAR] for point in origins])
        return TravelMatrix(metres, metres, "test", "1", is_estimate=False, reachable=reachable)


def test_whom_no_road_reaches_is_named_and_never_counts():
    answer = expanding_circle(THREE, centre=KITCHEN, wanted_grams=600_000, travel=Ferryless())
    assert (answer.is_covered, answer.short_by_grams) == (False, 100_000)
    assert {offer.key for offer in answer.unreachable} == {"near", "middle"}
    assert not answer.is_estimate


@given(offers=OFFERS, wanted=st.integers(1, 900_000), more=st.integers(0, 500_000))
def test_more_wanted_never_shrinks_the_circle(offers, wanted, more):
    small, large = (
        expanding_circle(offers, centre=KITCHEN, wanted_grams=grams) for grams in (wanted, wanted + more)
    )
    assert small.is_covered or not large.is_covered
    if large.radius_m is not None:
        assert small.radius_m <= large.radius_m


@given(offers=OFFERS, wanted=st.integers(1, 900_000), order=st.randoms())
def test_it_is_the_smallest_circle_and_the_order_never_matters(offers, wanted, order):
    answer = expanding_circle(offers, centre=KITCHEN, wanted_grams=wanted)
    shuffled = list(offers)
    order.shuffle(shuffled)
    again = expanding_circle(shuffled, centre=KITCHEN, wanted_grams=wanted)
    assert (again.radius_m, again.short_by_grams) == (answer.radius_m, answer.short_by_grams)
    away = [(distance_m(offer.point, KITCHEN), offer.amount_grams) for offer in offers]
    enough = [metres for metres, _ in away if sum(g for m, g in away if m <= metres) >= wanted]
    assert answer.radius_m == (min(enough) if enough else None)


def test_the_curve_is_what_a_slider_moves_along():
    assert [one.total_grams for one in supply_curve(THREE, centre=KITCHEN)] == [120_000, 220_000, 720_000]


def test_amounts_that_cannot_be_are_refused():
    with pytest.raises(InvalidSupply, match="Give more than 0"):
        Supply("x", NEAR, 0)
    with pytest.raises(InvalidSupply, match="Give more than 0"):
        expanding_circle(THREE, centre=KITCHEN, wanted_grams=0)
