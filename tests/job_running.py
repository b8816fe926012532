"""Does what is asked for as a worker would, in the test's own process: what the pages enqueue is done when the test says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from flask import Flask

from market import job_kinds
from market.jobs.running import run_next
from routing.solve import Limit

QUICK = Limit(iterations=50, seconds=5)


def run_jobs(app: Flask, *, limit: Limit = QUICK) -> int:
    """Everything that waits, in turn. Returns how many jobs were done."""
    done = 0
    with _limited(limit):
        while run_next(
            app.extensions["narmat.engine"],
            kinds=job_kinds.KINDS,
            travel=app.extensions["narmat.travel"],
            clock=app.extensions["narmat.clock"],
        ):
            done += 1
    return done


@contextmanager
def _limited(limit: Limit) -> Iterator[None]:
    """A plan in a test is searched for as long as the test says."""
    with patch("market.planning.jobs.LIMIT", limit), patch("market.planning.disruptions.jobs.LIMIT", limit):
        yield
