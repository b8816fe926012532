"""Reads of orders, each limited to what the actor's organisation has a part in."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from market.accounts.rules import Role
from market.actors import Actor
from market.orders.models import Delivery, DeliveryLine, Order, OrderLine
from market.orders.rules import OrderState
from market.register.models import Authority, Kitchen
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
            selectinload(Order.transitions),
            joinedload(Order.delivery).selectinload(Delivery.lines).joinedload(DeliveryLine.order_line),
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


def waiting_for_answer(session: Session, *, actor: Actor, today: date) -> list[Order]:
    """Proposed orders of today or later that wait for the producer's word, first delivery first."""
    query = (
        select(Order)
        .where(within_reach(actor), Order.state == OrderState.PROPOSED, Order.deliver_on >= today)
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


def _parties() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(Order.kitchen).joinedload(Kitchen.authority),
        joinedload(Order.receiving_kitchen),
        joinedload(Order.producer),
    )
