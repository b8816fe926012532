"""What a scenario supposes, what a portion weighs where nobody has said, and what a scenario may not say. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from market.values import Refused, msg

USUAL_GRAMS: Mapping[str, int] = MappingProxyType(
    {
        "potatoes": 120,
        "vegetables": 100,
        "dairy": 200,
        "grain": 40,
        "bread": 30,
        "fruit": 40,
        "beef": 20,
        "pork": 20,
        "poultry": 20,
        "fish": 20,
        "eggs": 10,
        "pulses": 10,
    }
)
"""Grams of each category in one portion, as a mean over all days and dishes. Assumptions of the right order for a public lunch, not
measured anywhere: an authority puts its own in their place. A category that is not here is in no portion until it does."""

USUAL_PORTIONS = 150
"""Portions a day of a kitchen that has not told how many it makes: an assumption, and marked as one wherever it counts."""

PACE_DAYS = 56
"""The pace of deliveries is the mean of the eight weeks before."""

MOST_DAYS, MOST_FUEL_KM, MOST_WITHIN_KM = 60, 100_000, 1_500
WEEK_DAYS = 7


class Basis(StrEnum):
    """Where a supply comes from: offers and agreed orders of the days, or the pace of the last deliveries; of several sites' both."""

    OFFERS = "offers"
    PACE = "pace"
    BOTH = "both"


class PointKind(StrEnum):
    """What everything may hang on."""

    PRODUCER = "producer"
    ROAD = "road"
    KITCHEN = "kitchen"
    VEHICLE = "vehicle"


MOST_TRIED: Mapping[PointKind, int] = MappingProxyType(
    {PointKind.PRODUCER: 15, PointKind.ROAD: 8, PointKind.KITCHEN: 12, PointKind.VEHICLE: 12}
)
"""Of each kind the largest are taken away, one at a time: as many as a minute or two is enough for."""


class TakenInByAShutKitchen(Refused):
    message = msg(
        "Köket som ska laga i stället är självt stängt i scenariot. Välj ett annat, eller låt det vara öppet."
    )


class NoKitchensToFeed(Refused):
    message = msg(
        "Kommunen har inga kök i Närmat, så det finns inget att räkna på. Lägg till köken under Uppgifter."
    )


class NotWorkedOutYet(Refused):
    message = msg("Scenariot är inte uträknat än. Räkna ut det först.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadShut:
    """A road or bridge that nobody can use. `detour_km` and `detour_min` none: there is no way round."""

    place: str
    lat: float
    lon: float
    radius_km: int
    detour_km: int | None = None
    detour_min: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What is supposed to happen, and for how many days.

    `shut` are hub kitchens where nothing is cooked; `instead` is the kitchen that cooks for them, if any. `fuel_km`: what all
    vehicles together may drive in a week. `within_km`: as the crow flies from where goods are fetched to the kitchen.
    """

    days: int
    wholesaler_stops: bool = True
    road: RoadShut | None = None
    shut: tuple[int, ...] = ()
    instead: int | None = None
    fuel_km: int | None = None
    within_km: int | None = None

    def __post_init__(self) -> None:
        if self.instead is not None and self.instead in self.shut:
            raise TakenInByAShutKitchen

    def as_plain(self) -> dict[str, Any]:
        return asdict(self) | {"shut": list(self.shut)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Assumptions:
        road = plain["road"]
        return cls(
            **{key: value for key, value in plain.items() if key not in {"road", "shut"}},
            road=None if road is None else RoadShut(**road),
            shut=tuple(plain["shut"]),
        )


def meals_of(grams: int, *, meal_grams: int) -> int:
    """Whole meals' worth of food, by weight; nothing where a meal weighs nothing."""
    return grams // meal_grams if meal_grams else 0
