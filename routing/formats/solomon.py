"""Solomon (1987) and Gehring & Homberger (1999): VRPTW text files.

Counted as in the DIMACS challenge of 2021: every arc is truncated to one decimal, so one unit is ten integers;
total distance is least, the number of vehicles does not matter.
"""

import re

import numpy as np

from routing.formats.plane import DEPOT, distances, fleet
from routing.formats.reading import Reading, UnreadableFile, numbers
from routing.problem import Problem, Shipment, Stop, Window

PER_UNIT = 10
HEADER = re.compile(r"VEHICLE\s+NUMBER\s+CAPACITY", re.IGNORECASE)


def looks_like_solomon(text: str) -> bool:
    """Whether the first lines are Solomon's."""
    return HEADER.search(text[:500]) is not None


def read_solomon(text: str, *, name: str) -> Reading:
    """The problem in a file's text; raises UnreadableFile or InvalidProblem."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    tables = [(number, line) for number, line in lines if line.split()[0].lstrip("-").isdigit()]
    if len(tables) < 3:
        raise UnreadableFile("A Solomon file needs a vehicle line, a depot and at least one customer.")
    count, capacity = numbers(tables[0][1], count=2, number=tables[0][0])
    rows = [numbers(line, count=7, number=number) for number, line in tables[1:]]
    if rows[0][0] != 0:
        raise UnreadableFile(f"Line {tables[1][0]}: the first customer must be the depot, number 0.")
    points = {f"{row[0]:.0f}": (row[1], row[2]) for row in rows}
    legs = distances([(row[1], row[2]) for row in rows], lambda exact: np.floor(exact * PER_UNIT + 1e-9))
    problem = Problem(
        tuple(Stop(f"{row[0]:.0f}", f"{row[0]:.0f}") for row in rows),
        tuple(_shipment(row) for row in rows[1:]),
        fleet(count=int(count), capacity=int(capacity), horizon=_window(rows[0]), fixed_ore=0),
        legs,
        legs,
        name=name,
    )
    return Reading(problem, "solomon", PER_UNIT, points, "each arc truncated to one decimal")


def _window(row: list[float]) -> Window:
    return Window(round(row[4] * PER_UNIT), round(row[5] * PER_UNIT))


def _shipment(row: list[float]) -> Shipment:
    return Shipment(
        id=f"{row[0]:.0f}",
        pickup=DEPOT,
        delivery=f"{row[0]:.0f}",
        grams=round(row[3]),
        delivery_s=round(row[6] * PER_UNIT),
        delivery_windows=(_window(row),),
    )
