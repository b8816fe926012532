"""The life of a day for study visits, what a class may book, and whether the journey fits a school day. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from market.values import Refused, msg, wall_clock

SCHOOL_DAY_S = 6 * 3600
"""A class is back within six hours, with less than half of them on the road."""


class VisitState(StrEnum):
    """Open: a class can book it. Withdrawn: the producer has taken it back, whoever had booked it."""

    OPEN = "open"
    BOOKED = "booked"
    WITHDRAWN = "withdrawn"


class VisitEvent(StrEnum):
    OFFER = "offer"
    BOOK = "book"
    CANCEL = "cancel"
    WITHDRAW = "withdraw"


TRANSITIONS: Mapping[tuple[VisitState | None, VisitEvent], VisitState] = MappingProxyType(
    {
        (None, VisitEvent.OFFER): VisitState.OPEN,
        (VisitState.OPEN, VisitEvent.BOOK): VisitState.BOOKED,
        (VisitState.BOOKED, VisitEvent.CANCEL): VisitState.OPEN,
        (VisitState.OPEN, VisitEvent.WITHDRAW): VisitState.WITHDRAWN,
        (VisitState.BOOKED, VisitEvent.WITHDRAW): VisitState.WITHDRAWN,
    }
)


class DayHasPassed(Refused):
    message = msg("Den dagen har varit. Välj en dag framåt.")


class EndsBeforeItBegins(Refused):
    message = msg("Besöket slutar innan det börjar. Ändra klockslagen.")


class AlreadyTaken(Refused):
    message = msg("Den dagen har en annan klass hunnit boka. Välj en annan dag.")


class NotPossibleNow(Refused):
    message = msg(
        "Det går inte längre: besöket har ändrats sedan sidan visades. Ladda om och se hur det står."
    )


class TooManyPupils(Refused):
    message = msg(
        "Så många får inte plats: högst %(most)s elever. Dela klassen på två dagar, eller fråga gården."
    )


class AlreadyBegun(Refused):
    message = msg("Besöket har redan börjat, så det går inte att ställa in här. Ring den andra parten.")


class ReasonNeeded(Refused):
    message = msg("Skriv varför, så att den andra parten förstår.")


def state_after(state: VisitState | None, event: VisitEvent) -> VisitState:
    """The state that `event` leads to. Raises NotPossibleNow where the table has no such step."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise NotPossibleNow from None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTerms:
    """What a producer offers: `starts_s` and `ends_s` are seconds after midnight of the day."""

    day: date
    starts_s: int
    ends_s: int
    most_pupils: int
    ages: str
    about: str
    languages: str = ""
    note: str = ""

    @property
    def starts_at(self) -> datetime:
        return wall_clock(self.day, self.starts_s)

    @property
    def ends_at(self) -> datetime:
        return wall_clock(self.day, self.ends_s)


def check_terms(terms: VisitTerms, *, at: datetime) -> None:
    """Raises EndsBeforeItBegins and DayHasPassed."""
    if terms.ends_s <= terms.starts_s:
        raise EndsBeforeItBegins
    if terms.starts_at <= at:
        raise DayHasPassed


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """There and back by road, and how long the visit itself takes; both in seconds."""

    travel_s: int
    visit_s: int
    is_estimate: bool

    @property
    def fits_a_school_day(self) -> bool:
        """Back within six hours, less than half of them on the road."""
        return self.travel_s * 2 < SCHOOL_DAY_S and self.travel_s + self.visit_s <= SCHOOL_DAY_S
