"""Jobs on both engines: a database of each kind, the cast in it, and workers as processes."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from factories import Cast, make_cast
from job_worker import EFFECTS, bench_for
from sqlalchemy import text
from sqlalchemy.engine import make_url
from tree import ROOT

from market.db import make_engine, transaction
from market.jobs.running import Bench
from market.migrations import upgrade

ENGINES = ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.slow])]
StartWorker = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture(scope="session")
def postgres_cast(postgres_server: str) -> tuple[str, Cast]:
    """A PostgreSQL database with the cast, to be copied."""
    import psycopg

    name = f"narmat_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    made = make_engine(make_url(postgres_server).set(database=name).render_as_string(hide_password=False))
    upgrade(made)
    with transaction(made) as session:
        cast = make_cast(session)
    made.dispose()
    return name, cast


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Cast]]:
    """The address of a database of its own with the cast in it, and the cast."""
    if request.param == "sqlite":
        template, cast = request.getfixturevalue("cast_template")
        shutil.copy(template, tmp_path / "jobs.sqlite3")
        yield f"sqlite:///{tmp_path / 'jobs.sqlite3'}", cast
        return
    yield from _copied(request)


def _copied(request: pytest.FixtureRequest) -> Iterator[tuple[str, Cast]]:
    import psycopg

    server = request.getfixturevalue("postgres_server")
    template, cast = request.getfixturevalue("postgres_cast")
    name = f"narmat_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield make_url(server).set(database=name).render_as_string(hide_password=False), cast
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


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
