"""What an authority means by local, as data: rules, composed with and/or, and the steps that count.

A definition says nothing by itself about any product; `geodata.verdicts` applies it. Every class
checks itself, so a definition that exists is valid. Areas are named by SCB's codes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, get_args

from geodata import areas

By = Literal["crow", "road"]
MeasuredFrom = Literal["kitchen", "seat", "border"]

FARTHEST_KM = 2_000
"""Longer than the country, by road too: a larger limit is a slip of the pen."""
MOST_RINGS = 10
MOST_GRAMS = 1_000_000_000
"""A thousand tonnes: more than any kitchen wants."""
LONGEST_KEY = 100


class InvalidDefinition(ValueError):
    """The definition contradicts itself or can't be read; the text says where and what to do."""


class NotInForce(ValueError):
    """The definition doesn't apply on the date asked about."""


class Step(StrEnum):
    """A step in a product's chain of production."""

    FARM = "farm"
    SLAUGHTER = "slaughter"
    PROCESSING = "processing"
    PACKING = "packing"


@dataclass(frozen=True, slots=True)
class InCounties:
    """Within the counties named (two-digit codes); within the authority's own when none is."""

    codes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for code in self.codes:
            try:
                areas.county(code)
            except areas.UnknownArea as error:
                raise InvalidDefinition(str(error)) from None

    def counties_for(self, authority_code: str) -> tuple[str, ...]:
        return self.codes or (areas.municipality(authority_code).county_code,)


@dataclass(frozen=True, slots=True)
class InMunicipalityOrNeighbours:
    """Within the authority's municipality (`rings` 0) or up to `rings` borders, bridges or ferries away."""

    rings: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.rings <= MOST_RINGS:
            raise InvalidDefinition(
                f"Rings is {self.rings}. Give 0 for the municipality alone, 1 for its neighbours too, "
                f"at most {MOST_RINGS}."
            )


@dataclass(frozen=True, slots=True)
class WithinDistance:
    """At most `km` away, as the crow flies or by road, from the kitchen, the seat or the border."""

    km: float
    by: By = "crow"
    measured_from: MeasuredFrom = "kitchen"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.km) and 0 < self.km <= FARTHEST_KM):
            raise InvalidDefinition(
                f"The limit is {self.km} km. Give more than 0 and at most {FARTHEST_KM} km."
            )
        _one_of("by", self.by, get_args(By))
        _one_of("measured_from", self.measured_from, get_args(MeasuredFrom))

    @property
    def limit_m(self) -> int:
        return round(self.km * 1000)


@dataclass(frozen=True, slots=True)
class SchoolDayVisit:
    """A class can visit from its school and be back within the day, with little enough of it on the road.

    Driving there and back must take less than `travel_share` of `day_hours`.
    """

    day_hours: float = 6
    travel_share: float = 0.5

    def __post_init__(self) -> None:
        if not (math.isfinite(self.day_hours) and 0 < self.day_hours <= 24):
            raise InvalidDefinition(f"The school day is {self.day_hours} h. Give more than 0 and at most 24.")
        if not 0 < self.travel_share <= 1:
            raise InvalidDefinition(
                f"The share for travel is {self.travel_share}. Give more than 0 and at most 1 (0.5 is half)."
            )

    @property
    def limit_s(self) -> int:
        return round(self.day_hours * self.travel_share * 3600)


@dataclass(frozen=True, slots=True)
class ExpandingCircle:
    """Within the circle round the kitchen that is needed to cover `grams` of a product.

    `product` is the caller's own key, such as a category. Who has it changes from week to week, so the
    circle is settled (`geodata.settling.settle`) before it can be judged or drawn.
    """

    product: str
    grams: int

    def __post_init__(self) -> None:
        if not self.product.strip() or len(self.product) > LONGEST_KEY:
            raise InvalidDefinition(
                f"The product is {self.product[:LONGEST_KEY]!r}. Give its key, at most {LONGEST_KEY} characters."
            )
        if not 0 < self.grams <= MOST_GRAMS:
            raise InvalidDefinition(
                f"The amount is {self.grams} g. Give more than 0 and at most {MOST_GRAMS} g."
            )


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every rule must hold."""

    rules: tuple[Rule, ...]

    def __post_init__(self) -> None:
        _some(self.rules)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One rule that holds is enough."""

    rules: tuple[Rule, ...]

    def __post_init__(self) -> None:
        _some(self.rules)


Simple = InCounties | InMunicipalityOrNeighbours | WithinDistance | SchoolDayVisit | ExpandingCircle
Rule = Simple | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class LocalDefinition:
    """An authority's definition: in force from `valid_from` until the day before `valid_to`.

    `steps` are those of a product's chain that must each satisfy the rule. `wording` is the
    authority's own text, shown beside the generated one and never interpreted.
    """

    rule: Rule
    steps: tuple[Step, ...] = tuple(Step)
    valid_from: date | None = None
    valid_to: date | None = None
    wording: str = ""

    def __post_init__(self) -> None:
        if not self.steps:
            raise InvalidDefinition(
                "No step counts. Name at least one of farm, slaughter, processing, packing."
            )
        if self.valid_from and self.valid_to and self.valid_from >= self.valid_to:
            raise InvalidDefinition(
                f"valid_to ({self.valid_to}) must be later than valid_from ({self.valid_from}). "
                "It is the first day on which the definition no longer applies."
            )

    def is_in_force(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on < self.valid_to
        )


def simple_rules(rule: Rule) -> tuple[Simple, ...]:
    """The rules without and/or, in the order in which they stand."""
    if isinstance(rule, AllOf | AnyOf):
        return tuple(leaf for part in rule.rules for leaf in simple_rules(part))
    return (rule,)


def needs_kitchen(definition: LocalDefinition) -> bool:
    """Whether the answer depends on the kitchen, not just on the authority."""
    return any(
        isinstance(rule, SchoolDayVisit | ExpandingCircle)
        or (isinstance(rule, WithinDistance) and rule.measured_from == "kitchen")
        for rule in simple_rules(definition.rule)
    )


def unsettled_circles(definition: LocalDefinition) -> tuple[ExpandingCircle, ...]:
    """The circles whose reach depends on who has the product at the time; each once."""
    circles = (rule for rule in simple_rules(definition.rule) if isinstance(rule, ExpandingCircle))
    return tuple(dict.fromkeys(circles))


def _some(rules: tuple[Rule, ...]) -> None:
    if not rules:
        raise InvalidDefinition("There is no rule to combine. Give at least one under 'rules'.")


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise InvalidDefinition(f"{name} is '{value}'. Give one of {', '.join(allowed)}.")
