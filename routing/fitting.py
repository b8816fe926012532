"""Which turns could carry a shipment at all, if it were alone in the vehicle.

Used twice: to keep hopeless vehicles out of the search, and to say why a shipment was left out. It takes the
direct way to be the fastest; a matrix where a detour is faster may lose a possibility here, never gain one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from routing.problem import Shipment, Vehicle
from routing.schedule import schedule
from routing.trips import Places, Task, Trip, Turn


@dataclass(frozen=True, slots=True)
class Fitting:
    """The turns that can carry a shipment alone, and of the rest those that fail by weight only."""

    turns: tuple[Turn, ...]
    too_heavy: tuple[Turn, ...]


def fittings(
    shipments: Iterable[Shipment], turns: tuple[Turn, ...], *, places: Places
) -> Mapping[str, Fitting]:
    """By shipment id. Vehicles alike in place, shift and driving rules are looked at once."""
    return {shipment.id: _fitting(shipment, turns, places) for shipment in shipments}


def can_lift(vehicle: Vehicle, shipment: Shipment) -> bool:
    """Whether the shipment alone is within the vehicle's capacities."""
    within_crates = vehicle.capacity_crates is None or shipment.crates <= vehicle.capacity_crates
    return within_crates and shipment.grams <= vehicle.capacity_grams


def _fitting(shipment: Shipment, turns: tuple[Turn, ...], places: Places) -> Fitting:
    tasks = (Task(shipment, is_pickup=True), Task(shipment, is_pickup=False))
    in_time: dict[tuple[object, ...], bool] = {}
    for turn in turns:
        key = _rules(turn)
        if key not in in_time:
            in_time[key] = schedule(Trip(turn, tasks), places=places) is not None
    reachable = [turn for turn in turns if in_time[_rules(turn)]]
    return Fitting(
        turns=tuple(turn for turn in reachable if can_lift(turn.vehicle, shipment)),
        too_heavy=tuple(turn for turn in reachable if not can_lift(turn.vehicle, shipment)),
    )


def _rules(turn: Turn) -> tuple[object, ...]:
    vehicle = turn.vehicle
    rest = (vehicle.max_drive_s, vehicle.break_s, vehicle.break_after_drive_s)
    return (vehicle.start, vehicle.end, turn.window, *rest)
