"""Jobs and each step of their lives."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from market.accounts.models import User
from market.db import Base, EnumText, UtcDateTime, one_of
from market.jobs.rules import OPEN, JobEvent, JobState
from market.register.models import Authority

OPEN_SQL = text("state IN ('running', 'waiting')")
assert {"running", "waiting"} == {state.value for state in OPEN}


class Job(Base):
    """Work of one kind, asked for at `asked_at`, to be done by whichever worker holds the lease.

    `key`: at most one open job has it. `lease` is a secret of the worker that holds the job until `lease_ends_at`. `points` are
    the progress (see rules.Point). `stop_wished_at`: somebody wants what there is so far. `error` is for the person, with
    `error_params`; `fault` for whoever runs the installation.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint(one_of("state", JobState), name="state"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint(
            "(state = 'running') = (lease IS NOT NULL AND lease_ends_at IS NOT NULL)", name="lease"
        ),
        CheckConstraint("(state IN ('done', 'failed', 'stopped')) = (ended_at IS NOT NULL)", name="ended"),
        Index("uq_jobs_open_key", "key", unique=True, sqlite_where=OPEN_SQL, postgresql_where=OPEN_SQL),
        Index("ix_jobs_open", "state", sqlite_where=OPEN_SQL, postgresql_where=OPEN_SQL),
        Index("ix_jobs_authority_id_claimed_at", "authority_id", "claimed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    state: Mapped[JobState] = mapped_column(EnumText(JobState))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    key: Mapped[str | None] = mapped_column(String(160))
    priority: Mapped[int] = mapped_column(default=0)
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("authorities.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str | None] = mapped_column(String(32))
    lease_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stop_wished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    points: Mapped[list[Any]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(String(200), default="")
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[str] = mapped_column(Text, default="")
    error_params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    fault: Mapped[str] = mapped_column(Text, default="")

    user: Mapped[User | None] = relationship()
    authority: Mapped[Authority | None] = relationship()
    transitions: Mapped[list[JobTransition]] = relationship(
        order_by="JobTransition.id", cascade="all, delete-orphan"
    )


class JobTransition(Base):
    """One step of a job's life."""

    __tablename__ = "job_transitions"
    __table_args__ = (
        CheckConstraint(one_of("event", JobEvent), name="event"),
        CheckConstraint(one_of("to_state", JobState), name="to_state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id"), index=True)
    event: Mapped[JobEvent] = mapped_column(EnumText(JobEvent))
    to_state: Mapped[JobState] = mapped_column(EnumText(JobState))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
