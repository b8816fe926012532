"""A search in a process of its own, so that it can be stopped at any moment with the best plan so far.

OR-Tools' iterated search cannot be interrupted from inside; a process can. It is started by its
name, not by multiprocessing, so that a caller's script needs no ``__main__`` guard. Both pipes carry pickles between two halves
of this module only. A worker whose caller is gone ends itself when it next reports.
"""

import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import IO

from routing.engines.protocol import Engine, Limit, Progress
from routing.problem import Problem
from routing.trips import Trip

TICK_S = 0.2
"""How often the listener hears of a search that finds nothing better."""


class WorkerFailed(RuntimeError):
    """The search process ended without an answer; the text carries its last words."""


@dataclass(frozen=True, slots=True)
class _Better:
    """A message from the worker: a better plan, or at last the answer."""

    trips: tuple[Trip, ...]
    progress: Progress | None = None


@dataclass(slots=True)
class _State:
    """What the caller knows of the search."""

    progress: Progress = field(default_factory=lambda: Progress(0.0, 0, float("inf")))
    trips: tuple[Trip, ...] = ()
    finished: bool = False


def search_apart(
    engine: Engine, problem: Problem, *, limit: Limit, seed: int, progress: Callable[[Progress], bool]
) -> tuple[Trip, ...]:
    """The engine's answer, or its best so far when ``progress`` returns False. Raises WorkerFailed."""
    began = time.monotonic()
    state = _State()
    with _process() as (process, messages):
        assert process.stdin is not None
        pickle.dump((engine, problem, limit, seed), process.stdin)
        process.stdin.close()
        while not state.finished:
            _receive(messages, state, process)
            seconds = time.monotonic() - began
            if not progress(Progress(seconds, state.progress.iterations, state.progress.cost_ore)):
                break
    return state.trips


def _receive(
    messages: "SimpleQueue[_Better | None]", state: _State, process: subprocess.Popen[bytes]
) -> None:
    """Wait for one message, at most a tick; None says that the worker closed its end."""
    try:
        message = messages.get(timeout=TICK_S)
    except Empty:
        return
    if message is None:
        assert process.stderr is not None
        raise WorkerFailed(f"The search ended without a plan: {process.stderr.read().decode()[-2000:]}")
    state.trips = message.trips
    state.progress = message.progress or state.progress
    state.finished = message.progress is None


@contextmanager
def _process() -> Iterator[tuple[subprocess.Popen[bytes], "SimpleQueue[_Better | None]"]]:
    """A running worker and its messages; ended in any case when the block is left."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", "from routing.engines.worker import work; work()"]
    messages: SimpleQueue[_Better | None] = SimpleQueue()
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process:  # noqa: S603 - own module
        assert process.stdout is not None
        threading.Thread(target=_listen, args=(process.stdout, messages), daemon=True).start()
        try:
            yield process, messages
        finally:
            process.kill()


def _listen(pipe: IO[bytes], messages: "SimpleQueue[_Better | None]") -> None:
    try:
        while True:
            messages.put(pickle.load(pipe))  # noqa: S301 - written by work below
    except (EOFError, OSError, ValueError, pickle.UnpicklingError):
        messages.put(None)


def work() -> None:
    """The worker's side: read the task, report each better plan, give the answer."""
    engine, problem, limit, seed = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by search_apart

    def report(progress: Progress, trips: tuple[Trip, ...]) -> None:
        _send(_Better(trips, progress))

    _send(_Better(engine.search(problem, limit=limit, seed=seed, report=report)))


def _send(message: _Better) -> None:
    pickle.dump(message, sys.stdout.buffer)
    sys.stdout.buffer.flush()
