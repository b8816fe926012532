"""What one turn can do, relaxed: stops, moves between them, exact lower prices.

A plan's route is a sequence of visits. Here it becomes a path of *stays*: take shipments at their pickup, give goods at
their delivery place. Every route that ``routing.check`` accepts is such a path and costs at least as much, because

- distances and times are replaced by those of the shortest way through any other stops (Floyd and Warshall), so
  passing by a stop costs nothing extra, and leaving a visit out never costs more;
- windows are what stop, shipment and shift allow, tightened only by those shortest ways and what waits for a handover (``waiting``);
- the limits on driving and distance, orders of stops, shipments kept apart, promises and what the plan costs as a whole are
  ignored: each only adds cost or forbids.

What a turn may carry at all is looked at shipment by shipment (``carrying.hindrance``). What more is relaxed, each method says.

Prices are integers in 1/18 000 öre (``costs.SHARES_PER_ORE``), so that no figure is rounded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from routing.carrying import hindrance
from routing.costs import SHARES_PER_ORE, shares_per_metre, shares_per_second
from routing.load_limits import LoadLimit, load_limits
from routing.loading import can_lift
from routing.opening import Opening, intersect, opening
from routing.problem import Matrix, Problem, Shipment, Vehicle, Window
from routing.trips import Task, Turn, places_of, turns_of

MOST_PAIRS = 400_000
"""Shipments times turns: with more the shifts of a vehicle are not told apart."""


@dataclass(frozen=True, slots=True)
class Closure:
    """Shortest metres and seconds between all stops, through any others; by row stop seconds, and shares for a visit."""

    metres: Matrix
    seconds: Matrix
    stop_s: Matrix
    visit: Matrix
    row: dict[str, int]


@dataclass(frozen=True, slots=True)
class Taking:
    """A shipment of a turn: number in the problem, rows of its ends, relaxed windows, seconds and loads (see TurnKind).

    ``take`` ends where what follows is no longer in time; by its own hours taking closes at ``closes_s``. Within them work
    begins only in ``take_hours`` and ``drop_hours``.
    """

    number: int
    pickup: int
    delivery: int
    take: Window
    drop: Window
    pickup_s: int
    delivery_s: int
    loads: tuple[int, ...]
    closes_s: int
    take_hours: Opening
    drop_hours: Opening


@dataclass(frozen=True, slots=True)
class TurnKind:
    """Turns that are alike in all that counts here; ``turns`` names them by vehicle and shift.

    ``fixed`` is the price of using one, less half an öre where a route's price may have been rounded down. ``rooms``: what
    may be on board of each load that can be too much: of a measure in the whole vehicle, or in some compartments. A break
    of ``break_s`` (0: none) falls due by ``break_after_drive_s`` of driving.
    """

    start: int
    end: int | None
    shift: Window
    rooms: tuple[int, ...]
    fixed: int
    per_metre: int
    per_second: int
    break_s: int
    break_after_drive_s: int
    takings: tuple[Taking, ...]
    turns: tuple[tuple[str, int], ...] = field(default=(), compare=False)

    @property
    def count(self) -> int:
        """How many turns it stands for."""
        return len(self.turns)


def closure_of(problem: Problem) -> Closure:
    """All-pairs shortest ways, of metres and of seconds each for itself: O(stops³) in whole rows."""
    return Closure(
        metres=_shortest(problem.distance_m),
        seconds=_shortest(problem.duration_s),
        stop_s=np.array([stop.stop_s for stop in problem.stops], dtype=np.int64),
        visit=np.array([stop.visit_ore * SHARES_PER_ORE for stop in problem.stops], dtype=np.int64),
        row=problem.stop_index,
    )


def _shortest(matrix: Matrix) -> Matrix:
    best: Matrix = matrix.copy()
    for via in range(len(best)):
        np.minimum(best, best[:, via : via + 1] + best[via], out=best)
    return best


def kinds_of(problem: Problem, closure: Closure) -> tuple[TurnKind, ...]:
    """The problem's turns, merged where they are alike; without those that can carry nothing.

    Of a very large problem each vehicle is one kind, whose shift is as long as all of its own together: what a turn can do,
    that can too.
    """
    turns: dict[TurnKind, list[tuple[str, int]]] = {}
    kinds = _Kinds(problem, closure)
    for vehicle, shift, turn in _shifts(problem):
        kind = kinds.of(vehicle, shift, turn)
        if kind.takings:
            shifts = range(len(vehicle.shifts)) if turn is None else (turn.shift,)
            turns.setdefault(kind, []).extend((vehicle.id, number) for number in shifts)
    return tuple(replace(kind, turns=tuple(names)) for kind, names in turns.items())


def _shifts(problem: Problem) -> Iterator[tuple[Vehicle, Window, Turn | None]]:
    """Each shift to be looked at, with its turn, or None where it stands for all of a vehicle's."""
    turns = turns_of(problem)
    if len(problem.shipments) * len(turns) <= MOST_PAIRS:
        yield from ((turn.vehicle, turn.window, turn) for turn in turns)
        return
    for vehicle in problem.vehicles:
        if shifts := vehicle.shifts:
            first_s, last_s = min(s.start_s for s in shifts), max(s.end_s for s in shifts)
            yield vehicle, Window(first_s, last_s), None


class _Kinds:
    """Makes kinds of one problem."""

    def __init__(self, problem: Problem, closure: Closure) -> None:
        self.problem, self.closure = problem, closure
        self.hours = _Hours(problem)
        self.places = places_of(problem)

    def of(self, vehicle: Vehicle, shift: Window, turn: Turn | None) -> TurnKind:
        per_metre, per_second = shares_per_metre(vehicle), shares_per_second(vehicle)
        rounds = per_metre % SHARES_PER_ORE or per_second % SHARES_PER_ORE
        goods = tuple(self._goods(vehicle, shift, turn))
        limits = load_limits([self.problem.shipments[number] for number, _ in goods], [vehicle])
        return TurnKind(
            start=self.closure.row[vehicle.start],
            end=None if vehicle.end is None else self.closure.row[vehicle.end],
            shift=shift,
            rooms=tuple(limit.most[0] for limit in limits),
            fixed=vehicle.fixed_ore_per_shift * SHARES_PER_ORE - (SHARES_PER_ORE // 2 if rounds else 0),
            per_metre=per_metre,
            per_second=per_second,
            break_s=vehicle.break_s,
            break_after_drive_s=vehicle.break_after_drive_s,
            takings=tuple(self._taking(number, times, limits) for number, times in goods),
        )

    def _goods(self, vehicle: Vehicle, shift: Window, turn: Turn | None) -> Iterator[tuple[int, "_Times"]]:
        """The shipments that it may carry, by number, and when."""
        for number, shipment in enumerate(self.problem.shipments):
            times = _times(self.hours, vehicle, shift, self.closure, shipment)
            if times is not None and self._may_carry(vehicle, turn, shipment):
                yield number, times

    def _taking(self, number: int, times: "_Times", limits: tuple[LoadLimit, ...]) -> Taking:
        shipment = self.problem.shipments[number]
        return Taking(
            number=number,
            pickup=self.closure.row[shipment.pickup],
            delivery=self.closure.row[shipment.delivery],
            take=times.take,
            drop=times.drop,
            pickup_s=shipment.pickup_s,
            delivery_s=shipment.delivery_s,
            loads=tuple(limit.amount_of(shipment) for limit in limits),
            closes_s=times.closes_s,
            take_hours=times.take_hours,
            drop_hours=times.drop_hours,
        )

    def _may_carry(self, vehicle: Vehicle, turn: Turn | None, shipment: Shipment) -> bool:
        if turn is None:
            return can_lift(vehicle, shipment)
        return hindrance(turn, shipment, self.places) is None


class _Times(NamedTuple):
    """As in Taking."""

    take: Window
    drop: Window
    closes_s: int
    take_hours: Opening
    drop_hours: Opening


def _times(
    hours: "_Hours", vehicle: Vehicle, shift: Window, closure: Closure, shipment: Shipment
) -> _Times | None:
    """When taking and dropping may start within a shift, and when taking closes; None when they cannot."""
    take_hours = hours.of(closure.row[shipment.pickup], Task(shipment, is_pickup=True).windows, shift)
    drop_hours = hours.of(closure.row[shipment.delivery], Task(shipment, is_pickup=False).windows, shift)
    if not take_hours or not drop_hours:
        return None
    take, last = (Window(hours[0].start_s, hours[-1].end_s) for hours in (take_hours, drop_hours))
    start, pickup, drop = (closure.row[name] for name in (vehicle.start, shipment.pickup, shipment.delivery))
    home_s = 0 if vehicle.end is None else int(closure.seconds[drop, closure.row[vehicle.end]])
    leaving_s = int(closure.stop_s[pickup]) + shipment.pickup_s
    between_s = int(closure.seconds[pickup, drop]) + leaving_s
    first_s = max(take.start_s, shift.start_s + int(closure.seconds[start, pickup]))
    end_s = min(last.end_s, shift.end_s - home_s - int(closure.stop_s[drop]) - shipment.delivery_s)
    last_s = min(take.end_s, end_s - between_s)
    if first_s > last_s:
        return None
    took, dropped = Window(first_s, last_s), Window(max(last.start_s, first_s + between_s), end_s)
    return _Times(took, dropped, take.end_s, take_hours, drop_hours)


class _Hours:
    """When within a shift a stop and goods are open; each looked at once."""

    def __init__(self, problem: Problem) -> None:
        self.stops = problem.stops
        self._known: dict[tuple[int, tuple[Window, ...], Window], Opening] = {}

    def of(self, row: int, own: tuple[Window, ...], shift: Window) -> Opening:
        key = (row, own, shift)
        if key not in self._known:
            both = intersect(opening(self.stops[row].windows), opening(own))
            self._known[key] = intersect(both, (shift,))
        return self._known[key]
