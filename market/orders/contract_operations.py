"""Orders that follow from an agreement whose annex says what is bought: agreed by the contract, negotiated by nobody."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.actors import Actor
from market.agreements.models import Agreement
from market.offers.models import Offer
from market.offers.stock import reserve
from market.orders.models import Order
from market.orders.operations import line_of, position_of
from market.orders.rules import Bid, OrderEvent, state_after
from market.orders.steps import write_history
from market.register.models import Kitchen
from market.values import Quantity


def place_contract_order(
    session: Session,
    *,
    agreement: Agreement,
    offer: Offer,
    kitchen: Kitchen,
    quantity: Quantity,
    deliver_on: date,
    price: Decimal,
    note: str,
    request_key: str,
    actor: Actor,
    at: datetime,
) -> Order:
    """One kitchen's part of a contract for a day, agreed at once at the contract's price, which may be nothing.

    Nobody is told of each order, and none counts against the direct-award limit. The same `request_key` again returns
    the order already made. Raises NotEnoughLeft, OfferClosed.
    """
    made = session.scalar(select(Order).where(Order.request_key == request_key))
    if made is not None:
        return made
    bid = Bid(quantity=quantity, deliver_on=deliver_on, price=price)
    reservation = reserve(session, offer=offer, quantity=quantity, at=at)
    order = Order(
        kitchen=kitchen,
        receiving_kitchen_id=kitchen.receiving_kitchen_id,
        producer=offer.product.producer,
        deliver_on=deliver_on,
        state=state_after(None, OrderEvent.ORDER),
        note=note,
        request_key=request_key,
        placed_at=at,
        agreement_id=agreement.id,
        lines=[line_of(offer=offer, reservation=reservation, bid=bid)],
        positions=[position_of(bid, number=1, note=note, actor=actor, at=at)],
    )
    session.add(order)
    session.flush()
    write_history(session, order, OrderEvent.ORDER, actor=actor, at=at, reason="")
    return order
