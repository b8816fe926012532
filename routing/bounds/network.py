"""What one turn can do, relaxed: stops, moves between them, exact lower prices.

A plan's route is a sequence of visits. Here it becomes a path of *moves*: take a shipment at its pickup, drop all
goods for one delivery place, serve a shipment that was loaded where the turn starts, reload there. Every route that
``routing.check`` accepts is such a path and costs at least as much, because

- distances and times are replaced by those of the shortest way through any other stops (Floyd and Warshall), so
  passing by a stop costs nothing extra, and leaving a visit out never costs more;
- windows are the hull of what stop, shipment and shift allow, tightened only by those shortest ways;
- breaks, forced waiting, the limit on driving, one of grams and crates, the handling time at drops (but not its
  price) and goods still on board that wait to be served from the start are ignored: each only adds cost or forbids;
- the drop takes all goods for its place: a route that delivers the same goods at two visits has, relaxed, a cheaper
  one that delivers them at the first (less load, the same way and prices).

Prices are integers in 1/18 000 öre (``costs.SHARES_PER_ORE``), so that no figure is rounded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from routing.costs import SHARES_PER_ORE, shares_per_metre, shares_per_second
from routing.loading import can_lift
from routing.opening import intersect, opening
from routing.problem import Matrix, Problem, Shipment, Vehicle, Window
from routing.trips import turns_of

MOST_PAIRS = 400_000
"""Shipments times turns: with more the shifts of a vehicle are not told apart."""


@dataclass(frozen=True, slots=True)
class Closure:
    """Shortest metres and seconds between all stops, through any others; stop seconds by row."""

    metres: Matrix
    seconds: Matrix
    stop_s: Matrix
    row: dict[str, int]


@dataclass(frozen=True, slots=True)
class Taking:
    """A shipment of a turn: number in the problem, rows of its ends, relaxed windows, seconds and load.

    ``from_start``: it lies where the turn starts and is taken as loaded before the route begins.
    """

    number: int
    pickup: int
    delivery: int
    take: Window
    drop: Window
    pickup_s: int
    delivery_s: int
    load: int
    from_start: bool


@dataclass(frozen=True, slots=True)
class TurnKind:
    """Turns that are alike in all that counts here: ``count`` of them.

    ``fixed`` is the price of using one, less half an öre where a route's price may have been rounded down.
    """

    start: int
    end: int | None
    shift: Window
    capacity: int
    fixed: int
    per_metre: int
    per_second: int
    takings: tuple[Taking, ...]
    count: int = 1


class _Dimension(NamedTuple):
    """The one load that is looked at: grams or crates."""

    crates: bool

    def of(self, shipment: Shipment) -> int:
        return shipment.crates if self.crates else shipment.grams

    def limit(self, vehicle: Vehicle) -> int:
        return vehicle.capacity_crates or 0 if self.crates else vehicle.capacity_grams


def closure_of(problem: Problem) -> Closure:
    """All-pairs shortest ways, of metres and of seconds each for itself: O(stops³) in whole rows."""
    return Closure(
        metres=_shortest(problem.distance_m),
        seconds=_shortest(problem.duration_s),
        stop_s=np.array([stop.stop_s for stop in problem.stops], dtype=np.int64),
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
    counts: dict[TurnKind, int] = {}
    hulls = _Hulls(problem)
    for vehicle, shift, count in _shifts(problem):
        kind = _kind(problem, vehicle, shift, closure, hulls)
        if kind.takings:
            counts[kind] = counts.get(kind, 0) + count
    return tuple(replace(kind, count=count) for kind, count in counts.items())


def _shifts(problem: Problem) -> Iterator[tuple[Vehicle, Window, int]]:
    """Each shift to be looked at, and how many turns it stands for."""
    turns = turns_of(problem)
    if len(problem.shipments) * len(turns) <= MOST_PAIRS:
        yield from ((turn.vehicle, turn.window, 1) for turn in turns)
        return
    for vehicle in problem.vehicles:
        if shifts := vehicle.shifts:
            first_s, last_s = min(s.start_s for s in shifts), max(s.end_s for s in shifts)
            yield vehicle, Window(first_s, last_s), len(shifts)


def _kind(problem: Problem, vehicle: Vehicle, shift: Window, closure: Closure, hulls: "_Hulls") -> TurnKind:
    per_metre, per_second = shares_per_metre(vehicle), shares_per_second(vehicle)
    rounds = per_metre % SHARES_PER_ORE or per_second % SHARES_PER_ORE
    dimension = _tighter(problem, vehicle)
    return TurnKind(
        start=closure.row[vehicle.start],
        end=None if vehicle.end is None else closure.row[vehicle.end],
        shift=shift,
        capacity=dimension.limit(vehicle),
        fixed=vehicle.fixed_ore_per_shift * SHARES_PER_ORE - (SHARES_PER_ORE // 2 if rounds else 0),
        per_metre=per_metre,
        per_second=per_second,
        takings=tuple(_takings(problem, vehicle, shift, closure, dimension, hulls)),
    )


def _tighter(problem: Problem, vehicle: Vehicle) -> _Dimension:
    """Grams or crates, whichever all goods together fill more often."""
    if not vehicle.capacity_crates:
        return _Dimension(crates=vehicle.capacity_crates == 0)
    grams = sum(shipment.grams for shipment in problem.shipments) * vehicle.capacity_crates
    crates = sum(shipment.crates for shipment in problem.shipments) * vehicle.capacity_grams
    return _Dimension(crates=crates > grams)


def _takings(  # noqa: PLR0917 - the parts of one kind
    problem: Problem,
    vehicle: Vehicle,
    shift: Window,
    closure: Closure,
    dimension: _Dimension,
    hulls: "_Hulls",
) -> Iterator[Taking]:
    for number, shipment in enumerate(problem.shipments):
        windows = _windows(hulls, vehicle, shift, closure, shipment)
        if windows is not None and can_lift(vehicle, shipment):
            yield Taking(
                number=number,
                pickup=closure.row[shipment.pickup],
                delivery=closure.row[shipment.delivery],
                take=windows[0],
                drop=windows[1],
                pickup_s=shipment.pickup_s,
                delivery_s=shipment.delivery_s,
                load=dimension.of(shipment),
                from_start=shipment.pickup == vehicle.start,
            )


def _windows(
    hulls: "_Hulls", vehicle: Vehicle, shift: Window, closure: Closure, shipment: Shipment
) -> tuple[Window, Window] | None:
    """When taking and dropping may start within a shift, as hulls; None when they cannot."""
    take = hulls.of(closure.row[shipment.pickup], shipment.pickup_windows, shift)
    last = hulls.of(closure.row[shipment.delivery], shipment.delivery_windows, shift)
    if take is None or last is None:
        return None
    start, pickup, drop = (closure.row[name] for name in (vehicle.start, shipment.pickup, shipment.delivery))
    home_s = 0 if vehicle.end is None else int(closure.seconds[drop, closure.row[vehicle.end]])
    leaving_s = int(closure.stop_s[pickup]) + shipment.pickup_s
    between_s = int(closure.seconds[pickup, drop]) + leaving_s
    first_s = max(take.start_s, shift.start_s + int(closure.seconds[start, pickup]))
    end_s = min(last.end_s, shift.end_s - home_s - int(closure.stop_s[drop]) - shipment.delivery_s)
    last_s = min(take.end_s, end_s - between_s)
    if first_s > last_s:
        return None
    return Window(first_s, last_s), Window(max(last.start_s, first_s + between_s), end_s)


class _Hulls:
    """From the first to the last second of a shift at which a stop and goods are open; each looked at once."""

    def __init__(self, problem: Problem) -> None:
        self.stops = problem.stops
        self._known: dict[tuple[int, tuple[Window, ...], Window], Window | None] = {}

    def of(self, row: int, own: tuple[Window, ...], shift: Window) -> Window | None:
        key = (row, own, shift)
        if key not in self._known:
            both = intersect(intersect(opening(self.stops[row].windows), opening(own)), (shift,))
            self._known[key] = Window(both[0].start_s, both[-1].end_s) if both else None
        return self._known[key]
