"""What may happen after planning, and what must be said of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from market.values import Refused, msg


class DisruptionKind(StrEnum):
    VEHICLE_STANDS = "vehicle_stands"
    ROAD_CLOSED = "road_closed"
    KITCHEN_SHUT = "kitchen_shut"


class WeekIsOver(Refused):
    message = msg("Veckan har redan varit, så det finns inget kvar att planera om.")


class AnotherIsWorkedOut(Refused):
    message = msg(
        "En annan omplanering av planen räknas just nu. Vänta tills den är klar, och säg sedan vad mer som har hänt i utkastet."
    )


class NothingNew(Refused):
    message = msg("Inget har hänt sedan planen gjordes: alla beställningar är redan med.")


class NotInThisPlan(Refused):
    message = msg("Det finns inte i den här planen längre. Ladda om sidan och välj igen.")


class EndsBeforeItBegins(Refused):
    message = msg("Tiden slutar innan den börjar. Ange en senare sluttid.")


class GoesToItself(Refused):
    message = msg("Välj ett annat kök att lämna varorna hos än det som är stängt.")


class StandsWithGoods(Refused):
    message = msg(
        "Fordonet har varor ombord då, så de kan inte hämtas hemma hos det. "
        "Välj den plats i planen där varorna kan lämnas över till ett annat fordon."
    )


class HappenedOtherwise(Refused):
    message = msg(
        "Det som har hänt går inte ihop med det som redan är kört i planen (%(fault)s), så inget planerades om. "
        "Se över fordon, plats och tid, och försök igen."
    )


class NoRoadThere(Refused):
    message = msg(
        "Ingen sträcka mellan planens platser går så nära den punkten. Flytta punkten, eller välj en större radie."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleStands:
    """A vehicle stands at a stop of the plan (a planner's name) from now until the end of `last_on`."""

    vehicle: int
    at: str
    last_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadClosed:
    """Ways that pass within `radius_m` of a point take a detour: so many metres and seconds more, for the rest of the week."""

    lat: float
    lon: float
    radius_m: int
    detour_m: int
    detour_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KitchenShut:
    """A kitchen takes in nothing from `from_s` up to `until_s` (seconds since Monday); its goods go to `instead`, if given."""

    kitchen: int
    from_s: int
    until_s: int
    instead: int | None = None

    def __post_init__(self) -> None:
        if self.until_s <= self.from_s:
            raise EndsBeforeItBegins
        if self.instead == self.kitchen:
            raise GoesToItself


Disruption = VehicleStands | RoadClosed | KitchenShut


def now_in_week(seconds: int, *, week_s: int = 7 * 86_400) -> int:
    """Seconds since Monday, 0 before the week. Raises WeekIsOver after it."""
    if seconds >= week_s:
        raise WeekIsOver
    return max(0, seconds)
