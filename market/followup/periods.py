"""The periods that figures are given for: an ISO week, a month, a year; the one before, the same a year ago, a trail of them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from market.followup.rules import month_of, week_of
from market.values import Period, Week

MONTHS = 12
FIRST_YEAR, LAST_YEAR = 2000, 2199
FORM = re.compile("[0-9]{4}(-[0-9]{2}|-W[0-9]{2})?")


class SpanKind(StrEnum):
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A week, month or year; `number` is the week's or month's, 1 for a year. Written 2026-W53, 2026-11, 2026."""

    kind: SpanKind
    year: int
    number: int = 1

    @classmethod
    def containing(cls, day: date, kind: SpanKind) -> Span:
        """A week belongs to its ISO year: 2027-01-01 is in 2026-W53."""
        if kind is SpanKind.WEEK:
            week = Week.containing(day)
            return cls(kind, week.year, week.number)
        return cls(kind, day.year, day.month if kind is SpanKind.MONTH else 1)

    @classmethod
    def parse(cls, text: str) -> Span:
        """From what `str` gives. Raises ValueError for anything else."""
        if not (FORM.fullmatch(text) and FIRST_YEAR <= int(text[:4]) <= LAST_YEAR):
            raise ValueError(f"{text!r} is no week, month or year such as 2026-W48, 2026-11 or 2026")
        year, _, number = text.partition("-")
        if number.startswith("W"):
            week = Week.parse(text)
            return cls(SpanKind.WEEK, week.year, week.number)
        if not number:
            return cls(SpanKind.YEAR, int(year))
        first = date.fromisoformat(f"{text}-01")
        return cls(SpanKind.MONTH, first.year, first.month)

    @property
    def period(self) -> Period:
        """Its days, half-open."""
        match self.kind:
            case SpanKind.WEEK:
                return Week(self.year, self.number).period
            case SpanKind.MONTH:
                after = self.shifted(1)
                return Period(date(self.year, self.number, 1), date(after.year, after.number, 1))
            case SpanKind.YEAR:
                return Period(date(self.year, 1, 1), date(self.year + 1, 1, 1))

    @property
    def bucket(self) -> int:
        """How its rows are marked: Delivered.week, Delivered.month, or the month divided by 100 for a year."""
        match self.kind:
            case SpanKind.WEEK:
                return week_of(self.period.start)
            case SpanKind.MONTH:
                return month_of(self.period.start)
            case SpanKind.YEAR:
                return self.year

    def shifted(self, steps: int) -> Span:
        """So many periods later."""
        match self.kind:
            case SpanKind.WEEK:
                week = Week(self.year, self.number).shifted(steps)
                return Span(self.kind, week.year, week.number)
            case SpanKind.MONTH:
                year, month = divmod(self.year * MONTHS + self.number - 1 + steps, MONTHS)
                return Span(self.kind, year, month + 1)
            case SpanKind.YEAR:
                return Span(self.kind, self.year + steps)

    @property
    def before(self) -> Span:
        return self.shifted(-1)

    @property
    def year_before(self) -> Span | None:
        """The same week, month a year earlier; none for a week 53 whose year before has none."""
        if self.kind is not SpanKind.WEEK:
            return Span(self.kind, self.year - 1, self.number)
        try:
            date.fromisocalendar(self.year - 1, self.number, 1)
        except ValueError:
            return None
        return Span(self.kind, self.year - 1, self.number)

    def trail(self, count: int) -> tuple[Span, ...]:
        """The last `count` periods up to and with this one, in order of time."""
        return tuple(self.shifted(n) for n in range(1 - count, 1))

    def __str__(self) -> str:
        match self.kind:
            case SpanKind.WEEK:
                return f"{self.year}-W{self.number:02d}"
            case SpanKind.MONTH:
                return f"{self.year}-{self.number:02d}"
            case SpanKind.YEAR:
                return str(self.year)
