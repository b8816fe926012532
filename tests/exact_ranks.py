"""Linear algebra in exact fractions, to see what published sums give away: nothing of the arithmetic under test."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Row = list[Fraction]


def rank(rows: Sequence[Row]) -> int:
    """By elimination."""
    left, found = [row[:] for row in rows], 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((n for n in range(found, len(left)) if left[n][column]), None)
        if pivot is None:
            continue
        left[found], left[pivot] = left[pivot], left[found]
        for row in left[found + 1 :]:
            times = row[column] / left[found][column]
            row[:] = [a - times * b for a, b in zip(row, left[found], strict=True)]
        found += 1
    return found


def row_of(places: frozenset[int], length: int) -> Row:
    return [Fraction(place in places) for place in range(length)]


def tells(published: Sequence[Row], secret: Sequence[Row]) -> bool:
    """Whether some sum of the published is made of the secret alone, and is not nothing."""
    return bool(secret) and rank(published) + rank(secret) > rank([*published, *secret])
