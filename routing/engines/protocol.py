"""What every engine is given and gives back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from routing.problem import Problem
from routing.trips import Trip


@dataclass(frozen=True, slots=True)
class Limit:
    """When to stop: after so many seconds, so many iterations, or whichever comes first.

    An iteration is a plan that the search accepted. With iterations alone a run with the same seed gives the
    same plan on every machine.
    """

    seconds: float | None = None
    iterations: int | None = None

    def __post_init__(self) -> None:
        if self.seconds is None and self.iterations is None:
            raise ValueError("A search without an end: give Limit seconds, iterations, or both.")
        if (self.seconds is not None and self.seconds <= 0) or (
            self.iterations is not None and self.iterations < 1
        ):
            raise ValueError("A limit must be above 0: give more seconds or iterations.")


@dataclass(frozen=True, slots=True)
class Progress:
    """The state of a running search: time used, plans seen, and the cost of the best with skip prices included.

    ``bound_ore``: what no plan that serves all it can costs less than, proven so far; 0 where nothing is.
    """

    seconds: float
    iterations: int
    cost_ore: float
    bound_ore: int = 0


Reporter = Callable[[Progress, tuple[Trip, ...]], None]
"""Told of each better plan while the search runs."""


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: the best trips, and others met on the way that may be good parts of another plan."""

    trips: tuple[Trip, ...] = ()
    others: tuple[Trip, ...] = ()


class Engine(Protocol):
    """A search. Each shipment is picked up and delivered once, by one turn, or left out altogether.

    An engine may know fewer rules than the problem has: whoever asked prices its trips by ``feasible.route_of``.
    """

    @property
    def name(self) -> str: ...

    def search(self, problem: Problem, *, limit: Limit, seed: int, report: Reporter | None) -> Found: ...
