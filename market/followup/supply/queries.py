"""Reads of supply: what is offered to an authority by month, who delivers to it, and the letters that it has written."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from market.actors import Actor
from market.followup.models import DeliveredSum
from market.followup.rules import month_of
from market.followup.supply.models import SupplierInvitation
from market.followup.supply.need_queries import Whose, is_coming
from market.followup.supply.rules import When, added, spread, year_earlier
from market.followup.supply.supplying import Received, Seller
from market.offers.models import Offer
from market.offers.queries import offered_to
from market.offers.rules import OfferState
from market.orders.models import Order, OrderLine
from market.register.models import Producer, Product
from market.values import Period

STANDS = (OfferState.OPEN, OfferState.PAUSED)


def left_of_offers(session: Session, *, authority_id: int, when: When) -> dict[int, dict[int, int]]:
    """Grams that nobody has bought of the offers for all and for the authority, by product and month; a year back, where needed."""
    reach = when.with_year_before
    grouped = (
        Offer.product_id,
        Offer.unit,
        Product.grams_per_unit,
        Offer.available_from,
        Offer.available_until,
    )
    query = (
        select(*grouped, func.sum(Offer.posted - Offer.reserved))
        .join(Offer.product)
        .where(
            Offer.state.in_(STANDS),
            Offer.reserved < Offer.posted,
            offered_to(authority_id),
            Offer.available_from < reach.end,
            Offer.available_until > reach.start,
        )
        .group_by(*grouped)
    )
    found: dict[int, list[dict[int, int]]] = defaultdict(list)
    for product_id, unit, per_unit, first, end, steps in session.execute(query):
        grams = int(steps) * per_unit // unit.steps
        # what is out can be had from today on; what nobody bought in its time is spread over that time
        start = max(first, when.today) if end > when.today else first
        found[product_id].append(spread(grams, Period(start, end), reach))
    return {product_id: added(parts) for product_id, parts in found.items()}


def ordered_of(session: Session, *, whose: Whose, when: When) -> dict[int, dict[int, int]]:
    """Grams that the authority, or its one kitchen, has ordered and not received, from this month on, by product and month."""
    query = (
        select(Offer.product_id, Order.deliver_on, func.sum(OrderLine.grams))
        .join(OrderLine.order)
        .join(Order.kitchen)
        .join(OrderLine.offer)
        .where(whose.kitchens, *is_coming(when))
        .group_by(Offer.product_id, Order.deliver_on)
    )
    found: dict[int, list[dict[int, int]]] = defaultdict(list)
    for product_id, day, grams in session.execute(query):
        found[product_id].append({month_of(day): int(grams)})
    return {product_id: added(parts) for product_id, parts in found.items()}


def received_from(session: Session, *, whose: Whose, when: When) -> dict[Seller, dict[int, Received]]:
    """What the authority, or its one kitchen, has received, by producer and category and month, a year back too where needed."""
    months = {*when.months, *(year_earlier(month) for month in when.coming)}
    grouped = (DeliveredSum.producer_id, DeliveredSum.category_key, DeliveredSum.month)
    query = (
        select(*grouped, func.sum(DeliveredSum.grams), func.sum(DeliveredSum.local_grams))
        .where(whose.delivered, DeliveredSum.month.in_(sorted(months)))
        .group_by(*grouped)
    )
    found: dict[Seller, dict[int, Received]] = defaultdict(dict)
    for producer_id, key, month, grams, local in session.execute(query):
        found[producer_id, key][month] = Received(int(grams), int(local))
    return dict(found)


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
