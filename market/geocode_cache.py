"""Answers of a geocoding server kept in the database, so that each place is asked for once.

As the travel cache: it writes in a short transaction of its own, and one that fails costs a new question, not the page.
"""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import Engine, String, Text, UniqueConstraint, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from market.db import Base, UtcDateTime, transaction

_log = logging.getLogger(__name__)


class KeptAnswer(Base):
    """What one server answered to one text, as JSON; what it did not find is kept too."""

    __tablename__ = "geocode_cache"
    __table_args__ = (UniqueConstraint("server", "query"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    server: Mapped[str] = mapped_column(String(255))
    query: Mapped[str] = mapped_column(String(200))
    answer: Mapped[str] = mapped_column(Text)
    fetched_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DatabaseGeocodeCache:
    """A `geodata.nominatim.GeocodeCache` in the table `geocode_cache`."""

    def __init__(self, engine: Engine) -> None:
        self._database = engine

    def get(self, *, server: str, query: str) -> str | None:
        kept = select(KeptAnswer.answer).where(KeptAnswer.server == server, KeptAnswer.query == query)
        try:
            with self._database.connect() as connection:
                return connection.scalar(kept)
        except SQLAlchemyError as error:
            _log.warning("the geocoding cache can't be read: %s", error)
            return None

    def put(self, *, server: str, query: str, answer: str) -> None:
        dialect = postgresql if self._database.dialect.name == "postgresql" else sqlite
        row = dialect.insert(KeptAnswer).values(
            server=server, query=query, answer=answer, fetched_at=func.now()
        )
        latest = row.on_conflict_do_update(
            index_elements=["server", "query"],
            set_={"answer": row.excluded.answer, "fetched_at": row.excluded.fetched_at},
        )
        try:
            with transaction(self._database) as session:
                session.execute(latest)
        except SQLAlchemyError as error:
            _log.warning("the place '%s' was not kept: %s", query, error)
