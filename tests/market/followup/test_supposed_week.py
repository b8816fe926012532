"""The planner asked about weeks that are only supposed: as much as can be is driven, on the roads and the fuel there are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from week_inputs import GOODS, HUB, SITE, VAN, week

from geodata.travel import Estimator
from market.planning.what_if import (
    NO_FUEL,
    NO_VEHICLE,
    ClosedWay,
    Fuel,
    KnownRoads,
    drive,
    point_of,
    reachable,
)

FAR = replace(SITE, id=9, name="Långtbortgården", lat=59.45, lon=18.95)
INPUTS = week(
    goods=(GOODS, replace(GOODS, order_id=8, site_id=9, producer_id=9)), sites=(SITE, FAR), kitchens=(HUB,)
)
MIDWAY = ClosedWay(lat=(SITE.lat + HUB.lat) / 2, lon=(SITE.lon + HUB.lon) / 2, radius_m=1_000)


@pytest.fixture(scope="module")
def roads() -> KnownRoads:
    return KnownRoads.measured([point_of(p) for p in (SITE, FAR, HUB, VAN)], travel=Estimator())


def test_everything_is_driven_where_it_can_be(roads):
    driven = drive(INPUTS, roads=roads)
    assert driven.delivered == {7, 8}
    assert not driven.left
    picked = [one for tour in driven.tours for halt in tour.halts for one in halt.picked]
    dropped = [
        one for tour in driven.tours for halt in tour.halts if halt.place_id == HUB.id for one in halt.dropped
    ]
    assert sorted(picked) == sorted(dropped) == [7, 8]
    assert driven.distance_m == sum(tour.distance_m for tour in driven.tours) > 0
    assert driven == drive(INPUTS, roads=roads), "the same again"


def test_with_little_fuel_the_tours_that_carry_most_for_their_length_are_driven(roads):
    near = drive(replace(INPUTS, goods=(GOODS,)), roads=roads)
    some = drive(INPUTS, roads=roads, fuel=Fuel(metres=near.distance_m))
    assert some.delivered == {7}
    assert some.distance_m <= near.distance_m
    assert some.left == {8: NO_FUEL}
    assert not drive(INPUTS, roads=roads, fuel=Fuel(metres=1_000)).delivered


def test_a_way_that_is_closed_costs_its_detour_or_all_that_goes_by_it(roads):
    straight = drive(INPUTS, roads=roads)
    around = drive(INPUTS, roads=roads.without(replace(MIDWAY, detour_m=20_000, detour_s=1_200)))
    assert around.delivered == {7, 8}
    assert around.distance_m > straight.distance_m
    shut = roads.without(MIDWAY)
    assert (SITE.id, HUB.id) in reachable(INPUTS, roads=roads)
    assert (SITE.id, HUB.id) not in reachable(INPUTS, roads=shut)
    assert (FAR.id, HUB.id) in reachable(INPUTS, roads=shut)


def test_without_vehicles_nothing_comes_and_without_goods_nothing_is_asked(roads):
    assert drive(replace(INPUTS, vans=()), roads=roads).left == {7: NO_VEHICLE, 8: NO_VEHICLE}
    assert drive(replace(INPUTS, goods=()), roads=roads).tours == ()
    assert not reachable(replace(INPUTS, vans=()), roads=roads)
