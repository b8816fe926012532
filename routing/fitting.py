"""Which turns could carry a shipment at all, if it were alone in the vehicle.

Used twice: to keep hopeless vehicles out of the search, and to say why a shipment was left out. It takes the
direct way to be the fastest; a matrix where a detour is faster may lose a possibility here, never gain one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from routing.carrying import LOCKED_OUT, hindrance, may_carry
from routing.loading import can_lift, capacities_of
from routing.opening import Opening, intersect, opening
from routing.problem import Shipment, Window
from routing.schedule import timed
from routing.trips import Places, Task, Turn, alone, tasks_of

__all__ = ["Fitting", "can_lift", "fits_somewhere", "fittings"]


@dataclass(frozen=True, slots=True)
class Fitting:
    """The turns that can carry a shipment alone; of the rest those in time for it, with what hinders each.

    ``hindered``: pairs of a turn and a code of ``carrying``, such as too_heavy.
    """

    turns: tuple[Turn, ...]
    hindered: tuple[tuple[Turn, str], ...]


def fittings(
    shipments: Iterable[Shipment], turns: tuple[Turn, ...], *, places: Places
) -> Mapping[str, Fitting]:
    """By shipment id. Turns alike in place, shift and driving rules, or in what they may carry, are looked at once."""
    alike = _Alike(
        turns=turns,
        in_time=_first_alike(_rules(turn, places) for turn in turns),
        carrying=_first_alike(_carrying(turn, places) for turn in turns),
    )
    return {shipment.id: _fitting(shipment, alike, places) for shipment in shipments}


def fits_somewhere(shipment: Shipment, turns: Iterable[Turn], *, places: Places) -> bool:
    """Whether some turn can carry it alone; looks no further than the first that can."""
    return any(
        _hindrance(turn, shipment, places) is None and _is_in_time(turn, shipment, places) for turn in turns
    )


def _is_in_time(turn: Turn, shipment: Shipment, places: Places) -> bool:
    hours = (_hours(task, places) for task in tasks_of(shipment, places))
    return _meets(turn, hours) and timed(alone(turn, shipment, places), places=places) is not None


@dataclass(frozen=True, slots=True)
class _Alike:
    """For each turn the number of the first whose times are the same, and of the first that may carry the same."""

    turns: tuple[Turn, ...]
    in_time: tuple[int, ...]
    carrying: tuple[int, ...]


def _first_alike(keys: Iterable[tuple[object, ...]]) -> tuple[int, ...]:
    first: dict[tuple[object, ...], int] = {}
    return tuple(first.setdefault(key, number) for number, key in enumerate(keys))


def _fitting(shipment: Shipment, alike: _Alike, places: Places) -> Fitting:
    turns = alike.turns
    in_time = {first: _is_in_time(turns[first], shipment, places) for first in set(alike.in_time)}
    reachable = [number for number, first in enumerate(alike.in_time) if in_time[first]]
    firsts = {alike.carrying[number] for number in reachable}
    codes = {first: _hindrance(turns[first], shipment, places) for first in firsts}
    pairs = [(turns[number], codes[alike.carrying[number]]) for number in reachable]
    return Fitting(
        turns=tuple(turn for turn, code in pairs if code is None),
        hindered=tuple((turn, code) for turn, code in pairs if code is not None),
    )


def _hours(task: Task, places: Places) -> Opening:
    return intersect(opening(places.stops[task.stop].windows), opening(task.windows))


def _meets(turn: Turn, hours: Iterable[Opening]) -> bool:
    """Whether each end is open at some time in the shift: seen at once, and seldom so in a week of many days."""
    shift = (Window(turn.window.start_s, turn.last_s),)
    return all(intersect(open_, shift) for open_ in hours)


def _hindrance(turn: Turn, shipment: Shipment, places: Places) -> str | None:
    """What keeps the turn from the shipment, what it has driven already included."""
    code = hindrance(turn, shipment, places)
    if code is None and turn.key in places.driven and not may_carry(alone(turn, shipment, places), places):
        return LOCKED_OUT
    return code


def _rules(turn: Turn, places: Places) -> tuple[object, ...]:
    vehicle = turn.vehicle
    rest = (vehicle.max_drive_s, vehicle.max_distance_m, vehicle.break_s, vehicle.break_after_drive_s)
    begun = turn.key if turn.key in places.driven else None
    return (vehicle.start, vehicle.end, turn.window, turn.last_s, begun, *rest)


def _carrying(turn: Turn, places: Places) -> tuple[object, ...]:
    """What ``_hindrance`` looks at."""
    vehicle = turn.vehicle
    is_decided = places.locks or places.fixed or places.bans or places.stop_orders or places.driven
    able = (vehicle.forbidden_stops, vehicle.skills, vehicle.carries_for, vehicle.compartments)
    return (turn.key if is_decided else None, *able, *capacities_of(vehicle))
