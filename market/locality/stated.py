"""A municipality's definition as it stands on a day: its own version, or the preset marked as an assumption."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from geodata import areas
from geodata.local import (
    ExpandingCircle,
    LocalDefinition,
    describe,
    from_json,
    needs_kitchen,
    outline,
    settle,
    to_json,
    unsettled_circles,
)
from geodata.points import Point
from market.locality.models import DefinitionVersion
from market.register.categories import spoken_names
from market.register.models import Authority, Kitchen


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What counts as local in a municipality, by whose word, and the kitchen that distances start from.

    `definition` carries no dates and no wording: those of `version` hold. Without a version nobody has stated
    anything, and the definition is an assumption.
    """

    code: str
    definition: LocalDefinition
    authority: Authority | None = None
    version: DefinitionVersion | None = None
    kitchen: Kitchen | None = None

    @property
    def is_assumption(self) -> bool:
        return self.version is None

    @property
    def municipality(self) -> areas.Municipality:
        return areas.municipality(self.code)

    @property
    def wording(self) -> str:
        return self.version.own_wording if self.version else ""

    @property
    def point(self) -> Point | None:
        return None if self.kitchen is None else Point(lat=self.kitchen.lat, lon=self.kitchen.lon)

    @property
    def lacks_kitchen(self) -> bool:
        """It counts from a kitchen, and there is none to count from: distances can't be told."""
        return self.kitchen is None and needs_kitchen(self.definition)

    @property
    def depends_on_offers(self) -> bool:
        """It has a circle that reaches as far as needed: only a week's offers can settle it."""
        return bool(unsettled_circles(self.definition))

    def words(self, language: str) -> str:
        return in_words(self.definition, language, code=self.code)

    def area(self) -> dict[str, Any]:
        """The outline as a GeoJSON FeatureCollection in degrees; empty when it can't be drawn."""
        features = []
        if not (self.lacks_kitchen or self.depends_on_offers):
            drawn = outline(self.definition, authority_code=self.code, kitchen=self.point)
            features = [{"type": "Feature", "properties": {"kind": "definition"}, "geometry": drawn}]
        return {"type": "FeatureCollection", "features": features}

    def seen_from(self, kitchen: Kitchen) -> Stated:
        """The same for a particular kitchen of the authority."""
        return replace(self, kitchen=kitchen)

    def settled(self, reaches: Mapping[ExpandingCircle, int | None]) -> Stated:
        """The same with each circle as a distance, in metres; one that nobody can fill stays as it is."""
        return replace(self, definition=settle(self.definition, reaches))


def in_words(definition: LocalDefinition, language: str, *, code: str) -> str:
    """A definition of a municipality with the categories' own names."""
    return describe(definition, language, authority_code=code, product_names=spoken_names(language))


def definition_of(version: DefinitionVersion) -> LocalDefinition:
    """The stored rules. Raises `geodata.local.InvalidDefinition` for what can't be read."""
    return from_json(version.definition)


def stored_form(definition: LocalDefinition) -> dict[str, Any]:
    """The JSON that a version keeps: the rules and steps; dates and wording have columns of their own."""
    return to_json(replace(definition, valid_from=None, valid_to=None, wording=""))


def is_in_force(version: DefinitionVersion, day: date) -> bool:
    return version.valid_from <= day and (version.valid_to is None or day < version.valid_to)
