"""The compiled steps: kept on disk, made without anybody being late, and done without where nothing can be kept."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import pytest

from routing.bounds import beginnings, completions, giving, labels, promising, twins
from routing.engines import depot_steps, ruin_moves, ruin_steps

MOST_WAIT_S = 900
PROBLEM = """
import json, sys, time
from routing.check import violations
from routing.engines.protocol import Limit
from routing.engines.ruin import Ruin
from routing.problem import Problem, Shipment, Stop, Vehicle, Window
from routing.solve import solve

km = [[abs(a - b) for b in range(0, 90, 10)] for a in range(0, 90, 10)]
problem = Problem(
    tuple(Stop(f"p{n}", f"P{n}") for n in range(9)),
    tuple(Shipment(f"s{n}", f"p{1 + n % 4}", f"p{5 + n % 3}", 10) for n in range(12)),
    tuple(
        Vehicle(f"v{n}", "Van", "", "p0", "p0", 50, None, (Window(0, 36_000),), 10**9, 2_500, 0, 0)
        for n in range(12)
    ),
    [[1000 * d for d in row] for row in km],
    [[60 * d for d in row] for row in km],
)
def tell(**what):
    print(json.dumps(what))
    sys.stdout.flush()
"""
IN_A_SECOND = """
began = time.monotonic()
trips = Ruin().search(problem, limit=Limit(seconds=1), seed=0, report=None).trips
tell(served=len({task.shipment.id for trip in trips for task in trip.tasks}), took=time.monotonic() - began)
"""
PLANNED = """
began = time.monotonic()
plan = solve(problem, limit=Limit(seconds=4), progress=lambda state: True)
tell(served=len(plan.served), faults=len(violations(problem, plan)), took=time.monotonic() - began)
"""
NOTHING_KEPT = """
from numba.core import caching
caching.CacheImpl._locator_classes = []
trips = Ruin().search(problem, limit=Limit(iterations=3), seed=0, report=None).trips
from routing.compiled import is_kept
tell(served=len({task.shipment.id for trip in trips for task in trip.tasks}), kept=is_kept())
"""
BOUND = """
import os
from routing.bound import bound
from routing.bounds.ready import STEPS
began = time.monotonic()
found = bound(problem, seconds=float(os.environ["SECONDS"]))
took = time.monotonic() - began
from routing.bounds.labels import search
hits = sum(search.stats.cache_hits.values())
tell(cost=found.cost_ore, took=took, method=found.method, signatures=len(search.signatures), hits=hits)
"""
WHERE = """
from routing.engines.ruin_ready import compile_all
from routing.engines.ruin_steps import search
compile_all()
tell(hits=sum(search.stats.cache_hits.values()), signatures=len(search.signatures), path=search.stats.cache_path)
Ruin().search(problem, limit=Limit(iterations=1), seed=0, report=None)
tell(signatures=len(search.signatures))
"""


def told(code: str, **environment: str) -> list[dict[str, object]]:
    """What a process of its own tells, line by line."""
    done = subprocess.run(
        [sys.executable, "-c", PROBLEM + code],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def wait_for(happens: Callable[[], bool]) -> None:
    """Until then, or so long that nothing is to be hoped for: who compiles for others gives way to all else that runs."""
    ends = time.monotonic() + MOST_WAIT_S
    while not happens() and time.monotonic() < ends:
        time.sleep(0.2)


def is_compiled(folder: Path) -> bool:
    return any(folder.rglob("ruin_steps.search-*.nbi"))


@pytest.mark.slow
def test_who_comes_first_is_not_late_and_the_next_finds_the_steps(tmp_path):
    (first,) = told(IN_A_SECOND, NUMBA_CACHE_DIR=str(tmp_path))
    assert first["took"] < 5, "compiling takes longer"
    assert first["served"] == 0
    wait_for(lambda: is_compiled(tmp_path))
    at_once, later = told(WHERE, NUMBA_CACHE_DIR=str(tmp_path))
    assert at_once["hits"] == 1
    assert at_once["signatures"] == later["signatures"] == 1, "a real problem needs no steps of its own"


@pytest.mark.slow
def test_a_whole_plan_is_there_in_time_though_nothing_is_compiled(tmp_path):
    (plan,) = told(PLANNED, NUMBA_CACHE_DIR=str(tmp_path))
    assert plan["served"] == 12
    assert plan["faults"] == 0
    assert plan["took"] < 9, "compiling takes longer"


@pytest.mark.slow
def test_where_nothing_can_be_kept_each_process_makes_its_own():
    (found,) = told(NOTHING_KEPT)
    assert found == {"served": 12, "kept": False}


@pytest.mark.slow
def test_beside_a_package_that_cannot_be_written_the_cache_is_the_users(tmp_path):
    """NUMBA_CACHE_DIR, the package, the user's folder: the first that can be written is taken."""
    blocked = tmp_path / "file"
    blocked.write_text("no folder", encoding="utf-8")
    (where, _) = told(WHERE, NUMBA_CACHE_DIR=str(blocked / "below"))
    assert not str(where["path"]).startswith(str(blocked))
    assert where["signatures"] == 1


def test_what_is_kept_is_made_anew_when_the_moves_change():
    """Numba looks at the file of the function that is called, and at none that this one calls."""
    moves = digest(Path(ruin_moves.__file__).read_bytes())
    assert moves == ruin_steps.MOVES, "write the digest into ruin_steps.py"
    assert moves == depot_steps.MOVES, "write the digest into depot_steps.py"


def test_the_bounds_steps_are_made_anew_when_their_parts_change():
    parts = [Path(module.__file__).read_bytes() for module in (beginnings, giving, completions, promising)]
    assert digest(*parts) == labels.PARTS, "write the digest into labels.py"
    assert digest(parts[1]) == twins.GIVING, "write the digest into twins.py"


def digest(*parts):
    return blake2b(b"".join(parts), digest_size=8).hexdigest()


@pytest.mark.slow
def test_a_bound_is_there_in_time_though_nothing_is_compiled_and_compiles_for_the_next(tmp_path):
    (found,) = told(BOUND, NUMBA_CACHE_DIR=str(tmp_path), SECONDS="3")
    assert found["took"] < 8, "compiling takes longer"
    assert found["cost"] > 0
    wait_for(lambda: any(tmp_path.rglob("labels.search-*.nbi")))
    (again,) = told(BOUND, NUMBA_CACHE_DIR=str(tmp_path), SECONDS="60")  # ends by itself, once loaded
    assert again["signatures"] == 1, "a real problem needs no steps of its own"
    assert again["hits"] == 1
    assert again["cost"] >= found["cost"]


def test_the_planner_is_loaded_without_the_compiler():
    (loaded,) = told('tell(numba="numba" in sys.modules)')
    assert loaded == {"numba": False}
