"""Need against supply by category and month: what is missing, where nobody is, and who would close most of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from market.followup.figures import PER_CENT
from market.followup.rules import part_of

Place = tuple[str, int]
"""A category's key and a month as year * 100 + month."""


class Basis(StrEnum):
    """What a need rests on. Each is a way of seeing the same need, so the largest counts and nothing is added twice."""

    STATED = "stated"
    WANTED = "wanted"
    BEFORE = "before"
    WATCHED = "watched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Grams of a category in a month, by each way of knowing.

    `stated`: the kitchens' answers in rounds of needs. `wanted`: received, ordered, and interest that has led to no order.
    `before`: received in the same month a year earlier. `watched`: the least amounts that kitchens watch for.
    """

    stated: int = 0
    wanted: int = 0
    before: int = 0
    watched: int = 0

    @property
    def grams(self) -> int:
        return max(self.stated, self.wanted, self.before, self.watched)

    @property
    def basis(self) -> Basis | None:
        """What it rests on; of equal ones the first. None: nothing is known."""
        return next((one for one in Basis if self.grams and getattr(self, one) == self.grams), None)


class Covering(StrEnum):
    """How a month is supplied."""

    UNKNOWN = "unknown"  # nobody has said that it is needed, and nobody offers it
    SPARE = "spare"  # offered, and nobody has said that it is needed
    COVERED = "covered"
    SHORT = "short"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A category in a month. `offered`: what the authority could have, in grams."""

    need: Need
    offered: int

    @property
    def missing(self) -> int:
        return max(0, self.need.grams - self.offered)

    @property
    def covering(self) -> Covering:
        if not self.need.grams:
            return Covering.SPARE if self.offered else Covering.UNKNOWN
        if not self.missing:
            return Covering.COVERED
        return Covering.SHORT if self.offered else Covering.NOBODY

    @property
    def per_cent(self) -> int:
        """How much of the need is covered, 0 to 100, rounded down: 100 is all of it."""
        return min(PER_CENT, self.offered * PER_CENT // self.need.grams) if self.need.grams else PER_CENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A category over the months."""

    category_key: str
    cells: Sequence[Cell]

    @property
    def needed(self) -> int:
        return sum(cell.need.grams for cell in self.cells)

    @property
    def offered(self) -> int:
        return sum(cell.offered for cell in self.cells)

    @property
    def missing(self) -> int:
        return sum(cell.missing for cell in self.cells)

    @property
    def bases(self) -> tuple[Basis, ...]:
        """What its needs rest on, in the order of Basis."""
        met = {cell.need.basis for cell in self.cells}
        return tuple(one for one in Basis if one in met)


def matrix(
    keys: Iterable[str], months: Sequence[int], needs: Mapping[Place, Need], offered: Mapping[Place, int]
) -> tuple[Row, ...]:
    """One row for each category, in the order given."""
    return tuple(
        Row(
            category_key=key,
            cells=tuple(
                Cell(need=needs.get((key, month), Need()), offered=offered.get((key, month), 0))
                for month in months
            ),
        )
        for key in keys
    )


class Ground(StrEnum):
    """What is known of what a producer could supply: its own offers, or only what others of its kind offer."""

    OFFERS = "offers"
    TYPICAL = "typical"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A producer that does not supply the area yet, in one category. `others`: how many a typical amount is the mean of."""

    producer_id: int | None
    category_key: str
    by_month: Mapping[int, int]
    ground: Ground
    others: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What of a category's gap a candidate would close."""

    candidate: Candidate
    grams: int
    missing: int

    @property
    def per_cent(self) -> int:
        return part_of(PER_CENT, own=self.grams, whole=self.missing)


def closings(rows: Sequence[Row], months: Sequence[int], candidates: Iterable[Candidate]) -> list[Closing]:
    """What each would close by itself, the most first; month by month, for what is over in June fills no gap in May.

    Those that would close nothing come last, where they are real producers: they are there to be asked.
    """
    by_key = {row.category_key: row for row in rows if row.missing}
    found = [
        Closing(candidate=one, grams=_closed(row, months, one), missing=row.missing)
        for one in candidates
        if (row := by_key.get(one.category_key)) is not None
    ]
    return sorted(
        (one for one in found if one.grams or one.candidate.producer_id is not None),
        key=lambda one: (-one.grams, one.candidate.category_key, one.candidate.producer_id or 0),
    )


def _closed(row: Row, months: Sequence[int], candidate: Candidate) -> int:
    return sum(
        min(cell.missing, candidate.by_month.get(month, 0))
        for month, cell in zip(months, row.cells, strict=True)
    )
