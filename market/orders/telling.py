"""Who is told of an order's steps, in which words: written to the outbox in the step's own transaction.

Each function is named for the message that it writes; `templates/emails/NAME.txt` has the words.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from market.accounts.queries import people_of_kitchen, people_of_producer
from market.actors import Actor
from market.orders.models import Order, StandingOrder, StandingWeek
from market.orders.rules import OrderEvent, Side
from market.outbox import tell

KINDS = {
    OrderEvent.PROPOSE: "order_proposed",
    OrderEvent.ORDER: "order_placed",
    OrderEvent.COUNTER: "order_countered",
    OrderEvent.ACCEPT: "order_agreed",
    OrderEvent.DECLINE: "order_declined",
    OrderEvent.CANCEL: "order_cancelled",
    OrderEvent.CONSENT_CANCEL: "order_cancelled",
    OrderEvent.EXPIRE: "order_expired",
    OrderEvent.ASK_CANCEL: "order_cancel_asked",
    OrderEvent.REFUSE_CANCEL: "order_cancel_refused",
}
TO_BOTH = frozenset({OrderEvent.ORDER, OrderEvent.ACCEPT, OrderEvent.EXPIRE})
"""Confirmations, and the clock's doing; of everything else the side that did it knows."""


def tell_of_step(
    session: Session, *, order: Order, event: OrderEvent, side: Side | None, reason: str, at: datetime
) -> None:
    """Tell the other side of a step, or both where both must have it on paper."""
    kind = KINDS.get(event)
    if kind is None:
        return
    told = set(Side) if event in TO_BOTH or side is None else {side.other}
    for reader in sorted(told):
        tell(
            session,
            user_ids=_people(session, order, reader),
            kind=kind,
            key=f"order:{order.id}:{event.value}:{len(order.transitions)}",
            at=at,
            **_facts(order),
            reason=reason,
            by="" if side is None else side.value,
        )


def goods_deviated(session: Session, *, order: Order, at: datetime) -> None:
    """Tell the producer what was wrong with what came, and what is credited."""
    assert order.delivery is not None
    tell(
        session,
        user_ids=people_of_producer(session, order.producer_id),
        kind="goods_deviated",
        key=f"order:{order.id}:deviated",
        at=at,
        **_facts(order),
        credit_ore=order.delivery.credit_ore,
    )


def standing_order_made(
    session: Session, *, standing: StandingOrder, order: Order, actor: Actor, at: datetime
) -> None:
    """Tell the kitchen that a week's order has made itself; the producer is told as of any order."""
    del actor
    tell(
        session,
        user_ids=people_of_kitchen(session, standing.kitchen_id),
        kind="standing_order_made",
        key=f"standing:{standing.id}:{order.deliver_on.isoformat()}:made",
        at=at,
        **_facts(order),
        standing_order_id=standing.id,
    )


def standing_order_failed(
    session: Session, *, standing: StandingOrder, week: StandingWeek, at: datetime
) -> None:
    """Tell the kitchen, and who made it, that a week has no order and why; once for each reason."""
    assert week.why_not is not None
    tell(
        session,
        user_ids={*people_of_kitchen(session, standing.kitchen_id), standing.user_id},
        kind="standing_order_failed",
        key=f"standing:{standing.id}:{week.monday.isoformat()}:{week.why_not.value}",
        at=at,
        standing_order_id=standing.id,
        product=standing.product.name,
        producer=standing.product.producer.name,
        monday=week.monday.isoformat(),
        why_not=week.why_not.value,
        detail=week.detail,
    )


def _people(session: Session, order: Order, side: Side) -> list[int]:
    if side is Side.PRODUCER:
        return people_of_producer(session, order.producer_id)
    return people_of_kitchen(session, order.kitchen_id)


def _facts(order: Order) -> dict[str, str | int]:
    """What every message about an order says, as plain values."""
    line = order.lines[0]
    return {
        "order_id": order.id,
        "product": line.product_name,
        "steps": line.steps,
        "unit": line.unit.value,
        "price": str(line.price),
        "total_ore": order.total_ore,
        "deliver_on": order.deliver_on.isoformat(),
        "kitchen": order.kitchen.name,
        "producer": order.producer.name,
        "note": order.positions[-1].note,
        "expires_at": order.expires_at.isoformat() if order.expires_at else "",
    }
