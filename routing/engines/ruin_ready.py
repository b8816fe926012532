"""Compiling the steps of ruin and recreate: once for a machine and version, in seconds; afterwards they are read from disk.

A search waits for it no longer than it has time. Where that was too short, a process of its own compiles, so that the next search finds
the steps on disk: nobody waits for that process, it ends by itself, and where nothing can be kept on disk at once.
"""

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from routing.engines.ortools_engine import job_of
from routing.engines.ruin_ground import terrain_of
from routing.problem import Problem, Shipment, Stop, Vehicle, Window


@dataclass(slots=True)
class _Compiling:
    """What this process has done about it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    thread: threading.Thread | None = None
    over: threading.Event = field(default_factory=threading.Event)
    fault: BaseException | None = None
    apart: "subprocess.Popen[bytes] | None" = None


_compiling = _Compiling()


def is_compiled() -> bool:
    """Whether an earlier run left the steps on disk, as far as that is seen without loading the compiler, which takes a while."""
    steps = Path(__file__).with_name("ruin_steps.py")
    users = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "numba"
    named = os.environ.get("NUMBA_CACHE_DIR")
    folders = [Path(named)] if named else [steps.parent / "__pycache__", users]
    made = (index for folder in folders for index in folder.rglob("ruin_steps.search-*.nbi"))
    return any(index.stat().st_mtime >= steps.stat().st_mtime for index in made)


def wait_until_ready(ends: float | None) -> bool:
    """Whether the steps are compiled by ``ends`` (of the monotonic clock; None: whenever they are). Raises what the compiler raised."""
    with _compiling.lock:
        if _compiling.thread is None:
            _compiling.thread = threading.Thread(target=_compile_here, name="ruin-compiling", daemon=True)
            _compiling.thread.start()
    if not _compiling.over.wait(None if ends is None else max(0.0, ends - time.monotonic())):
        _compile_apart()
        return False
    if _compiling.fault is not None:
        raise _compiling.fault
    return True


def compile_all() -> None:
    """Run every step once, on a problem of one shipment."""
    from routing.engines.ruin_state import State

    stops = (Stop("here", "Here"), Stop("there", "There"))
    day = (Window(0, 1_000),)
    van = Vehicle("van", "Van", "", "here", "here", 1, None, day, 0, 0, 0, 0)
    legs = [[0, 1], [1, 0]]
    problem = Problem(stops, (Shipment("goods", "here", "there", 1),), (van,), legs, legs)
    state = State(terrain_of(job_of(problem), fixed=True), (), seed=0)
    state.search(1, temperature=0.0)


def _compile_here() -> None:
    try:
        compile_all()
    except BaseException as fault:  # noqa: BLE001 - told to whoever waits
        _compiling.fault = fault
    _compiling.over.set()


def _compile_apart() -> None:
    from routing.engines.worker import environment

    with _compiling.lock:
        if _compiling.apart is None:
            nobody = subprocess.DEVNULL
            command = [sys.executable, "-c", "from routing.engines.ruin_ready import work; work()"]
            _compiling.apart = subprocess.Popen(  # noqa: S603 - own module
                command, stdin=nobody, stdout=nobody, stderr=nobody, env=environment(), start_new_session=True
            )


def work() -> None:
    """The side of the process apart: at low priority, and only where it is of use."""
    from routing.engines import ruin_steps  # noqa: F401 - its functions show whether they are kept
    from routing.engines.ruin_compiled import is_kept

    if is_kept():
        os.nice(10)
        compile_all()
