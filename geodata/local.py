"""Local, in one import: definitions as data, their words, their verdicts and their outlines."""

from __future__ import annotations

from geodata.definition_json import from_json, to_json
from geodata.definitions import (
    AllOf,
    AnyOf,
    ExpandingCircle,
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
    unsettled_circles,
)
from geodata.describing import describe
from geodata.evidence import Evidence
from geodata.many import VerdictTable, verdict_many
from geodata.outlines import outline
from geodata.presets import own_county, preset
from geodata.reasons import Answer, Change, Reason
from geodata.settling import circle_reach_m, settle
from geodata.sites import ProductionSite
from geodata.verdicts import Verdict, verdict
from geodata.versions import compare, in_force, law_warning, succeed
from geodata.where import WhereRow, where_local

__all__ = [
    "AllOf",
    "Answer",
    "AnyOf",
    "Change",
    "Evidence",
    "ExpandingCircle",
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
    "VerdictTable",
    "WhereRow",
    "WithinDistance",
    "circle_reach_m",
    "compare",
    "describe",
    "from_json",
    "in_force",
    "law_warning",
    "needs_kitchen",
    "outline",
    "own_county",
    "preset",
    "settle",
    "succeed",
    "to_json",
    "unsettled_circles",
    "verdict",
    "verdict_many",
    "where_local",
]
