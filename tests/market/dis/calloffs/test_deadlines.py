"""How long tenders are waited for: the day of sending does not count, and agreement needs everyone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from market.dis.calloffs.rules import (
    DeadlineInThePast,
    DeadlineNotAgreed,
    DeadlineTooSoon,
    ReasonForShortTime,
    Timing,
    check_deadline,
    earliest_deadline,
    is_short,
    usual_deadline,
)
from market.dis.rules import Regime
from market.values import SWEDEN

SECOND = timedelta(seconds=1)


def at(*parts):
    return datetime(*parts, tzinfo=SWEDEN)


SENT = at(2026, 11, 23, 9)


def timing(deadline, **changed):
    return Timing(
        **{
            "regime": Regime.DIRECTIVE, "sent_at": SENT, "deadline_at": deadline, "days": 10,
            "proposed": None, "all_agree": False, "reason": "",
        }
        | changed
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "earliest"),
    [
        (at(2026, 11, 23, 0, 0, 0), at(2026, 12, 4)),  # ten whole days: 24 November to 3 December
        (at(2026, 11, 23, 23, 59, 59), at(2026, 12, 4)),
        (at(2026, 11, 24, 0, 0, 0), at(2026, 12, 5)),
        (at(2026, 11, 25, 9), at(2026, 12, 8)),  # the tenth day is a Saturday: to the end of Monday
        (at(2027, 6, 15, 9), at(2027, 6, 29)),  # the tenth is midsummer's eve: to the end of Monday 28 June
        (
            at(2026, 12, 14, 9),
            at(2026, 12, 29),
        ),  # the tenth is Christmas Eve: to the end of Monday 28 December
        (at(2028, 2, 21, 9), at(2028, 3, 3)),  # over 29 February
        (at(2027, 3, 23, 9), at(2027, 4, 3)),  # over the change to summer time
        (at(2026, 10, 20, 9), at(2026, 10, 31)),  # over the change to winter time; 30 October is a Friday
    ],
)
def test_the_first_instant_after_the_days(sent, earliest):
    assert earliest_deadline(sent, 10) == earliest


def test_a_second_too_soon_and_just_enough():
    earliest = earliest_deadline(SENT, 10)
    with pytest.raises(DeadlineTooSoon):
        check_deadline(timing(earliest - SECOND))
    assert check_deadline(timing(earliest)) is False
    assert check_deadline(timing(earliest + SECOND)) is False


def test_a_shorter_time_needs_everyone_and_exactly_that_time():
    short = SENT + timedelta(days=4)
    assert check_deadline(timing(short, proposed=short, all_agree=True)) is True
    with pytest.raises(DeadlineNotAgreed):
        check_deadline(timing(short, proposed=short))
    with pytest.raises(DeadlineTooSoon):
        check_deadline(timing(short - SECOND, proposed=short, all_agree=True))


@pytest.mark.parametrize("regime", Regime)
def test_not_back_in_time(regime):
    for deadline in (SENT - SECOND, SENT):
        with pytest.raises(DeadlineInThePast):
            check_deadline(timing(deadline, regime=regime, proposed=deadline, all_agree=True, reason="x"))


def test_a_national_time_is_short_below_three_whole_working_days_and_needs_a_reason():
    friday_morning, friday_before = at(2026, 11, 27, 0), at(2026, 11, 26, 23, 59, 59)
    assert check_deadline(timing(friday_morning, regime=Regime.NATIONAL)) is False
    with pytest.raises(ReasonForShortTime):
        check_deadline(timing(friday_before, regime=Regime.NATIONAL))
    assert check_deadline(timing(friday_before, regime=Regime.NATIONAL, reason="Skörden är nu.")) is False


def test_days_off_are_no_working_days():
    assert is_short(at(2026, 12, 23, 9), at(2026, 12, 29, 12))  # only 28 December between
    assert is_short(at(2027, 6, 23, 9), at(2027, 6, 29, 12))  # Thursday 24 and Monday 28, not midsummer's eve


def test_the_usual_proposal_is_noon_of_a_working_day():
    assert usual_deadline(SENT, 10) == at(2026, 12, 4, 12)
    assert usual_deadline(at(2026, 11, 24, 9), 10) == at(2026, 12, 7, 12)  # the 5th is a Saturday
