"""What drivers have reported from the road. Rows are only added, never changed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.accounts.models import User
from market.db import Base, EnumText, UtcDateTime, one_of
from market.driving.rules import ReportKind
from market.fleet.models import Vehicle
from market.orders.models import Order
from market.photos.models import Photo
from market.register.models import Kitchen, ProductionSite, Temperature


class DriverReport(Base):
    """One thing that a driver did or saw. A vehicle and a day say which run, so that a plan published anew keeps its reports.

    `request_key` is made on the phone: the same report sent twice is one. `happened_at` is by the phone's clock, never later than
    `received_at`; `number` is its place in the phone's queue of that run. `decidegrees` are tenths of a degree Celsius.
    """

    __tablename__ = "driver_reports"
    __table_args__ = (
        CheckConstraint(one_of("kind", ReportKind), name="kind"),
        CheckConstraint(f"temperature IS NULL OR {one_of('temperature', Temperature)}", name="temperature"),
        CheckConstraint("site_id IS NULL OR kitchen_id IS NULL", name="one_place"),
        CheckConstraint("happened_at <= received_at", name="not_in_the_future"),
        CheckConstraint(
            "kind NOT IN ('loaded', 'delivered') OR order_id IS NOT NULL", name="goods_of_an_order"
        ),
        CheckConstraint("kind <> 'delivered' OR signed_by <> ''", name="delivered_to_someone"),
        CheckConstraint(
            "kind <> 'temperature' OR (decidegrees IS NOT NULL AND temperature IS NOT NULL)", name="measured"
        ),
        Index("ix_driver_reports_vehicle_id_day", "vehicle_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_key: Mapped[str] = mapped_column(String(64), unique=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"))
    day: Mapped[date]
    number: Mapped[int]
    kind: Mapped[ReportKind] = mapped_column(EnumText(ReportKind))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("production_sites.id"))
    kitchen_id: Mapped[int | None] = mapped_column(ForeignKey("kitchens.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    grams: Mapped[int | None]
    crates: Mapped[int | None]
    temperature: Mapped[Temperature | None] = mapped_column(EnumText(Temperature))
    decidegrees: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    signed_by: Mapped[str] = mapped_column(String(120), default="")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photos.id"))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    vehicle: Mapped[Vehicle] = relationship()
    site: Mapped[ProductionSite | None] = relationship()
    kitchen: Mapped[Kitchen | None] = relationship()
    order: Mapped[Order | None] = relationship()
    photo: Mapped[Photo | None] = relationship()
    user: Mapped[User | None] = relationship()
