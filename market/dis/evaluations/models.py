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
    """One of the working group. Declares no conflict of interest, or is barred. `submitted_at` locks the scores."""

    __tablename__ = "dis_evaluators"
    __table_args__ = (
        CheckConstraint("declaration IS NULL OR " + one_of("declaration", Declaration), name="declaration"),
        CheckConstraint("(declaration IS NULL) = (declared_at IS NULL)", name="declared_when"),
        UniqueConstraint("calloff_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    calloff_id: Mapped[int] = mapped_column(ForeignKey("dis_calloffs.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    declaration: Mapped[Declaration | None] = mapped_column(EnumText(Declaration))
    declared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declaration_note: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()
    scores: Mapped[list[Score]] = relationship(cascade="all, delete-orphan")


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
