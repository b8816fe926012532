"""How near the best possible plans of made weeks are: `.venv/bin/python bench/bound.py`; one row per week.

`solve` plans each week for some seconds, then `bound` proves for some more how little any plan can cost. The gap is how far the plan
is from the bound: from the best possible it can only be nearer. Both run one after the other in one process.
"""

# ruff: noqa: E402 - the path must be set before the imports

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# A neighbour has the library's name: with this folder at the end, the library is found.
sys.path = [entry for entry in sys.path if Path(entry).resolve() != HERE]
sys.path[:0] = [str(HERE.parent)]
sys.path.append(str(HERE))

from weeks import made_week

from routing.bound import bound, gap
from routing.engines.ortools_engine import EngineGaveNothing
from routing.plan import Plan
from routing.problem import Problem
from routing.solve import Limit, solve
from routing.wording import ENGLISH, from_best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=10)
    parser.add_argument("--plan-seconds", type=float, default=10)
    parser.add_argument("--bound-seconds", type=float, default=60)
    given = parser.parse_args()
    print("| week | plan kr | bound kr | by | seconds | gap |\n|---:|---:|---:|---|---:|---|")
    gaps = [_row(seed, given.plan_seconds, given.bound_seconds) for seed in range(given.weeks)]
    known = [share for share in gaps if share is not None]
    if known:
        print(f"\nmedian gap {100 * statistics.median(known):.1f} %, {len(known)} of {len(gaps)} weeks")


def _row(seed: int, plan_seconds: float, bound_seconds: float) -> float | None:
    problem = made_week(seed)
    plan = _plan(problem, plan_seconds)
    proven = bound(problem, seconds=bound_seconds)
    share = None if plan is None else gap(plan, proven, problem)
    cost = "none" if plan is None else f"{plan.totals.price_ore / 100:.0f}"
    figures = f"{cost} | {proven.cost_ore / 100:.0f} | {proven.method} | {proven.seconds:.0f}"
    print(f"| {seed} | {figures} | {from_best(share, ENGLISH)} |", flush=True)
    return share


def _plan(problem: Problem, seconds: float) -> Plan | None:
    """None when the engine gives up: a week's bound is worth a row all the same."""
    try:
        return solve(problem, limit=Limit(seconds=seconds))
    except EngineGaveNothing:
        return None


if __name__ == "__main__":
    main()
