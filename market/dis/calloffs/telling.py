"""Whom a call-off's steps are told to: all who are invited, at the same instant, in the step's own transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from market.accounts.queries import people_of_authority, people_of_producer
from market.accounts.rules import Role
from market.dis.applications.models import Application
from market.dis.calloffs.models import CallOff
from market.outbox import tell, tell_address
from market.register.models import Producer
from market.values import Refused, msg


class NobodyToTell(Refused):
    message = msg(
        "%(producer)s har varken konto eller e-postadress, och alla ska få veta på en gång (LOU 8 kap. 10 §). Ring och be "
        "om en adress, och skriv in den på leverantören."
    )


def tell_supplier(
    session: Session,
    *,
    producer: Producer,
    contact_email: str,
    kind: str,
    key: str,
    at: datetime,
    **params: object,
) -> None:
    """The people of a producer; one without an account at the address it has given. Raises NobodyToTell."""
    people = people_of_producer(session, producer.id)
    address = contact_email.strip() or producer.email.strip()
    if people:
        tell(session, user_ids=people, kind=kind, key=key, at=at, **params)
    elif address:
        tell_address(session, address=address, kind=kind, key=key, at=at, **params)
    else:
        raise NobodyToTell(producer=producer.name)


def tell_invited(
    session: Session, calloff: CallOff, kind: str, *, key: str, at: datetime, **params: object
) -> None:
    """The same words to each who is invited."""
    for invitation in calloff.invitations:
        application = session.get_one(Application, invitation.application_id)
        tell_supplier(
            session,
            producer=invitation.producer,
            contact_email=application.contact_email,
            kind=kind,
            key=f"{kind}:{calloff.id}:{invitation.id}:{key}",
            at=at,
            **_about(calloff),
            **params,
        )


def tell_admitted(
    session: Session,
    calloff: CallOff,
    applications: Iterable[Application],
    kind: str,
    *,
    key: str,
    at: datetime,
    **params: object,
) -> None:
    """The same words to each who is admitted, before anyone is invited."""
    for application in applications:
        tell_supplier(
            session,
            producer=application.producer,
            contact_email=application.contact_email,
            kind=kind,
            key=f"{kind}:{calloff.id}:{application.id}:{key}",
            at=at,
            **_about(calloff),
            **params,
        )


def tell_officers(
    session: Session, calloff: CallOff, kind: str, *, key: str, at: datetime, **params: object
) -> None:
    """Those who run the DIS."""
    dis = calloff.dis_category.dis
    tell(
        session,
        user_ids=people_of_authority(session, dis.authority_id, Role.PROCUREMENT_OFFICER),
        kind=kind,
        key=f"{kind}:{calloff.id}:{key}",
        at=at,
        **_about(calloff),
        **params,
    )


def _about(calloff: CallOff) -> dict[str, object]:
    deadline = calloff.deadline_at
    return {
        "calloff_id": calloff.id,
        "title": calloff.title,
        "authority": calloff.dis_category.dis.authority.name,
        "dis": calloff.dis_category.dis.name,
        "deadline_at": None if deadline is None else deadline.isoformat(),
    }
