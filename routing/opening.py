"""When work at a place may start: sorted, disjoint windows, and their intersections."""

from collections.abc import Iterable
from itertools import pairwise

from routing.problem import LONGEST_S, Window

Opening = tuple[Window, ...]
ALWAYS: Opening = (Window(0, LONGEST_S),)
NEVER: Opening = (Window(LONGEST_S, LONGEST_S),)
"""The last second of all: no windows would mean always."""


def opening(windows: Iterable[Window]) -> Opening:
    """Windows in any order, overlapping or not, as sorted disjoint ones; no windows means always."""
    merged: list[Window] = []
    for window in sorted(windows):
        if merged and window.start_s <= merged[-1].end_s + 1:
            merged[-1] = Window(merged[-1].start_s, max(merged[-1].end_s, window.end_s))
        else:
            merged.append(window)
    return tuple(merged) or ALWAYS


def intersect(first: Opening, second: Opening) -> Opening:
    """The seconds that lie in both; empty when there are none."""
    if first == second:
        return first
    return tuple(
        Window(max(a.start_s, b.start_s), min(a.end_s, b.end_s))
        for a in first
        for b in second
        if max(a.start_s, b.start_s) <= min(a.end_s, b.end_s)
    )


def clipped(windows: tuple[Window, ...], first_s: int, last_s: int) -> tuple[Window, ...]:
    """What is left of windows (none: always) from ``first_s`` to ``last_s``; NEVER when nothing is."""
    if first_s <= 0 and last_s >= LONGEST_S:
        return windows
    if last_s < first_s:
        return NEVER
    return intersect(opening(windows), (Window(first_s, last_s),)) or NEVER


def first_open(windows: Opening, second: int) -> int | None:
    """The earliest second at or after ``second`` that lies in a window; None when all have closed."""
    for window in windows:
        if second <= window.end_s:
            return max(second, window.start_s)
    return None


def gaps(windows: Opening) -> tuple[Window, ...]:
    """The closed spans strictly between the windows, as closed windows themselves."""
    return tuple(Window(a.end_s + 1, b.start_s - 1) for a, b in pairwise(windows))
