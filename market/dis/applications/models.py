"""An application to a category, its answers, and how each requirement was judged."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.db import Base, EnumText, UtcDateTime, one_of
from market.dis.applications.rules import About, Ground, InquiryKind
from market.dis.models import DisFile
from market.dis.rules import ApplicationState
from market.dis.systems.models import Dis, DisCategory, Requirement
from market.register.models import Authority, Producer


class Application(Base):
    """A producer's `number`-th application to a category. After a refusal the next one starts as a copy.

    `due_on` is the last day to decide (LOU 8 kap. 7-8 §§); `extension_reason` says why it is the later of the two.
    """

    __tablename__ = "dis_applications"
    __table_args__ = (
        CheckConstraint(one_of("state", ApplicationState), name="state"),
        CheckConstraint(one_of("decision_ground", Ground), name="decision_ground"),
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
    decision_ground: Mapped[Ground | None] = mapped_column(EnumText(Ground))
    decision_reason: Mapped[str] = mapped_column(Text, default="")

    dis_category: Mapped[DisCategory] = relationship()
    producer: Mapped[Producer] = relationship()
    authorities: Mapped[list[Authority]] = relationship(
        secondary="dis_application_authorities", order_by=Authority.name
    )
    answers: Mapped[list[RequirementAnswer]] = relationship(cascade="all, delete-orphan")
    judgements: Mapped[list[RequirementJudgement]] = relationship(cascade="all, delete-orphan")

    @property
    def dis(self) -> Dis:
        return self.dis_category.dis

    @property
    def about(self) -> About:
        return About(
            contact_name=self.contact_name,
            contact_email=self.contact_email,
            contact_phone=self.contact_phone,
            message=self.message,
            authority_ids=frozenset(authority.id for authority in self.authorities),
        )

    @property
    def is_extended(self) -> bool:
        return bool(self.extension_reason)

    def answer_to(self, requirement: Requirement) -> RequirementAnswer | None:
        return next((one for one in self.answers if one.requirement_id == requirement.id), None)

    def judgement_of(self, requirement: Requirement) -> RequirementJudgement | None:
        return next((one for one in self.judgements if one.requirement_id == requirement.id), None)

    @property
    def verdicts(self) -> list[bool | None]:
        """How each requirement of the category is judged so far."""
        judged = {one.requirement_id: one.is_met for one in self.judgements}
        return [judged.get(requirement.id) for requirement in self.dis_category.requirements]


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


class Inquiry(Base):
    """Something that the authority asks a supplier in its DIS, to be answered by the end of `due_on`, and the answer.

    `is_affirmed` says whether a self-declaration still holds; a hearing has none.
    """

    __tablename__ = "dis_inquiries"
    __table_args__ = (
        CheckConstraint(one_of("kind", InquiryKind), name="kind"),
        CheckConstraint(
            "is_affirmed IS NULL OR (kind = 'declaration' AND answered_at IS NOT NULL)", name="affirmed_when"
        ),
        Index("ix_dis_inquiries_producer_id", "producer_id"),
        Index("ix_dis_inquiries_dis_id", "dis_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dis_id: Mapped[int] = mapped_column(ForeignKey("dis.id"))
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"))
    kind: Mapped[InquiryKind] = mapped_column(EnumText(InquiryKind))
    text: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    due_on: Mapped[date]
    answer: Mapped[str] = mapped_column(Text, default="")
    is_affirmed: Mapped[bool | None]
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    dis: Mapped[Dis] = relationship()
    producer: Mapped[Producer] = relationship()

    def is_open(self, today: date) -> bool:
        """Neither answered nor past its last day."""
        return self.answered_at is None and today <= self.due_on

    def is_late(self, today: date) -> bool:
        return self.answered_at is None and today > self.due_on
