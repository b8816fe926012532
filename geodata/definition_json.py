"""Definitions to and from JSON: what is stored, exchanged and shown to those who write programs.

    {"rule": {"kind": "any_of", "rules": [{"kind": "in_county"},
                                          {"kind": "within_distance", "km": 50, "by": "road",
                                           "measured_from": "seat"}]},
     "steps": ["farm", "slaughter"], "valid_from": "2026-01-01", "valid_to": null, "wording": ""}

Kinds: in_county, in_counties, in_municipality_or_neighbours, within_distance, school_day_visit,
expanding_circle, all_of, any_of. An unknown kind or key, a missing key or a wrong type raises `InvalidDefinition`
with the path to it: nothing is skipped and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from geodata.definitions import (
    AllOf,
    AnyOf,
    ExpandingCircle,
    InCounties,
    InMunicipalityOrNeighbours,
    InvalidDefinition,
    LocalDefinition,
    Rule,
    SchoolDayVisit,
    Simple,
    Step,
    WithinDistance,
)

DEEPEST = 8
"""More levels of and/or than any person would write."""

_KEYS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "in_county": {"codes": list},
    "in_counties": {"codes": list},
    "in_municipality_or_neighbours": {"rings": int},
    "within_distance": {"km": (int, float), "by": str, "measured_from": str},
    "school_day_visit": {"day_hours": (int, float), "travel_share": (int, float)},
    "expanding_circle": {"product": str, "grams": int},
    "all_of": {"rules": list},
    "any_of": {"rules": list},
}
_REQUIRED: dict[str, tuple[str, ...]] = {
    "in_counties": ("codes",),
    "within_distance": ("km",),
    "expanding_circle": ("product", "grams"),
    "all_of": ("rules",),
    "any_of": ("rules",),
}
_WHOLE: dict[str, type | tuple[type, ...]] = {
    "rule": Mapping,
    "steps": list,
    "valid_from": (str, type(None)),
    "valid_to": (str, type(None)),
    "wording": str,
}


def to_json(definition: LocalDefinition) -> dict[str, Any]:
    """Plain dicts, lists, numbers and text, ready for `json.dumps`."""
    return {
        "rule": _rule_to_json(definition.rule),
        "steps": [str(step) for step in definition.steps],
        "valid_from": definition.valid_from.isoformat() if definition.valid_from else None,
        "valid_to": definition.valid_to.isoformat() if definition.valid_to else None,
        "wording": definition.wording,
    }


def from_json(document: object) -> LocalDefinition:
    """Read what `to_json` wrote. Raises `InvalidDefinition`."""
    fields = _checked(document, "definition", _WHOLE, required=("rule",))
    steps = fields.get("steps")
    rule = _rule_from_json(fields["rule"], "rule", depth=1)
    valid_from = _date(fields.get("valid_from"), "valid_from")
    valid_to = _date(fields.get("valid_to"), "valid_to")
    return LocalDefinition(
        rule=rule,
        steps=tuple(Step) if steps is None else tuple(_step(step, i) for i, step in enumerate(steps)),
        valid_from=valid_from,
        valid_to=valid_to,
        wording=fields.get("wording", ""),
    )


def _rule_to_json(rule: Rule) -> dict[str, Any]:
    if isinstance(rule, AllOf | AnyOf):
        kind = "all_of" if isinstance(rule, AllOf) else "any_of"
        return {"kind": kind, "rules": [_rule_to_json(part) for part in rule.rules]}
    return _simple_to_json(rule)


def _simple_to_json(rule: Simple) -> dict[str, Any]:
    match rule:
        case InCounties(codes=()):
            return {"kind": "in_county"}
        case InCounties(codes):
            return {"kind": "in_counties", "codes": list(codes)}
        case InMunicipalityOrNeighbours(rings):
            return {"kind": "in_municipality_or_neighbours", "rings": rings}
        case WithinDistance(km, by, measured_from):
            return {"kind": "within_distance", "km": km, "by": by, "measured_from": measured_from}
        case SchoolDayVisit(day_hours, travel_share):
            return {"kind": "school_day_visit", "day_hours": day_hours, "travel_share": travel_share}
        case ExpandingCircle(product, grams):
            return {"kind": "expanding_circle", "product": product, "grams": grams}


def _rule_from_json(document: object, path: str, *, depth: int) -> Rule:
    if depth > DEEPEST:
        raise InvalidDefinition(
            f"{path}: more than {DEEPEST} levels. Write the rules with fewer all_of and any_of."
        )
    kind = document.get("kind") if isinstance(document, Mapping) else None
    if kind not in _KEYS:
        raise InvalidDefinition(f"{path}.kind is {kind!r}. Give one of {', '.join(_KEYS)}.")
    fields = _checked(document, path, {"kind": str, **_KEYS[kind]}, required=_REQUIRED.get(kind, ()))
    del fields["kind"]
    try:
        return _build(kind, fields, path, depth)
    except InvalidDefinition as error:
        text = str(error)
        raise InvalidDefinition(text if text.startswith("rule") else f"{path}: {text}") from None


def _build(kind: str, fields: dict[str, Any], path: str, depth: int) -> Rule:
    match kind:
        case "in_county" | "in_counties":
            codes = tuple(str(code) for code in fields.get("codes", ()))
            if kind == "in_counties" and not codes:
                raise InvalidDefinition(
                    "No county is named. Give codes, or kind in_county for the own county."
                )
            return InCounties(codes)
        case "in_municipality_or_neighbours":
            return InMunicipalityOrNeighbours(**fields)
        case "within_distance":
            return WithinDistance(**fields)
        case "school_day_visit":
            return SchoolDayVisit(**fields)
        case "expanding_circle":
            return ExpandingCircle(**fields)
        case _:
            parts = enumerate(fields["rules"])
            rules = tuple(_rule_from_json(part, f"{path}.rules[{i}]", depth=depth + 1) for i, part in parts)
            return AllOf(rules) if kind == "all_of" else AnyOf(rules)


def _checked(
    document: object, path: str, keys: Mapping[str, type | tuple[type, ...]], *, required: tuple[str, ...]
) -> dict[str, Any]:
    """The document as a dict with known keys of the right types only."""
    if not isinstance(document, Mapping):
        raise InvalidDefinition(f"{path} must be an object with keys {', '.join(keys)}.")
    for name in required:
        if name not in document:
            raise InvalidDefinition(f"{path}.{name} is missing. Add it.")
    for key, value in document.items():
        if key not in keys:
            raise InvalidDefinition(f"{path}.{key} is not known. Use only {', '.join(keys)}.")
        if isinstance(value, bool) or not isinstance(value, keys[key]):
            raise InvalidDefinition(f"{path}.{key} is {value!r}, which is not of the right type.")
    return {str(key): value for key, value in document.items()}


def _step(value: object, index: int) -> Step:
    try:
        return Step(str(value))
    except ValueError:
        raise InvalidDefinition(f"steps[{index}] is {value!r}. Give one of {', '.join(Step)}.") from None


def _date(value: str | None, name: str) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError:
        raise InvalidDefinition(f"{name} is '{value}'. Write the date as YYYY-MM-DD.") from None
