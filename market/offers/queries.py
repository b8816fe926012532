"""Reads of offers: a producer's own, and those a buyer can find."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from market.actors import Actor
from market.offers.models import ConfirmationLink, Offer, PhoneCall, offer_authorities
from market.offers.rules import NEVER_OPEN, OfferState
from market.register.models import Certificate, ChainLink, Producer, Product, ProductionSite
from market.values import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a buyer looks for; None and False leave a condition out. `at_least` is in the unit's steps."""

    period: Period
    category: str | None = None
    only_organic: bool = False
    only_surplus: bool = False
    at_least_grams: int | None = None


def open_offers(session: Session, *, authority_id: int | None, filters: Filters, today: date) -> list[Offer]:
    """Open offers for an authority with something left, available in the period and not before today.

    Constant in queries.
    """
    query = (
        select(Offer)
        .join(Offer.product)
        .where(
            Offer.state == OfferState.OPEN,
            offered_to(authority_id),
            Offer.reserved < Offer.posted,
            Offer.available_from < filters.period.end,
            Offer.available_until > max(filters.period.start, today),
        )
        .options(*_with_product())
        .order_by(Offer.is_surplus.desc(), Offer.available_from, Offer.id)
    )
    if filters.category:
        query = query.where(Product.category_key == filters.category)
    if filters.only_organic:
        query = query.where(Offer.is_organic, _certified_on(today))
    if filters.only_surplus:
        query = query.where(Offer.is_surplus)
    found = session.scalars(query)
    return [offer for offer in found if _weighs(offer, filters.at_least_grams)]


def offered_to(authority_id: int | None) -> ColumnElement[bool]:
    """The offers that an authority may know of: those for all, and those for it."""
    chosen = exists().where(
        and_(offer_authorities.c.offer_id == Offer.id, offer_authorities.c.authority_id == authority_id)
    )
    return or_(Offer.is_for_all, chosen)


def open_offer(session: Session, *, actor: Actor, offer_id: int) -> Offer | None:
    """An offer for a buyer's page: any for it that was ever open, so that old links explain themselves."""
    query = select(Offer).where(
        Offer.id == offer_id, offered_to(actor.authority_id), Offer.state.not_in(NEVER_OPEN)
    )
    return session.scalar(query.options(*_with_product()))


def own_offers(session: Session, *, actor: Actor, since: date) -> list[Offer]:
    """A producer's offers that ended on or after `since`, newest period first."""
    query = (
        select(Offer)
        .join(Offer.product)
        .where(Product.producer_id == actor.producer_id, Offer.available_until > since)
        .options(*_with_product())
        .order_by(Offer.available_from.desc(), Offer.id.desc())
    )
    return list(session.scalars(query))


def own_offer(session: Session, *, actor: Actor, offer_id: int) -> Offer | None:
    """One of the producer's own offers, else None."""
    query = (
        select(Offer)
        .join(Offer.product)
        .where(Offer.id == offer_id, Product.producer_id == actor.producer_id)
        .options(*_with_product())
    )
    return session.scalar(query)


def offer_made_by(session: Session, *, actor: Actor, request_key: str | None) -> Offer | None:
    """The producer's offer that an earlier sending of the same form has made, else None."""
    query = (
        select(Offer)
        .join(Offer.product)
        .where(Offer.request_key == request_key, Product.producer_id == actor.producer_id)
    )
    return session.scalar(query) if request_key else None


def withdrawn_repeats(session: Session, *, offer_id: int) -> int:
    """How many repeats of an offer have been taken back."""
    query = select(func.count()).where(
        Offer.repeated_from_id == offer_id, Offer.state == OfferState.WITHDRAWN
    )
    return session.scalar(query) or 0


def latest_offer(session: Session, *, producer_id: int) -> Offer | None:
    """What the producer flagged last: how it was to be had is how the next one will be, most likely."""
    query = (
        select(Offer)
        .join(Offer.product)
        .where(Product.producer_id == producer_id)
        .order_by(Offer.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def standing_offers(session: Session, *, until: date) -> list[Offer]:
    """Open offers that repeat weekly and began on or before `until`."""
    query = (
        select(Offer)
        .where(Offer.is_standing, Offer.state == OfferState.OPEN, Offer.available_from <= until)
        .options(*_with_product())
        .order_by(Offer.id)
    )
    return list(session.scalars(query))


def calls_of(session: Session, *, actor: Actor) -> list[PhoneCall]:
    """The authority's call log, newest first."""
    return list(session.scalars(_calls(actor).order_by(PhoneCall.called_at.desc(), PhoneCall.id.desc())))


def call_for(session: Session, *, actor: Actor, call_id: int) -> PhoneCall | None:
    """One of the authority's calls, else None."""
    return session.scalar(_calls(actor).where(PhoneCall.id == call_id))


def call_made_by(session: Session, *, actor: Actor, request_key: str | None) -> PhoneCall | None:
    """The call that an earlier sending of the same form has registered, else None."""
    query = _calls(actor).join(PhoneCall.offer.of_type(Offer)).where(Offer.request_key == request_key)
    return session.scalar(query) if request_key else None


def link_with(session: Session, *, token_hash: str) -> ConfirmationLink | None:
    """The link that a token belongs to: whoever has the token is who it was sent to."""
    query = (
        select(ConfirmationLink)
        .join(ConfirmationLink.call)
        .where(ConfirmationLink.token_hash == token_hash)
        .options(contains_eager(ConfirmationLink.call).joinedload(PhoneCall.authority))
    )
    return session.scalar(query)


def producers_to_call_for(session: Session) -> list[Producer]:
    """Every producer of the register, with or without an account, by name."""
    return list(session.scalars(select(Producer).order_by(Producer.name)))


def producer_on_the_phone(session: Session, *, producer_id: int) -> Producer | None:
    """One of them, with sites and products."""
    query = (
        select(Producer)
        .where(Producer.id == producer_id)
        .options(selectinload(Producer.sites), selectinload(Producer.products))
    )
    return session.scalar(query)


def _calls(actor: Actor) -> Select[PhoneCall]:
    offer = joinedload(PhoneCall.offer)
    return (
        select(PhoneCall)
        .where(PhoneCall.authority_id == actor.authority_id)
        .options(offer.joinedload(Offer.product).joinedload(Product.producer), selectinload(PhoneCall.links))
    )


def _certified_on(day: date) -> ColumnElement[bool]:
    return exists().where(
        and_(
            Certificate.producer_id == Product.producer_id,
            Certificate.revoked_at.is_(None),
            Certificate.last_valid_on >= day,
        )
    )


def _weighs(offer: Offer, at_least_grams: int | None) -> bool:
    return at_least_grams is None or offer.product.grams(offer.left.steps) >= at_least_grams


def _with_product() -> tuple[ExecutableOption, ...]:
    product = joinedload(Offer.product)
    return (
        product.joinedload(Product.producer).selectinload(Producer.certificates),
        product.joinedload(Product.category),
        product.selectinload(Product.chain).joinedload(ChainLink.site).joinedload(ProductionSite.producer),
        joinedload(Offer.site),
        selectinload(Offer.site, ProductionSite.windows),
    )
