"""narmat worker: does the jobs that people ask for, in processes of their own beside the servers.

The command itself only watches: a process that dies is started anew, and what it had in hand is taken over when its lease ends.
Any number of workers, on PostgreSQL also on other machines, share the jobs.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from types import FrameType

import click

from market.config import from_environment
from market.db import make_engine
from market.jobs.running import Bench, put_back
from market.migrations import upgrade
from market.shell import system_clock
from market.travel import travel_engine

PAUSE_S = 1.0
"""Between the end of a process and its successor."""
PATIENCE_S = 10.0
_log = logging.getLogger("narmat.jobs")


@click.command()
@click.option("--processes", default=1, show_default=True, type=click.IntRange(min=1), help="Jobs at a time.")
@click.option("--with-server", is_flag=True, hidden=True, help="Stop when standard input ends.")
@click.option("--one", is_flag=True, hidden=True, help="Do jobs in this very process.")
def worker(processes: int, with_server: bool, one: bool) -> None:
    """Do the jobs that people ask for, until stopped (Ctrl-C, SIGTERM)."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    stopping = threading.Event()
    _stop_on_signals(stopping)
    if with_server or one:
        threading.Thread(target=_stop_with_starter, args=(stopping,), daemon=True).start()
    if one:
        _do_jobs(stopping)
    else:
        upgrade(make_engine(from_environment().database_url))
        _watch(processes, stopping)


def _stop_on_signals(stopping: threading.Event) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _stop_with_starter(stopping: threading.Event) -> None:
    while os.read(
        sys.stdin.fileno(), 1
    ):  # returns when whoever started this process has closed its end, or is gone
        pass
    stopping.set()


def _watch(processes: int, stopping: threading.Event) -> None:
    """Keep so many processes at work."""
    at_work = [_start() for _ in range(processes)]
    while not stopping.wait(PAUSE_S):
        for number, process in enumerate(at_work):
            if process.poll() is not None:
                _log.warning("A process that does jobs ended (%s); another one begins.", process.returncode)
                at_work[number] = _start()
    for process in at_work:
        _end(process)


def _start() -> subprocess.Popen[bytes]:
    """It reads a pipe that only this process holds open, so that it ends however this one ends."""
    words = ["-c", "from market.cli import main; main()", "worker", "--one"]
    return subprocess.Popen([sys.executable, *words], stdin=subprocess.PIPE)  # noqa: S603 - this same program


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()


def _do_jobs(stopping: threading.Event) -> None:
    """Jobs in a thread, so that this one can put back what is in hand when the process is told to end."""
    from market.job_kinds import KINDS
    from market.jobs.engines import work

    settings = from_environment()
    database = make_engine(settings.database_url)
    bench = Bench(
        engine=database,
        kinds=KINDS,
        travel=travel_engine(settings, database=database),
        clock=system_clock,
    )

    def do() -> None:
        try:
            work(bench, stopping=stopping)
        except Exception:  # noqa: BLE001 - the process ends, and another one begins
            _log.exception("The worker ended.")
        finally:
            stopping.set()

    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    stopping.wait()
    put_back()
    thread.join(timeout=1.0)
    logging.shutdown()
    os._exit(0)  # a search that still runs in that thread is not waited for
