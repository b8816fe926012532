"""Between which moments a handover makes sense, by the shortest ways: goods alone in the vehicle that suits them best."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from routing.carrying import hindrance
from routing.handover import known_times, picked_up, waiting_for
from routing.problem import Problem, Shipment
from routing.schedule import timed
from routing.trips import Places, Turn, alone, places_of, turns_of

STEP_S = 60
"""Limits are sought minute by minute: they only guide the search."""


@dataclass(frozen=True, slots=True)
class Limits:
    """By shipment id: the earliest end of its delivery, and the latest that leaves a way on.

    ``first`` is the latest for the first turn that can carry on (such as that of the same day), ``last`` for the last of
    all. Shipments that cannot be delivered, or that nothing can carry on from, are not in them.
    """

    earliest: dict[str, int]
    first: dict[str, int]
    last: dict[str, int]


def limits_of(problem: Problem) -> Limits:
    """The limits of everything that something waits for."""
    return _Finder(problem).limits()


class _Finder:
    """Looks up each question once for all shipments that are alike in times."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.turns = turns_of(problem)
        self.places: Places = replace(places_of(problem), has_ends=True)
        self.waiting = waiting_for(problem)
        self.known = known_times(problem)
        self.gone = picked_up(problem)
        self.transfer_s = {stop.id: stop.transfer_s for stop in problem.stops}
        self._latest: dict[tuple[object, ...], int | None] = {}

    def limits(self) -> Limits:
        found = Limits({}, {}, {})
        ordered = _by_level(self.problem.shipments)
        for shipment in ordered:
            if shipment.id not in self.waiting and not shipment.after:
                continue
            end_s = self._earliest(shipment, found)
            if end_s is not None:
                found.earliest[shipment.id] = end_s
        for shipment in reversed(ordered):
            self._onward(shipment, found)
        return found

    def _after(self, shipment: Shipment) -> tuple[str, ...]:
        """What it still waits for: nothing when it is on its way."""
        return () if shipment.id in self.gone else shipment.after

    def _earliest(self, shipment: Shipment, found: Limits) -> int | None:
        """The first second at which its delivery can have ended; None when it cannot be served."""
        if shipment.id in self.known:
            return self.known[shipment.id]
        if not found.earliest.keys() >= set(self._after(shipment)):
            return None
        ready_s = self._ready(shipment, found)
        best: int | None = None
        own = replace(shipment, ready_s=ready_s)
        for turn in sorted(self._able(shipment), key=lambda turn: turn.window):
            latest = turn.last_s if best is None else min(turn.last_s, best - STEP_S)
            if latest >= turn.window.start_s and self._can(turn, _due(own, latest)):
                best = self._soonest(turn, own, latest)
        return best

    def _soonest(self, turn: Turn, shipment: Shipment, enough: int) -> int:
        first_s = turn.window.start_s
        too_soon, steps = -1, -(-(enough - first_s) // STEP_S)
        while steps - too_soon > 1:
            middle = (too_soon + steps) // 2
            if self._can(turn, _due(shipment, first_s + middle * STEP_S)):
                steps = middle
            else:
                too_soon = middle
        return min(enough, first_s + steps * STEP_S)

    def _onward(self, shipment: Shipment, found: Limits) -> None:
        """The latest handovers of what this shipment waits for, given its own."""
        if not self._after(shipment) or shipment.id not in found.earliest:
            return
        done_by = found.last.get(shipment.id)
        own = shipment if done_by is None else _due(shipment, done_by)
        starts = sorted(
            start_s for turn in self._able(own) if (start_s := self._latest_start(turn, own)) is not None
        )
        ready_s = self._ready(shipment, found)
        possible = [start_s for start_s in starts if start_s >= ready_s]
        for name in shipment.after if possible else ():
            transfer_s = self.transfer_s[shipment.pickup]
            for limits, start_s in ((found.first, possible[0]), (found.last, possible[-1])):
                limits[name] = min(limits.get(name, start_s - transfer_s), start_s - transfer_s)

    def _ready(self, shipment: Shipment, found: Limits) -> int:
        """When it can be picked up at the earliest."""
        transfer_s = self.transfer_s[shipment.pickup]
        return max((shipment.ready_s, *(found.earliest[name] + transfer_s for name in self._after(shipment))))

    def _able(self, shipment: Shipment) -> list[Turn]:
        return [turn for turn in self.turns if hindrance(turn, shipment, self.places) is None]

    def _latest_start(self, turn: Turn, shipment: Shipment) -> int | None:
        """The last second from which on the turn can still carry it; None when it never can."""
        vehicle = turn.vehicle
        rules = (vehicle.max_drive_s, vehicle.max_distance_m, vehicle.break_s, vehicle.break_after_drive_s)
        key: tuple[object, ...] = (
            *(vehicle.start, vehicle.end, turn.window, turn.last_s, *rules),
            turn.key if turn.key in self.places.driven else None,
            replace(shipment, id="", after=(), grams=0, crates=0, pallets=0, skip_ore=0),
        )
        if key not in self._latest:
            self._latest[key] = self._bisected(turn, shipment)
        return self._latest[key]

    def _bisected(self, turn: Turn, shipment: Shipment) -> int | None:
        early = max(turn.window.start_s, shipment.ready_s)
        if not self._can(turn, replace(shipment, ready_s=early)):
            return None
        steps, too_many = 0, (turn.last_s - early) // STEP_S + 1
        while too_many - steps > 1:
            middle = (steps + too_many) // 2
            if self._can(turn, replace(shipment, ready_s=early + middle * STEP_S)):
                steps = middle
            else:
                too_many = middle
        return early + steps * STEP_S

    def _can(self, turn: Turn, shipment: Shipment) -> bool:
        return timed(alone(turn, shipment, self.places), places=self.places) is not None


def _due(shipment: Shipment, end_s: int) -> Shipment:
    own = shipment.done_by_s
    return replace(shipment, done_by_s=end_s if own is None else min(own, end_s))


def levels_of(shipments: Iterable[Shipment]) -> dict[str, int]:
    """By shipment id: 0 for what waits for nothing, else one more than the highest of what it waits for."""
    left = {shipment.id: shipment.after for shipment in shipments}
    levels: dict[str, int] = {}
    while left:
        free = [name for name, after in left.items() if levels.keys() >= set(after)]
        for name in free:
            levels[name] = max((levels[other] + 1 for other in left[name]), default=0)
        left = {name: after for name, after in left.items() if name not in levels}
    return levels


def _by_level(shipments: tuple[Shipment, ...]) -> list[Shipment]:
    levels = levels_of(shipments)
    return sorted(shipments, key=lambda shipment: levels[shipment.id])
