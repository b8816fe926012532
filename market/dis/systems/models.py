"""A DIS, the authorities it is named for, its categories with requirements and criteria, and what was published."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from market.db import Base, EnumText, UtcDateTime, one_of
from market.dis.rules import DisState, Regime, Thing
from market.dis.systems.rules import CriterionKind, RequirementKind, TieRule
from market.register.models import Authority, Category


class Dis(Base):
    """In force from `valid_from` up to, not including, `valid_until` (LOU 8 kap. 1 §).

    Run by `authority_id`; which others may call off stands in `authorities`, fixed when it is published. Applications
    of the first round are taken until `first_round_ends_at` at least (8 §). `estimated_value_ore` is the most that all
    contracts may be worth over the whole validity, excluding VAT (5 kap. 14 §); `regime_reason` says why the regime was
    chosen, where the value alone does not.
    """

    __tablename__ = "dis"
    __table_args__ = (
        CheckConstraint(one_of("state", DisState), name="state"),
        CheckConstraint(one_of("regime", Regime), name="regime"),
        CheckConstraint(one_of("tie_rule", TieRule), name="tie_rule"),
        CheckConstraint("valid_from < valid_until", name="period_not_empty"),
        CheckConstraint("estimated_value_ore > 0", name="worth_something"),
        CheckConstraint("state IN ('draft', 'discarded') OR published_at IS NOT NULL", name="published_when"),
        Index("ix_dis_authority_id_state", "authority_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    name: Mapped[str] = mapped_column(String(160))
    regime: Mapped[Regime] = mapped_column(EnumText(Regime))
    state: Mapped[DisState] = mapped_column(EnumText(DisState))
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    estimated_value_ore: Mapped[int] = mapped_column(BigInteger)
    regime_reason: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    contract_terms: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    tie_rule: Mapped[TieRule] = mapped_column(EnumText(TieRule), default=TieRule.ADDED_VALUE_THEN_LOT)
    standstill_days: Mapped[int] = mapped_column(default=10)
    first_round_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_review_until: Mapped[date | None]
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    request_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    authority: Mapped[Authority] = relationship(foreign_keys=[authority_id])
    authorities: Mapped[list[Authority]] = relationship(secondary="dis_authorities", order_by=Authority.name)
    categories: Mapped[list[DisCategory]] = relationship(
        back_populates="dis", order_by="DisCategory.position", cascade="all, delete-orphan"
    )
    documents: Mapped[list[NoticeDocument]] = relationship(order_by="NoticeDocument.id")

    def is_open(self, at_day: date) -> bool:
        """Published and within its validity."""
        return self.state is DisState.PUBLISHED and self.valid_from <= at_day < self.valid_until


class DisAuthority(Base):
    """An authority that the notice names; the one that runs the DIS is among them."""

    __tablename__ = "dis_authorities"

    dis_id: Mapped[int] = mapped_column(ForeignKey("dis.id"), primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), primary_key=True)


class DisCategory(Base):
    """A category of a DIS (LOU 8 kap. 2 §): what characterises it, and how contracts in it may be shared.

    `max_suppliers_per_lot` and `max_lots_per_supplier` (none: no limit) are the published rule of allocation
    (4 kap. 14-15 §§).
    """

    __tablename__ = "dis_categories"
    __table_args__ = (
        CheckConstraint("max_suppliers_per_lot > 0", name="someone_supplies"),
        CheckConstraint("max_lots_per_supplier IS NULL OR max_lots_per_supplier > 0", name="some_lot"),
        UniqueConstraint("dis_id", "category_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dis_id: Mapped[int] = mapped_column(ForeignKey("dis.id"))
    category_key: Mapped[str] = mapped_column(ForeignKey("categories.key"))
    position: Mapped[int]
    description: Mapped[str] = mapped_column(Text, default="")
    max_suppliers_per_lot: Mapped[int] = mapped_column(default=1)
    max_lots_per_supplier: Mapped[int | None]

    dis: Mapped[Dis] = relationship(back_populates="categories")
    category: Mapped[Category] = relationship()
    requirements: Mapped[list[Requirement]] = relationship(
        order_by="Requirement.position", cascade="all, delete-orphan"
    )
    criteria: Mapped[list[Criterion]] = relationship(
        order_by="Criterion.position", cascade="all, delete-orphan"
    )


class Requirement(Base):
    """A qualification requirement of a category (LOU 8 kap. 3 §)."""

    __tablename__ = "dis_requirements"
    __table_args__ = (CheckConstraint(one_of("kind", RequirementKind), name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dis_category_id: Mapped[int] = mapped_column(ForeignKey("dis_categories.id"), index=True)
    position: Mapped[int]
    kind: Mapped[RequirementKind] = mapped_column(EnumText(RequirementKind))
    text: Mapped[str] = mapped_column(Text)
    proof: Mapped[str] = mapped_column(Text, default="")  # what shows it, in words


class Criterion(Base):
    """An added value and the most it takes off the price in the comparison, in hundredths of a per cent.

    A scored one gives its whole deduction at `max_points`, and a proportional part below.
    """

    __tablename__ = "dis_criteria"
    __table_args__ = (
        CheckConstraint(one_of("kind", CriterionKind), name="kind"),
        CheckConstraint("max_deduction_bp BETWEEN 1 AND 5000", name="deduction"),
        CheckConstraint(
            "(kind = 'scored') = (max_points IS NOT NULL) AND (max_points IS NULL OR max_points > 0)",
            name="points_when_scored",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dis_category_id: Mapped[int] = mapped_column(ForeignKey("dis_categories.id"), index=True)
    position: Mapped[int]
    kind: Mapped[CriterionKind] = mapped_column(EnumText(CriterionKind))
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    max_deduction_bp: Mapped[int]
    max_points: Mapped[int | None]
    needs_evidence: Mapped[bool] = mapped_column(default=False)


class NoticeDocument(Base):
    """The notice as it was published, byte for byte; a change of the validity adds one."""

    __tablename__ = "dis_notice_documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    dis_id: Mapped[int] = mapped_column(ForeignKey("dis.id"), index=True)
    pdf: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WordingAnswer(Base):
    """Why a word that names a place or a distance stays where it is, stated before publication (LOU 4 kap. 1 §).

    It answers for `found` in `sentence` at `place` of the thing; when the sentence changes the warning is back.
    """

    __tablename__ = "dis_wording_answers"
    __table_args__ = (
        CheckConstraint(one_of("thing", Thing), name="thing"),
        CheckConstraint("length(reason) > 0", name="stated"),
        Index("ix_dis_wording_answers_thing_subject_id", "thing", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thing: Mapped[Thing] = mapped_column(EnumText(Thing))
    subject_id: Mapped[int]
    place: Mapped[str] = mapped_column(String(80))
    found: Mapped[str] = mapped_column(String(200))
    sentence: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
