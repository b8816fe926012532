"""What is to be planned: stops, shipments, vehicles and the matrices between the stops.

Everything is an integer: seconds, metres, grams, öre. Whoever builds a Problem rounds once, on the way in.

Time
    Seconds since the horizon's start (for a week: Monday 00:00 local wall clock), so that several days and
    several windows a day are simply several windows.
Window
    Closed, ``start_s <= t <= end_s``. A stop's or shipment's window bounds the START of service, not its end.
    No windows means always open. A shipment's own windows intersect the stop's. A vehicle's shift is a window
    too, but bounds the whole route: it leaves no earlier than ``start_s`` and is back by ``end_s``.
Waiting
    Arriving before a window opens is allowed: the vehicle waits, and the time counts in the route's duration.
    Nobody waits during service.
Service and duration
    Consecutive work at one stop is a stay. A stay takes the handling seconds of every shipment picked up or
    delivered, plus the stop's ``stop_s`` once, at the end before leaving (papers, doors, yard). Only starting
    or ending a route somewhere costs no stop time. A route's duration runs from leaving the start to reaching
    the end: driving, service, waiting and breaks; it is what ``ore_per_hour`` is paid for.
Break
    After at most ``break_after_drive_s`` of driving the driver rests ``break_s`` in one piece, on the road or
    while waiting, never during service (the 45 minutes within 4.5 hours of regulation (EC) 561/2006, article 7).
"""

from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Matrix = NDArray[np.int64]

LONGEST_S = 10 * 366 * 24 * 3600
"""No window ends later than ten years after the horizon's start: then it is a wrong unit or a calendar time."""


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A closed span of seconds since the horizon's start."""

    start_s: int
    end_s: int

    def __contains__(self, second: object) -> bool:
        return isinstance(second, int) and self.start_s <= second <= self.end_s


@dataclass(frozen=True, slots=True)
class Stop:
    """A place where vehicles start, end, pick up or deliver; ``stop_s`` is paid once per stay."""

    id: str
    name: str
    windows: tuple[Window, ...] = ()
    stop_s: int = 0
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Shipment:
    """Goods from one stop to another, never split.

    ``skip_ore`` is the price of leaving it out; None means that it must be served. One that must and cannot
    be is reported in the plan as unserved, it raises nothing.
    """

    id: str
    pickup: str
    delivery: str
    grams: int
    crates: int = 0
    pickup_s: int = 0
    delivery_s: int = 0
    pickup_windows: tuple[Window, ...] = ()
    delivery_windows: tuple[Window, ...] = ()
    skip_ore: int | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle with its driver; each of its ``shifts`` can carry one route.

    ``end`` None means that the route ends at its last stop. ``capacity_crates`` None: crates are no limit.
    ``max_drive_s`` bounds the driving in one shift. ``break_s`` 0 means that no break is asked for.
    """

    id: str
    name: str
    owner: str
    start: str
    end: str | None
    capacity_grams: int
    capacity_crates: int | None
    shifts: tuple[Window, ...]
    fixed_ore_per_shift: int
    ore_per_km: int
    ore_per_hour: int
    co2e_g_per_km: int
    max_drive_s: int | None = None
    break_s: int = 2700
    break_after_drive_s: int = 16200


@dataclass(frozen=True, slots=True)
class InputError:
    """One thing wrong with the input: a stable code, what is wrong, what to do about it."""

    code: str
    message: str
    remedy: str


class InvalidProblem(ValueError):
    """The input contradicts itself; ``errors`` holds every fault found."""

    def __init__(self, errors: tuple[InputError, ...]) -> None:
        self.errors = errors
        super().__init__("\n".join(f"{e.code}: {e.message} {e.remedy}" for e in errors))


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """A planning problem that has passed ``validate.errors_in``.

    ``distance_m`` and ``duration_s`` are stops x stops, from row to column, in the order of ``stops``; any
    nested sequence or array of whole numbers is taken and kept as a read-only int64 array. Raises InvalidProblem.
    """

    stops: tuple[Stop, ...]
    shipments: tuple[Shipment, ...]
    vehicles: tuple[Vehicle, ...]
    distance_m: Matrix
    duration_s: Matrix
    name: str = ""

    def __init__(  # noqa: PLR0917 - the order of the fields
        self,
        stops: tuple[Stop, ...],
        shipments: tuple[Shipment, ...],
        vehicles: tuple[Vehicle, ...],
        distance_m: ArrayLike,
        duration_s: ArrayLike,
        name: str = "",
    ) -> None:
        from routing.validate import errors_in, read_matrix  # validate reads the classes above

        values: dict[str, Any] = {
            "stops": tuple(stops),
            "shipments": tuple(shipments),
            "vehicles": tuple(vehicles),
            "distance_m": read_matrix(distance_m),
            "duration_s": read_matrix(duration_s),
        }
        errors = errors_in(**values)
        if errors:
            raise InvalidProblem(errors)
        for key, value in (values | {"name": name}).items():
            object.__setattr__(self, key, value)

    @property
    def stop_index(self) -> dict[str, int]:
        """Row and column of each stop id; a new dictionary at each call: keep it."""
        return {stop.id: index for index, stop in enumerate(self.stops)}

    def fingerprint(self) -> str:
        """32 hex digits that differ when anything in the problem differs; stable between runs."""
        digest = blake2b(digest_size=16)
        for field in fields(self):
            value = getattr(self, field.name)
            digest.update(value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode())
        return digest.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and self.fingerprint() == other.fingerprint()

    def __hash__(self) -> int:
        return hash(self.fingerprint())
