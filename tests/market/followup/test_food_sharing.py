"""Food that is short is shared alike, from the nearest; and a week of it is loads that a van can take."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from week_inputs import HUB, SITE, VAN, week

from market.followup.preparedness.loading import DAY_GRAMS, LOAD_GRAMS, week_of_loads
from market.followup.preparedness.rules import Basis
from market.followup.preparedness.sharing import LEAST_GRAMS, Allotted, Supply, allot
from market.register.models import Temperature


def supply(site_id: int, grams: int, category: str = "potatoes") -> Supply:
    return Supply(
        site_id=site_id,
        producer_id=site_id,
        category=category,
        temperature=Temperature.AMBIENT,
        grams=grams,
        basis=Basis.OFFERS,
    )


def test_when_there_is_too_little_all_get_the_same_part_of_their_need():
    shares = allot(
        [supply(1, 60_000)], {(7, "potatoes"): 80_000, (8, "potatoes"): 40_000}, distance=lambda _, k: k
    )
    assert {one.kitchen_id: one.grams for one in shares} == {7: 40_000, 8: 20_000}


def test_the_nearest_supply_goes_first_and_what_is_out_of_reach_stays():
    far = {(1, 7): 9_000, (2, 7): 3_000, (3, 7): None}
    shares = allot(
        [supply(1, 50_000), supply(2, 50_000), supply(3, 50_000)],
        {(7, "potatoes"): 60_000},
        distance=lambda site, kitchen: far[site, kitchen],
    )
    assert [(one.supply.site_id, one.grams) for one in shares] == [(2, 50_000), (1, 10_000)]


def test_what_one_kitchen_cannot_have_goes_to_the_other():
    near_seven = {1: 7, 2: 8}
    shares = allot(
        [supply(1, 30_000), supply(2, 10_000)],
        {(7, "potatoes"): 40_000, (8, "potatoes"): 40_000},
        distance=lambda site, kitchen: 1 if near_seven[site] == kitchen else None,
    )
    assert {one.kitchen_id: one.grams for one in shares} == {7: 30_000, 8: 10_000}


AMOUNTS = st.integers(0, 900_000)


@settings(max_examples=40)
@given(
    st.lists(AMOUNTS, min_size=1, max_size=4),
    st.lists(AMOUNTS, min_size=1, max_size=4),
    st.frozensets(st.tuples(st.integers(0, 3), st.integers(0, 3))),
)
def test_nothing_is_given_twice_and_nothing_useful_is_left(supplies, needs, closed):
    have = [supply(n, grams) for n, grams in enumerate(supplies)]
    need = {(n, "potatoes"): grams for n, grams in enumerate(needs)}
    shares = allot(
        have, need, distance=lambda site, kitchen: None if (site, kitchen) in closed else site + kitchen
    )
    given_by, got = Counter(), Counter()
    for one in shares:
        given_by[one.supply.site_id] += one.grams
        got[one.kitchen_id] += one.grams
        assert (one.supply.site_id, one.kitchen_id) not in closed
    for number, grams in enumerate(supplies):
        assert given_by[number] <= grams
    for number, grams in enumerate(needs):
        assert got[number] <= grams
        for site, there_was in enumerate(supplies):
            if (site, number) not in closed:
                left, lacks = there_was - given_by[site], grams - got[number]
                assert min(left, lacks) < LEAST_GRAMS


@settings(max_examples=20)
@given(st.integers(LEAST_GRAMS, 5_000_000), st.integers(1, 21))
def test_a_weeks_loads_are_its_part_of_what_was_allotted(grams, days):
    driven = min(7, days)
    one = Allotted(supply=supply(SITE.id, grams), kitchen_id=HUB.id, grams=grams)
    loads = week_of_loads([one], inputs=week(goods=()), days=days, driven_days=driven)
    assert sum(load.goods.grams for load in loads) == grams * driven // days
    assert all(load.goods.grams == sum(load.content.values()) <= LOAD_GRAMS for load in loads)
    assert [load.goods.order_id for load in loads] == list(range(1, len(loads) + 1))
    if sum(load.goods.grams for load in loads) > DAY_GRAMS:
        assert len({load.goods.day for load in loads}) > 1


def test_loads_come_on_days_when_somebody_drives_and_both_ends_are_open():
    only_friday = replace(HUB, hours=tuple(hours for hours in HUB.hours if hours.weekday in (5, 6)))
    one = Allotted(supply=supply(SITE.id, 400_000), kitchen_id=HUB.id, grams=400_000)
    inputs = week(goods=(), kitchens=(only_friday,), vans=(VAN,))
    loads = week_of_loads([one], inputs=inputs, days=7, driven_days=7)
    assert {load.goods.day.isoweekday() for load in loads} == {5}
