"""What is local, in numbers: `.venv/bin/python bench/geodata.py`; everything side by side in one run.

10 000 producers (fixed seed, on land) against 290 municipalities' distance rule, as the crow flies and by
road; one producer against all 290; the producers' municipalities; and what the first verdict of a new
process costs. Medians, with ratios to ours.
"""

# ruff: noqa: E402 - the environment and the path must be set before the imports

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

# This file has the library's name: without its own folder in the path, the library is found.
sys.path = [entry for entry in sys.path if Path(entry).resolve() != Path(__file__).resolve().parent]
# One core, whatever the linear algebra would take: the comparison is per core.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np
from geopy.distance import geodesic
from pyproj import Geod

from geodata import areas
from geodata.bulk import degrees_of, locate_many
from geodata.definitions import LocalDefinition, Step, WithinDistance
from geodata.many import verdict_many
from geodata.points import Point
from geodata.reasons import Answer
from geodata.sites import ProductionSite
from geodata.where import where_local

KM = 250
SEED = 20261101
ON = date(2026, 11, 1)
GEOPY_SAMPLE = 2_000
FIRST_VERDICT = """
import json, re, time
start = time.perf_counter()
from datetime import date
import geodata
from geodata.local import InCounties
site = geodata.ProductionSite(step=geodata.Step.FARM, point=geodata.Point(lat=60.34, lon=17.51))
geodata.verdict(
    geodata.LocalDefinition(rule=InCounties()), authority_code="0360", sites=[site], on=date(2026, 1, 1)
)
seconds = time.perf_counter() - start
# Not getrusage: its peak counts the parent that this process was started from.
peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())
print(json.dumps([seconds, int(peak[1]) / 1024 if peak else 0]))
"""
Row = tuple[str, float, str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--producers", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=7)
    options = parser.parse_args()
    points = producers(options.producers)
    rows = [
        *distance_rows(points, options.repeat),
        *road_rows(points),
        *where_rows(points, options.repeat),
        *place_rows(points, options.repeat),
        *first_rows(options.repeat),
    ]
    print(f"{'what':<58}{'median':>12}{'to ours':>10}  note")
    for what, seconds, ratio, note in rows:
        print(f"{what:<58}{seconds * 1000:>9.1f} ms{ratio:>10}  {note}")
    print(f"neighbours: {len(areas.neighbour_pairs())} pairs; Tierp's: {', '.join(names_beside('0360'))}")


def producers(count: int) -> list[Point]:
    """Places on land, evenly over the country."""
    random = np.random.default_rng(SEED)
    south, west, north, east = areas.bounds()
    found: list[Point] = []
    while len(found) < count:
        drawn = [
            Point(lat=lat, lon=lon)
            for lat, lon in zip(
                random.uniform(south, north, count).tolist(),
                random.uniform(west, east, count).tolist(),
                strict=True,
            )
        ]
        found += [point for point, area in zip(drawn, locate_many(drawn), strict=True) if area]
    return found[:count]


def distance_rows(points: list[Point], repeat: int) -> list[Row]:
    chains = [[ProductionSite(Step.FARM, point)] for point in points]
    kitchens = {area.code: areas.seat(area.code) for area in areas.municipalities()}
    definitions = dict.fromkeys(kitchens, LocalDefinition(WithinDistance(KM)))
    found: list[np.ndarray] = []

    def ours() -> None:
        found.append(verdict_many(chains, definitions=definitions, kitchens=kitchens, on=ON).ranks)

    seconds = median(ours, repeat)
    plain, same = plain_pyproj(points, list(kitchens.values()), found[-1])
    sample = geopy_seconds(points, list(kitchens.values()))
    pairs = len(points) * len(kitchens)
    title = f"{len(points)} x {len(kitchens)} within {KM} km: "
    border = dict.fromkeys(kitchens, LocalDefinition(WithinDistance(KM, "crow", "border")))
    from_border = median(lambda: verdict_many(chains, definitions=border, on=ON), min(3, repeat))
    return [
        (f"{title}verdict_many", seconds, "1", f"{same} of {pairs} verdicts as pyproj.Geod's"),
        (f"{title}pyproj.Geod, arrays", plain, f"{plain / seconds:.0f}", "one run"),
        (
            f"{title}geopy geodesic",
            sample * pairs,
            f"{sample * pairs / seconds:.0f}",
            f"extrapolated from {GEOPY_SAMPLE} pairs",
        ),
        (f"{title}verdict_many, from the border", from_border, f"{from_border / seconds:.0f}", ""),
    ]


def road_rows(points: list[Point]) -> list[Row]:
    """By road with the estimator, whose straight lines are pyproj's: that is the bound of the ratio."""
    chains = [[ProductionSite(Step.FARM, point)] for point in points]
    seats = {area.code: areas.seat(area.code) for area in areas.municipalities()}
    definitions = dict.fromkeys(seats, LocalDefinition(WithinDistance(KM, "road", "seat")))
    seconds = median(lambda: verdict_many(chains, definitions=definitions, on=ON), 1)
    title = f"{len(points)} x {len(seats)} within {KM} km: verdict_many, by road"
    return [(title, seconds, "", "the estimator's bounds of every pair")]


def where_rows(points: list[Point], repeat: int) -> list[Row]:
    """Another producer each time, so that nothing about the place is remembered."""
    fresh = iter(points)

    def ask() -> None:
        where_local([ProductionSite(Step.FARM, next(fresh))], on=ON)

    return [("where_local: one producer, 290 presets", median(ask, repeat), "", "with reasons")]


def plain_pyproj(points: list[Point], kitchens: list[Point], ranks: np.ndarray) -> tuple[float, int]:
    """Seconds for every pair, and how many verdicts agree."""
    geod, (lats, lons) = Geod(ellps="WGS84"), degrees_of(points)
    ones, same = np.ones(len(points)), 0
    start = time.perf_counter()
    columns = [
        geod.inv(kitchen.lon * ones, kitchen.lat * ones, lons, lats)[2] <= KM * 1000 for kitchen in kitchens
    ]
    seconds = time.perf_counter() - start
    for column, is_near in enumerate(columns):
        same += int(((ranks[:, column] == Answer.YES.rank) == is_near).sum())
    return seconds, same


def geopy_seconds(points: list[Point], kitchens: list[Point]) -> float:
    """Per pair."""
    pairs = [(points[n % len(points)], kitchens[n % len(kitchens)]) for n in range(GEOPY_SAMPLE)]
    start = time.perf_counter()
    for one, other in pairs:
        _ = geodesic((one.lat, one.lon), (other.lat, other.lon)).km <= KM
    return (time.perf_counter() - start) / len(pairs)


def place_rows(points: list[Point], repeat: int) -> list[Row]:
    many = median(lambda: locate_many(points), repeat)
    fresh = [Point(lat=point.lat + 1e-7, lon=point.lon) for point in points[:1_000]]
    start = time.perf_counter()
    for point in fresh:
        areas.locate(point)
    one_by_one = (time.perf_counter() - start) * len(points) / len(fresh)
    return [
        (f"municipality of {len(points)} points: locate_many", many, "1", ""),
        (
            f"municipality of {len(points)} points: locate one by one",
            one_by_one,
            f"{one_by_one / many:.0f}",
            f"extrapolated from {len(fresh)}; tells the margin to the next border too",
        ),
    ]


def first_rows(repeat: int) -> list[Row]:
    done = [
        json.loads(
            subprocess.run([sys.executable, "-c", FIRST_VERDICT], capture_output=True, check=True).stdout
        )
        for _ in range(repeat)
    ]
    seconds, megabytes = (statistics.median(column) for column in zip(*done, strict=True))
    return [("import and first verdict, new process", seconds, "", f"peak {megabytes:.0f} MB")]


def names_beside(code: str) -> list[str]:
    return sorted(area.name for area in areas.neighbours(code))


def median(work: Callable[[], object], repeat: int) -> float:
    """Seconds, after one run to warm up."""
    work()
    taken = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
