"""How near the best possible a plan is said to be: `.venv/bin/python bench/proving.py`; one row per made week.

`solve` searches and proves side by side in two processes, so many seconds for both together; routes that come up while
proving are looked at by the search.
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

from routing.solve import Limit, solve
from routing.wording import ENGLISH, from_best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    print("| week | plan kr | bound kr | gap |\n|---:|---:|---:|---|")
    gaps = [_row(seed, given.seconds) for seed in range(given.weeks)]
    known = [share for share in gaps if share is not None]
    if known:
        print(f"\nmedian gap {100 * statistics.median(known):.1f} %, {len(known)} of {len(gaps)} weeks")


def _row(seed: int, seconds: float) -> float | None:
    plan = solve(made_week(seed), limit=Limit(seconds=seconds), prove=True)
    costs = f"{plan.totals.price_ore / 100:.0f} | {plan.bound_ore / 100:.0f}"
    print(f"| {seed} | {costs} | {from_best(plan.gap, ENGLISH)} |", flush=True)
    return plan.gap


if __name__ == "__main__":
    main()
