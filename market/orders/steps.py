"""One step of an order: the state moved under a condition, and the row of history that every step leaves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from market import audit
from market.accounts.rules import Role
from market.actors import Actor
from market.orders.models import Order, OrderTransition
from market.orders.rules import NotPossibleNow, OrderEvent, Side, state_after


def side_of(actor: Actor) -> Side:
    """Producers sell; everyone else who acts on an order does it for the kitchen."""
    return Side.PRODUCER if actor.role is Role.PRODUCER else Side.KITCHEN


def move(session: Session, order: Order, event: OrderEvent, **changes: Any) -> None:
    """Change the state only if it and the latest position are still what the caller saw; a race loses with NotPossibleNow."""
    after = state_after(order.state, event)
    changed = session.execute(
        update(Order)
        .where(Order.id == order.id, Order.state == order.state, Order.round == order.round)
        .values(state=after, **changes)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotPossibleNow
    session.refresh(order, ["state", *changes])


def write_history(
    session: Session, order: Order, event: OrderEvent, *, actor: Actor | None, at: datetime, reason: str
) -> None:
    """The transition's row and the log's; without an actor it is the clock's doing."""
    row = OrderTransition(
        order_id=order.id,
        event=event,
        to_state=order.state,
        at=at,
        side=side_of(actor) if actor else None,
        user_id=actor.user_id if actor else None,
        reason=reason.strip(),
    )
    order.transitions.append(row)
    audit.record(
        session,
        user_id=row.user_id,
        at=at,
        action=f"order.{event.value}",
        subject=f"order:{order.id}",
        state=order.state.value,
        round=order.round,
        deliver_on=order.deliver_on.isoformat(),
        lines=[[line.offer_id, line.steps, str(line.price)] for line in order.lines],
    )
