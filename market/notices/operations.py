"""Choosing how often to be told, reading, watching for something, and trying a failed message again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from market import audit
from market.accounts.models import User
from market.actors import Actor
from market.notices.kinds import CHOOSABLE, DIGEST
from market.notices.models import NoticePreference, SavedNeed
from market.notices.queries import need_made_by, paces_of
from market.notices.rules import DIGESTED, Need, Pace, check_need
from market.outbox import MessageState, OutboxMessage
from market.register.models import Kitchen
from market.values import local_date


def choose_paces(
    session: Session, *, paces: Mapping[str, Pace], language: str | None = None, actor: Actor, at: datetime
) -> None:
    """Keep a person's choices. What already waits for a digest is sorted anew by the new choice."""
    user = session.get_one(User, actor.user_id)
    if language is not None and language != user.language:
        user.language = language
        _log(session, "notices.language", f"user:{user.id}", user.id, at, language=language)
    before = paces_of(session, user_id=actor.user_id)
    changed = {kind: pace for kind, pace in paces.items() if before.get(kind) not in (None, pace)}
    _keep(session, user_id=actor.user_id, paces=changed, at=at)


def unsubscribe(session: Session, *, user_id: int, kind: str, at: datetime) -> None:
    """No more of a kind; for a digest none of all that comes in it. Doing it again changes nothing."""
    before = paces_of(session, user_id=user_id)
    ended = [k for k in CHOOSABLE if before[k] in DIGESTED] if kind == DIGEST else [kind]
    changed = {k: Pace.NONE for k in ended if k in before and before[k] is not Pace.NONE}
    _keep(session, user_id=user_id, paces=changed, at=at)


def mark_read(session: Session, *, actor: Actor, at: datetime) -> None:
    """Everything told so far has been seen."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.user_id == actor.user_id, OutboxMessage.read_at.is_(None))
        .values(read_at=at)
    )


def save_need(
    session: Session, *, kitchen: Kitchen, need: Need, request_key: str, actor: Actor, at: datetime
) -> SavedNeed:
    """Watch for something. The same `request_key` again returns what is saved. Raises NothingToWatchFor, AlreadyOver."""
    made = need_made_by(session, request_key=request_key)
    if made is not None:
        return made
    check_need(need, today=local_date(at))
    saved = SavedNeed(
        kitchen=kitchen,
        category_key=need.category_key,
        words=need.words,
        at_least_grams=need.at_least_grams,
        until=need.until,
        only_organic=need.only_organic,
        only_local=need.only_local,
        only_surplus=need.only_surplus,
        request_key=request_key,
        created_at=at,
        created_by_id=actor.user_id,
    )
    try:
        with session.begin_nested():
            session.add(saved)
            session.flush()
    except IntegrityError:
        made = need_made_by(session, request_key=request_key)  # the same submit came first in another process
        if made is None:
            raise
        return made
    _log(session, "need.save", f"need:{saved.id}", actor.user_id, at, kitchen=kitchen.id)
    return saved


def end_need(session: Session, *, need: SavedNeed, actor: Actor, at: datetime) -> None:
    """Watch no longer. Ending it again changes nothing."""
    ended = session.execute(
        update(SavedNeed).where(SavedNeed.id == need.id, SavedNeed.ended_at.is_(None)).values(ended_at=at)
    )
    if ended.rowcount == 1:  # type: ignore[attr-defined]
        _log(session, "need.end", f"need:{need.id}", actor.user_id, at)


def try_again(session: Session, *, message: OutboxMessage, actor: Actor, at: datetime) -> None:
    """Send a given-up message after all, with as many attempts as a new one."""
    changed = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message.id, OutboxMessage.state == MessageState.FAILED)
        .values(state=MessageState.WAITING, attempts=0, due_at=at, lease_ends_at=None)
    )
    if changed.rowcount == 1:  # type: ignore[attr-defined]
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.digest_id == message.id)
            .values(state=MessageState.WAITING)
        )
        _log(session, "message.try_again", f"message:{message.id}", actor.user_id, at)


def _keep(session: Session, *, user_id: int, paces: Mapping[str, Pace], at: datetime) -> None:
    if not paces:
        return
    rows = session.scalars(select(NoticePreference).where(NoticePreference.user_id == user_id))
    known = {row.kind: row for row in rows}
    for kind, pace in paces.items():
        row = known.get(kind) or NoticePreference(user_id=user_id, kind=kind)
        row.pace, row.chosen_at = pace, at
        session.add(row)
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.user_id == user_id,
            OutboxMessage.kind.in_(list(paces)),
            OutboxMessage.state == MessageState.WAITING,
            OutboxMessage.digest_at.is_not(None),
            OutboxMessage.digest_id.is_(None),
        )
        .values(digest_at=None)
    )
    _log(session, "notices.choose", f"user:{user_id}", user_id, at, **{k: p.value for k, p in paces.items()})


def _log(session: Session, action: str, subject: str, user_id: int, at: datetime, **data: object) -> None:
    audit.record(session, user_id=user_id, at=at, action=action, subject=subject, **data)
