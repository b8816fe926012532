"""What the page, the files and the catalog of an authority's open figures are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy.orm import Session

from market.followup.models import FollowupSettings
from market.followup.periods import MONTHS
from market.followup.publishing.open_figures import OpenRow, Part, open_rows
from market.followup.publishing.queries import parts_of, publisher, settled_until
from market.followup.rules import MONTHS_A_YEAR, month_of
from market.register.models import Authority


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPage:
    """Years in order; `rows` of all of them."""

    authority: Authority
    settings: FollowupSettings
    rows: tuple[OpenRow, ...]

    @property
    def years(self) -> list[int]:
        return sorted({row.year for row in self.rows}, reverse=True)

    def of_year(self, year: int) -> list[OpenRow]:
        return [row for row in self.rows if row.year == year]

    @property
    def starts(self) -> date | None:
        return date(min(self.years), 1, 1) if self.rows else None


def open_page(session: Session, *, authority_id: int, today: date) -> OpenPage | None:
    """None for an authority that does not publish. Four queries."""
    found = publisher(session, authority_id=authority_id)
    if found is None:
        return None
    authority, settings = found
    parts = parts_of(session, authority_id=authority_id)
    until = settled_until(session, authority_id=authority_id, today=today)
    return OpenPage(authority=authority, settings=settings, rows=tuple(rows_until(parts, today=until)))


def rows_until(parts: list[Part], *, today: date) -> Iterable[OpenRow]:
    """Of every year from the first delivery on; the months that had ended by `today`, the day up to which all is counted."""
    first = min((part.month for part in parts), default=month_of(today))
    for year in range(first // MONTHS_A_YEAR, today.year + 1):
        yield from rows_in(parts, year=year, today=today)


def rows_in(parts: list[Part], *, year: int, today: date) -> tuple[OpenRow, ...]:
    """Of one year, none before the first delivery's: what is let out in it depends on no other."""
    now = month_of(today)
    first = min((part.month for part in parts), default=now)
    if not first // MONTHS_A_YEAR <= year <= today.year:
        return ()
    own = [part for part in parts if part.month // MONTHS_A_YEAR == year]
    months = [year * MONTHS_A_YEAR + number for number in range(1, MONTHS + 1)]
    ended = [month for month in months if first <= month < now]
    return _rows_of(tuple(own), year=year, ended=tuple(ended), is_over=year < today.year)


@lru_cache(maxsize=64)
def _rows_of(
    parts: tuple[Part, ...], *, year: int, ended: tuple[int, ...], is_over: bool
) -> tuple[OpenRow, ...]:
    """What protects takes its time, and a year that is over stays as it is."""
    return tuple(open_rows(parts, year=year, ended=ended, is_over=is_over))
