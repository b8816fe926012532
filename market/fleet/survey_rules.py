"""What a producer answers about delivering by itself. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from market.fleet.rules import CanDeliver
from market.values import LARGEST, Refused, TooLarge, msg

CLOSES_WITHIN_DAYS = 90
LARGEST_RADIUS_KM = 1_000


class SurveyOver(Refused):
    message = msg("Frågan gick att besvara till och med %(day)s. Ring kommunen om du vill ändra något.")


class NobodyAsked(Refused):
    message = msg("Välj minst en producent att fråga.")


class ClosesTooSoon(Refused):
    message = msg("Välj en sista svarsdag från i dag och högst 90 dagar framåt.")


class DaysMissing(Refused):
    message = msg("Välj vilka dagar ni kan köra.")


class NotAnswered(Refused):
    message = msg("Producenten har inte svarat att den kan köra.")


class Contradicts(Refused):
    message = msg("Skriv en vikt större än noll och en sträcka på högst 1 000 km.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Days as ISO digits, how far in km, how much in grams. Raises DaysMissing, Contradicts, TooLarge."""

    can_deliver: CanDeliver
    weekdays: str = ""
    radius_km: int | None = None
    capacity_grams: int | None = None
    has_cold: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if self.drives and not self.weekdays:
            raise DaysMissing
        if self.radius_km is not None and not 0 < self.radius_km <= LARGEST_RADIUS_KM:
            raise Contradicts
        if self.capacity_grams is not None and self.capacity_grams <= 0:
            raise Contradicts
        if self.capacity_grams is not None and self.capacity_grams > LARGEST:
            raise TooLarge

    @property
    def drives(self) -> bool:
        return self.can_deliver is not CanDeliver.MUST_BE_COLLECTED


def check_closing(closes_on: date, *, today: date) -> None:
    """Raises ClosesTooSoon."""
    if not 0 <= (closes_on - today).days <= CLOSES_WITHIN_DAYS:
        raise ClosesTooSoon
