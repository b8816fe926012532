"""What the page, the files and the catalog of an authority's open figures are made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from threading import Lock

from sqlalchemy.orm import Session

from market.followup.models import FollowupSettings
from market.followup.periods import MONTHS
from market.followup.publishing.open_figures import EVERY_COLUMN, OpenRow, Part, open_rows
from market.followup.publishing.queries import first_months, parts_of, publisher, settled_until
from market.followup.rules import MONTHS_A_YEAR, month_of
from market.register.models import Authority

MOST_KEPT = 1000
"""Years and months of authorities, some fifty kilobytes each at most; those asked for last stay."""
_kept: dict[bytes, tuple[OpenRow, ...]] = {}
_lock = Lock()


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
    own = [authority_id]
    parts = parts_of(session, authority_ids=own)[authority_id]
    until = settled_until(session, authority_ids=own, today=today)[authority_id]
    return OpenPage(authority=authority, settings=settings, rows=tuple(rows_until(parts, today=until)))


def rows_of_year(
    session: Session, *, authority_ids: Collection[int], year: int, today: date
) -> dict[int, tuple[OpenRow, ...]]:
    """Of each authority what of one year may leave it, whether it publishes or not. Three queries."""
    parts = parts_of(session, authority_ids=authority_ids, year=year)
    first = first_months(session, authority_ids=authority_ids)
    until = settled_until(session, authority_ids=authority_ids, today=today)
    return {
        one: rows_in(parts[one], year=year, first=first[one], today=until[one]) if one in first else ()
        for one in authority_ids
    }


def rows_of_month(
    session: Session, *, authority_ids: Collection[int], year: int, month: int, today: date
) -> dict[int, OpenRow]:
    """Of each authority the row of one month, where it has ended: what is let out in it depends on no other. Three queries."""
    number = year * MONTHS_A_YEAR + month
    parts = parts_of(session, authority_ids=authority_ids, year=year)
    first = first_months(session, authority_ids=authority_ids)
    until = settled_until(session, authority_ids=authority_ids, today=today)
    ended = [one for one in authority_ids if one in first and first[one] <= number < month_of(until[one])]
    return {one: _rows_of(parts[one], year=year, ended=(number,), is_over=False)[0] for one in ended}


def rows_until(parts: list[Part], *, today: date) -> Iterator[OpenRow]:
    """Of every year from the first delivery on; the months that had ended by `today`, the day up to which all is counted."""
    first = min((part.month for part in parts), default=month_of(today))
    for year in range(first // MONTHS_A_YEAR, today.year + 1):
        yield from rows_in(parts, year=year, first=first, today=today)


def rows_in(parts: list[Part], *, year: int, first: int, today: date) -> tuple[OpenRow, ...]:
    """Of one year, none before the first delivery's: what is let out in it depends on no other."""
    if not first // MONTHS_A_YEAR <= year <= today.year:
        return ()
    months = [year * MONTHS_A_YEAR + number for number in range(1, MONTHS + 1)]
    ended = [month for month in months if first <= month < month_of(today)]
    return _rows_of(parts, year=year, ended=tuple(ended), is_over=year < today.year)


def forget() -> None:
    """Nothing is kept any more, as when the process starts."""
    with _lock:
        _kept.clear()


def _rows_of(
    parts: Iterable[Part], *, year: int, ended: tuple[int, ...], is_over: bool
) -> tuple[OpenRow, ...]:
    """What protects takes its time, and what has ended stays as it is: kept by what it is made of, which the running month is not."""
    own = [part for part in parts if part.month in ended]
    mark = sha256(repr((year, ended, is_over)).encode())
    for part in own:
        mark.update(repr((part.place, part.producer_id, EVERY_COLUMN(part.sums))).encode())
    key = mark.digest()
    with _lock:
        rows = _kept.pop(key, None)
    if rows is None:
        rows = tuple(open_rows(own, year=year, ended=ended, is_over=is_over))
    with _lock:
        _kept[key] = rows
        while len(_kept) > MOST_KEPT:
            _kept.pop(next(iter(_kept)))
    return rows
