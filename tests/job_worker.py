"""A worker in a process of its own, with kinds of jobs made for tests: python job_worker.py DATABASE."""

from __future__ import annotations

import os
import sys
import threading
import time

from sqlalchemy import text
from sqlalchemy.orm import Session

from geodata.travel import Estimator
from market.db import make_engine
from market.jobs.engines import work
from market.jobs.running import Bench, Kinds, Work
from market.shell import system_clock
from market.values import Refused

EFFECTS = "CREATE TABLE job_effects (job_id INTEGER NOT NULL, by_process INTEGER NOT NULL)"
"""What jobs do in tests, one row each time."""


def note(work: Work) -> None:
    """Do the effect: one row."""

    def effect(session: Session) -> dict[str, object]:
        values = {"job": work.job_id, "process": os.getpid()}
        session.execute(text("INSERT INTO job_effects VALUES (:job, :process)"), values)
        return {"endpoint": "planning.index", "values": {}}

    work.finish(effect)


def slowly(work: Work) -> None:
    """So many seconds of work before the effect, unless somebody stops it."""
    ends = time.monotonic() + work.params["seconds"]
    while time.monotonic() < ends and work.progress(cost_ore=1_000, bound_ore=900):
        time.sleep(0.05)
    note(work)


def refuse(work: Work) -> None:
    del work
    raise Refused


def crash(work: Work) -> None:
    raise RuntimeError(f"job {work.job_id} crashes")


def effect_fails(work: Work) -> None:
    """Half an effect, and then it goes wrong."""

    def effect(session: Session) -> None:
        session.execute(text("INSERT INTO job_effects VALUES (:job, 0)"), {"job": work.job_id})
        raise RuntimeError("after the half")

    work.finish(effect)


def do_nothing(work: Work) -> None:
    work.progress()


KINDS: Kinds = {
    "note": note,
    "slowly": slowly,
    "refuse": refuse,
    "crash": crash,
    "effect_fails": effect_fails,
    "do_nothing": do_nothing,
}


def bench_for(address: str) -> Bench:
    return Bench(engine=make_engine(address), kinds=KINDS, travel=Estimator(), clock=system_clock)


if __name__ == "__main__":
    work(bench_for(sys.argv[1]), stopping=threading.Event())
