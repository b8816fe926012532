"""What every step of an application does beside moving it: knows its time, and tells who is concerned."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from market.accounts.queries import people_of_authority, people_of_producer
from market.accounts.rules import Role
from market.dis.applications.models import Application
from market.dis.systems.models import Dis
from market.law.queries import law_value
from market.law.rules import LawKey
from market.outbox import tell
from market.register.models import Producer
from market.values import local_date


def legal_days(session: Session, key: LawKey, *, at: datetime) -> int:
    """A number of days that the law sets, as in force on the day."""
    return int(law_value(session, key, on=local_date(at)).value)


def tell_applicant(
    session: Session, application: Application, kind: str, *, at: datetime, **params: Any
) -> None:
    """Everyone who works for the applicant hears what has happened to the application."""
    what = named(application)
    tell(
        session,
        user_ids=people_of_producer(session, application.producer_id),
        kind=kind,
        key=f"{kind}:{application.id}:{at.isoformat()}",
        at=at,
        **(what | params),
    )


def tell_officers(
    session: Session, application: Application, kind: str, *, at: datetime, key: str = "", **params: Any
) -> None:
    """The officers of the authority that runs the DIS, and nobody else: who applies is secret (OSL 19 kap. 3 §)."""
    tell(
        session,
        user_ids=officers_of(session, application.dis),
        kind=kind,
        key=key or f"{kind}:{application.id}:{at.isoformat()}",
        at=at,
        **(named(application) | params),
    )


def officers_of(session: Session, dis: Dis) -> list[int]:
    return people_of_authority(session, dis.authority_id, Role.PROCUREMENT_OFFICER)


def named(application: Application) -> dict[str, Any]:
    """What a message says of an application, as plain values."""
    category = application.dis_category.category
    return {
        "application_id": application.id,
        "category_sv": category.name_sv,
        "category_en": category.name_en,
    } | in_words(application.dis, application.producer)


def in_words(dis: Dis, producer: Producer) -> dict[str, Any]:
    return {
        "dis_id": dis.id,
        "dis": dis.name,
        "authority": dis.authority.name,
        "producer": producer.name,
    }
