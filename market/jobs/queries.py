"""Reads of jobs, each limited to what the actor or its authority has asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from market.actors import Action, Actor
from market.jobs.models import Job
from market.jobs.rules import OPEN, JobState

ASKED_BY: Mapping[str, Action] = MappingProxyType(
    {"prepare_scenario": Action.PREPARE, "simulate_dis": Action.EDIT_FOLLOWUP}
)
"""What one must be allowed to do for jobs of a kind; every other kind belongs to who plans the week."""


def concerning(actor: Actor) -> ColumnElement[bool]:
    """One's own jobs, and those of one's authority that one might have asked for oneself."""
    own = Job.user_id == actor.user_id
    if actor.authority_id is None:
        return own
    kinds: ColumnElement[bool] = Job.kind.in_(
        sorted(kind for kind, action in ASKED_BY.items() if actor.may(action))
    )
    if actor.may(Action.PLAN_WEEK):
        kinds = or_(kinds, Job.kind.not_in(sorted(ASKED_BY)))
    return or_(own, and_(Job.authority_id == actor.authority_id, kinds))


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
