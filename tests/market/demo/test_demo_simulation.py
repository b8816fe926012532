"""The demo asks for a simulation, so that its page has something to show once the worker has done it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from market.db import make_engine, open_session
from market.demo.prepared import ask_for_demo_simulation
from market.jobs.models import Job

pytestmark = pytest.mark.slow


def test_one_simulation_waits_for_the_worker(monday, at_noon, tmp_path: Path) -> None:
    file = tmp_path / "demo.sqlite3"
    shutil.copy(monday[1].get_bind().url.database, file)
    engine = make_engine(f"sqlite:///{file}")
    for _ in range(2):
        ask_for_demo_simulation(engine, at=at_noon)
    with open_session(engine, writes=False) as session:
        (job,) = session.scalars(select(Job).where(Job.kind == "simulate_dis"))
    assert (job.params["runs"], job.params["first"], job.params["last"]) == (300, 1, 30)
    engine.dispose()
