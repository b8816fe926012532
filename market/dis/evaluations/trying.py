"""The same tenders under other settings: who would win, at what cost, how concentrated. Pure but for the solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from market.dis.evaluations.allocation import NotProven, Solved, TooLargeToProve, allocate
from market.dis.evaluations.explaining import ore
from market.dis.evaluations.inputs import Inputs, LotIn, Value, deduction, offs, problem_of
from market.dis.evaluations.problem import Plan
from market.dis.evaluations.trying_size import (
    MOST_EFFORT,
    MOST_TOGETHER,
    WORK,
    can_join,
    divided,
    effort,
    joined,
)
from market.dis.systems.rules import MOST_DEDUCTION_BP

MOST_LEFT_OUT = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """`scale` is how much of the chosen deductions count, in per cent; `split` into how many each lot is divided.

    `joined` makes one lot of all those in the same unit; `without` is an added value that does not count.
    """

    scale: int = 100
    split: int = 1
    joined: bool = False
    without: int | None = None
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
    """One setting and what came of it; `shares` is None when it could not be proven, or was too much to try."""

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


def settings_around(chosen: Setting, inputs: Inputs | None = None) -> list[Setting]:
    """The chosen one, then one thing changed at a time: also without each of the first values.

    Last two at once, smaller lots with a limit: nobody gets more than half of the halves.
    """
    values = inputs.values[:MOST_LEFT_OUT] if inputs else ()
    joined = [replace(chosen, joined=True, split=1)] if inputs and can_join(inputs) else []
    around = [
        chosen,
        *(replace(chosen, scale=scale) for scale in (0, 50, 200)),
        *(replace(chosen, without=value.id) for value in values),
        *(replace(chosen, split=split) for split in (1, 2, 4)),
        *joined,
        *(replace(chosen, per_lot=per_lot) for per_lot in (1, 2, 3)),
        *(replace(chosen, rotation=rotation) for rotation in (None, 1, 2)),
        *([replace(chosen, split=2, rotation=len(inputs.lots))] if inputs else []),
    ]
    return list(dict.fromkeys(around))


def try_all(inputs: Inputs, chosen: Setting) -> list[Tried]:
    """Each setting that there is time for, the chosen one first; the same ones are left out everywhere."""
    left, tried = MOST_TOGETHER, []
    for setting in settings_around(chosen, inputs):
        needed = effort(problem_of(under(inputs, setting)))
        if needed > min(MOST_EFFORT, left):
            tried.append(Tried(setting=setting))
            continue
        left -= needed
        tried.append(try_one(inputs, setting))
    return tried


def try_one(inputs: Inputs, setting: Setting) -> Tried:
    changed = under(inputs, setting)
    try:
        solved = allocate(problem_of(changed), work=WORK)
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
    only = {one.only for one in tried if one.shares is not None}
    return only.pop() if len(only) == 1 else None


def always_first(tried: Sequence[Tried]) -> str | None:
    """The supplier that gets most under every setting tried, or None."""
    first = {one.shares[0].supplier if one.shares else None for one in tried if one.shares is not None}
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
        if value.id != setting.without
        else replace(value, max_bp=0)
        for value in inputs.values
    )
    sized = joined(inputs) if setting.joined else divided(inputs, setting.split)
    return replace(
        sized,
        values=values,
        max_suppliers_per_lot=setting.per_lot,
        max_lots_per_supplier=setting.rotation,
    )
