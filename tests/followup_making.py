"""Deliveries of any day, kitchen, category and producer, recorded as a receipt records them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from factories import AT, MONDAY, Cast, make_offer
from sqlalchemy.orm import Session

from market.feedback.models import Feedback
from market.followup.models import Delivered
from market.followup.recording import record_delivery
from market.limits.models import LimitEntry
from market.limits.rules import EntryState
from market.offers.models import Offer, OfferState, Reservation
from market.orders.models import Delivery, DeliveryLine, Order, OrderLine
from market.orders.receipt_rules import DeviationKind
from market.orders.rules import OrderState
from market.register.models import Certificate, CertificateScheme, Kitchen, Producer
from market.values import Quantity, Unit, line_total_ore, wall_clock

NUMBERS = count(1)


@dataclass(frozen=True, kw_only=True)
class Came:
    """What came: 40 kg of carrots at 14 kr from the cast's grower to its hub, unless told otherwise."""

    day: date = MONDAY
    kilograms: int = 40
    accepted: int | None = None
    price: Decimal = Decimal(14)
    kitchen: Kitchen | None = None
    producer: Producer | None = None
    category: str = "vegetables"
    is_organic: bool = False
    deviation: DeviationKind | None = None
    ordered_days_before: int = 3
    taste: int | None = None
    is_direct: bool = True


def some_offer(session: Session, cast: Cast) -> Offer:
    """The offer that all are of; it stands no longer, so that nobody sees it."""
    offer = make_offer(session, cast)
    offer.state = OfferState.WITHDRAWN
    return offer


def delivered(
    session: Session, cast: Cast, offer: Offer, came: Came | None = None, **changed: object
) -> Delivered:
    """The frozen row of one delivered line."""
    came = replace(came or Came(), **changed)  # type: ignore[arg-type]
    order = _order(session, cast, offer, came)
    at = wall_clock(came.day, 9 * 3600)
    ordered = order.lines[0]
    accepted = ordered.steps if came.accepted is None else came.accepted * 1000
    line = DeliveryLine(
        order_line=ordered, delivered=accepted, accepted=accepted, billed=accepted, deviation=came.deviation
    )
    delivery = Delivery(order=order, received_at=at, lines=[line])
    session.add(delivery)
    session.flush()
    if came.taste is not None:
        session.add(Feedback(delivery_line_id=line.id, taste=came.taste, changed_at=at))
    return record_delivery(session, delivery=delivery, at=at)[0]


def _order(session: Session, cast: Cast, offer: Offer, came: Came) -> Order:
    kitchen, amount = came.kitchen or cast.hub, Quantity.of(came.kilograms, Unit.KILOGRAM)
    producer = came.producer or cast.producer
    placed_at = wall_clock(came.day - timedelta(days=came.ordered_days_before), 9 * 3600)
    line = OrderLine(
        offer=offer, reservation=Reservation(offer=offer, steps=amount.steps, held_at=placed_at),
        product_name="Morötter", category_key=came.category, is_organic=came.is_organic, unit=amount.unit,
        certificate=_certificate(session, producer, came.day) if came.is_organic else None,
        steps=amount.steps, grams=amount.steps, price=came.price, total_ore=line_total_ore(amount, came.price),
    )  # fmt: skip
    order = Order(
        kitchen=kitchen, kitchen_id=kitchen.id, receiving_kitchen_id=kitchen.receiving_kitchen_id,
        receiving_kitchen=session.get_one(Kitchen, kitchen.receiving_kitchen_id),
        producer=producer, deliver_on=came.day, state=OrderState.RECEIVED,
        request_key=f"delivered-{next(NUMBERS)}", placed_at=placed_at, lines=[line],
    )  # fmt: skip
    session.add(order)
    session.flush()
    if came.is_direct:
        session.add(_entry(order))
    return order


def _entry(order: Order) -> LimitEntry:
    """The order in the ledger of direct awards."""
    line = order.lines[0]
    return LimitEntry(
        authority_id=order.kitchen.authority_id, category_key=line.category_key, subject=f"order:{order.id}",
        supplier_id=order.producer.id, counts_on=order.deliver_on, state=EntryState.COMMITTED,
        ordered_ore=line.total_ore, ore=line.total_ore, entered_at=order.placed_at,
    )  # fmt: skip


def _certificate(session: Session, producer: Producer, day: date) -> Certificate:
    """One that is in force on the day."""
    made = producer.certificate_on(day)
    if made is None:
        made = Certificate(
            scheme=CertificateScheme.EU_ORGANIC,
            number=f"SE-{next(NUMBERS)}",
            last_valid_on=day,
            created_at=AT,
        )
        producer.certificates.append(made)
        session.flush()
    return made
