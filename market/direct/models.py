"""The documentation of direct awards, the wholesaler contract's carve-out, and an authority's guidelines."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    Numeric,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from market.db import Base, EnumText, UtcDateTime, one_of
from market.direct.rules import Measure
from market.limits.models import Award
from market.register.models import Category


class AwardNote(Base):
    """What only a person knows of an award: why, who was asked, what was compared, the contract."""

    __tablename__ = "award_notes"

    award_id: Mapped[int] = mapped_column(ForeignKey("awards.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    asked: Mapped[str] = mapped_column(Text, default="")
    asked_several: Mapped[bool] = mapped_column(default=False)
    notified_on: Mapped[date | None]
    comparison: Mapped[str] = mapped_column(Text, default="")
    contract: Mapped[str] = mapped_column(Text, default="")
    contract_on: Mapped[date | None]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    award: Mapped[Award] = relationship()


class AwardDocument(Base):
    """A completed file as PDF, kept as it was. Completing again, after further purchases, keeps a new version."""

    __tablename__ = "award_documents"
    __table_args__ = (
        UniqueConstraint("award_id", "version"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("value_ore >= 0", name="not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("awards.id"), index=True)
    version: Mapped[int]
    value_ore: Mapped[int] = mapped_column(BigInteger)
    contract_on: Mapped[date]
    keep_until: Mapped[date]
    sha256: Mapped[str] = mapped_column(String(64))
    pdf: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    completed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    completed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class CarveOut(Base):
    """What a wholesaler contract says of a category in a time, and the share that may be bought outside it.

    `total` is öre or grams, by `measure`; `share` is per cent.
    """

    __tablename__ = "carve_outs"
    __table_args__ = (
        CheckConstraint(one_of("measure", Measure), name="measure"),
        CheckConstraint("total > 0", name="covers_something"),
        CheckConstraint("share > 0 AND share <= 100", name="share"),
        CheckConstraint("valid_from < valid_until", name="period_not_empty"),
        UniqueConstraint("authority_id", "category_key", "measure", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    category_key: Mapped[str] = mapped_column(ForeignKey("categories.key"))
    contract: Mapped[str] = mapped_column(String(120))
    measure: Mapped[Measure] = mapped_column(EnumText(Measure))
    total: Mapped[int] = mapped_column(BigInteger)
    share: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    category: Mapped[Category] = relationship()


class AwardGuidelines(Base):
    """The guidelines for direct awards that an authority has decided on (LOU 19 a kap. 15 §)."""

    __tablename__ = "award_guidelines"

    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), primary_key=True)
    decided_on: Mapped[date]
    reference: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
