"""While a period runs it is compared with the same days of an earlier one: which those are, and the sums of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from market.feedback.models import Feedback
from market.followup.figures import Sums
from market.followup.models import Arrival, Delivered, DeliveredSum
from market.followup.periods import Span, SpanKind
from market.followup.queries import Counted, Scope, amounts_in_sql, within
from market.followup.rules import month_of
from market.values import Period

LEAP_DAY = (2, 29)


def same_days(span: Span, *, earlier: Iterable[Span], today: date) -> dict[Span, Period]:
    """Of each earlier period the days that have come of this one, today with them; nothing where it is not going on.

    As many days of a week or month, at most all; of a year up to the same date.
    """
    if today not in span.period:
        return {}
    return {one: Period(one.period.start, _end(span, one, today)) for one in earlier}


def _end(span: Span, earlier: Span, today: date) -> date:
    """The day after the last."""
    if span.kind is not SpanKind.YEAR:
        return min(earlier.period.start + (today - span.period.start) + timedelta(days=1), earlier.period.end)
    day = 28 if (today.month, today.day) == LEAP_DAY else today.day
    return date(earlier.year, today.month, day) + timedelta(days=1)


def sums_of_days(session: Session, *, scope: Scope, days: Mapping[Span, Period]) -> dict[Span, Sums]:
    """The sums of some days of each period: whole months from the sums that are kept, the rest from the lines. Four queries, or none."""
    if not days:
        return {}
    spans, pieces = list(days), [piece for n, one in enumerate(days.values()) for piece in _pieces(n, one)]
    amounts: list[dict[str, int]] = [{} for _ in spans]
    for query in (
        union_all(*(_amounts(scope, piece) for piece in pieces)),
        _suppliers(scope, pieces),
        union_all(*(_grades(scope, piece) for piece in pieces)),
        union_all(*(_arrivals(scope, n, one) for n, one in enumerate(days.values()))),
    ):
        for row in session.execute(query).mappings():
            own = amounts[row["key"]]
            for name in row.keys() - {"key"}:
                own[name] = own.get(name, 0) + int(row[name] or 0)
    return {span: Sums(**own) for span, own in zip(spans, amounts, strict=True)}


@dataclass(frozen=True, slots=True)
class _Piece:
    """Whole months, or days: `number` tells which period they are of."""

    number: int
    period: Period
    is_months: bool

    @property
    def counted(self) -> Counted:
        return DeliveredSum if self.is_months else Delivered

    def on(self, model: Counted) -> list[ColumnElement[bool]]:
        if self.is_months:
            return [
                model.month >= month_of(self.period.start),
                model.month < month_of(self.period.end),
            ]
        return [
            Delivered.delivered_on >= self.period.start,
            Delivered.delivered_on < self.period.end,
        ]


def _pieces(number: int, days: Period) -> Iterator[_Piece]:
    """Whole months where the days begin with one, and what is left."""
    first = days.end.replace(day=1) if days.start.day == 1 else days.start
    if days.start < first:
        yield _Piece(number, Period(days.start, first), is_months=True)
    if first < days.end:
        yield _Piece(number, Period(first, days.end), is_months=False)


def _amounts(scope: Scope, piece: _Piece) -> Select[Any]:
    model = piece.counted
    columns: list[Any] = [func.sum(amount).label(name) for name, amount in amounts_in_sql(model).items()]
    query: Select[Any] = select(literal(piece.number).label("key"), *columns)
    return query.where(*within(model, scope), *piece.on(model))


def _suppliers(scope: Scope, pieces: Iterable[_Piece]) -> Select[Any]:
    """Each once, also where it delivered in several months."""
    pairs = [
        select(literal(piece.number).label("key"), piece.counted.producer_id.label("producer")).where(
            *within(piece.counted, scope), *piece.on(piece.counted)
        )
        for piece in pieces
    ]
    every = union_all(*pairs).subquery()
    each = select(every.c.key, every.c.producer).distinct().subquery()
    return select(each.c.key, func.count().label("suppliers")).group_by(each.c.key)


def _grades(scope: Scope, piece: _Piece) -> Select[Any]:
    grades: list[Any] = [
        func.sum(Feedback.taste).label("grades"),
        func.count(Feedback.taste).label("graded"),
    ]
    query: Select[Any] = select(literal(piece.number).label("key"), *grades)
    return (
        query.select_from(Delivered)
        .join(Feedback, Feedback.delivery_line_id == Delivered.delivery_line_id)
        .where(Feedback.taste.is_not(None), *within(Delivered, scope), *piece.on(Delivered))
    )


def _arrivals(scope: Scope, number: int, days: Period) -> Select[Any]:
    """By the day that they came; none within a category, as in queries.sums_by."""
    weeks = (
        select(func.count().label("arrivals"))
        .where(
            *within(Arrival, scope),
            Arrival.month >= month_of(days.start),
            Arrival.month <= month_of(days.last),
            Arrival.arrived_on >= days.start,
            Arrival.arrived_on < days.end,
            literal(scope.category_key is None),
        )
        .group_by(Arrival.kitchen_id, Arrival.week)
        .subquery()
    )
    counts: list[Any] = [
        func.sum(weeks.c.arrivals).label("arrivals"),
        func.count().label("kitchen_weeks"),
    ]
    query: Select[Any] = select(literal(number).label("key"), *counts)
    return query.select_from(weeks)
