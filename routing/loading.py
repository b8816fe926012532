"""How much fits in a vehicle: grams, crates and pallet places, as a whole and in compartments."""

from functools import lru_cache
from itertools import combinations

from routing.problem import Compartment, Shipment, Temperature, Vehicle
from routing.trips import Task

Amounts = tuple[int, int, int]
Capacities = tuple[int | None, int | None, int | None]
"""Grams, crates and pallet places; None is no limit."""

Classes = frozenset[Temperature]

MEASURES = ("grams", "crates", "pallets")
EVERY_CLASS: Classes = frozenset(Temperature)


def amounts_of(shipment: Shipment) -> Amounts:
    """What the shipment takes of each measure."""
    return shipment.grams, shipment.crates, shipment.pallets


def capacities_of(part: Vehicle | Compartment) -> Capacities:
    """What a vehicle or a compartment holds of each measure."""
    return part.capacity_grams, part.capacity_crates, part.capacity_pallets


def can_lift(vehicle: Vehicle, shipment: Shipment) -> bool:
    """Whether the shipment alone is within the vehicle's and its compartments' capacities."""
    return fits((Task(shipment, is_pickup=True),), vehicle)


def fits(tasks: tuple[Task, ...], vehicle: Vehicle) -> bool:
    """Whether every load on the way is within the capacities.

    Loads count task by task, in the order given. Called for each candidate route, so a measure without a limit
    and a vehicle without compartments cost nothing.
    """
    whole = enumerate(capacities_of(vehicle))
    if not all(most is None or _peak(tasks, measure, EVERY_CLASS) <= most for measure, most in whole):
        return False
    return not vehicle.compartments or all(
        _peak(tasks, measure, classes) <= most for classes, measure, most in rooms_of(vehicle.compartments)
    )


def room_for(vehicle: Vehicle, classes: Classes, measure: int) -> int | None:
    """What all compartments that admit any of these classes hold together; None is no limit."""
    if not vehicle.compartments:
        return None
    return _room(vehicle.compartments, classes, measure)


@lru_cache
def rooms_of(compartments: tuple[Compartment, ...]) -> tuple[tuple[Classes, int, int], ...]:
    """Every limit that compartments set: for these classes together, of this measure, at most so much."""
    return tuple(
        (classes, measure, most)
        for classes in sets_of(EVERY_CLASS)
        for measure in range(len(MEASURES))
        if (most := _room(compartments, classes, measure)) is not None
    )


def sets_of(classes: Classes) -> tuple[Classes, ...]:
    """Every set of one or more of the classes, the smallest first."""
    known = sorted(classes)
    return tuple(frozenset(some) for size in range(1, len(known) + 1) for some in combinations(known, size))


def _room(compartments: tuple[Compartment, ...], classes: Classes, measure: int) -> int | None:
    holding = [capacities_of(part)[measure] for part in compartments if classes.intersection(part.admits)]
    limits = [most for most in holding if most is not None]
    return sum(limits) if len(limits) == len(holding) else None


def _peak(tasks: tuple[Task, ...], measure: int, classes: Classes) -> int:
    """The most of one measure, of goods of these classes, that is on board at any time."""
    name = MEASURES[measure]
    load = peak = 0
    for task in tasks:
        shipment = task.shipment
        if shipment.temperature not in classes:
            continue
        if task.is_pickup:
            load += getattr(shipment, name)
            peak = max(peak, load)
        else:
            load -= getattr(shipment, name)
    return peak
