"""Whom the steps of an award are told to, and with what: written in the step's own transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from market.accounts.queries import people_of_authority, people_of_kitchen, people_of_producer
from market.dis.awards.models import AwardContract, CallOffAward
from market.dis.awards.queries import OFFICE, TOLD_OF_AWARD
from market.outbox import tell, tell_address
from market.register.models import Producer


def tell_of_decision(session: Session, award: CallOffAward, *, at: datetime) -> None:
    """All who were invited, at one instant, with the reasons and the standstill (LOU 12 kap. 12 §)."""
    winners = {line.tender.producer_id for line in award.evaluation.lines}
    ends_at = award.standstill_ends_at
    for invitation in award.calloff.invitations:
        _tell_producer(
            session, award, invitation.producer, kind=TOLD_OF_AWARD, at=at, won=invitation.producer_id in winners,
            reasons=award.reasons, standstill_ends_at=ends_at.isoformat() if ends_at else "",
        )  # fmt: skip


def tell_of_annulment(
    session: Session, award: CallOffAward, *, reason: str, is_abandoned: bool, at: datetime
) -> None:
    """All who were invited, and the people of every authority that was to buy (LOU 12 kap. 12 §, 19 kap. 21 §)."""
    said: dict[str, Any] = {"reason": reason.strip(), "is_abandoned": is_abandoned}
    for invitation in award.calloff.invitations:
        _tell_producer(session, award, invitation.producer, kind="dis_award_annulled", at=at, **said)
    for authority in award.calloff.dis_category.dis.authorities:
        people = people_of_office(session, authority.id)
        _tell(
            session, award, people, kind="dis_award_annulled", key=f"authority:{authority.id}", at=at, **said
        )


def tell_signers(session: Session, contract: AwardContract, *, at: datetime) -> None:
    """Those who sign for the buyer: the contract can be sent now."""
    _tell(
        session, contract.award, people_of_office(session, contract.authority_id), kind="dis_contract_ready",
        key=f"contract:{contract.id}", at=at, agreement_id=contract.agreement_id, producer=contract.producer.name,
    )  # fmt: skip


def tell_of_orders(
    session: Session, contract: AwardContract, *, kitchen_ids: Iterable[int], orders: int, at: datetime
) -> None:
    """The producer, the kitchens and the buyer's office: one message instead of one for each order."""
    readers = {
        *people_of_producer(session, contract.producer_id),
        *people_of_office(session, contract.authority_id),
    }
    for kitchen_id in kitchen_ids:
        readers |= set(people_of_kitchen(session, kitchen_id))
    _tell(
        session, contract.award, readers, kind="dis_orders_placed", key=f"contract:{contract.id}", at=at,
        producer=contract.producer.name, orders=orders, unplaced=len(contract.unplaced),
    )  # fmt: skip


def tell_of_notice(session: Session, contract: AwardContract, *, is_late: bool, at: datetime) -> None:
    """The officers of the authority that runs the DIS, and of the one that bought."""
    assert contract.notice_due_on is not None
    dis = contract.award.calloff.dis_category.dis
    people = {
        person
        for authority_id in (dis.authority_id, contract.authority_id)
        for person in people_of_authority(session, authority_id, OFFICE[0])
    }
    _tell(
        session, contract.award, people, kind="dis_notice_due",
        key=f"notice:{contract.id}:{contract.notice_due_on.isoformat()}:{'late' if is_late else 'due'}", at=at,
        dis_id=dis.id, producer=contract.producer.name, due_on=contract.notice_due_on.isoformat(), late=is_late,
    )  # fmt: skip


def people_of_office(session: Session, authority_id: int) -> list[int]:
    return [person for role in OFFICE for person in people_of_authority(session, authority_id, role)]


def _tell_producer(
    session: Session, award: CallOffAward, producer: Producer, *, kind: str, at: datetime, **more: Any
) -> None:
    """To its people; to the address in the register while nobody has an account for it."""
    people = people_of_producer(session, producer.id)
    key = f"producer:{producer.id}"
    _tell(session, award, people, kind=kind, key=key, at=at, is_tenderer=True, **more)
    if not people and producer.email:
        said = _said(award) | more | {"is_tenderer": True}
        tell_address(
            session, address=producer.email, kind=kind, key=f"award:{award.id}:{kind}:{key}", at=at, **said
        )


def _tell(
    session: Session,
    award: CallOffAward,
    people: Iterable[int],
    *,
    kind: str,
    key: str,
    at: datetime,
    **more: Any,
) -> None:
    said: dict[str, Any] = {"is_tenderer": False} | _said(award) | more
    tell(session, user_ids=people, kind=kind, key=f"award:{award.id}:{kind}:{key}", at=at, **said)


def _said(award: CallOffAward) -> dict[str, Any]:
    calloff = award.calloff
    return {
        "calloff_id": calloff.id,
        "calloff": calloff.title,
        "system": calloff.dis_category.dis.name,
        "authority": calloff.dis_category.dis.authority.name,
    }
