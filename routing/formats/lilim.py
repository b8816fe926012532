"""Li & Lim (2001): PDPTW text files, from 100 to 1 000 tasks.

The literature counts vehicles first, then distance in double precision. One unit is 10 000 integers, each arc
rounded up, so that what is feasible here is feasible in double precision; the distance to report is
``plane_distance`` over the coordinates. A vehicle costs more than any distance could.
"""

import numpy as np

from routing.formats.plane import DEPOT, distances, fleet
from routing.formats.reading import Reading, UnreadableFile, numbers
from routing.problem import Problem, Shipment, Stop, Window

PER_UNIT = 10_000
COLUMNS = 9
A_HAIR = 1e-6
"""Below this an excess over a whole number is floating-point noise, not length."""


def looks_like_lilim(text: str) -> bool:
    """Whether the first two lines are a fleet (three numbers) and a depot (nine)."""
    lines = [line.split() for line in text.strip().splitlines()[:2]]
    return [len(line) for line in lines] == [3, COLUMNS]


def read_lilim(text: str, *, name: str) -> Reading:
    """The problem in a file's text; raises UnreadableFile or InvalidProblem."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    count, capacity, _speed = numbers(lines[0][1], count=3, number=lines[0][0])
    rows = {
        f"{row[0]:.0f}": row
        for number, line in lines[1:]
        for row in [numbers(line, count=COLUMNS, number=number)]
    }
    if DEPOT not in rows:
        raise UnreadableFile("The depot, task 0, is missing.")
    points = {task: (row[1], row[2]) for task, row in rows.items()}
    legs = distances(list(points.values()), lambda exact: np.ceil(exact * PER_UNIT - A_HAIR))
    horizon = _window(rows[DEPOT])
    problem = Problem(
        tuple(Stop(task, task) for task in rows),
        tuple(_shipment(task, rows) for task, row in rows.items() if row[8] > 0),
        fleet(count=int(count), capacity=int(capacity), horizon=horizon, fixed_ore=_beyond(legs)),
        legs,
        legs,
        name=name,
    )
    convention = "vehicles first, then distance; double precision"
    return Reading(problem, "lilim", PER_UNIT, points, convention, vehicles_first=True)


def _beyond(legs: "np.typing.NDArray[np.int64]") -> int:
    """More than a detour to any task and back can save: a vehicle is never worth a shorter way."""
    return int(legs.max()) * 2 * len(legs)


def _window(row: list[float]) -> Window:
    return Window(round(row[4] * PER_UNIT), round(row[5] * PER_UNIT))


def _shipment(task: str, rows: dict[str, list[float]]) -> Shipment:
    row = rows[task]
    delivery = f"{row[8]:.0f}"
    if delivery not in rows:
        raise UnreadableFile(f"Task {task} is delivered at task {delivery}, which the file does not have.")
    return Shipment(
        id=task,
        pickup=task,
        delivery=delivery,
        grams=round(row[3]),
        pickup_s=round(row[6] * PER_UNIT),
        delivery_s=round(rows[delivery][6] * PER_UNIT),
        pickup_windows=(_window(row),),
        delivery_windows=(_window(rows[delivery]),),
    )
