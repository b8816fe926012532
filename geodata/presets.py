"""A definition for every municipality that hasn't stated its own, marked as an assumption."""

from __future__ import annotations

from dataclasses import dataclass

from geodata import areas
from geodata.definitions import InCounties, LocalDefinition
from geodata.language import choose


@dataclass(frozen=True, slots=True)
class Preset:
    """An assumed definition: never to be shown as if the authority had stated it."""

    authority_code: str
    definition: LocalDefinition
    is_assumption: bool = True

    def note(self, language: str = "sv") -> str:
        """What to show beside it."""
        name = areas.municipality(self.authority_code).name
        return choose(
            language,
            sv=f"Antagande: {name} har inte angett någon egen definition. Det egna länet är den vanligaste.",
            en=f"Assumption: {name} has not stated a definition. The own county is the most common one.",
        )


def preset(authority_code: str) -> Preset:
    """The own county, the definition of most authorities. Raises `geodata.areas.UnknownArea`."""
    areas.municipality(authority_code)
    return Preset(authority_code=authority_code, definition=own_county())


def own_county() -> LocalDefinition:
    """Every step of production within the authority's own county."""
    return LocalDefinition(rule=InCounties())
