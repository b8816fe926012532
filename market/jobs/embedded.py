"""The engine of jobs on SQLite: a loop that looks for the next one. The database's leases are all that workers share."""

from __future__ import annotations

import logging
import threading

from market.jobs.running import Bench, run_next

PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
_log = logging.getLogger("narmat.jobs")


def work(bench: Bench, *, stopping: threading.Event) -> None:
    """Job after job. A database that is away for a while is logged, and looked for again later."""
    failures = 0
    while not stopping.is_set():
        try:
            has_done = run_next(bench)
            failures = 0
        except Exception:  # noqa: BLE001 - whatever it is, the next job has its turn
            has_done, failures = False, failures + 1
            _log.exception("No job could be taken; it is tried again a little later.")
        if not has_done:
            stopping.wait(min(LONGEST_PAUSE_S, PAUSE_S * 2 ** min(failures, 6)))
