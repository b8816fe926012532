"""The engine of jobs on PostgreSQL: Procrastinate wakes the workers, on any number of machines.

Each wake makes one worker take the job whose turn it is, which need not be the one that was just asked for. What a dead
worker had in hand is woken for again by a periodic task: Procrastinate's own stalled jobs, and any job of ours that nobody
is to be woken for.
"""

from __future__ import annotations

import asyncio
import threading

from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.jobs import DeleteJobCondition, Status
from sqlalchemy import Engine

from market.db import transaction
from market.jobs import claiming, rules, waking
from market.jobs.running import Bench, run_next

HEARTBEAT_S = rules.RENEW.total_seconds()
STALLED_S = (rules.LEASE + rules.RENEW).total_seconds()
"""A little longer than a lease, so that the job itself is free when Procrastinate's is tried again."""
EVERY_FIVE_SECONDS = "* * * * * */5"
UPKEEP = "narmat.upkeep"
FIRST = 1_000
"""Upkeep goes before any job."""
POLL_S = 2.0


def work(bench: Bench, *, stopping: threading.Event) -> None:
    """Wakes, until told to stop; then at once, whatever is in hand. Raises what ended the worker otherwise."""
    asyncio.run(_work(bench, stopping))


async def _work(bench: Bench, stopping: threading.Event) -> None:
    app = app_for(bench)
    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(
                queues=[waking.QUEUE],
                fetch_job_polling_interval=POLL_S,
                update_heartbeat_interval=HEARTBEAT_S,
                stalled_worker_timeout=STALLED_S,
                delete_jobs=DeleteJobCondition.ALWAYS,
                install_signal_handlers=False,
                shutdown_graceful_timeout=0,
            )
        )
        while not stopping.is_set() and not worker.done():  # noqa: ASYNC110 - an event of another thread
            await asyncio.sleep(0.2)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=stopping.is_set())


def app_for(bench: Bench) -> App:
    """Procrastinate's side of the installation: its connections and its two tasks."""
    app = App(
        connector=PsycopgConnector(conninfo=_address(bench.engine), kwargs=_OPTIONS, min_size=1, max_size=4)
    )

    @app.task(name=waking.WAKE, queue=waking.QUEUE)
    def take_next() -> None:
        run_next(bench)

    @app.periodic(cron=EVERY_FIVE_SECONDS)
    @app.task(name=UPKEEP, queue=waking.QUEUE, queueing_lock=UPKEEP, priority=FIRST, pass_context=True)
    async def keep_up(context: JobContext, timestamp: int) -> None:
        del timestamp
        await _retry_stalled(context.app)
        await asyncio.to_thread(wake_missing, bench)

    return app


_OPTIONS = {"options": f"-c search_path={waking.SCHEMA}"}


def _address(engine: Engine) -> str:
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


async def _retry_stalled(app: App) -> None:
    """Procrastinate's jobs of workers that have no heartbeat: a wake is given to another, upkeep comes again by itself."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_S):
        if job.task_name == waking.WAKE:
            await app.job_manager.retry_job(job)
        else:
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)


def wake_missing(bench: Bench) -> None:
    """A wake for each job that could be taken and that none waits for: tried again later, or given back."""
    with transaction(bench.engine) as session:
        free = claiming.free_jobs(session, at=bench.clock())
        waking.wake(session, times=free - waking.waiting_wakes(session))
