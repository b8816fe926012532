"""Reads of the delivered lines behind a figure, a page at a time, and what all of them add up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, defer

from market.feedback.models import Feedback
from market.fleet.models import Vehicle
from market.followup.adding import SMALL
from market.followup.figures import Sums
from market.followup.models import Arrival, Delivered
from market.followup.periods import Span
from market.followup.queries import Scope, amounts_in_sql, within
from market.followup.rules import Route, Verdict
from market.register.models import Producer

PAGE_ROWS = 50


class Mark(StrEnum):
    """What a line can be picked out by, beside its procedure and whether it is local."""

    ORGANIC = "organic"
    KRAV = "krav"
    SURPLUS = "surplus"
    DEVIATION = "deviation"
    SMALL = "small"
    LISTED = "listed"
    GRADED = "graded"


SaidOf = aliased(Feedback)
MARKED: Mapping[Mark, ColumnElement[bool]] = {
    Mark.ORGANIC: Delivered.is_organic.is_(True),
    Mark.KRAV: Delivered.is_krav.is_(True),
    Mark.SURPLUS: Delivered.is_surplus.is_(True),
    Mark.DEVIATION: Delivered.deviation.is_not(None),
    Mark.SMALL: Delivered.size.in_(SMALL),
    Mark.LISTED: Delivered.list_ore.is_not(None),
    Mark.GRADED: Delivered.delivery_line_id.in_(
        select(SaidOf.delivery_line_id).where(SaidOf.taste.is_not(None))
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines of a scope and period; what is none does not narrow."""

    route: Route | None = None
    local: Verdict | None = None
    mark: Mark | None = None
    producer_id: int | None = None

    @property
    def is_all(self) -> bool:
        return self == Wanted()

    @property
    def within(self) -> Wanted:
        """Whose deliveries are asked about; what else is wanted is the part of them that counts."""
        return Wanted(route=self.route, producer_id=self.producer_id)

    def are_behind(self, chosen: Mapping[str, str]) -> bool:
        """Whether these are just the lines that count in a figure of which `chosen` are, of the procedure and producer asked about."""
        of_its_route = "route" not in chosen or self.route == chosen["route"]
        return of_its_route and self.local == chosen.get("local") and self.mark == chosen.get("mark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of lines, newest first, and the sums of all that were wanted."""

    lines: list[Delivered]
    sums: Sums
    page: int
    pages: int


def find(session: Session, *, scope: Scope, span: Span, wanted: Wanted, page: int, whole: Sums) -> Found:
    """Three queries; one where nothing narrows `whole`, the sums of all lines. A page after the last is the last."""
    conditions = [*_in(scope, span), *_wanted(wanted)]
    sums = whole if wanted.is_all else _sums(session, conditions)
    pages = max(1, -(-sums.lines // PAGE_ROWS))
    page = min(max(1, page), pages)
    query = (
        select(Delivered)
        .where(*conditions)
        .options(defer(Delivered.definition))
        .order_by(Delivered.delivered_on.desc(), Delivered.id.desc())
        .offset((page - 1) * PAGE_ROWS)
        .limit(PAGE_ROWS)
    )
    return Found(lines=list(session.scalars(query)), sums=sums, page=page, pages=pages)


def sums_within(session: Session, *, scope: Scope, span: Span, wanted: Wanted, whole: Sums) -> Sums:
    """What a figure of the wanted deliveries is made of: all of that procedure and producer, `whole` where neither is named."""
    if wanted.within.is_all:
        return whole
    return _sums(session, [*_in(scope, span), *_wanted(wanted.within)])


def arrivals(session: Session, *, scope: Scope, span: Span, page: int) -> tuple[list[Arrival], int, int]:
    """One page of the vehicles that came, newest first, the page's number and how many there are. Two queries."""
    conditions = [*within(Arrival, scope), *_days(Arrival.arrived_on, span)]
    count = session.scalar(select(func.count()).select_from(Arrival).where(*conditions)) or 0
    pages = max(1, -(-count // PAGE_ROWS))
    page = min(max(1, page), pages)
    query = select(Arrival).where(*conditions).order_by(Arrival.arrived_on.desc(), Arrival.id.desc())
    return list(session.scalars(query.offset((page - 1) * PAGE_ROWS).limit(PAGE_ROWS))), page, pages


def _sums(session: Session, conditions: list[ColumnElement[bool]]) -> Sums:
    """Without the vehicles. Two queries."""
    columns = [func.sum(amount).label(name) for name, amount in amounts_in_sql(Delivered).items()]
    suppliers = func.count(Delivered.producer_id.distinct()).label("suppliers")
    grades = (
        select(func.sum(Feedback.taste).label("grades"), func.count(Feedback.taste).label("graded"))
        .select_from(Delivered)
        .join(Feedback, Feedback.delivery_line_id == Delivered.delivery_line_id)
        .where(*conditions)
    )
    row = session.execute(select(*columns, suppliers).where(*conditions)).mappings().one()
    amounts = {**row, **session.execute(grades).mappings().one()}
    return Sums(**{name: int(value or 0) for name, value in amounts.items()})


def _in(scope: Scope, span: Span) -> list[ColumnElement[bool]]:
    return [*within(Delivered, scope), *_days(Delivered.delivered_on, span)]


def _days(column: InstrumentedAttribute[date], span: Span) -> list[ColumnElement[bool]]:
    return [column >= span.period.start, column < span.period.end]


def _wanted(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.route is not None:
        conditions.append(Delivered.route == wanted.route)
    if wanted.local is not None:
        conditions.append(Delivered.is_local == wanted.local)
    if wanted.producer_id is not None:
        conditions.append(Delivered.producer_id == wanted.producer_id)
    if wanted.mark is not None:
        conditions.append(MARKED[wanted.mark])
    return conditions


def names_of(session: Session, rows: Sequence[Arrival]) -> dict[str, str]:
    """What each carrier is called: the producer that came by itself, or the vehicle. Two queries."""
    kinds: dict[str, set[int]] = {"producer": set(), "vehicle": set()}
    for row in rows:
        kind, _, number = row.carrier.partition(":")
        kinds[kind].add(int(number))
    producers = select(Producer.id, Producer.name).where(Producer.id.in_(kinds["producer"]))
    vehicles = select(Vehicle.id, Vehicle.name).where(Vehicle.id.in_(kinds["vehicle"]))
    names = {f"producer:{number}": name for number, name in session.execute(producers)}
    return names | {f"vehicle:{number}": name for number, name in session.execute(vehicles)}
