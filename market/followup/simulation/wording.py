"""The words that scenes, units and outcomes of the simulation are shown with, and their numbers as text. Pure: the caller translates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from market.followup.simulation.measures import MeasureUnit
from market.followup.simulation.parameters import Handling, Size
from market.followup.simulation.verdicts import Verdict
from market.values import msg

Say = Callable[[str], str]
"""From a Swedish text to the reader's language."""
Number = Callable[[float, int], str]
"""A number with so many decimals, as the reader's language writes it."""

SIZE_NAMES: Mapping[str, str] = MappingProxyType(
    {Size.SMALL: msg("Liten kommun"), Size.LARGE: msg("Stor kommun")}
)
HANDLING_NAMES: Mapping[str, str] = MappingProxyType(
    {Handling.MANUAL: msg("För hand"), Handling.ELECTRONIC: msg("Elektroniskt")}
)
OUTCOME_NAMES: Mapping[str, str] = MappingProxyType(
    {"benefit": msg("Nytta minus kostnad"), "best": msg("Bästa antalet leverantörer")}
)
VERDICT_NAMES: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.WORKS: msg("Något antal fungerar"),
        Verdict.MORE: msg("Fler kan behövas"),
        Verdict.CROWDED: msg("För många vinner aldrig"),
        Verdict.THIN: msg("Anbuden räcker aldrig"),
    }
)
UNIT_NAMES: Mapping[MeasureUnit, str] = MappingProxyType(
    {
        MeasureUnit.SHARE: msg("procent"),
        MeasureUnit.TIMES: msg("gånger"),
        MeasureUnit.HOURS: msg("timmar"),
        MeasureUnit.KRONOR: msg("tusen kronor"),
        MeasureUnit.KRONOR_A_KRONA: msg("kronor"),
    }
)
SCALES: Mapping[MeasureUnit, tuple[float, int]] = MappingProxyType(
    {
        MeasureUnit.SHARE: (100, 0),
        MeasureUnit.TIMES: (1, 2),
        MeasureUnit.HOURS: (1, 1),
        MeasureUnit.KRONOR: (0.001, 0),
        MeasureUnit.KRONOR_A_KRONA: (1, 2),
    }
)
"""How a measure is shown: times this, with so many decimals."""


def shown(value: float | None, unit: MeasureUnit, number: Number) -> str:
    """A measure's value in the unit of UNIT_NAMES; a dash where there was nothing to measure."""
    scale, digits = SCALES[unit]
    if value is None:
        return "–"
    rounded = round(value * scale, digits) or 0.0  # never minus nothing
    return number(rounded, digits).replace("-", "\N{MINUS SIGN}")
