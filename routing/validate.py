"""Faults in a problem's input, each with a code and a remedy; all of them are found, not only the first.

Read by ``problem.Problem`` when it is built; nobody else needs to call it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sized

import numpy as np
from numpy.typing import ArrayLike

from routing.balance import NO_BALANCE, Balance
from routing.problem import (
    LONGEST_S,
    NO_RULES,
    ONLY_MONEY,
    Compartment,
    InputError,
    Matrix,
    Rules,
    Shipment,
    Stop,
    Temperature,
    Vehicle,
    Weights,
    Window,
)
from routing.validate_balance import balance_errors
from routing.validate_handover import handover_errors
from routing.validate_rules import rule_errors
from routing.validate_sequences import sequence_errors

LARGEST = 2**40
"""More metres, seconds, grams or öre than any input means; keeps every sum inside 64 bits."""

MOST_STOPS = 2_500
"""The matrices of more would not fit into a common machine's memory, once for each search."""
MOST_SHIPMENTS = 20_000


def size_errors(stops: Sized, shipments: Sized) -> tuple[InputError, ...]:
    """Whether there is too much to be looked at, told before any matrix is read."""
    errors = []
    if len(stops) > MOST_STOPS:
        errors.append(
            InputError(
                "too_many_stops",
                f"There are {len(stops)} stops, more than {MOST_STOPS}.",
                "Make one stop of all that lies at one place, or plan regions or weeks apart.",
            )
        )
    if len(shipments) > MOST_SHIPMENTS:
        errors.append(
            InputError(
                "too_many_shipments",
                f"There are {len(shipments)} shipments, more than {MOST_SHIPMENTS}.",
                "Make one shipment of what goes from one place to another on one day, or plan regions apart.",
            )
        )
    return tuple(errors)


def read_matrix(values: ArrayLike) -> Matrix:
    """A read-only int64 copy; what is no square table of whole numbers becomes an empty one (reported later)."""
    try:
        raw = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raw = np.empty((0, 0))
    if raw.ndim != 2 or not np.isfinite(raw).all() or (raw != np.floor(raw)).any():
        raw = np.empty((0, 0))
    matrix = raw.astype(np.int64)
    matrix.setflags(write=False)
    return matrix


def errors_in(
    *,
    stops: tuple[Stop, ...],
    shipments: tuple[Shipment, ...],
    vehicles: tuple[Vehicle, ...],
    distance_m: Matrix,
    duration_s: Matrix,
    rules: Rules = NO_RULES,
    weights: Weights = ONLY_MONEY,
    balance: Balance = NO_BALANCE,
) -> tuple[InputError, ...]:
    """Every fault of the input, in reading order; empty when it is sound."""
    known = frozenset(stop.id for stop in stops)
    return (
        *_repeated("stop", (stop.id for stop in stops)),
        *_repeated("shipment", (shipment.id for shipment in shipments)),
        *_repeated("vehicle", (vehicle.id for vehicle in vehicles)),
        *_matrix("distance_m", distance_m, len(stops)),
        *_matrix("duration_s", duration_s, len(stops)),
        *(error for stop in stops for error in _stop(stop)),
        *(error for shipment in shipments for error in _shipment(shipment, known)),
        *(error for vehicle in vehicles for error in _vehicle(vehicle, known)),
        *handover_errors(shipments),
        *rule_errors(rules, shipments, vehicles),
        *sequence_errors(rules, shipments, vehicles, known),
        *_weights(weights),
        *balance_errors(balance, vehicles),
    )


def _repeated(kind: str, ids: Iterable[str]) -> Iterator[InputError]:
    for name, count in Counter(ids).items():
        if not name:
            yield InputError(f"{kind}_without_id", f"A {kind} has an empty id.", "Give each its own id.")
        elif count > 1:
            yield InputError(
                f"duplicate_{kind}", f"{count} {kind}s have the id {name!r}.", "Give each its own id."
            )


def _matrix(name: str, matrix: Matrix, size: int) -> Iterator[InputError]:
    if matrix.shape != (size, size):
        yield InputError(
            "matrix_shape",
            f"{name} is not a table of {size} x {size} whole numbers.",
            "Give one row and one column per stop, with no empty cell and no fraction.",
        )
    elif size and (matrix.min() < 0 or matrix.max() > LARGEST):
        yield InputError(
            "matrix_range",
            f"{name} has an entry below 0 or above {LARGEST}.",
            "Leave out stops that cannot be reached, or give a true value.",
        )
    elif matrix.diagonal().any():
        yield InputError(
            "matrix_diagonal", f"{name} has a stop away from itself.", "Put 0 from each stop to itself."
        )


def _stop(stop: Stop) -> Iterator[InputError]:
    where = f"Stop {stop.id!r}"
    yield from _amounts(where, stop_s=stop.stop_s, visit_ore=stop.visit_ore, transfer_s=stop.transfer_s)
    yield from _windows(where, stop.windows)
    yield from _names(where, needs=stop.needs)


def _shipment(shipment: Shipment, known: frozenset[str]) -> Iterator[InputError]:
    where = f"Shipment {shipment.id!r}"
    yield from _places(where, known, shipment.pickup, shipment.delivery)
    if shipment.pickup == shipment.delivery:
        yield InputError("no_journey", f"{where} is delivered where it is picked up.", "Leave it out.")
    yield from _amounts(
        where,
        grams=shipment.grams,
        crates=shipment.crates,
        pallets=shipment.pallets,
        priority=shipment.priority,
        pickup_s=shipment.pickup_s,
        delivery_s=shipment.delivery_s,
        skip_ore=shipment.skip_ore or 0,
        ready_s=shipment.ready_s,
        done_by_s=shipment.done_by_s or 0,
    )
    yield from _windows(where, (*shipment.pickup_windows, *shipment.delivery_windows))
    yield from _names(where, needs=shipment.needs, after=shipment.after)
    yield from _temperature(where, shipment.temperature)


def _vehicle(vehicle: Vehicle, known: frozenset[str]) -> Iterator[InputError]:
    where = f"Vehicle {vehicle.id!r}"
    yield from _places(where, known, vehicle.start, vehicle.end or vehicle.start, *vehicle.forbidden_stops)
    yield from _amounts(
        where,
        capacity_grams=vehicle.capacity_grams,
        capacity_crates=vehicle.capacity_crates or 0,
        capacity_pallets=vehicle.capacity_pallets or 0,
        fixed_ore_per_shift=vehicle.fixed_ore_per_shift,
        ore_per_km=vehicle.ore_per_km,
        ore_per_hour=vehicle.ore_per_hour,
        co2e_g_per_km=vehicle.co2e_g_per_km,
        max_drive_s=vehicle.max_drive_s or 0,
        max_distance_m=vehicle.max_distance_m or 0,
        break_s=vehicle.break_s,
        overtime_s=vehicle.overtime_s,
        overtime_ore_per_hour=vehicle.overtime_ore_per_hour,
    )
    if vehicle.capacity_grams == 0:
        yield InputError("zero_capacity", f"{where} can carry nothing.", "Give its capacity in grams.")
    if vehicle.break_s and vehicle.break_after_drive_s <= 0:
        yield InputError(
            "break_after_nothing",
            f"{where} must rest before it has driven.",
            "Give break_after_drive_s above 0, or break_s 0 for no breaks.",
        )
    if vehicle.overtime_s and vehicle.overtime_ore_per_hour < vehicle.ore_per_hour:
        yield InputError(
            "overtime_too_cheap",
            f"{where} is paid less per hour after its shift than in it.",
            "Give overtime_ore_per_hour at least ore_per_hour: it is the whole price of such an hour.",
        )
    yield from _windows(where, vehicle.shifts)
    yield from _names(where, skills=vehicle.skills, carries_for=vehicle.carries_for)
    for compartment in vehicle.compartments:
        yield from _compartment(f"{where}, a compartment", compartment)


def _weights(weights: Weights) -> Iterator[InputError]:
    prices = (weights.money, weights.ore_per_hour, weights.ore_per_km, weights.ore_per_kg_co2e)
    names = ("money", "ore_per_hour", "ore_per_km", "ore_per_kg_co2e")
    yield from _amounts("The weights", **dict(zip(names, prices, strict=True)))
    if not any(prices):
        yield InputError(
            "no_weight", "No plan is better than another: all weights are 0.", "Give one of them."
        )


def _compartment(where: str, compartment: Compartment) -> Iterator[InputError]:
    if not compartment.admits:
        yield InputError("admits_nothing", f"{where} admits no temperature class.", "Name one, or remove it.")
    for temperature in compartment.admits:
        yield from _temperature(where, temperature)
    yield from _amounts(
        where,
        capacity_grams=compartment.capacity_grams or 0,
        capacity_crates=compartment.capacity_crates or 0,
        capacity_pallets=compartment.capacity_pallets or 0,
    )


def _temperature(where: str, value: object) -> Iterator[InputError]:
    if not isinstance(value, Temperature):
        names = ", ".join(Temperature)
        yield InputError("unknown_temperature", f"{where}: {value!r} is no class.", f"Choose of {names}.")


def _places(where: str, known: frozenset[str], *ids: str) -> Iterator[InputError]:
    for name in dict.fromkeys(ids):
        if name not in known:
            yield InputError("unknown_stop", f"{where} names the stop {name!r}.", "Add it to the stops.")


def _amounts(where: str, **amounts: object) -> Iterator[InputError]:
    for name, value in amounts.items():
        if not isinstance(value, int):
            yield InputError("not_whole", f"{where}: {name} is {value!r}.", "Round it to a whole number.")
        elif not 0 <= value <= LARGEST:
            yield InputError("out_of_range", f"{where}: {name} is {value}.", f"Give 0 to {LARGEST}.")


def _names(where: str, **lists: object) -> Iterator[InputError]:
    """A bare text in place of a list would be read letter by letter."""
    for name, values in lists.items():
        if not isinstance(values, tuple) or not all(isinstance(value, str) for value in values):
            yield InputError("not_names", f"{where}: {name} is {values!r}.", "Give a tuple of texts.")


def _windows(where: str, windows: tuple[Window, ...]) -> Iterator[InputError]:
    for window in windows:
        if window.start_s > window.end_s:
            yield InputError(
                "window_reversed", f"{where}: {window} ends before it starts.", "Exchange the two times."
            )
        elif window.start_s < 0 or window.end_s > LONGEST_S:
            yield InputError(
                "window_outside",
                f"{where}: {window} lies outside the horizon.",
                "Count seconds from the horizon's start (for a week, Monday 00:00).",
            )
