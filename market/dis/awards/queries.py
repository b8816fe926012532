"""Awards, their contracts, and how the tenders compared, for those who follow the DIS and for those who were invited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from market.accounts.models import User
from market.accounts.rules import Role
from market.actors import Actor
from market.agreements.models import Agreement
from market.agreements.rules import AgreementState
from market.dis.awards.models import AwardContract, CallOffAward
from market.dis.calloffs.models import CallOff, Invitation, Lot
from market.dis.evaluations.models import Evaluation, EvaluationLine
from market.dis.rules import CallOffState
from market.dis.systems.models import Dis, DisAuthority, DisCategory
from market.dis.systems.queries import runs
from market.dis.tenders.models import Tender
from market.orders.models import Order
from market.outbox import OutboxMessage
from market.values import local_date

OFFICE = (Role.PROCUREMENT_OFFICER, Role.MEAL_MANAGER)
BOUND = frozenset({AgreementState.IN_FORCE, AgreementState.TERMINATED})
"""An agreement that both have signed, whatever has become of it since."""
UNDECIDED = frozenset(
    {
        AgreementState.DRAFT,
        AgreementState.SENT,
        AgreementState.SIGNED_BY_PRODUCER,
        AgreementState.SIGNED_BY_AUTHORITY,
    }
)
DECIDED = frozenset({CallOffState.AWARDED, CallOffState.CONCLUDED})
TOLD_OF_AWARD = "dis_award_decided"


def followed(actor: Actor) -> ColumnElement[bool]:
    """The systems whose named authorities the actor's is one of."""
    named = exists().where(DisAuthority.dis_id == Dis.id, DisAuthority.authority_id == actor.authority_id)
    return named & (actor.role in OFFICE)


def followed_dis(session: Session, *, actor: Actor, dis_id: int) -> Dis | None:
    return session.scalar(select(Dis).where(Dis.id == dis_id, followed(actor)))


def followed_calloff(session: Session, *, actor: Actor, calloff_id: int) -> CallOff | None:
    """A call-off that the actor's authority takes part in, with its lots and who was invited."""
    query = (
        select(CallOff)
        .join(CallOff.dis_category)
        .join(DisCategory.dis)
        .where(CallOff.id == calloff_id, followed(actor))
        .options(*_with_procedure())
    )
    return session.scalar(query)


def invitation_to(session: Session, *, actor: Actor, calloff_id: int) -> Invitation | None:
    """The actor's own invitation to a call-off that has been decided at least once."""
    decided = exists().where(CallOffAward.calloff_id == Invitation.calloff_id)
    query = (
        select(Invitation)
        .where(
            Invitation.calloff_id == calloff_id,
            Invitation.producer_id == (actor.producer_id or 0),
            decided,
        )
        .options(joinedload(Invitation.calloff).options(*_with_procedure()))
    )
    return session.scalar(query)


def readable_award(session: Session, *, actor: Actor, award_id: int) -> CallOffAward | None:
    """A decision, for those who follow the DIS and for all who were invited (LOU 12 kap. 12 §)."""
    invited = exists().where(
        Invitation.calloff_id == CallOffAward.calloff_id, Invitation.producer_id == (actor.producer_id or 0)
    )
    query = (
        select(CallOffAward)
        .join(CallOffAward.calloff)
        .join(CallOff.dis_category)
        .join(DisCategory.dis)
        .where(CallOffAward.id == award_id, or_(followed(actor), invited))
    )
    return session.scalar(query)


def awards_of(session: Session, *, calloff_id: int) -> list[CallOffAward]:
    """Every decision of a call-off, the newest first, with contracts and agreements."""
    query = (
        select(CallOffAward)
        .where(CallOffAward.calloff_id == calloff_id)
        .options(
            joinedload(CallOffAward.evaluation).options(*_with_lines()),
            selectinload(CallOffAward.contracts).options(*_with_parties()),
        )
        .order_by(CallOffAward.number.desc())
    )
    return list(session.scalars(query))


def award_in_force(session: Session, *, calloff_id: int) -> CallOffAward | None:
    """The decision that stands; none before there is one, and none after it was annulled."""
    newest = next(iter(awards_of(session, calloff_id=calloff_id)), None)
    return None if newest is None or newest.annulled_at is not None else newest


def contract_of(session: Session, *, actor: Actor, contract_id: int) -> AwardContract | None:
    """A contract of a call-off that the actor's authority takes part in."""
    query = (
        select(AwardContract)
        .join(AwardContract.award)
        .join(CallOffAward.calloff)
        .join(CallOff.dis_category)
        .join(DisCategory.dis)
        .where(AwardContract.id == contract_id, followed(actor))
        .options(*_with_parties(), joinedload(AwardContract.award))
    )
    return session.scalar(query)


def answers_for(actor: Actor, contract: AwardContract) -> bool:
    """Whoever runs the DIS, or buys by this contract."""
    dis = contract.award.calloff.dis_category.dis
    return runs(actor, dis) or (actor.role in OFFICE and actor.authority_id == contract.authority_id)


def is_bound(contracts: Iterable[AwardContract]) -> bool:
    """Whether both sides have signed one of them."""
    return any(one.agreement is not None and one.agreement.state in BOUND for one in contracts)


def contracts_to_place(session: Session) -> list[AwardContract]:
    """In force, without their orders; the oldest first."""
    query = (
        select(AwardContract)
        .join(AwardContract.agreement)
        .join(AwardContract.award)
        .where(
            Agreement.state.in_(BOUND),
            or_(AwardContract.agreed_on.is_(None), AwardContract.orders_placed_at.is_(None)),
            AwardContract.dropped_at.is_(None),
            CallOffAward.annulled_at.is_(None),
        )
        .options(*_with_parties())
        .order_by(AwardContract.id)
    )
    return list(session.scalars(query))


def signed_contracts(session: Session, *, dis_id: int) -> list[AwardContract]:
    """The contracts of a DIS that have been made, by the day their notice is due; a constant number of queries."""
    query = (
        select(AwardContract)
        .join(AwardContract.award)
        .join(CallOffAward.calloff)
        .join(CallOff.dis_category)
        .where(DisCategory.dis_id == dis_id, AwardContract.agreed_on.is_not(None))
        .options(
            *_with_parties(),
            joinedload(AwardContract.award).options(
                joinedload(CallOffAward.calloff).options(*_with_procedure()),
                joinedload(CallOffAward.evaluation).options(*_with_lines()),
            ),
        )
        .order_by(AwardContract.notice_due_on, AwardContract.id)
    )
    return list(session.scalars(query))


def tender_counts(session: Session, *, calloff_ids: Sequence[int]) -> dict[int, int]:
    """How many tenders came in, by call-off that has been opened."""
    query = (
        select(Tender.calloff_id, func.count())
        .where(Tender.calloff_id.in_(calloff_ids))
        .group_by(Tender.calloff_id)
    )
    return {key: value for key, value in session.execute(query)}  # noqa: C416 - rows, not pairs


def orders_of(session: Session, *, agreement_ids: Sequence[int]) -> dict[int, list[Order]]:
    """The orders that follow from agreements, by agreement, in the order of their days."""
    query = (
        select(Order)
        .where(Order.agreement_id.in_(agreement_ids))
        .options(joinedload(Order.kitchen), selectinload(Order.lines))
        .order_by(Order.deliver_on, Order.id)
    )
    found: dict[int, list[Order]] = defaultdict(list)
    for order in session.scalars(query):
        assert order.agreement_id is not None
        found[order.agreement_id].append(order)
    return found


def sendings(session: Session, *, award_id: int) -> list[OutboxMessage]:
    """Every message that told of a decision."""
    query = (
        select(OutboxMessage)
        .where(OutboxMessage.kind == TOLD_OF_AWARD, OutboxMessage.key.startswith(f"award:{award_id}:"))
        .order_by(OutboxMessage.id)
    )
    return list(session.scalars(query))


def readers_of(session: Session, *, messages: Sequence[OutboxMessage]) -> dict[int, str]:
    """The names of those whom messages went to."""
    ids = {message.user_id for message in messages if message.user_id is not None}
    return {key: value for key, value in session.execute(select(User.id, User.name).where(User.id.in_(ids)))}  # noqa: C416 - rows, not pairs


def last_sent_at(messages: Sequence[OutboxMessage], *, decided_at: datetime) -> datetime:
    """The instant from which the standstill counts: the decision's own, or a later day on which a message left."""
    sent = [message.sent_at for message in messages if message.sent_at is not None]
    later = [at for at in sent if local_date(at) > local_date(decided_at)]
    return max(later, default=decided_at)


def lines_by_contract(award: CallOffAward) -> Mapping[tuple[int, int], list[EvaluationLine]]:
    """What was awarded, by producer and authority."""
    found: dict[tuple[int, int], list[EvaluationLine]] = defaultdict(list)
    for line in award.evaluation.lines:
        found[line.tender.producer_id, line.lot.authority_id].append(line)
    return found


def _with_procedure() -> tuple[Any, ...]:
    return (
        joinedload(CallOff.dis_category).options(
            joinedload(DisCategory.dis).selectinload(Dis.authorities),
            joinedload(DisCategory.category),
        ),
        selectinload(CallOff.lots).options(joinedload(Lot.authority), selectinload(Lot.needs)),
        selectinload(CallOff.invitations).joinedload(Invitation.producer),
    )


def _with_lines() -> tuple[Any, ...]:
    return (
        selectinload(Evaluation.lines).options(
            joinedload(EvaluationLine.lot).joinedload(Lot.authority),
            joinedload(EvaluationLine.tender).options(
                joinedload(Tender.producer), selectinload(Tender.lines), selectinload(Tender.deliveries)
            ),
        ),
    )


def _with_parties() -> tuple[Any, ...]:
    return (
        joinedload(AwardContract.producer),
        joinedload(AwardContract.authority),
        joinedload(AwardContract.agreement).options(
            selectinload(Agreement.transitions), selectinload(Agreement.signatures)
        ),
    )
