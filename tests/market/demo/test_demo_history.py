"""The deliveries before the demo's weeks are like those of any kitchen: recorded, counted, in order of time."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from market.followup.models import Delivered, DeliveredSum
from market.limits.models import LimitEntry
from market.orders.models import Delivery, DeliveryLine, Order
from market.register.models import Authority, Kitchen, Procedure

PAST = Order.request_key.startswith("demo-history-")


def test_every_delivery_is_followed_up(session: Session) -> None:
    lines = session.scalar(select(func.count()).select_from(DeliveryLine))
    assert session.scalar(select(func.count()).select_from(Delivered)) == lines
    assert session.scalar(select(func.sum(DeliveredSum.lines))) == lines
    assert session.scalar(select(func.count()).where(PAST)) > 20


def test_nothing_comes_before_it_was_ordered(session: Session) -> None:
    early = select(func.count()).select_from(Delivery).join(Delivery.order)
    assert session.scalar(early.where(Delivery.received_at <= Order.placed_at)) == 0


def test_direct_awards_stand_in_the_ledger(session: Session) -> None:
    buys_directly = Authority.procedure == Procedure.DIRECT_AWARD
    query = select(Order.id).join(Order.kitchen).join(Kitchen.authority).where(PAST, buys_directly)
    subjects = {f"order:{order_id}" for order_id in session.scalars(query)}
    assert subjects
    assert subjects <= set(session.scalars(select(LimitEntry.subject)))
