"""What a finding rests on: how it was found, from what, and of which date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geodata.language import choose

EvidenceMethod = Literal[
    "declared", "inside", "nearest", "geodesic", "estimated_road", "measured_road", "none"
]

_TEXTS: dict[EvidenceMethod, tuple[str, str]] = {
    "declared": ("uppgiven kommun", "the municipality as declared"),
    "inside": ("läge innanför kommungräns", "position inside a municipal border"),
    "nearest": ("närmaste kommungräns", "the nearest municipal border"),
    "geodesic": ("uträknat avstånd fågelvägen", "distance calculated as the crow flies"),
    "estimated_road": ("uppskattad väg", "road estimated"),
    "measured_road": ("väg mätt av vägmotor", "road measured by an engine"),
    "none": ("ingen mätning", "no measurement"),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """The method, its source and the source's version or date; the last two may be empty."""

    method: EvidenceMethod
    source: str = ""
    version: str = ""

    def text(self, language: str = "sv") -> str:
        """Such as "väg mätt av vägmotor (osrm, 2026-10-01)"."""
        swedish, english = _TEXTS[self.method]
        origin = ", ".join(part for part in (self.source, self.version) if part)
        text = choose(language, sv=swedish, en=english)
        return f"{text} ({origin})" if origin else text
