"""Does what is asked for as a worker would, in the test's own process: what the pages enqueue is done when the test says so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from flask import Flask

from market import job_kinds
from market.jobs.engines import work
from market.jobs.running import Bench, run_next
from routing.solve import Limit

QUICK = Limit(iterations=50, seconds=5)


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
    """A plan in a test is searched for as long as the test says."""
    with patch("market.planning.jobs.LIMIT", limit), patch("market.planning.disruptions.jobs.LIMIT", limit):
        yield


def bench_of(app: Flask) -> Bench:
    """What a worker of the application has at hand."""
    return Bench(
        engine=app.extensions["narmat.engine"],
        kinds=job_kinds.KINDS,
        travel=app.extensions["narmat.travel"],
        clock=app.extensions["narmat.clock"],
    )
