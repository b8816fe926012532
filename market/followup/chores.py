"""Deliveries that were received before follow-up counted them, counted as soon as it can."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.followup.models import Delivered
from market.followup.recording import record_delivery
from market.orders.models import Delivery, DeliveryLine

AT_A_TIME = 200


def count_earlier_deliveries(session: Session, *, at: datetime) -> int:
    """Some of those that are not recorded, oldest first; by definitions of their day, else by what stands now."""
    recorded = select(Delivered.delivery_line_id)
    missing = select(DeliveryLine.delivery_id).where(DeliveryLine.id.not_in(recorded))
    query = select(Delivery).where(Delivery.id.in_(missing)).order_by(Delivery.id).limit(AT_A_TIME)
    deliveries = session.scalars(query).all()
    for delivery in deliveries:
        record_delivery(session, delivery=delivery, at=at)
    return len(deliveries)
