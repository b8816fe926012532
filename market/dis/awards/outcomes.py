"""How the tenders of a call-off compared, lot by lot: what the decision, its reasons and the tenderers' pages are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from market.dis.awards.reasons import LotOutcome, Won, comparison_price
from market.dis.calloffs.models import Lot
from market.dis.evaluations.models import Evaluation, EvaluationLine
from market.dis.tenders.models import Tender


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLine:
    """A tenderer's own line beside the best that won: the relative merits of the winner (LOU 12 kap. 12 §)."""

    lot: LotOutcome
    price: Decimal
    deduction_bp: int | None
    comparison: Decimal | None
    won_steps: int


def lot_outcomes(
    lots: Sequence[Lot], evaluation: Evaluation, tenders: Sequence[Tender]
) -> tuple[LotOutcome, ...]:
    """Each lot with its winners and, of the other valid tenders, the comparison prices."""
    won: dict[int, list[EvaluationLine]] = defaultdict(list)
    for line in evaluation.lines:
        won[line.lot_id].append(line)
    return tuple(
        _outcome(lot, won[lot.id], tenders, deductions(evaluation))
        for lot in sorted(lots, key=lambda lot: lot.number)
    )


def own_lines(tender: Tender, outcomes: Sequence[LotOutcome], evaluation: Evaluation) -> list[OwnLine]:
    """The lots that a tender was given for, as they went."""
    known, by_lot = deductions(evaluation), {outcome.lot_id: outcome for outcome in outcomes}
    return [
        OwnLine(
            lot=by_lot[line.lot_id],
            price=line.price,
            deduction_bp=known.get(tender.id),
            comparison=comparison_price(line.price, known[tender.id]) if tender.id in known else None,
            won_steps=sum(
                one.steps for one in by_lot[line.lot_id].won if one.producer_id == tender.producer_id
            ),
        )
        for line in tender.lines
    ]


def deductions(evaluation: Evaluation) -> Mapping[int, int]:
    """What the added values took off each tender's prices, in hundredths of a per cent, as the evaluation keeps it."""
    kept = {line.tender_id: line.deduction_bp for line in evaluation.lines}
    for row in evaluation.inputs.get("tenders", []):
        if isinstance(row, dict) and "deduction_bp" in row and "tender_id" in row:
            kept.setdefault(int(row["tender_id"]), int(row["deduction_bp"]))
    return kept


def _outcome(
    lot: Lot, won: Sequence[EvaluationLine], tenders: Sequence[Tender], known: Mapping[int, int]
) -> LotOutcome:
    winners = {line.tender_id for line in won}
    lines = [(tender, line) for tender in tenders for line in tender.lines if line.lot_id == lot.id]
    return LotOutcome(
        lot_id=lot.id,
        number=lot.number,
        name=lot.name,
        authority=lot.authority.name,
        unit=lot.unit,
        steps=lot.steps,
        won=tuple(_won(line) for line in sorted(won, key=lambda line: (-line.steps, line.tender_id))),
        others=tuple(
            comparison_price(line.price, known[tender.id])
            for tender, line in lines
            if tender.id not in winners and tender.id in known
        ),
        tenders=len(lines),
    )


def _won(line: EvaluationLine) -> Won:
    return Won(
        producer_id=line.tender.producer_id,
        name=line.tender.producer.name,
        steps=line.steps,
        price=line.price,
        deduction_bp=line.deduction_bp,
        comparison=comparison_price(line.price, line.deduction_bp),
        cost_ore=line.cost_ore,
    )
