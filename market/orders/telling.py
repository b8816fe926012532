"""Whom an order's steps are told to, and with what: written in the step's own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from market.accounts.queries import people_of_authority, people_of_kitchen, people_of_producer
from market.accounts.rules import Role
from market.orders.models import Order, OrderLine, StandingOrder, StandingWeek
from market.orders.rules import OrderEvent, Side
from market.outbox import tell, tell_address

KINDS: Mapping[OrderEvent, str] = MappingProxyType(
    {
        OrderEvent.PROPOSE: "order_proposed",
        OrderEvent.ORDER: "order_confirmed",
        OrderEvent.COUNTER: "order_countered",
        OrderEvent.ACCEPT: "order_confirmed",
        OrderEvent.DECLINE: "order_declined",
        OrderEvent.CANCEL: "order_cancelled",
        OrderEvent.EXPIRE: "order_expired",
        OrderEvent.ASK_CANCEL: "order_cancel_asked",
        OrderEvent.REFUSE_CANCEL: "order_cancel_refused",
        OrderEvent.CONSENT_CANCEL: "order_cancel_agreed",
    }
)
TO_BOTH = frozenset({OrderEvent.ORDER, OrderEvent.ACCEPT, OrderEvent.EXPIRE})
"""Confirmations, and what the clock did; of everything else the side that did it knows."""


def tell_order(
    session: Session, order: Order, event: OrderEvent, *, side: Side | None, reason: str, at: datetime
) -> None:
    """Tell the other side of a step, or both. A receipt is told of where something was wrong with the goods."""
    kind = KINDS.get(event)
    if event is OrderEvent.RECEIVE and order.delivery is not None and order.delivery.has_deviation:
        kind = "order_deviation"
    if kind is None:
        return
    told = [*Side] if event in TO_BOTH or side is None else [side.other]
    people = [who for reader in told for who in _people(session, order, reader)]
    more = {"reason": reason.strip(), "by": side.value if side else ""}
    _tell(session, order, kind, people, at, **more)
    if Side.PRODUCER in told:
        _tell_address(session, order, kind, at, **more)


def standing_order_made(session: Session, *, standing: StandingOrder, order: Order, at: datetime) -> None:
    """Tell the kitchen that a week's order has made itself; the producer is told as of any order."""
    user_ids = [*people_of_kitchen(session, standing.kitchen_id), standing.user_id]
    _tell(session, order, "standing_order_made", user_ids, at, standing_id=standing.id)


def standing_order_failed(
    session: Session, *, standing: StandingOrder, week: StandingWeek, at: datetime
) -> None:
    """Tell the kitchen, and who made it, that a week has no order and why; once for each reason."""
    assert week.why_not is not None
    tell(
        session,
        user_ids=[*people_of_kitchen(session, standing.kitchen_id), standing.user_id],
        kind="standing_order_failed",
        key=f"standing:{standing.id}:{week.monday.isoformat()}:{week.why_not.value}",
        at=at,
        standing_id=standing.id,
        product=standing.product.name,
        producer=standing.product.producer.name,
        kitchen=standing.kitchen.name,
        monday=week.monday.isoformat(),
        why_not=week.why_not.value,
        detail=week.detail,
    )


def _people(session: Session, order: Order, side: Side) -> list[int]:
    """A side's people; on the kitchen's also the meal manager where one placed the order."""
    if side is Side.PRODUCER:
        return people_of_producer(session, order.producer_id)
    placed_by = {step.user_id for step in order.transitions[:1]}
    managers = people_of_authority(session, order.kitchen.authority_id, Role.MEAL_MANAGER)
    return [*people_of_kitchen(session, order.kitchen_id), *(who for who in managers if who in placed_by)]


def _tell(session: Session, order: Order, kind: str, user_ids: list[int], at: datetime, **more: Any) -> None:
    key = f"order:{order.id}:{kind}:{len(order.transitions)}"
    tell(session, user_ids=user_ids, kind=kind, key=key, at=at, **_said(order), **more)


def _tell_address(session: Session, order: Order, kind: str, at: datetime, **more: Any) -> None:
    """To the address in the register, for a producer that nobody has an account for yet."""
    address = order.producer.email
    if address and not people_of_producer(session, order.producer_id):
        key = f"order:{order.id}:{kind}:{len(order.transitions)}:address"
        tell_address(session, address=address, kind=kind, key=key, at=at, **_said(order), **more)


def _said(order: Order) -> dict[str, Any]:
    return {
        "order_id": order.id,
        "producer": order.producer.name,
        "kitchen": order.kitchen.name,
        "receiving_kitchen": order.receiving_kitchen.name,
        "deliver_on": order.deliver_on.isoformat(),
        "expires_at": order.expires_at.isoformat() if order.expires_at else "",
        "note": order.position.note,
        "total_ore": order.total_ore,
        "credit_ore": order.delivery.credit_ore if order.delivery is not None else 0,
        "lines": [_line(order, line) for line in order.lines],
    }


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
