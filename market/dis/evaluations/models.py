"""Who evaluates, what they scored, and the comparison with its allocation as it was made."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Numeric, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.accounts.models import User
from market.db import Base, EnumText, UtcDateTime, one_of
from market.dis.calloffs.models import Lot
from market.dis.evaluations.rules import Declaration
from market.dis.systems.models import Criterion
from market.dis.tenders.models import Tender


class Evaluator(Base):
    """One who judges in a call-off: declares no conflict of interest, or is barred.

    Who scores (`is_scorer`) is of the working group; who does not judges the added values and compares. `submitted_at`
    locks the scores. The scores of one who is removed, with its reason, are kept and count no more.
    """

    __tablename__ = "dis_evaluators"
    __table_args__ = (
        CheckConstraint("declaration IS NULL OR " + one_of("declaration", Declaration), name="declaration"),
        CheckConstraint("(declaration IS NULL) = (declared_at IS NULL)", name="declared_when"),
        CheckConstraint("(removed_at IS NULL) = (removal_reason = '')", name="removed_with_reason"),
        CheckConstraint("submitted_at IS NULL OR is_scorer", name="who_scores_submits"),
        UniqueConstraint("calloff_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    calloff_id: Mapped[int] = mapped_column(ForeignKey("dis_calloffs.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    is_scorer: Mapped[bool] = mapped_column(default=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    declaration: Mapped[Declaration | None] = mapped_column(EnumText(Declaration))
    declared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declaration_note: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removal_reason: Mapped[str] = mapped_column(Text, default="")

    user: Mapped[User] = relationship()
    scores: Mapped[list[Score]] = relationship(cascade="all, delete-orphan")

    @property
    def is_impartial(self) -> bool:
        """Has declared so, and has not been removed."""
        return self.declaration is Declaration.IMPARTIAL and self.removed_at is None

    @property
    def is_awaited(self) -> bool:
        """Of the working group, and its scores are not in yet: barred and removed people are not waited for."""
        barred = self.declaration is Declaration.CONFLICT
        return self.is_scorer and self.removed_at is None and not barred and self.submitted_at is None

    @property
    def counts(self) -> bool:
        """Its submitted scores are part of the mean."""
        return self.is_scorer and self.is_impartial and self.submitted_at is not None


class ScoringClosure(Base):
    """The officer ended the scoring before everyone's scores were in, for a stated reason."""

    __tablename__ = "dis_scoring_closures"

    calloff_id: Mapped[int] = mapped_column(
        ForeignKey("dis_calloffs.id"), primary_key=True, autoincrement=False
    )
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text)


class Score(Base):
    """An evaluator's points to a sample in one criterion."""

    __tablename__ = "dis_scores"
    __table_args__ = (CheckConstraint("points >= 0", name="points"),)

    evaluator_id: Mapped[int] = mapped_column(ForeignKey("dis_evaluators.id"), primary_key=True)
    tender_id: Mapped[int] = mapped_column(ForeignKey("dis_tenders.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("dis_criteria.id"), primary_key=True)
    points: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    scored_at: Mapped[datetime] = mapped_column(UtcDateTime)

    tender: Mapped[Tender] = relationship()
    criterion: Mapped[Criterion] = relationship()


class Evaluation(Base):
    """One evaluation of a call-off, the `number`-th; the latest counts. Nothing of it changes afterwards.

    `cost_ore` is what is paid, `comparison_ore` what decided: after deductions, with deliveries where they count.
    `explained` holds every krona of it, the runner-up, the one-winner cover and the drawn lots, as plain JSON.
    """

    __tablename__ = "dis_evaluations"
    __table_args__ = (UniqueConstraint("calloff_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calloff_id: Mapped[int] = mapped_column(ForeignKey("dis_calloffs.id"))
    number: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    cost_ore: Mapped[int] = mapped_column(BigInteger)
    comparison_ore: Mapped[int] = mapped_column(BigInteger)
    inputs: Mapped[dict[str, Any]] = mapped_column(JSON)
    explained: Mapped[dict[str, Any]] = mapped_column(JSON)

    lines: Mapped[list[EvaluationLine]] = relationship(order_by="EvaluationLine.id")


class EvaluationLine(Base):
    """So much of a lot goes to a tender, at its price; what that is compared at, in öre."""

    __tablename__ = "dis_evaluation_lines"
    __table_args__ = (
        CheckConstraint("steps > 0", name="something_awarded"),
        UniqueConstraint("evaluation_id", "lot_id", "tender_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("dis_evaluations.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("dis_lots.id"))
    tender_id: Mapped[int] = mapped_column(ForeignKey("dis_tenders.id"))
    steps: Mapped[int]
    price: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    deduction_bp: Mapped[int]
    cost_ore: Mapped[int] = mapped_column(BigInteger)
    comparison_ore: Mapped[int] = mapped_column(BigInteger)

    lot: Mapped[Lot] = relationship()
    tender: Mapped[Tender] = relationship()
