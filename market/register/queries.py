"""Reads of authorities, kitchens, producers and categories."""

from __future__ import annotations

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from market.accounts.rules import Role
from market.actors import Actor
from market.register.models import (
    Authority,
    Category,
    Certificate,
    Kitchen,
    Producer,
    Product,
    ProductionSite,
)


def categories(session: Session) -> list[Category]:
    return list(session.scalars(select(Category).order_by(Category.position)))


def authorities(session: Session) -> list[Authority]:
    return list(session.scalars(select(Authority).order_by(Authority.name)))


def authority_of(session: Session, *, actor: Actor) -> Authority | None:
    """The authority that the actor works for, or None for producers and admins."""
    return None if actor.authority_id is None else session.get(Authority, actor.authority_id)


def planned_authorities(actor: Actor) -> Select[int]:
    """Ids of the authorities whose week the actor's own authority plans: itself, and those that name it."""
    own = actor.authority_id
    return select(Authority.id).where(or_(Authority.id == own, Authority.planned_by_id == own))


def kitchens_for(session: Session, *, actor: Actor) -> list[Kitchen]:
    """The kitchens an actor may order for: their own, or all of the authority; hubs first."""
    query = (
        select(Kitchen)
        .where(Kitchen.is_active)
        .options(selectinload(Kitchen.windows), joinedload(Kitchen.hub))
    )
    if actor.role is Role.KITCHEN:
        query = query.where(Kitchen.id == actor.kitchen_id)
    else:
        query = query.where(Kitchen.authority_id == actor.authority_id)
    return list(session.scalars(query.order_by(Kitchen.kind, Kitchen.name)))


def kitchen_for(session: Session, *, actor: Actor, kitchen_id: int) -> Kitchen | None:
    return next((k for k in kitchens_for(session, actor=actor) if k.id == kitchen_id), None)


def producer_of(session: Session, *, actor: Actor) -> Producer | None:
    """The actor's own producer with sites and products, or None."""
    if actor.producer_id is None:
        return None
    query = (
        select(Producer)
        .where(Producer.id == actor.producer_id)
        .options(
            selectinload(Producer.sites).selectinload(ProductionSite.windows),
            selectinload(Producer.products).joinedload(Product.category),
        )
    )
    return session.scalar(query)


def site_for(session: Session, *, actor: Actor, site_id: int) -> ProductionSite | None:
    query = select(ProductionSite).where(
        ProductionSite.id == site_id, ProductionSite.producer_id == actor.producer_id
    )
    return session.scalar(query)


def product_for(session: Session, *, actor: Actor, product_id: int) -> Product | None:
    query = select(Product).where(Product.id == product_id, Product.producer_id == actor.producer_id)
    return session.scalar(query)


def certificate_for(session: Session, *, actor: Actor, certificate_id: int) -> Certificate | None:
    query = select(Certificate).where(
        Certificate.id == certificate_id, Certificate.producer_id == actor.producer_id
    )
    return session.scalar(query)


def sites_elsewhere(session: Session, *, actor: Actor) -> list[ProductionSite]:
    """Other producers' sites, where a step of the actor's products may happen, by producer and name."""
    query = (
        select(ProductionSite)
        .join(ProductionSite.producer)
        .where(ProductionSite.producer_id != actor.producer_id)
        .options(contains_eager(ProductionSite.producer))
        .order_by(Producer.name, ProductionSite.name)
    )
    return list(session.scalars(query))
