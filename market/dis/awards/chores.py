"""What happens to awards by the clock. Each returns how many things it did, and may run in several workers at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from market.agreements.models import Agreement
from market.agreements.rules import AgreementState
from market.dis.awards import telling
from market.dis.awards.models import AwardContract, CallOffAward
from market.dis.awards.operations import count_from_sending
from market.dis.awards.order_operations import place_orders, settle_contract
from market.dis.awards.queries import contracts_to_place
from market.outbox import OutboxMessage
from market.values import Refused, local_date

REMIND_BEFORE = timedelta(days=7)


def keep_standstills(session: Session, *, at: datetime) -> int:
    """Count each running standstill from the day on which the decision really left. Returns how many moved."""
    running = session.scalars(
        select(CallOffAward)
        .where(CallOffAward.standstill_ends_at > at, CallOffAward.annulled_at.is_(None))
        .order_by(CallOffAward.id)
    )
    return sum(count_from_sending(session, award=award, at=at) for award in running.all())


def follow_contracts(session: Session, *, at: datetime, most: int | None = None) -> int:
    """Keep what has been signed and place its orders, `most` contracts of them. Wants to run every minute."""
    return sum(islice((1 for one in contracts_to_place(session) if _follow(session, one, at)), most))


def remind_of_contracts(session: Session, *, at: datetime) -> int:
    """Tell those who sign that the standstill is over, once. Returns how many contracts were told of."""
    waiting = session.scalars(
        select(AwardContract)
        .join(AwardContract.award)
        .join(AwardContract.agreement)
        .where(
            CallOffAward.annulled_at.is_(None),
            AwardContract.dropped_at.is_(None),
            Agreement.state == AgreementState.DRAFT,
            or_(Agreement.not_before_at.is_(None), Agreement.not_before_at <= at),
        )
        .order_by(AwardContract.id)
    )
    return sum(_told(session, one, "dis_contract_ready", at) for one in waiting.all())


def remind_of_notices(session: Session, *, at: datetime) -> int:
    """Remind once a week before a notice is due, and once when it is late. Returns how many were told of."""
    today = local_date(at)
    due = session.scalars(
        select(AwardContract)
        .where(
            AwardContract.notice_sent_on.is_(None),
            AwardContract.agreed_on.is_not(None),
            AwardContract.notice_due_on <= today + REMIND_BEFORE,
        )
        .order_by(AwardContract.id)
    )
    return sum(_told(session, one, "dis_notice_due", at) for one in due.all())


def _follow(session: Session, contract: AwardContract, at: datetime) -> bool:
    """Whether something new happened; what stops the orders stands on the award's page until it is mended."""
    is_new = settle_contract(session, contract=contract, at=at)
    agreement = contract.agreement
    if agreement is None or agreement.state is not AgreementState.IN_FORCE:
        return is_new
    if contract.orders_placed_at is not None:
        return is_new
    try:
        with session.begin_nested():
            place_orders(session, contract=contract, at=at)
    except Refused:
        session.expire(contract, ["orders_placed_at"])
        return is_new
    return True


def _told(session: Session, contract: AwardContract, kind: str, at: datetime) -> bool:
    """Whether somebody was told just now."""
    before = _messages(session, contract, kind)
    if kind == "dis_contract_ready":
        telling.tell_signers(session, contract, at=at)
    else:
        assert contract.notice_due_on is not None
        telling.tell_of_notice(session, contract, is_late=contract.notice_due_on < local_date(at), at=at)
    session.flush()
    return _messages(session, contract, kind) > before


def _messages(session: Session, contract: AwardContract, kind: str) -> int:
    session.flush()
    key = f"award:{contract.award_id}:{kind}:"
    query = select(OutboxMessage.id).where(OutboxMessage.kind == kind, OutboxMessage.key.startswith(key))
    return len(session.scalars(query).all())
