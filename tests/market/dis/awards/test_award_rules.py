"""The standstill to the second, and the days of an award's notice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from market.dis.awards.rules import (
    NoticeState,
    ReasonsMissing,
    ReferenceMissing,
    SentBeforeTheContract,
    SentInTheFuture,
    StandstillTooLong,
    StandstillTooShort,
    check_notice_sent,
    check_reasons,
    check_standstill,
    notice_due,
    notice_state,
    quarter_end,
    standstill_end,
)
from market.values import SWEDEN


def swedish(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SWEDEN)


@pytest.mark.parametrize(
    ("sent", "end"),
    [
        (swedish(2026, 11, 23, 8), swedish(2026, 12, 4)),  # Monday: the tenth day is a Thursday
        (swedish(2026, 11, 23, 0, 0, 0), swedish(2026, 12, 4)),
        (swedish(2026, 11, 23, 23, 59, 59), swedish(2026, 12, 4)),
        (swedish(2026, 11, 24, 0, 0, 0), swedish(2026, 12, 5)),
        (swedish(2026, 11, 25, 8), swedish(2026, 12, 8)),  # the tenth day is a Saturday: to Monday's end
        (swedish(2026, 12, 14, 8), swedish(2026, 12, 29)),  # Christmas Eve, Christmas, a weekend
        (swedish(2027, 6, 15, 8), swedish(2027, 6, 29)),  # midsummer's eve 25 June, then the weekend
        (swedish(2026, 10, 19, 8), swedish(2026, 10, 30)),  # the clock is moved back within it
        (swedish(2027, 3, 22, 8), swedish(2027, 4, 2)),  # and forward: 28 March
        (swedish(2028, 2, 18, 8), swedish(2028, 2, 29)),  # 28 February is the last, 29 the first free day
        (swedish(2028, 2, 19, 8), swedish(2028, 3, 1)),  # the last day is 29 February
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), swedish(2026, 12, 5)),  # 00:30 on the 24th in Sweden
    ],
)
def test_a_standstill_of_ten_whole_days_from_the_day_after(sent, end):
    assert standstill_end(sent, days=10) == end
    assert standstill_end(sent, days=10).astimezone(SWEDEN).time().isoformat() == "00:00:00"


def test_none_or_at_least_ten():
    for lawful in (0, 10, 15, 60):
        check_standstill(lawful, least=10)
    for short in (-1, 1, 9):
        with pytest.raises(StandstillTooShort):
            check_standstill(short, least=10)
    with pytest.raises(StandstillTooLong):
        check_standstill(61, least=10)


def test_a_decision_has_reasons():
    assert check_reasons("  Lägst pris.\n") == "Lägst pris."
    with pytest.raises(ReasonsMissing):
        check_reasons(" \n ")


@pytest.mark.parametrize(
    ("agreed", "collects", "due"),
    [
        (date(2026, 12, 4), False, date(2027, 1, 3)),
        (date(2026, 12, 4), True, date(2027, 1, 30)),
        (date(2027, 1, 1), True, date(2027, 4, 30)),
        (date(2027, 3, 31), True, date(2027, 4, 30)),
        (date(2028, 1, 30), False, date(2028, 2, 29)),
        (date(2027, 6, 30), True, date(2027, 7, 30)),
        (date(2027, 7, 1), True, date(2027, 10, 30)),
    ],
)
def test_thirty_days_from_the_contract_or_from_the_quarter(agreed, collects, due):
    assert notice_due(agreed, collects=collects, days=30) == due


def test_quarters():
    assert [quarter_end(date(2028, month, 29)) for month in (2, 5, 8, 12)] == [
        date(2028, 3, 31), date(2028, 6, 30), date(2028, 9, 30), date(2028, 12, 31),
    ]  # fmt: skip


def test_a_notice_is_late_the_day_after_its_last():
    due = date(2027, 1, 3)
    assert notice_state(due_on=due, sent_on=None, today=due) is NoticeState.DUE
    assert notice_state(due_on=due, sent_on=None, today=due + timedelta(days=1)) is NoticeState.LATE
    assert notice_state(due_on=due, sent_on=due, today=date(2028, 1, 1)) is NoticeState.SENT


def test_what_can_be_said_of_a_notice_that_was_sent():
    agreed, today = date(2026, 12, 4), date(2026, 12, 10)
    assert check_notice_sent(agreed, " 2026-123 ", agreed_on=agreed, today=today) == "2026-123"
    with pytest.raises(SentInTheFuture):
        check_notice_sent(date(2026, 12, 11), "x", agreed_on=agreed, today=today)
    with pytest.raises(SentBeforeTheContract):
        check_notice_sent(date(2026, 12, 3), "x", agreed_on=agreed, today=today)
    with pytest.raises(ReferenceMissing):
        check_notice_sent(today, " ", agreed_on=agreed, today=today)
