"""narmat work: what happens by the clock and after the commit. Several workers, also on several machines, share the work."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from functools import cache, partial
from types import FrameType

import click
from flask import Flask
from sqlalchemy import Engine

from market import create_app, shell
from market.chores import Desk, run_due
from market.config import Settings, from_environment
from market.dis.sealing.operator_key import keeper_of
from market.migrations import upgrade
from market.notices.delivery import ROUND, deliver
from market.notices.posting import Mailer, mailer_from
from market.notices.writing import mail_for

PAUSE_S = 2.0
LONGEST_PAUSE_S = 60.0
MOST_ROUNDS = 5
"""Rounds of mail before the chores have their turn again."""
_log = logging.getLogger("narmat.work")


class Worker:
    """Runs chores that are due and sends what waits, until told to stop."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app, self._settings = app, settings
        self._mailer: Mailer | None = mailer_from(settings)
        self._clock: shell.Clock = app.extensions["narmat.clock"]
        self._engine: Engine = app.extensions["narmat.engine"]
        self._desk = Desk(
            engine=self._engine,
            travel=app.extensions["narmat.travel"],
            keeper=cache(partial(keeper_of, settings)),
        )
        self.stopping = threading.Event()

    def round(self) -> int:
        """Everything that is due now. Returns how many things were done."""
        return run_due(self._desk, at=self._clock()) + self._send()

    def run(self) -> None:
        """Round after round. One that fails, such as while the database is away, is logged and tried again later."""
        failures = 0
        while not self.stopping.is_set():
            try:
                self.round()
                failures = 0
            except Exception:  # noqa: BLE001 - whatever it is, the next round comes
                failures += 1
                _log.exception("The round failed; the next one comes a little later.")
            self.stopping.wait(min(LONGEST_PAUSE_S, PAUSE_S * 2 ** min(failures, 6)))

    def _send(self) -> int:
        if self._mailer is None:
            return 0
        write = partial(mail_for, self._app, self._settings)
        sent = 0
        for _ in range(MOST_ROUNDS):
            taken = deliver(self._engine, mailer=self._mailer, write=write, clock=self._clock)
            sent += taken
            if taken < ROUND or self.stopping.is_set():
                break
        return sent


@click.command()
@click.option("--once", is_flag=True, help="One round, then stop.")
@click.option("--with-server", is_flag=True, hidden=True, help="Stop when standard input ends.")
def work(once: bool, with_server: bool) -> None:
    """Send messages and do what is due by the clock, until stopped (Ctrl-C, SIGTERM)."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    settings = from_environment()
    app = create_app(settings)
    upgrade(app.extensions["narmat.engine"])
    worker = Worker(app, settings)
    if once:
        worker.round()
        return
    _stop_on_signals(worker)
    if with_server:
        threading.Thread(target=_stop_with_server, args=(worker,), daemon=True).start()
    worker.run()


def _stop_on_signals(worker: Worker) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        worker.stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _stop_with_server(worker: Worker) -> None:
    while os.read(sys.stdin.fileno(), 1):  # returns when the server has closed its end, or is gone
        pass
    worker.stopping.set()
