"""How often people are told, when a digest comes, when a failed sending is tried again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from market.values import Refused, local_date, msg, wall_clock

DIGEST_S = 7 * 3600
"""Digests are built when the Swedish clock shows 07:00."""
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)
MOST_ATTEMPTS = 28
"""With these pauses it is five days before a message is given up, as with mail servers."""


class Pace(StrEnum):
    """How often someone wants to hear of a kind of thing."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NONE = "none"


DIGESTED = frozenset({Pace.DAILY, Pace.WEEKLY})


class NothingToWatchFor(Refused):
    message = msg("Välj minst en sak att bevaka: en kategori, ett ord, eko, lokalt eller överskott.")


class AlreadyOver(Refused):
    message = msg("Den dagen har varit. Välj en dag framåt, eller lämna fältet tomt.")


def next_digest(at: datetime, pace: Pace) -> datetime:
    """The first 07:00 after `at`, for a weekly digest on a Monday, by the Swedish clock also when it is moved."""
    day = local_date(at)
    while True:
        seven = wall_clock(day, DIGEST_S)
        if seven > at and (pace is not Pace.WEEKLY or day.isoweekday() == 1):
            return seven
        day += timedelta(days=1)


def retry_after(attempts: int) -> timedelta:
    """A minute after the first failure, then twice as long each time, up to six hours."""
    doublings = min(max(attempts, 1) - 1, 12)
    return min(LONGEST_RETRY, FIRST_RETRY * (1 << doublings))


def is_given_up(attempts: int) -> bool:
    return attempts >= MOST_ATTEMPTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a kitchen watches for. Empty and False leave a condition out; `until` is the last day of interest."""

    category_key: str | None = None
    words: str = ""
    at_least_grams: int | None = None
    until: date | None = None
    only_organic: bool = False
    only_local: bool = False
    only_surplus: bool = False

    @property
    def says_something(self) -> bool:
        return bool(
            self.category_key or self.words or self.only_organic or self.only_local or self.only_surplus
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What a new offer is, as far as a need can ask."""

    category_key: str
    name: str
    grams_left: int
    first_day: date
    is_organic: bool
    is_surplus: bool


def check_need(need: Need, *, today: date) -> None:
    """Raises NothingToWatchFor and AlreadyOver."""
    if not need.says_something:
        raise NothingToWatchFor
    if need.until is not None and need.until < today:
        raise AlreadyOver


def fits(need: Need, posted: Posted) -> bool:
    """Whether an offer is what a need asks for, all but where it comes from. Every word must be in the name."""
    name = posted.name.casefold()
    return (
        need.category_key in (None, posted.category_key)
        and all(word in name for word in need.words.casefold().split())
        and posted.grams_left >= (need.at_least_grams or 0)
        and (need.until is None or posted.first_day <= need.until)
        and (posted.is_organic or not need.only_organic)
        and (posted.is_surplus or not need.only_surplus)
    )
