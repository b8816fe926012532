"""Swedish working days: the eves, moving feasts, leap days, and how days are counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.dis.working_days import add_working_days, is_working_day, working_days_between

FREE = [
    date(2026, 1, 1),
    date(2026, 1, 6),
    date(2026, 4, 3),  # Good Friday
    date(2026, 4, 6),  # Easter Monday
    date(2026, 5, 1),
    date(2026, 5, 14),  # Ascension Day
    date(2025, 6, 6),  # National Day, a Friday
    date(2026, 6, 19),  # midsummer's eve, the earliest there is
    date(2021, 6, 25),  # and the latest
    date(2026, 6, 20),
    date(2026, 12, 24),
    date(2026, 12, 25),
    date(2026, 12, 31),
    date(2026, 11, 28),  # a Saturday
    date(2026, 11, 29),  # a Sunday
]
WORKED = [
    date(2026, 4, 2),  # Maundy Thursday
    date(2026, 6, 18),
    date(2026, 6, 22),
    date(2026, 5, 15),  # the squeezed Friday
    date(2026, 12, 23),
    date(2026, 12, 30),
    date(2024, 2, 29),
    date(2025, 6, 19),  # midsummer week
    date(2026, 10, 30),  # All Saints' eve
]
DAYS = st.dates(date(2022, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize("day", FREE)
def test_free_days(day):
    assert not is_working_day(day)


@pytest.mark.parametrize("day", WORKED)
def test_working_days(day):
    assert is_working_day(day)


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 11, 2), 10, date(2026, 11, 16)),
        (date(2026, 6, 18), 1, date(2026, 6, 22)),  # over midsummer
        (date(2026, 6, 8), 10, date(2026, 6, 23)),
        (date(2026, 12, 17), 10, date(2027, 1, 7)),  # Christmas, New Year and Epiphany
        (date(2026, 12, 23), 1, date(2026, 12, 28)),
        (date(2024, 2, 28), 1, date(2024, 2, 29)),
        (date(2024, 2, 28), 2, date(2024, 3, 1)),
        (date(2023, 2, 28), 1, date(2023, 3, 1)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # received on a Saturday
        (date(2026, 3, 27), 5, date(2026, 4, 7)),  # the night when the clock is put forward, and Easter
        (date(2026, 11, 2), 0, date(2026, 11, 2)),
    ],
)
def test_counting(day, n, expected):
    assert add_working_days(day, n) == expected


def test_days_are_counted_forward():
    with pytest.raises(ValueError, match="forward"):
        add_working_days(date(2026, 11, 2), -1)


@given(DAYS, st.integers(1, 40))
def test_the_nth_working_day_is_n_working_days_away(day, n):
    last = add_working_days(day, n)
    assert is_working_day(last)
    assert working_days_between(day, last) == n
    assert working_days_between(last, day) == -n


@given(DAYS, st.integers(0, 60))
def test_every_week_has_some_working_day(day, days):
    assert working_days_between(day, day + timedelta(days=days)) <= days
    assert working_days_between(day, day + timedelta(days=8)) >= 1


def test_nothing_is_between_a_day_and_itself():
    assert working_days_between(date(2026, 11, 2), date(2026, 11, 2)) == 0
