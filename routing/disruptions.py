"""What happens on the road, as a problem to plan again: a vehicle that stands, a longer way, a stop that shuts.

Each takes a problem and the plan that is being driven, and gives the problem at ``now_s`` (see ``replan.from_moment``): what has
been driven stays, what is on board is taken account of, the rest is open.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from routing.plan import Plan, Visit
from routing.problem import LONGEST_S, Driven, DrivenVisit, Problem, Rules, Shipment, Stop, Window
from routing.replan import from_moment
from routing.sequences import FixedRoute

NEVER = Window(LONGEST_S, LONGEST_S)
"""Stops without windows are always open; one that never opens again says so with the horizon's last second."""


class NotOnItsWay(ValueError):
    """The stop that a vehicle is said to stand at is none of the problem's."""


@dataclass(frozen=True, slots=True)
class Relays:
    """How to name goods that go on with another vehicle from where theirs stands: ``prefix`` for the old kind of name.

    Where that name is taken, because a vehicle has stood with them before, "#r2" and so on is put after it.
    """

    prefix: str = "relay"

    def names(self, shipments: Iterable[str], *, taken: Collection[str]) -> dict[str, str]:
        """A name of its own for each shipment, that is none of those taken."""
        found: dict[str, str] = {}
        for shipment in shipments:
            found[shipment] = self._free(shipment, {*taken, *found.values()})
        return found

    def _free(self, shipment: str, taken: Collection[str]) -> str:
        _, colon, rest = shipment.partition(":")
        plain = f"{self.prefix}:{rest if colon else shipment}"
        if plain not in taken:
            return plain
        first = plain.rpartition("#r")[0] or plain
        return next(name for number in count(2) if (name := f"{first}#r{number}") not in taken)


def vehicle_stands(
    problem: Problem,
    plan: Plan,
    *,
    vehicle: str,
    at: str,
    now_s: int,
    until_s: int = LONGEST_S,
    relays: Relays = Relays(),
) -> Problem:
    """The problem when ``vehicle`` stands at the stop ``at`` from ``now_s`` and drives no shift that meets ``until_s``.

    What it has on board is unloaded there, at the earliest when it can have come there, and goes on with another vehicle as a
    shipment of its own (``Relays``), whatever the stop's hours; goods that stand where they were picked up have not left.
    Raises NotOnItsWay.
    """
    if at not in problem.stop_index:
        raise NotOnItsWay(f"{at!r} is no stop of the problem: name one that it has.")
    lifted = _without_locks_to(problem, vehicle, now_s, until_s)
    now = from_moment(lifted, plan, now_s=now_s)
    begun = {driven.shift: driven for driven in now.rules.driven if driven.vehicle == vehicle}
    standing = next((driven for driven in begun.values() if not driven.is_over), None)
    if standing is not None:
        there_s = max(now_s, _comes_at(now, plan, standing, at, now_s))
        now = _unloaded(now, standing, now_s, _Place(at, there_s), relays)
    return replace(now, rules=_parked(now, vehicle, now_s, until_s))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where goods wait for another vehicle, and from when."""

    stop: str
    from_s: int


def _comes_at(problem: Problem, plan: Plan, standing: Driven, at: str, now_s: int) -> int:
    """When the vehicle can be at the stop, from the last one that it served."""
    route = next(
        entry for entry in plan.routes if (entry.vehicle, entry.shift) == (standing.vehicle, standing.shift)
    )
    last = [visit for visit in route.visits if visit.start_s <= now_s][-1]
    index = problem.stop_index
    return last.departure_s + int(problem.duration_s[index[last.stop], index[at]])


def _without_locks_to(problem: Problem, vehicle: str, now_s: int, until_s: int) -> Problem:
    """Nobody is held to a turn that is not driven."""
    gone = _turns_out(problem, vehicle, now_s, until_s)
    rules = problem.rules
    return replace(
        problem,
        rules=replace(
            rules,
            locks=tuple(
                lock
                for lock in rules.locks
                if lock.vehicle != vehicle or (lock.shift is not None and lock.shift not in gone)
            ),
            fixed_routes=tuple(
                fixed for fixed in rules.fixed_routes if fixed.vehicle != vehicle or fixed.shift not in gone
            ),
        ),
    )


def _turns_out(problem: Problem, vehicle: str, now_s: int, until_s: int) -> tuple[int, ...]:
    """The numbers of the shifts that meet the time from now until then."""
    shifts = next(entry.shifts for entry in problem.vehicles if entry.id == vehicle)
    return tuple(
        number for number, shift in enumerate(shifts) if shift.end_s > now_s and shift.start_s < until_s
    )


def _parked(problem: Problem, vehicle: str, now_s: int, until_s: int) -> Rules:
    """Shifts that have not begun are not driven."""
    begun = {driven.shift for driven in problem.rules.driven if driven.vehicle == vehicle}
    out = (shift for shift in _turns_out(problem, vehicle, now_s, until_s) if shift not in begun)
    parked = tuple(FixedRoute(vehicle, shift) for shift in out)
    return replace(problem.rules, fixed_routes=(*problem.rules.fixed_routes, *parked))


def _unloaded(problem: Problem, standing: Driven, now_s: int, place: _Place, relays: Relays) -> Problem:
    """The route is over where the vehicle stands, and its goods wait there."""
    done = tuple(visit for visit in standing.visits if visit.start_s <= now_s)
    aboard = _on_board(done)
    goods = {shipment.id: shipment for shipment in problem.shipments}
    never_left = {name for name in aboard if goods[name].pickup == place.stop}
    handed = tuple(sorted(aboard - never_left))
    visits = _without_goods(done, never_left)
    visits += (DrivenVisit(place.stop, place.from_s, (), handed),) if handed else ()
    over = (replace(standing, visits=visits, is_over=True, goes_on_s=0),) if visits else ()
    others = tuple(driven for driven in problem.rules.driven if driven != standing)
    further = (name for name in handed if goods[name].delivery != place.stop)
    onwards = relays.names(further, taken=goods.keys())
    return replace(
        problem,
        stops=tuple(
            _open_from(stop, place.from_s) if stop.id == place.stop and handed else stop
            for stop in problem.stops
        ),
        shipments=tuple(_relayed(problem.shipments, handed, onwards, never_left, place)),
        rules=replace(problem.rules, driven=(*others, *over)),
    )


def on_board(plan: Plan, *, vehicle: str, now_s: int) -> frozenset[str]:
    """The shipments that a vehicle has taken on and not yet given off by then, as the plan is driven."""
    visits = (visit for route in plan.routes if route.vehicle == vehicle for visit in route.visits)
    return _on_board(visit for visit in visits if visit.start_s <= now_s)


def _on_board(visits: Iterable[Visit | DrivenVisit]) -> frozenset[str]:
    done = tuple(visits)
    loaded = {name for visit in done for name in visit.pickups}
    return frozenset(loaded - {name for visit in done for name in visit.deliveries})


def _without_goods(visits: tuple[DrivenVisit, ...], names: set[str]) -> tuple[DrivenVisit, ...]:
    kept = (
        replace(visit, pickups=tuple(name for name in visit.pickups if name not in names)) for visit in visits
    )
    return tuple(visit for visit in kept if visit.pickups or visit.deliveries)


def _open_from(stop: Stop, now_s: int) -> Stop:
    """The goods wait outside: whoever fetches them needs no open door."""
    return replace(stop, windows=(*stop.windows, Window(now_s, LONGEST_S))) if stop.windows else stop


def _relayed(
    shipments: tuple[Shipment, ...],
    handed: Collection[str],
    onwards: Mapping[str, str],
    never_left: set[str],
    place: _Place,
) -> Iterator[Shipment]:
    """Each shipment on board ends at the place; another, by its name in ``onwards``, goes on from there to where it was to go."""
    for shipment in shipments:
        after = tuple(onwards.get(name, name) for name in shipment.after)
        if shipment.id in handed:
            yield replace(shipment, delivery=place.stop, delivery_windows=(), done_by_s=None)
        if shipment.id in onwards:
            yield replace(
                shipment,
                id=onwards[shipment.id],
                pickup=place.stop,
                pickup_s=shipment.delivery_s,
                pickup_windows=(),
                ready_s=place.from_s,
                after=(shipment.id,),
            )
        elif shipment.id in never_left:
            yield replace(shipment, ready_s=max(shipment.ready_s, place.from_s), after=after)
        elif shipment.id not in handed:
            yield replace(shipment, after=after)


def way_lengthened(
    problem: Problem, plan: Plan, *, legs: NDArray[np.bool_], metres: int, seconds: int, now_s: int
) -> Problem:
    """The problem when some ways take so much longer; ``legs`` is stops x stops, true from row to column where they do."""
    longer = replace(
        problem,
        distance_m=problem.distance_m + np.where(legs, metres, 0),
        duration_s=problem.duration_s + np.where(legs, seconds, 0),
    )
    return from_moment(longer, plan, now_s=now_s)


def stop_shut(
    problem: Problem,
    plan: Plan,
    *,
    stop: str,
    from_s: int,
    until_s: int,
    now_s: int,
    instead: str | None = None,
) -> Problem:
    """The problem when nothing is taken in or given out at ``stop`` from ``from_s`` up to ``until_s``.

    With ``instead`` what is to be delivered there in that time goes to that stop, and what waits for it goes on from there.
    """
    closed = replace(
        problem,
        stops=tuple(
            replace(entry, windows=_cut(entry.windows, from_s, until_s)) if entry.id == stop else entry
            for entry in problem.stops
        ),
    )
    now = from_moment(closed, plan, now_s=now_s)
    if instead is None:
        return now
    settled = {name for driven in now.rules.driven for visit in driven.visits for name in visit.deliveries}
    moved = {
        shipment.id
        for shipment in now.shipments
        if shipment.delivery == stop
        and shipment.id not in settled
        and _may_come(shipment.delivery_windows, from_s, until_s)
    }
    return replace(now, shipments=tuple(_redirected(entry, moved, stop, instead) for entry in now.shipments))


def _redirected(shipment: Shipment, moved: Iterable[str], stop: str, instead: str) -> Shipment:
    if shipment.id in moved:
        return replace(shipment, delivery=instead)
    if shipment.pickup == stop and set(shipment.after) & set(moved):
        return replace(shipment, pickup=instead)
    return shipment


def _may_come(windows: tuple[Window, ...], from_s: int, until_s: int) -> bool:
    return not windows or any(window.end_s >= from_s and window.start_s < until_s for window in windows)


def _cut(windows: tuple[Window, ...], from_s: int, until_s: int) -> tuple[Window, ...]:
    """The windows without the time from ``from_s`` up to ``until_s``; never empty, which would be always open."""
    left = []
    for window in windows or (Window(0, LONGEST_S),):
        if window.start_s < from_s:
            left.append(Window(window.start_s, min(window.end_s, from_s - 1)))
        if window.end_s >= until_s:
            left.append(Window(max(window.start_s, until_s), window.end_s))
    return tuple(left) or (NEVER,)
