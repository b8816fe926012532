"""Swedish working days, in which LOU counts what must be decided (8 kap. 7 and 13 §§). Pure.

Not working days: Saturdays, Sundays, public holidays (lag 1989:253), and the eves of midsummer, Christmas and New
Year, which the law on statutory periods treats like Sundays (lag 1930:173, 2 §).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays

ONE_DAY = timedelta(days=1)
SATURDAY = 5
EVES = ((12, 24), (12, 31))


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("SE", years=year, include_sundays=False))


def _is_midsummer_eve(day: date) -> bool:
    """The Friday from 19 to 25 June."""
    return day.month == 6 and 19 <= day.day <= 25 and day.weekday() == SATURDAY - 1


def is_working_day(day: date) -> bool:
    if day.weekday() >= SATURDAY or (day.month, day.day) in EVES or _is_midsummer_eve(day):
        return False
    return day not in _public_holidays(day.year)


def add_working_days(day: date, n: int) -> date:
    """The n-th working day after `day`, which itself is not counted (EEG, Euratom 1182/71, art. 3)."""
    if n < 0:
        raise ValueError("Working days are counted forward.")
    counted = day
    while n:
        counted += ONE_DAY
        n -= is_working_day(counted)
    return counted


def working_days_between(start: date, end: date) -> int:
    """How many working days come after `start` up to and with `end`; negative when `end` is the earlier one."""
    if end < start:
        return -working_days_between(end, start)
    days = (end - start).days
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, days + 1))
