"""Changes to people, their roles, and the record of failed sign-ins."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from market import audit
from market.accounts.models import FailedSignIn, Membership, User
from market.accounts.queries import failures_since, user_by_email
from market.accounts.rules import THROTTLE_WINDOW, Role, is_throttled
from market.values import Refused, msg


class EmailTaken(Refused):
    message = msg("Det finns redan ett konto med den e-postadressen. Välj en annan adress.")


class WrongOrganisation(Refused):
    message = msg("Rollen hör till en annan sorts organisation. Välj den organisation som passar rollen.")


def add_user(
    session: Session,
    *,
    email: str,
    name: str,
    password_hash: str | None,
    by_user_id: int | None,
    at: datetime,
) -> User:
    """A person who can sign in with an already hashed password (None: not until one is set)."""
    if user_by_email(session, email=email) is not None:
        raise EmailTaken
    user = User(
        email=email.strip().lower(),
        name=name.strip(),
        password=password_hash,
        fs_uniquifier=secrets.token_hex(32),
        created_at=at,
    )
    session.add(user)
    session.flush()
    audit.record(
        session, user_id=by_user_id, at=at, action="user.add", subject=f"user:{user.id}", name=user.name
    )
    return user


def give_role(
    session: Session,
    *,
    user: User,
    role: Role,
    producer_id: int | None = None,
    kitchen_id: int | None = None,
    authority_id: int | None = None,
    by_user_id: int | None,
    at: datetime,
) -> Membership:
    """Make someone a member of the organisation that the role belongs to. Raises WrongOrganisation."""
    given = {"producer": producer_id, "kitchen": kitchen_id, "authority": authority_id}
    named = {kind for kind, value in given.items() if value is not None}
    expected = {Role.PRODUCER: {"producer"}, Role.KITCHEN: {"kitchen"}, Role.ADMIN: set()}.get(
        role, {"authority"}
    )
    if named != expected:
        raise WrongOrganisation
    membership = Membership(
        user=user, role=role, producer_id=producer_id, kitchen_id=kitchen_id, authority_id=authority_id
    )
    session.add(membership)
    session.flush()
    audit.record(
        session,
        user_id=by_user_id,
        at=at,
        action="user.give_role",
        subject=f"user:{user.id}",
        role=role.value,
        **given,
    )
    return membership


def note_failure(session: Session, *, account: str, address: str, at: datetime) -> None:
    """Remember a wrong password for an account and an address (keyed hashes); forget those past the window."""
    session.execute(delete(FailedSignIn).where(FailedSignIn.at < at - THROTTLE_WINDOW))
    session.add_all([FailedSignIn(who=account, at=at), FailedSignIn(who=address, at=at)])
    session.flush()


def may_try(session: Session, *, account: str, address: str, at: datetime) -> bool:
    since = at - THROTTLE_WINDOW
    return not is_throttled(
        account_failures=failures_since(session, who=account, since=since),
        address_failures=failures_since(session, who=address, since=since),
    )
