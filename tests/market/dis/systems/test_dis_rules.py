"""Which rules bind, when the first round may end, how much added values may weigh: at their edges."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.dis.rules import Regime
from market.dis.systems.rules import (
    Basics,
    CategoryText,
    CriterionKind,
    CriterionText,
    EndsTooEarly,
    FirstRoundTooShort,
    MustFollowDirective,
    NobodySupplies,
    NotAValue,
    PointsMissing,
    RegimeReasonNeeded,
    ReviewTooEarly,
    StandstillTooShort,
    TooMuchDeduction,
    check_category,
    check_first_round,
    check_regime,
    check_standstill,
    earliest_last_day,
    end_of,
    regime_by_value,
)
from market.dis.working_days import is_working_day

THRESHOLD = Decimal(2_389_585)
BASICS = Basics("DIS", "Mat", "a@example.se", date(2028, 1, 1), 238_958_500, Regime.DIRECTIVE)


@pytest.mark.parametrize(
    ("ore", "regime"),
    [
        (238_958_499, Regime.NATIONAL),
        (238_958_500, Regime.DIRECTIVE),
        (238_958_501, Regime.DIRECTIVE),
    ],
)
def test_the_directive_binds_from_the_threshold_on(ore, regime):
    assert regime_by_value(ore, threshold=THRESHOLD) is regime


def test_without_a_threshold_nothing_is_said_and_a_reason_is_needed():
    assert regime_by_value(1, threshold=None) is None
    with pytest.raises(RegimeReasonNeeded):
        check_regime(replace(BASICS, regime_reason=" "), threshold=None)
    check_regime(replace(BASICS, regime_reason="Enligt Upphandlingsmyndigheten"), threshold=None)


def test_stricter_rules_may_be_chosen_but_never_laxer():
    check_regime(replace(BASICS, value_ore=100), threshold=THRESHOLD)
    check_regime(replace(BASICS, value_ore=238_958_499, regime=Regime.NATIONAL), threshold=THRESHOLD)
    with pytest.raises(MustFollowDirective):
        check_regime(replace(BASICS, regime=Regime.NATIONAL, regime_reason="Vi vill"), threshold=THRESHOLD)


@pytest.mark.parametrize("ore", [0, -1, 10**14 + 1])
def test_a_value_is_more_than_nothing_and_no_slip(ore):
    with pytest.raises(NotAValue):
        check_regime(replace(BASICS, value_ore=ore), threshold=THRESHOLD)


def stated(bp: int) -> CriterionText:
    return CriterionText(CriterionKind.STATEMENT, "Tar emot skolklasser", bp)


def test_added_values_take_half_the_price_at_most_together():
    check_category(CategoryText("x", 1, None, (), (stated(3_000), stated(2_000))))
    with pytest.raises(TooMuchDeduction):
        check_category(CategoryText("x", 1, None, (), (stated(3_000), stated(2_001))))


def test_what_is_scored_has_points_and_somebody_wins():
    scored = CriterionText(CriterionKind.SCORED, "Smak", 100)
    with pytest.raises(PointsMissing):
        check_category(CategoryText("x", 1, None, (), (scored,)))
    for most, lots in ((0, None), (1, 0)):
        with pytest.raises(NobodySupplies):
            check_category(CategoryText("x", most, lots))


def test_a_standstill_is_none_or_long_enough():
    for days in (0, 10, 11):
        check_standstill(days, least=10)
    for days in (1, 9):
        with pytest.raises(StandstillTooShort):
            check_standstill(days, least=10)


@pytest.mark.parametrize(
    ("published", "last"),
    [
        (date(2026, 11, 24), date(2026, 12, 28)),  # 24 December is an eve, then Christmas and a weekend
        (date(2026, 11, 23), date(2026, 12, 23)),
        (date(2027, 5, 26), date(2027, 6, 28)),  # midsummer's eve, a Friday
        (date(2028, 1, 30), date(2028, 2, 29)),  # leap day, a Tuesday
        (date(2028, 1, 31), date(2028, 3, 1)),
        (date(2026, 12, 1), date(2027, 1, 4)),  # New Year's eve, a Thursday; then a holiday and a weekend
    ],
)
def test_thirty_whole_days_and_no_end_on_a_day_off(published, last):
    assert earliest_last_day(published, regime=Regime.DIRECTIVE, days=30) == last


@given(st.dates(date(2024, 1, 1), date(2040, 1, 1)))
def test_the_first_round_is_never_shorter_than_the_law_lets_it(published):
    last = earliest_last_day(published, regime=Regime.DIRECTIVE, days=30)
    assert last - published >= timedelta(days=30)
    assert is_working_day(last)
    assert end_of(last) - end_of(published) >= timedelta(days=30) - timedelta(
        hours=1
    )  # summer time may begin


def test_below_the_threshold_the_time_is_reasonable_and_not_nothing():
    assert earliest_last_day(date(2026, 11, 24), regime=Regime.NATIONAL, days=30) == date(2026, 11, 25)


def check_round(last, *, review=None, valid_until=date(2028, 1, 1)):
    check_first_round(last, earliest=date(2026, 12, 28), valid_until=valid_until, review_until=review)


def test_the_first_round_ends_in_time_and_before_the_system_does():
    check_round(date(2026, 12, 28), review=date(2026, 12, 29))
    with pytest.raises(FirstRoundTooShort):
        check_round(date(2026, 12, 27))
    with pytest.raises(EndsTooEarly):
        check_round(date(2026, 12, 28), valid_until=date(2026, 12, 29))
    with pytest.raises(ReviewTooEarly):
        check_round(date(2026, 12, 28), review=date(2026, 12, 28))


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2026, 12, 28), datetime(2026, 12, 28, 23, tzinfo=UTC)),
        (date(2027, 3, 27), datetime(2027, 3, 27, 23, tzinfo=UTC)),  # the night to summer time
        (date(2027, 3, 28), datetime(2027, 3, 28, 22, tzinfo=UTC)),
        (date(2027, 10, 31), datetime(2027, 10, 31, 23, tzinfo=UTC)),  # back from it
    ],
)
def test_a_day_ends_when_the_swedish_clock_says_so(day, instant):
    assert end_of(day) == instant
