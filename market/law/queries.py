"""Which value is in force on a day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from market.law.models import LawValue
from market.law.rules import LawKey, NoValueInForce


def law_value(session: Session, key: LawKey, *, on: date) -> LawValue:
    """The value in force on `on`. Raises NoValueInForce."""
    found = law_value_or_none(session, key, on=on)
    if found is None:
        raise NoValueInForce(what=key, day=on)
    return found


def law_value_or_none(session: Session, key: LawKey, *, on: date) -> LawValue | None:
    query = select(LawValue).where(
        LawValue.key == key,
        LawValue.valid_from <= on,
        or_(LawValue.valid_until.is_(None), LawValue.valid_until > on),
    )
    return session.scalar(query)


def law_values(session: Session) -> list[LawValue]:
    """All of them, in the order of their names, newest first."""
    names = list(LawKey)
    found = session.scalars(select(LawValue).order_by(LawValue.valid_from.desc()))
    return sorted(found, key=lambda value: names.index(value.key))


def law_value_by_id(session: Session, *, value_id: int) -> LawValue | None:
    return session.get(LawValue, value_id)


def missing_on(session: Session, *, on: date) -> list[LawKey]:
    """The names without a value in force on `on`: what an administrator has to enter."""
    found = {value.key for value in law_values(session) if value.holds_on(on)}
    return [key for key in LawKey if key not in found]
