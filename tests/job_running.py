"""Does what is asked for as a worker would, in the test's own process: what the pages enqueue is done when the test says so.

So are the searches of a plan, one after the other: a process of its own for each takes far longer to start than the small
weeks of these tests to be planned.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from unittest.mock import patch

from flask import Flask

from market import job_kinds
from market.jobs.engines import work
from market.jobs.running import Bench, run_next
from routing.engines.protocol import Found
from routing.engines.worker import Assignment, Crew
from routing.problem import Problem
from routing.solve import Limit
from routing.trips import Trip

QUICK = Limit(iterations=12, seconds=5)


def run_jobs(app: Flask, *, limit: Limit = QUICK) -> int:
    """Everything that waits, in turn. Returns how many jobs were done."""
    bench, done = bench_of(app), 0
    with limited(limit):
        while run_next(bench):
            done += 1
    return done


@contextmanager
def jobs_beside(app: Flask, *, limit: Limit = QUICK) -> Iterator[None]:
    """A worker at the side of the test, in a thread, while the block lasts."""
    stopping = threading.Event()
    beside = threading.Thread(target=work, args=(bench_of(app),), kwargs={"stopping": stopping}, daemon=True)
    with limited(limit):
        beside.start()
        yield
        stopping.set()
        beside.join()


@contextmanager
def limited(limit: Limit) -> Iterator[None]:
    """A plan in a test is searched for as long as the test says, and here."""
    with (
        patch("market.planning.jobs.LIMIT", limit),
        patch("market.planning.disruptions.jobs.LIMIT", limit),
        patch("routing.engines.team.search_apart", search_here),
    ):
        yield


def search_here(
    assignments: Sequence[Assignment],
    problem: Problem,
    *,
    heard: Callable[[tuple[Trip, ...]], None],
    go_on: Callable[[int], bool],
    crew: Crew,
    calls_at: float | None,
    meanwhile: Callable[[], None],
) -> tuple[Found, ...]:
    """As `search_apart`, without processes: whoever listens is told when a search ends, and may then have had enough."""
    meanwhile()
    found = [Found() for _ in assignments]
    for number, one in enumerate(assignments):
        found[number] = one.engine.search(problem, limit=one.limit, seed=one.seed, report=None)
        heard(found[number].trips)
        if not go_on(0):
            break
    return tuple(found)


def bench_of(app: Flask) -> Bench:
    """What a worker of the application has at hand."""
    return Bench(
        engine=app.extensions["narmat.engine"],
        kinds=job_kinds.KINDS,
        travel=app.extensions["narmat.travel"],
        clock=app.extensions["narmat.clock"],
    )
