"""Files in and out: one reader that knows each format by its content, JSON and GPX writers."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from itertools import pairwise
from math import dist
from pathlib import Path
from typing import Any

from routing.explain import Explanation
from routing.formats.cvrplib import looks_like_cvrplib, read_cvrplib
from routing.formats.document import plan_document, plan_from, problem_document, problem_from
from routing.formats.geojson import geojson
from routing.formats.gpx import NoCoordinates, gpx
from routing.formats.lilim import looks_like_lilim, read_lilim
from routing.formats.reading import Reading, UnreadableFile
from routing.formats.solomon import looks_like_solomon, read_solomon
from routing.formats.vroom import looks_like_vroom, read_vroom
from routing.plan import Plan
from routing.problem import Problem

__all__ = [
    "NoCoordinates",
    "Reading",
    "UnreadableFile",
    "explanations_to_json",
    "gpx",
    "plan_distance",
    "plan_to_geojson",
    "plan_to_json",
    "problem_to_json",
    "read_plan",
    "read_problem",
    "schema_to_json",
]

LARGEST_BYTES = 200_000_000
"""A larger file is refused before it fills the memory; 4 000 stops with both matrices fit."""


def read_problem(path: Path) -> Reading:
    """Solomon, Gehring-Homberger, Li & Lim, CVRPLIB, VROOM's input or our JSON; raises UnreadableFile or problem.InvalidProblem."""
    text = _text(path)
    if text.lstrip().startswith("{"):
        document = _json(text)
        if looks_like_vroom(document):
            return read_vroom(document, name=path.stem)
        return Reading(problem_from(document), "narmat")
    if looks_like_solomon(text):
        return read_solomon(text, name=path.stem)
    if looks_like_lilim(text):
        return read_lilim(text, name=path.stem)
    if looks_like_cvrplib(text):
        return read_cvrplib(text, name=path.stem)
    raise UnreadableFile(
        "The file is neither Solomon, Li & Lim, CVRPLIB, VROOM nor Närmat JSON: compare its first lines with the format's."
    )


def read_plan(path: Path) -> Plan:
    """A plan as written by ``plan_to_json``; raises UnreadableFile."""
    return plan_from(_json(_text(path)))


def problem_to_json(problem: Problem) -> str:
    return json.dumps(problem_document(problem), ensure_ascii=False, indent=1) + "\n"


def plan_to_json(plan: Plan) -> str:
    return json.dumps(plan_document(plan), ensure_ascii=False, indent=1) + "\n"


def plan_to_geojson(problem: Problem, plan: Plan) -> str:
    """Raises NoCoordinates."""
    return json.dumps(geojson(problem, plan), ensure_ascii=False) + "\n"


def schema_to_json(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def explanations_to_json(explanations: Iterable[Explanation]) -> str:
    return json.dumps([asdict(entry) for entry in explanations], ensure_ascii=False, indent=1) + "\n"


def plan_distance(reading: Reading, plan: Plan) -> float:
    """The plan's length in the file's own unit, counted as the literature counts it for that format."""
    if not reading.vehicles_first or reading.coordinates is None:
        return plan.totals.distance_m / reading.per_unit
    legs = (
        (reading.coordinates[before.stop], reading.coordinates[after.stop])
        for route in plan.routes
        for before, after in pairwise(route.visits)
    )
    return sum(dist(origin, destination) for origin, destination in legs)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise UnreadableFile(
                f"The file is larger than {LARGEST_BYTES} bytes: leave out stops that are not used."
            )
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableFile(
            f"The file cannot be opened: {error.strerror}. Look at its name and rights."
        ) from error
    except UnicodeDecodeError as error:
        raise UnreadableFile("The file is not text in UTF-8: save it as such.") from error


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise UnreadableFile(f"The file is no valid JSON: {error}.") from error
