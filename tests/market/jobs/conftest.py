"""Jobs on both engines: a database of each kind, the cast in it, and workers as processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from factories import Cast, make_cast
from job_worker import EFFECTS, bench_for
from postgres_making import database, name_of
from sqlalchemy import text
from tree import ROOT

from market.db import make_engine, transaction
from market.jobs.running import Bench

ENGINES = ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.slow])]
StartWorker = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture(scope="session")
def postgres_cast(postgres_server: str, postgres_template: str) -> Iterator[tuple[str, Cast]]:
    """A PostgreSQL database with the cast, to be copied."""
    with database(postgres_server, like=postgres_template) as address:
        made = make_engine(address)
        with transaction(made) as session:
            cast = make_cast(session)
        made.dispose()
        yield name_of(address), cast


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Cast]]:
    """The address of a database of its own with the cast in it, and the cast."""
    if request.param == "sqlite":
        template, cast = request.getfixturevalue("cast_template")
        shutil.copy(template, tmp_path / "jobs.sqlite3")
        yield f"sqlite:///{tmp_path / 'jobs.sqlite3'}", cast
        return
    template, cast = request.getfixturevalue("postgres_cast")
    with database(request.getfixturevalue("postgres_server"), like=template) as address:
        yield address, cast


@pytest.fixture
def bench(place: tuple[str, Cast]) -> Iterator[Bench]:
    made = bench_for(place[0])
    with transaction(made.engine) as session:
        session.execute(text(EFFECTS))
    yield made
    made.engine.dispose()


@pytest.fixture
def people(place: tuple[str, Cast]) -> Cast:
    return place[1]


@pytest.fixture
def start_worker(place: tuple[str, Cast], bench: Bench) -> Iterator[StartWorker]:
    """Workers in processes of their own, ended with the test."""
    started: list[subprocess.Popen[bytes]] = []
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])

    def start() -> subprocess.Popen[bytes]:
        words = [sys.executable, str(ROOT / "tests" / "job_worker.py"), place[0]]
        started.append(subprocess.Popen(words, env=os.environ | {"PYTHONPATH": paths}, cwd=ROOT))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
