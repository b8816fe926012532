"""Adding, using and removing a person's passkeys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from market import audit
from market.accounts.models import Passkey
from market.actors import Actor
from market.values import Refused, msg


class PasskeyTaken(Refused):
    message = msg("Den passkeyn är redan tillagd. Använd den, eller lägg till en annan.")


class PasskeyNotAccepted(Refused):
    message = msg("Passkeyn godtogs inte. Försök igen, eller använd ditt lösenord.")


def add_passkey(
    session: Session,
    *,
    credential_id: str,
    public_key: bytes,
    sign_count: int,
    name: str,
    actor: Actor,
    at: datetime,
) -> Passkey:
    """Raises PasskeyTaken."""
    passkey = Passkey(
        user_id=actor.user_id,
        credential_id=credential_id,
        public_key=public_key,
        sign_count=sign_count,
        name=name,
        created_at=at,
    )
    try:
        with session.begin_nested():
            session.add(passkey)
            session.flush()
    except IntegrityError:
        raise PasskeyTaken from None
    _log(session, "user.add_passkey", actor.user_id, passkey.id, at)
    return passkey


def use_passkey(session: Session, *, evidence: Mapping[str, object], user_id: int, at: datetime) -> None:
    """Note an assertion that has been verified. A counter that does not grow is a copied key, or the same answer again.

    Raises PasskeyNotAccepted.
    """
    count = evidence["sign_count"]
    changed = session.execute(
        update(Passkey)
        .where(
            Passkey.credential_id == evidence["credential_id"],
            Passkey.user_id == user_id,
            or_(Passkey.sign_count < count, (Passkey.sign_count == 0) & (count == 0)),
        )
        .values(sign_count=count, last_used_at=at)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise PasskeyNotAccepted


def remove_passkey(session: Session, *, passkey: Passkey, actor: Actor, at: datetime) -> None:
    _log(session, "user.remove_passkey", actor.user_id, passkey.id, at)
    session.delete(passkey)
    session.flush()


def _log(session: Session, action: str, user_id: int, passkey_id: int, at: datetime) -> None:
    audit.record(
        session, user_id=user_id, at=at, action=action, subject=f"user:{user_id}", passkey=passkey_id
    )
