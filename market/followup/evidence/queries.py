"""Reads for evidence, of an authority's own: what came by each procedure over time, and how long call-offs took.

Of other authorities only what they publish is shown: evidence.comparing_views reads it as publishing lets it out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select
from sqlalchemy.orm import Session

from market.dis.awards.models import AwardContract, CallOffAward
from market.dis.calloffs.models import CallOff, Lot
from market.dis.systems.models import DisCategory
from market.feedback.models import Feedback
from market.followup.evidence.comparing import CallOffTime, median_days
from market.followup.figures import Sums
from market.followup.models import Delivered, DeliveredSum
from market.followup.periods import Span, SpanKind
from market.followup.queries import Scope, amounts_in_sql, within
from market.followup.rules import MONTHS_A_YEAR, Route
from market.values import wall_clock

Model = type[Delivered] | type[DeliveredSum]


def sums_by_route(session: Session, *, scope: Scope, spans: Sequence[Span]) -> dict[Span, dict[Route, Sums]]:
    """For each of some periods of one kind, the sums of each procedure that something came by. Two queries."""
    own, kind = {span.bucket: span for span in spans}, spans[0].kind
    model: Model = Delivered if kind is SpanKind.WEEK else DeliveredSum
    amounts = amounts_in_sql(model)
    bucket = _bucket(model, kind)
    query = (
        select(
            bucket.label("bucket"),
            model.route,
            func.count(model.producer_id.distinct()).label("suppliers"),
            *(func.sum(amount).label(name) for name, amount in amounts.items()),
        )
        .where(*within(model, scope), *_between(model, spans))
        .group_by(bucket, model.route)
    )
    grades = _grades(session, scope, spans)
    found: dict[Span, dict[Route, Sums]] = {span: {} for span in spans}
    for row in session.execute(query).mappings():
        number = int(row["bucket"])
        values = {name: int(row[name] or 0) for name in (*amounts, "suppliers")}
        graded = grades.get((number, row["route"]), {})
        if number in own:
            found[own[number]][row["route"]] = Sums(**values, **graded)
    return found


def _grades(session: Session, scope: Scope, spans: Sequence[Span]) -> dict[tuple[int, Route], dict[str, int]]:
    bucket = _bucket(Delivered, spans[0].kind)
    query = (
        select(bucket, Delivered.route, func.sum(Feedback.taste), func.count(Feedback.taste))
        .join(Feedback, Feedback.delivery_line_id == Delivered.delivery_line_id)
        .where(Feedback.taste.is_not(None), *within(Delivered, scope), *_between(Delivered, spans))
        .group_by(bucket, Delivered.route)
    )
    return {
        (number, route): {"grades": int(grades or 0), "graded": int(graded)}
        for number, route, grades, graded in session.execute(query)
    }


def calloff_times(session: Session, *, scope: Scope, span: Span) -> CallOffTime:
    """Of the authority's call-offs that were decided in the period. Two queries."""
    decided = _decided(scope, span)
    signed = (
        decided.with_only_columns(CallOff.invited_at, AwardContract.agreed_on)
        .join(AwardContract, AwardContract.award_id == CallOffAward.id)
        .where(
            AwardContract.authority_id == scope.authority_id,
            AwardContract.agreed_on.is_not(None),
            AwardContract.dropped_at.is_(None),
        )
    )
    to_decision = [(at - invited).total_seconds() for invited, at in session.execute(decided)]
    to_contract = [
        (wall_clock(on, 0) - invited).total_seconds()
        for invited, on in session.execute(signed)
        if on and invited
    ]
    return CallOffTime(
        decided=len(to_decision),
        days_to_decision=median_days(to_decision),
        contracts=len(to_contract),
        days_to_contract=median_days([max(0.0, seconds) for seconds in to_contract]),
    )


def _decided(scope: Scope, span: Span) -> Select[Any]:
    """When the invitations went out and when it was decided, of call-offs with a lot of the authority's."""
    columns: tuple[Any, ...] = (CallOff.invited_at, CallOffAward.decided_at)
    query: Select[Any] = (
        select(*columns)
        .join(CallOffAward, CallOffAward.calloff_id == CallOff.id)
        .where(
            CallOff.id.in_(select(Lot.calloff_id).where(Lot.authority_id == scope.authority_id)),
            CallOff.invited_at.is_not(None),
            CallOffAward.annulled_at.is_(None),
            CallOffAward.decided_at >= wall_clock(span.period.start, 0),
            CallOffAward.decided_at < wall_clock(span.period.end, 0),
        )
    )
    if scope.category_key is None:
        return query
    of_kind = select(DisCategory.id).where(DisCategory.category_key == scope.category_key)
    return query.where(CallOff.dis_category_id.in_(of_kind))


def _bucket(model: Model, kind: SpanKind) -> ColumnElement[int]:
    table = model.__table__.c
    if kind is SpanKind.YEAR:
        return table.month // literal_column(str(MONTHS_A_YEAR))  # the same text where it is grouped by
    mark: ColumnElement[int] = table["week" if kind is SpanKind.WEEK else "month"]
    return mark


def _between(model: Model, spans: Sequence[Span]) -> list[ColumnElement[bool]]:
    """The range that an index can look up, and no more than the periods."""
    kind = spans[0].kind
    numbers = sorted(span.bucket for span in spans)
    low, high = numbers[0], numbers[-1]
    if kind is SpanKind.YEAR:
        low, high = low * MONTHS_A_YEAR, high * MONTHS_A_YEAR + MONTHS_A_YEAR - 1
    mark = model.__table__.c["week" if kind is SpanKind.WEEK else "month"]
    return [mark >= low, mark <= high]
