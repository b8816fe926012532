"""Versions of an authority's definition of local, each in force for a half-open period of days."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.accounts.models import User
from market.db import Base, UtcDateTime
from market.register.models import Authority, Kitchen


class DefinitionVersion(Base):
    """One version: in force on days from `valid_from` up to, not including, `valid_to`; none means until further.

    `definition` is geodata.local's JSON without dates and wording, which are the columns here. `kitchen_id` is where
    distances start when no particular kitchen asks (the public page). A version that was replaced before it came into
    force has `valid_to` = `valid_from`: it is kept for the history and applies on no day.
    """

    __tablename__ = "definition_versions"
    __table_args__ = (
        CheckConstraint("number > 0", name="numbered_from_one"),
        CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="does_not_end_before_it_begins"),
        UniqueConstraint("authority_id", "number"),
        Index(
            "uq_definition_versions_open",
            "authority_id",
            unique=True,
            sqlite_where=text("valid_to IS NULL"),
            postgresql_where=text("valid_to IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    number: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    own_wording: Mapped[str] = mapped_column(Text, default="")
    kitchen_id: Mapped[int | None] = mapped_column(ForeignKey("kitchens.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    authority: Mapped[Authority] = relationship()
    kitchen: Mapped[Kitchen | None] = relationship()
    creator: Mapped[User | None] = relationship()

    @property
    def never_applied(self) -> bool:
        return self.valid_from == self.valid_to
