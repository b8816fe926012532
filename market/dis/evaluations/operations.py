"""Judging the added values that tenders state, and keeping a comparison that was worked out from what still holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.dis.calloffs.models import CallOff
from market.dis.evaluations.explaining import Outcome, explained
from market.dis.evaluations.inputs import Inputs, as_json, fingerprint
from market.dis.evaluations.models import Evaluation, EvaluationLine
from market.dis.evaluations.queries import inputs_of, latest_evaluation, own_declaration, standing
from market.dis.evaluations.rules import Lack
from market.dis.rules import CallOffEvent, CallOffState, NotPossibleNow, Thing
from market.dis.steps import move
from market.dis.systems.rules import CriterionKind
from market.dis.tenders.models import Tender, TenderClaim
from market.dis.tenders.queries import valid_tenders
from market.values import Refused, msg


class DeclareFirst(Refused):
    message = msg("Svara först på frågan om jäv. Den som har ett eget intresse bedömer inte.")


class WhyNotNeeded(Refused):
    message = msg("Skriv varför %(name)s från %(supplier)s inte godkänns. Leverantören får läsa det.")


class NotReady(Refused):
    message = msg("Allt är inte klart än. Överst på sidan står vad som är kvar.")


class InputsChanged(Refused):
    message = msg(
        "Något ändrades medan anbuden jämfördes, så inget sparades. Läs sidan igen och jämför på nytt."
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """What the officer says of one stated value."""

    is_granted: bool
    judgement: str = ""


Verdicts = Mapping[tuple[int, int], Judged]
"""By tender and criterion."""


def judge_claims(
    session: Session, *, calloff: CallOff, verdicts: Verdicts, actor: Actor, at: datetime
) -> None:
    """Grant the stated values or not, with words where not. Raises DeclareFirst, WhyNotNeeded, NotPossibleNow."""
    if calloff.state is not CallOffState.OPENED:
        raise NotPossibleNow
    check_impartial(session, calloff=calloff, actor=actor)
    claims = claims_of(valid_tenders(session, calloff_id=calloff.id))
    for pair, verdict in verdicts.items():
        if pair not in claims:
            raise NotPossibleNow
        claim = claims[pair]
        if not verdict.is_granted and not verdict.judgement.strip():
            raise WhyNotNeeded(name=claim.criterion.name, supplier=claim.tender.producer.name)
        claim.is_granted, claim.judgement = verdict.is_granted, verdict.judgement.strip()
        claim.judged_by_id, claim.judged_at = actor.user_id, at
    session.flush()
    audit.record(
        session,
        user_id=actor.user_id,
        at=at,
        action="dis_claims.judge",
        subject=f"calloff:{calloff.id}",
        granted=sum(verdict.is_granted for verdict in verdicts.values()),
        judged=len(verdicts),
    )


def claims_of(tenders: list[Tender]) -> dict[tuple[int, int], TenderClaim]:
    """The stated values of the tenders, by tender and criterion. What a working group scores is not claimed."""
    return {
        (tender.id, claim.criterion_id): claim
        for tender in tenders
        for claim in tender.claims
        if claim.criterion.kind is CriterionKind.STATEMENT
    }


def check_impartial(session: Session, *, calloff: CallOff, actor: Actor) -> None:
    """Raises DeclareFirst unless the actor has declared no interest of their own."""
    own = own_declaration(session, actor=actor, calloff_id=calloff.id)
    if own is None or not own.is_impartial:
        raise DeclareFirst


def read_inputs(session: Session, *, calloff: CallOff, actor: Actor) -> Inputs:
    """What there is to compare, when everything before is done. Raises NotReady, NotPossibleNow."""
    if calloff.state is not CallOffState.OPENED:
        raise NotPossibleNow
    lacks: list[Lack] = standing(session, calloff=calloff, actor=actor).lacks
    if lacks:
        raise NotReady
    return inputs_of(session, calloff=calloff)


def store_evaluation(
    session: Session, *, calloff: CallOff, inputs: Inputs, outcome: Outcome, actor: Actor, at: datetime
) -> Evaluation:
    """Keep an outcome, unless what it was worked out from has changed. Raises InputsChanged, NotReady."""
    if fingerprint(read_inputs(session, calloff=calloff, actor=actor)) != fingerprint(inputs):
        raise InputsChanged
    told = explained(inputs, outcome)
    before = latest_evaluation(session, calloff_id=calloff.id)
    evaluation = Evaluation(
        calloff_id=calloff.id,
        number=before.number + 1 if before else 1,
        made_at=at,
        made_by_id=actor.user_id,
        cost_ore=told["totals"]["cost_ore"],
        comparison_ore=told["totals"]["comparison_ore"],
        inputs=as_json(inputs),
        explained=told,
        lines=[_line(lot, line) for lot in told["lots"] for line in lot["lines"] if line["steps"]],
    )
    session.add(evaluation)
    session.flush()
    move(
        session, Thing.CALLOFF, calloff, CallOffEvent.EVALUATE, user_id=actor.user_id, at=at,
        evaluation=evaluation.id, fingerprint=told["fingerprint"],
    )  # fmt: skip
    return evaluation


def _line(lot: dict[str, Any], line: dict[str, Any]) -> EvaluationLine:
    return EvaluationLine(
        lot_id=lot["lot_id"],
        tender_id=line["tender_id"],
        steps=line["steps"],
        price=Decimal(line["price"]),
        deduction_bp=whole_bp(line["deduction_bp"]),
        cost_ore=line["cost_ore"],
        comparison_ore=line["comparison_ore"],
    )


def whole_bp(exact: str) -> int:
    """An exact deduction to the nearest hundredth of a per cent, for lists; the exact one stays in the explanation."""
    value = Fraction(exact)
    return int((Decimal(value.numerator) / value.denominator).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def evaluate_again(session: Session, *, calloff: CallOff, reason: str, actor: Actor, at: datetime) -> None:
    """Back to the opened tenders, for a stated reason; what was evaluated stays on file. Raises ReasonNeeded."""
    if calloff.state is not CallOffState.EVALUATED:
        raise NotPossibleNow
    move(
        session,
        Thing.CALLOFF,
        calloff,
        CallOffEvent.EVALUATE_AGAIN,
        user_id=actor.user_id,
        at=at,
        reason=reason,
    )
