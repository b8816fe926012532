"""A call-off, its lots, who is invited, and what they ask."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.db import Base, EnumText, UtcDateTime, one_of
from market.dis.needs.models import NeedLine
from market.dis.rules import CallOffState
from market.dis.systems.models import Criterion, DisCategory
from market.register.models import Authority, Kitchen, Producer
from market.values import Quantity, Unit


class CallOff(Base):
    """Asks all who are admitted to a category for tenders (LOU 8 kap. 10 §), until `deadline_at`, not including it.

    `counts_delivery`: what the tenderers themselves charge per delivery to each receiving kitchen counts in the
    comparison, as the criteria said. `agreed_deadline`: all who are invited agreed to a shorter time (11 kap. 7 §).
    """

    __tablename__ = "dis_calloffs"
    __table_args__ = (
        CheckConstraint(one_of("state", CallOffState), name="state"),
        CheckConstraint(
            "state IN ('draft', 'discarded') OR (invited_at IS NOT NULL AND deadline_at IS NOT NULL)",
            name="invited_with_a_deadline",
        ),
        CheckConstraint("invited_at IS NULL OR invited_at < deadline_at", name="time_to_tender"),
        Index("ix_dis_calloffs_dis_category_id_state", "dis_category_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dis_category_id: Mapped[int] = mapped_column(ForeignKey("dis_categories.id"))
    state: Mapped[CallOffState] = mapped_column(EnumText(CallOffState))
    title: Mapped[str] = mapped_column(String(160))
    description: Mapped[str] = mapped_column(Text, default="")
    deadline_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proposed_deadline_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agreed_deadline: Mapped[bool] = mapped_column(default=False)
    counts_delivery: Mapped[bool] = mapped_column(default=False)
    standstill_days: Mapped[int] = mapped_column(default=10)
    invited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    request_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    dis_category: Mapped[DisCategory] = relationship()
    lots: Mapped[list[Lot]] = relationship(
        back_populates="calloff", order_by="Lot.number", cascade="all, delete-orphan"
    )
    precisions: Mapped[list[CriterionPrecision]] = relationship(cascade="all, delete-orphan")
    invitations: Mapped[list[Invitation]] = relationship(back_populates="calloff", order_by="Invitation.id")
    questions: Mapped[list[Question]] = relationship(order_by="Question.id")

    def is_open(self, at: datetime) -> bool:
        """Whether a tender can be given or changed now: before the deadline, to the second and less."""
        return self.state is CallOffState.INVITED and self.deadline_at is not None and at < self.deadline_at


class Lot(Base):
    """A part of a call-off that is awarded by itself: a product for one authority.

    Delivered in the weeks from `first_week_on` up to, not including, `end_week_on`; `steps` is the whole volume.
    """

    __tablename__ = "dis_lots"
    __table_args__ = (
        CheckConstraint(one_of("unit", Unit), name="unit"),
        CheckConstraint("steps > 0", name="something_wanted"),
        CheckConstraint("first_week_on < end_week_on", name="weeks_not_empty"),
        UniqueConstraint("calloff_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    calloff_id: Mapped[int] = mapped_column(ForeignKey("dis_calloffs.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(160))
    description: Mapped[str] = mapped_column(Text, default="")
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    unit: Mapped[Unit] = mapped_column(EnumText(Unit))
    steps: Mapped[int]
    first_week_on: Mapped[date]
    end_week_on: Mapped[date]
    allows_parts: Mapped[bool] = mapped_column(default=True)

    calloff: Mapped[CallOff] = relationship(back_populates="lots")
    authority: Mapped[Authority] = relationship()
    needs: Mapped[list[LotNeed]] = relationship(order_by="LotNeed.id", cascade="all, delete-orphan")

    @property
    def last_day(self) -> date:
        """The Sunday of the last week."""
        return self.end_week_on - timedelta(days=1)

    @property
    def quantity(self) -> Quantity:
        return Quantity(self.steps, self.unit)


class LotNeed(Base):
    """What of a lot goes to which kitchen in which week; `need_line_id` is the line it came from."""

    __tablename__ = "dis_lot_needs"
    __table_args__ = (
        CheckConstraint("steps > 0", name="something_wanted"),
        UniqueConstraint("lot_id", "kitchen_id", "week_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("dis_lots.id"))
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    week_on: Mapped[date]
    steps: Mapped[int]
    need_line_id: Mapped[int | None] = mapped_column(ForeignKey("dis_need_lines.id"), index=True)

    kitchen: Mapped[Kitchen] = relationship()
    need_line: Mapped[NeedLine | None] = relationship()

    def quantity_in(self, unit: Unit) -> Quantity:
        """The amount; the unit is the lot's."""
        return Quantity(self.steps, unit)


class CriterionPrecision(Base):
    """How the invitation makes a published criterion more precise (LOU 8 kap. 12 §); it changes nothing of it."""

    __tablename__ = "dis_criterion_precisions"

    calloff_id: Mapped[int] = mapped_column(ForeignKey("dis_calloffs.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("dis_criteria.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)

    criterion: Mapped[Criterion] = relationship()


class Invitation(Base):
    """One supplier is invited, at the same instant as all others (LOU 8 kap. 10 §). The outbox proves the sending."""

    __tablename__ = "dis_invitations"
    __table_args__ = (UniqueConstraint("calloff_id", "producer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calloff_id: Mapped[int] = mapped_column(ForeignKey("dis_calloffs.id"))
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"), index=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("dis_applications.id"))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    agrees_to_deadline_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    calloff: Mapped[CallOff] = relationship(back_populates="invitations")
    producer: Mapped[Producer] = relationship()


class DeadlineAnswer(Base):
    """What an admitted supplier says, before the invitation, to the shorter deadline that all were asked about.

    It holds for the proposed `deadline_at` alone (LOU 8 kap. 11 §, 11 kap. 7 §).
    """

    __tablename__ = "dis_deadline_answers"

    calloff_id: Mapped[int] = mapped_column(ForeignKey("dis_calloffs.id"), primary_key=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"), primary_key=True)
    deadline_at: Mapped[datetime] = mapped_column(UtcDateTime)
    agrees: Mapped[bool]
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class Question(Base):
    """Asked by one who is invited; the question and its answer are shown to all of them without a name."""

    __tablename__ = "dis_questions"
    __table_args__ = (CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_when"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calloff_id: Mapped[int] = mapped_column(ForeignKey("dis_calloffs.id"), index=True)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("dis_invitations.id"))
    text: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    request_key: Mapped[str | None] = mapped_column(String(64), unique=True)
