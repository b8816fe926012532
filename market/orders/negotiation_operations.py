"""Countering: another amount, day or price, until one side takes the other's latest position or walks away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from market.actors import Actor
from market.offers.rules import check_price
from market.offers.stock import change_reserved
from market.orders import telling
from market.orders.counting import count_order
from market.orders.models import Order, OrderPosition
from market.orders.operations import check_answerable, check_wanted, position_of
from market.orders.rules import Bid, NothingChanged, OrderEvent, answer_by
from market.orders.steps import move, side_of, write_history
from market.values import line_total_ore


def counter_order(
    session: Session,
    *,
    order: Order,
    position_id: int | None,
    bid: Bid,
    note: str,
    actor: Actor,
    at: datetime,
) -> OrderPosition:
    """Answer the other side's latest position with one's own; the reservation follows it.

    The same counter-offer sent again returns the one already made. Raises PositionOutdated, NotYourTurn,
    AnswerTooLate, NothingChanged, NotPossibleNow, and as place_order does; then nothing has changed.
    """
    made = _same_again(order, position_id, bid, actor)
    if made is not None:
        return made
    check_answerable(order, position_id=position_id, side=side_of(actor), at=at)
    check_wanted(
        session,
        offer=order.lines[0].offer,
        kitchen=order.kitchen,
        quantity=bid.quantity,
        deliver_on=bid.deliver_on,
        at=at,
    )
    check_price(bid.price)
    if order.position.asks_for(bid):
        raise NothingChanged
    with session.begin_nested():
        _change(session, order, bid, at=at)
        position = position_of(bid, number=order.round, note=note, actor=actor, at=at)
        order.positions.append(position)
        session.flush()
        count_order(session, order=order, user_id=actor.user_id, at=at)
    write_history(session, order, OrderEvent.COUNTER, actor=actor, at=at, reason="")
    telling.tell_order(session, order, OrderEvent.COUNTER, side=position.side, reason=note, at=at)
    return position


def _change(session: Session, order: Order, bid: Bid, *, at: datetime) -> None:
    """The order, its line and its reservation as the bid has them; a race loses at the first step."""
    line, total = order.lines[0], line_total_ore(bid.quantity, bid.price)
    until = answer_by(at, deliver_on=bid.deliver_on)
    later = {"round": order.round + 1, "deliver_on": bid.deliver_on, "expires_at": until}
    move(session, order, OrderEvent.COUNTER, **later)
    if bid.quantity.steps != line.steps:
        change_reserved(session, reservation=line.reservation, steps=bid.quantity.steps)
    line.steps, line.price, line.total_ore = bid.quantity.steps, bid.price, total
    line.grams = line.offer.product.grams(bid.quantity.steps)
    line.certificate = line.offer.certificate_on(bid.deliver_on)
    line.is_organic = line.certificate is not None


def _same_again(order: Order, position_id: int | None, bid: Bid, actor: Actor) -> OrderPosition | None:
    """The position that an earlier sending of the same form has made: the next after the one it answers."""
    latest = order.position
    before = next((p for p in order.positions if p.number == latest.number - 1), None)
    is_next = before is not None and before.id == position_id
    return latest if is_next and latest.asks_for(bid) and latest.side is side_of(actor) else None
