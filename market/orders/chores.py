"""What happens to orders by the clock. Each returns how many things it did, and may run in several workers at once."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from market.orders.models import Order, StandingOrder
from market.orders.operations import expire_order
from market.orders.rules import NotPossibleNow, OrderState
from market.orders.standing_operations import make_weeks_order
from market.orders.standing_rules import StandingState
from market.values import Week, local_date


def expire_proposals(session: Session, *, at: datetime, most: int | None = None) -> int:
    """End the proposals whose time to answer is over, `most` of them. Wants to run every few minutes."""
    due = session.scalars(
        select(Order).where(Order.state == OrderState.PROPOSED, Order.expires_at <= at).order_by(Order.id)
    ).all()
    return sum(islice((1 for order in due if _expire(session, order, at)), most))


def make_standing_orders(session: Session, *, at: datetime, most: int | None = None) -> int:
    """Make the orders of the coming week, and of this one where it could not be made before; `most` of them.

    Wants to run every hour.
    """
    this_week = Week.containing(local_date(at))
    standing = session.scalars(
        select(StandingOrder).where(StandingOrder.state == StandingState.ACTIVE).order_by(StandingOrder.id)
    ).all()
    wanted = ((one, week) for one in standing for week in _weeks_of(one, this_week))
    return sum(islice((1 for one, week in wanted if _make(session, one, week, at)), most))


def _weeks_of(standing: StandingOrder, this_week: Week) -> list[Week]:
    tried = {row.monday for row in standing.weeks}
    return [*([this_week] if this_week.monday in tried else []), this_week.shifted(1)]


def _expire(session: Session, order: Order, at: datetime) -> bool:
    """False where an answer, or another worker, came first."""
    try:
        with session.begin_nested():
            expire_order(session, order=order, at=at)
    except NotPossibleNow:
        return False
    return True


def _make(session: Session, standing: StandingOrder, week: Week, at: datetime) -> bool:
    """False too where another worker writes the same week."""
    try:
        with session.begin_nested():
            return make_weeks_order(session, standing=standing, week=week, at=at)
    except IntegrityError:
        return False
