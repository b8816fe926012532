"""Where a DIS works well, and where it does at no number of suppliers: because more are needed, or because none would do. Pure.

What is judged are sets of assumptions, each with luck evened out over its runs; arrays are [number of suppliers, set].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

LEAST_TENDERED, LEAST_COMPETED, MOST_NEVER_WON = 0.5, 0.25, 0.4
"""A DIS works well, we say, when half of the call-offs get a tender, every fourth gets two, and at most two suppliers in five
never win. The limits are ours; the table lets anyone set other ones."""
FEWEST_FOR_A_TREND = 8
LOW, HIGH = 10, 90
MORE, NONE = "more", "none"
"""Ends of a band: more than were tried, or none of those."""
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Verdict(StrEnum):
    """What the numbers that were tried come to in one set.

    WORKS: some number works. MORE: the bids suffice at no number, but still grow at the last (or too few numbers were tried to tell), and
    there not too many never win: more may be needed. CROWDED: bids suffice at some number, but at each of those too many never win, which more suppliers make worse. THIN: bids suffice
    at no number, and more would not help: they grow no more, or too many never win already.
    """

    WORKS = "works"
    MORE = "more"
    CROWDED = "crowded"
    THIN = "thin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The three shares that are judged."""

    tendered: Floats
    competed: Floats
    never_won: Floats

    @property
    def suffices(self) -> Bools:
        """That there are bids enough."""
        enough: Bools = (self.tendered >= LEAST_TENDERED) & (self.competed >= LEAST_COMPETED)
        return enough

    @property
    def is_crowded(self) -> Bools:
        """That too many never win."""
        crowded: Bools = ~(self.never_won <= MOST_NEVER_WON)
        return crowded

    @property
    def works(self) -> Bools:
        works: Bools = self.suffices & ~self.is_crowded
        return works

    @property
    def grows(self) -> Bools:
        """By set: whether some of what is too little at the last number is more there than somewhat before it."""
        short = ((self.tendered, LEAST_TENDERED), (self.competed, LEAST_COMPETED))
        grows: Bools = np.logical_or.reduce([(one[-1] < least) & _rises(one) for one, least in short])
        return grows

    def verdicts(self) -> Mapping[Verdict, Bools]:
        """Each set has one."""
        works, suffices = self.works.any(axis=0), self.suffices.any(axis=0)
        more = ~works & ~suffices & ~self.is_crowded[-1] & self.grows
        return {
            Verdict.WORKS: works,
            Verdict.MORE: more,
            Verdict.CROWDED: ~works & suffices,
            Verdict.THIN: ~works & ~suffices & ~more,
        }

    def shares(self) -> dict[str, float]:
        """The part of the sets that has each verdict."""
        return {verdict.value: float(found.mean()) for verdict, found in self.verdicts().items()}

    def by_number(self) -> list[dict[str, float]]:
        """For each number, in which part of the sets it works, has bids enough but too many that never win, or too few bids."""
        kinds = {
            Verdict.WORKS: self.works,
            Verdict.CROWDED: self.suffices & self.is_crowded,
            Verdict.THIN: ~self.suffices,
        }
        return [
            {verdict.value: float(found[number].mean()) for verdict, found in kinds.items()}
            for number in range(len(self.tendered))
        ]

    def first_band(self, counts: Sequence[int]) -> list[int | str]:
        """The first number that works, as a band over the sets; MORE comes after every number, NONE after that."""
        ends: list[int | str] = [*counts, MORE, NONE]
        verdicts = self.verdicts()
        beyond = np.where(verdicts[Verdict.MORE], len(counts), len(counts) + 1)
        first = np.where(verdicts[Verdict.WORKS], self.works.argmax(axis=0), beyond)
        found = np.percentile(first, (LOW, 50, HIGH), method="nearest")
        return [ends[int(at)] for at in found]


def _rises(values: Floats) -> Bools:
    """Whether the mean of the last quarter of the numbers is above that of the quarter before; of few numbers nobody can tell it isn't."""
    if len(values) < FEWEST_FOR_A_TREND:
        return np.ones(values.shape[1], dtype=np.bool_)
    quarter = len(values) // 4
    rises: Bools = values[-quarter:].mean(axis=0) > values[-2 * quarter : -quarter].mean(axis=0)
    return rises
