"""Everything that an evaluation is made from, read at one instant: plain values with a hash of their own. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from market.dis.evaluations.draw import ranking, seed_of
from market.dis.evaluations.problem import Bid, Delivery, Lot, Problem, Tender
from market.dis.systems.rules import MOST_DEDUCTION_BP, TieRule
from market.values import Unit

Stop = tuple[int, str]
"""A receiving kitchen and the Monday of a week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """An added value and the most it takes off, in hundredths of a per cent; scored when it has points."""

    id: int
    name: str
    max_bp: int
    max_points: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LotIn:
    """A lot, and where and in which weeks it is delivered."""

    id: int
    number: int
    name: str
    unit: Unit
    steps: int
    allows_parts: bool
    stops: tuple[Stop, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineIn:
    """A tender's line; the price as it was written, in kronor per unit."""

    lot_id: int
    price: str
    min_steps: int
    max_steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderIn:
    """A tender. `granted` are the stated values that were granted; `points` each evaluator's, by scored value.

    `delivery_ore` is what it charges for a delivery, by receiving kitchen; one that it does not name costs nothing.
    """

    id: int
    supplier: str
    label: str
    sha256: str
    min_total_ore: int
    lines: tuple[LineIn, ...]
    granted: tuple[int, ...] = ()
    points: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    delivery_ore: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """`opened` are the hashes of all tenders that were opened, whatever became of them: the draw's seed."""

    lots: tuple[LotIn, ...]
    values: tuple[Value, ...]
    tenders: tuple[TenderIn, ...]
    opened: tuple[str, ...]
    tie_rule: TieRule
    max_suppliers_per_lot: int
    max_lots_per_supplier: int | None
    counts_delivery: bool
    kitchens: Mapping[int, str] = field(default_factory=dict)

    @property
    def seed(self) -> str:
        return seed_of(self.opened)


@dataclass(frozen=True, slots=True)
class Off:
    """What one added value takes off a tender's prices: `part` of the price."""

    value: Value
    part: Fraction


def offs(inputs: Inputs, tender: TenderIn) -> list[Off]:
    """Each value's deduction: whole when granted; for a scored one the mean of the points against the most points."""
    return [Off(value, _part(tender, value)) for value in inputs.values]


def _part(tender: TenderIn, value: Value) -> Fraction:
    most = Fraction(value.max_bp, 10_000)
    if value.max_points is None:
        return most if value.id in tender.granted else Fraction(0)
    points = tender.points.get(value.id, ())
    return most * sum(points) / (len(points) * value.max_points) if points else Fraction(0)


def deduction(inputs: Inputs, tender: TenderIn) -> Fraction:
    """All of them together, at most a half."""
    return min(
        sum((off.part for off in offs(inputs, tender)), Fraction(0)), Fraction(MOST_DEDUCTION_BP, 10_000)
    )


def problem_of(inputs: Inputs) -> Problem:
    """What the solver is given: the same, without names."""
    hashes = {tender.id: tender.sha256 for tender in inputs.tenders}
    taken = {tender.id: deduction(inputs, tender) for tender in inputs.tenders}
    return Problem(
        lots=tuple(
            Lot(id=lot.id, steps=lot.steps, unit_steps=lot.unit.steps, allows_parts=lot.allows_parts)
            for lot in inputs.lots
        ),
        tenders=tuple(_tender(inputs, tender, taken[tender.id]) for tender in inputs.tenders),
        max_suppliers_per_lot=inputs.max_suppliers_per_lot,
        max_lots_per_supplier=inputs.max_lots_per_supplier,
        ranks={
            lot.id: ranking(
                inputs.tie_rule, seed=inputs.seed, lot_number=lot.number, hashes=hashes, deductions=taken
            )
            for lot in inputs.lots
        },
    )


def _tender(inputs: Inputs, tender: TenderIn, taken: Fraction) -> Tender:
    return Tender(
        id=tender.id,
        deduction=taken,
        min_total_ore=tender.min_total_ore,
        bids=tuple(
            Bid(
                lot_id=line.lot_id,
                min_steps=line.min_steps,
                max_steps=line.max_steps,
                price_ore=int(Decimal(line.price) * 100),
            )
            for line in tender.lines
        ),
        deliveries=_deliveries(inputs, tender) if inputs.counts_delivery else (),
    )


def _deliveries(inputs: Inputs, tender: TenderIn) -> tuple[Delivery, ...]:
    """One for each receiving kitchen and week; those that carry the same lots are one sum."""
    sums: dict[frozenset[int], int] = {}
    for stop, lots in stops_of(inputs).items():
        sums[lots] = sums.get(lots, 0) + tender.delivery_ore.get(stop[0], 0)
    return tuple(Delivery(lots=lots, ore=ore) for lots, ore in sums.items() if ore)


def stops_of(inputs: Inputs) -> dict[Stop, frozenset[int]]:
    """The lots that go to each receiving kitchen in each week."""
    found: dict[Stop, set[int]] = {}
    for lot in inputs.lots:
        for stop in lot.stops:
            found.setdefault(stop, set()).add(lot.id)
    return {stop: frozenset(lots) for stop, lots in sorted(found.items())}


def as_json(inputs: Inputs) -> dict[str, Any]:
    """Plain values, as they are kept with the evaluation."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(inputs), sort_keys=True))
    return plain


def fingerprint(inputs: Inputs) -> str:
    """SHA-256 of the plain values: the same inputs, the same fingerprint."""
    return hashlib.sha256(json.dumps(as_json(inputs), sort_keys=True).encode()).hexdigest()
