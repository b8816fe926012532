"""Two kinds of turn at a time: the compiled steps let go of the interpreter, so threads are enough."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

THREADS = 2
"""No more, as no more than two processes search for a plan unless asked to."""

Found = TypeVar("Found")


def for_each(work: Callable[[int], Found], numbers: Sequence[int]) -> list[Found]:
    """What the work gives for each number, in their order; begun in that order too."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, numbers))
