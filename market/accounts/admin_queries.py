"""Reads of people for the administrator alone: any other actor gets nothing."""

from __future__ import annotations

from sqlalchemy import ColumnElement, literal, select
from sqlalchemy.orm import Session, selectinload

from market.accounts.models import Membership, User
from market.accounts.rules import Role
from market.actors import Actor


def all_users(session: Session, *, actor: Actor) -> list[User]:
    """By name, with their roles and organisations."""
    memberships = selectinload(User.memberships)
    query = (
        select(User)
        .where(_administers(actor))
        .options(
            memberships.joinedload(Membership.producer),
            memberships.joinedload(Membership.kitchen),
            memberships.joinedload(Membership.authority),
        )
        .order_by(User.name, User.id)
    )
    return list(session.scalars(query))


def any_user(session: Session, *, actor: Actor, user_id: int) -> User | None:
    return session.scalar(select(User).where(User.id == user_id, _administers(actor)))


def any_membership(session: Session, *, actor: Actor, user_id: int, membership_id: int) -> Membership | None:
    query = select(Membership).where(
        Membership.id == membership_id, Membership.user_id == user_id, _administers(actor)
    )
    return session.scalar(query)


def _administers(actor: Actor) -> ColumnElement[bool]:
    return literal(actor.role is Role.ADMIN)
