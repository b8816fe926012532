"""An application to a category, its answers, and how each requirement was judged."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.db import Base, EnumText, UtcDateTime, one_of
from market.dis.models import DisFile
from market.dis.rules import ApplicationState
from market.dis.systems.models import DisCategory, Requirement
from market.register.models import Authority, Producer


class Application(Base):
    """A producer's `number`-th application to a category. After a refusal the next one starts as a copy.

    `due_on` is the last day to decide (LOU 8 kap. 7-8 §§); `extension_reason` says why it is the later of the two.
    """

    __tablename__ = "dis_applications"
    __table_args__ = (
        CheckConstraint(one_of("state", ApplicationState), name="state"),
        CheckConstraint("number > 0", name="number"),
        UniqueConstraint("dis_category_id", "producer_id", "number"),
        Index("ix_dis_applications_producer_id_state", "producer_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dis_category_id: Mapped[int] = mapped_column(ForeignKey("dis_categories.id"))
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"))
    number: Mapped[int]
    state: Mapped[ApplicationState] = mapped_column(EnumText(ApplicationState))
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_email: Mapped[str] = mapped_column(String(255), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    has_declared: Mapped[bool] = mapped_column(default=False)
    message: Mapped[str] = mapped_column(Text, default="")
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None]
    extension_reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_reason: Mapped[str] = mapped_column(Text, default="")

    dis_category: Mapped[DisCategory] = relationship()
    producer: Mapped[Producer] = relationship()
    authorities: Mapped[list[Authority]] = relationship(
        secondary="dis_application_authorities", order_by=Authority.name
    )
    answers: Mapped[list[RequirementAnswer]] = relationship(cascade="all, delete-orphan")
    judgements: Mapped[list[RequirementJudgement]] = relationship(cascade="all, delete-orphan")


class ApplicationAuthority(Base):
    """An authority that the applicant can deliver to; the grower who wanted only Heby names one."""

    __tablename__ = "dis_application_authorities"

    application_id: Mapped[int] = mapped_column(ForeignKey("dis_applications.id"), primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), primary_key=True)


class RequirementAnswer(Base):
    """What the applicant says to a requirement: yes, a text, a file, as its kind asks."""

    __tablename__ = "dis_requirement_answers"

    application_id: Mapped[int] = mapped_column(ForeignKey("dis_applications.id"), primary_key=True)
    requirement_id: Mapped[int] = mapped_column(ForeignKey("dis_requirements.id"), primary_key=True)
    is_met: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("dis_files.id"))

    requirement: Mapped[Requirement] = relationship()
    file: Mapped[DisFile | None] = relationship()


class RequirementJudgement(Base):
    """The officer's tick or cross at a requirement, with a note."""

    __tablename__ = "dis_requirement_judgements"

    application_id: Mapped[int] = mapped_column(ForeignKey("dis_applications.id"), primary_key=True)
    requirement_id: Mapped[int] = mapped_column(ForeignKey("dis_requirements.id"), primary_key=True)
    is_met: Mapped[bool]
    note: Mapped[str] = mapped_column(Text, default="")
    judged_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    judged_at: Mapped[datetime] = mapped_column(UtcDateTime)
