"""Spans of time, in seconds since the horizon's start."""

from dataclasses import dataclass

LONGEST_S = 10 * 366 * 24 * 3600
"""No window ends later than ten years after the horizon's start: then it is a wrong unit or a calendar time."""


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A closed span of seconds since the horizon's start."""

    start_s: int
    end_s: int

    def __contains__(self, second: object) -> bool:
        return isinstance(second, int) and self.start_s <= second <= self.end_s
