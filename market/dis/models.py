"""Every change of state of anything in a DIS, one row each; and the files that its people attach."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from market.db import Base, EnumText, UtcDateTime, one_of
from market.dis.rules import Thing


class DisTransition(Base):
    """`subject_id` is the id of the `thing`; event and state are those of its table in rules."""

    __tablename__ = "dis_transitions"
    __table_args__ = (
        CheckConstraint(one_of("thing", Thing), name="thing"),
        Index("ix_dis_transitions_thing_subject_id", "thing", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thing: Mapped[Thing] = mapped_column(EnumText(Thing))
    subject_id: Mapped[int]
    event: Mapped[str] = mapped_column(String(32))
    to_state: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text, default="")


class DisFile(Base):
    """A file as it was given: a PDF or a photo made anew. Who may read it is decided by what points to it."""

    __tablename__ = "dis_files"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stored_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
