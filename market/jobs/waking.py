"""How a worker learns that there is work: on SQLite it looks every second, on PostgreSQL Procrastinate tells one of them.

The message to Procrastinate is written by the session's own connection, so that it is committed, or not, with its cause.
Procrastinate's tables have a schema of their own, which its functions are found by while they run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

from market.jobs.models import Job

SCHEMA = "procrastinate"
"""The PostgreSQL schema that holds Procrastinate's tables."""
QUEUE = "narmat"
WAKE = "narmat.wake"
"""The task that makes a worker take the job whose turn it is."""


def wake_for(session: Session, job: Job) -> None:
    """Ask Procrastinate for one worker's turn, in the caller's transaction; nothing to do on SQLite."""
    wake(session, times=1, priority=job.priority)


def wake(session: Session, *, times: int, priority: int = 0) -> None:
    if session.get_bind().dialect.name != "postgresql" or times < 1:
        return
    with _procrastinate(session):
        session.execute(
            text(
                "SELECT procrastinate_defer_jobs_v1(array_agg("
                "ROW(:queue, :task, :priority, NULL, NULL, '{}'::jsonb, NULL)::procrastinate_job_to_defer_v1))"
                " FROM generate_series(1, :times)"
            ),
            {"queue": QUEUE, "task": WAKE, "priority": priority, "times": times},
        )


def waiting_wakes(session: Session) -> int:
    """How many turns Procrastinate has yet to give; for PostgreSQL only."""
    with _procrastinate(session):
        query = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :task AND status = 'todo'")
        return int(session.scalar(query, {"task": WAKE}) or 0)


@contextmanager
def _procrastinate(session: Session) -> Iterator[None]:
    """Procrastinate's names are found while the block lasts. What fails in it has ended the transaction anyway."""
    before = session.scalar(text("SELECT current_setting('search_path')"))
    _find(session, f"{SCHEMA}, {before}")
    yield
    _find(session, before)


def _find(session: Session, path: str) -> None:
    session.execute(text("SELECT set_config('search_path', :path, true)"), {"path": path})
