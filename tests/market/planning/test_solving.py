"""Whatever the week looks like: every order is driven or left out with a reason, and the checker finds no fault."""

from __future__ import annotations

import pytest
from factories import HOUR, MONDAY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from market.planning import rules
from market.planning.inputs import Goods, OpenHours, Place, Van, WeekInputs
from market.planning.solving import solve_week
from market.planning.storing import check_sound, unserved_codes
from market.values import Week
from routing.solve import Limit

WEEK = Week.containing(MONDAY)
QUICK = Limit(iterations=3, seconds=5)
hours_of_day = st.builds(
    lambda weekday, opens, length: OpenHours(weekday=weekday, opens_s=opens, closes_s=opens + length),
    st.integers(1, 5),
    st.integers(5 * HOUR, 14 * HOUR),
    st.integers(60, 6 * HOUR),
)
some_hours = st.lists(hours_of_day, max_size=4).map(tuple)


@st.composite
def places(draw, count):
    return tuple(
        Place(
            id=number,
            name=f"Plats {number}",
            lat=draw(st.floats(59.4, 60.4)),
            lon=draw(st.floats(16.8, 18.6)),
            hours=draw(some_hours),
        )
        for number in range(1, count + 1)
    )


@st.composite
def vans(draw, count):
    return tuple(
        Van(
            id=number,
            name=f"Bil {number}",
            owner="municipality",
            home_name="Förrådet",
            lat=59.9,
            lon=17.6,
            capacity_grams=draw(st.integers(20_000, 900_000)),
            capacity_crates=draw(st.integers(2, 80)),
            weekdays=tuple(sorted(draw(st.sets(st.integers(1, 5), min_size=1)))),
            shift_starts_s=draw(st.integers(4, 9)) * HOUR,
            shift_ends_s=draw(st.integers(10, 18)) * HOUR,
            fixed_ore_per_shift=20_000,
            ore_per_km=400,
            ore_per_hour=30_000,
            co2e_g_per_km=210,
        )
        for number in range(1, count + 1)
    )


@st.composite
def weeks(draw):
    goods = tuple(
        Goods(
            order_id=number,
            producer_id=1,
            site_id=draw(st.integers(1, 3)),
            kitchen_id=draw(st.integers(1, 2)),
            day=WEEK.days[draw(st.integers(0, 4))],
            grams=draw(st.integers(1, 200_000)),
            crates=draw(st.integers(1, 20)),
        )
        for number in range(1, draw(st.integers(1, 6)) + 1)
    )
    return WeekInputs(
        authority_id=1,
        week=WEEK,
        goods=goods,
        sites=draw(places(3)),
        kitchens=draw(places(2)),
        vans=draw(vans(2)),
    )


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(inputs=weeks())
def test_every_order_is_driven_or_left_out_with_a_reason(inputs):
    try:
        solved = solve_week(inputs, limit=QUICK)
    except rules.NoVehicles:
        days = {day.isoweekday() for day in inputs.days}
        assert all(days.isdisjoint(van.weekdays) for van in inputs.vans)
        return
    check_sound(solved.problem, solved.plan)
    codes = unserved_codes(solved.problem, solved.plan)
    driven = {int(name.removeprefix("order:")) for name in solved.plan.served}
    assert driven | codes.keys() == {goods.order_id for goods in inputs.goods}
    assert driven.isdisjoint(codes)
    assert codes.keys() <= {goods.order_id for goods in inputs.goods}
    assert all(code in rules.REASONS for code in codes.values())
