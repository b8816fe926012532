"""CVRPLIB (Uchoa and others 2017; TSPLIB's text format): CVRP with coordinates on a plane.

Counted as the library does (EUC_2D): each arc rounded to the nearest whole number, total distance least, as many
vehicles as one likes. Two routes that together fill one vehicle can be joined without a longer way, so some best plan
has at most twice the vehicles that the whole load fills, and one more: no more are put into the problem.
"""

import re

import numpy as np

from routing.formats.plane import distances, fleet
from routing.formats.reading import Reading, UnreadableFile, numbers
from routing.problem import LONGEST_S, Matrix, Problem, Shipment, Stop, Window

ENTRY = re.compile(r"^\s*([A-Z_]+)\s*:\s*(.*?)\s*$")
SECTIONS = ("NODE_COORD_SECTION", "DEMAND_SECTION", "DEPOT_SECTION")


def looks_like_cvrplib(text: str) -> bool:
    """Whether the text has TSPLIB's words."""
    return "NODE_COORD_SECTION" in text and re.search(r"^\s*CAPACITY\s*:", text, re.MULTILINE) is not None


def read_cvrplib(text: str, *, name: str) -> Reading:
    """The problem in a file's text; raises UnreadableFile or InvalidProblem."""
    entries, sections = _parts(text)
    if entries.get("EDGE_WEIGHT_TYPE") != "EUC_2D":
        raise UnreadableFile("Only EDGE_WEIGHT_TYPE : EUC_2D is read: give coordinates.")
    capacity = _whole(entries, "CAPACITY")
    points = {f"{row[0]:.0f}": (row[1], row[2]) for row in _rows(sections, "NODE_COORD_SECTION", 3)}
    demands = {f"{row[0]:.0f}": round(row[1]) for row in _rows(sections, "DEMAND_SECTION", 2)}
    depots = [f"{row[0]:.0f}" for row in _rows(sections, "DEPOT_SECTION", 1) if row[0] >= 0]
    if len(depots) != 1 or demands.keys() != points.keys() or depots[0] not in points:
        raise UnreadableFile("A CVRPLIB file needs one depot, and coordinates and a demand for every node.")
    legs = distances(list(points.values()), lambda exact: np.floor(exact + 0.5))
    customers = [node for node in points if node != depots[0]]
    most = 2 * -(-sum(demands.values()) // capacity) + 1
    problem = Problem(
        tuple(Stop(node, node) for node in points),
        tuple(Shipment(node, depots[0], node, grams=demands[node]) for node in customers),
        fleet(
            count=min(most, len(customers)),
            capacity=capacity,
            horizon=_horizon(entries, legs),
            fixed_ore=0,
            depot=depots[0],
        ),
        legs,
        legs,
        name=name,
    )
    return Reading(problem, "cvrplib", 1, points, "each arc rounded (EUC_2D)")


def _parts(text: str) -> tuple[dict[str, str], dict[str, list[tuple[int, str]]]]:
    """The header's entries, and the numbered lines of each section."""
    entries: dict[str, str] = {}
    sections: dict[str, list[tuple[int, str]]] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        word = line.strip()
        if word in SECTIONS or word == "EOF":
            section = word
        elif (entry := ENTRY.match(line)) is not None:
            entries[entry[1]] = entry[2].strip('"')
        elif word and section:
            sections.setdefault(section, []).append((number, line))
    return entries, sections


def _rows(sections: dict[str, list[tuple[int, str]]], name: str, count: int) -> list[list[float]]:
    return [numbers(line, count=count, number=number) for number, line in sections.get(name, [])]


def _whole(entries: dict[str, str], name: str) -> int:
    value = entries.get(name, "")
    if not value.isdigit() or int(value) == 0:
        raise UnreadableFile(f"{name} must be a whole number above 0, not {value!r}.")
    return int(value)


def _horizon(entries: dict[str, str], legs: Matrix) -> Window:
    """A route's greatest length where the file has one (DISTANCE), else more than any route takes."""
    if "DISTANCE" in entries:
        return Window(0, _whole(entries, "DISTANCE"))
    return Window(0, min(LONGEST_S, int(legs.max()) * (len(legs) + 1)))
