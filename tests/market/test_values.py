"""Money, quantities, periods, weeks and clock times: exact, half-open, and right in the nights when the clock moves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.values import (
    LARGEST,
    SWEDEN,
    EmptyPeriod,
    NotAQuantity,
    Period,
    Quantity,
    TooLarge,
    Unit,
    Week,
    line_total_ore,
    local_date,
    round_ore,
    wall_clock,
)

PRICES = st.decimals(min_value=Decimal("0.0001"), max_value=Decimal(999), places=4)
STEPS = st.integers(min_value=1, max_value=20_000)
DAYS = st.dates(min_value=date(2000, 1, 3), max_value=date(2099, 12, 20))
# Nights when the Swedish clock goes forward and back.
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6))
def test_rounding_never_moves_more_than_half_an_ore(kronor):
    assert abs(Fraction(round_ore(kronor)) - Fraction(kronor) * 100) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("kronor", "ore"),
    [("0.005", 1), ("0.0049", 0), ("-0.005", -1), ("2.675", 268), ("1.005", 101), ("14", 1400)],
)
def test_half_an_ore_goes_away_from_zero(kronor, ore):
    assert round_ore(Decimal(kronor)) == ore


@given(STEPS, PRICES, st.sampled_from(Unit))
def test_a_line_s_total_is_amount_times_price_to_the_ore(steps, price, unit):
    total = line_total_ore(Quantity(steps, unit), price)
    assert abs(total - Fraction(steps, unit.steps) * Fraction(price) * 100) <= Fraction(1, 2)


@given(st.lists(STEPS, min_size=1, max_size=8), st.integers(min_value=1, max_value=9_999))
def test_lines_in_whole_kilograms_sum_to_the_ore(kilograms, ore_per_kilogram):
    """What is split over several orders costs what it costs in one."""
    price = Decimal(ore_per_kilogram) / 100
    lines = [line_total_ore(Quantity(kg * 1000, Unit.KILOGRAM), price) for kg in kilograms]
    assert sum(lines) == line_total_ore(Quantity(sum(kilograms) * 1000, Unit.KILOGRAM), price)


@given(st.integers(min_value=1, max_value=LARGEST), st.sampled_from(Unit))
def test_an_amount_written_out_is_read_back_the_same(steps, unit):
    quantity = Quantity(steps, unit)
    assert Quantity.of(quantity.amount, unit) == quantity


@pytest.mark.parametrize(
    ("amount", "unit"),
    [
        ("0", Unit.KILOGRAM),
        ("-1", Unit.KILOGRAM),
        ("0.0001", Unit.KILOGRAM),
        ("0.5", Unit.PIECE),
        ("1.5", Unit.PIECE),
    ],
)
def test_half_an_egg_and_nothing_at_all_are_no_quantities(amount, unit):
    with pytest.raises(NotAQuantity):
        Quantity.of(Decimal(amount), unit)


@pytest.mark.parametrize("amount", ["2147483.648", "1e12", "1e300"])
def test_more_than_the_database_holds_is_refused_in_words(amount):
    with pytest.raises(TooLarge):
        Quantity.of(Decimal(amount), Unit.KILOGRAM)


def test_a_line_of_more_than_the_database_holds_is_refused_in_words():
    assert line_total_ore(Quantity(LARGEST, Unit.PIECE), Decimal("0.01")) == LARGEST
    with pytest.raises(TooLarge):
        line_total_ore(Quantity(LARGEST, Unit.KILOGRAM), Decimal(99))


def test_a_gram_is_the_smallest_step():
    assert Quantity.of(Decimal("0.001"), Unit.KILOGRAM) == Quantity(1, Unit.KILOGRAM)
    assert Quantity.of(3, Unit.PIECE) == Quantity(3, Unit.PIECE)


@given(DAYS, st.integers(min_value=1, max_value=400), st.integers(min_value=-5, max_value=405))
def test_a_period_has_its_first_day_and_not_its_end(start, length, offset):
    period = Period(start, start + timedelta(days=length))
    assert (start + timedelta(days=offset) in period) == (0 <= offset < length)
    assert period.last in period
    assert period.last + timedelta(days=1) == period.end


@given(DAYS, st.integers(1, 30), st.integers(-40, 40), st.integers(1, 30))
def test_periods_overlap_when_they_share_a_day(start, length, shift, other_length):
    period = Period(start, start + timedelta(days=length))
    other = Period(start + timedelta(days=shift), start + timedelta(days=shift + other_length))
    shared = set(range(length)) & set(range(shift, shift + other_length))
    assert period.overlaps(other) == other.overlaps(period) == bool(shared)


@pytest.mark.parametrize("days", [0, -1])
def test_a_period_without_a_day_is_refused(days):
    with pytest.raises(EmptyPeriod):
        Period(date(2026, 11, 23), date(2026, 11, 23) + timedelta(days=days))


@given(DAYS)
def test_a_week_is_the_seven_days_around_a_day(day):
    week = Week.containing(day)
    assert day in week.period
    assert day in week.days
    assert week.monday.isoweekday() == 1
    assert Week.parse(str(week)) == week
    assert (week.year, week.number) == day.isocalendar()[:2]


@given(DAYS, st.integers(-60, 60))
def test_shifting_weeks_keeps_their_order_and_comes_back(day, weeks):
    week = Week.containing(day)
    shifted = week.shifted(weeks)
    assert shifted.shifted(-weeks) == week
    assert (shifted > week) == (weeks > 0)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 12, 31), "2026-W53"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
        (date(2024, 12, 30), "2025-W01"),
        (date(2021, 1, 1), "2020-W53"),
    ],
)
def test_weeks_at_the_turn_of_the_year(day, name):
    assert str(Week.containing(day)) == name
    assert Week.parse(name).period.start <= day < Week.parse(name).period.end


@pytest.mark.parametrize("year", range(2020, 2040))
def test_week_53_exists_in_long_years_only(year):
    is_long = date(year, 12, 28).isocalendar().week == 53
    if is_long:
        assert Week.parse(f"{year}-W53").shifted(1) == Week(year + 1, 1)
    else:
        with pytest.raises(ValueError, match="week"):
            Week.parse(f"{year}-W53")


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-48", "2026-W", "2026-W00", "2026-W54", "W48-2026", "2026-W4x", "-W1"]
)
def test_what_is_no_week_is_refused(text):
    with pytest.raises(ValueError, match=r"week|Week|year"):
        Week.parse(text)


@given(st.dates(date(2020, 1, 1), date(2035, 12, 30)), st.integers(0, 2 * 86_400 - 1))
def test_the_clock_on_the_wall_shows_the_seconds_asked_for(day, seconds):
    """True but for the hour that the clock skips in spring."""
    at = wall_clock(day, seconds)
    seen = at.astimezone(UTC).astimezone(SWEDEN)
    expected = datetime.combine(day, datetime.min.time()) + timedelta(seconds=seconds)
    skipped = at.astimezone(UTC).astimezone(SWEDEN).replace(tzinfo=None) != at.replace(tzinfo=None)
    assert at.replace(tzinfo=None) == expected
    assert skipped == (expected.month == 3 and expected.hour == 2 and _is_spring_night(expected.date()))
    assert skipped or local_date(seen) == expected.date()


def _is_spring_night(day: date) -> bool:
    """The last Sunday of March."""
    return day.month == 3 and day.isoweekday() == 7 and day.day > 24


@pytest.mark.parametrize(
    ("day", "seconds", "utc"),
    [
        (SPRING, 1 * 3600, "2027-03-28T00:00"),
        (SPRING, 3 * 3600, "2027-03-28T01:00"),
        (SPRING, 7 * 3600, "2027-03-28T05:00"),
        (AUTUMN, 1 * 3600, "2026-10-24T23:00"),
        (AUTUMN, 3 * 3600, "2026-10-25T02:00"),
        (AUTUMN, 7 * 3600, "2026-10-25T06:00"),
        (AUTUMN, 24 * 3600, "2026-10-25T23:00"),
    ],
)
def test_seven_o_clock_is_seven_o_clock_also_after_the_night_when_it_moved(day, seconds, utc):
    assert wall_clock(day, seconds).astimezone(UTC) == datetime.fromisoformat(f"{utc}+00:00")


@pytest.mark.parametrize(
    ("utc", "day"),
    [("2026-06-30T21:59", 30), ("2026-06-30T22:00", 1), ("2026-11-30T22:59", 30), ("2026-11-30T23:00", 1)],
)
def test_the_day_turns_at_swedish_midnight(utc, day):
    assert local_date(datetime.fromisoformat(f"{utc}+00:00")).day == day
