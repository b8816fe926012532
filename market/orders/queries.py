"""Reads of orders, each limited to what the actor's organisation has a part in."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from market.accounts.rules import Role
from market.actors import Actor
from market.law.queries import law_value
from market.law.rules import LawKey
from market.offers.models import Offer
from market.offers.rules import OfferState
from market.orders.models import (
    Delivery,
    DeliveryLine,
    Order,
    OrderLine,
    OrderPosition,
    OrderTerms,
    StandingOrder,
)
from market.orders.rules import OrderState, Side
from market.orders.standing_rules import StandingState, Supply
from market.register.models import Authority, Kitchen, Product
from market.values import Period


def within_reach(actor: Actor) -> ColumnElement[bool]:
    """The orders that an actor may know of.

    A producer its own; a kitchen those it placed and those it takes in for its satellites; an authority's people
    those of its kitchens; a logistics planner also those of the authorities it plans for. An admin none.
    """
    match actor.role:
        case Role.PRODUCER:
            return Order.producer_id == actor.producer_id
        case Role.KITCHEN:
            return or_(Order.kitchen_id == actor.kitchen_id, Order.receiving_kitchen_id == actor.kitchen_id)
        case Role.MEAL_MANAGER | Role.PROCUREMENT_OFFICER:
            return Order.kitchen_id.in_(select(Kitchen.id).where(Kitchen.authority_id == actor.authority_id))
        case Role.LOGISTICS_PLANNER:
            planned = select(Authority.id).where(
                or_(Authority.id == actor.authority_id, Authority.planned_by_id == actor.authority_id)
            )
            return Order.kitchen_id.in_(select(Kitchen.id).where(Kitchen.authority_id.in_(planned)))
        case _:
            return false()


def order_for(session: Session, *, actor: Actor, order_id: int) -> Order | None:
    """One order with all that its page shows, or None where the actor has no part in it."""
    query = (
        select(Order)
        .where(Order.id == order_id, within_reach(actor))
        .options(
            selectinload(Order.lines).joinedload(OrderLine.reservation),
            selectinload(Order.lines).joinedload(OrderLine.offer),
            selectinload(Order.positions),
            selectinload(Order.transitions),
            joinedload(Order.delivery)
            .selectinload(Delivery.lines)
            .options(joinedload(DeliveryLine.order_line), joinedload(DeliveryLine.credit)),
            *_parties(),
        )
    )
    return session.scalar(query)


def orders_in(session: Session, *, actor: Actor, period: Period) -> list[Order]:
    """The actor's orders to be delivered in the period, by day, then kitchen; constant in queries."""
    receiving = aliased(Kitchen)
    query = (
        select(Order)
        .join(receiving, Order.receiving_kitchen_id == receiving.id)
        .where(within_reach(actor), Order.deliver_on >= period.start, Order.deliver_on < period.end)
        .options(
            selectinload(Order.lines), joinedload(Order.delivery).selectinload(Delivery.lines), *_parties()
        )
        .order_by(Order.deliver_on, receiving.name, Order.id)
    )
    return list(session.scalars(query))


def waiting_for_answer(session: Session, *, actor: Actor, today: date, side: Side) -> list[Order]:
    """Proposed orders of today or later whose latest position waits for `side`'s word, first delivery first."""
    latest = and_(OrderPosition.order_id == Order.id, OrderPosition.number == Order.round)
    query = (
        select(Order)
        .join(OrderPosition, latest)
        .where(
            within_reach(actor),
            Order.state == OrderState.PROPOSED,
            Order.deliver_on >= today,
            OrderPosition.side == side.other,
        )
        .options(selectinload(Order.lines), *_parties())
        .order_by(Order.deliver_on, Order.id)
    )
    return list(session.scalars(query))


def orders_from_offer(session: Session, *, actor: Actor, offer_id: int) -> list[Order]:
    query = (
        select(Order)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(within_reach(actor), OrderLine.offer_id == offer_id)
        .options(selectinload(Order.lines), *_parties())
        .order_by(Order.deliver_on, Order.id)
        .distinct()
    )
    return list(session.scalars(query))


def standing_orders(session: Session, *, actor: Actor) -> list[StandingOrder]:
    """Those that have not ended first, then by product; with what became of each week."""
    query = (
        select(StandingOrder)
        .join(StandingOrder.product)
        .where(_standing_within_reach(actor))
        .options(*_of_standing())
        .order_by(StandingOrder.state == StandingState.ENDED, Product.name, StandingOrder.id)
    )
    return list(session.scalars(query))


def standing_order_for(session: Session, *, actor: Actor, standing_id: int) -> StandingOrder | None:
    query = (
        select(StandingOrder)
        .where(StandingOrder.id == standing_id, _standing_within_reach(actor))
        .options(*_of_standing())
    )
    return session.scalar(query)


def supplies_for(
    session: Session, *, product_id: int, authority_id: int, day: date, today: date
) -> list[Supply]:
    """The open offers of a product that are for an authority and available on a day, with today's prices."""
    query = (
        select(Offer)
        .where(
            Offer.product_id == product_id,
            Offer.state == OfferState.OPEN,
            Offer.available_from <= day,
            Offer.available_until > day,
        )
        .order_by(Offer.id)
    )
    return [
        Supply(
            offer_id=offer.id,
            left=offer.left.steps,
            package_steps=offer.package_steps or offer.piece_grams,
            price=offer.price_on(today),
        )
        for offer in session.scalars(query)
        if offer.is_for(authority_id)
    ]


def _standing_within_reach(actor: Actor) -> ColumnElement[bool]:
    """A kitchen's own; an authority's meal manager those of its kitchens."""
    if actor.role is Role.KITCHEN:
        return StandingOrder.kitchen_id == actor.kitchen_id
    if actor.role is Role.MEAL_MANAGER:
        own = select(Kitchen.id).where(Kitchen.authority_id == actor.authority_id)
        return StandingOrder.kitchen_id.in_(own)
    return false()


def _of_standing() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(StandingOrder.kitchen).selectinload(Kitchen.windows),
        joinedload(StandingOrder.product).joinedload(Product.producer),
        selectinload(StandingOrder.weeks),
    )


def terms_of(session: Session, *, authority_id: int) -> OrderTerms:
    """An authority's terms; one that has set none has those of the law, and the usual temperatures (not stored)."""
    found = session.get(OrderTerms, authority_id)
    return found or OrderTerms(
        authority_id=authority_id, chilled_max_decidegrees=80, frozen_max_decidegrees=-180
    )


def notice_days(session: Session, *, authority_id: int, on: date) -> int:
    """How many days before the delivery perishables may be cancelled: the authority's own, else the law's on `on`."""
    own = terms_of(session, authority_id=authority_id).perishable_notice_days
    return int(law_value(session, LawKey.PERISHABLE_NOTICE, on=on).value) if own is None else own


def _parties() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(Order.kitchen).joinedload(Kitchen.authority),
        joinedload(Order.receiving_kitchen),
        joinedload(Order.producer),
    )
