"""Closed days from rows that were copied from a school's page: a name, and days as Swedes write them. Pure.

"Höstlov 2026-10-26 – 2026-10-30", "Höstlov: 26–30 oktober 2026", "Jullov 21 december 2026 – 8 januari 2027",
"Sportlov vecka 9 2027", "Klämdag;2027-05-07".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from market.fleet.rules import ClosedDays
from market.values import Refused, Week, msg

MOST_ROWS, LONGEST_NAME, LONGEST_SHOWN = 200, 120, 60
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_WEEK = re.compile(r"\bv(?:ecka|\.)?\s*(\d{1,2}),?\s+(\d{4})\b", re.IGNORECASE)
_MONTH = "|".join(rf"{name[:3]}(?:{name[3:]}|\.)?" for name in MONTHS)
_FIRST = rf"(\d{{1,2}})(?:\s+({_MONTH}))?(?:\s+(\d{{4}}))?\s*(?:[–—-]|till|t\.?o\.?m\.?)\s*"
_WORDS = re.compile(rf"\b(?:{_FIRST})?(\d{{1,2}})\s+({_MONTH})\s+(\d{{4}})\b", re.IGNORECASE)
_EDGES = " \t;,:–—-()|."


class TooManyRows(Refused):
    message = msg("Det är %(n)s rader. Klistra in högst %(most)s åt gången.")


class NothingPasted(Refused):
    message = msg("Klistra in minst en rad: ett namn och vilka dagar.")


NO_DAYS = msg(
    "Hittar inga dagar. Skriv dem som 2026-10-26 – 2026-10-30, 26–30 oktober 2026 eller vecka 44 2026."
)
NO_SUCH_DAY = msg("Den dagen finns inte i kalendern. Kontrollera siffrorna.")
MANY_DAYS = msg("Det är fler än två datum på raden. Dela den i flera rader.")


class RowError(NamedTuple):
    """What is wrong with a row, by its number, with what stands there."""

    row: int
    found: str
    message: str
    params: dict[str, Any]


@dataclass(slots=True)
class Pasted:
    """With an error none of the days count."""

    days: list[ClosedDays] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


class _RowRefused(Exception):
    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(text)


def read_rows(text: str) -> Pasted:
    """One period a row; empty rows are passed over. Raises NothingPasted, TooManyRows."""
    rows = [(number, row.strip()) for number, row in enumerate(text.splitlines(), 1) if row.strip()]
    if not rows:
        raise NothingPasted
    if len(rows) > MOST_ROWS:
        raise TooManyRows(n=len(rows), most=MOST_ROWS)
    pasted = Pasted()
    for number, row in rows:
        try:
            pasted.days.append(_period(row))
        except _RowRefused as refused:
            pasted.errors.append(RowError(number, _short(row), refused.text, {}))
        except Refused as refusal:
            pasted.errors.append(RowError(number, _short(row), refusal.message, refusal.params))
    return pasted


def _short(row: str) -> str:
    return row if len(row) <= LONGEST_SHOWN else f"{row[:LONGEST_SHOWN]}…"


def _period(row: str) -> ClosedDays:
    for read in (_by_iso, _by_week, _by_words):
        try:
            found = read(row)
        except ValueError:
            raise _RowRefused(NO_SUCH_DAY) from None
        if found is not None:
            first, last, start = found
            name = row[:start].strip(_EDGES)[:LONGEST_NAME]
            return ClosedDays(name=name or "Stängt", first_on=first, last_on=last)
    raise _RowRefused(NO_DAYS)


Found = tuple[date, date, int] | None


def _by_iso(row: str) -> Found:
    hits = list(_ISO.finditer(row))
    if len(hits) > 2:
        raise _RowRefused(MANY_DAYS)
    days = [date(*map(int, hit.groups())) for hit in hits]
    return (days[0], days[-1], hits[0].start()) if days else None


def _by_week(row: str) -> Found:
    hit = _WEEK.search(row)
    if hit is None:
        return None
    days = Week(int(hit.group(2)), int(hit.group(1))).days
    return days[0], days[-1], hit.start()


def _by_words(row: str) -> Found:
    """The last day names month and year; the first takes from it what it leaves out."""
    hit = _WORDS.search(row)
    if hit is None:
        return None
    day, month, year, last_day, last_month, last_year = hit.groups()
    last = _day(last_day, last_month, last_year)
    first = _day(day, month or last_month, year or last_year) if day else last
    if first > last and year is None and month is not None:  # 21 december – 8 januari 2027
        first = _day(day, month, str(last.year - 1))
    return first, last, hit.start()


def _day(day: str, month: str, year: str) -> date:
    number = next(n for n, name in enumerate(MONTHS, 1) if month.lower()[:3] == name[:3])
    return date(int(year), number, int(day))
