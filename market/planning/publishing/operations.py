"""Calendar feeds: an address made for one membership, and revoked."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.planning.models import CalendarFeed


def make_feed(session: Session, *, actor: Actor, at: datetime) -> str:
    """A new address for the actor's transports, which ends the one before. Returns its token, which is kept nowhere."""
    _revoke(session, actor=actor, at=at)
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed(membership_id=actor.membership_id, token_hash=token_hash(token), created_at=at)
    session.add(feed)
    session.flush()
    _log(session, "calendar.make", actor=actor, at=at)
    return token


def revoke_feed(session: Session, *, actor: Actor, at: datetime) -> None:
    """The address answers no more."""
    _revoke(session, actor=actor, at=at)
    _log(session, "calendar.revoke", actor=actor, at=at)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _revoke(session: Session, *, actor: Actor, at: datetime) -> None:
    session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.membership_id == actor.membership_id, CalendarFeed.revoked_at.is_(None))
        .values(revoked_at=at)
    )


def _log(session: Session, action: str, *, actor: Actor, at: datetime) -> None:
    audit.record(
        session, user_id=actor.user_id, at=at, action=action, subject=f"membership:{actor.membership_id}"
    )
