"""Days on which producers receive school classes, and the classes that have booked them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.db import Base, EnumText, UtcDateTime, one_of
from market.register.models import Kitchen, Producer, ProductionSite
from market.values import wall_clock
from market.visits.rules import VisitEvent, VisitState


class VisitDay(Base):
    """One visit that a producer offers. Times are seconds after midnight by the Swedish clock."""

    __tablename__ = "visit_days"
    __table_args__ = (
        CheckConstraint(one_of("state", VisitState), name="state"),
        CheckConstraint(
            "starts_s >= 0 AND starts_s < ends_s AND ends_s <= 86400", name="begins_before_it_ends"
        ),
        CheckConstraint("most_pupils > 0", name="room_for_someone"),
        Index("ix_visit_days_state_on_date", "state", "on_date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"), index=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("production_sites.id"))
    on_date: Mapped[date]
    starts_s: Mapped[int]
    ends_s: Mapped[int]
    most_pupils: Mapped[int]
    ages: Mapped[str] = mapped_column(String(80))
    about: Mapped[str] = mapped_column(Text)
    languages: Mapped[str] = mapped_column(String(80), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[VisitState] = mapped_column(EnumText(VisitState), default=VisitState.OPEN)
    request_key: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    producer: Mapped[Producer] = relationship()
    site: Mapped[ProductionSite] = relationship()
    bookings: Mapped[list[VisitBooking]] = relationship(back_populates="day", order_by="VisitBooking.id")
    transitions: Mapped[list[VisitTransition]] = relationship(order_by="VisitTransition.id")

    @property
    def booking(self) -> VisitBooking | None:
        """The class that comes, if one does."""
        return next((one for one in self.bookings if one.is_alive), None)

    @property
    def starts_at(self) -> datetime:
        return wall_clock(self.on_date, self.starts_s)

    @property
    def ends_at(self) -> datetime:
        return wall_clock(self.on_date, self.ends_s)


class VisitBooking(Base):
    """A class that comes to a visit, for a kitchen's school. A cancelled one is kept, with its reason."""

    __tablename__ = "visit_bookings"
    __table_args__ = (
        CheckConstraint("pupils > 0", name="someone_comes"),
        CheckConstraint("cancelled_at IS NOT NULL OR reason = ''", name="reason_when_cancelled"),
        Index(
            "uq_visit_bookings_alive",
            "day_id",
            unique=True,
            sqlite_where=text("cancelled_at IS NULL"),
            postgresql_where=text("cancelled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day_id: Mapped[int] = mapped_column(ForeignKey("visit_days.id"), index=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), index=True)
    booked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    class_name: Mapped[str] = mapped_column(String(80))
    pupils: Mapped[int]
    contact_name: Mapped[str] = mapped_column(String(120))
    contact_phone: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(Text, default="")
    request_key: Mapped[str] = mapped_column(String(64), unique=True)
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")

    day: Mapped[VisitDay] = relationship(back_populates="bookings")
    kitchen: Mapped[Kitchen] = relationship()

    @property
    def is_alive(self) -> bool:
        return self.cancelled_at is None


class VisitTransition(Base):
    """One step of a visit day's life."""

    __tablename__ = "visit_transitions"
    __table_args__ = (
        CheckConstraint(one_of("event", VisitEvent), name="event"),
        CheckConstraint(one_of("to_state", VisitState), name="to_state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day_id: Mapped[int] = mapped_column(ForeignKey("visit_days.id"), index=True)
    event: Mapped[VisitEvent] = mapped_column(EnumText(VisitEvent))
    to_state: Mapped[VisitState] = mapped_column(EnumText(VisitState))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
