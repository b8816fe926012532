"""Sending what waits: a lease in one transaction, the mail server with none open, what became of it in another.

At least once: when a worker dies between the server's yes and the note of it, the message is sent again after the lease, with
the same Message-ID.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from market.accounts.models import User
from market.db import open_session, transaction
from market.notices.kinds import DIGEST
from market.notices.posting import Impossible, Line, Mail, Mailer, NoConnection, TryLater
from market.notices.queries import goes_at_once, parts_of
from market.notices.rules import is_given_up, retry_after
from market.outbox import MessageState, OutboxMessage

LEASE = timedelta(minutes=10)
MARGIN = timedelta(minutes=3)
"""How long one message may take with a slow server."""
ROUND = 20
"""Messages over one connection."""
_log = logging.getLogger("narmat.mail")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message within a digest, or the one message of a letter: its kind and what it says."""

    kind: str
    params: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message taken to be sent, with all that writing it needs. The lease is the worker's proof that it may."""

    id: int
    kind: str
    key: str
    params: dict[str, Any]
    parts: tuple[Told, ...]
    user_id: int | None
    address: str
    name: str
    language: str
    attempts: int
    lease_ends_at: datetime

    def message_id(self, domain: str) -> str:
        """The same each time this message is sent, so that a second copy is known for one."""
        mark = hashlib.sha256(self.key.encode()).hexdigest()[:16]
        return f"<narmat.{self.id}.{mark}@{domain}>"


Write = Callable[[Letter, str], Mail]
Clock = Callable[[], datetime]


def deliver(engine: Engine, *, mailer: Mailer, write: Write, clock: Clock) -> int:
    """Send a round of what is due. Returns how many messages the server has taken."""
    with open_session(engine, writes=False) as session:
        if session.scalar(select(OutboxMessage.id).where(goes_at_once(clock())).limit(1)) is None:
            return 0
    with transaction(engine) as session:
        letters = claim(session, at=clock())
    sent = 0
    with mailer.line() as line:
        for number, letter in enumerate(letters):
            try:
                sent += _send(engine, line, letter, domain=mailer.domain, write=write, clock=clock)
            except NoConnection as error:
                _put_off_all(engine, letters[number:], error=str(error), at=clock())
                break
    return sent


def claim(session: Session, *, at: datetime) -> list[Letter]:
    """Take up to a round of messages, each for this worker alone until its lease ends."""
    query = (
        select(OutboxMessage, User)
        .outerjoin(User, User.id == OutboxMessage.user_id)
        .where(goes_at_once(at))
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(ROUND)
        .with_for_update(skip_locked=True, of=OutboxMessage)
    )
    taken = [(m, user) for m, user in session.execute(query).all() if _take(session, m, at)]
    parts = parts_of(session, message_ids=[m.id for m, _ in taken if m.kind == DIGEST])
    return [_letter(m, user, parts.get(m.id, []), at + LEASE) for m, user in taken]


def _take(session: Session, message: OutboxMessage, at: datetime) -> bool:
    taken = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message.id, goes_at_once(at))
        .values(lease_ends_at=at + LEASE)
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def _letter(message: OutboxMessage, user: User | None, parts: list[OutboxMessage], lease: datetime) -> Letter:
    return Letter(
        id=message.id,
        kind=message.kind,
        key=message.key,
        params=message.params,
        parts=tuple(Told(kind=part.kind, params=part.params) for part in parts),
        user_id=message.user_id,
        address=message.address or (user.email if user else ""),
        name=user.name if user else "",
        language=user.language if user else "sv",
        attempts=message.attempts,
        lease_ends_at=lease,
    )


def _send(engine: Engine, line: Line, letter: Letter, *, domain: str, write: Write, clock: Clock) -> bool:
    """Write and send one. Raises NoConnection only; every other outcome is noted."""
    if clock() + MARGIN >= letter.lease_ends_at:
        return False  # another worker may have it before the server has answered
    try:
        line.send(write(letter, domain), at=clock())
    except NoConnection:
        raise
    except Impossible as error:
        _give_up(engine, letter, error=str(error))
    except TryLater as error:
        _put_off(engine, letter, error=str(error), at=clock())
    except Exception as error:  # noqa: BLE001 - a template that fails stops no other message
        _log.exception("Message %s (%s) could not be written.", letter.id, letter.kind)
        _put_off(engine, letter, error=f"{type(error).__name__}: {error}", at=clock())
    else:
        return _note(engine, letter, state=MessageState.SENT, sent_at=clock(), last_error="")
    return False


def _put_off_all(engine: Engine, letters: list[Letter], *, error: str, at: datetime) -> None:
    _log.warning("No mail could be sent: %s", error)
    for letter in letters:
        _put_off(engine, letter, error=error, at=at)


def _put_off(engine: Engine, letter: Letter, *, error: str, at: datetime) -> None:
    attempts = letter.attempts + 1
    if is_given_up(attempts):
        _give_up(engine, letter, error=error)
        return
    _note(engine, letter, attempts=attempts, due_at=at + retry_after(attempts), last_error=error[:2000])


def _give_up(engine: Engine, letter: Letter, *, error: str) -> None:
    _log.error("Message %s (%s) is given up: %s", letter.id, letter.kind, error)
    _note(
        engine,
        letter,
        state=MessageState.FAILED,
        attempts=letter.attempts + 1,
        last_error=error[:2000],
    )


def _note(engine: Engine, letter: Letter, **values: Any) -> bool:
    """What became of a message, unless the lease was lost. A digest's messages share its fate."""
    with transaction(engine) as session:
        noted = session.execute(
            update(OutboxMessage)
            .where(
                OutboxMessage.id == letter.id,
                OutboxMessage.state == MessageState.WAITING,
                OutboxMessage.lease_ends_at == letter.lease_ends_at,
            )
            .values(lease_ends_at=None, **values)
        )
        shared = {name: values[name] for name in ("state", "sent_at", "last_error") if name in values}
        if noted.rowcount == 1 and letter.parts and "state" in values:  # type: ignore[attr-defined]
            session.execute(update(OutboxMessage).where(OutboxMessage.digest_id == letter.id).values(shared))
        return bool(noted.rowcount == 1)  # type: ignore[attr-defined]
