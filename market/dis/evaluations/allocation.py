"""The cheapest lawful cover of a call-off's lots, proven: OR-Tools CP-SAT in whole numbers.

What decides, in this order, each proven best before the next is looked at:
1. the number of lots that are covered in whole;
2. the sum of the covered shares of the lots (what nobody bids for stays open, and is said);
3. the comparison cost: prices less deductions, plus deliveries where they count, in exact fractions of öre;
4. where several allocations are equal in all that, the published rule: lot by lot in their order, as much as possible to
   the tender that comes first in the rule's order. Who wins is settled first, with the solver; then how much, by hand.

Rounding happens only when a line is explained, never before it decides. One worker, one seed, and a limit counted in
steps of work and not in seconds: the same tenders give the same answer everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from ortools.sat.python import cp_model

from market.dis.evaluations.amounts import Pattern, filled, holds
from market.dis.evaluations.problem import Awarded, Bid, Lot, Plan, Problem, Tender, grain, plan_of
from market.values import Refused, msg

SEED = 6
MOST_WORK = 60.0  # deterministic time: steps of work in the solver's own measure, about a second each
WORK_ON_AMOUNTS = 1.0
LARGEST_SUM = 2**60  # sums beyond it would not fit in the solver's 64 bits
SHARE_PARTS = 10**12  # of a lot, where the lots' volumes have no common measure that fits

Pair = tuple[int, int]


class NotProven(Refused):
    message = msg(
        "Det gick inte att bevisa vilken fördelning som är billigast. Inget har sparats. "
        "Dela avropet i färre delkontrakt, eller kontakta den som sköter Närmat."
    )


class TooLargeToProve(Refused):
    message = msg(
        "Volymerna och priserna är för stora för att räknas exakt tillsammans. Inget har sparats. "
        "Dela avropet i två."
    )


@dataclass(frozen=True, slots=True)
class Solved:
    """The plan; when it was equal to another, that one, before the published rule chose between them."""

    plan: Plan
    equal: Plan | None = None

    @property
    def tied_lots(self) -> tuple[int, ...]:
        """The lots in which the two differ."""
        if self.equal is None:
            return ()
        differ = set(self.plan.awards) ^ set(self.equal.awards)
        return tuple(sorted({award.lot_id for award in differ}))


def allocate(problem: Problem) -> Solved:
    """The best plan, ties resolved. Raises NotProven, TooLargeToProve."""
    model = _Model(problem)
    first = model.best()
    if first is None:  # awarding nothing is always possible
        raise NotProven
    pattern, other = model.resolved(first)
    awards = filled(problem, pattern)
    if not holds(problem, awards):
        awards = tuple(model.amounts(pattern))
    plan = plan_of(problem, awards)
    turned = filled(problem, pattern, last_first=True)
    candidates = [found for found in (other, turned) if found not in ((), awards) and holds(problem, found)]
    equals = [plan_of(problem, found) for found in candidates]
    return Solved(plan, next((one for one in equals if one.comparison == plan.comparison), None))


def runner_up(problem: Problem, plan: Plan) -> Plan | None:
    """The best plan in which others win, or win other lots; None when there is no other at all."""
    model = _Model(problem)
    model.forbid(plan.pattern)
    found = model.best()
    return None if found is None else plan_of(problem, found)


def without(problem: Problem, tender_ids: frozenset[int]) -> Plan:
    """The best plan if these tenders were not there."""
    left = tuple(tender for tender in problem.tenders if tender.id not in tender_ids)
    return plan_of(problem, _Model(replace(problem, tenders=left)).best() or ())


def one_winner(problem: Problem) -> Plan:
    """The best plan with a single supplier, whatever the limit of lots per supplier."""
    freely = replace(problem, max_lots_per_supplier=None)
    alone = [replace(freely, tenders=(tender,)) for tender in problem.tenders]
    plans = [plan_of(one, _Model(one).best() or ()) for one in alone]
    return min(plans, key=lambda p: (-p.whole_lots, -p.shares, p.comparison), default=plan_of(freely, ()))


@dataclass(frozen=True, slots=True)
class _Cell:
    """What a tender can get of a lot, counted in grains."""

    lot: Lot
    tender: Tender
    bid: Bid
    grain: int
    amount: cp_model.IntVar
    used: cp_model.IntVar
    most: int


class _Model:
    """The problem in CP-SAT's terms."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.model = cp_model.CpModel()
        self.cells: dict[Pair, _Cell] = {}
        self.whole: dict[int, cp_model.IntVar] = {}
        self.wins = {tender.id: self.model.new_bool_var(f"w{tender.id}") for tender in problem.tenders}
        self.stops: list[tuple[int, cp_model.IntVar]] = []
        for lot in problem.lots:
            self._share_out(lot)
        for tender in problem.tenders:
            self._bind(tender)

    def _share_out(self, lot: Lot) -> None:
        step = grain(self.problem, lot)
        whole = self.whole[lot.id] = self.model.new_bool_var(f"l{lot.id}")
        cells = [
            self._cell(lot, tender, bid, step)
            for tender in self.problem.tenders
            for bid in tender.bids
            if bid.lot_id == lot.id and bid.min_steps <= min(bid.max_steps, lot.steps)
        ]
        covered = sum(cell.amount for cell in cells)
        self.model.add(covered <= lot.steps // step)
        self.model.add(covered >= lot.steps // step * whole)
        suppliers = self.problem.max_suppliers_per_lot if lot.allows_parts else 1
        self.model.add(sum(cell.used for cell in cells) <= suppliers)

    def _cell(self, lot: Lot, tender: Tender, bid: Bid, step: int) -> _Cell:
        all_of_it = lot.steps // step
        most = min(bid.max_steps, lot.steps) // step
        least = bid.min_steps // step if lot.allows_parts else all_of_it
        amount = self.model.new_int_var(0, most, f"a{lot.id}_{tender.id}")
        used = self.model.new_bool_var(f"u{lot.id}_{tender.id}")
        self.model.add(amount <= most * used)
        self.model.add(amount >= least * used)
        cell = _Cell(lot, tender, bid, step, amount, used, most)
        self.cells[lot.id, tender.id] = cell
        return cell

    def _bind(self, tender: Tender) -> None:
        """What holds for a tender across its lots: the limit of lots, its least total, its deliveries."""
        cells = [cell for cell in self.cells.values() if cell.tender.id == tender.id]
        won = self.wins[tender.id]
        for cell in cells:
            self.model.add_implication(cell.used, won)
        self.model.add(sum(cell.used for cell in cells) >= won)
        if self.problem.max_lots_per_supplier is not None:
            self.model.add(sum(cell.used for cell in cells) <= self.problem.max_lots_per_supplier)
        if tender.min_total_ore:
            worth, scale = _whole([(_paid(cell), cell.amount, cell.most) for cell in cells])
            self.model.add(worth >= tender.min_total_ore * scale).only_enforce_if(won)
        for stop in tender.deliveries:
            driven = self.model.new_bool_var("")
            for cell in cells:
                if cell.lot.id in stop.lots:
                    self.model.add_implication(cell.used, driven)
            self.stops.append((stop.ore, driven))

    def forbid(self, pattern: Pattern, cells: Mapping[Pair, _Cell] | None = None) -> None:
        """Among the cells, all if none are named: someone else wins, or another lot."""
        among = self.cells if cells is None else cells
        differs = [cell.used.negated() if pair in pattern else cell.used for pair, cell in among.items()]
        self.model.add_bool_or(differs)

    def best(self) -> list[Awarded] | None:
        """The steps 1 to 3: None when it is proven that nothing is possible. Covering binds what comes after."""
        for goal in (self._whole_lots(), self._shares()):
            solver = self._solve(goal, most=True)
            if solver is None:
                return None
            self.model.add(goal == solver.value(goal))
        solver = self._solve(self._cost())
        return None if solver is None else self._awards(solver)

    def resolved(self, first: list[Awarded]) -> tuple[Pattern, tuple[Awarded, ...]]:
        """Step 4: who wins by the published rule; and what costs the same with other winners, nothing if nothing does."""
        plan = plan_of(self.problem, first)
        other = self._cheapest_but(plan.pattern, self.cells)
        if other is None or plan_of(self.problem, other).comparison > plan.comparison:
            return plan.pattern, ()
        for lot in self.problem.lots:
            self._settle(lot, plan)
        chosen = plan_of(self.problem, self._proven()).pattern
        return chosen, tuple(other if chosen == plan.pattern else first)

    def _settle(self, lot: Lot, plan: Plan) -> None:
        """Of all ways to share a lot that are part of a best plan, keep the one that the rule prefers."""
        cells = {pair: cell for pair, cell in self.cells.items() if pair[0] == lot.id}
        rank, found = self.problem.rank(lot.id), []
        kept, self.model = self.model, self.model.clone()
        awards: list[Awarded] | None = self._proven() if cells else None
        while awards is not None and plan_of(self.problem, awards).comparison == plan.comparison:
            pattern = frozenset((a.lot_id, a.tender_id) for a in awards if a.lot_id == lot.id)
            amounts = {award.tender_id: award.steps for award in filled(self.problem, pattern)}
            found.append(([amounts.get(tender_id, 0) for tender_id in rank], pattern))
            self.forbid(pattern, cells)
            awards = self._solved(self._cost())
        self.model = kept
        chosen = max(found, key=lambda one: one[0])[1] if found else frozenset()
        for pair, cell in cells.items():
            self.model.add(cell.used == int(pair in chosen))

    def _cheapest_but(self, pattern: Pattern, cells: Mapping[Pair, _Cell]) -> list[Awarded] | None:
        """The cheapest that covers as much, with other winners."""
        kept, self.model = self.model, self.model.clone()
        self.forbid(pattern, cells)
        found = self._solved(self._cost())
        self.model = kept
        return found

    def amounts(self, pattern: Pattern) -> list[Awarded]:
        """The cheapest amounts of those who win, where someone's least total binds; equal ones by rank.

        Whether other amounts between the same winners cost the same is looked for within `WORK_ON_AMOUNTS`; after that
        the cheapest amounts that were found first stand.
        """
        for pair, cell in self.cells.items():
            self.model.add(cell.used == int(pair in pattern))
        goal = self._cost()
        solver = self._solve(goal)
        if solver is None:
            raise NotProven
        self.model.add(goal <= solver.value(goal))
        for lot in self.problem.lots:
            for tender_id in self.problem.rank(lot.id):
                if (lot.id, tender_id) in pattern:
                    amount = self.cells[lot.id, tender_id].amount
                    try:
                        solver = self._solve(amount, most=True, work=WORK_ON_AMOUNTS) or solver
                    except NotProven:
                        return self._awards(solver)
                    self.model.add(amount == solver.value(amount))
        return self._awards(solver)

    def _proven(self) -> list[Awarded]:
        found = self._solved(self._cost())
        if found is None:
            raise NotProven
        return found

    def _solved(self, goal: cp_model.LinearExprT) -> list[Awarded] | None:
        solver = self._solve(goal)
        return None if solver is None else self._awards(solver)

    def _whole_lots(self) -> cp_model.LinearExprT:
        return sum(self.whole.values())

    def _shares(self) -> cp_model.LinearExprT:
        """The covered shares on a common measure of all lots; where that is too fine, in millionths of millionths."""
        common = lcm(*(lot.steps for lot in self.problem.lots))
        fits = common * len(self.problem.lots) < LARGEST_SUM
        parts = common if fits else SHARE_PARTS
        return sum(cell.amount * (parts * cell.grain // cell.lot.steps) for cell in self.cells.values())

    def _cost(self) -> cp_model.LinearExprT:
        priced = [
            (_paid(cell) * (1 - cell.tender.deduction), cell.amount, cell.most)
            for cell in self.cells.values()
        ]
        driven = [(Fraction(ore), stop, 1) for ore, stop in self.stops]
        return _whole(priced + driven)[0]

    def _solve(
        self, goal: cp_model.LinearExprT, *, most: bool = False, work: float | None = None
    ) -> cp_model.CpSolver | None:
        """The proven optimum, or None when it is proven that there is nothing. Raises NotProven."""
        self.model.clear_objective()  # type: ignore[no-untyped-call]
        (self.model.maximize if most else self.model.minimize)(goal)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = SEED
        solver.parameters.max_deterministic_time = MOST_WORK if work is None else work
        status = solver.solve(self.model)
        if status == cp_model.INFEASIBLE:
            return None
        if status != cp_model.OPTIMAL:
            raise NotProven
        return solver

    def _awards(self, solver: cp_model.CpSolver) -> list[Awarded]:
        return sorted(
            Awarded(lot_id=lot, tender_id=tender, steps=solver.value(cell.amount) * cell.grain)
            for (lot, tender), cell in self.cells.items()
            if solver.value(cell.amount)
        )


def _paid(cell: _Cell) -> Fraction:
    """Öre for one grain."""
    return Fraction(cell.grain * cell.bid.price_ore, cell.lot.unit_steps)


def _whole(terms: list[tuple[Fraction, cp_model.IntVar, int]]) -> tuple[cp_model.LinearExprT, int]:
    """The sum with whole coefficients: all times one number, which is returned too. Raises TooLargeToProve."""
    scale = lcm(*(rate.denominator for rate, _, _ in terms))
    whole = [(int(rate * scale), variable, most) for rate, variable, most in terms]
    if sum(factor * most for factor, _, most in whole) >= LARGEST_SUM:
        raise TooLargeToProve
    return sum(factor * variable for factor, variable, _ in whole), scale
