"""From invited to evaluated, straight in the database: tenders, an evaluation, a decision, and contracts signed by both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from agreements import proof_of, with_numbers
from dis_making import DAY, admit, invite, make_calloff, make_dis
from factories import AT, Cast
from sqlalchemy.orm import Session

from market.agreements import documents
from market.agreements.models import Agreement
from market.agreements.operations import save_authority_terms, send_agreement
from market.agreements.signing_operations import sign_agreement
from market.dis.awards.models import AwardContract, CallOffAward
from market.dis.awards.operations import Decided, decide_award
from market.dis.calloffs.models import CallOff, Invitation, Lot
from market.dis.evaluations.models import Evaluation, EvaluationLine
from market.dis.rules import CallOffEvent, TenderEvent, Thing
from market.dis.steps import begin, move
from market.dis.tenders.models import Tender, TenderLine
from market.values import Quantity, line_total_ore, local_date
from market.wiring import templates_folder

AGREEMENT = templates_folder() / "documents" / "agreement.typ"
OPENED = AT + 14 * DAY + timedelta(hours=1)
EVALUATED = OPENED + DAY
DECIDED = OPENED + 2 * DAY
Awarded = Mapping[tuple[int, int], int]
"""Steps by lot number and tender number, both from 1."""


def make_opened(session: Session, cast: Cast, *, is_alone: bool = False) -> CallOff:
    """Two producers tender for both lots of carrots at 14 and 16 kronor, Tuesdays and Thursdays.

    Alone: the DIS is of one authority, and one producer is invited, so that the others are outsiders.
    """
    dis = make_dis(session, cast)
    if is_alone:
        dis.authorities = [cast.authority]
    producers = (cast.producer,) if is_alone else (cast.producer, cast.other_producer)
    applications = [admit(session, dis, one) for one in producers]
    calloff = make_calloff(session, cast, dis)
    invitations = invite(session, calloff, applications)
    move(session, Thing.CALLOFF, calloff, CallOffEvent.OPEN, user_id=None, at=OPENED)
    for number, invitation in enumerate(invitations, start=1):
        make_tender(session, calloff, invitation, number=number, price=Decimal(12 + 2 * number))
    return calloff


def make_tender(
    session: Session, calloff: CallOff, invitation: Invitation, *, number: int, price: Decimal
) -> Tender:
    tender = Tender(
        calloff=calloff,
        invitation=invitation,
        producer=invitation.producer,
        received_at=AT + DAY,
        versions=[],
        sha256="0" * 64,
        blind_label=str(number),
        lines=[
            TenderLine(
                lot=lot, product_name="Morötter", price=price, min_steps=1_000, max_steps=lot.steps, weekdays=[2, 4]
            )
            for lot in calloff.lots
        ],
    )  # fmt: skip
    begin(session, Thing.TENDER, tender, TenderEvent.OPEN, user_id=None, at=OPENED)
    return tender


def tenders_of(session: Session, calloff: CallOff) -> list[Tender]:
    return session.query(Tender).filter_by(calloff_id=calloff.id).order_by(Tender.id).all()


def evaluate(session: Session, cast: Cast, calloff: CallOff, awarded: Awarded | None = None) -> Evaluation:
    """The cheapest wins both lots, unless `awarded` says otherwise; 10 % off its price for an added value."""
    lots, tenders = calloff.lots, tenders_of(session, calloff)
    chosen = {(lot.number, 1): lot.steps for lot in lots} if awarded is None else awarded
    lines = [_line(lots[lot - 1], tenders[tender - 1], steps) for (lot, tender), steps in chosen.items()]
    number = session.query(Evaluation).filter_by(calloff_id=calloff.id).count() + 1
    evaluation = Evaluation(
        calloff_id=calloff.id,
        number=number,
        made_at=EVALUATED,
        made_by_id=cast.actor("procurement_officer").user_id,
        cost_ore=sum(line.cost_ore for line in lines),
        comparison_ore=sum(line.comparison_ore for line in lines),
        inputs={},
        explained=_explained(lots, tenders),
        lines=lines,
    )
    session.add(evaluation)
    move(session, Thing.CALLOFF, calloff, CallOffEvent.EVALUATE, user_id=None, at=EVALUATED)
    session.flush()
    return evaluation


def _explained(lots: Sequence[Lot], tenders: Sequence[Tender]) -> dict[str, Any]:
    """What the awards read of it: the first tender has 10 % off, the others nothing."""
    off = {tender.id: "1000" if number == 0 else "0" for number, tender in enumerate(tenders)}
    return {
        "tenders": [{"tender_id": tender_id, "deduction_bp": bp} for tender_id, bp in off.items()],
        "lots": [
            {
                "lot_id": lot.id,
                "lines": [
                    {"tender_id": tender.id, "comparison_price": str(_compared(line.price, off[tender.id]))}
                    for tender in tenders
                    for line in tender.lines
                    if line.lot_id == lot.id
                ],
            }
            for lot in lots
        ],
        "draw": {"lots": []},
    }


def _compared(price: Decimal, bp: str) -> Fraction:
    return Fraction(price) * (10_000 - int(bp)) / 10_000


def _line(lot, tender: Tender, steps: int) -> EvaluationLine:
    price = next(one.price for one in tender.lines if one.lot_id == lot.id)
    cost = line_total_ore(Quantity(steps, lot.unit), price)
    return EvaluationLine(
        lot=lot, tender=tender, steps=steps, price=price, deduction_bp=1_000, cost_ore=cost,
        comparison_ore=cost * 9 // 10,
    )  # fmt: skip


def decide(
    session: Session, cast: Cast, calloff: CallOff, *, at: datetime = DECIDED, days: int = 10, **changes
) -> CallOffAward:
    """As the officer of the authority that runs the DIS, with a document that says little."""
    evaluation = (
        session.query(Evaluation).filter_by(calloff_id=calloff.id).order_by(Evaluation.id.desc()).first()
    )
    assert evaluation is not None
    said = {"evaluation_id": evaluation.id, "reasons": "Lägst jämförelsepris.", "standstill_days": days}
    decided = Decided(**(said | {"pdf": b"%PDF"} | changes))
    actor = cast.actor("procurement_officer")
    return decide_award(session, calloff=calloff, decided=decided, actor=actor, at=at)


def make_awarded(session: Session, cast: Cast, awarded: Awarded | None = None, **changes) -> CallOffAward:
    calloff = make_opened(session, cast)
    evaluate(session, cast, calloff, awarded)
    name_all(session, cast)
    return decide(session, cast, calloff, **changes)


def name_all(session: Session, cast: Cast) -> None:
    """What the agreements need to name all parties."""
    with_numbers(session, cast)
    cast.other_producer.organisation_number = "999900-0301"
    save_authority_terms(
        session, authority_id=cast.other_authority.id, number="999900-0400", delivery_terms="",
        orders_need_agreement=False, actor=cast.actor("other_officer"), at=AT,
    )  # fmt: skip


def contract_with(award: CallOffAward, producer_id: int, authority_id: int) -> AwardContract:
    return next(
        one for one in award.contracts if (one.producer_id, one.authority_id) == (producer_id, authority_id)
    )


def send_contract(session: Session, cast: Cast, agreement: Agreement, *, at: datetime) -> None:
    """As an officer of the buyer's."""
    content = documents.content_of(session, agreement, on=local_date(at))
    pdf = documents.agreement_pdf(content, template=AGREEMENT, at=at)
    send_agreement(
        session, agreement=agreement, pdf=pdf, content=content, actor=_buyer(cast, agreement), at=at
    )


def sign_contract(session: Session, cast: Cast, agreement: Agreement, *, at: datetime) -> None:
    """Sent by the buyer, signed by the producer and then by the buyer."""
    send_contract(session, cast, agreement, at=at)
    for actor in (_seller(cast, agreement), _buyer(cast, agreement)):
        proof = proof_of(session, agreement, actor, proved_at=at)
        sign_agreement(session, agreement=agreement, proof=proof, actor=actor, at=at)


def _buyer(cast: Cast, agreement: Agreement):
    return cast.actor(
        "procurement_officer" if agreement.authority_id == cast.authority.id else "other_officer"
    )


def _seller(cast: Cast, agreement: Agreement):
    return cast.actor("producer" if agreement.producer_id == cast.producer.id else "other_producer")


def award_ids(session: Session, cast: Cast) -> dict[str, int]:
    """A call-off that is evaluated, and one that is awarded with a contract to sign; of one authority alone."""
    evaluated, awarded = (make_opened(session, cast, is_alone=True) for _ in range(2))
    for calloff in (evaluated, awarded):
        evaluate(session, cast, calloff)
    award = decide(session, cast, awarded)
    return {
        "evaluated_id": evaluated.id,
        "awarded_id": awarded.id,
        "decision_id": award.id,
        "contract_id": award.contracts[0].id,
    }
