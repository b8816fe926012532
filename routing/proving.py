"""A bound that is proven beside the search, in a process of its own, so that a plan can say how good it is.

Started by its name and spoken to over pipes, as the searches are (see engines/worker).
"""

import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from routing.bound import Bound, Idea, bound
from routing.engines.estimate import Order
from routing.engines.worker import environment
from routing.problem import Problem
from routing.ranking import Rank
from routing.trips import Task, Trip, turns_of


class Prover:
    """The best bound so far, None until there is one, and the newest plan that came up on the way; ``orders`` of single routes."""

    def __init__(self) -> None:
        self.best: Bound | None = None
        self.ideas: tuple[Idea, ...] = ()
        self.orders: tuple[Order, ...] = ()
        self.is_at_work = False

    @property
    def bound_ore(self) -> int:
        """What is proven, 0 for nothing."""
        return 0 if self.best is None else self.best.cost_ore

    def proves(self, price: Rank, share: float = 1.0) -> bool:
        """Whether no plan is better than one of this rank, or none costs less than such a ``share`` of it."""
        found = self.best
        if found is None or not found.cost_ore or sum(price[:-1]) > found.left_out:
            return False
        return found.cost_ore >= share * price[-1]

    def trips(self, problem: Problem) -> tuple[Trip, ...]:
        """The ideas as trips of the problem that is proven about."""
        turns = {turn.key: turn for turn in turns_of(problem)}
        goods = {shipment.id: shipment for shipment in problem.shipments}
        return tuple(
            Trip(turns[idea.vehicle, idea.shift], tuple(Task(goods[name], up) for name, up in idea.tasks))
            for idea in self.ideas
        )

    def listen(self, pipe: IO[bytes]) -> None:
        """Keep what comes, until the other side has ended."""
        try:
            while True:
                found = pickle.load(pipe)  # noqa: S301 - written by work below
                self.ideas = found.ideas or self.ideas
                self.orders += found.met
                if self.best is None or found.cost_ore > self.best.cost_ore:
                    self.best = found
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            self.is_at_work = False


@contextmanager
def proving(problem: Problem, *, seconds: float) -> Iterator[Prover]:
    """A prover at work for about ``seconds``, or until the block is left."""
    prover = Prover()
    command = [sys.executable, "-c", "from routing.proving import work; work()"]
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603 - own module
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment()
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        listener = threading.Thread(target=prover.listen, args=(process.stdout,), daemon=True)
        prover.is_at_work = True
        listener.start()
        try:
            pickle.dump((problem, seconds), process.stdin)
            process.stdin.close()
            yield prover
        finally:
            process.kill()
            listener.join()


def work() -> None:
    """The prover's side: read the problem, tell each better bound."""
    problem, seconds = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by proving

    def tell(found: Bound) -> None:
        pickle.dump(found, sys.stdout.buffer)
        sys.stdout.buffer.flush()

    tell(bound(problem, seconds=seconds, report=tell))
