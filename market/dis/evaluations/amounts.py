"""How much of a lot each gets, once it is decided who gets some of it. Pure and exact."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from market.dis.evaluations.problem import Awarded, Bid, Lot, Problem, Tender, cost_of

Pattern = frozenset[tuple[int, int]]
"""Pairs of a lot and a tender that gets something of it."""


def filled(problem: Problem, pattern: Pattern, *, last_first: bool = False) -> tuple[Awarded, ...]:
    """The cheapest amounts: each its least, then the rest to the lowest comparison price first, equal ones by rank.

    `last_first` turns the rank around: where that gives something else, equal prices met.
    """
    awards: list[Awarded] = []
    for lot in problem.lots:
        sharing = [(tender, bid) for tender, bid in _bids(problem, lot) if (lot.id, tender.id) in pattern]
        awards += _fill(problem, lot, sharing, last_first=last_first)
    return tuple(sorted(awards))


def holds(problem: Problem, awards: Iterable[Awarded]) -> bool:
    """Whether every tender that is awarded something is awarded what it asks for at least."""
    given = list(awards)
    lots = {lot.id: lot for lot in problem.lots}
    for tender in problem.tenders:
        bids = {bid.lot_id: bid for bid in tender.bids}
        own = [award for award in given if award.tender_id == tender.id]
        worth = sum((cost_of(lots[a.lot_id], bids[a.lot_id], a.steps) for a in own), Fraction(0))
        if own and worth < tender.min_total_ore:
            return False
    return True


def _bids(problem: Problem, lot: Lot) -> list[tuple[Tender, Bid]]:
    return [(tender, bid) for tender in problem.tenders for bid in tender.bids if bid.lot_id == lot.id]


def _fill(
    problem: Problem, lot: Lot, sharing: list[tuple[Tender, Bid]], *, last_first: bool
) -> list[Awarded]:
    places = {tender_id: place for place, tender_id in enumerate(problem.rank(lot.id))}
    turn = -1 if last_first else 1
    least = {tender.id: bid.min_steps if lot.allows_parts else lot.steps for tender, bid in sharing}
    left = lot.steps - sum(least.values())
    in_order = sorted(
        sharing, key=lambda one: (one[1].price_ore * (1 - one[0].deduction), turn * places[one[0].id])
    )
    awards = []
    for tender, bid in in_order:
        more = min(left, bid.max_steps - least[tender.id])
        left -= more
        awards.append(Awarded(lot_id=lot.id, tender_id=tender.id, steps=least[tender.id] + more))
    return awards
