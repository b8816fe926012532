"""JSON Schema (draft 2020-12) of our documents, made from the dataclasses: it cannot say anything else than they do.

A field's default is in the schema, a field without one is required, and nothing unknown is allowed, as when reading.
"""

import types
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from routing.formats.document import PLAN_FORMAT, PROBLEM_FORMAT
from routing.plan import Plan
from routing.problem import Problem

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLAIN = {int: "integer", float: "number", str: "string", bool: "boolean"}
MATRIX = {"type": "array", "items": {"type": "array", "items": {"type": "integer", "minimum": 0}}}
MATRICES = frozenset({"distance_m", "duration_s"})
ABOUT = {
    "distance_m": "Metres from row to column, in the order of stops.",
    "duration_s": "Seconds from row to column, in the order of stops.",
}

Schema = dict[str, Any]


def problem_schema() -> Schema:
    """The schema of a problem document."""
    return _document(Problem, PROBLEM_FORMAT, "A planning problem")


def plan_schema() -> Schema:
    """The schema of a plan document."""
    return _document(Plan, PLAN_FORMAT, "A plan")


def _document(kind: type[Any], name: str, title: str) -> Schema:
    parts: dict[str, Schema] = {}
    body = _object(kind, parts)
    properties = {"format": {"const": name}} | body["properties"]
    return {
        "$schema": DIALECT,
        "title": f"{title} ({name})",
        **body,
        "properties": properties,
        "required": ["format", *body["required"]],
        "$defs": dict(sorted(parts.items())),
    }


def _object(kind: type[Any], parts: dict[str, Schema]) -> Schema:
    hints = get_type_hints(kind)
    entries = [entry for entry in fields(kind) if entry.init]
    return {
        "type": "object",
        "properties": {entry.name: _property(kind, entry, hints[entry.name], parts) for entry in entries},
        "required": [entry.name for entry in entries if _is_required(entry)],
        "additionalProperties": False,
    }


def _is_required(entry: "Field[Any]") -> bool:
    return entry.default is MISSING and entry.default_factory is MISSING


def _property(kind: type[Any], entry: "Field[Any]", hint: Any, parts: dict[str, Schema]) -> Schema:
    if kind is Problem and entry.name in MATRICES:
        return MATRIX | {"description": ABOUT[entry.name]}
    schema = _schema(hint, parts)
    simple = entry.default is None or isinstance(entry.default, int | float | str | bool)
    return schema | {"default": entry.default} if simple and not _is_required(entry) else schema


def _schema(hint: Any, parts: dict[str, Schema]) -> Schema:
    """A dataclass by reference, a tuple of one kind, a choice, or a plain value."""
    origin, inner = get_origin(hint), get_args(hint)
    if is_dataclass(hint):
        name = hint.__name__  # type: ignore[union-attr]
        if name not in parts:
            parts[name] = {}  # a place for kinds that hold themselves
            parts[name] = _object(hint, parts)  # type: ignore[arg-type]
        return {"$ref": f"#/$defs/{name}"}
    if origin in {tuple, frozenset}:
        return {"type": "array", "items": _schema(inner[0], parts)}
    if origin in {Union, types.UnionType}:
        return {"anyOf": [_schema(one, parts) for one in inner]}
    if hint is type(None):
        return {"type": "null"}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [member.value for member in hint]}
    return {"type": PLAIN[hint]}
