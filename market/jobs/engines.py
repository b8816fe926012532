"""Which engine of jobs a database has: one interface, two implementations."""

from __future__ import annotations

import threading

from sqlalchemy import Engine

from market.jobs import embedded
from market.jobs.running import Bench, Works


def engine_for(database: Engine) -> Works:
    """Procrastinate on PostgreSQL, else leases alone."""
    if database.dialect.name != "postgresql":
        return embedded.work
    from market.jobs import distributed

    return distributed.work


def work(bench: Bench, *, stopping: threading.Event) -> None:
    """Do jobs until told to stop."""
    engine_for(bench.engine)(bench, stopping=stopping)
