"""When the chain is broken: chilled at once, frozen when it is warm for long or far too warm."""

from __future__ import annotations

from datetime import timedelta

import pytest
from driving_making import clock
from hypothesis import given
from hypothesis import strategies as st

from market.driving.cold_chain import BRIEF, Reading, chain_break, limit_of
from market.register.models import Temperature

CHILLED, FROZEN, AMBIENT = Temperature.CHILLED, Temperature.FROZEN, Temperature.AMBIENT


def readings(*degrees, every=10):
    return [
        Reading(at=clock(8) + timedelta(minutes=every * n), decidegrees=value)
        for n, value in enumerate(degrees)
    ]


@pytest.mark.parametrize(
    ("temperature", "degrees", "worst"),
    [
        (CHILLED, (40, 80, 20), None),
        (CHILLED, (40, 81, 20), 81),
        (CHILLED, (90, 120, 100), 120),
        (FROZEN, (-200, -180), None),
        (FROZEN, (-200, -160, -190), None),  # up to three degrees for a brief while
        (FROZEN, (-200, -149, -190), -149),
        (FROZEN, (-170, -165, -160, -170), -160),  # half an hour
        (FROZEN, (-170, -165, -185, -170), None),  # cold again between them
        (AMBIENT, (250, 300), None),
    ],
)
def test_what_breaks_the_chain(temperature, degrees, worst):
    found = chain_break(temperature, readings(*degrees))
    assert (found.decidegrees if found else None) == worst


def test_an_authority_may_be_stricter_but_not_looser():
    assert limit_of(CHILLED, 40) == 40
    assert limit_of(CHILLED, 120) == 80
    assert chain_break(CHILLED, readings(50), own=40).limit == 40


@given(st.lists(st.integers(-400, 400), max_size=8), st.integers(1, 40), st.sampled_from([CHILLED, FROZEN]))
def test_a_break_is_a_reading_above_the_limit_and_cold_goods_have_none(degrees, every, temperature):
    found = chain_break(temperature, readings(*degrees, every=every))
    if found is None:
        assert temperature is FROZEN or all(one <= 80 for one in degrees)
    else:
        assert found.decidegrees > found.limit
        assert found.decidegrees in degrees
    assert timedelta(0) < BRIEF
