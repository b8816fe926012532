"""Local, in one import: definitions as data, their words, their verdicts and their outlines."""

from __future__ import annotations

from geodata.definition_json import from_json, to_json
from geodata.definitions import (
    AllOf,
    AnyOf,
    InCounties,
    InMunicipalityOrNeighbours,
    InvalidDefinition,
    LocalDefinition,
    NotInForce,
    Rule,
    SchoolDayVisit,
    Step,
    WithinDistance,
    needs_kitchen,
)
from geodata.describing import describe
from geodata.evidence import Evidence
from geodata.outlines import outline
from geodata.presets import own_county, preset
from geodata.reasons import Answer, Change, Reason
from geodata.sites import ProductionSite
from geodata.verdicts import Verdict, verdict

__all__ = [
    "AllOf",
    "Answer",
    "AnyOf",
    "Change",
    "Evidence",
    "InCounties",
    "InMunicipalityOrNeighbours",
    "InvalidDefinition",
    "LocalDefinition",
    "NotInForce",
    "ProductionSite",
    "Reason",
    "Rule",
    "SchoolDayVisit",
    "Step",
    "Verdict",
    "WithinDistance",
    "describe",
    "from_json",
    "needs_kitchen",
    "outline",
    "own_county",
    "preset",
    "to_json",
    "verdict",
]
