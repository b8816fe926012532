"""Doing a job: the worker's side, the same whichever engine woke it.

A thread of its own renews the lease, so that work of any length keeps the job; a worker that dies renews nothing, and
another one begins anew when the lease has ended. The effect and the job's end are one transaction: it happens once.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geodata.travel import TravelEngine
from market.db import open_session, transaction
from market.jobs import claiming, rules
from market.jobs.claiming import LeaseLost, Taken
from market.jobs.error_params import plain
from market.jobs.rules import JobEvent, Point
from market.values import Refused

TELL_EVERY_S = 0.5
"""Progress that comes more often than this is told with the next."""
Clock = Callable[[], datetime]
_log = logging.getLogger("narmat.jobs")


class Handler(Protocol):
    """What a kind of job does. It ends with `work.finish(...)`, or raises Refused with the words for the person."""

    def __call__(self, work: Work, /) -> None: ...


Kinds = Mapping[str, Handler]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a worker has at hand."""

    engine: Engine
    kinds: Kinds
    travel: TravelEngine
    clock: Clock


class Works(Protocol):
    """An engine of jobs: does what there is to do, until `stopping` is set."""

    def __call__(self, bench: Bench, *, stopping: threading.Event) -> None: ...


_in_hand: set[Work] = set()
"""What this process is doing now."""


class Work:
    """A job as its handler sees it. `at` is when it was asked for; `now()` what the worker's clock says."""

    def __init__(self, taken: Taken, bench: Bench) -> None:
        self.engine, self.travel = bench.engine, bench.travel
        self.job_id, self.params, self.at = taken.id, taken.params, taken.asked_at
        self.user_id, self.authority_id = taken.user_id, taken.authority_id
        self.is_finished = False
        self._taken, self._clock = taken, bench.clock
        self._began, self._told = time.monotonic(), float("-inf")
        self._points: list[Point] = []
        self._goes_on = True
        self._is_lost = threading.Event()

    def now(self) -> datetime:
        return self._clock()

    def progress(
        self, cost_ore: int | None = None, bound_ore: int | None = None, note: str | None = None
    ) -> bool:
        """Tell how far it is; call it as often as you like. False: end now, with the best there is.

        Raises LeaseLost when another worker has the job.
        """
        if self._is_lost.is_set():
            raise LeaseLost
        passed = time.monotonic() - self._began
        self._points = rules.with_point(self._points, (round(passed * 1000), cost_ore, bound_ore))
        if time.monotonic() - self._told >= TELL_EVERY_S:
            self._told = time.monotonic()
            self._renew(points=self._points, note=note)
        return self._goes_on

    def finish(self, effect: Callable[[Session], dict[str, Any] | None]) -> None:
        """Do the effect and end the job, both or neither, once. What the effect returns is the job's result.

        Raises LeaseLost, and whatever the effect raises; then nothing of it stays.
        """
        with transaction(self.engine) as session:
            job = claiming.held(session, taken=self._taken)
            if self._points:
                job.points = self._points
            result = effect(session)
            claiming.end(session, job, JobEvent.FINISH, at=self.now(), result=result)
        self.is_finished = True

    def keep(self) -> None:
        """Renew the lease from beside the work; notes when it is lost."""
        try:
            self._renew()
        except LeaseLost:
            self._is_lost.set()

    def give_back(self) -> None:
        """Let another worker do it; what is worked out here comes to nothing."""
        self._is_lost.set()
        try:
            with transaction(self.engine) as session:
                claiming.put_back(session, claiming.held(session, taken=self._taken), at=self.now())
        except LeaseLost:
            return

    def _renew(self, *, points: list[Point] | None = None, note: str | None = None) -> None:
        with transaction(self.engine) as session:
            hold = claiming.renew(session, taken=self._taken, at=self.now(), points=points, note=note)
        if hold.is_stop_wished:
            self._goes_on = False


def run_next(bench: Bench) -> bool:
    """Take the job whose turn it is and do it to its end. False when there was none."""
    with open_session(bench.engine, writes=False) as session:
        if not claiming.free_jobs(session, at=bench.clock()):
            return False
    with transaction(bench.engine) as session:
        taken = claiming.claim(session, kinds=bench.kinds.keys(), at=bench.clock())
    if taken is None:
        return False
    work = Work(taken, bench)
    _in_hand.add(work)
    try:
        _do(work, bench.kinds[taken.kind], taken)
    finally:
        _in_hand.discard(work)
    return True


def put_back() -> None:
    """What this process has in hand waits again, for another worker to begin anew: for a process that is told to end."""
    for work in tuple(_in_hand):
        work.give_back()


def _do(work: Work, handler: Handler, taken: Taken) -> None:
    try:
        with _kept(work):
            handler(work)
        if not work.is_finished:
            _close(work, taken)
    except LeaseLost:
        _log.warning("Job %s (%s) was lost to another worker.", taken.id, taken.kind)
    except Refused as refusal:
        _fail(work, taken, refusal)
    except Exception as error:  # noqa: BLE001 - whatever it is, the next job has its turn
        _log.exception("Job %s (%s) went wrong.", taken.id, taken.kind)
        _try_again(work, taken, fault=f"{type(error).__name__}: {error}")


class _kept:  # noqa: N801 - reads as a word where it is used
    """The lease is renewed from a thread of its own while the block lasts."""

    def __init__(self, work: Work) -> None:
        self._work, self._over = work, threading.Event()
        self._thread = threading.Thread(target=self._renew, name=f"lease-{work.job_id}", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _renew(self) -> None:
        while not self._over.wait(rules.RENEW.total_seconds()):
            try:
                self._work.keep()
            except Exception:  # noqa: BLE001 - the database may be away for a moment
                _log.exception(
                    "The lease of job %s could not be renewed; it is tried again.", self._work.job_id
                )


def _close(work: Work, taken: Taken) -> None:
    """A handler that had nothing to store: it was stopped, or it is done."""
    with transaction(work.engine) as session:
        job = claiming.held(session, taken=taken)
        event = JobEvent.STOP if job.stop_wished_at else JobEvent.FINISH
        claiming.end(session, job, event, at=work.now())


def _fail(work: Work, taken: Taken, refusal: Refused) -> None:
    def note(session: Session) -> None:
        job = claiming.held(session, taken=taken)
        params = plain(refusal.params)
        claiming.fail(session, job, error=refusal.message, error_params=params, fault="", at=work.now())

    _note(work, taken, note)


def _try_again(work: Work, taken: Taken, *, fault: str) -> None:
    def note(session: Session) -> None:
        job = claiming.held(session, taken=taken)
        claiming.try_again(session, job, fault=fault, at=work.now())

    _note(work, taken, note)


def _note(work: Work, taken: Taken, note: Callable[[Session], None]) -> None:
    try:
        with transaction(work.engine) as session:
            note(session)
    except LeaseLost:
        _log.warning("Job %s (%s) was lost to another worker.", taken.id, taken.kind)
