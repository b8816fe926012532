"""Reads of supply: what is offered to an authority by month, who delivers to it, and the letters that it has written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from market.actors import Actor
from market.followup.models import DeliveredSum
from market.followup.supply.models import SupplierInvitation
from market.followup.supply.need_queries import LIVE
from market.followup.supply.rules import When, added, spread, year_earlier
from market.offers.models import Offer
from market.offers.queries import offered_to
from market.offers.rules import OfferState
from market.orders.models import Order, OrderLine
from market.register.models import Kitchen, Producer, Product
from market.values import Period

STANDS = (OfferState.OPEN, OfferState.PAUSED)


def offered(session: Session, *, authority_id: int, when: When) -> dict[int, dict[int, int]]:
    """Grams that the authority could have, by product and month; of coming months at least what there was a year earlier.

    Offers for all and for it, less what others have bought; of one that was taken back what it has bought itself.
    """
    found: dict[int, list[dict[int, int]]] = defaultdict(list)
    reach = when.with_year_before
    for product_id, unit, per_unit, first, end, steps in session.execute(_offers(authority_id, reach)):
        grams = int(steps) * per_unit // unit.steps
        found[product_id].append(spread(grams, Period(first, end), reach))
    return {
        product_id: by_month
        for product_id, parts in found.items()
        if (by_month := _expected(added(parts), when))
    }


def suppliers_since(session: Session, *, authority_id: int, month: int) -> frozenset[int]:
    """The producers that have delivered to the authority in that month or later."""
    query = (
        select(DeliveredSum.producer_id)
        .where(DeliveredSum.authority_id == authority_id, DeliveredSum.month >= month)
        .distinct()
    )
    return frozenset(session.scalars(query))


def producer_to_invite(session: Session, *, producer_id: int) -> Producer | None:
    return session.get(Producer, producer_id)


def letters_of(session: Session, *, actor: Actor) -> list[SupplierInvitation]:
    """The authority's letters, the newest first."""
    return list(session.scalars(_letters(actor).order_by(SupplierInvitation.id.desc())))


def letter_for(session: Session, *, actor: Actor, letter_id: int) -> SupplierInvitation | None:
    return session.scalar(_letters(actor).where(SupplierInvitation.id == letter_id))


def letter_made_by(session: Session, *, actor: Actor, request_key: str) -> SupplierInvitation | None:
    """The letter that an earlier sending of the same form has made, else None."""
    return session.scalar(_letters(actor).where(SupplierInvitation.request_key == request_key))


def _letters(actor: Actor) -> Select[SupplierInvitation]:
    return select(SupplierInvitation).where(SupplierInvitation.authority_id == actor.authority_id)


def _offers(authority_id: int, reach: Period) -> Select[*tuple[Any, ...]]:
    own = (
        select(OrderLine.offer_id, func.sum(OrderLine.steps).label("steps"))
        .join(OrderLine.order)
        .join(Order.kitchen)
        .where(
            Kitchen.authority_id == authority_id,
            Order.state.in_(LIVE),
            Order.deliver_on >= reach.start,
            Order.deliver_on < reach.end,
        )
        .group_by(OrderLine.offer_id)
        .subquery()
    )
    left = case((Offer.state.in_(STANDS), Offer.posted - Offer.reserved), else_=0)
    grouped = (
        Offer.product_id,
        Offer.unit,
        Product.grams_per_unit,
        Offer.available_from,
        Offer.available_until,
    )
    return (
        select(*grouped, func.sum(left + func.coalesce(own.c.steps, 0)))
        .join(Offer.product)
        .outerjoin(own, own.c.offer_id == Offer.id)
        .where(
            or_(Offer.state.in_(STANDS), Offer.state == OfferState.WITHDRAWN),
            offered_to(authority_id),
            Offer.available_from < reach.end,
            Offer.available_until > reach.start,
        )
        .group_by(*grouped)
    )


def _expected(by_month: Mapping[int, int], when: When) -> dict[int, int]:
    """Of the months that are looked at; a coming one has at least what the same month had a year earlier."""
    coming = set(when.coming)
    found = {
        month: max(by_month.get(month, 0), by_month.get(year_earlier(month), 0) if month in coming else 0)
        for month in when.months
    }
    return {month: grams for month, grams in found.items() if grams}
