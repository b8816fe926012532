"""Where things stand on the board: times of a day as columns of five minutes, and rows so that no block covers another. Pure.

The style sheet board-slots.css has a class for each column and each width, so that a page needs no script to be laid out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SLOT_S = 300
"""A column of the board: five minutes. The times are written out; only their picture is so coarse."""
HOUR_S = 3600
SLOTS_PER_HOUR = HOUR_S // SLOT_S
MOST_SLOTS = 24 * SLOTS_PER_HOUR
MOST_ROWS = 16
"""So many columns and rows does the style sheet know."""
USUAL_DAY = (6, 16)
"""The hours that an empty board shows."""

Span = tuple[int, int]
"""From and until, in seconds after the day's midnight."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where something stands: its first column and its row, counted from 0, and its width in columns."""

    at: int
    slots: int
    row: int = 0

    @property
    def end(self) -> int:
        return self.at + self.slots


@dataclass(frozen=True, slots=True)
class Scale:
    """The whole hours that each day of a board shows."""

    first_h: int
    last_h: int

    @property
    def slots(self) -> int:
        return (self.last_h - self.first_h) * SLOTS_PER_HOUR

    @property
    def hours(self) -> range:
        return range(self.first_h, self.last_h)

    def mark(self, span: Span) -> Box:
        """The columns that a span covers, at least one, within what is shown."""
        first = self._clamped(span[0] // SLOT_S)
        end = self._clamped(-(-span[1] // SLOT_S))
        at = min(first, self.slots - 1)
        return Box(at, max(1, end - at))

    def _clamped(self, slot: int) -> int:
        return min(max(slot - self.first_h * SLOTS_PER_HOUR, 0), self.slots)


def scale_of(spans: Iterable[Span]) -> Scale:
    """Whole hours around everything, the same for each day, so that columns compare; at most a day long."""
    known = list(spans)
    if not known:
        return Scale(*USUAL_DAY)
    first = min(start for start, _ in known) // HOUR_S
    last = max(-(-end // HOUR_S) for _, end in known)
    return Scale(first, min(max(last, first + 1), first + MOST_SLOTS // SLOTS_PER_HOUR))


def boxes(spans: Sequence[Span], *, scale: Scale, least: int) -> tuple[Box, ...]:
    """A box for each span, in order: wide enough to be read (`least` columns), in the first row where it covers no other.

    A box begins where its time does; near the end of the day it is moved left as far as it takes to fit.
    """
    free_from: list[int] = []
    placed = []
    for span in spans:
        mark = scale.mark(span)
        width = min(max(mark.slots, least), scale.slots)
        at = min(mark.at, scale.slots - width)
        row = next((row for row, free in enumerate(free_from) if free <= at), len(free_from))
        if row == len(free_from):
            free_from.append(0)
        free_from[row] = at + width
        placed.append(Box(at, width, row))
    return tuple(placed)
