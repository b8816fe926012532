"""What a scenario was worked out to mean, as it is stored and shown. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from market.followup.preparedness.rules import Basis, PointKind, meals_of

PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryAnswer:
    """Grams in all the days: needed, to be had within reach, meant for a kitchen, and brought there. `portion_grams`: in one portion."""

    key: str
    portion_grams: int
    need_grams: int
    supply_grams: int
    allotted_grams: int
    delivered_grams: int

    @property
    def missing_grams(self) -> int:
        return self.need_grams - self.delivered_grams

    @property
    def meals(self) -> int:
        """Portions with this category in them."""
        return meals_of(self.delivered_grams, meal_grams=self.portion_grams)

    def days_of(self, days: int) -> float:
        """For how many of the days what is brought lasts."""
        return days * self.delivered_grams / self.need_grams if self.need_grams else float(days)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAnswer:
    """What one producer has of a category at all its sites, brings in all the days, and what its supply rests on."""

    producer_id: int
    producer: str
    category: str
    basis: Basis
    supply_grams: int
    delivered_grams: int


def together(rows: Iterable[SourceAnswer]) -> tuple[SourceAnswer, ...]:
    """One for each producer and category, whatever the number of sites, in the order of the first of each."""
    found: dict[tuple[int, str], SourceAnswer] = {}
    for row in rows:
        key = (row.producer_id, row.category)
        known = found.get(key)
        found[key] = row if known is None else _both(known, row)
    return tuple(found.values())


def _both(one: SourceAnswer, other: SourceAnswer) -> SourceAnswer:
    return replace(
        one,
        basis=one.basis if one.basis is other.basis else Basis.BOTH,
        supply_grams=one.supply_grams + other.supply_grams,
        delivered_grams=one.delivered_grams + other.delivered_grams,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KitchenAnswer:
    """A receiving kitchen with the portions it cooks a day, its satellites' too. `is_assumed`: some of them nobody has told."""

    kitchen_id: int
    name: str
    portions: int
    is_assumed: bool
    is_shut: bool
    need_grams: int
    delivered_grams: int

    def days_of(self, days: int) -> float:
        return days * self.delivered_grams / self.need_grams if self.need_grams else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HaltAnswer:
    """A stay: `at_s` seconds after midnight."""

    kind: str
    name: str
    at_s: int
    picked_grams: int
    dropped_grams: int
    lat: float
    lon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TourAnswer:
    """One vehicle's day of the planned week."""

    day: date
    vehicle: str
    distance_m: int
    duration_s: int
    grams: int
    halts: tuple[HaltAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftAnswer:
    """Goods of the planned week that could not be brought, with the planner's reason."""

    producer: str
    kitchen: str
    grams: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PointAnswer:
    """What is lost in all the days when one thing more is taken away: whole meals' worth, and portions by category."""

    kind: PointKind
    name: str
    meals_lost: int
    by_category: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The whole answer. A meal is `meal_grams` of all categories together; amounts are for all `days` from `starts_on`.

    `vehicles` are those that may drive. `tours` and `left` are those of the first week, which is driven again each week. `is_whole`: nobody stopped the ranking of
    `points` before its end; `untried` counts what was too small to be taken away, by kind.
    """

    starts_on: date
    days: int
    meal_grams: int
    meals_needed: int
    distance_m: int
    duration_s: int
    travel_engine: str
    vehicles: int
    is_whole: bool
    categories: tuple[CategoryAnswer, ...]
    sources: tuple[SourceAnswer, ...]
    kitchens: tuple[KitchenAnswer, ...]
    tours: tuple[TourAnswer, ...]
    left: tuple[LeftAnswer, ...]
    points: tuple[PointAnswer, ...]
    untried: Mapping[str, int]

    @property
    def meals(self) -> int:
        """Whole meals' worth that is brought to the kitchens."""
        grams = sum(answer.delivered_grams for answer in self.categories)
        return min(self.meals_needed, meals_of(grams, meal_grams=self.meal_grams))

    @property
    def percent(self) -> int | None:
        """None where no whole meal is at stake: nothing out of nothing is no share."""
        return PERCENT * self.meals // self.meals_needed if self.meals_needed else None

    @property
    def has_assumed_portions(self) -> bool:
        return any(kitchen.is_assumed for kitchen in self.kitchens)

    @property
    def missing(self) -> tuple[CategoryAnswer, ...]:
        """What lacks something, most first."""
        lacking = (answer for answer in self.categories if answer.missing_grams > 0)
        return tuple(sorted(lacking, key=lambda answer: (-answer.missing_grams, answer.key)))

    def as_plain(self) -> dict[str, Any]:
        plain = asdict(self)
        plain["starts_on"] = self.starts_on.isoformat()
        plain["tours"] = [tour | {"day": tour["day"].isoformat()} for tour in plain["tours"]]
        return plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Outcome:
        """What `as_plain` gave, from JSON."""
        whole = dict(plain)
        return cls(
            **whole
            | {
                "starts_on": date.fromisoformat(plain["starts_on"]),
                "categories": tuple(CategoryAnswer(**one) for one in plain["categories"]),
                "sources": together(  # answers of the first version had a row for each site
                    SourceAnswer(**one | {"basis": Basis(one["basis"])}) for one in plain["sources"]
                ),
                "kitchens": tuple(KitchenAnswer(**one) for one in plain["kitchens"]),
                "tours": tuple(_tour(one) for one in plain["tours"]),
                "left": tuple(LeftAnswer(**one) for one in plain["left"]),
                "points": tuple(
                    PointAnswer(**one | {"kind": PointKind(one["kind"])}) for one in plain["points"]
                ),
            }
        )


def _tour(plain: Mapping[str, Any]) -> TourAnswer:
    halts = tuple(HaltAnswer(**halt) for halt in plain["halts"])
    return TourAnswer(**dict(plain) | {"day": date.fromisoformat(plain["day"]), "halts": halts})
