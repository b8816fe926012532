"""Problems and plans as JSON documents: the dataclasses' own field names, windows as {"start_s", "end_s"}.

Reading is strict: an unknown, missing or mistyped field is named with its place. Fields with a default may be left
out, so a problem file holds only what matters.
"""

import types
from dataclasses import MISSING, asdict, fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from routing.balance import Balance
from routing.formats.reading import UnreadableFile
from routing.plan import Plan
from routing.problem import Problem, Rules, Shipment, Stop, Vehicle, Weights

PROBLEM_FORMAT = "narmat-problem-1"
PLAN_FORMAT = "narmat-plan-1"

T = TypeVar("T")


def problem_document(problem: Problem) -> dict[str, Any]:
    """The problem as plain lists, dictionaries, numbers and strings."""
    return {
        "format": PROBLEM_FORMAT,
        "name": problem.name,
        "stops": [asdict(stop) for stop in problem.stops],
        "shipments": [asdict(shipment) for shipment in problem.shipments],
        "vehicles": [asdict(vehicle) for vehicle in problem.vehicles],
        "distance_m": problem.distance_m.tolist(),
        "duration_s": problem.duration_s.tolist(),
        "rules": asdict(problem.rules),
        "weights": asdict(problem.weights),
        "balance": asdict(problem.balance),
    }


def plan_document(plan: Plan) -> dict[str, Any]:
    """The plan as plain lists, dictionaries, numbers and strings."""
    return {"format": PLAN_FORMAT, **asdict(plan)}


def problem_from(document: object) -> Problem:
    """The problem of a document; raises UnreadableFile or InvalidProblem."""
    content = _content(document, PROBLEM_FORMAT)
    known = {
        "name",
        "stops",
        "shipments",
        "vehicles",
        "distance_m",
        "duration_s",
        "rules",
        "weights",
        "balance",
    }
    _no_others(content, known, "The problem")
    try:
        return Problem(
            _decode(tuple[Stop, ...], content["stops"], "stops"),
            _decode(tuple[Shipment, ...], content["shipments"], "shipments"),
            _decode(tuple[Vehicle, ...], content["vehicles"], "vehicles"),
            content["distance_m"],
            content["duration_s"],
            _decode(str, content.get("name", ""), "name"),
            _decode(Rules, content.get("rules", {}), "rules"),
            _decode(Weights, content.get("weights", {}), "weights"),
            _decode(Balance, content.get("balance", {}), "balance"),
        )
    except KeyError as error:
        raise UnreadableFile(f"The problem has no {error}: add it.") from error


def plan_from(document: object) -> Plan:
    """The plan of a document; raises UnreadableFile."""
    return _decode(Plan, _content(document, PLAN_FORMAT), "plan")


def _content(document: object, expected: str) -> dict[str, Any]:
    if not isinstance(document, dict) or document.get("format") != expected:
        raise UnreadableFile(f'The JSON must be an object with "format": "{expected}".')
    return {key: value for key, value in document.items() if key != "format"}


def _no_others(content: dict[str, Any], known: set[str], where: str) -> None:
    others = sorted(set(content) - known)
    if others:
        raise UnreadableFile(f"{where} has unknown fields: {', '.join(others)}. Remove or rename them.")


def _decode(kind: type[T], value: object, where: str) -> T:
    """``value`` as ``kind``: a dataclass, a tuple of one kind, an optional, int, float or str."""
    decoded: Any
    if is_dataclass(kind):
        decoded = _decode_object(kind, value, where)
    elif get_origin(kind) is tuple:
        decoded = _decode_tuple(get_args(kind)[0], value, where)
    elif get_origin(kind) in {Union, types.UnionType}:
        inner = next(member for member in get_args(kind) if member is not type(None))
        decoded = None if value is None else _decode(inner, value, where)
    else:
        decoded = _decode_plain(kind, value, where)
    return decoded  # type: ignore[no-any-return]


def _decode_object(kind: type[Any], value: object, where: str) -> object:
    if not isinstance(value, dict):
        raise UnreadableFile(f"{where}: expected an object, found {value!r:.60}.")
    hints = get_type_hints(kind)
    _no_others(value, set(hints), where)
    missing = [entry.name for entry in fields(kind) if entry.default is MISSING and entry.name not in value]
    if missing:
        raise UnreadableFile(f"{where} lacks {', '.join(missing)}: add it.")
    return kind(**{key: _decode(hints[key], inner, f"{where}.{key}") for key, inner in value.items()})


def _decode_tuple(kind: type[Any], value: object, where: str) -> object:
    if not isinstance(value, list | tuple):
        raise UnreadableFile(f"{where}: expected a list, found {value!r:.60}.")
    return tuple(_decode(kind, inner, f"{where}[{number}]") for number, inner in enumerate(value))


def _decode_plain(kind: type[Any], value: object, where: str) -> object:
    if issubclass(kind, Enum):
        return _decode_choice(kind, value, where)
    accepted = (int, float) if kind is float else kind
    if (isinstance(value, bool) and kind is not bool) or not isinstance(value, accepted):
        raise UnreadableFile(f"{where}: expected {kind.__name__}, found {value!r:.60}.")
    return value


def _decode_choice(kind: type[Enum], value: object, where: str) -> object:
    try:
        return kind(value)
    except ValueError:
        names = ", ".join(str(member.value) for member in kind)
        raise UnreadableFile(f"{where}: {value!r:.60} is none of {names}.") from None
