"""Deciding an award, annulling it, letting a winner go, and ending the call-off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.dis.awards import telling
from market.dis.awards.agreement_operations import check_unbound, draft_contract, take_back, wait_until
from market.dis.awards.models import AwardContract, CallOffAward
from market.dis.awards.queries import last_sent_at, lines_by_contract, sendings
from market.dis.awards.rules import (
    EvaluatedAgain,
    NotAnAwardOfNow,
    NothingToAward,
    NotRunByYou,
    WinnerFellAway,
    check_reasons,
    check_standstill,
    standstill_end,
)
from market.dis.calloffs.models import CallOff
from market.dis.evaluations.models import Evaluation
from market.dis.evaluations.queries import latest_evaluation
from market.dis.rules import CallOffEvent, CallOffState, TenderEvent, TenderState, Thing, check_reason
from market.dis.steps import move
from market.dis.systems.queries import runs
from market.dis.tenders.models import Tender
from market.dis.tenders.operations import withdraw_tender
from market.law.queries import law_value
from market.law.rules import LawKey
from market.values import local_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What the officer decides. `pdf` says it to all who were invited, and was made of exactly this."""

    evaluation_id: int
    reasons: str
    standstill_days: int
    pdf: bytes


def check_decision(
    session: Session,
    *,
    calloff: CallOff,
    evaluation_id: int,
    reasons: str,
    standstill_days: int,
    actor: Actor,
    at: datetime,
) -> Evaluation:
    """The evaluation that can be decided on, before the document is made of it.

    Raises NotRunByYou, EvaluatedAgain, NothingToAward, WinnerFellAway, ReasonsMissing, StandstillTooShort,
    StandstillTooLong.
    """
    if not runs(actor, calloff.dis_category.dis):
        raise NotRunByYou
    evaluation = latest_evaluation(session, calloff_id=calloff.id)
    if evaluation is None or evaluation.id != evaluation_id or calloff.state is not CallOffState.EVALUATED:
        raise EvaluatedAgain
    if not evaluation.lines:
        raise NothingToAward
    for line in evaluation.lines:
        if line.tender.state is not TenderState.OPENED:
            raise WinnerFellAway(name=line.tender.producer.name)
    check_reasons(reasons)
    least = int(law_value(session, LawKey.STANDSTILL, on=local_date(at)).value)
    check_standstill(standstill_days, least=least)
    return evaluation


def decide_award(
    session: Session, *, calloff: CallOff, decided: Decided, actor: Actor, at: datetime
) -> CallOffAward:
    """Award the call-off as it was evaluated: told to all who were invited, with a contract drafted for each winner and buyer.

    Raises as check_decision does, and WeeksArePast.
    """
    evaluation = check_decision(
        session, calloff=calloff, evaluation_id=decided.evaluation_id, reasons=decided.reasons,
        standstill_days=decided.standstill_days, actor=actor, at=at,
    )  # fmt: skip
    digest = sha256(decided.pdf).hexdigest()
    move(
        session, Thing.CALLOFF, calloff, CallOffEvent.AWARD, user_id=actor.user_id, at=at,
        evaluation=evaluation.number, standstill_days=decided.standstill_days, sha256=digest,
    )  # fmt: skip
    calloff.standstill_days = decided.standstill_days
    award = CallOffAward(
        calloff=calloff,
        number=next_number(session, calloff_id=calloff.id),
        evaluation=evaluation,
        decided_at=at,
        decided_by_id=actor.user_id,
        reasons=check_reasons(decided.reasons),
        standstill_ends_at=end_of(at=at, days=decided.standstill_days),
        pdf=decided.pdf,
        sha256=digest,
    )
    session.add(award)
    session.flush()
    for lines in lines_by_contract(award).values():
        draft_contract(session, award=award, lines=lines, actor=actor, at=at)
    telling.tell_of_decision(session, award, at=at)
    return award


def next_number(session: Session, *, calloff_id: int) -> int:
    """What the next decision of a call-off is called."""
    query = select(func.coalesce(func.max(CallOffAward.number), 0)).where(
        CallOffAward.calloff_id == calloff_id
    )
    return (session.scalar(query) or 0) + 1


def end_of(*, at: datetime, days: int) -> datetime | None:
    """Until when contracts wait, where they do."""
    return standstill_end(at, days=days) if days else None


def annul_award(
    session: Session,
    *,
    award: CallOffAward,
    reason: str,
    withdrawn: Tender | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Take the decision back and evaluate again; `withdrawn` is the winner's tender that fell away, bankrupt or not.

    Drafted contracts are taken back; told to all. Raises NotRunByYou, NotAnAwardOfNow, ContractsStand, ReasonNeeded.
    """
    _take_decision_back(
        session, award, CallOffEvent.EVALUATE_AGAIN, reason=reason, withdrawn=withdrawn, actor=actor, at=at
    )


def abandon_award(session: Session, *, award: CallOffAward, reason: str, actor: Actor, at: datetime) -> None:
    """End the call-off after the decision without a contract (LOU 12 kap. 12 §, 19 kap. 21 §). Raises as annul_award does."""
    _take_decision_back(
        session, award, CallOffEvent.ABANDON, reason=reason, withdrawn=None, actor=actor, at=at
    )


def drop_contract(
    session: Session, *, contract: AwardContract, reason: str, actor: Actor, at: datetime
) -> None:
    """Let a winner go that never signed, while others' contracts of the same award stand.

    What it was to deliver is bought in a new call-off. Raises NotRunByYou, ContractsStand, ReasonNeeded.
    """
    award = contract.award
    check_reason(Thing.TENDER, TenderEvent.WITHDRAW, reason)
    _check_standing(award, actor)
    if contract.dropped_at is not None or contract.agreed_on is not None:
        raise NotAnAwardOfNow
    check_unbound(contracts=[contract])
    take_back(session, contracts=[contract], reason=reason, actor=actor, at=at)
    contract.dropped_at, contract.drop_reason = at, reason.strip()
    session.flush()
    audit.record(
        session, user_id=actor.user_id, at=at, action="award.drop_contract", subject=f"calloff:{award.calloff_id}",
        contract=contract.id, producer=contract.producer_id, reason=contract.drop_reason,
    )  # fmt: skip
    conclude_when_done(session, award=award, at=at)


def conclude_when_done(session: Session, *, award: CallOffAward, at: datetime) -> bool:
    """The call-off is over when every contract is made or dropped, and one is made. Returns whether it is over now."""
    contracts = award.contracts
    is_done = all(one.agreed_on is not None or one.dropped_at is not None for one in contracts)
    has_contract = any(one.agreed_on is not None for one in contracts)
    if not (is_done and has_contract) or award.calloff.state is not CallOffState.AWARDED:
        return False
    move(session, Thing.CALLOFF, award.calloff, CallOffEvent.CONCLUDE, user_id=None, at=at)
    return True


def count_from_sending(session: Session, *, award: CallOffAward, at: datetime) -> bool:
    """Move the end of a standstill when the decision left on a later day than it was made. Returns whether it moved."""
    ends_at = award.standstill_ends_at
    if ends_at is None or award.annulled_at is not None:
        return False
    sent_at = last_sent_at(sendings(session, award_id=award.id), decided_at=award.decided_at)
    later = standstill_end(sent_at, days=award.calloff.standstill_days)
    if later <= ends_at:
        return False
    award.standstill_ends_at = later
    wait_until(session, contracts=award.contracts, instant=later)
    audit.record(
        session, user_id=None, at=at, action="award.standstill_moved", subject=f"calloff:{award.calloff_id}",
        until=later.isoformat(), sent_at=sent_at.isoformat(),
    )  # fmt: skip
    return True


def _take_decision_back(
    session: Session,
    award: CallOffAward,
    event: CallOffEvent,
    *,
    reason: str,
    withdrawn: Tender | None,
    actor: Actor,
    at: datetime,
) -> None:
    check_reason(Thing.CALLOFF, event, reason)
    _check_standing(award, actor)
    check_unbound(contracts=award.contracts)
    if withdrawn is not None:
        withdraw_tender(session, tender=withdrawn, reason=reason, actor=actor, at=at)
    move(session, Thing.CALLOFF, award.calloff, event, user_id=actor.user_id, at=at, reason=reason)
    take_back(session, contracts=award.contracts, reason=reason, actor=actor, at=at)
    award.annulled_at = at
    session.flush()
    is_abandoned = event is CallOffEvent.ABANDON
    telling.tell_of_annulment(session, award, reason=reason, is_abandoned=is_abandoned, at=at)


def _check_standing(award: CallOffAward, actor: Actor) -> None:
    if not runs(actor, award.calloff.dis_category.dis):
        raise NotRunByYou
    if award.annulled_at is not None or award.calloff.state is not CallOffState.AWARDED:
        raise NotAnAwardOfNow
