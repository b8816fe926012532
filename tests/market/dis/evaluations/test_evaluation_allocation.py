"""The allocation against every possibility tried one by one, written without a look at the solver's side."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from market.dis.evaluations.allocation import (
    NotProven,
    TooLargeToProve,
    allocate,
    one_winner,
    runner_up,
    without,
)
from market.dis.evaluations.problem import Bid, Delivery, Lot, Problem, Tender


def ways_to_share(problem, lot):
    """Every lawful way to share one lot: a mapping of tender to steps, whole units only."""
    choices = []
    for tender in problem.tenders:
        mine = [0]
        for bid in tender.bids:
            if bid.lot_id == lot.id:
                mine += list(range(bid.min_steps, bid.max_steps + 1))
        choices.append(mine)
    for amounts in product(*choices):
        given = {t.id: n for t, n in zip(problem.tenders, amounts, strict=True) if n}
        if sum(given.values()) > lot.steps or len(given) > problem.max_suppliers_per_lot:
            continue
        if not lot.allows_parts and given and list(given.values()) != [lot.steps]:
            continue
        yield given


def price_of(problem, lot_id, tender_id):
    tender = next(t for t in problem.tenders if t.id == tender_id)
    return next(b.price_ore for b in tender.bids if b.lot_id == lot_id)


def judged(problem, shares):
    """(minus whole lots, minus covered shares, comparison), or None when it is not lawful."""
    whole = covered = 0
    total = Fraction(0)
    for lot, shared in zip(problem.lots, shares, strict=True):
        whole += sum(shared.values()) == lot.steps
        covered += Fraction(sum(shared.values()), lot.steps)
    for tender in problem.tenders:
        mine = [
            (lot.id, given[tender.id])
            for lot, given in zip(problem.lots, shares, strict=True)
            if tender.id in given
        ]
        if not mine:
            continue
        if problem.max_lots_per_supplier is not None and len(mine) > problem.max_lots_per_supplier:
            return None
        worth = sum(steps * price_of(problem, lot_id, tender.id) for lot_id, steps in mine)
        if worth < tender.min_total_ore:
            return None
        total += worth * (1 - tender.deduction)
        won = {lot_id for lot_id, _ in mine}
        total += sum(stop.ore for stop in tender.deliveries if won & stop.lots)
    return -whole, -covered, total


def all_plans(problem):
    found = []
    for shares in product(*(list(ways_to_share(problem, lot)) for lot in problem.lots)):
        value = judged(problem, shares)
        if value is not None:
            found.append((value, shares))
    return found


def as_value(plan):
    return -plan.whole_lots, -plan.shares, plan.comparison


def as_shares(problem, plan):
    return tuple({a.tender_id: a.steps for a in plan.awards if a.lot_id == lot.id} for lot in problem.lots)


@st.composite
def problems(draw):
    lots = tuple(
        Lot(id=n, steps=draw(st.integers(1, 4)), allows_parts=draw(st.booleans()))
        for n in range(draw(st.integers(1, 3)))
    )
    tenders = tuple(_tender(draw, 10 + n, lots) for n in range(draw(st.integers(1, 3))))
    return Problem(
        lots=lots,
        tenders=tenders,
        max_suppliers_per_lot=draw(st.integers(1, 3)),
        max_lots_per_supplier=draw(st.none() | st.integers(1, 3)),
        ranks={lot.id: tuple(draw(st.permutations([t.id for t in tenders]))) for lot in lots},
    )


def _tender(draw, tender_id, lots):
    bids = []
    for lot in lots:
        if draw(st.integers(0, 3)):
            least = draw(st.integers(1, lot.steps))
            most = draw(st.integers(least, lot.steps))
            bids.append(
                Bid(lot_id=lot.id, min_steps=least, max_steps=most, price_ore=draw(st.integers(0, 4)))
            )
    groups = st.frozensets(st.sampled_from([lot.id for lot in lots]), min_size=1)
    return Tender(
        id=tender_id,
        bids=tuple(bids),
        deduction=draw(st.sampled_from([Fraction(0), Fraction(1, 10), Fraction(22, 150), Fraction(1, 2)])),
        min_total_ore=draw(st.sampled_from([0, 0, 0, 3, 8])),
        deliveries=tuple(
            Delivery(lots=draw(groups), ore=draw(st.integers(0, 5))) for _ in range(draw(st.integers(0, 2)))
        ),
    )


@settings(max_examples=120, deadline=None)
@given(problems())
def test_nothing_that_is_lawful_is_better(problem):
    plans = all_plans(problem)
    best = min(value for value, _ in plans)
    solved = allocate(problem)
    assert as_value(solved.plan) == best
    assert (best, as_shares(problem, solved.plan)) in plans, "what is presented is lawful"
    ties = [shares for value, shares in plans if value == best]
    assert (solved.equal is None) or len(ties) > 1
    if all(t.min_total_ore == 0 for t in problem.tenders):
        assert as_shares(problem, solved.plan) == preferred(problem, ties)
        assert (solved.equal is not None) == (len(ties) > 1)


def preferred(problem, ties):
    """The published rule, by hand: lot by lot, as much as possible to the first in rank, then to the next."""
    left = list(ties)
    for place, lot in enumerate(problem.lots):
        for tender_id in problem.rank(lot.id):
            most = max(shares[place].get(tender_id, 0) for shares in left)
            left = [shares for shares in left if shares[place].get(tender_id, 0) == most]
    return left[0]


@settings(max_examples=60, deadline=None)
@given(problems())
def test_the_runner_up_is_the_best_with_other_winners(problem):
    solved = allocate(problem)
    second = runner_up(problem, solved.plan)
    others = [
        value
        for value, shares in all_plans(problem)
        if {(lot.id, t) for lot, given in zip(problem.lots, shares, strict=True) for t in given}
        != solved.plan.pattern
    ]
    assert (None if second is None else as_value(second)) == min(others, default=None)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_one_winner_is_the_best_that_one_alone_can_do(problem):
    freely = Problem(
        lots=problem.lots, tenders=problem.tenders, max_suppliers_per_lot=problem.max_suppliers_per_lot
    )
    alone = [value for value, shares in all_plans(freely) if len({t for given in shares for t in given}) <= 1]
    assert as_value(one_winner(problem)) == min(alone)


def two_equal(**more):
    lots = (Lot(id=1, steps=100_000, unit_steps=1000), Lot(id=2, steps=60_000, unit_steps=1000))
    bids = tuple(Bid(lot_id=lot.id, min_steps=1000, max_steps=lot.steps, price_ore=1_400) for lot in lots)
    tenders = (Tender(id=7, bids=bids), Tender(id=8, bids=bids))
    return Problem(lots=lots, tenders=tenders, max_suppliers_per_lot=2, **more)


def test_two_equal_tenders_are_told_apart_by_the_published_order_lot_by_lot():
    solved = allocate(two_equal(ranks={1: (8, 7), 2: (7, 8)}))
    assert [(a.lot_id, a.tender_id, a.steps) for a in solved.plan.awards] == [(1, 8, 100_000), (2, 7, 60_000)]
    assert solved.equal is not None
    assert set(solved.tied_lots) <= {1, 2}
    assert solved.tied_lots


def test_rotation_lets_both_deliver():
    solved = allocate(two_equal(ranks={1: (8, 7), 2: (8, 7)}, max_lots_per_supplier=1))
    assert [(a.lot_id, a.tender_id) for a in solved.plan.awards] == [(1, 8), (2, 7)]


def test_a_tender_of_nothing_wins_and_costs_nothing():
    lot = Lot(id=1, steps=5000, unit_steps=1000)
    free = Tender(id=1, bids=(Bid(lot_id=1, min_steps=5000, max_steps=5000, price_ore=0),))
    paid = Tender(
        id=2, bids=(Bid(lot_id=1, min_steps=5000, max_steps=5000, price_ore=1),), deduction=Fraction(1, 2)
    )
    solved = allocate(Problem(lots=(lot,), tenders=(paid, free)))
    assert solved.plan.winners == {1}
    assert solved.plan.cost == solved.plan.comparison == 0


def test_a_lot_nobody_bids_for_stays_open_and_no_tender_is_needed():
    lots = (Lot(id=1, steps=10), Lot(id=2, steps=10))
    bid = Bid(lot_id=2, min_steps=1, max_steps=4, price_ore=100)
    plan = allocate(Problem(lots=lots, tenders=(Tender(id=1, bids=(bid,)),))).plan
    assert (plan.whole_lots, plan.shares, plan.awards[0].steps) == (0, Fraction(2, 5), 4)
    assert allocate(Problem(lots=lots, tenders=())).plan.awards == ()


def test_covering_comes_before_cost():
    lot = Lot(id=1, steps=10)
    cheap = Tender(id=1, bids=(Bid(lot_id=1, min_steps=1, max_steps=9, price_ore=1),))
    whole = Tender(id=2, bids=(Bid(lot_id=1, min_steps=10, max_steps=10, price_ore=900),))
    assert allocate(Problem(lots=(lot,), tenders=(cheap, whole))).plan.winners == {2}


def test_a_delivery_is_paid_once_for_all_the_lots_it_carries():
    lots = (Lot(id=1, steps=1), Lot(id=2, steps=1))
    both = Tender(
        id=1,
        bids=tuple(Bid(lot_id=n, min_steps=1, max_steps=1, price_ore=100) for n in (1, 2)),
        deliveries=(Delivery(lots=frozenset({1, 2}), ore=50),),
    )
    near = Tender(id=2, bids=(Bid(lot_id=1, min_steps=1, max_steps=1, price_ore=99),))
    plan = allocate(Problem(lots=lots, tenders=(both, near))).plan
    assert plan.comparison == 99 + 100 + 50
    assert allocate(Problem(lots=lots, tenders=(both,))).plan.comparison == 250


def test_a_third_of_an_ore_decides():
    lot = Lot(id=1, steps=1)
    bid = Bid(lot_id=1, min_steps=1, max_steps=1, price_ore=100)
    less, more = (
        Tender(id=n, bids=(bid,), deduction=d) for n, d in ((1, Fraction(1, 3)), (2, Fraction(333, 1000)))
    )
    assert allocate(Problem(lots=(lot,), tenders=(more, less))).plan.winners == {1}


def test_without_a_winner_the_others_are_looked_at_again():
    problem = two_equal(ranks={1: (8, 7), 2: (8, 7)})
    assert without(problem, frozenset({8})).winners == {7}
    assert without(problem, frozenset({7, 8})).awards == ()


def test_what_does_not_fit_in_the_solver_is_refused_and_not_rounded():
    lot = Lot(id=1, steps=2**31 - 1, unit_steps=1000)
    bids = (Bid(lot_id=1, min_steps=1, max_steps=2**31 - 1, price_ore=999_999_999),)
    tenders = tuple(Tender(id=n, bids=bids, deduction=Fraction(1, 9973 + n)) for n in range(2))
    with pytest.raises(TooLargeToProve):
        allocate(Problem(lots=(lot,), tenders=tenders))


def test_what_is_not_proven_is_never_presented():
    lots = tuple(Lot(id=n, steps=97 + n) for n in range(12))
    tenders = tuple(
        Tender(
            id=t,
            min_total_ore=5_000 + 991 * t,
            bids=tuple(
                Bid(
                    lot_id=lot.id,
                    min_steps=7 + t,
                    max_steps=60 + t,
                    price_ore=100 + (t * 37 + lot.id * 53) % 41,
                )
                for lot in lots
            ),
            deliveries=tuple(Delivery(lots=frozenset({n, (n + t) % 12}), ore=400 + n) for n in range(12)),
        )
        for t in range(6)
    )
    with pytest.raises(NotProven):
        allocate(Problem(lots=lots, tenders=tenders, max_suppliers_per_lot=3), work=0.01)


@pytest.mark.parametrize("status", [cp_model.FEASIBLE, cp_model.UNKNOWN, cp_model.MODEL_INVALID])
def test_an_answer_that_is_only_good_is_refused(monkeypatch, status):
    really = cp_model.CpSolver.solve

    def solve_and_doubt(solver, model):
        really(solver, model)
        return status

    monkeypatch.setattr(cp_model.CpSolver, "solve", solve_and_doubt)
    with pytest.raises(NotProven):
        allocate(two_equal())
