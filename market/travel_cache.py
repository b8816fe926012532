"""Measured roads kept in the database, so that each is asked for once per version of the engine's map.

The cache writes in short transactions of its own, never in the caller's: what was measured is true whatever becomes of
the request. It is a convenience: a database that is busy or out of order costs a warning and a new
measurement, not the page.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    CheckConstraint,
    Connection,
    Engine,
    Index,
    String,
    UniqueConstraint,
    delete,
    func,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from geodata.travel import Leg, Pair
from market.db import WRITES, Base, UtcDateTime

AT_ONCE = 500
"""Pairs in one statement: five parameters each stay below every database's limit."""
BUSY_MS = 500
"""How long the cache waits for SQLite's write lock: the caller may be the one who holds it."""
_E5 = 100_000

Item = TypeVar("Item")

_log = logging.getLogger(__name__)


class MeasuredRoad(Base):
    """One road as an engine measured it on one version of its map; both lengths are null where there is none.

    Positions are degrees times 100 000, rounded: equal places are equal numbers.
    """

    __tablename__ = "travel_cache"
    __table_args__ = (
        CheckConstraint("(metres IS NULL) = (seconds IS NULL)", name="both_or_none"),
        CheckConstraint("metres >= 0 AND seconds >= 0", name="not_negative"),
        UniqueConstraint(
            "engine",
            "data_version",
            "from_lat_e5",
            "from_lon_e5",
            "to_lat_e5",
            "to_lon_e5",
            name="uq_travel_cache_road",
        ),
        Index("ix_travel_cache_engine_fetched_at", "engine", "fetched_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    engine: Mapped[str] = mapped_column(String(64))
    data_version: Mapped[str] = mapped_column(String(120))
    from_lat_e5: Mapped[int]
    from_lon_e5: Mapped[int]
    to_lat_e5: Mapped[int]
    to_lon_e5: Mapped[int]
    metres: Mapped[int | None]
    seconds: Mapped[int | None]
    fetched_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DatabaseTravelCache:
    """A `geodata.travel.TravelCache` in the table `travel_cache`."""

    def __init__(self, engine: Engine) -> None:
        self._database = engine

    def get_many(self, *, engine: str, data_version: str, pairs: Sequence[Pair]) -> dict[Pair, Leg]:
        places = (
            MeasuredRoad.from_lat_e5, MeasuredRoad.from_lon_e5, MeasuredRoad.to_lat_e5, MeasuredRoad.to_lon_e5,
        )  # fmt: skip
        known = select(*places, MeasuredRoad.metres, MeasuredRoad.seconds).where(
            MeasuredRoad.engine == engine, MeasuredRoad.data_version == data_version
        )
        asked = {_numbers(pair): pair for pair in pairs}
        found: dict[Pair, Leg] = {}
        try:
            with self._database.connect() as connection:
                for some in _portions(asked):
                    wanted = tuple_(*places).in_(some)
                    for *place, metres, seconds in connection.execute(known.where(wanted)):
                        found[asked[tuple(place)]] = Leg(metres, seconds)
        except SQLAlchemyError as error:
            _log.warning("the travel cache can't be read: %s", error)
        return found

    def put_many(self, *, engine: str, data_version: str, legs: Mapping[Pair, Leg]) -> None:
        rows = [_row(engine, data_version, pair, leg) for pair, leg in legs.items()]
        try:
            with self._writing() as connection:
                for some in _portions(rows):
                    connection.execute(_insert_new(connection), some)
        except SQLAlchemyError as error:
            _log.warning("%d measured roads were not kept: %s", len(rows), error)

    def latest_version(self, *, engine: str) -> str | None:
        newest = (
            select(MeasuredRoad.data_version)
            .where(MeasuredRoad.engine == engine)
            .order_by(MeasuredRoad.fetched_at.desc(), MeasuredRoad.id.desc())
            .limit(1)
        )
        try:
            with self._database.connect() as connection:
                return connection.scalar(newest)
        except SQLAlchemyError as error:
            _log.warning("the travel cache can't be read: %s", error)
            return None

    def forget_others(self, *, engine: str, data_version: str) -> int:
        """Remove what was measured on other versions of this engine's map; says how many roads."""
        outdated = delete(MeasuredRoad).where(
            MeasuredRoad.engine == engine, MeasuredRoad.data_version != data_version
        )
        with self._writing() as connection:
            return int(connection.execute(outdated).rowcount)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that writes, on a connection whose usual patience is restored."""
        with self._database.execution_options(**{WRITES: True}).connect() as connection:
            is_sqlite = connection.dialect.name == "sqlite"
            usual = _set_patience(connection, BUSY_MS) if is_sqlite else 0
            try:
                with connection.begin():
                    yield connection
            finally:
                if is_sqlite:
                    _set_patience(connection, usual)


def _set_patience(connection: Connection, milliseconds: int) -> int:
    """Set how long SQLite waits for a lock; the former value. Outside any transaction, as pragmas demand."""
    raw: Any = connection.connection.cursor()
    try:
        former = int(raw.execute("PRAGMA busy_timeout").fetchone()[0])
        raw.execute(f"PRAGMA busy_timeout={milliseconds:d}")
    finally:
        raw.close()
    return former


def _insert_new(connection: Connection) -> Any:
    """An INSERT, dated by the database, that leaves alone what another process has just kept."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(MeasuredRoad).values(fetched_at=func.now()).on_conflict_do_nothing()


def _row(engine: str, data_version: str, pair: Pair, leg: Leg) -> dict[str, Any]:
    from_lat, from_lon, to_lat, to_lon = _numbers(pair)
    return {
        "engine": engine,
        "data_version": data_version,
        "from_lat_e5": from_lat,
        "from_lon_e5": from_lon,
        "to_lat_e5": to_lat,
        "to_lon_e5": to_lon,
        "metres": leg.metres,
        "seconds": leg.seconds,
    }


def _numbers(pair: Pair) -> tuple[int, ...]:
    return tuple(round(degrees * _E5) for degrees in pair)


def _portions(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(items)
    while some := list(islice(rest, AT_ONCE)):
        yield some
