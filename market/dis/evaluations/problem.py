"""What there is to share out: lots, tenders and the published limits; and a plan of who gets what. Pure and exact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """So many steps wanted of a product; `unit_steps` of them make the unit that prices are for."""

    id: int
    steps: int
    unit_steps: int = 1
    allows_parts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """A tender's line: nothing of the lot, or between `min_steps` and `max_steps`, at `price_ore` öre per unit."""

    lot_id: int
    min_steps: int
    max_steps: int
    price_ore: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """`ore` is paid once when anything of any of these lots is awarded: one stop, one week, whatever it carries."""

    lots: frozenset[int]
    ore: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tender:
    """`deduction` is what its added values take off its prices in the comparison, between 0 and 1/2.

    It holds only if all that is awarded of it, unrounded and without deliveries, is worth `min_total_ore`.
    """

    id: int
    bids: tuple[Bid, ...]
    deduction: Fraction = Fraction(0)
    min_total_ore: int = 0
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`ranks` gives for a lot the tenders in the order in which the published rule resolves equal comparisons."""

    lots: tuple[Lot, ...]
    tenders: tuple[Tender, ...]
    max_suppliers_per_lot: int = 1
    max_lots_per_supplier: int | None = None
    ranks: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    def rank(self, lot_id: int) -> tuple[int, ...]:
        return self.ranks.get(lot_id, tuple(tender.id for tender in self.tenders))


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Awarded:
    """So many steps of a lot to a tender."""

    lot_id: int
    tender_id: int
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who gets what. `comparison` and `cost` are exact öre, unrounded, with deliveries where they count."""

    awards: tuple[Awarded, ...]
    comparison: Fraction
    cost: Fraction
    whole_lots: int
    shares: Fraction

    @property
    def pattern(self) -> frozenset[tuple[int, int]]:
        """Who gets something of which lot, whatever the amounts."""
        return frozenset((award.lot_id, award.tender_id) for award in self.awards)

    @property
    def winners(self) -> frozenset[int]:
        return frozenset(award.tender_id for award in self.awards)


def grain(problem: Problem, lot: Lot) -> int:
    """The steps in which a lot is shared out: whole units where the volume and all its bids are in whole units.

    Otherwise the coarsest part of a unit in which all of them are whole. Nobody is awarded 37.346 kg of 100 kg.
    """
    found = gcd(lot.unit_steps, lot.steps)
    for tender in problem.tenders:
        for bid in tender.bids:
            if bid.lot_id == lot.id:
                found = gcd(found, bid.min_steps, bid.max_steps)
    return found


def cost_of(lot: Lot, bid: Bid, steps: int) -> Fraction:
    """What so many steps are paid with, in exact öre."""
    return Fraction(steps * bid.price_ore, lot.unit_steps)


def deliveries_of(tender: Tender, lot_ids: Iterable[int]) -> int:
    """What the tender's deliveries cost when it is awarded something of these lots."""
    won = frozenset(lot_ids)
    return sum(stop.ore for stop in tender.deliveries if stop.lots & won)


def plan_of(problem: Problem, awards: Iterable[Awarded]) -> Plan:
    """The plan with its sums, counted from the awards and nothing else."""
    given = tuple(sorted(awards))
    lots = {lot.id: lot for lot in problem.lots}
    goods = compared = Fraction(0)
    stops = 0
    for tender in problem.tenders:
        bids = {bid.lot_id: bid for bid in tender.bids}
        own = [award for award in given if award.tender_id == tender.id]
        worth = sum((cost_of(lots[a.lot_id], bids[a.lot_id], a.steps) for a in own), Fraction(0))
        goods += worth
        compared += worth * (1 - tender.deduction)
        stops += deliveries_of(tender, (award.lot_id for award in own))
    covered = {lot.id: sum(a.steps for a in given if a.lot_id == lot.id) for lot in problem.lots}
    return Plan(
        awards=given,
        comparison=compared + stops,
        cost=goods + stops,
        whole_lots=sum(covered[lot.id] == lot.steps for lot in problem.lots),
        shares=sum((Fraction(covered[lot.id], lot.steps) for lot in problem.lots), Fraction(0)),
    )
