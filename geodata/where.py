"""Where am I local? One producer's chain against all 290 municipalities' definitions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geodata import areas
from geodata.definitions import LocalDefinition
from geodata.describing import describe
from geodata.known_roads import ask_once
from geodata.many import check_in_force
from geodata.presets import Preset, preset
from geodata.reasons import Answer
from geodata.travel import Estimator
from geodata.verdicts import Verdict, verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from geodata.areas import Municipality
    from geodata.points import Point
    from geodata.sites import ProductionSite
    from geodata.travel import TravelEngine


@dataclass(frozen=True, slots=True)
class WhereRow:
    """One municipality's verdict. `assumed` is the preset when it hasn't stated a definition."""

    municipality: Municipality
    definition: LocalDefinition
    verdict: Verdict
    assumed: Preset | None

    @property
    def answer(self) -> Answer:
        return self.verdict.answer

    @property
    def is_assumption(self) -> bool:
        return self.assumed is not None

    def reason(self, language: str = "sv", *, product_names: Mapping[str, str] | None = None) -> str:
        """The first of the reasons that decided."""
        return self.verdict.deciding[0].text(language, product_names=product_names)

    def note(self, language: str = "sv") -> str:
        """That the definition is assumed; empty when the authority has stated it."""
        return self.assumed.note(language) if self.assumed else ""

    def to_json(
        self, language: str = "sv", *, product_names: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        code = self.municipality.code
        return {
            "code": code,
            "name": self.municipality.name,
            **self.verdict.to_json(language, product_names=product_names),
            "description": describe(
                self.definition, language, authority_code=code, product_names=product_names
            ),
            "is_assumption": self.is_assumption,
            "note": self.note(language),
        }


def where_local(
    sites: Sequence[ProductionSite],
    definitions: Mapping[str, LocalDefinition] | None = None,
    *,
    kitchens: Mapping[str, Point] | None = None,
    travel: TravelEngine | None = None,
    on: date,
) -> tuple[WhereRow, ...]:
    """One row for each of the 290, in order of code; those without a definition get the preset.

    Both mappings are by municipality code; a definition that counts from a kitchen that isn't given
    is uncertain and says so. A road engine is asked once for all. Raises as `geodata.many.verdict_many`.
    """
    stated = definitions or {}
    check_in_force(stated, on)
    known = {areas.municipality(code).code: point for code, point in (kitchens or {}).items()}
    engine = ask_once(
        travel or Estimator(),
        kitchens=list(known.values()),
        definitions=stated,
        sites=[site.point for site in sites],
    )
    return tuple(
        _row(area, stated.get(area.code), sites=sites, kitchen=known.get(area.code), travel=engine, on=on)
        for area in areas.municipalities()
    )


def _row(
    area: Municipality,
    stated: LocalDefinition | None,
    *,
    sites: Sequence[ProductionSite],
    kitchen: Point | None,
    travel: TravelEngine,
    on: date,
) -> WhereRow:
    assumed = preset(area.code) if stated is None else None
    definition = assumed.definition if assumed else stated
    assert definition is not None  # one of the two
    found = verdict(definition, authority_code=area.code, sites=sites, kitchen=kitchen, travel=travel, on=on)
    return WhereRow(area, definition, found, assumed)
