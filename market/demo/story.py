"""Playing the drawn offers and orders through the product's own operations, in the order in which they happen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from market.demo.offers import OfferDraft
from market.demo.orders import OrderDraft
from market.demo.personas import Cast
from market.demo.receipts import Receipt
from market.offers.models import Offer
from market.offers.operations import post_offer
from market.offers.rules import OfferTerms
from market.orders.models import Order
from market.orders.operations import answer_order, place_order, receive_order
from market.orders.receipt_rules import ReceivedLine
from market.orders.rules import OrderEvent, OrderState
from market.register.models import Authority, Kitchen

Step = tuple[datetime, Callable[[], None]]


@dataclass(slots=True)
class Story:
    """What has been made so far, by the number of its draft. `kitchens` are by name, `authorities` by code."""

    session: Session
    cast: Cast
    kitchens: Mapping[str, Kitchen]
    authorities: Mapping[str, Authority]
    offers: dict[int, Offer] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)

    def play(
        self, *, offers: Sequence[OfferDraft], orders: Sequence[OrderDraft], more: Sequence[Step] = ()
    ) -> None:
        """Every step at its own instant, the earliest first, so that the log reads as it happened."""
        steps: list[Step] = [*more]
        steps += [(offer.posted_at, partial(self._post, offer)) for offer in offers]
        for order in orders:
            steps.append((order.placed_at, partial(self._place, order)))
            if order.accepted_at is not None and order.proposed_price is not None:
                steps.append((order.accepted_at, partial(self._accept, order, order.accepted_at)))
            if order.received_at is not None and order.receipt is not None:
                steps.append(
                    (order.received_at, partial(self._receive, order, order.receipt, order.received_at))
                )
        for _, step in sorted(steps, key=lambda entry: entry[0]):
            step()

    def _post(self, draft: OfferDraft) -> None:
        product = draft.ware.product
        self.offers[draft.number] = post_offer(
            self.session,
            product=product,
            site=draft.ware.home,
            terms=self._terms(draft),
            actor=self.cast.producer(product.producer),
            at=draft.posted_at,
        )

    def _terms(self, draft: OfferDraft) -> OfferTerms:
        """Who delivers to one municipality only offers to that one only."""
        only = draft.ware.farm.only_for
        return (
            draft.terms if only is None else replace(draft.terms, authority_ids=(self.authorities[only].id,))
        )

    def _place(self, draft: OrderDraft) -> None:
        kitchen = self.kitchens[draft.kitchen.name]
        self.orders[draft.number] = place_order(
            self.session,
            offer=self.offers[draft.offer.number],
            kitchen=kitchen,
            quantity=draft.quantity,
            deliver_on=draft.deliver_on,
            proposed_price=draft.proposed_price,
            note="",
            request_key=draft.request_key,
            actor=self.cast.kitchen(kitchen),
            at=draft.placed_at,
        )

    def _accept(self, draft: OrderDraft, at: datetime) -> None:
        order = self.orders[draft.number]
        actor = self.cast.producer(draft.offer.ware.product.producer)
        position_id = order.position.id
        answer_order(
            self.session, order=order, event=OrderEvent.ACCEPT, position_id=position_id, actor=actor, at=at
        )

    def _receive(self, draft: OrderDraft, receipt: Receipt, at: datetime) -> None:
        order = self.orders[draft.number]
        (line,) = order.lines
        received = ReceivedLine(line_id=line.id, accepted=receipt.accepted, deviation=receipt.deviation)
        receive_order(
            self.session,
            order=order,
            received=[received],
            decidegrees=receipt.decidegrees,
            note=receipt.note,
            actor=self.cast.kitchen(order.receiving_kitchen),
            at=at,
        )

    def count(self, state: OrderState) -> int:
        return sum(order.state is state for order in self.orders.values())
