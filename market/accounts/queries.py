"""Reads about people and their memberships."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from market.accounts.models import FailedSignIn, Membership, User
from market.accounts.rules import Role


def memberships_of(session: Session, *, user_id: int) -> list[Membership]:
    """Oldest first, with their organisations loaded."""
    query = (
        select(Membership)
        .where(Membership.user_id == user_id)
        .options(
            joinedload(Membership.user),
            joinedload(Membership.kitchen),
            joinedload(Membership.producer),
            joinedload(Membership.authority),
        )
        .order_by(Membership.id)
    )
    return list(session.scalars(query))


def failures_since(session: Session, *, who: str, since: datetime) -> int:
    query = select(func.count()).where(FailedSignIn.who == who, FailedSignIn.at >= since)
    return session.scalar(query) or 0


def user_by_email(session: Session, *, email: str) -> User | None:
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def people_of_producer(session: Session, producer_id: int) -> list[int]:
    """The users who work for a producer: whom to tell."""
    return _people(session, Membership.producer_id == producer_id)


def people_of_kitchen(session: Session, kitchen_id: int) -> list[int]:
    return _people(session, Membership.kitchen_id == kitchen_id)


def people_of_authority(session: Session, authority_id: int, role: Role) -> list[int]:
    """Those with `role` in an authority."""
    return _people(session, Membership.authority_id == authority_id, Membership.role == role)


def _people(session: Session, *conditions: ColumnElement[bool]) -> list[int]:
    query = (
        select(Membership.user_id)
        .join(User, User.id == Membership.user_id)
        .where(User.active, *conditions)
        .order_by(Membership.user_id)
        .distinct()
    )
    return list(session.scalars(query))
