"""Five municipalities together, or each by itself: `.venv/bin/python bench/large.py`; one row per made region.

300 farms, 60 kitchens, 25 vehicles, 900 orders, five days. "by municipality" is how it is divided by hand: each plans what
its own kitchens ordered with its own vehicles, by the same planner on the same processes, one after another in a fifth of the
time each. VROOM alone has all the time. Every plan is checked as a whole. First counts what had to be served and is not,
then kronor, prices for leaving out included.
"""

# ruff: noqa: E402 - the path must be set before the imports

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
# A neighbour has the library's name: with this folder at the end, the library is found.
sys.path = [entry for entry in sys.path if Path(entry).resolve() != HERE]
sys.path[:0] = [str(HERE.parent)]
sys.path.append(str(HERE))

from weeks import MUNICIPALITIES, made_region

from routing.engines.judge import Judge
from routing.engines.protocol import Limit
from routing.engines.vroom_engine import Vroom
from routing.plan import Route
from routing.problem import Problem
from routing.solve import checked, plan_of, solve


@dataclass(frozen=True)
class Result:
    """Mandatory orders left out, kronor, routes, seconds."""

    left_out: int
    kronor: float
    routes: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.left_out} | {self.kronor:.0f} | {self.routes} | {self.seconds:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--regions", type=int, default=3, help="How many.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    limit = Limit(seconds=given.seconds)
    ways: dict[str, Callable[[Problem], tuple[Route, ...]]] = {
        "ours": lambda region: solve(region, limit=limit, seed=given.seed, processes=given.processes).routes,
        "by municipality": lambda region: by_municipality(region, given),
        "VROOM alone": lambda region: by_vroom(region, limit),
    }
    columns = "left out | kr | routes | s"
    print(f"{given.seconds:g} s, {given.processes} processes, seed {given.seed}")
    print("| region | " + " | ".join(f"{name}: {columns}" for name in ways) + " |")
    print("|---" * (1 + 4 * len(ways)) + "|")
    for seed in range(given.regions):
        region = made_region(seed)
        cells = " | ".join(str(measured(region, way)) for way in ways.values())
        print(f"| {seed} | {cells} |", flush=True)
    own, child = (
        resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"\nmost memory: {own} MB here, {child} MB in each search process")


def measured(region: Problem, way: Callable[[Problem], tuple[Route, ...]]) -> Result:
    began = time.monotonic()
    routes = way(region)
    seconds = time.monotonic() - began
    plan = checked(region, plan_of(region, routes, engine="bench", seconds=seconds))
    mandatory = {shipment.id for shipment in region.shipments if shipment.skip_ore is None}
    missing = sum(entry.shipment in mandatory for entry in plan.unserved)
    kronor = (plan.totals.cost_ore + plan.totals.skip_ore) / 100
    return Result(missing, kronor, plan.totals.vehicles, seconds)


def by_municipality(region: Problem, given: argparse.Namespace) -> tuple[Route, ...]:
    """Each municipality's own plan, put side by side."""
    limit = Limit(seconds=given.seconds / MUNICIPALITIES)
    parts = (municipality(region, number) for number in range(MUNICIPALITIES))
    plans = (solve(part, limit=limit, seed=given.seed, processes=given.processes) for part in parts)
    return tuple(route for plan in plans for route in plan.routes)


def municipality(region: Problem, number: int) -> Problem:
    """What the kitchens of one municipality ordered, with its own vehicles."""
    shipments = tuple(s for s in region.shipments if _belongs(s.delivery, number))
    vehicles = tuple(v for v in region.vehicles if _belongs(v.id, number))
    ends = {stop for shipment in shipments for stop in (shipment.pickup, shipment.delivery)}
    named = ends | {vehicle.start for vehicle in vehicles}
    rows = [row for row, stop in enumerate(region.stops) if stop.id in named]
    cells = np.ix_(rows, rows)
    return Problem(
        tuple(region.stops[row] for row in rows),
        shipments,
        vehicles,
        region.distance_m[cells],
        region.duration_s[cells],
    )


def _belongs(name: str, number: int) -> bool:
    return int(name.split(":")[1]) % MUNICIPALITIES == number


def by_vroom(region: Problem, limit: Limit) -> tuple[Route, ...]:
    """VROOM's most thorough search of the whole, without the routes that break a rule it does not know."""
    judge = Judge(region)
    trips = judge.sound(Vroom().search(region, limit=limit, seed=0, report=None).trips)
    return tuple(route for trip in trips if (route := judge.route(trip)) is not None)


if __name__ == "__main__":
    main()
