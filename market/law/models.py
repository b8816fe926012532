"""One table of what the law sets, each value with its days and its source."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from market.db import Base, EnumText, one_of
from market.law.rules import LawKey


class LawValue(Base):
    """A value in force on dates from `valid_from` up to, not including, `valid_until` (none: until changed)."""

    __tablename__ = "law_values"
    __table_args__ = (
        CheckConstraint(one_of("key", LawKey), name="key"),
        CheckConstraint("value >= 0", name="not_negative"),
        CheckConstraint("valid_until IS NULL OR valid_from < valid_until", name="period_not_empty"),
        UniqueConstraint("key", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[LawKey] = mapped_column(EnumText(LawKey))
    value: Mapped[Decimal] = mapped_column(Numeric(14, 4))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200))

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)
