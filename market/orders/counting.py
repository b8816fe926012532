"""Keeping the ledger of direct awards in step with an order, whatever has happened to it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy.orm import Session

from market.limits.operations import commit_value, release_value, settle_value
from market.orders.models import Order
from market.orders.rules import OrderState
from market.register.models import Authority, Procedure, Producer
from market.values import local_date

STANDING = frozenset({OrderState.PROPOSED, OrderState.AGREED})


def count_order(session: Session, *, order: Order, user_id: int | None, at: datetime) -> None:
    """Count an order as it stands now, a category at a time. Call it after each step; again changes nothing.

    Proposed or agreed, it takes its value, at the price of now; received, what came; ended, it gives back. Raises
    LimitReached for what would pass the limit. Authorities with a DIS buy by its call-offs and are not counted, and
    nor is what anyone buys by a contract that has been tendered for: it is no direct award (LOU 19 a kap. 1 §).
    """
    if order.agreement_id is not None:
        return
    subject = f"order:{order.id}"
    if order.state in STANDING:
        _commit(session, order, subject, user_id=user_id, at=at)
    elif order.state is OrderState.RECEIVED and order.delivery is not None:
        delivered = Counter[str]()
        for row in order.delivery.lines:
            delivered[row.order_line.category_key] += row.total_ore
        for key, ore in sorted(delivered.items()):
            settle_value(
                session, subject=subject, delivered_ore=ore, at=at, category_key=key, actor_user_id=user_id
            )
    else:
        release_value(session, subject=subject, at=at, actor_user_id=user_id)


def _commit(session: Session, order: Order, subject: str, *, user_id: int | None, at: datetime) -> None:
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
            subject=subject,
            ore=ore,
            on=local_date(order.placed_at),
            actor_user_id=user_id,
            at=at,
            supplier=session.get_one(Producer, order.producer_id),
        )
