"""The contracts of an award as agreements: drafted with the decision, taken back when it is annulled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from market.actors import Actor
from market.agreements.annex import Annex, AnnexDelivery, AnnexLot
from market.agreements.models import Agreement
from market.agreements.operations import draft_agreement, withdraw_by_procedure
from market.agreements.rules import AgreementKind, Terms
from market.dis.awards.models import AwardContract, CallOffAward
from market.dis.awards.queries import UNDECIDED, is_bound
from market.dis.awards.rules import ContractsStand, WeeksArePast
from market.dis.calloffs.models import CallOff
from market.dis.evaluations.models import EvaluationLine
from market.law.queries import law_value
from market.law.rules import LawKey
from market.register.models import Authority, Producer
from market.values import Period, Quantity, line_total_ore, local_date


def draft_contract(
    session: Session, *, award: CallOffAward, lines: Sequence[EvaluationLine], actor: Actor, at: datetime
) -> AwardContract:
    """One contract for what one winner delivers to one authority, as a draft that the authority's own people send and sign.

    Raises WeeksArePast where the weeks are over before anyone may sign.
    """
    producer, authority = lines[0].tender.producer, lines[0].lot.authority
    contract = AwardContract(award=award, producer=producer, authority=authority)
    session.add(contract)
    session.flush()
    contract.agreement = draft_agreement(
        session,
        authority=authority,
        producer=producer,
        terms=_terms(session, award, lines, on=local_date(award.standstill_ends_at or at)),
        request_key=f"award-contract:{contract.id}",
        annex=dict(annex_of(award=award, lines=lines)),
        not_before_at=award.standstill_ends_at,
        actor=actor,
        at=at,
    )
    session.flush()
    return contract


def annex_of(*, award: CallOffAward, lines: Sequence[EvaluationLine]) -> Annex:
    """What was awarded, in the words and numbers of the tender."""
    calloff = award.calloff
    lots = [_lot(line) for line in sorted(lines, key=lambda line: line.lot.number)]
    return Annex(
        system=calloff.dis_category.dis.name,
        calloff=calloff.title,
        calloff_id=calloff.id,
        decision=award.number,
        decided_on=local_date(award.decided_at).isoformat(),
        lots=lots,
        deliveries=_deliveries(calloff, lines),
        total_ore=sum(lot["total_ore"] for lot in lots),
    )


def check_unbound(*, contracts: Iterable[AwardContract]) -> None:
    """Raises ContractsStand when both sides have signed one of them."""
    if is_bound(contracts):
        raise ContractsStand


def take_back(
    session: Session, *, contracts: Iterable[AwardContract], reason: str, actor: Actor, at: datetime
) -> None:
    """Withdraw what is drafted or sent and not yet signed by both."""
    for contract in contracts:
        agreement = contract.agreement
        if agreement is not None and agreement.state in UNDECIDED:
            withdraw_by_procedure(session, agreement=agreement, reason=reason, actor=actor, at=at)


def wait_until(session: Session, *, contracts: Iterable[AwardContract], instant: datetime) -> None:
    """Nobody signs before `instant`; of an agreement in force nothing changes."""
    for contract in contracts:
        agreement: Agreement | None = contract.agreement
        if agreement is not None and agreement.state in UNDECIDED:
            agreement.not_before_at = instant
    session.flush()


def _terms(session: Session, award: CallOffAward, lines: Sequence[EvaluationLine], *, on: date) -> Terms:
    dis, tender = award.calloff.dis_category.dis, lines[0].tender
    end = max(line.lot.end_week_on for line in lines)
    if on >= end:
        raise WeeksArePast
    days = law_value(session, LawKey.PAYMENT_DAYS, on=local_date(award.decided_at)).value
    return Terms(
        kind=AgreementKind.ONE_OFF,
        period=Period(on, end),
        has_extension=False,
        categories=(award.calloff.dis_category.category_key,),
        delivery_terms=dis.contract_terms,
        payment_days=int(days),
        authority_contact=_contact_of(award, lines[0].lot.authority),
        producer_contact=_contact_of_producer(tender.producer),
    )


def _contact_of(award: CallOffAward, authority: Authority) -> str:
    """The system's own for the authority that runs it; the others write theirs in the draft."""
    dis = award.calloff.dis_category.dis
    if authority.id == dis.authority_id and dis.contact:
        return dis.contact[:200]
    return authority.name


def _contact_of_producer(producer: Producer) -> str:
    return ", ".join(filter(None, (producer.name, producer.phone, producer.email)))[:200]


def _lot(line: EvaluationLine) -> AnnexLot:
    lot = line.lot
    tendered = next(one for one in line.tender.lines if one.lot_id == lot.id)
    last = Period(lot.first_week_on, lot.end_week_on).last
    return AnnexLot(
        number=lot.number,
        name=lot.name,
        product=tendered.product_name,
        unit=lot.unit.value,
        steps=line.steps,
        price=str(line.price),
        total_ore=line_total_ore(Quantity(line.steps, lot.unit), line.price),
        weekdays=sorted(tendered.weekdays),
        first_on=lot.first_week_on.isoformat(),
        last_on=last.isoformat(),
    )


def _deliveries(calloff: CallOff, lines: Sequence[EvaluationLine]) -> list[AnnexDelivery]:
    """What the tenderer charges to bring the goods to this authority's kitchens, where the criteria counted that."""
    if not calloff.counts_delivery:
        return []
    authority_id, tender = lines[0].lot.authority_id, lines[0].tender
    return [
        AnnexDelivery(kitchen=one.kitchen.name, ore=one.ore)
        for one in tender.deliveries
        if one.ore and one.kitchen.authority_id == authority_id
    ]
