"""Who produces what: the areas one can look at, amounts over months, and what a letter may say. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from market.followup.periods import Span, SpanKind
from market.followup.rules import MONTHS_A_YEAR, month_of
from market.values import Period, Refused, msg

WINDOW = 12
"""Months that are looked at together: a year, so that each season is in it once."""
LONGEST_LETTER = 6_000


class Area(StrEnum):
    """Own: what the authority's definition calls local. County and region: where the production begins."""

    OWN = "own"
    COUNTY = "county"
    REGION = "region"
    ALL = "all"


class Look(StrEnum):
    """The year that begins with this month, or the one that ends with the month before it."""

    AHEAD = "ahead"
    BACK = "back"


class NobodyToMail(Refused):
    message = msg(
        "Det finns ingen e-postadress att mejla till. Skriv en adress, eller skriv ut brevet i stället."
    )


class LetterNeedsWords(Refused):
    message = msg("Brevet är tomt. Skriv vad ni vill säga till producenten.")


class LetterIsTooLong(Refused):
    message = msg("Brevet är för långt. Skriv högst %(most)s tecken.")


def looking(today: date, look: Look) -> When:
    """The twelve months of a look, seen from a day."""
    this_month = Span.containing(today, SpanKind.MONTH)
    months = this_month.shifted(WINDOW - 1 if look is Look.AHEAD else -1).trail(WINDOW)
    return When(
        months=tuple(month.bucket for month in months),
        period=Period(months[0].period.start, months[-1].period.end),
        today=today,
        this_month=this_month.bucket,
    )


def year_later(month: int) -> int:
    """The same month a year later, both as year * 100 + month."""
    return month + MONTHS_A_YEAR


def year_earlier(month: int) -> int:
    return month - MONTHS_A_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The months that are looked at, as year * 100 + month, their days, and today."""

    months: Sequence[int]
    period: Period
    today: date
    this_month: int

    @property
    def coming(self) -> list[int]:
        """Those of which the same month a year earlier says what to expect."""
        return [month for month in self.months if month >= self.this_month]

    @property
    def with_year_before(self) -> Period:
        """From a year earlier on, where something is to come."""
        start = self.period.start
        return Period(start.replace(year=start.year - 1), self.period.end) if self.coming else self.period


def spread(grams: int, period: Period, within: Period) -> dict[int, int]:
    """What of an amount falls in each month of `within`, by days; over all its months it adds up exactly."""
    if month_of(period.start) == month_of(period.last):
        return {month_of(period.start): grams} if period.overlaps(within) else {}
    found, day, days = {}, max(period.start, within.start), (period.end - period.start).days
    while day < min(period.end, within.end):
        month = Span.containing(day, SpanKind.MONTH)
        end = min(month.period.end, period.end)
        begun, ended = ((one - period.start).days for one in (max(month.period.start, period.start), end))
        found[month.bucket] = grams * ended // days - grams * begun // days
        day = end
    return found


def added(parts: Iterable[Mapping[int, int]]) -> dict[int, int]:
    """Amounts by month, added up."""
    total: dict[int, int] = {}
    for part in parts:
        for month, grams in part.items():
            total[month] = total.get(month, 0) + grams
    return total


def week_from(monday: date) -> Period:
    """The seven days of a week that is named by its Monday."""
    return Period(monday, monday + timedelta(days=7))


def check_letter(text: str) -> str:
    """The letter as it is kept. Raises LetterNeedsWords, LetterIsTooLong."""
    kept = text.replace("\r\n", "\n").strip()
    if not kept:
        raise LetterNeedsWords
    if len(kept) > LONGEST_LETTER:
        raise LetterIsTooLong(most=LONGEST_LETTER)
    return kept
