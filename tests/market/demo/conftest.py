"""A database of its own with the demo in it, made once for the tests that only read it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from reusing import share_statements
from sqlalchemy.orm import Session

from market.db import make_engine, open_session, transaction
from market.demo import DemoSummary, create_demo
from market.dis.sealing.keeping import Keeper
from market.values import SWEDEN

KEEPER = Keeper(b"k" * 32)
MONDAY_NOON = datetime(2026, 12, 28, 12, tzinfo=SWEDEN)


@pytest.fixture(scope="session")
def demo_at(
    tmp_path_factory: pytest.TempPathFactory, database_template: Path
) -> Callable[[datetime], tuple[DemoSummary, Session]]:
    """Creates the demo as of an instant in a new SQLite file; returns its summary and a session that reads it."""

    def create(at: datetime) -> tuple[DemoSummary, Session]:
        file = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
        shutil.copy(database_template, file)
        engine = share_statements(make_engine(f"sqlite:///{file}"))
        with transaction(engine) as session:
            summary = create_demo(session, at=at, keeper=KEEPER, password_hash="not-a-hash", weeks=2)
        return summary, open_session(engine, writes=False)

    return create


@pytest.fixture(scope="session")
def monday(demo_at) -> Iterator[tuple[DemoSummary, Session]]:
    summary, session = demo_at(MONDAY_NOON)
    with session:
        yield summary, session


@pytest.fixture
def at_noon() -> datetime:
    return MONDAY_NOON


@pytest.fixture
def summary(monday) -> DemoSummary:
    return monday[0]


@pytest.fixture
def session(monday) -> Session:
    return monday[1]
