"""Reads of interest and agreements, each limited to what the actor's organisation has a part in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import ColumnElement, exists, false, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from market.accounts.rules import Role
from market.actors import Actor
from market.agreements.models import (
    Agreement,
    AgreementCategory,
    AgreementDocument,
    AuthorityTerms,
    Interest,
)
from market.agreements.rules import AgreementState, DocumentKind, Side
from market.offers.models import Offer
from market.register.models import Kitchen, Producer, Product
from market.values import Quantity, Week

SIGNERS = (Role.MEAL_MANAGER, Role.PROCUREMENT_OFFICER)
"""Who signs for an authority."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What kitchens would like of an offer in a week: the sum, and who."""

    offer: Offer
    week: Week
    interests: tuple[Interest, ...]

    @property
    def total(self) -> Quantity:
        return Quantity(sum(interest.steps for interest in self.interests), self.offer.unit)


def side_of(actor: Actor) -> Side | None:
    """Which party the actor may act for, or None."""
    if actor.role is Role.PRODUCER:
        return Side.PRODUCER
    return Side.AUTHORITY if actor.role in SIGNERS else None


def agreements_within_reach(actor: Actor) -> ColumnElement[bool]:
    """A producer's own that have been sent to it; an authority's all, for those who sign for it; nobody else's."""
    if actor.role is Role.PRODUCER:
        sent = exists().where(AgreementDocument.agreement_id == Agreement.id)
        return (Agreement.producer_id == actor.producer_id) & sent
    if actor.role in SIGNERS:
        return Agreement.authority_id == actor.authority_id
    return false()


def own_agreement(session: Session, *, actor: Actor, agreement_id: int) -> Agreement | None:
    """One agreement with all that its page shows, or None where the actor has no part in it."""
    query = (
        select(Agreement)
        .where(Agreement.id == agreement_id, agreements_within_reach(actor))
        .options(*_parties(), selectinload(Agreement.signatures), selectinload(Agreement.transitions))
    )
    return session.scalar(query)


def own_agreements(session: Session, *, actor: Actor) -> list[Agreement]:
    """The newest first."""
    query = (
        select(Agreement)
        .where(agreements_within_reach(actor))
        .options(*_parties(), selectinload(Agreement.signatures))
        .order_by(Agreement.id.desc())
    )
    return list(session.scalars(query))


def agreements_in_force(session: Session, *, actor: Actor, on: date) -> list[Agreement]:
    """Who sells what to the actor's authority on a day, by producer; for everyone who works there."""
    query = (
        select(Agreement)
        .join(Agreement.producer)
        .where(Agreement.authority_id == actor.authority_id, *_holding(on))
        .options(*_parties())
        .order_by(Producer.name, Agreement.id)
    )
    return list(session.scalars(query))


def agreement_for(
    session: Session, *, authority_id: int, producer_id: int, category_key: str, on: date
) -> Agreement | None:
    """The agreement under which the authority's kitchens buy such goods of the producer on a day, or None."""
    query = (
        select(Agreement)
        .join(AgreementCategory, AgreementCategory.agreement_id == Agreement.id)
        .where(
            Agreement.authority_id == authority_id,
            Agreement.producer_id == producer_id,
            AgreementCategory.category_key == category_key,
            *_holding(on),
        )
        .order_by(Agreement.id)
        .limit(1)
    )
    return session.scalar(query)


def document_of(session: Session, *, agreement_id: int, kind: DocumentKind) -> AgreementDocument | None:
    """Of an agreement that a scoped query has returned."""
    query = select(AgreementDocument).where(
        AgreementDocument.agreement_id == agreement_id, AgreementDocument.kind == kind
    )
    return session.scalar(query)


def terms_of_authority(session: Session, *, authority_id: int) -> AuthorityTerms | None:
    return session.get(AuthorityTerms, authority_id)


def producers_to_agree_with(session: Session) -> list[Producer]:
    return list(session.scalars(select(Producer).order_by(Producer.name)))


def interest_within_reach(actor: Actor) -> ColumnElement[bool]:
    """A kitchen its own; an authority's people those of its kitchens; a producer those in its offers."""
    match actor.role:
        case Role.KITCHEN:
            return Interest.kitchen_id == actor.kitchen_id
        case Role.MEAL_MANAGER | Role.PROCUREMENT_OFFICER:
            kitchens = select(Kitchen.id).where(Kitchen.authority_id == actor.authority_id)
            return Interest.kitchen_id.in_(kitchens)
        case Role.PRODUCER:
            products = select(Product.id).where(Product.producer_id == actor.producer_id)
            return Interest.offer_id.in_(select(Offer.id).where(Offer.product_id.in_(products)))
        case _:
            return false()


def own_interest(session: Session, *, actor: Actor, interest_id: int) -> Interest | None:
    query = (
        select(Interest)
        .where(Interest.id == interest_id, interest_within_reach(actor))
        .options(*_with_offer())
    )
    return session.scalar(query)


def interest_in(session: Session, *, kitchen_id: int, offer_id: int) -> list[Interest]:
    """What one kitchen has shown of one offer, by week."""
    query = (
        select(Interest)
        .where(Interest.kitchen_id == kitchen_id, Interest.offer_id == offer_id)
        .options(*_with_offer())
        .order_by(Interest.week_on)
    )
    return list(session.scalars(query))


def wanted(session: Session, *, actor: Actor, since: Week) -> list[Wanted]:
    """The interest from a week on, summed for each offer and week, by producer, product and week."""
    query = (
        select(Interest)
        .join(Interest.offer)
        .join(Offer.product)
        .join(Product.producer)
        .where(Interest.week_on >= since.monday, interest_within_reach(actor))
        .options(*_with_offer())
        .order_by(Producer.name, Product.name, Offer.id, Interest.week_on, Interest.id)
    )
    rows = session.scalars(query).all()
    return [
        Wanted(offer=group[0].offer, week=Week.containing(week_on), interests=tuple(group))
        for (_, week_on), group in _grouped(rows)
    ]


def waiting_for(session: Session, *, actor: Actor) -> int:
    """How many agreements wait for the actor's side to sign."""
    side = side_of(actor)
    if side is None:
        return 0
    other = AgreementState.SIGNED_BY_AUTHORITY if side is Side.PRODUCER else AgreementState.SIGNED_BY_PRODUCER
    query = (
        select(func.count())
        .select_from(Agreement)
        .where(
            agreements_within_reach(actor),
            Agreement.state.in_((AgreementState.SENT, other)),
        )
    )
    return session.scalar(query) or 0


def _grouped(rows: Sequence[Interest]) -> list[tuple[tuple[int, date], list[Interest]]]:
    return [(key, list(group)) for key, group in groupby(rows, key=lambda row: (row.offer_id, row.week_on))]


def _holding(on: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Agreement.state == AgreementState.IN_FORCE,
        Agreement.valid_from <= on,
        or_(Agreement.valid_until > on, Agreement.extended_until > on),
    )


def _parties() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(Agreement.authority),
        joinedload(Agreement.producer),
        selectinload(Agreement.categories),
    )


def _with_offer() -> tuple[ExecutableOption, ...]:
    product = joinedload(Interest.offer).joinedload(Offer.product)
    return (
        product.joinedload(Product.producer),
        product.joinedload(Product.category),
        joinedload(Interest.kitchen),
    )
