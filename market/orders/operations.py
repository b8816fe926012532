"""Placing, answering, cancelling and receiving orders. Each step is one row in the order's history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from market.actors import Actor
from market.agreements.operations import check_agreement
from market.offers.models import Offer, Reservation
from market.offers.rules import NotEnoughLeft, PriceNotAboveZero, check_price
from market.offers.stock import check_order, release, reserve
from market.orders import telling
from market.orders.counting import count_order
from market.orders.models import CreditNote, Delivery, DeliveryLine, Order, OrderLine, OrderPosition
from market.orders.queries import notice_days, terms_of
from market.orders.receipt_rules import (
    DeviationKind,
    ReceivedLine,
    TooEarlyToReceive,
    TooWarm,
    billed_steps,
    check_received,
    credit_ore,
    is_too_warm,
)
from market.orders.received import tell_received
from market.orders.rules import (
    REASON_NEEDED,
    RELEASING,
    AnswerTooLate,
    Bid,
    KitchenClosed,
    NotPossibleNow,
    OrderEvent,
    OrderState,
    PositionOutdated,
    ReasonNeeded,
    Side,
    answer_by,
    check_notice,
    check_turn,
    state_after,
)
from market.orders.steps import move, side_of, write_history
from market.photos.encoding import EncodedPhoto
from market.photos.operations import share_photo, store_photo
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
    """Order from an offer for a day. At the listed price it is agreed at once; at another price, proposed.

    The same `request_key` again returns the order already made. Raises NotEnoughLeft, OfferClosed, NotWholePackages,
    DayNotOffered, DayHasPassed, KitchenClosed, PriceNotAboveZero, LimitReached, AgreementNeeded; then nothing is reserved.
    """
    made = _by_request_key(session, request_key)
    if made is not None:
        return made
    check_wanted(session, offer=offer, kitchen=kitchen, quantity=quantity, deliver_on=deliver_on, at=at)
    listed = offer.price_on(local_date(at))
    price = proposed_price if proposed_price is not None else listed
    if price is None:
        raise PriceNotAboveZero
    check_price(price)
    bid = Bid(quantity=quantity, deliver_on=deliver_on, price=price)
    event = OrderEvent.ORDER if price == listed else OrderEvent.PROPOSE
    try:
        with session.begin_nested():
            reservation = reserve(session, offer=offer, quantity=quantity, at=at)
            order = Order(
                kitchen=kitchen,
                receiving_kitchen_id=kitchen.receiving_kitchen_id,
                producer=offer.product.producer,
                deliver_on=deliver_on,
                state=state_after(None, event),
                note=note,
                request_key=request_key,
                placed_at=at,
                expires_at=answer_by(at, deliver_on=deliver_on) if event is OrderEvent.PROPOSE else None,
                lines=[line_of(offer=offer, reservation=reservation, bid=bid)],
                positions=[position_of(bid, number=1, note=note, actor=actor, at=at)],
            )
            session.add(order)
            session.flush()
            count_order(session, order=order, user_id=actor.user_id, at=at)
    except (IntegrityError, NotEnoughLeft):
        made = _by_request_key(session, request_key)  # the same submit may have come first in another process
        if made is None:
            raise
        return made
    _record(session, order, event, actor=actor, at=at, reason="")
    return order


def answer_order(
    session: Session,
    *,
    order: Order,
    event: OrderEvent,
    reason: str = "",
    position_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """Accept, decline or cancel. What releases gives the stock back; ending what is agreed needs a reason.

    Accepting takes exactly the other side's latest position, named by `position_id`. Raises PositionOutdated,
    NotYourTurn, AnswerTooLate, ReasonNeeded, NoticeTooShort, NotPossibleNow.
    """
    if event in REASON_NEEDED and order.state is OrderState.AGREED and not reason.strip():
        raise ReasonNeeded
    if event is OrderEvent.ACCEPT and order.state is OrderState.PROPOSED:
        check_answerable(order, position_id=position_id, side=side_of(actor), at=at)
    if event is OrderEvent.CANCEL and order.state is OrderState.AGREED:
        check_cancellable(session, order=order, at=at)
    move(session, order, event)
    _give_back(session, order, event, at=at)
    count_order(session, order=order, user_id=actor.user_id, at=at)
    _record(session, order, event, actor=actor, at=at, reason=reason)


def ask_to_cancel(session: Session, *, order: Order, reason: str, actor: Actor, at: datetime) -> None:
    """Ask the producer to agree to a late cancellation of perishables; asked twice is asked once."""
    if not reason.strip():
        raise ReasonNeeded
    if order.cancel_asked_at is not None:
        raise NotPossibleNow
    move(session, order, OrderEvent.ASK_CANCEL, cancel_asked_at=at)
    _record(session, order, OrderEvent.ASK_CANCEL, actor=actor, at=at, reason=reason)


def answer_cancellation(
    session: Session, *, order: Order, event: OrderEvent, reason: str = "", actor: Actor, at: datetime
) -> None:
    """The producer agrees to what was asked, and the order is cancelled, or does not, and it stands."""
    if order.cancel_asked_at is None:
        raise NotPossibleNow
    move(session, order, event, cancel_asked_at=None)
    _give_back(session, order, event, at=at)
    count_order(session, order=order, user_id=actor.user_id, at=at)
    _record(session, order, event, actor=actor, at=at, reason=reason)


def expire_order(session: Session, *, order: Order, at: datetime) -> None:
    """End a proposal that nobody answered in time; both sides are told."""
    move(session, order, OrderEvent.EXPIRE)
    _give_back(session, order, OrderEvent.EXPIRE, at=at)
    count_order(session, order=order, user_id=None, at=at)
    _record(session, order, OrderEvent.EXPIRE, actor=None, at=at, reason="")


def receive_order(
    session: Session,
    *,
    order: Order,
    received: Sequence[ReceivedLine],
    decidegrees: int | None,
    is_warm_accepted: bool = False,
    photos: Mapping[int, EncodedPhoto] = MappingProxyType({}),
    note: str,
    actor: Actor,
    at: datetime,
) -> Delivery:
    """Record what came, with a credit note for what was charged but not accepted. Every line must be covered.

    `photos` are by the number of their order line; the producer sees them. Raises TooEarlyToReceive before the delivery day, LineMissing, NotPossibleNow, what check_received raises, and
    TooWarm for goods above the authority's limit that are neither marked as a deviation nor knowingly accepted.
    """
    if local_date(at) < order.deliver_on:
        raise TooEarlyToReceive
    by_line = {line.line_id: line for line in received}
    if set(by_line) != {line.id for line in order.lines}:
        raise LineMissing
    for line in order.lines:
        check_received(by_line[line.id], ordered=line.quantity, product=line.product_name)
    if not is_warm_accepted:
        _check_temperature(session, order, by_line, decidegrees)
    move(session, order, OrderEvent.RECEIVE, cancel_asked_at=None)
    kept = {n: _kept_photo(session, order, photo, actor=actor, at=at) for n, photo in photos.items()}
    delivery = Delivery(
        order=order, received_at=at, received_by_id=actor.user_id, decidegrees=decidegrees, note=note,
        lines=[_delivery_line(line, by_line[line.id], at=at) for line in order.lines],
    )  # fmt: skip
    for came in delivery.lines:
        came.photo_id = kept.get(came.order_line.id)
    session.add(delivery)
    session.flush()
    count_order(session, order=order, user_id=actor.user_id, at=at)
    _record(session, order, OrderEvent.RECEIVE, actor=actor, at=at, reason=note)
    tell_received(session, delivery=delivery, at=at)
    return delivery


def check_wanted(
    session: Session, *, offer: Offer, kitchen: Kitchen, quantity: Quantity, deliver_on: date, at: datetime
) -> None:
    """What an order or a counter-offer may ask for. Raises as place_order does."""
    check_order(
        offer,
        quantity=quantity,
        deliver_on=deliver_on,
        authority=kitchen.authority,
        today=local_date(at),
    )
    check_agreement(
        session,
        authority_id=kitchen.authority_id,
        producer=offer.product.producer,
        category=offer.product.category,
        on=deliver_on,
    )
    if offer.product.grams(quantity.steps) > LARGEST:
        raise TooLarge
    receiving = session.get_one(Kitchen, kitchen.receiving_kitchen_id)
    if deliver_on.isoweekday() not in {window.weekday for window in receiving.windows}:
        raise KitchenClosed


def check_answerable(order: Order, *, position_id: int | None, side: Side, at: datetime) -> None:
    """An answer is about the latest position, comes from the other side, and in time."""
    if position_id != order.position.id:
        raise PositionOutdated
    check_turn(side, latest=order.position.side)
    if order.expires_at is not None and at >= order.expires_at:
        raise AnswerTooLate(until=order.expires_at)


def check_cancellable(session: Session, *, order: Order, at: datetime) -> None:
    """Perishables need notice: NoticeTooShort says how much, and that the producer may agree to less."""
    if order.is_perishable:
        days = notice_days(session, authority_id=order.kitchen.authority_id, on=local_date(order.placed_at))
        check_notice(today=local_date(at), deliver_on=order.deliver_on, days=days)


def _give_back(session: Session, order: Order, event: OrderEvent, *, at: datetime) -> None:
    """The stock of an order that has ended by `event`, if it has."""
    if event in RELEASING:
        for line in order.lines:
            release(session, reservation=line.reservation, at=at)


def _record(
    session: Session, order: Order, event: OrderEvent, *, actor: Actor | None, at: datetime, reason: str
) -> None:
    """History, and word of it to whom it concerns."""
    write_history(session, order, event, actor=actor, at=at, reason=reason)
    side = side_of(actor) if actor else None
    telling.tell_order(session, order, event, side=side, reason=reason, at=at)


def _check_temperature(
    session: Session, order: Order, received: Mapping[int, ReceivedLine], decidegrees: int | None
) -> None:
    terms = terms_of(session, authority_id=order.kitchen.authority_id)
    for line in order.lines:
        limit = terms.max_decidegrees(line.temperature)
        is_said = received[line.id].deviation is DeviationKind.TEMPERATURE
        if limit is not None and not is_said and is_too_warm(decidegrees, limit=limit):
            raise TooWarm(limit=Decimal(limit) / 10)


def _by_request_key(session: Session, request_key: str) -> Order | None:
    return session.scalar(select(Order).where(Order.request_key == request_key))


def line_of(*, offer: Offer, reservation: Reservation, bid: Bid) -> OrderLine:
    """What is ordered, with everything as it is now; organic where a certificate is in force on the day it comes."""
    certificate = offer.certificate_on(bid.deliver_on)
    return OrderLine(
        offer=offer,
        reservation=reservation,
        product_name=offer.product.name,
        category_key=offer.product.category_key,
        is_organic=certificate is not None,
        certificate=certificate,
        piece_grams=offer.piece_grams,
        is_perishable=offer.product.is_perishable,
        temperature=offer.product.temperature,
        unit=offer.unit,
        steps=bid.quantity.steps,
        grams=offer.product.grams(bid.quantity.steps),
        price=bid.price,
        total_ore=line_total_ore(bid.quantity, bid.price),
    )


def position_of(bid: Bid, *, number: int, note: str, actor: Actor, at: datetime) -> OrderPosition:
    """A bid as the thread's row."""
    return OrderPosition(
        number=number, side=side_of(actor), user_id=actor.user_id, made_at=at, steps=bid.quantity.steps,
        deliver_on=bid.deliver_on, price=bid.price, note=note,
    )  # fmt: skip


def _kept_photo(session: Session, order: Order, data: EncodedPhoto, *, actor: Actor, at: datetime) -> int:
    """Stored for the kitchen's authority and the producer."""
    photo = store_photo(session, data=data, actor=actor, at=at)
    share_photo(
        session, photo=photo, authority_ids=[order.kitchen.authority_id], producer_ids=[order.producer_id],
        actor=actor, at=at,
    )  # fmt: skip
    return photo.id


def _delivery_line(line: OrderLine, received: ReceivedLine, *, at: datetime) -> DeliveryLine:
    """What came of a line, and the credit note where more is charged than was accepted."""
    made = DeliveryLine(
        order_line=line,
        delivered=received.came(ordered=line.steps),
        accepted=received.accepted,
        billed=billed_steps(received, ordered=line.steps),
        deviation=received.deviation,
        note=received.note.strip(),
    )
    if received.deviation is not None and made.billed > made.accepted:
        billed = Quantity(made.billed, line.unit)
        made.credit = CreditNote(
            reason=received.deviation,
            steps=made.billed - made.accepted,
            ore=credit_ore(billed=billed, accepted=made.quantity, price=line.price),
            note=made.note,
            made_at=at,
        )
    return made
