"""Placing, answering, cancelling and receiving orders. Each step is one row in the order's history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.offers.models import Offer, Reservation
from market.offers.operations import release, reserve
from market.offers.rules import (
    NotEnoughLeft,
    PriceNotAboveZero,
    check_day,
    check_price,
    check_whole_packages,
)
from market.orders.counting import count_order
from market.orders.models import Delivery, DeliveryLine, Order, OrderLine, OrderTransition
from market.orders.rules import (
    RELEASING,
    KitchenClosed,
    NotPossibleNow,
    OrderEvent,
    OrderState,
    ReasonNeeded,
    ReceivedLine,
    TooEarlyToReceive,
    check_received,
    state_after,
)
from market.register.models import Kitchen
from market.values import LARGEST, Quantity, Refused, TooLarge, line_total_ore, local_date, msg


class LineMissing(Refused):
    message = msg("Alla rader måste tas emot eller få en avvikelse. Ladda om sidan och försök igen.")


def place_order(
    session: Session,
    *,
    offer: Offer,
    kitchen: Kitchen,
    quantity: Quantity,
    deliver_on: date,
    proposed_price: Decimal | None,
    note: str,
    request_key: str,
    actor: Actor,
    at: datetime,
) -> Order:
    """Order from an offer for a day. At the listed price it is agreed at once; with a price by agreement, proposed.

    The same `request_key` again returns the order already made. Raises NotEnoughLeft, OfferClosed, NotWholePackages,
    DayNotOffered, DayHasPassed, KitchenClosed, PriceNotAboveZero, LimitReached; then nothing is reserved.
    """
    made = _by_request_key(session, request_key)
    if made is not None:
        return made
    _check(session, offer=offer, kitchen=kitchen, quantity=quantity, deliver_on=deliver_on, at=at)
    price = offer.price if offer.price is not None else proposed_price
    if price is None:
        raise PriceNotAboveZero
    check_price(price)
    event = OrderEvent.ORDER if offer.price is not None else OrderEvent.PROPOSE
    try:
        with session.begin_nested():
            reservation = reserve(session, offer=offer, quantity=quantity, at=at)
            order = Order(
                kitchen=kitchen,
                receiving_kitchen_id=kitchen.receiving_kitchen_id,
                producer_id=offer.product.producer_id,
                deliver_on=deliver_on,
                state=state_after(None, event),
                note=note,
                request_key=request_key,
                placed_at=at,
                lines=[_line(offer, reservation, quantity, price)],
            )
            session.add(order)
            session.flush()
            count_order(session, order=order, user_id=actor.user_id, at=at)
    except (IntegrityError, NotEnoughLeft):
        made = _by_request_key(session, request_key)  # the same submit may have come first in another process
        if made is None:
            raise
        return made
    _write_history(session, order, event, actor=actor, at=at, reason="")
    return order


def answer_order(
    session: Session, *, order: Order, event: OrderEvent, reason: str = "", actor: Actor, at: datetime
) -> None:
    """Accept, decline or cancel. Declining and cancelling give the stock back and need a reason when already agreed."""
    if event in RELEASING and order.state is OrderState.AGREED and not reason.strip():
        raise ReasonNeeded
    _move(session, order, event)
    if event in RELEASING:
        for line in order.lines:
            release(session, reservation=line.reservation, at=at)
    _write_history(session, order, event, actor=actor, at=at, reason=reason)
    count_order(session, order=order, user_id=actor.user_id, at=at)


def receive_order(
    session: Session,
    *,
    order: Order,
    received: Sequence[ReceivedLine],
    decidegrees: int | None,
    note: str,
    actor: Actor,
    at: datetime,
) -> Delivery:
    """Record what came. Every line must be covered; less than ordered needs a deviation.

    Raises TooEarlyToReceive before the delivery day, LineMissing, DeviationNeeded, NothingDeviates, NotPossibleNow.
    """
    if local_date(at) < order.deliver_on:
        raise TooEarlyToReceive
    by_line = {line.line_id: line for line in received}
    if set(by_line) != {line.id for line in order.lines}:
        raise LineMissing
    for line in order.lines:
        check_received(by_line[line.id], ordered=line.steps, product=line.product_name)
    _move(session, order, OrderEvent.RECEIVE)
    delivery = Delivery(
        order=order, received_at=at, received_by_id=actor.user_id, decidegrees=decidegrees, note=note,
        lines=[_delivery_line(line, by_line[line.id]) for line in order.lines],
    )  # fmt: skip
    session.add(delivery)
    session.flush()
    _write_history(session, order, OrderEvent.RECEIVE, actor=actor, at=at, reason=note)
    count_order(session, order=order, user_id=actor.user_id, at=at)
    return delivery


def _check(
    session: Session, *, offer: Offer, kitchen: Kitchen, quantity: Quantity, deliver_on: date, at: datetime
) -> None:
    check_day(deliver_on, period=offer.period, today=local_date(at))
    if offer.package_quantity is not None:
        check_whole_packages(quantity, package_size=offer.package_quantity)
    if offer.product.grams(quantity.steps) > LARGEST:
        raise TooLarge
    receiving = session.get_one(Kitchen, kitchen.receiving_kitchen_id)
    if deliver_on.isoweekday() not in {window.weekday for window in receiving.windows}:
        raise KitchenClosed


def _by_request_key(session: Session, request_key: str) -> Order | None:
    return session.scalar(select(Order).where(Order.request_key == request_key))


def _line(offer: Offer, reservation: Reservation, quantity: Quantity, price: Decimal) -> OrderLine:
    """What is ordered, with everything as it is now."""
    return OrderLine(
        offer=offer,
        reservation=reservation,
        product_name=offer.product.name,
        category_key=offer.product.category_key,
        is_organic=offer.is_organic,
        unit=offer.unit,
        steps=quantity.steps,
        grams=offer.product.grams(quantity.steps),
        price=price,
        total_ore=line_total_ore(quantity, price),
    )


def _delivery_line(line: OrderLine, received: ReceivedLine) -> DeliveryLine:
    return DeliveryLine(
        order_line=line, accepted=received.accepted, deviation=received.deviation, note=received.note.strip()
    )


def _move(session: Session, order: Order, event: OrderEvent) -> None:
    """Change the state only if it is still what the caller saw; a race loses with NotPossibleNow."""
    before = order.state
    after = state_after(before, event)
    changed = session.execute(
        update(Order).where(Order.id == order.id, Order.state == before).values(state=after)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotPossibleNow
    session.refresh(order, ["state"])


def _write_history(
    session: Session, order: Order, event: OrderEvent, *, actor: Actor, at: datetime, reason: str
) -> None:
    row = OrderTransition(
        order_id=order.id,
        event=event,
        to_state=order.state,
        at=at,
        user_id=actor.user_id,
        reason=reason.strip(),
    )
    order.transitions.append(row)
    audit.record(
        session,
        user_id=actor.user_id,
        at=at,
        action=f"order.{event.value}",
        subject=f"order:{order.id}",
        state=order.state.value,
        lines=[[line.offer_id, line.steps, str(line.price)] for line in order.lines],
    )
