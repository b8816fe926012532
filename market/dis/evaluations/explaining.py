"""Every krona of a comparison, line by line, as plain values that are kept. Pure.

The solver decides in exact fractions; here each line is rounded once, to whole öre.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from market.dis.evaluations.draw import drawn
from market.dis.evaluations.inputs import (
    Inputs,
    LineIn,
    LotIn,
    TenderIn,
    deduction,
    fingerprint,
    offs,
    stops_of,
)
from market.dis.evaluations.problem import Plan

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was solved; `second`, `alone` and `instead` are None where they do not exist or could not be proven.

    `instead` is the best without the supplier that is awarded most.
    """

    plan: Plan
    equal: Plan | None = None
    tied_lots: tuple[int, ...] = ()
    second: Plan | None = None
    alone: Plan | None = None
    instead: Plan | None = None


def ore(amount: Fraction) -> int:
    """Whole öre, half up: the rounding of a line. Amounts are never negative."""
    return int(amount + Fraction(1, 2))


def explained(inputs: Inputs, outcome: Outcome) -> Plain:
    """What the page of an evaluation shows, and its decision refers to."""
    tenders = [_tender(inputs, tender, outcome.plan) for tender in inputs.tenders]
    lots = [_lot(inputs, lot, outcome.plan) for lot in inputs.lots]
    return {
        "fingerprint": fingerprint(inputs),
        "tenders": tenders,
        "lots": lots,
        "totals": _totals(lots, tenders),
        "second": _beside(inputs, outcome.second),
        "alone": _beside(inputs, outcome.alone),
        "instead": _beside(inputs, outcome.instead),
        "draw": _draw(inputs, outcome),
    }


def _tender(inputs: Inputs, tender: TenderIn, plan: Plan) -> Plain:
    taken = deduction(inputs, tender)
    parts = offs(inputs, tender)
    stops = _stops(inputs, tender, plan)
    return {
        "tender_id": tender.id,
        "supplier": tender.supplier,
        "label": tender.label,
        "deductions": [
            {
                "name": off.value.name,
                "max_bp": off.value.max_bp,
                "max_points": off.value.max_points,
                "points": list(tender.points.get(off.value.id, ())),
                "bp": str(off.part * 10_000),
            }
            for off in parts
        ],
        "deduction_bp": str(taken * 10_000),
        "is_capped": sum((off.part for off in parts), Fraction(0)) > taken,
        "min_total_ore": tender.min_total_ore,
        "stops": stops,
        "delivery_ore": sum(stop["ore"] for stop in stops),
    }


def _stops(inputs: Inputs, tender: TenderIn, plan: Plan) -> list[Plain]:
    if not inputs.counts_delivery:
        return []
    won = {award.lot_id for award in plan.awards if award.tender_id == tender.id}
    return [
        {
            "kitchen_id": kitchen_id,
            "kitchen": inputs.kitchens.get(kitchen_id, ""),
            "week_on": week,
            "ore": tender.delivery_ore.get(kitchen_id, 0),
        }
        for (kitchen_id, week), lots in stops_of(inputs).items()
        if lots & won
    ]


def _lot(inputs: Inputs, lot: LotIn, plan: Plan) -> Plain:
    lines = [
        _line(inputs, lot, tender, line, plan)
        for tender in inputs.tenders
        for line in tender.lines
        if line.lot_id == lot.id
    ]
    covered = sum(line["steps"] for line in lines)
    return {
        "lot_id": lot.id,
        "number": lot.number,
        "name": lot.name,
        "unit": lot.unit.value,
        "steps": lot.steps,
        "covered": covered,
        "open": lot.steps - covered,
        "lines": sorted(lines, key=lambda line: (Fraction(line["comparison_price"]), line["tender_id"])),
    }


def _line(inputs: Inputs, lot: LotIn, tender: TenderIn, line: LineIn, plan: Plan) -> Plain:
    steps = sum(a.steps for a in plan.awards if (a.lot_id, a.tender_id) == (lot.id, tender.id))
    taken, price = deduction(inputs, tender), Fraction(line.price)
    worth = price * 100 * steps / lot.unit.steps
    return {
        "tender_id": tender.id,
        "supplier": tender.supplier,
        "price": line.price,
        "min_steps": line.min_steps,
        "max_steps": line.max_steps,
        "deduction_bp": str(taken * 10_000),
        "comparison_price": str(price * (1 - taken)),
        "steps": steps,
        "cost_ore": ore(worth),
        "taken": _taken(inputs, tender, worth),
        "comparison_ore": ore(worth * (1 - taken)),
    }


def _taken(inputs: Inputs, tender: TenderIn, worth: Fraction) -> list[Plain]:
    """What each value takes off a line, in whole öre that add up: each is the difference of two rounded amounts."""
    taken, rows = Fraction(0), []
    for off in offs(inputs, tender):
        before, taken = taken, min(taken + off.part, Fraction(1, 2))
        rows.append({"name": off.value.name, "ore": ore(worth * (1 - before)) - ore(worth * (1 - taken))})
    return rows


def _totals(lots: list[Plain], tenders: list[Plain]) -> Plain:
    lines = [line for lot in lots for line in lot["lines"]]
    deliveries = sum(tender["delivery_ore"] for tender in tenders)
    goods, compared = sum(line["cost_ore"] for line in lines), sum(line["comparison_ore"] for line in lines)
    return {
        "goods_ore": goods,
        "deliveries_ore": deliveries,
        "taken_ore": goods - compared,
        "cost_ore": goods + deliveries,
        "comparison_ore": compared + deliveries,
    }


def _beside(inputs: Inputs, plan: Plan | None) -> Plain | None:
    """Another plan in short: what it compares at, and who would get how much."""
    if plan is None:
        return None
    names = {tender.id: tender.supplier for tender in inputs.tenders}
    return {
        "comparison_ore": ore(plan.comparison),
        "cost_ore": ore(plan.cost),
        "whole_lots": plan.whole_lots,
        "awards": [
            {
                "lot_id": award.lot_id,
                "tender_id": award.tender_id,
                "supplier": names[award.tender_id],
                "steps": award.steps,
            }
            for award in plan.awards
        ],
    }


def _draw(inputs: Inputs, outcome: Outcome) -> Plain:
    """How equal comparisons are told apart, so that anyone can do it again."""
    numbers = {lot.id: lot.number for lot in inputs.lots}
    tickets = [
        {
            "number": lot.number,
            "tender_id": tender.id,
            "supplier": tender.supplier,
            "deduction_bp": str(deduction(inputs, tender) * 10_000),
            "ticket": drawn(inputs.seed, lot.number, tender.sha256),
        }
        for lot in inputs.lots
        if lot.id in outcome.tied_lots
        for tender in inputs.tenders
        if any(line.lot_id == lot.id for line in tender.lines)
    ]
    return {
        "was_needed": outcome.equal is not None,
        "rule": inputs.tie_rule.value,
        "lots": [numbers[lot_id] for lot_id in outcome.tied_lots],
        "opened": sorted(inputs.opened),
        "seed": inputs.seed,
        "tickets": sorted(tickets, key=lambda one: (one["number"], one["ticket"])),
        "equal": _beside(inputs, outcome.equal),
    }
