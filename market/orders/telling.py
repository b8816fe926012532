"""Whom an order's steps are told to, and with what: written in the step's own transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from market.accounts.queries import people_of_authority, people_of_kitchen, people_of_producer
from market.accounts.rules import Role
from market.orders.models import Order, OrderLine
from market.orders.rules import OrderEvent, OrderState
from market.outbox import tell


def tell_order(session: Session, order: Order, event: OrderEvent, *, reason: str, at: datetime) -> None:
    """Tell the other party; an agreed order is confirmed to both."""
    producer = people_of_producer(session, order.producer_id)
    kitchen = _buyers(session, order)
    if order.state is OrderState.AGREED and event in (OrderEvent.ORDER, OrderEvent.ACCEPT):
        _tell(session, order, "order_confirmed", [*producer, *kitchen], at)
    elif event is OrderEvent.PROPOSE:
        _tell(session, order, "order_proposed", producer, at)
    elif event is OrderEvent.DECLINE:
        _tell(session, order, "order_declined", kitchen, at, reason=reason.strip())
    elif event is OrderEvent.CANCEL:
        _tell(session, order, "order_cancelled", producer, at, reason=reason.strip())
    elif event is OrderEvent.RECEIVE and order.delivery is not None and order.delivery.has_deviation:
        _tell(session, order, "order_deviation", producer, at)


def _buyers(session: Session, order: Order) -> list[int]:
    """The kitchen's people, and the meal manager where one placed the order."""
    placed_by = {step.user_id for step in order.transitions[:1]}
    managers = people_of_authority(session, order.kitchen.authority_id, Role.MEAL_MANAGER)
    return [*people_of_kitchen(session, order.kitchen_id), *(who for who in managers if who in placed_by)]


def _tell(session: Session, order: Order, kind: str, user_ids: list[int], at: datetime, **more: Any) -> None:
    tell(
        session,
        user_ids=user_ids,
        kind=kind,
        key=f"order:{order.id}:{kind}:{len(order.transitions)}",
        at=at,
        order_id=order.id,
        producer=order.producer.name,
        kitchen=order.kitchen.name,
        receiving_kitchen=order.receiving_kitchen.name,
        deliver_on=order.deliver_on.isoformat(),
        total_ore=order.total_ore,
        lines=[_line(order, line) for line in order.lines],
        **more,
    )


def _line(order: Order, line: OrderLine) -> dict[str, Any]:
    """As it was ordered and, once it has come, as it was received."""
    said: dict[str, Any] = {
        "product": line.product_name, "steps": line.steps, "unit": line.unit.value, "price": str(line.price)
    }  # fmt: skip
    received = order.delivery.lines if order.delivery is not None else []
    for part in received:
        if part.order_line_id == line.id:
            deviation = part.deviation.value if part.deviation else None
            said |= {"accepted": part.accepted, "deviation": deviation, "note": part.note}
    return said
