"""The append-only, hash-chained log: one event per mutation, verifiable by `narmat audit verify`.

Each event's hash covers its own content and the hash before it, so a changed, removed or inserted event breaks the
chain. The single row of `audit_heads` is locked while an event is appended, which gives the chain one order; the
database refuses UPDATE and DELETE on the events (triggers, see the first migration).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from market.db import Base, UtcDateTime

GENESIS = "0" * 64


class AuditEvent(Base):
    """Who did what to what, when. `data` holds plain JSON values; `hash` is SHA-256 in hex."""

    __tablename__ = "audit_events"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditHead(Base):
    """The end of the chain: one row, made by the first migration."""

    __tablename__ = "audit_heads"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    events: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64), default=GENESIS)


# The database refuses to change or remove an event; the first migration runs these statements.
APPEND_ONLY: Mapping[str, tuple[str, ...]] = {
    "sqlite": tuple(
        f"CREATE TRIGGER audit_events_no_{verb} BEFORE {verb.upper()} ON audit_events "
        "BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END"
        for verb in ("update", "delete")
    ),
    "postgresql": (
        (
            "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'audit events are append-only'; END $$"
        ),
        (
            "CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Break:
    """The first event at which the chain does not hold, and why."""

    event_id: int
    reason: str


def record(
    session: Session, *, user_id: int | None, at: datetime, action: str, subject: str, **data: Any
) -> AuditEvent:
    """Append an event in the caller's transaction. `subject` is "noun:id"; `data` must be JSON values."""
    session.flush()
    session.execute(
        update(AuditHead)
        .where(AuditHead.id == 1)
        .values(events=AuditHead.events + 1)
        .execution_options(synchronize_session=False)
    )
    count, previous = session.execute(select(AuditHead.events, AuditHead.hash)).one()
    digest = _digest((count, at, user_id, action, subject, data, previous))
    session.execute(
        update(AuditHead)
        .where(AuditHead.id == 1)
        .values(hash=digest)
        .execution_options(synchronize_session=False)
    )
    event = AuditEvent(
        id=count,
        at=at,
        user_id=user_id,
        action=action,
        subject=subject,
        data=data,
        previous_hash=previous,
        hash=digest,
    )
    session.add(event)
    return event


def verify(session: Session) -> tuple[int, Break | None]:
    """Recompute the whole chain. Returns how many events hold, and the first break or None."""
    previous, count = GENESIS, 0
    for event in _events(session):
        problem = _fault(event, count + 1, previous)
        if problem:
            return count, Break(event.id, problem)
        previous, count = event.hash, count + 1
    head = session.execute(select(AuditHead.events, AuditHead.hash)).one()
    if tuple(head) != (count, previous):
        return count, Break(count + 1, "events are missing at the end of the chain")
    return count, None


def _events(session: Session) -> Iterator[AuditEvent]:
    return session.scalars(select(AuditEvent).order_by(AuditEvent.id).execution_options(yield_per=1000))


def _fault(event: AuditEvent, number: int, previous: str) -> str | None:
    if event.id != number:
        return f"event {number} is missing"
    if event.previous_hash != previous:
        return "it does not follow the event before it"
    content = (
        event.id,
        event.at,
        event.user_id,
        event.action,
        event.subject,
        event.data,
        event.previous_hash,
    )
    return None if event.hash == _digest(content) else "its content was changed"


def _digest(content: Sequence[Any]) -> str:
    """SHA-256 of number, instant, user, action, subject, data and the hash before, as canonical JSON."""
    number, at, *rest = content
    plain = [number, at.astimezone(UTC).isoformat(timespec="microseconds"), *rest]
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
