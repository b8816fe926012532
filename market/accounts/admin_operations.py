"""What the administrator changes about people: name, address, password, roles, and whether they may sign in.

The log says who did what to whom, never a password or an e-mail address.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from market import audit
from market.accounts.models import Membership, User
from market.accounts.operations import EmailTaken, give_role
from market.accounts.queries import memberships_of, user_by_email
from market.accounts.rules import Role
from market.actors import Actor
from market.values import Refused, msg


class YourOwnAccount(Refused):
    message = msg(
        "Du kan inte stänga av dig själv eller ta bort rollen du använder. Be en annan administratör."
    )


class RoleAlreadyGiven(Refused):
    message = msg("Personen har redan den rollen där.")


def change_user(session: Session, *, user: User, name: str, email: str, actor: Actor, at: datetime) -> None:
    """Raises EmailTaken."""
    holder = user_by_email(session, email=email)
    if holder is not None and holder is not user:
        raise EmailTaken
    user.name, user.email = name.strip(), email.strip().lower()
    session.flush()
    _log(session, "user.change", user, actor, at)


def set_password(session: Session, *, user: User, password_hash: str, actor: Actor, at: datetime) -> None:
    """A new password, already hashed; whoever is signed in to the account is signed out."""
    user.password = password_hash
    _sign_out_everywhere(user)
    session.flush()
    _log(session, "user.set_password", user, actor, at)


def deactivate_user(session: Session, *, user: User, actor: Actor, at: datetime) -> None:
    """The person can no longer sign in and is signed out. Doing it twice does nothing more. Raises YourOwnAccount."""
    if user.id == actor.user_id:
        raise YourOwnAccount
    if not user.active:
        return
    user.active = False
    _sign_out_everywhere(user)
    session.flush()
    _log(session, "user.deactivate", user, actor, at)


def activate_user(session: Session, *, user: User, actor: Actor, at: datetime) -> None:
    """The person can sign in again, with the password from before. Doing it twice does nothing more."""
    if user.active:
        return
    user.active = True
    session.flush()
    _log(session, "user.activate", user, actor, at)


def give_another_role(
    session: Session,
    *,
    user: User,
    role: Role,
    producer_id: int | None,
    kitchen_id: int | None,
    authority_id: int | None,
    actor: Actor,
    at: datetime,
) -> Membership:
    """Raises WrongOrganisation or RoleAlreadyGiven, which the database can not: empty columns never are equal."""
    held = {
        (m.role, m.producer_id, m.kitchen_id, m.authority_id)
        for m in memberships_of(session, user_id=user.id)
    }
    if (role, producer_id, kitchen_id, authority_id) in held:
        raise RoleAlreadyGiven
    return give_role(
        session,
        user=user,
        role=role,
        producer_id=producer_id,
        kitchen_id=kitchen_id,
        authority_id=authority_id,
        by_user_id=actor.user_id,
        at=at,
    )


def take_role(session: Session, *, membership: Membership, actor: Actor, at: datetime) -> None:
    """End someone's role in an organisation; what they did in it stays. Raises YourOwnAccount."""
    if membership.id == actor.membership_id:
        raise YourOwnAccount
    user, role = membership.user, membership.role
    session.delete(membership)
    session.flush()
    session.expire(user, ["memberships"])
    _log(session, "user.take_role", user, actor, at, role=role.value)


def _sign_out_everywhere(user: User) -> None:
    """Sessions carry this key; with another one they are nobody's."""
    user.fs_uniquifier = secrets.token_hex(32)


def _log(session: Session, action: str, user: User, actor: Actor, at: datetime, **data: object) -> None:
    audit.record(session, user_id=actor.user_id, at=at, action=action, subject=f"user:{user.id}", **data)
