"""How the tenders of a call-off compared, lot by lot: what the decision, its reasons and the tenderers' pages are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

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
    """Each lot with its winners, and how many other valid tenders there were."""
    won: dict[int, list[EvaluationLine]] = defaultdict(list)
    for line in evaluation.lines:
        won[line.lot_id].append(line)
    return tuple(
        _outcome(lot, won[lot.id], tenders, compared(evaluation))
        for lot in sorted(lots, key=lambda lot: lot.number)
    )


def own_lines(tender: Tender, outcomes: Sequence[LotOutcome], evaluation: Evaluation) -> list[OwnLine]:
    """The lots that a tender was given for, as they went."""
    known, prices = deductions(evaluation), compared(evaluation)
    by_lot = {outcome.lot_id: outcome for outcome in outcomes}
    return [
        OwnLine(
            lot=by_lot[line.lot_id],
            price=line.price,
            deduction_bp=known.get(tender.id),
            comparison=prices.get((line.lot_id, tender.id)),
            won_steps=sum(
                one.steps for one in by_lot[line.lot_id].won if one.producer_id == tender.producer_id
            ),
        )
        for line in tender.lines
    ]


def deductions(evaluation: Evaluation) -> Mapping[int, int]:
    """What the added values took off each tender's prices, in hundredths of a per cent, as the evaluation keeps it."""
    kept = {row["tender_id"]: rounded(row["deduction_bp"]) for row in evaluation.explained.get("tenders", ())}
    return kept | {line.tender_id: line.deduction_bp for line in evaluation.lines}


def compared(evaluation: Evaluation) -> Mapping[tuple[int, int], Decimal]:
    """The exact comparison prices that decided, by lot and tender; without what a delivery costs."""
    return {
        (lot["lot_id"], line["tender_id"]): exact(line["comparison_price"])
        for lot in evaluation.explained.get("lots", ())
        for line in lot["lines"]
    }


def ties_drawn(evaluation: Evaluation) -> tuple[int, ...]:
    """The numbers of the lots in which equal tenders were told apart by the published rule."""
    return tuple(evaluation.explained.get("draw", {}).get("lots", ()))


def exact(fraction: str) -> Decimal:
    """A fraction as the evaluation writes it, such as "63/5"."""
    value = Fraction(fraction)
    return Decimal(value.numerator) / value.denominator


def rounded(fraction: str) -> int:
    return int(exact(fraction).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _outcome(
    lot: Lot,
    won: Sequence[EvaluationLine],
    tenders: Sequence[Tender],
    prices: Mapping[tuple[int, int], Decimal],
) -> LotOutcome:
    lines = [line for tender in tenders for line in tender.lines if line.lot_id == lot.id]
    return LotOutcome(
        lot_id=lot.id,
        number=lot.number,
        name=lot.name,
        authority=lot.authority.name,
        unit=lot.unit,
        steps=lot.steps,
        won=tuple(_won(line, prices) for line in sorted(won, key=lambda line: (-line.steps, line.tender_id))),
        tenders=len(lines),
    )


def _won(line: EvaluationLine, prices: Mapping[tuple[int, int], Decimal]) -> Won:
    return Won(
        producer_id=line.tender.producer_id,
        name=line.tender.producer.name,
        steps=line.steps,
        price=line.price,
        deduction_bp=line.deduction_bp,
        comparison=prices.get((line.lot_id, line.tender_id), comparison_price(line.price, line.deduction_bp)),
        cost_ore=line.cost_ore,
    )
