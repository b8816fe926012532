"""Who drives: added by e-mail, removed at once.

The log says who did what to whom, never an e-mail address or a telephone number.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from market import audit
from market.accounts.models import Membership, User
from market.accounts.operations import add_user, give_role
from market.accounts.queries import user_by_email
from market.accounts.rules import Role
from market.actors import Actor
from market.fleet.models import Carrier, Driver
from market.fleet.rules import AccountClosed, AlreadyDrives, CarrierNotInService, NameOfDriverMissing
from market.register.models import Authority


def add_driver(
    session: Session,
    *,
    carrier: Carrier,
    email: str,
    name: str = "",
    phone: str = "",
    password_hash: str | None = None,
    actor: Actor,
    at: datetime,
) -> Driver:
    """The person with that address drives for the carrier from now on; a new person gets an account.

    Someone who has an account keeps its name and password. Raises NameOfDriverMissing for a new person without name or
    password, AccountClosed, AlreadyDrives, CarrierNotInService.
    """
    if not carrier.is_active:
        raise CarrierNotInService
    user = user_by_email(session, email=email)
    if user is None:
        if not name.strip() or password_hash is None:
            raise NameOfDriverMissing
        user = add_user(
            session, email=email, name=name, password_hash=password_hash, by_user_id=actor.user_id, at=at
        )
    if not user.active:
        raise AccountClosed
    driver = _driver(session, carrier, user, at)
    driver.phone = phone.strip()
    session.flush()
    _may_drive(session, user=user, authority_id=_planner_of(carrier), actor=actor, at=at)
    _log(session, "driver.add", driver, actor, at)
    return driver


def change_driver(session: Session, *, driver: Driver, phone: str, actor: Actor, at: datetime) -> None:
    """How to reach someone on the road."""
    driver.phone = phone.strip()
    session.flush()
    _log(session, "driver.change", driver, actor, at)


def remove_driver(session: Session, *, driver: Driver, actor: Actor, at: datetime) -> None:
    """They drive no more for this carrier, from this moment. Removing twice does nothing more.

    Without another carrier of the same planner the role ends with it: what they have open is refused at the next request.
    """
    if driver.removed_at is not None:
        return
    driver.removed_at = at
    session.flush()
    planner = _planner_of(driver.carrier)
    if not _drives_for(session, user_id=driver.user_id, authority_id=planner):
        _end_role(session, driver.user, planner)
    _log(session, "driver.remove", driver, actor, at)


def _driver(session: Session, carrier: Carrier, user: User, at: datetime) -> Driver:
    """The row of before when the person comes back. Raises AlreadyDrives."""
    known = session.scalar(select(Driver).where(Driver.carrier_id == carrier.id, Driver.user_id == user.id))
    if known is None:
        known = Driver(carrier=carrier, user=user, phone="")
        session.add(known)
    elif known.removed_at is None:
        raise AlreadyDrives(name=user.name)
    known.added_at, known.removed_at = at, None
    session.flush()
    return known


def _planner_of(carrier: Carrier) -> int:
    return carrier.authority.planning_authority_id


def _may_drive(session: Session, *, user: User, authority_id: int, actor: Actor, at: datetime) -> None:
    held = exists().where(*_role(user.id, authority_id))
    if not session.scalar(select(held)):
        give_role(
            session, user=user, role=Role.DRIVER, authority_id=authority_id, by_user_id=actor.user_id, at=at
        )


def _end_role(session: Session, user: User, authority_id: int) -> None:
    session.execute(delete(Membership).where(*_role(user.id, authority_id)))
    session.expire(user, ["memberships"])


def _role(user_id: int, authority_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Membership.user_id == user_id,
        Membership.role == Role.DRIVER,
        Membership.authority_id == authority_id,
    )


def _drives_for(session: Session, *, user_id: int, authority_id: int) -> bool:
    """For any carrier whose week the authority plans."""
    planned = (Authority.id == authority_id) | (Authority.planned_by_id == authority_id)
    query = (
        select(Driver.id)
        .join(Driver.carrier)
        .join(Carrier.authority)
        .where(Driver.user_id == user_id, Driver.removed_at.is_(None), planned)
    )
    return session.scalar(query.limit(1)) is not None


def _log(session: Session, action: str, driver: Driver, actor: Actor, at: datetime) -> None:
    audit.record(
        session, user_id=actor.user_id, at=at, action=action, subject=f"driver:{driver.id}",
        user=driver.user_id, carrier=driver.carrier_id,
    )  # fmt: skip
