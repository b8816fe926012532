"""Reads of a person's own passkeys."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.accounts.models import Passkey


def passkeys_of(session: Session, *, user_id: int) -> list[Passkey]:
    """Oldest first."""
    return list(session.scalars(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)))


def passkey_for(session: Session, *, user_id: int, passkey_id: int) -> Passkey | None:
    return session.scalar(select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user_id))
