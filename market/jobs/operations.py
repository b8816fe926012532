"""Asking for a job, and wishing that it stops. Both in the transaction of what causes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.jobs import waking
from market.jobs.models import Job, JobTransition
from market.jobs.rules import OPEN, JobEvent, JobIsOver, JobState, state_after


def enqueue(
    session: Session,
    *,
    kind: str,
    params: dict[str, Any],
    authority_id: int | None,
    user_id: int | None,
    at: datetime,
    priority: int = 0,
    key: str | None = None,
) -> Job:
    """Ask for work in the caller's transaction: what rolls back is never begun. `params` are plain JSON values.

    While a job with the same `key` is open, that one is returned and nothing is added. Higher `priority` goes first.
    """
    open_one = None if key is None else _open_with(session, key)
    if open_one is not None:
        return open_one
    job = Job(
        kind=kind,
        state=state_after(None, JobEvent.ENQUEUE),
        params=params,
        key=key,
        priority=priority,
        authority_id=authority_id,
        user_id=user_id,
        asked_at=at,
        due_at=at,
    )
    try:
        with session.begin_nested():
            session.add(job)
            session.flush()
    except IntegrityError:  # somebody else was a moment faster
        other = None if key is None else _open_with(session, key)
        if other is None:
            raise
        return other
    log(session, job=job, event=JobEvent.ENQUEUE, at=at, user_id=user_id)
    waking.wake_for(session, job)
    return job


def _open_with(session: Session, key: str) -> Job | None:
    return session.scalar(select(Job).where(Job.key == key, Job.state.in_(sorted(OPEN))))


def cancel(session: Session, *, job: Job, actor: Actor, at: datetime) -> None:
    """Stop it: what waits is never begun; what runs is asked to end with what it has. Raises JobIsOver."""
    if job.state is JobState.WAITING and _end_waiting(session, job, at=at):
        log(session, job=job, event=JobEvent.STOP, at=at, user_id=actor.user_id)
        return
    wished = session.execute(
        update(Job).where(Job.id == job.id, Job.state == JobState.RUNNING).values(stop_wished_at=at)
    )
    if wished.rowcount != 1:  # type: ignore[attr-defined]
        raise JobIsOver
    session.refresh(job)
    audit.record(
        session, user_id=actor.user_id, at=at, action="job.wish_stop", subject=f"job:{job.id}", kind=job.kind
    )


def _end_waiting(session: Session, job: Job, *, at: datetime) -> bool:
    after = state_after(JobState.WAITING, JobEvent.STOP)
    ended = session.execute(
        update(Job).where(Job.id == job.id, Job.state == JobState.WAITING).values(state=after, ended_at=at)
    )
    session.refresh(job)
    return bool(ended.rowcount == 1)  # type: ignore[attr-defined]


def log(session: Session, *, job: Job, event: JobEvent, at: datetime, user_id: int | None) -> None:
    """The step's row, and its line in the log of everything."""
    session.add(JobTransition(job_id=job.id, event=event, to_state=job.state, at=at, user_id=user_id))
    audit.record(
        session,
        user_id=user_id,
        at=at,
        action=f"job.{event.value}",
        subject=f"job:{job.id}",
        kind=job.kind,
        state=job.state.value,
    )
