"""VROOM's input (JSON, version 1.15), so that its users can move: jobs, shipments, vehicles, custom matrices.

What is read alike: several time windows, service and setup times, skills, priorities, up to three capacities, costs, longest drive
and distance. A job with a ``delivery`` is goods loaded where all vehicles start; one with a ``pickup`` goes to where
they all end. Two things differ and are said here: hours are paid from leaving to coming home (VROOM pays for driving
only), and a task that cannot be served is reported rather than weighed. What our problems cannot say is refused by
name, never dropped: breaks at fixed times (ours follow the driving), several profiles or speeds, routes given
in advance, matrices to be fetched from a road engine.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

import numpy as np

from routing.formats.reading import Reading, UnreadableFile
from routing.problem import LONGEST_S, Problem, Shipment, Stop, Vehicle, Window

DIMENSIONS = ("grams", "crates", "pallets")
"""What VROOM's first, second and third amount become; its numbers have no unit."""
PER_HOUR = 3600
"""VROOM's default price of an hour: a route costs its seconds."""
CONVENTION = "VROOM's units; hours are paid from leaving to coming home"

TOP = frozenset({"vehicles", "jobs", "shipments", "matrices", "name"})
VEHICLE = frozenset(
    {
        "id",
        "description",
        "profile",
        "start",
        "start_index",
        "end",
        "end_index",
        "capacity",
        "costs",
        "skills",
    }
    | {"time_window", "max_travel_time", "max_distance"}
)
COSTS = frozenset({"fixed", "per_hour", "per_km"})
STEP = frozenset({"id", "description", "location", "location_index", "setup", "service", "time_windows"})
JOB = STEP | {"delivery", "pickup", "skills", "priority"}
SHIPMENT = frozenset({"pickup", "delivery", "amount", "skills", "priority"})

Document = Mapping[str, Any]


def looks_like_vroom(document: object) -> TypeGuard[Document]:
    """Whether a JSON document has VROOM's vehicles and tasks, and not our own format."""
    return isinstance(document, dict) and "format" not in document and "vehicles" in document


def read_vroom(document: Document, *, name: str) -> Reading:
    """The problem in the document; raises UnreadableFile or InvalidProblem."""
    _only(document, TOP, "The file")
    try:
        return Reading(_Reader(document).problem(name), "vroom", convention=CONVENTION)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        if isinstance(error, UnreadableFile) or type(error).__name__ == "InvalidProblem":
            raise
        raise UnreadableFile(f"The VROOM file is incomplete or mistyped near {error}.") from error


@dataclass(frozen=True, slots=True)
class _Step:
    """One end of a task: its stop, handling and windows."""

    stop: str
    service_s: int
    windows: tuple[Window, ...]


class _Reader:
    """Collects the stops while it reads; terminals and places of work are stops of their own at no distance."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.stops: dict[str, tuple[Stop, int]] = {}
        self.durations, self.distances = _matrices(document)

    def problem(self, name: str) -> Problem:
        vehicles = tuple(self._vehicle(entry) for entry in self.document["vehicles"])
        jobs = [self._job(entry, vehicles) for entry in self.document.get("jobs", ())]
        pairs = [self._shipment(entry) for entry in self.document.get("shipments", ())]
        rows = [row for _, row in self.stops.values()]
        return Problem(
            tuple(stop for stop, _ in self.stops.values()),
            (*jobs, *pairs),
            vehicles,
            self.distances[np.ix_(rows, rows)],
            self.durations[np.ix_(rows, rows)],
            name=str(self.document.get("name", name)),
        )

    def _vehicle(self, entry: Document) -> Vehicle:
        where = f"Vehicle {entry['id']}"
        _only(entry, VEHICLE, where)
        costs = entry.get("costs", {})
        _only(costs, COSTS, f"{where}'s costs")
        amounts = dict(zip(DIMENSIONS, _amounts(entry.get("capacity", ()), where), strict=False))
        start, end = (self._terminal(entry, key) for key in ("start", "end"))
        if start is None:
            raise UnreadableFile(f"{where} starts nowhere: give it a start_index.")
        return Vehicle(
            id=str(entry["id"]),
            name=str(entry.get("description", entry["id"])),
            owner="",
            start=start,
            end=end,
            capacity_grams=amounts.get("grams", LONGEST_S),
            capacity_crates=amounts.get("crates"),
            shifts=_windows([entry["time_window"]] if "time_window" in entry else [[0, LONGEST_S]]),
            fixed_ore_per_shift=costs.get("fixed", 0),
            ore_per_km=costs.get("per_km", 0),
            ore_per_hour=costs.get("per_hour", PER_HOUR),
            co2e_g_per_km=0,
            max_drive_s=entry.get("max_travel_time"),
            break_s=0,
            capacity_pallets=amounts.get("pallets"),
            max_distance_m=entry.get("max_distance"),
            skills=_skills(entry),
        )

    def _terminal(self, entry: Document, key: str) -> str | None:
        if f"{key}_index" not in entry:
            if key in entry:
                raise UnreadableFile(
                    f"Vehicle {entry['id']} has {key} without {key}_index: name its matrix row."
                )
            return None
        row = entry[f"{key}_index"]
        return self._stop(f"base {row}", row, entry.get(key), name=f"Base {row}")

    def _job(self, entry: Document, vehicles: tuple[Vehicle, ...]) -> Shipment:
        where = f"Job {entry['id']}"
        _only(entry, JOB, where)
        if entry.get("pickup") and entry.get("delivery"):
            raise UnreadableFile(f"{where} both delivers and picks up: make it two jobs.")
        step = self._step(entry, where)
        if entry.get("pickup"):
            there = _shared({vehicle.end for vehicle in vehicles}, where, "ends")
            return self._goods(f"job {entry['id']}", step, _Step(there, 0, ()), entry["pickup"], entry)
        base = _shared({vehicle.start for vehicle in vehicles}, where, "starts")
        return self._goods(f"job {entry['id']}", _Step(base, 0, ()), step, entry.get("delivery", ()), entry)

    def _shipment(self, entry: Document) -> Shipment:
        name = f"shipment {entry['pickup']['id']}"
        _only(entry, SHIPMENT, name)
        ends = []
        for key in ("pickup", "delivery"):
            _only(entry[key], STEP, f"The {key} of {name}")
            ends.append(self._step(entry[key], f"The {key} of {name}"))
        return self._goods(name, ends[0], ends[1], entry.get("amount", ()), entry)

    def _goods(
        self, name: str, pickup: _Step, delivery: _Step, amount: Iterable[int], entry: Document
    ) -> Shipment:
        if pickup.stop == delivery.stop:
            raise UnreadableFile(f"{name} is delivered where it is picked up: leave it out.")
        amounts = dict(zip(DIMENSIONS, _amounts(amount, name), strict=False))
        return Shipment(
            id=name,
            pickup=pickup.stop,
            delivery=delivery.stop,
            grams=amounts.get("grams", 0),
            crates=amounts.get("crates", 0),
            pallets=amounts.get("pallets", 0),
            pickup_s=pickup.service_s,
            delivery_s=delivery.service_s,
            pickup_windows=pickup.windows,
            delivery_windows=delivery.windows,
            needs=_skills(entry),
        )

    def _step(self, entry: Document, where: str) -> _Step:
        if "location_index" not in entry:
            raise UnreadableFile(f"{where} has no location_index: name its row in the matrices.")
        row, setup = entry["location_index"], entry.get("setup", 0)
        label = f"place {row}" + (f" setup {setup}" if setup else "")
        name = str(entry.get("description", f"Place {row}"))
        stop = self._stop(label, row, entry.get("location"), name=name, setup_s=setup)
        return _Step(stop, entry.get("service", 0), _windows(entry.get("time_windows", ())))

    def _stop(self, label: str, row: int, place: Any, *, name: str, setup_s: int = 0) -> str:
        if not 0 <= row < len(self.durations):
            raise UnreadableFile(f"Row {row} is not in the matrices, which have {len(self.durations)} rows.")
        lon, lat = (float(part) for part in place) if place else (None, None)
        self.stops.setdefault(label, (Stop(label, name, stop_s=setup_s, lat=lat, lon=lon), row))
        return label


def _matrices(document: Document) -> tuple[Any, Any]:
    """Durations and distances of the only profile; without distances everything is 0 m apart."""
    matrices = document.get("matrices", {})
    profiles = {vehicle.get("profile", "car") for vehicle in document["vehicles"]}
    if len(profiles) != 1:
        raise UnreadableFile(
            "The vehicles have several profiles: plan each profile's vehicles by themselves."
        )
    profile = matrices.get(profiles.pop())
    if not profile or "durations" not in profile:
        raise UnreadableFile(
            'There are no matrices: add "matrices" with durations and distances for the vehicles\' profile.'
        )
    if "costs" in profile:
        raise UnreadableFile("A matrix of costs cannot be used: give the vehicles costs per hour and per km.")
    durations = np.array(profile["durations"])
    distances = np.array(profile.get("distances", np.zeros_like(durations)))
    if durations.ndim != 2 or durations.shape != distances.shape or durations.shape[0] != durations.shape[1]:
        raise UnreadableFile(
            "The matrices are not square tables of the same size: give a row for each place."
        )
    return durations, distances


def _only(entry: Document, known: frozenset[str], where: str) -> None:
    others = sorted(set(entry) - known)
    if others:
        raise UnreadableFile(f"{where} has {', '.join(others)}, which cannot be planned here: take it out.")


def _amounts(values: Iterable[int], where: str) -> tuple[int, ...]:
    amounts = tuple(values)
    if len(amounts) > len(DIMENSIONS):
        raise UnreadableFile(f"{where} has {len(amounts)} amounts: at most {len(DIMENSIONS)} can be planned.")
    return amounts


def _windows(spans: Iterable[Iterable[int]]) -> tuple[Window, ...]:
    return tuple(Window(start, end) for start, end in spans)


def _skills(entry: Document) -> tuple[str, ...]:
    return tuple(str(skill) for skill in entry.get("skills", ()))


def _shared(places: set[str | None], where: str, verb: str) -> str:
    found = next(iter(places), None)
    if len(places) != 1 or found is None:
        raise UnreadableFile(
            f"{where} needs one place where every vehicle {verb}: make it a shipment with its own two places."
        )
    return found
