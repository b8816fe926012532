"""What is sent after the commit: a message is written in the transaction of what it tells, and sent by a worker later.

What rolls back is never told, and what has been committed is told even when the process dies right after.
`templates/emails/KIND.txt` holds the words; `params` are plain JSON values, so that a message can be written again by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from market.db import Base, EnumText, UtcDateTime, one_of


class MessageState(StrEnum):
    """Waiting: to be sent from `due_at` on. Failed: given up, with the last error. Dropped: the reader wants none."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class OutboxMessage(Base):
    """One message to one person (`user_id`) or, before they have an account, to an address.

    With `digest_at` it waits for the reader's digest of then; `digest_id` is the digest that has taken it in, whose
    fate it shares.
    """

    __tablename__ = "outbox_messages"
    __table_args__ = (
        CheckConstraint(one_of("state", MessageState), name="state"),
        CheckConstraint("user_id IS NOT NULL OR address IS NOT NULL", name="has_a_reader"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index("ix_outbox_messages_state_due_at", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    address: Mapped[str | None] = mapped_column(String(255))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[MessageState] = mapped_column(EnumText(MessageState), default=MessageState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    digest_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_messages.id"), index=True)


def tell(
    session: Session, *, user_ids: Iterable[int], kind: str, key: str, at: datetime, **params: Any
) -> None:
    """Write a message to each person in the caller's transaction. The same `key` again writes nothing more."""
    for user_id in sorted(set(user_ids)):
        _write(
            session, user_id=user_id, address=None, kind=kind, key=f"{key}:u{user_id}", at=at, params=params
        )


def tell_address(session: Session, *, address: str, kind: str, key: str, at: datetime, **params: Any) -> None:
    """The same to someone without an account."""
    _write(session, user_id=None, address=address, kind=kind, key=key, at=at, params=params)


def _write(
    session: Session,
    *,
    user_id: int | None,
    address: str | None,
    kind: str,
    key: str,
    at: datetime,
    params: dict[str, Any],
) -> None:
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)) is None:
        message = OutboxMessage(
            kind=kind, user_id=user_id, address=address, params=params, key=key, created_at=at, due_at=at
        )
        session.add(message)
