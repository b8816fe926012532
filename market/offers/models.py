"""Offers and the stock that orders reserve. The database itself refuses to sell more than was posted."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.db import Base, EnumText, UtcDateTime, one_of
from market.offers.rules import OfferState, ReservationState
from market.register.models import Product, ProductionSite
from market.values import Package, Period, Quantity, Unit


class Offer(Base):
    """A dated volume that a producer has and wants sold.

    `posted` and `reserved` count the unit's steps (grams, millilitres, pieces). `price` is kronor per unit excluding
    VAT; none means by agreement. Available on dates from `available_from` up to, not including, `available_until`.
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
    price: Mapped[Decimal | None] = mapped_column(Numeric(12, 4))
    available_from: Mapped[date]
    available_until: Mapped[date]
    best_before: Mapped[date | None]
    is_surplus: Mapped[bool] = mapped_column(default=False)
    is_organic: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[OfferState] = mapped_column(EnumText(OfferState), default=OfferState.OPEN)
    repeated_from_id: Mapped[int | None] = mapped_column(ForeignKey("offers.id"))
    request_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    product: Mapped[Product] = relationship()
    site: Mapped[ProductionSite] = relationship()

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
        return None if self.package_steps is None else Quantity(self.package_steps, self.unit)


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
