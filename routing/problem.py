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
    the end: driving, service, waiting and breaks; it is what ``ore_per_hour`` is paid for. A stay also costs the
    stop's ``visit_ore`` once.
Overtime
    A route leaves within its shift and is back at most ``overtime_s`` after it. The seconds after the shift's end
    are paid by ``overtime_ore_per_hour`` instead of ``ore_per_hour``.
Break
    After at most ``break_after_drive_s`` of driving the driver rests ``break_s`` in one piece, on the road or
    while waiting, never during service (the 45 minutes within 4.5 hours of regulation (EC) 561/2006, article 7).
Load
    Grams, crates and pallet places on board after each visit stay within the vehicle's capacities, each measure
    for itself. Within one visit deliveries come before pickups.
Compartment
    A vehicle without compartments carries every temperature class side by side. One with compartments carries a
    class only in those that admit it, and goods of one class may be divided among them. So a load fits when for
    every set of classes its goods are within what the compartments admitting any of them hold together (Hall's
    condition: exactly then the goods can be placed), each measure for itself; the vehicle's own capacities bound
    the whole. A movable wall is written as compartments that together hold more than the vehicle does.
Several trips
    A vehicle may pick up anywhere on its route, where it starts too, as often as its shift and loads allow: it may come
    back for another load.
Goods on board
    What a vehicle has on board when a shift begins was picked up before: it is not picked up again, only this
    vehicle in this shift can deliver it, and if it does not, the goods stay on board and take room to the end.
What has been driven
    A route that has begun keeps its start and the visits that are done or under way, each at its time; what was
    picked up there can only be delivered by it. Nothing else is left or started before ``now_s``. What has been
    driven is true whatever hours and permissions say now. A vehicle that turned away from where it was heading goes
    on from its last visit at ``goes_on_s``: the metres of the way gone astray are not counted, its time is, and work
    at that stop again is a stay of its own.
Splitting
    A shipment of several ``parts`` is taken apart when the problem is built, into shipments ``ID#1``, ``ID#2`` ... of
    one part each, which share its goods, handling times and price for leaving it out, in whole numbers. Each part
    travels for itself, together with the others or not, and may be left out for its share of the price. What the
    rules say of the whole holds for each part.
Handover
    Goods may wait for others (``Shipment.after``) that are delivered at the stop where they are picked up, such as a
    hub: what it passes on leaves at the earliest the stop's ``transfer_s`` after the end of service (the departure) of the
    visit that delivers each of them, by whatever route; and when one of them is left out, so is what waits for it.
    What is on board when a shift begins, or was picked up by what has been driven, waits for nothing any more.
Who may carry what
    A vehicle carries a shipment when it has every skill (a tail lift, the ferry) that the shipment and the stops
    at both its ends need, when neither end is one of its ``forbidden_stops``, and when the shipment's owner is
    one it ``carries_for``.
"""

from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from routing.balance import NO_BALANCE, Balance
from routing.decisions import (
    NO_RULES,
    Apart,
    Ban,
    Driven,
    DrivenVisit,
    Lock,
    OnBoard,
    Promise,
    Rules,
)
from routing.times import LONGEST_S, Window

__all__ = [
    "LONGEST_S",
    "NO_BALANCE",
    "NO_RULES",
    "ONLY_MONEY",
    "Apart",
    "Balance",
    "Ban",
    "Compartment",
    "Driven",
    "DrivenVisit",
    "InputError",
    "InvalidProblem",
    "Lock",
    "Matrix",
    "OnBoard",
    "Problem",
    "Promise",
    "Rules",
    "Shipment",
    "Stop",
    "Temperature",
    "Vehicle",
    "Weights",
    "Window",
    "told",
]

Matrix = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stop:
    """A place where vehicles start, end, pick up or deliver; ``stop_s`` and ``visit_ore`` are paid once per stay.

    ``needs``: skills of every vehicle that picks up or delivers here. Starting or ending here needs none.
    ``transfer_s``: what a hub needs between goods that came and goods that wait for them.
    """

    id: str
    name: str
    windows: tuple[Window, ...] = ()
    stop_s: int = 0
    lat: float | None = None
    lon: float | None = None
    needs: tuple[str, ...] = ()
    visit_ore: int = 0
    transfer_s: int = 0


class Temperature(StrEnum):
    """The class of cold that goods need."""

    AMBIENT = "ambient"
    CHILLED = "chilled"
    FROZEN = "frozen"


@dataclass(frozen=True, slots=True)
class Shipment:
    """Goods from one stop to another; with ``parts`` above 1 it is taken apart into so many (see Splitting).

    ``skip_ore`` is the price of leaving it out; None means that it must be served. One that must and cannot
    be is reported in the plan as unserved, it raises nothing. ``pallets`` are whole pallet places. ``needs`` are
    skills of the vehicle that carries it. When not all that must be served can be, higher ``priority`` goes
    first: one of a higher priority before any number of lower ones. Its pickup starts no earlier than ``ready_s``, and
    the visit that delivers it ends by ``done_by_s`` (None: whenever it likes). ``after``: ids of the shipments that
    it waits for (see Handover).
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
    pallets: int = 0
    needs: tuple[str, ...] = ()
    temperature: Temperature = Temperature.AMBIENT
    priority: int = 0
    parts: int = 1
    ready_s: int = 0
    done_by_s: int | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compartment:
    """A part of a vehicle that holds goods of the classes it ``admits``; None is no limit of its own."""

    admits: tuple[Temperature, ...]
    capacity_grams: int | None = None
    capacity_crates: int | None = None
    capacity_pallets: int | None = None


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle with its driver; each of its ``shifts`` can carry one route.

    ``end`` None means that the route ends at its last stop. ``capacity_crates`` None: crates are no limit, and
    pallet places likewise. ``max_drive_s`` and ``max_distance_m`` bound the driving in one shift. ``break_s`` 0
    means that no break is asked for. ``carries_for``: the owners whose goods it carries, such as a producer's own
    only; empty means anyone's.
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
    capacity_pallets: int | None = None
    max_distance_m: int | None = None
    skills: tuple[str, ...] = ()
    forbidden_stops: tuple[str, ...] = ()
    carries_for: tuple[str, ...] = ()
    compartments: tuple[Compartment, ...] = ()
    overtime_s: int = 0
    overtime_ore_per_hour: int = 0


@dataclass(frozen=True, slots=True)
class Weights:
    """What a plan is judged by, in öre: the money it costs times ``money``, and a price per hour, km and kg CO2e.

    These prices are not paid, they only weigh: with money 0 and ``ore_per_km`` 1000 the shortest plan is sought.
    What is left out counts its full ``skip_ore`` beside. ``vehicles_first``: serve all that can be served, whatever
    its price for leaving it out, with as few routes as can be, and only then as cheaply.
    """

    money: int = 1
    ore_per_hour: int = 0
    ore_per_km: int = 0
    ore_per_kg_co2e: int = 0
    vehicles_first: bool = False


ONLY_MONEY = Weights()


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
    rules: Rules = NO_RULES
    weights: Weights = ONLY_MONEY
    balance: Balance = NO_BALANCE

    def __init__(  # noqa: PLR0917 - the order of the fields
        self,
        stops: tuple[Stop, ...],
        shipments: tuple[Shipment, ...],
        vehicles: tuple[Vehicle, ...],
        distance_m: ArrayLike,
        duration_s: ArrayLike,
        name: str = "",
        rules: Rules = NO_RULES,
        weights: Weights = ONLY_MONEY,
        balance: Balance = NO_BALANCE,
    ) -> None:
        from routing.splitting import part_errors, taken_apart  # these modules read the classes above
        from routing.validate import errors_in, read_matrix, size_errors

        shipments = tuple(shipments)
        faults = tuple(part_errors(shipments, rules))
        if not faults:
            shipments, rules = taken_apart(shipments, rules)
        if too_many := size_errors(stops, shipments):
            raise InvalidProblem(too_many)
        values: dict[str, Any] = {
            "stops": tuple(stops),
            "shipments": shipments,
            "vehicles": tuple(vehicles),
            "distance_m": read_matrix(distance_m),
            "duration_s": read_matrix(duration_s),
            "rules": rules,
            "weights": weights,
            "balance": balance,
        }
        errors = (*faults, *errors_in(**values))
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
            if is_dataclass(value) and value == field.default:
                continue
            digest.update(value.tobytes() if isinstance(value, np.ndarray) else repr(told(value)).encode())
        return digest.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and self.fingerprint() == other.fingerprint()

    def __hash__(self) -> int:
        return hash(self.fingerprint())


def told(value: object) -> object:
    """What a value says, without fields at their default: a field added later changes no old fingerprint."""
    if isinstance(value, tuple):
        return tuple(told(inner) for inner in value)
    if not is_dataclass(value):
        return value
    inner = ((field, getattr(value, field.name)) for field in fields(value))
    return tuple((field.name, told(content)) for field, content in inner if content != field.default)
