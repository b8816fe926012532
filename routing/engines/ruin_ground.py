"""A problem as arrays for ruin and recreate: everything that its compiled steps read, and nothing that they change.

Nodes are numbers: 2 x the shipment's place in the job for its pickup, + 1 for its delivery; then one start per kind of
turn, then one end per kind. Turns that differ in nothing that costs or forbids are one kind.

Of several windows in one shift the first and last second count; rests, the longest driving and distance, and
what planners decided about pairs and orders are not looked at: the answer is judged by ``feasible.route_of`` and mended.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.costs import METRES_PER_KM, SECONDS_PER_HOUR
from routing.engines.estimate import classes_of
from routing.engines.ortools_engine import could_need_break
from routing.engines.ortools_nodes import Job, loads_at_start
from routing.load_limits import load_limits
from routing.opening import intersect, opening
from routing.problem import Vehicle, Window
from routing.trips import Task, Turn

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
MANDATORY_ORE = 1e12
"""The price of leaving out what must be served: more than any plan costs."""
LARGEST_SKIPS_ORE = 10**11
"""Where leaving all out that may be left out costs more, a sum cannot tell what must be served from what need not be."""
LARGEST_ORE = 1e10
"""Fixed prices above this only say that a vehicle is dear: more digits would blur the rest."""


class Ground(NamedTuple):
    """What the compiled steps read. S shipments, K kinds of turns, N = 2 S + 2 K nodes, P prices per km, D measures.

    ``seconds`` (2, N, N): from the start of work at a row's node to the start at a column's, and the same turned round, so that what is read
    together lies together. ``prices`` (P, 2, N, N): öre of that way.
    ``opens``, ``closes`` (K, N): seconds between which work may start. ``loads`` (N, D), signed; ``room`` (K, D).
    ``may`` (K, S): who may carry what. ``price_row`` (K). ``rates`` (K, 4): öre per second and per used turn, more for
    a second after the shift, and the shift's last second.
    ``skips`` (S): öre for leaving out; ``musts`` (S): 1 where that is not allowed. ``near`` (2 S, 2 S): tasks, the nearest first.
    ``features`` (S, 5): what a recreate may sort by.
    """

    seconds: Whole
    prices: Real
    opens: Whole
    closes: Whole
    loads: Whole
    room: Whole
    may: NDArray[np.bool_]
    price_row: Whole
    rates: Real
    skips: Real
    musts: Whole
    near: Whole
    features: Real


@dataclass(frozen=True, slots=True)
class Terrain:
    """The arrays with what is needed to read an answer: tasks by node, the turns of each kind."""

    ground: Ground
    tasks: tuple[Task, ...]
    kinds: tuple[tuple[Turn, ...], ...]

    def kind_of(self, turn: Turn) -> int:
        return next(kind for kind, turns in enumerate(self.kinds) if turn in turns)


def terrain_of(job: Job, *, fixed: bool, must: bool = False) -> Terrain:
    """The job's arrays; without ``fixed`` a used turn costs nothing for itself, with ``must`` nothing may be left out.

    Where the job is ``stretched``, everybody drives as slowly as whoever rests most (see ortools_nodes.Job).
    """
    kinds = classes_of(job.turns, job.places)
    tasks = tuple(Task(shipment, is_pickup=end) for shipment in job.shipments for end in (True, False))
    firsts = tuple(turns[0] for turns in kinds)
    metres, seconds, visits = _legs(job, tasks, firsts)
    per_km = sorted({turn.vehicle.ore_per_km for turn in firsts})
    opens, closes = _hours(job, tasks, firsts)
    loads, room = _loads(tasks, firsts)
    skips = [None if must else shipment.skip_ore for shipment in job.shipments]
    ground = Ground(
        seconds=_both_ways(seconds),
        prices=np.stack([_both_ways(metres * (price / METRES_PER_KM) + visits) for price in per_km]),
        opens=opens,
        closes=closes,
        loads=loads,
        room=room,
        may=_may(job, firsts),
        price_row=_whole([per_km.index(turn.vehicle.ore_per_km) for turn in firsts]),
        rates=np.array([_rates(turn, fixed=fixed) for turn in firsts], np.float64),
        skips=np.array([MANDATORY_ORE if price is None else price for price in skips], np.float64),
        musts=_whole([price is None for price in skips]),
        near=np.argsort(
            metres[: len(tasks), : len(tasks)] + metres[: len(tasks), : len(tasks)].T, axis=1, kind="stable"
        ),
        features=_features(job, tasks, metres),
    )
    return Terrain(ground, tasks, kinds)


def is_known(job: Job) -> bool:
    """Whether the arrays hold all rules of the job, but for rests and the longest way: these seldom bind, or can be left room for."""
    places = job.places
    if places.apart or places.stop_orders or places.promises:
        return False
    shifts = {Window(turn.window.start_s, turn.last_s) for turn in job.turns}
    tasks = (Task(shipment, is_pickup=end) for shipment in job.shipments for end in (True, False))
    return all(len(intersect(open_, (shift,))) <= 1 for open_ in _hours_of(tasks, job) for shift in shifts)


def is_from_depot(job: Job) -> bool:
    """Whether all goods are loaded at the start and a route is known by its legs, its loads and how long it takes: no hour, rest or wall binds.

    Turns then have one price, and none for being used, or another trip could pay (see reloading.py).
    """
    if job.stretched or not is_known(job) or any(map(_has_more_rules, job.turns)):
        return False
    if not all(loads_at_start(shipment, job) for shipment in job.shipments):
        return False
    if any(turn.window.start_s < job.places.now_s for turn in job.turns):
        return False
    if sum(shipment.skip_ore or 0 for shipment in job.shipments) > LARGEST_SKIPS_ORE:
        return False
    shifts = {Window(turn.window.start_s, turn.last_s) for turn in job.turns}
    deliveries = (Task(shipment, is_pickup=False) for shipment in job.shipments)
    return all(
        intersect(open_, (shift,)) == (shift,) for open_ in _hours_of(deliveries, job) for shift in shifts
    )


def _hours_of(tasks: Iterable[Task], job: Job) -> set[tuple[Window, ...]]:
    """Every different list of hours in which work at some task may start."""
    stops = job.places.stops
    return {intersect(opening(stops[task.stop].windows), opening(task.windows)) for task in tasks}


def _has_more_rules(turn: Turn) -> bool:
    vehicle = turn.vehicle
    limits = vehicle.max_drive_s, vehicle.max_distance_m
    return could_need_break(turn) or bool(
        vehicle.overtime_s or vehicle.compartments or limits != (None, None)
    )


def _whole(values: Any) -> Whole:
    return np.array(values, np.int64)


def _both_ways(legs: NDArray[Any]) -> NDArray[Any]:
    return np.stack([legs, legs.T])


def _rates(turn: Turn, *, fixed: bool) -> tuple[float, float, float, float]:
    vehicle = turn.vehicle
    once = min(float(vehicle.fixed_ore_per_shift), LARGEST_ORE) if fixed else 0.0
    more = (
        (vehicle.overtime_ore_per_hour - vehicle.ore_per_hour) / SECONDS_PER_HOUR
        if vehicle.overtime_s
        else 0.0
    )
    return vehicle.ore_per_hour / SECONDS_PER_HOUR, once, more, turn.window.end_s


def _legs(job: Job, tasks: tuple[Task, ...], firsts: tuple[Turn, ...]) -> tuple[Whole, Whole, Whole]:
    """Metres, seconds and öre for visits between all nodes; to an end that is nowhere there is no way."""
    places = job.places
    here = [places.index[task.stop] for task in tasks]
    starts = [places.index[turn.vehicle.start] for turn in firsts]
    ends = [None if turn.vehicle.end is None else places.index[turn.vehicle.end] for turn in firsts]
    rows = _whole([*here, *starts, *(0 if end is None else end for end in ends)])
    distance, duration = _whole(places.distance_m), _whole(places.duration_s)
    metres, drive = distance[np.ix_(rows, rows)], duration[np.ix_(rows, rows)]
    count = len(tasks)
    for number, end in enumerate(ends):
        if end is None:
            metres[:, count + len(starts) + number] = drive[:, count + len(starts) + number] = 0
    nobody = [0] * (len(rows) - count)
    handling = _whole([*(task.handling_s for task in tasks), *nobody])
    leaving = _whole([*(places.stops[task.stop].stop_s for task in tasks), *nobody])
    visit = _whole([*(places.stops[task.stop].visit_ore for task in tasks), *nobody])
    stays = rows[:, None] == rows[None, :]
    stays[count:, :] = stays[:, count:] = False
    seconds = handling[:, None] + np.where(stays, 0, leaving[:, None]) + drive
    if job.stretched:
        seconds += max((_rests(drive, turn.vehicle) for turn in firsts), key=np.sum)
    return metres, seconds, np.where(stays, 0, visit[None, :])


def _rests(drive_s: Whole, vehicle: Vehicle) -> Whole:
    """The share of its breaks that each way earns, rounded up."""
    return -(-drive_s * vehicle.break_s // vehicle.break_after_drive_s)


def _hours(job: Job, tasks: tuple[Task, ...], firsts: tuple[Turn, ...]) -> tuple[Whole, Whole]:
    """First and last second of a start at each node, by kind; where there is none, the last is before the first."""
    nodes = len(tasks) + 2 * len(firsts)
    opens, closes = np.zeros((len(firsts), nodes), np.int64), np.zeros((len(firsts), nodes), np.int64)
    own = [intersect(opening(job.places.stops[task.stop].windows), opening(task.windows)) for task in tasks]
    for kind, turn in enumerate(firsts):
        opens[kind, :], closes[kind, :] = turn.window.start_s, turn.last_s
        closes[kind, len(tasks) : len(tasks) + len(firsts)] = turn.window.end_s
        for node, open_ in enumerate(own):
            within = intersect(open_, (Window(turn.window.start_s, turn.last_s),))
            opens[kind, node], closes[kind, node] = (
                (within[0].start_s, within[-1].end_s) if within else (1, 0)
            )
    return opens, closes


def _loads(tasks: tuple[Task, ...], firsts: tuple[Turn, ...]) -> tuple[Whole, Whole]:
    """What each node adds to the load, and what each kind holds, in every measure that some kind limits."""
    limits = load_limits([task.shipment for task in tasks], [turn.vehicle for turn in firsts])
    signs = [task.sign for task in tasks]
    loads = np.zeros((len(tasks) + 2 * len(firsts), len(limits)), np.int64)
    for column, limit in enumerate(limits):
        loads[: len(tasks), column] = [
            sign * amount for sign, amount in zip(signs, limit.amounts, strict=True)
        ]
    return loads, _whole([limit.most for limit in limits]).T.reshape(len(firsts), len(limits)).copy()


def _may(job: Job, firsts: tuple[Turn, ...]) -> NDArray[np.bool_]:
    able = [{turn.key for turn in job.fittings[shipment.id].turns} for shipment in job.shipments]
    return np.array([[turn.key in keys for keys in able] for turn in firsts], np.bool_)


def _features(job: Job, tasks: tuple[Task, ...], metres: Whole) -> Real:
    """By shipment: its size, how far it is from the first start, how long, how early and how late it may be served."""
    start = len(tasks)
    rows = []
    for number, shipment in enumerate(job.shipments):
        pickup, delivery = 2 * number, 2 * number + 1
        first, last = tasks[pickup].windows, tasks[delivery].windows
        opens = min((window.start_s for window in first), default=0)
        closes = max((window.end_s for window in last), default=10**9)
        far = metres[start, pickup] + metres[start, delivery] + metres[pickup, delivery]
        rows.append((shipment.grams + 1000 * shipment.crates, far, closes - opens, opens, closes))
    return np.array(rows, np.float64).reshape(len(rows), 5)
