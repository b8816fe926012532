"""The database: engine, Base, naming convention, column types, and the session that a request or command works in.

SQLite runs with WAL, foreign keys on and a busy timeout; writing transactions start with BEGIN IMMEDIATE, so two
writers queue instead of failing half-way. PostgreSQL is used by URL.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Engine, MetaData, String, TypeDecorator, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session

WRITES = "narmat_writes"


class Base(DeclarativeBase):
    """All tables; constraints get predictable names, so that migrations and errors can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored as UTC; a naive datetime is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A naive datetime can not be stored: give it a time zone.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EnumText(TypeDecorator[StrEnum]):
    """A StrEnum stored as its text; the column carries its own CHECK."""

    impl = String(32)
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: StrEnum | str | None, dialect: Any) -> str | None:
        del dialect
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Any) -> StrEnum | None:
        del dialect
        return None if value is None else self.kind(value)


def one_of(column: str, kind: type[StrEnum]) -> str:
    """The SQL of a CHECK that a text column holds one of the enum's values."""
    return f"{column} IN ({', '.join(repr(member.value) for member in kind)})"


def make_engine(url: str) -> Engine:
    """An engine for `url`; for SQLite the file's folder is made and the pragmas are set on every connection."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        drivername = "postgresql+psycopg" if parsed.drivername == "postgresql" else parsed.drivername
        return create_engine(parsed.set(drivername=drivername), pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=30000", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def open_session(engine: Engine, *, writes: bool) -> Session:
    """A session whose first transaction may write (SQLite: takes the write lock at once) or only reads."""
    return Session(engine.execution_options(**{WRITES: writes}), expire_on_commit=False, autoflush=True)


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """One writing transaction for a command or job: commits at the end, rolls back when anything raises."""
    with open_session(engine, writes=True) as session, session.begin():
        yield session
