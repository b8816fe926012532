"""What the page, the files and the catalog of an authority's open figures are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from market.followup.models import FollowupSettings
from market.followup.periods import MONTHS
from market.followup.publishing.open_figures import OpenRow, Part, open_rows
from market.followup.publishing.queries import parts_of, publisher
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
    """None for an authority that does not publish. Three queries."""
    found = publisher(session, authority_id=authority_id)
    if found is None:
        return None
    authority, settings = found
    parts = parts_of(session, authority_id=authority_id)
    return OpenPage(authority=authority, settings=settings, rows=tuple(rows_until(parts, today=today)))


def rows_until(parts: list[Part], *, today: date) -> Iterable[OpenRow]:
    """Of every year from the first delivery on; the months that have ended."""
    now = month_of(today)
    first = min((part.month for part in parts), default=now)
    for year in range(first // MONTHS_A_YEAR, today.year + 1):
        own = [part for part in parts if part.month // MONTHS_A_YEAR == year]
        months = [year * MONTHS_A_YEAR + number for number in range(1, MONTHS + 1)]
        ended = [month for month in months if first <= month < now]
        yield from open_rows(own, year=year, ended=ended, is_over=year < today.year)
