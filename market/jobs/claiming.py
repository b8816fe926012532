"""A worker's hold on a job: taken when it is the job's turn, renewed while the work goes on, given back at the end.

Every statement asks for the lease that the worker was given: whoever was silent too long changes nothing any more.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, text, update
from sqlalchemy.orm import Session

from market.db import UtcDateTime
from market.jobs import waking
from market.jobs.models import Job
from market.jobs.operations import log
from market.jobs.rules import (
    LEASE,
    MOST_ATTEMPTS,
    OPEN,
    RETRY_AFTER,
    Candidate,
    JobEvent,
    JobState,
    KeptFailing,
    Point,
    in_turn,
    state_after,
)

CLAIMS = 7_031_902
"""PostgreSQL's number of the lock under which one worker at a time chooses."""


class LeaseLost(Exception):
    """Another worker has the job now, or it has ended: what was worked out here is thrown away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A job in a worker's hands."""

    id: int
    kind: str
    params: dict[str, Any]
    authority_id: int | None
    user_id: int | None
    asked_at: datetime
    lease: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What a worker learns when it renews: somebody wishes that it stops."""

    is_stop_wished: bool


def instant(session: Session, at: datetime) -> datetime:
    """The moment that leases are counted by: PostgreSQL's own clock, as the workers' machines may differ."""
    if session.get_bind().dialect.name != "postgresql":
        return at
    return session.scalars(select(func.clock_timestamp(type_=UtcDateTime()))).one()


def is_free(at: datetime) -> ColumnElement[bool]:
    """It waits and is due, or its worker fell silent."""
    return or_(
        and_(Job.state == JobState.WAITING, Job.due_at <= at),
        and_(Job.state == JobState.RUNNING, Job.lease_ends_at <= at),
    )


def free_jobs(session: Session, *, at: datetime) -> int:
    """How many jobs a worker could take now."""
    return session.scalar(select(func.count()).where(is_free(instant(session, at)))) or 0


def claim(session: Session, *, kinds: Collection[str], at: datetime) -> Taken | None:
    """Take the job whose turn it is, of the kinds that this worker can do; None when nothing is to be done.

    A job whose workers died too often is given up on the way.
    """
    now = instant(session, at)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": CLAIMS})
    for candidate in in_turn(_candidates(session, kinds, now), last_served=_last_served(session)):
        query = select(Job).where(Job.id == candidate.id, is_free(now)).with_for_update(skip_locked=True)
        job = session.scalar(query.execution_options(populate_existing=True))
        if job is None:
            continue
        if job.attempts >= MOST_ATTEMPTS:
            _give_up(session, job, fault="Its workers fell silent.", at=at)
        else:
            return _take(session, job, now=now, at=at)
    return None


def _candidates(session: Session, kinds: Collection[str], at: datetime) -> list[Candidate]:
    query = select(Job.id, Job.authority_id, Job.priority, is_free(at)).where(
        Job.state.in_(sorted(OPEN)),
        Job.kind.in_(sorted(kinds)),
        or_(Job.state != JobState.WAITING, Job.due_at <= at),
    )
    return [
        Candidate(id=id_, authority_id=authority, priority=priority, is_free=bool(free))
        for id_, authority, priority, free in session.execute(query)
    ]


def _last_served(session: Session) -> dict[int | None, datetime]:
    query = select(Job.authority_id, func.max(Job.claimed_at)).where(Job.claimed_at.is_not(None))
    rows = session.execute(query.group_by(Job.authority_id))
    return {authority: at for authority, at in rows if at is not None}


def _take(session: Session, job: Job, *, now: datetime, at: datetime) -> Taken:
    event = JobEvent.CLAIM if job.state is JobState.WAITING else JobEvent.TAKE_OVER
    job.state = state_after(job.state, event)
    job.lease, job.lease_ends_at = secrets.token_hex(16), now + LEASE
    job.claimed_at, job.attempts = now, job.attempts + 1
    job.points, job.note = [], ""
    log(session, job=job, event=event, at=at, user_id=None)
    return Taken(
        id=job.id,
        kind=job.kind,
        params=job.params,
        authority_id=job.authority_id,
        user_id=job.user_id,
        asked_at=job.asked_at,
        lease=job.lease,
    )


def _held(taken: Taken) -> ColumnElement[bool]:
    return and_(Job.id == taken.id, Job.state == JobState.RUNNING, Job.lease == taken.lease)


def renew(
    session: Session,
    *,
    taken: Taken,
    at: datetime,
    points: list[Point] | None = None,
    note: str | None = None,
) -> Hold:
    """Keep the job, and tell how far it is. Raises LeaseLost."""
    values: dict[str, Any] = {"lease_ends_at": instant(session, at) + LEASE}
    if points is not None:
        values["points"] = points
    if note is not None:
        values["note"] = note[:200]
    wished = session.execute(
        update(Job).where(_held(taken)).values(values).returning(Job.stop_wished_at)
    ).first()
    if wished is None:
        raise LeaseLost
    return Hold(is_stop_wished=wished[0] is not None)


def held(session: Session, *, taken: Taken) -> Job:
    """The job's row, locked for the rest of the transaction: nobody takes it over meanwhile. Raises LeaseLost."""
    query = select(Job).where(_held(taken)).with_for_update()
    job = session.scalar(query.execution_options(populate_existing=True))
    if job is None:
        raise LeaseLost
    return job


def end(
    session: Session, job: Job, event: JobEvent, *, at: datetime, result: dict[str, Any] | None = None
) -> None:
    """Done or stopped; the lease is given back."""
    job.state = state_after(job.state, event)
    job.lease = job.lease_ends_at = None
    job.ended_at, job.result = at, result
    log(session, job=job, event=event, at=at, user_id=job.user_id)


def fail(
    session: Session, job: Job, *, error: str, error_params: dict[str, Any], fault: str, at: datetime
) -> None:
    """It can't be done, with the words for the person who asked."""
    job.error, job.error_params, job.fault = error, error_params, fault[:2000]
    end(session, job, JobEvent.FAIL, at=at)


def try_again(session: Session, job: Job, *, fault: str, at: datetime) -> None:
    """It went wrong: another attempt a little later, until there have been enough."""
    if job.attempts >= MOST_ATTEMPTS:
        _give_up(session, job, fault=fault, at=at)
        return
    job.state = state_after(job.state, JobEvent.RETRY)
    job.lease = job.lease_ends_at = None
    job.due_at, job.fault = instant(session, at) + RETRY_AFTER * job.attempts, fault[:2000]
    log(session, job=job, event=JobEvent.RETRY, at=at, user_id=None)


def put_back(session: Session, job: Job, *, at: datetime) -> None:
    """Its worker is told to end: it waits again, as if that attempt had not been."""
    job.state = state_after(job.state, JobEvent.RETRY)
    job.lease = job.lease_ends_at = None
    job.attempts -= 1
    log(session, job=job, event=JobEvent.RETRY, at=at, user_id=None)
    waking.wake_for(session, job)


def _give_up(session: Session, job: Job, *, fault: str, at: datetime) -> None:
    fail(session, job, error=KeptFailing.message, error_params={"attempts": job.attempts}, fault=fault, at=at)
