"""A round of asking the kitchens, and the lines in which they answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.db import Base, EnumText, UtcDateTime, one_of
from market.dis.rules import NeedRoundState
from market.dis.systems.models import DisCategory
from market.register.models import Kitchen
from market.values import Quantity, Unit, Week


class NeedRound(Base):
    """The kitchens are asked what they need of a category, until `closes_at`.

    Of the weeks from `first_week_on` up to, not including, `end_week_on` (Mondays).
    """

    __tablename__ = "dis_need_rounds"
    __table_args__ = (
        CheckConstraint(one_of("state", NeedRoundState), name="state"),
        CheckConstraint("first_week_on < end_week_on", name="weeks_not_empty"),
        Index("ix_dis_need_rounds_dis_category_id_state", "dis_category_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dis_category_id: Mapped[int] = mapped_column(ForeignKey("dis_categories.id"))
    state: Mapped[NeedRoundState] = mapped_column(EnumText(NeedRoundState))
    name: Mapped[str] = mapped_column(String(120))
    first_week_on: Mapped[date]
    end_week_on: Mapped[date]
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    request_key: Mapped[str | None] = mapped_column(String(64), unique=True)

    dis_category: Mapped[DisCategory] = relationship()
    products: Mapped[list[RoundProduct]] = relationship(
        order_by="RoundProduct.position", cascade="all, delete-orphan"
    )

    @property
    def last_day(self) -> date:
        """The Sunday of the last week."""
        return self.end_week_on - timedelta(days=1)


class RoundProduct(Base):
    """What is asked for, described by its properties; never by a place (LOU 4 kap. 1 §)."""

    __tablename__ = "dis_round_products"
    __table_args__ = (
        CheckConstraint(one_of("unit", Unit), name="unit"),
        UniqueConstraint("need_round_id", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_round_id: Mapped[int] = mapped_column(ForeignKey("dis_need_rounds.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    unit: Mapped[Unit] = mapped_column(EnumText(Unit))


class NeedLine(Base):
    """A kitchen needs so much of a product in the week that begins on `week_on`."""

    __tablename__ = "dis_need_lines"
    __table_args__ = (
        CheckConstraint("steps > 0", name="something_needed"),
        UniqueConstraint("round_product_id", "kitchen_id", "week_on"),
        Index("ix_dis_need_lines_kitchen_id", "kitchen_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_product_id: Mapped[int] = mapped_column(ForeignKey("dis_round_products.id"))
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    week_on: Mapped[date]
    steps: Mapped[int]
    stated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stated_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    product: Mapped[RoundProduct] = relationship()
    kitchen: Mapped[Kitchen] = relationship()

    @property
    def quantity(self) -> Quantity:
        return Quantity(self.steps, self.product.unit)

    @property
    def week(self) -> Week:
        return Week.containing(self.week_on)
