"""What a delivered line is, in the words of follow-up. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

MONTHS_A_YEAR = 100
"""A month is stored as year * 100 + month, an ISO week as its year * 100 + number: whole numbers that sort."""


class Route(StrEnum):
    """By which procedure it was bought."""

    DIRECT = "direct"
    DIS = "dis"


class Verdict(StrEnum):
    """Local by the authority's own definition on the day of delivery; uncertain is what is known too little of."""

    YES = "yes"
    NO = "no"
    UNCERTAIN = "uncertain"


class EmissionMethod(StrEnum):
    """Planned: its part of the published routes that carried it. Estimated: by distance, where no route is known.

    A leg that none of its routes covered is estimated beside what is planned.
    """

    PLANNED = "planned"
    ESTIMATED = "estimated"


def month_of(day: date) -> int:
    """2026-11-26 is 202611."""
    return day.year * MONTHS_A_YEAR + day.month


def week_of(day: date) -> int:
    """The ISO week: 2027-01-01 is 202653."""
    year, number, _ = day.isocalendar()
    return year * MONTHS_A_YEAR + number


def part_of(amount: int, *, own: int, whole: int) -> int:
    """`own` of `whole` of an amount, rounded half up; nothing of nothing."""
    return (2 * amount * own + whole) // (2 * whole) if whole else 0
