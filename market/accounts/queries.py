"""Reads about people and their memberships."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from market.accounts.models import FailedSignIn, Membership, User


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
