"""What a search for cheap routes is asked, and what it answers."""

from dataclasses import dataclass


class PricingUnfinished(RuntimeError):
    """Time or memory ran out before the least reduced cost was known: nothing is proven."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to look: ``width`` labels kept of each length (None: all; only then the answer is proven).

    ``until`` is a moment of time.monotonic; ``wanted`` how many routes are welcome.
    """

    width: int | None
    until: float
    wanted: int = 30


@dataclass(frozen=True, slots=True)
class Found:
    """A route's price after rewards (without the turn's fixed price), and its shipments as often as taken."""

    price: int
    numbers: tuple[int, ...]
