"""Simulations that somebody asked for, and what came out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from market.db import Base, UtcDateTime


class Simulation(Base):
    """One simulated experiment: its parameters with the seed, and the table of results, from which all of it can be drawn again."""

    __tablename__ = "simulations"
    __table_args__ = (CheckConstraint("runs > 0", name="runs"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seed: Mapped[int]
    runs: Mapped[int]
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
