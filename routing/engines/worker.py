"""Searches in processes of their own, so that they run side by side and stop at any moment with the best so far.

No engine can be interrupted from inside at once; a process can. It is started by its
name, not by multiprocessing, so that a caller's script needs no ``__main__`` guard. Both pipes carry pickles between two halves
of this module only. A worker whose caller is gone ends itself when it next reports.
"""

import os
import pickle
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Self

from routing.engines.protocol import Engine, Found, Limit, Progress
from routing.problem import Problem
from routing.trips import Trip

TICK_S = 0.2
"""How often the listener hears of searches that find nothing better."""
LEAST_SECONDS = 0.05
SLOW_TO_LOAD = ("routing.portfolio", "pyvrp", "ortools.sat.python.cp_model")
"""What searches and covers need: one who waits has loaded it."""


class WorkerFailed(RuntimeError):
    """A search process ended without an answer; the text carries its last words."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What one process does."""

    engine: Engine
    limit: Limit
    seed: int


@dataclass(frozen=True, slots=True)
class _Better:
    """A message from a worker: a better plan on the way."""

    trips: tuple[Trip, ...]
    progress: Progress


_Message = tuple[int, _Better | Found | None]
"""Which worker, and what it says; None: it closed its end."""


@dataclass(slots=True)
class _State:
    """What the caller knows of the searches: answers, or the last better plan."""

    found: list[Found]
    running: set[int]
    iterations: dict[int, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


class Crew:
    """Worker processes that have started and wait for what to do, so that no search waits for its process to start.

    Inside the block only: when it is left, all that still wait are ended.
    """

    def __init__(self, count: int) -> None:
        """``count``: how many are to wait when they are called."""
        self.count = count
        self._waiting: list[subprocess.Popen[bytes]] = []
        self._is_open = False

    def __enter__(self) -> Self:
        self._is_open = True
        return self

    def __exit__(self, *_: object) -> None:
        self._is_open = False
        for process in self._waiting:
            with _ended(process):
                pass
        self._waiting = []

    def call(self) -> None:
        while self._is_open and len(self._waiting) < self.count:
            self._waiting.append(_started(*SLOW_TO_LOAD))

    def taken(self) -> AbstractContextManager[subprocess.Popen[bytes]]:
        """One that waits, or a new one; ended in any case when the block is left."""
        while self._waiting:
            process = self._waiting.pop(0)
            if process.poll() is None:
                return _ended(process)
            with _ended(process):  # died while it waited
                pass
        return _ended(_started())


@contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """The process, ended when the block is left."""
    with process:
        try:
            yield process
        finally:
            process.kill()


def _started(*modules: str) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", "from routing.engines.worker import work; work()", *modules]
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment())  # noqa: S603 - own module


def search_apart(
    assignments: Sequence[Assignment],
    problem: Problem,
    *,
    heard: Callable[[tuple[Trip, ...]], None],
    go_on: Callable[[int], bool],
    crew: Crew,
    calls_at: float | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> tuple[Found, ...]:
    """The answers in order, or what there was when ``go_on`` (told the iterations so far) returned False.

    The processes are the ``crew``'s; at ``calls_at``, by the monotonic clock, it calls others, to be ready when these have answered. ``meanwhile`` is done here as soon as they have their task.
    ``heard`` is told of each better plan of any search. A search that dies is warned of, and its best so far
    counts; raises WorkerFailed when all die.
    """
    messages: SimpleQueue[_Message] = SimpleQueue()
    state = _State([Found() for _ in assignments], set(range(len(assignments))))
    with ExitStack() as stack:
        began = time.monotonic()
        processes = [stack.enter_context(crew.taken()) for _ in assignments]
        for number, (process, assignment) in enumerate(zip(processes, assignments, strict=True)):
            task = pickle.dumps((assignment, problem, began))
            threading.Thread(target=_talk, args=(process, number, task, messages), daemon=True).start()
        meanwhile()
        while state.running:
            _receive(messages, state, processes, heard)
            if calls_at is not None and time.monotonic() > calls_at:
                crew.call()
            if not go_on(sum(state.iterations.values())):
                break
    if len(state.failures) == len(assignments):
        raise WorkerFailed(f"The search ended without a plan: {state.failures[0]}")
    for text in state.failures:
        warnings.warn(f"One of the searches ended without a plan: {text}", RuntimeWarning, stacklevel=2)
    return tuple(state.found)


def _receive(
    messages: "SimpleQueue[_Message]",
    state: _State,
    processes: Sequence[subprocess.Popen[bytes]],
    heard: Callable[[tuple[Trip, ...]], None],
) -> None:
    """Wait for one message, at most a tick."""
    try:
        number, message = messages.get(timeout=TICK_S)
    except Empty:
        return
    if message is None:
        if number in state.running:
            stderr = processes[number].stderr
            assert stderr is not None
            state.failures.append(stderr.read().decode()[-2000:])
        state.running.discard(number)
    elif isinstance(message, Found):
        state.found[number] = message
        state.running.discard(number)
        heard(message.trips)
    else:
        state.found[number] = Found(message.trips)
        state.iterations[number] = message.progress.iterations
        heard(message.trips)


def environment() -> dict[str, str]:
    """The worker must import this very package, from wherever the caller did."""
    root = str(Path(__file__).resolve().parents[2])
    paths = [entry for entry in sys.path if entry]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths if root in paths else [root, *paths])}


def _talk(
    process: subprocess.Popen[bytes], number: int, task: bytes, messages: "SimpleQueue[_Message]"
) -> None:
    """Give the task, which waits until the process has started, and pass on what it says."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(task)
        process.stdin.close()
        while True:
            messages.put((number, pickle.load(process.stdout)))  # noqa: S301 - written by work below
    except (EOFError, OSError, ValueError, pickle.UnpicklingError):
        messages.put((number, None))


def work() -> None:
    """The worker's side: load the modules named, read the task, report each better plan, give the answer."""
    for name in sys.argv[1:]:
        import_module(name)
    assignment, problem, sent_at = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by _talk

    def report(progress: Progress, trips: tuple[Trip, ...]) -> None:
        _send(_Better(trips, progress))

    limit = _less(assignment.limit, time.monotonic() - sent_at)
    _send(assignment.engine.search(problem, limit=limit, seed=assignment.seed, report=report))


def _less(limit: Limit, used_s: float) -> Limit:
    """Starting a process takes from the time that the search was given (one monotonic clock for all processes)."""
    if limit.seconds is None:
        return limit
    return replace(limit, seconds=max(LEAST_SECONDS, limit.seconds - max(0.0, used_s)))


def _send(message: _Better | Found) -> None:
    pickle.dump(message, sys.stdout.buffer)
    sys.stdout.buffer.flush()
