"""Offers and the stock that orders reserve. The database itself refuses to sell more than was posted."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.db import Base, EnumText, UtcDateTime, one_of
from market.offers.rules import Handover, OfferEvent, OfferState, ReservationState
from market.photos.models import Photo
from market.register.models import Authority, Certificate, Product, ProductionSite
from market.values import Package, Period, Quantity, Unit

offer_authorities = Table(
    "offer_authorities",
    Base.metadata,
    Column("offer_id", ForeignKey("offers.id"), primary_key=True),
    Column("authority_id", ForeignKey("authorities.id"), primary_key=True, index=True),
)
"""Whom an offer is for, when it is not for all."""


class Offer(Base):
    """A dated volume that a producer has and wants sold.

    `posted` and `reserved` count the unit's steps (grams, millilitres, pieces). `price` is kronor per unit excluding
    VAT; none means by agreement. Available on dates from `available_from` up to, not including, `available_until`.
    Goods with `piece_grams` are priced by weight and sold in whole pieces of about that weight, so that all amounts are
    multiples of it; what a delivery weighs is the order's business and does not touch the stock.
    `version` counts the changes: it is the number of the newest row in `offer_versions`.
    """

    __tablename__ = "offers"
    __table_args__ = (
        CheckConstraint("reserved >= 0 AND reserved <= posted", name="never_oversold"),
        CheckConstraint("posted > 0", name="something_posted"),
        CheckConstraint("price IS NULL OR price > 0", name="price_above_zero"),
        CheckConstraint(
            "package_steps IS NULL OR (package_steps > 0 AND package IS NOT NULL)", name="package_size"
        ),
        CheckConstraint(f"package IS NULL OR {one_of('package', Package)}", name="package"),
        CheckConstraint("available_from < available_until", name="period_not_empty"),
        CheckConstraint(one_of("state", OfferState), name="state"),
        CheckConstraint(one_of("unit", Unit), name="unit"),
        CheckConstraint("held_until IS NULL OR price IS NOT NULL", name="held_price"),
        CheckConstraint("minimum_steps IS NULL OR minimum_steps > 0", name="minimum_above_zero"),
        CheckConstraint(
            "piece_grams IS NULL OR (piece_grams > 0 AND unit = 'KGM' AND posted % piece_grams = 0)",
            name="whole_pieces",
        ),
        CheckConstraint("is_collected OR is_delivered", name="can_be_had"),
        CheckConstraint(
            "delivery_minimum_steps IS NULL OR delivery_minimum_steps > 0", name="delivery_minimum"
        ),
        CheckConstraint("carry_grams IS NULL OR carry_grams > 0", name="carries_something"),
        Index("ix_offers_available", "state", "available_from", "available_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("production_sites.id"), index=True)
    unit: Mapped[Unit] = mapped_column(EnumText(Unit))
    posted: Mapped[int]
    reserved: Mapped[int] = mapped_column(default=0)
    package: Mapped[Package | None] = mapped_column(EnumText(Package))
    package_steps: Mapped[int | None]
    piece_grams: Mapped[int | None]
    minimum_steps: Mapped[int | None]
    price: Mapped[Decimal | None] = mapped_column(Numeric(12, 4))
    held_until: Mapped[date | None]
    available_from: Mapped[date]
    available_until: Mapped[date]
    best_before: Mapped[date | None]
    is_surplus: Mapped[bool] = mapped_column(default=False)
    is_organic: Mapped[bool] = mapped_column(default=False)
    is_standing: Mapped[bool] = mapped_column(default=False)
    is_for_all: Mapped[bool] = mapped_column(default=True)
    is_collected: Mapped[bool] = mapped_column(default=True)
    is_delivered: Mapped[bool] = mapped_column(default=False)
    delivery_codes: Mapped[str] = mapped_column(Text, default="")
    delivery_weekdays: Mapped[str] = mapped_column(String(7), default="")
    delivery_minimum_steps: Mapped[int | None]
    carry_grams: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photos.id"))
    state: Mapped[OfferState] = mapped_column(EnumText(OfferState), default=OfferState.OPEN)
    version: Mapped[int] = mapped_column(default=1)
    repeated_from_id: Mapped[int | None] = mapped_column(ForeignKey("offers.id"))
    request_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    product: Mapped[Product] = relationship()
    site: Mapped[ProductionSite] = relationship()
    photo: Mapped[Photo | None] = relationship()
    authorities: Mapped[list[Authority]] = relationship(secondary=offer_authorities, order_by=Authority.name)
    transitions: Mapped[list[OfferTransition]] = relationship(order_by="OfferTransition.id")
    versions: Mapped[list[OfferVersion]] = relationship(order_by="OfferVersion.number")

    @property
    def period(self) -> Period:
        return Period(self.available_from, self.available_until)

    @property
    def total(self) -> Quantity:
        return Quantity(self.posted, self.unit)

    @property
    def sold(self) -> Quantity:
        return Quantity(self.reserved, self.unit)

    @property
    def left(self) -> Quantity:
        return Quantity(self.posted - self.reserved, self.unit)

    @property
    def is_open(self) -> bool:
        return self.state is OfferState.OPEN

    @property
    def package_quantity(self) -> Quantity | None:
        return self._quantity(self.package_steps)

    @property
    def minimum(self) -> Quantity | None:
        return self._quantity(self.minimum_steps)

    @property
    def handover(self) -> Handover:
        return Handover(
            is_collected=self.is_collected,
            is_delivered=self.is_delivered,
            codes=tuple(self.delivery_codes.split()),
            weekdays=tuple(int(day) for day in self.delivery_weekdays),
            minimum=self._quantity(self.delivery_minimum_steps),
            carry_grams=self.carry_grams,
        )

    def is_for(self, authority_id: int | None) -> bool:
        return self.is_for_all or authority_id in {authority.id for authority in self.authorities}

    def price_on(self, day: date) -> Decimal | None:
        """The price of an order made on `day`; none where it is to be agreed, also because it is held no longer."""
        is_held = self.held_until is None or day <= self.held_until
        return self.price if is_held else None

    def certificate_on(self, day: date) -> Certificate | None:
        """What makes it count as organic on `day`: none without the producer's claim or a certificate in force."""
        return self.product.producer.certificate_on(day) if self.is_organic else None

    def _quantity(self, steps: int | None) -> Quantity | None:
        return None if steps is None else Quantity(steps, self.unit)


class OfferTransition(Base):
    """One step of an offer's life: one row per change of state."""

    __tablename__ = "offer_transitions"
    __table_args__ = (
        CheckConstraint(one_of("event", OfferEvent), name="event"),
        CheckConstraint(one_of("to_state", OfferState), name="to_state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), index=True)
    event: Mapped[OfferEvent] = mapped_column(EnumText(OfferEvent))
    to_state: Mapped[OfferState] = mapped_column(EnumText(OfferState))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class OfferVersion(Base):
    """What an offer said from `at` until its next version. The first is what was posted."""

    __tablename__ = "offer_versions"
    __table_args__ = (
        UniqueConstraint("offer_id", "number"),
        CheckConstraint("posted > 0", name="something_posted"),
        CheckConstraint("available_from < available_until", name="period_not_empty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"))
    number: Mapped[int]
    posted: Mapped[int]
    minimum_steps: Mapped[int | None]
    price: Mapped[Decimal | None] = mapped_column(Numeric(12, 4))
    held_until: Mapped[date | None]
    available_from: Mapped[date]
    available_until: Mapped[date]
    best_before: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    @property
    def period(self) -> Period:
        return Period(self.available_from, self.available_until)


class Reservation(Base):
    """What an order line holds of an offer; released when the order is declined or cancelled."""

    __tablename__ = "reservations"
    __table_args__ = (
        CheckConstraint("steps > 0", name="something_held"),
        CheckConstraint(one_of("state", ReservationState), name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), index=True)
    steps: Mapped[int]
    state: Mapped[ReservationState] = mapped_column(EnumText(ReservationState), default=ReservationState.HELD)
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    offer: Mapped[Offer] = relationship()


class PhoneCall(Base):
    """A producer called and a meal manager wrote down an offer: who, when, what was said.

    Oral contact is allowed outside a DIS under the directive only (LOU 12 kap. 5 §), and that was ticked.
    """

    __tablename__ = "phone_calls"
    __table_args__ = (CheckConstraint("is_outside_directive", name="oral_contact_allowed"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"))
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), unique=True)
    called_at: Mapped[datetime] = mapped_column(UtcDateTime)
    spoke_with: Mapped[str] = mapped_column(String(120))
    said: Mapped[str] = mapped_column(Text)
    is_outside_directive: Mapped[bool]
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    offer: Mapped[Offer] = relationship()
    authority: Mapped[Authority] = relationship()
    links: Mapped[list[ConfirmationLink]] = relationship(
        back_populates="call", order_by="ConfirmationLink.id"
    )


class ConfirmationLink(Base):
    """A link by which the producer says yes or no, once, without an account. Only the token's hash is kept here."""

    __tablename__ = "confirmation_links"
    __table_args__ = (CheckConstraint("created_at < expires_at", name="lives_a_while"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("phone_calls.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sent_to: Mapped[str] = mapped_column(String(255), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    call: Mapped[PhoneCall] = relationship(back_populates="links")

    def is_usable(self, at: datetime) -> bool:
        return self.used_at is None and at < self.expires_at
