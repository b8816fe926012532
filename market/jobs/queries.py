"""Reads of jobs, each limited to what the actor or its authority has asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from market.actors import Actor
from market.jobs.models import Job
from market.jobs.rules import OPEN, JobState


def concerning(actor: Actor) -> ColumnElement[bool]:
    """One's own jobs, and those of one's authority."""
    own = Job.user_id == actor.user_id
    return own if actor.authority_id is None else or_(own, Job.authority_id == actor.authority_id)


def job_for(session: Session, *, actor: Actor, job_id: int) -> Job | None:
    """One job, or None where the actor has no part in it."""
    query = select(Job).where(Job.id == job_id, concerning(actor)).options(joinedload(Job.user))
    return session.scalar(query)


def open_jobs(
    session: Session, *, actor: Actor, kinds: Collection[str] = (), keys: Collection[str] = ()
) -> Sequence[Job]:
    """What waits or runs, the oldest first; of these kinds, with these keys, where they are named."""
    query = select(Job).where(concerning(actor), Job.state.in_(sorted(OPEN))).order_by(Job.id)
    if kinds:
        query = query.where(Job.kind.in_(sorted(kinds)))
    if keys:
        query = query.where(Job.key.in_(sorted(keys)))
    return session.scalars(query).all()


def ahead_of(session: Session, *, job: Job) -> int:
    """How many waiting jobs were asked for before this one; nearly what stands before it, as turns are shared fairly."""
    query = select(func.count()).where(
        Job.state == JobState.WAITING, Job.priority >= job.priority, Job.id < job.id
    )
    return session.scalar(query) or 0
