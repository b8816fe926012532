"""Lots made smaller or larger, and how much there is time to try. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from math import comb

from market.dis.evaluations.inputs import Inputs, LineIn, LotIn, TenderIn
from market.dis.evaluations.problem import Lot, Problem
from market.values import Unit

MOST_EFFORT, MOST_TOGETHER = 350, 1600
"""For one setting, and for all of a page together: some seconds on one core."""
WORK = 2.0
"""Of the solver, for each step of one setting, in its own measure: it may be wrong about no answer, only give none."""
HARDER = 3
"""Times, where a limit or a delivery ties the lots together."""


def effort(problem: Problem) -> int:
    """About the number of ways to share each lot that must be looked at: more where many tenders compare as equal."""
    tied = problem.max_lots_per_supplier is not None or any(
        tender.min_total_ore or tender.deliveries for tender in problem.tenders
    )
    return sum(_ways(problem, lot) for lot in problem.lots) * (HARDER if tied else 1)


def _ways(problem: Problem, lot: Lot) -> int:
    compared = Counter(
        bid.price_ore * (1 - tender.deduction)
        for tender in problem.tenders
        for bid in tender.bids
        if bid.lot_id == lot.id
    )
    equal = max(compared.values(), default=0)
    most = problem.max_suppliers_per_lot if lot.allows_parts else 1
    patterns = sum(comb(equal, count) for count in range(1, min(most, equal) + 1)) if equal > 1 else 0
    return compared.total() + patterns


def divided(inputs: Inputs, split: int) -> Inputs:
    """Each lot in so many parts. A line is offered for every part, as large a share of it as of the whole."""
    lots, parts = _split(inputs.lots, split)
    return replace(inputs, lots=lots, tenders=tuple(_in_parts(tender, parts) for tender in inputs.tenders))


def _split(lots: Sequence[LotIn], split: int) -> tuple[tuple[LotIn, ...], dict[int, list[LotIn]]]:
    """Each lot in `split` parts of whole units, the rest in the first."""
    made: list[LotIn] = []
    parts: dict[int, list[LotIn]] = {}
    for lot in lots:
        part = lot.steps // split // lot.unit.steps * lot.unit.steps
        sizes = [lot.steps - part * (split - 1), *[part] * (split - 1)] if part else [lot.steps]
        for size in sizes:
            number = len(made) + 1
            made.append(replace(lot, id=number, number=number, steps=size))
            parts.setdefault(lot.id, []).append(made[-1])
    return tuple(made), parts


def _in_parts(tender: TenderIn, parts: Mapping[int, Sequence[LotIn]]) -> TenderIn:
    lines = []
    for line in tender.lines:
        whole = sum(part.steps for part in parts[line.lot_id])
        for part in parts[line.lot_id]:
            most = max(line.max_steps * part.steps // whole // part.unit.steps * part.unit.steps, 1)
            most = part.steps if line.max_steps >= whole else most
            lines.append(replace(line, lot_id=part.id, min_steps=min(line.min_steps, most), max_steps=most))
    return replace(tender, lines=tuple(lines))


def can_join(inputs: Inputs) -> bool:
    """Whether two lots are in the same unit."""
    return any(len(lots) > 1 for lots in _by_unit(inputs).values())


def joined(inputs: Inputs) -> Inputs:
    """The lots of each unit as one, for a single supplier: only those who offered all of all of them are left.

    The price is the mean of theirs, weighed by volume, in whole öre.
    """
    groups = list(_by_unit(inputs).values())
    lots = tuple(_one_of(number, lots) for number, lots in enumerate(groups, start=1))
    tenders = tuple(replace(tender, lines=tuple(_lines(tender, lots, groups))) for tender in inputs.tenders)
    return replace(inputs, lots=lots, tenders=tenders)


def _by_unit(inputs: Inputs) -> dict[Unit, list[LotIn]]:
    groups: dict[Unit, list[LotIn]] = {}
    for lot in inputs.lots:
        groups.setdefault(lot.unit, []).append(lot)
    return groups


def _one_of(number: int, lots: Sequence[LotIn]) -> LotIn:
    first, *more = lots
    if not more:
        return replace(first, id=number, number=number)
    return replace(
        first,
        id=number,
        number=number,
        name=" + ".join(lot.name for lot in lots),
        steps=sum(lot.steps for lot in lots),
        allows_parts=False,
        stops=tuple(sorted({stop for lot in lots for stop in lot.stops})),
    )


def _lines(tender: TenderIn, lots: Sequence[LotIn], groups: Sequence[Sequence[LotIn]]) -> list[LineIn]:
    lines = {line.lot_id: line for line in tender.lines}
    made = []
    for lot, group in zip(lots, groups, strict=True):
        if len(group) == 1:
            made += [replace(line, lot_id=lot.id) for line in tender.lines if line.lot_id == group[0].id]
        elif all(part.id in lines and lines[part.id].max_steps >= part.steps for part in group):
            worth = sum((Decimal(lines[part.id].price) * part.steps for part in group), Decimal(0))
            price = (worth / lot.steps).quantize(Decimal("0.01"), ROUND_HALF_UP)
            made.append(LineIn(lot_id=lot.id, price=str(price), min_steps=lot.steps, max_steps=lot.steps))
    return made
