"""What a benchmark reader gives, and the error for files that are not what they seem."""

from dataclasses import dataclass

from routing.problem import Problem


class UnreadableFile(ValueError):
    """The file is in none of the formats, or breaks its own; the text says where and what to do."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A problem with what its integers mean: ``per_unit`` of them make one unit of the file.

    ``coordinates`` (file units, by stop id) are there when the format has no geography, only a plane.
    ``convention`` says how the literature counts. ``vehicles_first``: fewer vehicles beat any distance.
    """

    problem: Problem
    format: str
    per_unit: int = 1
    coordinates: dict[str, tuple[float, float]] | None = None
    convention: str = "metres, seconds, öre"
    vehicles_first: bool = False


def numbers(line: str, *, count: int, number: int) -> list[float]:
    """The ``count`` numbers of line ``number``; raises UnreadableFile."""
    fields = line.split()
    try:
        values = [float(field) for field in fields]
    except ValueError:
        values = []
    if len(values) != count:
        raise UnreadableFile(f"Line {number}: expected {count} numbers, found {line.strip()[:60]!r}.")
    return values
