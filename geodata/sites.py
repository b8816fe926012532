"""Who asks and about what: a production site, and the authority and kitchen that look at it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from geodata import areas
from geodata.definitions import MeasuredFrom, Step
from geodata.points import Point

if TYPE_CHECKING:
    from geodata.travel import TravelEngine

BORDER_BLUR_M = 2_000
"""The borders are generalised by up to this much, and so is what a coordinate says about them."""


@dataclass(frozen=True, slots=True)
class ProductionSite:
    """Where a step of production happens.

    `municipality_code` is what the producer declared or a register says: it wins over the polygon.
    `name` reads after "Slaughter in"; the municipality's name stands in when it is empty.
    """

    step: Step
    point: Point
    municipality_code: str | None = None
    name: str = ""

    def __post_init__(self) -> None:
        if self.municipality_code is not None:
            areas.municipality(self.municipality_code)

    def sort_key(self) -> tuple[int, str, Point, str]:
        return list(Step).index(self.step), self.name, self.point, self.municipality_code or ""

    @property
    def label(self) -> str:
        return self.name or areas.municipality(self.best_code).name

    @property
    def best_code(self) -> str:
        return self.municipality_code or areas.locate(self.point).municipality.code

    @property
    def possible_codes(self) -> frozenset[str]:
        if self.municipality_code is not None:
            return frozenset({self.municipality_code})
        return areas.candidates(self.point, BORDER_BLUR_M)


@dataclass(frozen=True)
class Situation:
    """Who asks: the authority, its kitchen if one is meant, and the engine for roads."""

    authority_code: str
    kitchen: Point | None
    kitchen_name: str
    travel: TravelEngine

    @cached_property
    def authority(self) -> areas.Municipality:
        return areas.municipality(self.authority_code)

    def origin(self, measured_from: MeasuredFrom, site: ProductionSite) -> Point | None:
        if measured_from == "kitchen":
            return self.kitchen
        if measured_from == "seat":
            return areas.seat(self.authority_code)
        return areas.nearest_in((self.authority_code,), site.point)

    def origin_name(self, measured_from: MeasuredFrom) -> str:
        return {
            "kitchen": self.kitchen_name,
            "seat": areas.seat_name(self.authority_code),
            "border": self.authority.name,
        }[measured_from]
