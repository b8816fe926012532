"""A matrix asked for in parts that an engine accepts, and put together again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.travel.asking import EngineGarbled, EngineRefused

MOST_REFUSALS = 2_000
"""A map in a few pieces stays far below; beyond it each matrix would cost thousands of questions."""


class NoRoad(Exception):
    """The engine refuses a whole part because some pair in it has no road. Caught here, never seen outside."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one question may hold: locations (origins and destinations together) and pairs of them."""

    locations: int
    pairs: int

    def __post_init__(self) -> None:
        if self.locations < 2 or self.pairs < 1:
            raise ValueError(
                f"A question of {self.locations} locations and {self.pairs} pairs can't hold one origin and one "
                "destination. Allow at least 2 locations and 1 pair."
            )

    def sides(self, rows: int, columns: int) -> tuple[int, int]:
        """The part's height and width that cover a matrix in the fewest questions."""
        heights = range(1, min(rows, self.locations - 1, self.pairs) + 1)
        shapes = [(height, min(columns, self.locations - height, self.pairs // height)) for height in heights]
        return min(shapes, key=lambda shape: -(-rows // shape[0]) * -(-columns // shape[1]))


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Metres and seconds (n, m) as an engine gave them: floats, not-a-number where there is no road."""

    metres: NDArray[np.float64]
    seconds: NDArray[np.float64]

    @property
    def reachable(self) -> NDArray[np.bool_]:
        return np.isfinite(self.metres) & np.isfinite(self.seconds)


Rows = NDArray[np.int64]
Question = Callable[[Rows, Rows], Part]
"""From the numbers of some origins (n,) and destinations (m,) to their part (n, m). May raise `NoRoad`."""


def gather(rows: Rows, columns: Rows, *, shape: tuple[int, int], limits: Limits, question: Question) -> Part:
    """The matrix of `shape`: the rows and columns named as the engine answers, the rest without a road.

    A refused part is halved until the pairs without a road stand alone. Raises `EngineRefused`.
    """
    whole = Part(np.full(shape, np.nan), np.full(shape, np.nan))
    waiting = list(_parts(rows, columns, limits))
    refusals = 0
    while waiting:
        part_rows, part_columns = waiting.pop()
        try:
            answer = question(part_rows, part_columns)
        except NoRoad as refusal:
            refusals += 1
            if refusals > MOST_REFUSALS:
                raise EngineRefused(
                    f"The road engine found no road {refusals} times ({refusal}). Its map seems to lack this "
                    "area or its ferries: build it from an extract of all Sweden, ferries included."
                ) from None
            waiting += _halves(part_rows, part_columns)
        else:
            place = np.ix_(part_rows, part_columns)
            whole.metres[place], whole.seconds[place] = answer.metres, answer.seconds
    return whole


def table(content: Any, shape: tuple[int, int], *, name: str, scale: float = 1.0) -> NDArray[np.float64]:
    """A list of lists of numbers or null as an array of `shape`, times `scale`. Raises `EngineGarbled`."""
    try:
        values = np.array(content, dtype=np.float64) * scale
    except (TypeError, ValueError):
        values = np.zeros(0)
    if values.shape != shape or bool((values < 0).any()) or bool(np.isinf(values).any()):
        raise EngineGarbled(
            f"The road engine's '{name}' is no table of {shape[0]} rows by {shape[1]} numbers. "
            "Check that the address leads to an engine of a version that the documentation names."
        )
    return values


def _parts(rows: Rows, columns: Rows, limits: Limits) -> Iterator[tuple[Rows, Rows]]:
    if not (len(rows) and len(columns)):
        return
    height, width = limits.sides(len(rows), len(columns))
    for top in range(0, len(rows), height):
        for left in range(0, len(columns), width):
            yield rows[top : top + height], columns[left : left + width]


def _halves(rows: Rows, columns: Rows) -> list[tuple[Rows, Rows]]:
    """The part in two along its longer side; nothing is left of a single pair."""
    if len(rows) == len(columns) == 1:
        return []
    if len(rows) >= len(columns):
        return [(half, columns) for half in np.array_split(rows, 2)]
    return [(rows, half) for half in np.array_split(columns, 2)]
