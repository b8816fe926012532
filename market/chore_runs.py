"""When each chore last ran, kept in the database: a restart does not run everything again, and of several workers one does."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, String, Text, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from market.db import Base, UtcDateTime

LEASE = timedelta(minutes=10)
"""How long a worker may take; after that it is taken for dead, and another one begins anew."""
FIRST_RETRY = timedelta(seconds=30)


class ChoreRun(Base):
    """One chore: due from `due_at` on; a worker that runs it holds the lease. `failures` counts those in a row."""

    __tablename__ = "chore_runs"
    __table_args__ = (CheckConstraint("failures >= 0", name="failures"),)

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_ran_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_done: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")


def next_due(session: Session) -> dict[str, datetime]:
    """When each chore that has ever been claimed is due, or its lease ends, whichever is later."""
    rows = session.scalars(select(ChoreRun))
    return {run.name: max(run.due_at, run.lease_ends_at or run.due_at) for run in rows}


def claim(session: Session, *, name: str, at: datetime) -> datetime | None:
    """Take a chore that is due and that nobody holds: the end of the lease, or None."""
    _make_known(session, name, at)
    free = or_(ChoreRun.lease_ends_at.is_(None), ChoreRun.lease_ends_at <= at)
    taken = session.execute(
        update(ChoreRun)
        .where(ChoreRun.name == name, ChoreRun.due_at <= at, free)
        .values(lease_ends_at=at + LEASE)
    )
    return at + LEASE if taken.rowcount == 1 else None  # type: ignore[attr-defined]


def _make_known(session: Session, name: str, at: datetime) -> None:
    values = {"name": name, "due_at": at, "last_done": 0, "failures": 0, "last_error": ""}
    if session.get_bind().dialect.name == "postgresql":
        session.execute(postgresql.insert(ChoreRun).values(values).on_conflict_do_nothing())
    else:
        session.execute(sqlite.insert(ChoreRun).values(values).on_conflict_do_nothing())


def finish(
    session: Session, *, name: str, lease: datetime, every: timedelta, done: int, at: datetime
) -> None:
    """It went well: due again an interval after it began. A lease that was lost meanwhile is left alone."""
    session.execute(
        update(ChoreRun)
        .where(ChoreRun.name == name, ChoreRun.lease_ends_at == lease)
        .values(
            lease_ends_at=None,
            due_at=lease - LEASE + every,
            last_ran_at=at,
            last_done=done,
            failures=0,
            last_error="",
        )
    )


def fail(session: Session, *, name: str, lease: datetime, every: timedelta, error: str, at: datetime) -> None:
    """It went wrong: tried again soon, then ever later, up to its own interval."""
    run = session.get_one(ChoreRun, name, populate_existing=True)
    if run.lease_ends_at != lease:
        return
    run.failures += 1
    run.last_error = error[:2000]
    run.lease_ends_at = None
    run.due_at = at + min(every, FIRST_RETRY * 2 ** min(run.failures - 1, 12))
