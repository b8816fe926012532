"""Announcing awards: when, and that it is done (LOU 10 kap. 4 §, 19 kap. 7 §)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.dis.awards.models import AwardContract
from market.dis.awards.order_operations import due_day
from market.dis.awards.queries import answers_for, signed_contracts
from market.dis.awards.rules import NotInForceYet, NotRunByYou, check_notice_sent
from market.dis.systems.models import Dis
from market.dis.systems.queries import runs
from market.values import local_date


def choose_collecting(session: Session, *, dis: Dis, collects: bool, actor: Actor, at: datetime) -> None:
    """Announce each award by itself or quarter by quarter; what is not announced yet gets its new day. Raises NotRunByYou."""
    if not runs(actor, dis):
        raise NotRunByYou
    dis.collects_notices = collects
    session.flush()
    for contract in signed_contracts(session, dis_id=dis.id):
        if contract.notice_sent_on is None:
            contract.notice_due_on = due_day(session, contract=contract)
    session.flush()
    audit.record(
        session, user_id=actor.user_id, at=at, action="dis.collect_notices", subject=f"dis:{dis.id}", collects=collects
    )  # fmt: skip


def mark_notice_sent(
    session: Session, *, contract: AwardContract, sent_on: date, reference: str, actor: Actor, at: datetime
) -> None:
    """What was announced, when and where it is found; a wrong entry is corrected by a new one, and the log keeps both.

    Raises NotRunByYou, NotInForceYet, SentInTheFuture, SentBeforeTheContract, ReferenceMissing.
    """
    if not answers_for(actor, contract):
        raise NotRunByYou
    if contract.agreed_on is None:
        raise NotInForceYet
    contract.notice_reference = check_notice_sent(
        sent_on, reference, agreed_on=contract.agreed_on, today=local_date(at)
    )
    contract.notice_sent_on = sent_on
    session.flush()
    audit.record(
        session, user_id=actor.user_id, at=at, action="award.notice_sent", subject=f"calloff:{contract.award.calloff_id}",
        contract=contract.id, sent_on=sent_on.isoformat(), reference=contract.notice_reference,
    )  # fmt: skip
