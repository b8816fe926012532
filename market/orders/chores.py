"""What happens to orders by the clock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.orders.models import Order
from market.orders.operations import expire_order
from market.orders.rules import NotPossibleNow, OrderState


def expire_proposals(session: Session, *, at: datetime) -> int:
    """End the proposals whose time to answer is over; returns how many. Others may run it at the same time."""
    due = session.scalars(
        select(Order).where(Order.state == OrderState.PROPOSED, Order.expires_at <= at).order_by(Order.id)
    ).all()
    return sum(_expire(session, order, at) for order in due)


def _expire(session: Session, order: Order, at: datetime) -> bool:
    """False where an answer, or another worker, came first."""
    try:
        with session.begin_nested():
            expire_order(session, order=order, at=at)
    except NotPossibleNow:
        return False
    return True
