"""Reads of notices: a person's own messages, choices and needs; what waits to be sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from market.accounts.models import User
from market.accounts.rules import Role
from market.actors import Actor
from market.chore_runs import ChoreRun
from market.notices.kinds import CHOOSABLE
from market.notices.models import NoticePreference, SavedNeed
from market.notices.rules import Pace
from market.outbox import MessageState, OutboxMessage
from market.register.models import Kitchen

SHOWN = 100
"""So many of a person's latest messages are listed."""


def messages_of(session: Session, *, actor: Actor) -> list[OutboxMessage]:
    """The latest messages to a person, newest first, each by itself and not as a digest."""
    query = (
        select(OutboxMessage)
        .where(OutboxMessage.user_id == actor.user_id, OutboxMessage.kind != "digest")
        .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
        .limit(SHOWN)
    )
    return list(session.scalars(query))


def message_of(session: Session, *, actor: Actor, message_id: int) -> OutboxMessage | None:
    query = select(OutboxMessage).where(
        OutboxMessage.id == message_id, OutboxMessage.user_id == actor.user_id
    )
    return session.scalar(query)


def parts_of(session: Session, *, message_ids: Sequence[int]) -> dict[int, list[OutboxMessage]]:
    """What each digest has taken in, oldest first."""
    found: dict[int, list[OutboxMessage]] = {message_id: [] for message_id in message_ids}
    query = select(OutboxMessage).where(OutboxMessage.digest_id.in_(message_ids)).order_by(OutboxMessage.id)
    for part in session.scalars(query):
        if part.digest_id is not None:
            found[part.digest_id].append(part)
    return found


def unread_count(session: Session, *, user_id: int) -> int:
    query = select(func.count()).where(
        OutboxMessage.user_id == user_id, OutboxMessage.read_at.is_(None), OutboxMessage.kind != "digest"
    )
    return session.scalar(query) or 0


def paces_of(session: Session, *, user_id: int) -> Mapping[str, Pace]:
    """What a person has chosen, by kind; what is not there is told at once."""
    query = select(NoticePreference.kind, NoticePreference.pace).where(NoticePreference.user_id == user_id)
    chosen = dict(session.execute(query).all())
    return {kind: chosen.get(kind, Pace.AT_ONCE) for kind in CHOOSABLE}


def goes_at_once(at: datetime) -> ColumnElement[bool]:
    """Messages to be sent now: waiting, due, in no digest, to someone who wants them and whose account is open."""
    choice = (
        exists()
        .where(
            NoticePreference.user_id == OutboxMessage.user_id,
            NoticePreference.kind == OutboxMessage.kind,
            NoticePreference.kind.in_(CHOOSABLE),
            NoticePreference.pace != Pace.AT_ONCE,
        )
        .correlate(OutboxMessage)
    )
    closed = exists().where(User.id == OutboxMessage.user_id, User.active.is_(False)).correlate(OutboxMessage)
    return and_(
        OutboxMessage.state == MessageState.WAITING,
        OutboxMessage.due_at <= at,
        OutboxMessage.digest_at.is_(None),
        OutboxMessage.digest_id.is_(None),
        or_(OutboxMessage.lease_ends_at.is_(None), OutboxMessage.lease_ends_at <= at),
        ~choice,
        ~closed,
    )


def within_reach(actor: Actor) -> ColumnElement[bool]:
    """A kitchen's own needs; a meal manager sees those of all the kitchens."""
    match actor.role:
        case Role.KITCHEN:
            return SavedNeed.kitchen_id == actor.kitchen_id
        case Role.MEAL_MANAGER:
            return SavedNeed.kitchen_id.in_(
                select(Kitchen.id).where(Kitchen.authority_id == actor.authority_id)
            )
        case _:
            return false()


def needs_of(session: Session, *, actor: Actor, today: date) -> list[SavedNeed]:
    """What the actor's kitchens watch for now, newest first."""
    query = (
        select(SavedNeed)
        .where(within_reach(actor), is_alive(today))
        .options(joinedload(SavedNeed.kitchen), joinedload(SavedNeed.category))
        .order_by(SavedNeed.id.desc())
    )
    return list(session.scalars(query))


def need_for(session: Session, *, actor: Actor, need_id: int) -> SavedNeed | None:
    return session.scalar(select(SavedNeed).where(SavedNeed.id == need_id, within_reach(actor)))


def need_made_by(session: Session, *, request_key: str) -> SavedNeed | None:
    return session.scalar(select(SavedNeed).where(SavedNeed.request_key == request_key))


def is_alive(today: date) -> ColumnElement[bool]:
    return and_(SavedNeed.ended_at.is_(None), or_(SavedNeed.until.is_(None), SavedNeed.until >= today))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """What an administrator needs to know of the sending."""

    waiting: int
    failed: int
    worked_at: datetime | None


def outgoing(session: Session) -> Outgoing:
    query = (
        select(OutboxMessage.state, func.count())
        .where(OutboxMessage.state.in_([MessageState.WAITING, MessageState.FAILED]))
        .group_by(OutboxMessage.state)
    )
    counts = dict(session.execute(query).all())
    return Outgoing(
        waiting=counts.get(MessageState.WAITING, 0),
        failed=counts.get(MessageState.FAILED, 0),
        worked_at=session.scalar(select(func.max(ChoreRun.last_ran_at))),
    )


def troubled(session: Session) -> list[tuple[OutboxMessage, User | None]]:
    """Messages that have been given up, or that failed at least once and wait for another try; newest first."""
    query = (
        select(OutboxMessage, User)
        .outerjoin(User, User.id == OutboxMessage.user_id)
        .where(
            or_(
                OutboxMessage.state == MessageState.FAILED,
                and_(OutboxMessage.state == MessageState.WAITING, OutboxMessage.attempts > 0),
            )
        )
        .order_by(OutboxMessage.id.desc())
        .limit(SHOWN)
    )
    return [(message, user) for message, user in session.execute(query)]


def failed_message(session: Session, *, message_id: int) -> OutboxMessage | None:
    query = select(OutboxMessage).where(
        OutboxMessage.id == message_id, OutboxMessage.state == MessageState.FAILED
    )
    return session.scalar(query)
