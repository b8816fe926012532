"""Entering what the law sets from a day on, and ending a value. Values of one name never hold on the same day."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.law.models import LawValue
from market.law.rules import LawKey, ValuesOverlap, check_value
from market.values import Period


def add_value(
    session: Session,
    *,
    key: LawKey,
    value: Decimal,
    valid_from: date,
    valid_until: date | None,
    source: str,
    actor: Actor,
    at: datetime,
) -> LawValue:
    """A value in force from `valid_from` up to, not including, `valid_until`.

    Raises ValuesOverlap where another one holds on any of those days, EmptyPeriod, NotALegalValue.
    """
    check_value(key, value)
    if valid_until is not None:
        Period(valid_from, valid_until)
    # The log's head is locked first: two administrators at once take turns, and the second one sees the first one's value.
    _log(session, "law.add", key, valid_from, actor=actor, at=at, value=str(value), until=_text(valid_until))
    if _overlapping(session, key=key, valid_from=valid_from, valid_until=valid_until) is not None:
        raise ValuesOverlap
    row = LawValue(
        key=key, value=value, valid_from=valid_from, valid_until=valid_until, source=source.strip()
    )
    session.add(row)
    session.flush()
    return row


def end_value(session: Session, *, value: LawValue, valid_until: date, actor: Actor, at: datetime) -> None:
    """Let a value hold up to, not including, `valid_until`. Raises EmptyPeriod, ValuesOverlap."""
    Period(value.valid_from, valid_until)
    _log(session, "law.end", value.key, value.valid_from, actor=actor, at=at, until=_text(valid_until))
    other = _overlapping(
        session, key=value.key, valid_from=value.valid_from, valid_until=valid_until, besides=value.id
    )
    if other is not None:
        raise ValuesOverlap
    value.valid_until = valid_until
    session.flush()


def _overlapping(
    session: Session, *, key: LawKey, valid_from: date, valid_until: date | None, besides: int = 0
) -> LawValue | None:
    query = select(LawValue).where(
        LawValue.key == key,
        LawValue.id != besides,
        or_(LawValue.valid_until.is_(None), LawValue.valid_until > valid_from),
    )
    if valid_until is not None:
        query = query.where(LawValue.valid_from < valid_until)
    return session.scalars(query.limit(1)).first()


def _text(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _log(
    session: Session,
    action: str,
    key: LawKey,
    valid_from: date,
    *,
    actor: Actor,
    at: datetime,
    **data: object,
) -> None:
    subject = f"law:{key.value}:{valid_from.isoformat()}"
    audit.record(session, user_id=actor.user_id, at=at, action=action, subject=subject, **data)
