"""The same tenders under other settings: who would win, at what cost, how concentrated. Pure but for the solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from market.dis.evaluations.allocation import NotProven, Solved, TooLargeToProve, allocate
from market.dis.evaluations.explaining import ore
from market.dis.evaluations.inputs import Inputs, LotIn, TenderIn, Value, deduction, offs, problem_of
from market.dis.evaluations.problem import Plan
from market.dis.systems.rules import MOST_DEDUCTION_BP


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """`scale` is how much of the chosen deductions count, in per cent; `split` into how many each lot is divided."""

    scale: int = 100
    split: int = 1
    per_lot: int = 1
    rotation: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What a supplier would be awarded."""

    supplier: str
    ore: int
    lots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One setting and what came of it; `shares` is None when it could not be proven."""

    setting: Setting
    shares: Sequence[Share] | None = None
    cost_ore: int = 0
    comparison_ore: int = 0
    whole_lots: int = 0
    lots: int = 0
    hhi: int = 0
    is_drawn: bool = False

    @property
    def only(self) -> str | None:
        """The one who gets everything, where one does."""
        return self.shares[0].supplier if self.shares and len(self.shares) == 1 else None


@dataclass(frozen=True, slots=True)
class Twins:
    """Two tenders that nothing separates in a lot: same price, same deductions."""

    lot: LotIn
    one: str
    other: str


def settings_around(chosen: Setting) -> list[Setting]:
    """The chosen one, then one thing changed at a time, and last smaller lots with one for each."""
    around = [
        chosen,
        *(replace(chosen, scale=scale) for scale in (0, 50, 200)),
        *(replace(chosen, split=split) for split in (1, 2, 4)),
        *(replace(chosen, per_lot=per_lot) for per_lot in (1, 2, 3)),
        *(replace(chosen, rotation=rotation) for rotation in (None, 1, 2)),
        replace(chosen, split=max(chosen.split, 2), rotation=1),
    ]
    return list(dict.fromkeys(around))


def try_all(inputs: Inputs, chosen: Setting) -> list[Tried]:
    return [try_one(inputs, setting) for setting in settings_around(chosen)]


def try_one(inputs: Inputs, setting: Setting) -> Tried:
    changed = under(inputs, setting)
    try:
        solved = allocate(problem_of(changed))
    except (NotProven, TooLargeToProve):
        return Tried(setting=setting)
    return _tried(changed, setting, solved)


def _tried(inputs: Inputs, setting: Setting, solved: Solved) -> Tried:
    plan = solved.plan
    shares = shares_of(inputs, plan)
    return Tried(
        setting=setting,
        shares=shares,
        cost_ore=ore(plan.cost),
        comparison_ore=ore(plan.comparison),
        whole_lots=plan.whole_lots,
        lots=len(inputs.lots),
        hhi=concentration(shares),
        is_drawn=solved.equal is not None,
    )


def shares_of(inputs: Inputs, plan: Plan) -> list[Share]:
    """By supplier, the one with most first; what is awarded is worth its price, without deliveries."""
    lots = {lot.id: lot for lot in inputs.lots}
    found = []
    for tender in inputs.tenders:
        prices = {line.lot_id: Fraction(line.price) for line in tender.lines}
        own = [award for award in plan.awards if award.tender_id == tender.id]
        worth = sum((prices[a.lot_id] * 100 * a.steps / lots[a.lot_id].unit.steps for a in own), Fraction(0))
        if own:
            found.append(Share(tender.supplier, ore(worth), len(own)))
    return sorted(found, key=lambda share: (-share.ore, share.supplier))


def concentration(shares: Sequence[Share]) -> int:
    """The Herfindahl-Hirschman index: the squares of the shares in per cent, summed. 10 000 is one supplier for all.

    Where everything is free the shares are those of the lots.
    """
    total = sum(share.ore for share in shares)
    parts = [share.ore for share in shares] if total else [share.lots for share in shares]
    whole = sum(parts)
    return int(sum(Fraction(100 * part, whole) ** 2 for part in parts) + Fraction(1, 2)) if whole else 0


def always_alone(tried: Sequence[Tried]) -> str | None:
    """The supplier that gets everything under every setting tried, or None."""
    only = {one.only for one in tried}
    return only.pop() if len(only) == 1 else None


def always_first(tried: Sequence[Tried]) -> str | None:
    """The supplier that gets most under every setting tried, or None."""
    first = {one.shares[0].supplier if one.shares else None for one in tried}
    return first.pop() if len(first) == 1 else None


def twins(inputs: Inputs) -> list[Twins]:
    """Pairs that only drawing lots can separate."""
    taken = {tender.id: deduction(inputs, tender) for tender in inputs.tenders}
    found = []
    for lot in inputs.lots:
        lines = [(t, line) for t in inputs.tenders for line in t.lines if line.lot_id == lot.id]
        for (one, first), (other, second) in combinations(lines, 2):
            if Fraction(first.price) == Fraction(second.price) and taken[one.id] == taken[other.id]:
                found.append(Twins(lot, one.supplier, other.supplier))
    return found


def silent(inputs: Inputs) -> list[Value]:
    """The values that give every tender the same: they separate nobody."""
    given: Mapping[int, set[Fraction]] = {value.id: set() for value in inputs.values}
    for tender in inputs.tenders:
        for off in offs(inputs, tender):
            given[off.value.id].add(off.part)
    return [value for value in inputs.values if len(given[value.id]) < 2]


def under(inputs: Inputs, setting: Setting) -> Inputs:
    """The tenders as they would be compared under a setting."""
    values = tuple(
        replace(value, max_bp=min(value.max_bp * setting.scale // 100, MOST_DEDUCTION_BP))
        for value in inputs.values
    )
    lots, parts = _split(inputs.lots, setting.split)
    return replace(
        inputs,
        values=values,
        lots=lots,
        tenders=tuple(_in_parts(tender, parts) for tender in inputs.tenders),
        max_suppliers_per_lot=setting.per_lot,
        max_lots_per_supplier=setting.rotation,
    )


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
    """A line is offered for every part, as large a share of it as of the whole."""
    lines = []
    for line in tender.lines:
        whole = sum(part.steps for part in parts[line.lot_id])
        for part in parts[line.lot_id]:
            most = max(line.max_steps * part.steps // whole // part.unit.steps * part.unit.steps, 1)
            most = part.steps if line.max_steps >= whole else most
            lines.append(replace(line, lot_id=part.id, min_steps=min(line.min_steps, most), max_steps=most))
    return replace(tender, lines=tuple(lines))
