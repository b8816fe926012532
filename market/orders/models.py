"""Orders from kitchens to producers, their history, and what was delivered."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.db import Base, EnumText, UtcDateTime, one_of
from market.offers.models import Offer, Reservation
from market.orders.rules import DeviationKind, OrderEvent, OrderState
from market.register.models import Certificate, Kitchen, Producer
from market.values import Quantity, Unit, line_total_ore


class Order(Base):
    """One kitchen's order from one producer for one day. `request_key` makes a repeated submit the same order."""

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint(one_of("state", OrderState), name="state"),
        Index("ix_orders_receiving_kitchen_id_deliver_on", "receiving_kitchen_id", "deliver_on"),
        Index("ix_orders_producer_id_deliver_on", "producer_id", "deliver_on"),
        Index("ix_orders_kitchen_id_deliver_on", "kitchen_id", "deliver_on"),
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

    kitchen: Mapped[Kitchen] = relationship(foreign_keys=[kitchen_id])
    receiving_kitchen: Mapped[Kitchen] = relationship(foreign_keys=[receiving_kitchen_id])
    producer: Mapped[Producer] = relationship()
    lines: Mapped[list[OrderLine]] = relationship(back_populates="order", order_by="OrderLine.id")
    transitions: Mapped[list[OrderTransition]] = relationship(order_by="OrderTransition.id")
    delivery: Mapped[Delivery | None] = relationship(back_populates="order")

    @property
    def total_ore(self) -> int:
        """Excluding VAT."""
        return sum(line.total_ore for line in self.lines)

    @property
    def grams(self) -> int:
        return sum(line.grams for line in self.lines)


class OrderLine(Base):
    """What was ordered, as it was then: later changes of the offer or product do not reach it.

    Organic is what a certificate makes so on the delivery day. With `piece_grams` the steps are that many grams a piece.
    """

    __tablename__ = "order_lines"
    __table_args__ = (
        CheckConstraint("steps > 0", name="something_ordered"),
        CheckConstraint("price > 0", name="price_above_zero"),
        CheckConstraint(one_of("unit", Unit), name="unit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), index=True)
    reservation_id: Mapped[int] = mapped_column(ForeignKey("reservations.id"), unique=True)
    product_name: Mapped[str] = mapped_column(String(120))
    category_key: Mapped[str] = mapped_column(ForeignKey("categories.key"))
    is_organic: Mapped[bool]
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


class OrderTransition(Base):
    """One step of an order's life: one row per change of state."""

    __tablename__ = "order_transitions"
    __table_args__ = (
        CheckConstraint(one_of("event", OrderEvent), name="event"),
        CheckConstraint(one_of("to_state", OrderState), name="to_state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    event: Mapped[OrderEvent] = mapped_column(EnumText(OrderEvent))
    to_state: Mapped[OrderState] = mapped_column(EnumText(OrderState))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text, default="")


class Delivery(Base):
    """What came of an order, as the kitchen received it."""

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), unique=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decidegrees: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")

    order: Mapped[Order] = relationship(back_populates="delivery")
    lines: Mapped[list[DeliveryLine]] = relationship(order_by="DeliveryLine.id", cascade="all, delete-orphan")

    @property
    def total_ore(self) -> int:
        """To pay for what was accepted, excluding VAT."""
        return sum(line.total_ore for line in self.lines)

    @property
    def has_deviation(self) -> bool:
        return any(line.deviation is not None for line in self.lines)


class DeliveryLine(Base):
    """How much of an order line was accepted (may exceed the order for goods sold by weight) and why not all."""

    __tablename__ = "delivery_lines"
    __table_args__ = (
        CheckConstraint("accepted >= 0", name="not_negative"),
        CheckConstraint(f"deviation IS NULL OR {one_of('deviation', DeviationKind)}", name="deviation"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), index=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), unique=True)
    accepted: Mapped[int]
    deviation: Mapped[DeviationKind | None] = mapped_column(EnumText(DeviationKind))
    note: Mapped[str] = mapped_column(Text, default="")

    order_line: Mapped[OrderLine] = relationship()

    @property
    def quantity(self) -> Quantity:
        return Quantity(self.accepted, self.order_line.unit)

    @property
    def total_ore(self) -> int:
        return line_total_ore(self.quantity, self.order_line.price)
