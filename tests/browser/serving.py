"""The demo, made once for all parallel test runs, and served on a free loopback port with a clock that a test can move."""

from __future__ import annotations

import fcntl
import json
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from factories import AT
from flask import Flask
from flask_security import PasswordUtil, hash_password
from reusing import reuse
from werkzeug.serving import WSGIRequestHandler, make_server

from market import create_app
from market.config import Settings
from market.db import make_engine, transaction
from market.demo import create_demo
from market.demo.planned import plan_demo_weeks
from market.demo.prepared import prepare_demo
from market.dis.sealing.operator_key import keeper_of
from market.migrations import upgrade

HISTORY_WEEKS = 8
"""Enough to follow up."""
PASSWORD = "Rödbetor och potatis 1397"
"""Every demo person's password in these tests."""


class QuietHandler(WSGIRequestHandler):
    """Says nothing about each request; errors still reach the application's log."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 (werkzeug's name)
        del type, message, args


@dataclass
class DemoSite:
    """The demo served from `database`. Set `at` to move its clock."""

    database: Path
    at: datetime = AT
    app: Flask = field(init=False)
    address: str = field(init=False)

    def start(self) -> None:
        self.app = reuse(create_app(settings_for(self.database), clock=lambda: self.at))
        self._server = make_server("127.0.0.1", 0, self.app, threaded=True, request_handler=QuietHandler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.app.extensions["narmat.engine"].dispose()


def settings_for(database: Path) -> Settings:
    return Settings(
        instance=database.parent,
        database_url=f"sqlite:///{database}",
        secret_key="only for tests",
        password_salt="only for tests",
        tender_key="only for tests, and the same in every copy",
        cookie_secure=False,
        demo=True,
    )


def demo_template(shared: Path) -> Path:
    """The demo as of Monday morning, as a file to copy; made by whichever parallel run of the tests comes first."""
    made = shared / "browser-demo.sqlite3"
    with (shared / "browser-demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            draft = made.with_suffix(".draft")
            _make(draft)
            draft.rename(made)
    return made


def shared(path: Path, make: Callable[[], dict[str, str]]) -> dict[str, str]:
    """What `make` gives, in the file's words: made by whichever parallel run of the tests comes first."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            path.write_text(json.dumps(make()), encoding="utf-8")
        known: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return known


def _make(path: Path) -> None:
    path.unlink(missing_ok=True)
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    app = create_app(settings_for(path))
    with app.app_context():
        hashed = hash_password(PasswordUtil(app).normalize(PASSWORD))
    with transaction(engine) as session:
        create_demo(
            session, at=AT, keeper=keeper_of(settings_for(path)), password_hash=hashed, weeks=HISTORY_WEEKS
        )
    plan_demo_weeks(engine, at=AT)
    prepare_demo(engine, at=AT)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def copied(template: Path, folder: Path) -> Path:
    """A copy of its own for a test that writes."""
    return Path(shutil.copy(template, folder / "demo.sqlite3"))
