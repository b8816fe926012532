"""The planner beside each engine alone: same problem, seconds and processes, one table.

`.venv/bin/python bench/routing.py --family vrptw|pdptw|cvrp|weeks [--data FOLDER] [--seconds N] [--processes N]`

Alone, an engine runs as its makers ship it (PyVRP by its own ``solve``; VROOM at its highest exploration level; OR-Tools
with the settings of this library), once per process with seeds of its own, and the best counts. Gaps are in per cent
to the best known in FOLDER/best-known.csv; for weeks, to the best of the run. Every plan is checked.
"""

# ruff: noqa: E402 - the path must be set before the imports

from __future__ import annotations

import argparse
import csv
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

HERE = Path(__file__).resolve().parent
# This file has the library's name: with its own folder at the end, the library is found.
sys.path = [entry for entry in sys.path if Path(entry).resolve() != HERE]
sys.path[:0] = [str(HERE.parent)]
sys.path.append(str(HERE))

from weeks import made_week

from routing.check import violations
from routing.engines.judge import Judge
from routing.engines.ortools_engine import OrTools, job_of
from routing.engines.protocol import Limit
from routing.engines.pyvrp_model import build, trips_of
from routing.engines.repair import mended
from routing.engines.vroom_engine import Vroom
from routing.formats.reading import Reading
from routing.io import plan_distance, read_problem
from routing.plan import Plan
from routing.problem import Problem
from routing.solve import plan_of, solve
from routing.trips import Trip

SUFFIXES = {"vrptw": "*.txt", "pdptw": "*.txt", "cvrp": "*.vrp"}


@dataclass(frozen=True)
class Case:
    """A problem, how its plans are measured, and the best known (vehicles, cost) where there is one."""

    reading: Reading
    best: tuple[int, float] | None


@dataclass(frozen=True)
class Result:
    """What counts, in order: shipments left out, vehicles (where they come first), distance or kronor."""

    left_out: int
    vehicles: int
    cost: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--family", choices=[*SUFFIXES, "weeks"], required=True)
    parser.add_argument("--data", type=Path, help="Folder with a subfolder per family and best-known.csv.")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--weeks", type=int, default=5, help="How many made weeks.")
    parser.add_argument("--only", default="ours,pyvrp,vroom,ortools", help="Which columns, by comma.")
    parser.add_argument("--files", default="", help="Only files whose name holds this.")
    options = parser.parse_args()
    columns = options.only.split(",")
    table = [
        (case, {name: run(name, case, options) for name in columns})
        for case in cases(options.family, options.data, options.weeks, options.files)
        if print(case.reading.problem.name, file=sys.stderr) is None
    ]
    print_table(table, columns, options)


def cases(family: str, data: Path | None, weeks: int, files: str) -> Iterator[Case]:
    if family == "weeks":
        yield from (Case(Reading(made_week(seed), "narmat"), None) for seed in range(weeks))
        return
    if data is None:
        sys.exit("Give --data FOLDER.")
    with (data / "best-known.csv").open(encoding="utf-8") as file:
        known = {row["instance"]: row for row in csv.DictReader(file)}
    for path in sorted((data / family).glob(SUFFIXES[family])):
        if files in path.stem:
            row = known[path.stem]
            yield Case(read_problem(path), (int(row["vehicles"] or 0), float(row["cost"])))


def run(name: str, case: Case, options: argparse.Namespace) -> Result:
    limit = Limit(seconds=options.seconds)
    if name == "ours":
        plan = solve(case.reading.problem, limit=limit, seed=options.seed, processes=options.processes)
        return result(case, plan)
    count = 1 if name == "vroom" else options.processes
    with ProcessPoolExecutor(count, mp_context=get_context("fork")) as pool:
        seeds = [options.seed + number for number in range(count)]
        plans = pool.map(alone, [name] * count, [case.reading.problem] * count, [limit] * count, seeds)
        return min((result(case, plan) for plan in plans), key=lambda found: order(case, found))


def alone(name: str, problem: Problem, limit: Limit, seed: int) -> Plan:
    """One engine's plan, mended where it breaks a rule that the engine does not know."""
    began = time.monotonic()
    searches: dict[str, Callable[[], tuple[Trip, ...]]] = {
        "pyvrp": lambda: pyvrp_alone(problem, limit, seed),
        "vroom": lambda: Vroom().search(problem, limit=limit, seed=seed, report=None).trips,
        "ortools": lambda: OrTools().search(problem, limit=limit, seed=seed, report=None).trips,
    }
    judge = Judge(problem)
    routes = [judge.route(trip) for trip in mended(searches[name](), judge)]
    return plan_of(
        problem,
        [route for route in routes if route is not None],
        engine=name,
        seconds=time.monotonic() - began,
        seed=seed,
    )


def pyvrp_alone(problem: Problem, limit: Limit, seed: int) -> tuple[Trip, ...]:
    import pyvrp
    from pyvrp.stop import MaxRuntime

    model = build(job_of(problem))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = pyvrp.solve(model.data, MaxRuntime(limit.seconds or 0), seed=seed, display=False)
    return trips_of(model, found.best)


def result(case: Case, plan: Plan) -> Result:
    faults = violations(case.reading.problem, plan)
    if faults:
        sys.exit(f"{case.reading.problem.name}: {faults[0]}")
    if case.best is None:
        kronor = (plan.totals.cost_ore + plan.totals.skip_ore) / 100
        mandatory = {s.id for s in case.reading.problem.shipments if s.skip_ore is None}
        left_out = sum(entry.shipment in mandatory for entry in plan.unserved)
        return Result(left_out, plan.totals.vehicles, kronor)
    return Result(len(plan.unserved), plan.totals.vehicles, plan_distance(case.reading, plan))


def order(case: Case, found: Result) -> tuple[float, ...]:
    vehicles = found.vehicles if case.reading.vehicles_first else 0
    return (found.left_out, vehicles, found.cost)


def print_table(
    table: list[tuple[Case, dict[str, Result]]], columns: list[str], options: argparse.Namespace
) -> None:
    print(f"{options.family}, {options.seconds:g} s, {options.processes} processes, seed {options.seed}")
    print(f"{'':<14}{'best':>12}" + "".join(f"{name:>20}" for name in columns))
    gaps: dict[str, list[float]] = {name: [] for name in columns}
    for case, results in table:
        best = case.best[1] if case.best else min(results.values(), key=lambda r: order(case, r)).cost
        line = f"{case.reading.problem.name:<14}{best:>12.1f}"
        for name in columns:
            gaps[name].append(100 * (results[name].cost / best - 1))
            line += f"{cell(case, results[name], gaps[name][-1]):>20}"
        print(line)
    print(f"{'mean gap %':<26}" + "".join(f"{statistics.fmean(gaps[name]):>20.2f}" for name in columns))
    sums = {name: sum(results[name].vehicles for _, results in table) for name in columns}
    known = sum(case.best[0] for case, _ in table if case.best)
    print(f"{'vehicles':<14}{known or '':>12}" + "".join(f"{sums[name]:>20}" for name in columns))


def cell(case: Case, found: Result, gap: float) -> str:
    """Vehicles beyond the best known, shipments left out, and the gap."""
    more = f"{found.vehicles - case.best[0]:+d} veh " if case.best and case.reading.vehicles_first else ""
    missing = f"-{found.left_out} " if found.left_out else ""
    return f"{missing}{more}{gap:.2f}"


if __name__ == "__main__":
    main()
