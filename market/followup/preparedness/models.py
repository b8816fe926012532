"""Scenarios that an authority prepares for, what each was worked out to mean, and what a portion weighs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.db import Base, UtcDateTime
from market.register.models import Category


class PortionNorm(Base):
    """Grams of a category in one portion, as the authority reckons; without a row rules.USUAL_GRAMS holds."""

    __tablename__ = "portion_norms"
    __table_args__ = (CheckConstraint("grams BETWEEN 1 AND 2000", name="grams"),)

    authority_id: Mapped[int] = mapped_column(
        ForeignKey("authorities.id"), primary_key=True, autoincrement=False
    )
    category_key: Mapped[str] = mapped_column(ForeignKey("categories.key"), primary_key=True)
    grams: Mapped[int]

    category: Mapped[Category] = relationship()


class Scenario(Base):
    """What if: `params` is rules.Assumptions as plain data. Never changed: an edited one is a new one, `based_on_id` the old."""

    __tablename__ = "scenarios"
    __table_args__ = (CheckConstraint("length(name) > 0", name="has_a_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    based_on_id: Mapped[int | None] = mapped_column(ForeignKey("scenarios.id"))
    request_key: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    put_away_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    results: Mapped[list[ScenarioResult]] = relationship(order_by="ScenarioResult.number.desc()")


class ScenarioResult(Base):
    """What a scenario meant when it was worked out: outcome.Outcome as plain data. The planner's problem and plan are not kept.

    `meals` of `meals_needed` stand beside it, so that earlier answers can be listed without being read.
    """

    __tablename__ = "scenario_results"
    __table_args__ = (
        UniqueConstraint("scenario_id", "number"),
        CheckConstraint("meals >= 0 AND meals <= meals_needed", name="meals"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenarios.id"))
    number: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON)
    meals: Mapped[int]
    meals_needed: Mapped[int]
    worked_out_at: Mapped[datetime] = mapped_column(UtcDateTime)
