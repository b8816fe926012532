"""The evaluation's slow part: from inputs to an explained outcome. No database is at hand here, so none is locked."""

from __future__ import annotations

from collections.abc import Callable

from market.dis.evaluations.allocation import (
    NotProven,
    TooLargeToProve,
    allocate,
    one_winner,
    runner_up,
    without,
)
from market.dis.evaluations.explaining import Outcome
from market.dis.evaluations.inputs import Inputs, problem_of
from market.dis.evaluations.problem import Plan


def work_out(inputs: Inputs) -> Outcome:
    """The allocation and what is shown beside it. Raises NotProven, TooLargeToProve for the allocation itself."""
    problem = problem_of(inputs)
    solved = allocate(problem)
    largest = _largest(solved.plan)
    return Outcome(
        plan=solved.plan,
        equal=solved.equal,
        tied_lots=solved.tied_lots,
        second=_if_proven(lambda: runner_up(problem, solved.plan)),
        alone=_if_proven(lambda: one_winner(problem)),
        instead=_if_proven(lambda: without(problem, largest)) if largest else None,
    )


def _largest(plan: Plan) -> frozenset[int]:
    """The tender that is awarded lots most often; the lowest id of several."""
    won = [award.tender_id for award in plan.awards]
    return frozenset([min(won, key=lambda tender_id: (-won.count(tender_id), tender_id))] if won else [])


def _if_proven(solve: Callable[[], Plan | None]) -> Plan | None:
    try:
        return solve()
    except (NotProven, TooLargeToProve):
        return None
