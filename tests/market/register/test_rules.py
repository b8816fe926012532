"""The rules of the register: opening hours, masked numbers, what a product must say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.register.rules import (
    HIDDEN_NUMBER,
    HubMissing,
    HubOfAHub,
    NotAnOrganisationNumber,
    NotAPersonalNumber,
    OpenHours,
    WeightMissing,
    WindowEndsBeforeItBegins,
    WindowsOverlap,
    check_hours,
    check_hub,
    masked_number,
    organisation_number,
    weight_of_one,
)
from market.values import Unit

HOUR = 3600


def _hours(weekday: int, opens: int, closes: int) -> OpenHours:
    return OpenHours(weekday=weekday, opens_s=opens * HOUR, closes_s=closes * HOUR)


@pytest.mark.parametrize(("opens", "closes"), [(11, 7), (7, 7), (7, 25), (-1, 3)])
def test_a_window_that_is_no_window_is_refused(opens: int, closes: int) -> None:
    with pytest.raises(WindowEndsBeforeItBegins):
        _hours(1, opens, closes)


def test_windows_may_meet_but_not_overlap() -> None:
    check_hours([_hours(1, 7, 11), _hours(1, 11, 14), _hours(2, 8, 12)])
    with pytest.raises(WindowsOverlap):
        check_hours([_hours(1, 10, 14), _hours(1, 7, 11)])


@given(st.lists(st.tuples(st.integers(1, 7), st.integers(0, 23), st.integers(1, 24)), max_size=8))
def test_overlap_is_found_as_by_looking_at_each_hour(windows: list[tuple[int, int, int]]) -> None:
    sound = [_hours(*w) for w in windows if w[1] < w[2]]
    hours = [(h.weekday, hour) for h in sound for hour in range(h.opens_s // HOUR, h.closes_s // HOUR)]
    if len(set(hours)) == len(hours):
        check_hours(sound)
    else:
        with pytest.raises(WindowsOverlap):
            check_hours(sound)


@pytest.mark.parametrize("text", ["556000-0001", "5560000001", " 556000 0001 ", "16556000-0001"])
def test_an_organisation_number_is_read_however_it_is_written(text: str) -> None:
    assert organisation_number(text, is_sole_trader=False) == "556000-0001"


@pytest.mark.parametrize("text", ["556000-0002", "556000-000", "19811218-9876", "811218-9876", "abc", ""])
def test_what_is_no_organisation_number_is_refused(text: str) -> None:
    with pytest.raises(NotAnOrganisationNumber):
        organisation_number(text, is_sole_trader=False)


def test_a_sole_traders_number_is_a_personal_or_coordination_number() -> None:
    assert organisation_number("198112189876", is_sole_trader=True) == "19811218-9876"
    assert organisation_number("19811278-9873", is_sole_trader=True) == "19811278-9873"


@pytest.mark.parametrize("text", ["811218-9876", "19811218-9875", "19811318-9875", "556000-0001"])
def test_what_is_no_personal_number_is_refused(text: str) -> None:
    with pytest.raises(NotAPersonalNumber):
        organisation_number(text, is_sole_trader=True)


def test_only_a_sole_traders_number_is_hidden() -> None:
    assert masked_number("19811218-9876", is_sole_trader=True) == HIDDEN_NUMBER
    assert masked_number("556000-0001", is_sole_trader=False) == "556000-0001"
    assert masked_number(None, is_sole_trader=True) == ""


def test_a_kilogram_weighs_a_kilogram_and_other_units_must_say() -> None:
    assert weight_of_one(Unit.KILOGRAM, None) == 1000
    assert weight_of_one(Unit.KILOGRAM, 60) == 1000
    assert weight_of_one(Unit.PIECE, 60) == 60
    for grams in (None, 0, -5, 1_000_001):
        with pytest.raises(WeightMissing):
            weight_of_one(Unit.PIECE, grams)


def test_a_satellite_has_a_hub_and_a_hub_has_none() -> None:
    check_hub(is_satellite=True, hub_id=1)
    check_hub(is_satellite=False, hub_id=None)
    with pytest.raises(HubMissing):
        check_hub(is_satellite=True, hub_id=None)
    with pytest.raises(HubOfAHub):
        check_hub(is_satellite=False, hub_id=1)
