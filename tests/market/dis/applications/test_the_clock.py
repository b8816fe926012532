"""When an application is to be decided (LOU 8 kap. 7-8 §§): the rounds, the eves, leap days, the clock's two changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.dis.applications.rules import (
    AlreadyExtended,
    FirstRoundStillOpen,
    TooLateToExtend,
    check_extension,
    check_round_is_over,
    is_first_round,
    is_late,
    last_day_to_decide,
    review_begins_on,
)
from market.dis.rules import ApplicationState
from market.dis.working_days import is_working_day, working_days_between
from market.values import SWEDEN, local_date

SECOND = timedelta(seconds=1)
DAYS, CLOCK = st.dates(date(2024, 1, 1), date(2032, 1, 1)), st.times(timezones=st.just(UTC))
INSTANTS = st.builds(datetime.combine, DAYS, CLOCK)


def at(text: str) -> datetime:
    """The Swedish clock."""
    return datetime.fromisoformat(text).replace(tzinfo=SWEDEN)


def due(submitted: str, *, ends: str | None = None, until: date | None = None, days: int = 10) -> date:
    ends_at = at(ends) if ends else None
    return last_day_to_decide(at(submitted), ends_at=ends_at, first_review_until=until, working_days=days)


@pytest.mark.parametrize(
    ("submitted", "days", "expected"),
    [
        ("2026-11-23T08:00", 10, date(2026, 12, 7)),
        ("2026-11-23T08:00", 15, date(2026, 12, 14)),
        ("2026-11-23T23:59:59", 10, date(2026, 12, 7)),
        ("2026-11-24T00:00", 10, date(2026, 12, 8)),
        ("2026-11-28T12:00", 10, date(2026, 12, 11)),  # on a Saturday
        ("2026-06-05T12:00", 10, date(2026, 6, 22)),  # midsummer's eve is the Friday within
        ("2026-06-19T12:00", 10, date(2026, 7, 3)),  # received on it
        ("2026-12-18T12:00", 10, date(2027, 1, 8)),  # Christmas, New Year, Epiphany
        ("2026-12-18T12:00", 15, date(2027, 1, 15)),
        ("2028-02-15T12:00", 10, date(2028, 2, 29)),  # ends on a leap day
        ("2027-02-15T12:00", 10, date(2027, 3, 1)),
        ("2026-03-27T12:00", 10, date(2026, 4, 14)),  # over the night of 29 March, and Easter
        ("2026-10-23T12:00", 10, date(2026, 11, 6)),  # over the night of 25 October
    ],
)
def test_working_days_from_receipt(submitted, days, expected):
    assert due(submitted, days=days) == expected


def test_the_swedish_day_counts_and_not_the_servers():
    """23:30 in London is the next day in Sweden."""
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert review_begins_on(late, ends_at=None) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("offset", "first"), [(-SECOND, True), (timedelta(0), False), (SECOND, False)], ids=["-1s", "+0", "+1s"]
)
def test_the_first_round_ends_on_the_stroke(offset, first):
    ends = at("2026-12-01T16:00")
    assert is_first_round(ends + offset, ends_at=ends) is first


def test_without_a_first_round_nobody_is_in_it():
    assert not is_first_round(at("2026-12-01T16:00"), ends_at=None)


def test_those_of_the_first_round_have_the_same_last_day():
    ends = "2026-12-01T16:00"
    assert due("2026-11-02T08:00", ends=ends) == due("2026-12-01T15:59:59", ends=ends) == date(2026, 12, 15)
    assert due("2026-12-01T16:00", ends=ends) == date(2026, 12, 15), "of the same day, by itself"
    assert due("2026-12-02T00:00", ends=ends) == date(2026, 12, 16)


def test_a_round_that_ends_at_midnight_ends_on_the_day_before():
    assert due("2026-11-02T08:00", ends="2026-12-02T00:00") == date(2026, 12, 15)


def test_a_longer_first_period_holds_for_what_comes_before_its_end():
    until = date(2027, 1, 29)
    assert due("2026-11-02T08:00", ends="2026-12-01T16:00", until=until) == until
    assert due("2027-01-29T23:59:59", until=until) == date(2027, 2, 12), "ten days are later than it"
    assert due("2027-01-11T08:00", until=until) == until
    assert due("2027-01-30T00:00", until=until) == date(2027, 2, 12)
    assert due("2026-11-02T08:00", until=date(2026, 11, 3)) == date(2026, 11, 16), "it never shortens"


@pytest.mark.parametrize(("offset", "open_"), [(-SECOND, True), (timedelta(0), False), (SECOND, False)])
def test_an_application_of_the_first_round_is_decided_after_it(offset, open_):
    ends, submitted = at("2026-12-01T16:00"), at("2026-11-02T08:00")
    if open_:
        with pytest.raises(FirstRoundStillOpen):
            check_round_is_over(submitted, ends_at=ends, at=ends + offset)
    else:
        check_round_is_over(submitted, ends_at=ends, at=ends + offset)


def test_a_late_one_is_late_when_its_last_day_is_over():
    last = date(2026, 12, 7)
    for today, late in ((last - timedelta(days=1), False), (last, False), (last + timedelta(days=1), True)):
        assert is_late(ApplicationState.SUBMITTED, last, today=today) is late
    assert not is_late(ApplicationState.ADMITTED, last, today=date(2027, 1, 1))
    assert not is_late(ApplicationState.SUBMITTED, None, today=date(2027, 1, 1))


@pytest.mark.parametrize(
    ("instant", "late"),
    [("2026-12-07T23:59:59", False), ("2026-12-08T00:00", True), ("2026-12-08T00:00:01", True)],
)
def test_lateness_begins_at_swedish_midnight(instant, late):
    assert is_late(ApplicationState.SUBMITTED, date(2026, 12, 7), today=local_date(at(instant))) is late


def test_time_is_extended_once_and_while_it_runs():
    last = date(2026, 12, 7)
    check_extension(last, is_extended=False, today=last)
    with pytest.raises(TooLateToExtend):
        check_extension(last, is_extended=False, today=last + timedelta(days=1))
    with pytest.raises(AlreadyExtended):
        check_extension(last, is_extended=True, today=last)


@given(INSTANTS, st.sampled_from([5, 10, 15]), st.none() | st.timedeltas(timedelta(0), timedelta(days=40)))
def test_the_last_day_is_a_working_day_so_many_after_the_beginning(submitted, days, ahead):
    ends = None if ahead is None else submitted + ahead
    last = last_day_to_decide(submitted, ends_at=ends, first_review_until=None, working_days=days)
    assert is_working_day(last)
    assert working_days_between(review_begins_on(submitted, ends_at=ends), last) == days
    assert last > local_date(submitted)
