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
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO

from routing.engines.protocol import Engine, Found, Limit, Progress
from routing.problem import Problem
from routing.trips import Trip

TICK_S = 0.2
"""How often the listener hears of searches that find nothing better."""
LEAST_SECONDS = 0.05


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


def search_apart(
    assignments: Sequence[Assignment],
    problem: Problem,
    *,
    heard: Callable[[tuple[Trip, ...]], None],
    go_on: Callable[[int], bool],
) -> tuple[Found, ...]:
    """The answers in order, or what there was when ``go_on`` (told the iterations so far) returned False.

    ``heard`` is told of each better plan of any search. A search that dies is warned of, and its best so far
    counts; raises WorkerFailed when all die.
    """
    messages: SimpleQueue[_Message] = SimpleQueue()
    state = _State([Found() for _ in assignments], set(range(len(assignments))))
    with ExitStack() as stack:
        processes = [stack.enter_context(_process(number, messages)) for number in range(len(assignments))]
        for process, assignment in zip(processes, assignments, strict=True):
            assert process.stdin is not None
            pickle.dump((assignment, problem, time.monotonic()), process.stdin)
            process.stdin.close()
        while state.running:
            _receive(messages, state, processes, heard)
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


@contextmanager
def _process(number: int, messages: "SimpleQueue[_Message]") -> Iterator[subprocess.Popen[bytes]]:
    """A running worker that talks to ``messages``; ended in any case when the block is left."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", "from routing.engines.worker import work; work()"]
    with subprocess.Popen(  # noqa: S603 - own module
        command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment()
    ) as process:
        assert process.stdout is not None
        threading.Thread(target=_listen, args=(process.stdout, number, messages), daemon=True).start()
        try:
            yield process
        finally:
            process.kill()


def environment() -> dict[str, str]:
    """The worker must import this very package, from wherever the caller did."""
    root = str(Path(__file__).resolve().parents[2])
    paths = [entry for entry in sys.path if entry]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths if root in paths else [root, *paths])}


def _listen(pipe: IO[bytes], number: int, messages: "SimpleQueue[_Message]") -> None:
    try:
        while True:
            messages.put((number, pickle.load(pipe)))  # noqa: S301 - written by work below
    except (EOFError, OSError, ValueError, pickle.UnpicklingError):
        messages.put((number, None))


def work() -> None:
    """The worker's side: read the task, report each better plan, give the answer."""
    assignment, problem, sent_at = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by search_apart

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
