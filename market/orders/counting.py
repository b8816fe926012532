"""Orders in the ledger of direct awards: what each step takes of the limit, gives back or settles."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy.orm import Session

from market.actors import Actor
from market.limits.operations import commit_value, release_value, settle_value
from market.orders.models import Order
from market.orders.rules import RELEASING, OrderEvent
from market.register.models import Authority, Procedure, Producer
from market.values import local_date

TAKING = frozenset({OrderEvent.PROPOSE, OrderEvent.ORDER, OrderEvent.COUNTER, OrderEvent.ACCEPT})


def count_order(
    session: Session, order: Order, event: OrderEvent, *, actor: Actor | None, at: datetime
) -> None:
    """Keep the ledger in step, a category at a time. Raises LimitReached for what would pass the limit.

    Placing takes the value, and taking it again (a counter-offer) changes it; an order that ends gives it back; a
    receipt counts what came. Authorities with a DIS buy by its call-offs and are not counted.
    """
    who = actor.user_id if actor else None
    if event in RELEASING:
        release_value(session, subject=_subject(order), at=at, actor_user_id=who)
    elif event is OrderEvent.RECEIVE:
        _settle(session, order, who=who, at=at)
    elif event in TAKING:
        _commit(session, order, who=who, at=at)


def _commit(session: Session, order: Order, *, who: int | None, at: datetime) -> None:
    authority = session.get_one(Authority, order.kitchen.authority_id)
    if authority.procedure is not Procedure.DIRECT_AWARD:
        return
    ordered = Counter[str]()
    for line in order.lines:
        ordered[line.category_key] += line.total_ore
    for key, ore in sorted(ordered.items()):
        commit_value(
            session,
            authority_id=authority.id,
            category_key=key,
            subject=_subject(order),
            ore=ore,
            on=local_date(order.placed_at),
            actor_user_id=who,
            at=at,
            supplier=session.get_one(Producer, order.producer_id),
        )


def _settle(session: Session, order: Order, *, who: int | None, at: datetime) -> None:
    assert order.delivery is not None
    delivered = Counter[str]()
    for row in order.delivery.lines:
        delivered[row.order_line.category_key] += row.total_ore
    for key, ore in sorted(delivered.items()):
        settle_value(
            session,
            subject=_subject(order),
            delivered_ore=ore,
            at=at,
            category_key=key,
            actor_user_id=who,
        )


def _subject(order: Order) -> str:
    return f"order:{order.id}"
