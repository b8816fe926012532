"""Orders from kitchens to producers, their history, and what was delivered."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.db import Base, EnumText, UtcDateTime, one_of
from market.offers.models import Offer, Reservation
from market.orders.receipt_rules import DeviationKind
from market.orders.rules import Bid, OrderEvent, OrderState, Side
from market.orders.standing_rules import StandingState, WhyNot
from market.register.models import Certificate, Kitchen, Producer, Product, Temperature
from market.values import Quantity, Unit, line_total_ore


class Order(Base):
    """One kitchen's order from one producer for one day. `request_key` makes a repeated submit the same order.

    Day, amount and price are those of the latest position; `round` is that position's number, by which races are
    guarded. `expires_at` is until when a proposal can be answered. `agreement_id`: the agreement whose annex fixes what is
    ordered; such an order follows a procedure that is over, and is no direct award.
    """

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint(one_of("state", OrderState), name="state"),
        CheckConstraint("state <> 'proposed' OR expires_at IS NOT NULL", name="a_proposal_expires"),
        CheckConstraint("round > 0", name="has_a_position"),
        Index("ix_orders_state_expires_at", "state", "expires_at"),
        Index("ix_orders_receiving_kitchen_id_deliver_on", "receiving_kitchen_id", "deliver_on"),
        Index("ix_orders_producer_id_deliver_on", "producer_id", "deliver_on"),
        Index("ix_orders_kitchen_id_deliver_on", "kitchen_id", "deliver_on"),
        Index("ix_orders_agreement_id", "agreement_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    receiving_kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"))
    deliver_on: Mapped[date]
    state: Mapped[OrderState] = mapped_column(EnumText(OrderState))
    note: Mapped[str] = mapped_column(Text, default="")
    request_key: Mapped[str] = mapped_column(String(64), unique=True)
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    round: Mapped[int] = mapped_column(default=1)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreements.id"))

    kitchen: Mapped[Kitchen] = relationship(foreign_keys=[kitchen_id])
    receiving_kitchen: Mapped[Kitchen] = relationship(foreign_keys=[receiving_kitchen_id])
    producer: Mapped[Producer] = relationship()
    lines: Mapped[list[OrderLine]] = relationship(back_populates="order", order_by="OrderLine.id")
    positions: Mapped[list[OrderPosition]] = relationship(order_by="OrderPosition.number")
    transitions: Mapped[list[OrderTransition]] = relationship(order_by="OrderTransition.id")
    delivery: Mapped[Delivery | None] = relationship(back_populates="order")

    @property
    def total_ore(self) -> int:
        """Excluding VAT."""
        return sum(line.total_ore for line in self.lines)

    @property
    def grams(self) -> int:
        return sum(line.grams for line in self.lines)

    @property
    def is_perishable(self) -> bool:
        return any(line.is_perishable for line in self.lines)

    @property
    def position(self) -> OrderPosition:
        """The latest: what an answer is about."""
        return self.positions[-1]


class OrderLine(Base):
    """What was ordered, as it was then: later changes of the offer or product do not reach it.

    Organic is what a certificate makes so on the delivery day. With `piece_grams` the steps are that many grams a piece.
    """

    __tablename__ = "order_lines"
    __table_args__ = (
        CheckConstraint("steps > 0", name="something_ordered"),
        CheckConstraint("price >= 0", name="price_not_below_zero"),
        CheckConstraint(one_of("unit", Unit), name="unit"),
        CheckConstraint(one_of("temperature", Temperature), name="temperature"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), index=True)
    reservation_id: Mapped[int] = mapped_column(ForeignKey("reservations.id"), unique=True)
    product_name: Mapped[str] = mapped_column(String(120))
    category_key: Mapped[str] = mapped_column(ForeignKey("categories.key"))
    is_organic: Mapped[bool]
    is_perishable: Mapped[bool] = mapped_column(default=False)
    temperature: Mapped[Temperature] = mapped_column(EnumText(Temperature), default=Temperature.AMBIENT)
    unit: Mapped[Unit] = mapped_column(EnumText(Unit))
    steps: Mapped[int]
    grams: Mapped[int]
    piece_grams: Mapped[int | None]
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"))
    price: Mapped[Decimal] = mapped_column(Numeric(12, 4))
    total_ore: Mapped[int]

    order: Mapped[Order] = relationship(back_populates="lines")
    offer: Mapped[Offer] = relationship()
    reservation: Mapped[Reservation] = relationship()
    certificate: Mapped[Certificate | None] = relationship()

    @property
    def quantity(self) -> Quantity:
        return Quantity(self.steps, self.unit)


class OrderPosition(Base):
    """What one side asked for at a time: the thread that leads to an agreement. An order has one line, which it is about."""

    __tablename__ = "order_positions"
    __table_args__ = (
        UniqueConstraint("order_id", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("steps > 0", name="something_asked"),
        CheckConstraint("price >= 0", name="price_not_below_zero"),
        CheckConstraint(one_of("side", Side), name="side"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    number: Mapped[int]
    side: Mapped[Side] = mapped_column(EnumText(Side))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    steps: Mapped[int]
    deliver_on: Mapped[date]
    price: Mapped[Decimal] = mapped_column(Numeric(12, 4))
    note: Mapped[str] = mapped_column(Text, default="")

    def asks_for(self, bid: Bid) -> bool:
        return (self.steps, self.deliver_on, self.price) == (bid.quantity.steps, bid.deliver_on, bid.price)


class OrderTransition(Base):
    """One step of an order's life: one row per change of state. `side` is whose step it was, none for the clock's."""

    __tablename__ = "order_transitions"
    __table_args__ = (
        CheckConstraint(f"side IS NULL OR {one_of('side', Side)}", name="side"),
        CheckConstraint(one_of("event", OrderEvent), name="event"),
        CheckConstraint(one_of("to_state", OrderState), name="to_state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    event: Mapped[OrderEvent] = mapped_column(EnumText(OrderEvent))
    to_state: Mapped[OrderState] = mapped_column(EnumText(OrderState))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    side: Mapped[Side | None] = mapped_column(EnumText(Side))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text, default="")


class Delivery(Base):
    """What came of an order, as the kitchen received it.

    `is_counted`: what follows a receipt has counted it (see received). It is born uncounted, so that a failure needs to write nothing.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(  # the few that wait, found without the others
            "ix_deliveries_uncounted",
            "id",
            sqlite_where=text("is_counted = 0"),
            postgresql_where=text("NOT is_counted"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), unique=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decidegrees: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    is_counted: Mapped[bool] = mapped_column(default=False)

    order: Mapped[Order] = relationship(back_populates="delivery")
    lines: Mapped[list[DeliveryLine]] = relationship(
        back_populates="delivery", order_by="DeliveryLine.id", cascade="all, delete-orphan"
    )

    @property
    def total_ore(self) -> int:
        """To pay for what was accepted, excluding VAT."""
        return sum(line.total_ore for line in self.lines)

    @property
    def billed_ore(self) -> int:
        """What the producer charges before credits, excluding VAT."""
        return sum(line.billed_ore for line in self.lines)

    @property
    def credit_ore(self) -> int:
        return sum(line.credit.ore for line in self.lines if line.credit is not None)

    @property
    def has_deviation(self) -> bool:
        return any(line.deviation is not None for line in self.lines)


class DeliveryLine(Base):
    """What came of an order line, how much of it was accepted (may exceed the order for goods sold by weight), why not all.

    `billed` is what is charged before the credit note, if there is one.
    """

    __tablename__ = "delivery_lines"
    __table_args__ = (
        CheckConstraint("accepted >= 0 AND accepted <= delivered", name="not_negative"),
        CheckConstraint("billed >= accepted", name="billed_covers_accepted"),
        CheckConstraint(f"deviation IS NULL OR {one_of('deviation', DeviationKind)}", name="deviation"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), index=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), unique=True)
    delivered: Mapped[int]
    accepted: Mapped[int]
    billed: Mapped[int]
    deviation: Mapped[DeviationKind | None] = mapped_column(EnumText(DeviationKind))
    note: Mapped[str] = mapped_column(Text, default="")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photos.id"))

    delivery: Mapped[Delivery] = relationship(back_populates="lines")
    order_line: Mapped[OrderLine] = relationship()
    credit: Mapped[CreditNote | None] = relationship(back_populates="delivery_line")

    @property
    def quantity(self) -> Quantity:
        return Quantity(self.accepted, self.order_line.unit)

    @property
    def came(self) -> Quantity:
        return Quantity(self.delivered, self.order_line.unit)

    @property
    def total_ore(self) -> int:
        return line_total_ore(self.quantity, self.order_line.price)

    @property
    def billed_ore(self) -> int:
        return line_total_ore(Quantity(self.billed, self.order_line.unit), self.order_line.price)


class CreditNote(Base):
    """What is taken off the bill of a delivery line after a deviation; `ore` excludes VAT."""

    __tablename__ = "credit_notes"
    __table_args__ = (
        CheckConstraint("steps > 0", name="something_credited"),
        CheckConstraint("ore >= 0", name="not_negative"),
        CheckConstraint(one_of("reason", DeviationKind), name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_line_id: Mapped[int] = mapped_column(ForeignKey("delivery_lines.id"), unique=True)
    reason: Mapped[DeviationKind] = mapped_column(EnumText(DeviationKind))
    steps: Mapped[int]
    ore: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    delivery_line: Mapped[DeliveryLine] = relationship(back_populates="credit")


class OrderTerms(Base):
    """An authority's own terms for orders and receipt; what is none follows the law or has no limit.

    Temperatures are tenths of a degree Celsius, above which receipt warns.
    """

    __tablename__ = "order_terms"
    __table_args__ = (
        CheckConstraint(
            "perishable_notice_days IS NULL OR perishable_notice_days BETWEEN 0 AND 365", name="notice"
        ),
        CheckConstraint("payment_days IS NULL OR payment_days BETWEEN 1 AND 365", name="payment"),
    )

    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), primary_key=True)
    perishable_notice_days: Mapped[int | None]
    payment_days: Mapped[int | None]
    chilled_max_decidegrees: Mapped[int | None]
    frozen_max_decidegrees: Mapped[int | None]

    def max_decidegrees(self, temperature: Temperature) -> int | None:
        """The limit of a temperature class; none for goods at room temperature, or where none is set."""
        match temperature:
            case Temperature.CHILLED:
                return self.chilled_max_decidegrees
            case Temperature.FROZEN:
                return self.frozen_max_decidegrees
            case _:
                return None


class StandingOrder(Base):
    """An order that makes itself for the coming week. `highest_price` none: at whatever price is listed.

    `until_on` is the last delivery day.
    """

    __tablename__ = "standing_orders"
    __table_args__ = (
        CheckConstraint("steps > 0", name="something_ordered"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("highest_price IS NULL OR highest_price > 0", name="price_above_zero"),
        CheckConstraint(one_of("state", StandingState), name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    steps: Mapped[int]
    weekday: Mapped[int]
    highest_price: Mapped[Decimal | None] = mapped_column(Numeric(12, 4))
    until_on: Mapped[date | None]
    state: Mapped[StandingState] = mapped_column(EnumText(StandingState), default=StandingState.ACTIVE)
    request_key: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    kitchen: Mapped[Kitchen] = relationship()
    product: Mapped[Product] = relationship()
    weeks: Mapped[list[StandingWeek]] = relationship(order_by="StandingWeek.monday.desc()")

    @property
    def quantity(self) -> Quantity:
        return Quantity(self.steps, self.product.unit)


class StandingWeek(Base):
    """What became of a standing order in one week: an order, or why there is none."""

    __tablename__ = "standing_weeks"
    __table_args__ = (
        UniqueConstraint("standing_order_id", "monday"),
        CheckConstraint(f"why_not IS NULL OR {one_of('why_not', WhyNot)}", name="why_not"),
        CheckConstraint("(order_id IS NULL) = (why_not IS NOT NULL)", name="made_or_not"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    standing_order_id: Mapped[int] = mapped_column(ForeignKey("standing_orders.id"))
    monday: Mapped[date]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), unique=True)
    why_not: Mapped[WhyNot | None] = mapped_column(EnumText(WhyNot))
    detail: Mapped[str] = mapped_column(Text, default="")
    tried_at: Mapped[datetime] = mapped_column(UtcDateTime)
