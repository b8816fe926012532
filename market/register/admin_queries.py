"""Reads over all organisations, for the administrator alone: any other actor gets nothing."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import Session, joinedload, selectinload

from market.accounts.rules import Role
from market.actors import Actor
from market.register.models import Authority, Kitchen, Producer


def all_authorities(session: Session, *, actor: Actor) -> list[Authority]:
    query = select(Authority).where(_administers(actor)).order_by(Authority.name)
    return list(session.scalars(query))


def all_kitchens(session: Session, *, actor: Actor) -> list[Kitchen]:
    """Closed ones too, by authority, hubs first."""
    query = (
        select(Kitchen)
        .join(Kitchen.authority)
        .where(_administers(actor))
        .options(joinedload(Kitchen.authority), joinedload(Kitchen.hub))
        .order_by(Authority.name, Kitchen.kind, Kitchen.name)
    )
    return list(session.scalars(query))


def all_producers(session: Session, *, actor: Actor) -> list[Producer]:
    query = (
        select(Producer)
        .where(_administers(actor))
        .options(selectinload(Producer.sites))
        .order_by(Producer.name)
    )
    return list(session.scalars(query))


def any_authority(session: Session, *, actor: Actor, authority_id: int) -> Authority | None:
    return session.scalar(select(Authority).where(Authority.id == authority_id, _administers(actor)))


def any_kitchen(session: Session, *, actor: Actor, kitchen_id: int) -> Kitchen | None:
    return session.scalar(select(Kitchen).where(Kitchen.id == kitchen_id, _administers(actor)))


def any_producer(session: Session, *, actor: Actor, producer_id: int) -> Producer | None:
    return session.scalar(select(Producer).where(Producer.id == producer_id, _administers(actor)))


def counts(session: Session, *, actor: Actor) -> dict[str, int]:
    """How many authorities, kitchens and producers there are."""
    kinds: dict[str, type[Authority | Kitchen | Producer]] = {
        "authorities": Authority,
        "kitchens": Kitchen,
        "producers": Producer,
    }
    return {
        name: session.scalar(select(func.count()).select_from(kind).where(_administers(actor))) or 0
        for name, kind in kinds.items()
    }


def _administers(actor: Actor) -> ColumnElement[bool]:
    return literal(actor.role is Role.ADMIN)
