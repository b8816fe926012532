"""Reads of offers: a producer's own, and those a buyer can find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from market.actors import Actor
from market.offers.models import Offer
from market.offers.rules import OfferState
from market.register.models import ChainLink, Product, ProductionSite
from market.values import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a buyer looks for; None and False leave a condition out. `at_least` is in the unit's steps."""

    period: Period
    category: str | None = None
    only_organic: bool = False
    only_surplus: bool = False
    at_least_grams: int | None = None


def open_offers(session: Session, *, filters: Filters, today: date) -> list[Offer]:
    """Open offers with something left, available in the period and not before today; constant in queries."""
    query = (
        select(Offer)
        .join(Offer.product)
        .where(
            Offer.state == OfferState.OPEN,
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
        query = query.where(Offer.is_organic)
    if filters.only_surplus:
        query = query.where(Offer.is_surplus)
    found = session.scalars(query)
    return [offer for offer in found if _weighs(offer, filters.at_least_grams)]


def open_offer(session: Session, *, offer_id: int) -> Offer | None:
    """An offer for a buyer's page: any that was ever open, so that old links explain themselves."""
    return session.scalar(select(Offer).where(Offer.id == offer_id).options(*_with_product()))


def offers_by_id(session: Session, *, offer_ids: Sequence[int]) -> list[Offer]:
    """Offers with all that judging them needs, in the order in which they were posted."""
    query = select(Offer).where(Offer.id.in_(offer_ids)).options(*_with_product()).order_by(Offer.id)
    return list(session.scalars(query))


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


def _weighs(offer: Offer, at_least_grams: int | None) -> bool:
    return at_least_grams is None or offer.product.grams(offer.left.steps) >= at_least_grams


def _with_product() -> tuple[ExecutableOption, ...]:
    product = joinedload(Offer.product)
    return (
        product.joinedload(Product.producer),
        product.joinedload(Product.category),
        product.selectinload(Product.chain).joinedload(ChainLink.site).joinedload(ProductionSite.producer),
        joinedload(Offer.site),
        selectinload(Offer.site, ProductionSite.windows),
    )
