"""Orders and stock driven at random: whatever people and the clock do, the sums and the history hold."""

from __future__ import annotations

import shutil
from datetime import timedelta
from decimal import Decimal

import pytest
from factories import AT, MONDAY, Cast, make_offer, make_order
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from market.db import make_engine, open_session
from market.offers.models import Reservation
from market.offers.rules import ReservationState
from market.orders.chores import expire_proposals
from market.orders.models import Order
from market.orders.negotiation_operations import counter_order
from market.orders.operations import answer_cancellation, answer_order, ask_to_cancel, receive_order
from market.orders.receipt_rules import DeviationKind, ReceivedLine
from market.orders.rules import TRANSITIONS, Bid, OrderEvent, OrderState
from market.values import Quantity, Refused, Unit, line_total_ore

OPEN = (OrderState.PROPOSED, OrderState.AGREED, OrderState.RECEIVED)
WHO = st.sampled_from(["kitchen", "producer"])
BOXES = st.integers(1, 9)
PRICES = st.sampled_from([Decimal(11), Decimal("14.35"), Decimal("0.05"), Decimal("17.7777")])
DAYS = st.integers(0, 6).map(lambda n: MONDAY + timedelta(days=n))
POSTED_KG = 200


class Market(RuleBasedStateMachine):
    """One kitchen, one producer, two offers, and a clock that only goes forward."""

    orders: Bundle[int] = Bundle("orders")
    template = None  # the database to copy, and its cast
    folder = None

    def __init__(self) -> None:
        super().__init__()
        path, kept = self.template
        copy = shutil.copy(path, self.folder / "machine.sqlite3")
        self.engine = make_engine(f"sqlite:///{copy}")
        self.session = open_session(self.engine, writes=True)
        self.cast = Cast(
            **{
                name: self.session.get_one(type(thing), thing.id)
                if hasattr(thing, "__tablename__")
                else thing
                for name, thing in vars(kept).items()
            }
        )
        self.cast.carrots.perishable = True
        self.offers = [
            make_offer(self.session, self.cast, kilograms=POSTED_KG, price=p) for p in (Decimal(14), None)
        ]
        self.at, self.number = AT, 0

    def teardown(self) -> None:
        self.session.close()
        self.engine.dispose()

    def attempt(self, step) -> None:
        """A step that is refused leaves nothing behind, as a request would not."""
        try:
            with self.session.begin_nested():
                step()
        except Refused:
            self.session.expire_all()

    def order(self, order_id: int) -> Order:
        return self.session.get_one(Order, order_id)

    @rule(target=orders, which=st.integers(0, 1), boxes=BOXES, price=st.none() | PRICES, day=DAYS)
    def place(self, which, boxes, price, day):
        self.number += 1
        made = []
        self.attempt(
            lambda: made.append(
                make_order(
                    self.session, self.cast, self.offers[which], kilograms=10 * boxes, day=day, price=price,
                    key=f"machine-{self.number}",
                )
            )
        )  # fmt: skip
        return made[0].id if made else 0

    @rule(order_id=orders, who=WHO, boxes=BOXES, price=PRICES, day=DAYS, is_stale=st.booleans())
    def counter(self, order_id, who, boxes, price, day, is_stale):
        if order_id:
            order = self.order(order_id)
            answered = order.positions[0 if is_stale else -1].id
            bid = Bid(quantity=Quantity.of(10 * boxes, Unit.KILOGRAM), deliver_on=day, price=price)
            self.attempt(
                lambda: counter_order(
                    self.session, order=order, position_id=answered, bid=bid, note="", actor=self.cast.actor(who),
                    at=self.at,
                )
            )  # fmt: skip

    @rule(
        order_id=orders,
        who=WHO,
        event=st.sampled_from([OrderEvent.ACCEPT, OrderEvent.DECLINE, OrderEvent.CANCEL]),
    )
    def answer(self, order_id, who, event):
        if order_id:
            order = self.order(order_id)
            self.attempt(
                lambda: answer_order(
                    self.session, order=order, event=event, reason="så", position_id=order.position.id,
                    actor=self.cast.actor(who), at=self.at,
                )
            )  # fmt: skip

    @rule(order_id=orders)
    def ask_off(self, order_id):
        if order_id:
            order, actor = self.order(order_id), self.cast.actor("kitchen")
            self.attempt(
                lambda: ask_to_cancel(self.session, order=order, reason="så", actor=actor, at=self.at)
            )

    @rule(order_id=orders, event=st.sampled_from([OrderEvent.CONSENT_CANCEL, OrderEvent.REFUSE_CANCEL]))
    def let_off(self, order_id, event):
        if order_id:
            order, actor = self.order(order_id), self.cast.actor("producer")
            self.attempt(
                lambda: answer_cancellation(self.session, order=order, event=event, actor=actor, at=self.at)
            )

    @rule(
        order_id=orders, grams=st.integers(0, 120_000), deviation=st.none() | st.sampled_from(DeviationKind)
    )
    def receive(self, order_id, grams, deviation):
        if order_id:
            order = self.order(order_id)
            line = ReceivedLine(line_id=order.lines[0].id, accepted=grams, deviation=deviation)
            self.attempt(
                lambda: receive_order(
                    self.session, order=order, received=[line], decidegrees=None, note="",
                    actor=self.cast.actor("kitchen"), at=self.at,
                )
            )  # fmt: skip

    @rule(hours=st.integers(1, 40))
    def time_passes(self, hours):
        self.at += timedelta(hours=hours)
        expire_proposals(self.session, at=self.at)

    @invariant()
    def no_more_is_reserved_than_posted_and_all_of_it_is_held(self):
        for offer in self.offers:
            self.session.refresh(offer)
            held = self.session.scalar(
                select(func.coalesce(func.sum(Reservation.steps), 0)).where(
                    Reservation.offer_id == offer.id, Reservation.state == ReservationState.HELD
                )
            )
            assert held == offer.reserved <= offer.posted == POSTED_KG * 1000

    @invariant()
    def the_reservation_is_the_latest_bid_while_the_order_stands(self):
        for order in self.all_orders():
            [line] = order.lines
            latest = order.position
            assert order.round == latest.number == len(order.positions)
            assert (line.steps, line.price, order.deliver_on) == (
                latest.steps,
                latest.price,
                latest.deliver_on,
            )
            held = line.reservation.state is ReservationState.HELD
            assert held == (order.state in OPEN)
            assert line.reservation.steps == latest.steps

    @invariant()
    def no_state_without_its_row(self):
        for order in self.all_orders():
            state = None
            for step in order.transitions:
                assert TRANSITIONS[state, step.event] is step.to_state
                state = step.to_state
            assert state is order.state
            counters = [step for step in order.transitions if step.event is OrderEvent.COUNTER]
            assert len(order.positions) == 1 + len(counters)

    @invariant()
    def sums_are_those_of_the_lines_to_the_ore(self):
        for order in self.all_orders():
            assert order.total_ore == sum(line_total_ore(line.quantity, line.price) for line in order.lines)
            if order.delivery is not None:
                assert order.delivery.billed_ore - order.delivery.credit_ore == order.delivery.total_ore

    def all_orders(self) -> list[Order]:
        self.session.flush()
        return list(self.session.scalars(select(Order).order_by(Order.id)))


@pytest.mark.slow
def test_orders_and_stock_whatever_happens(cast_template, tmp_path):
    Market.template, Market.folder = cast_template, tmp_path
    run_state_machine_as_test(
        Market, settings=settings(max_examples=12, stateful_step_count=25, deadline=None)
    )
