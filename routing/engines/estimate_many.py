"""Estimates for many orders on every class of turns at once: what ``Estimator.figures`` says of each, task by task for all together.

A pool offers each of tens of thousands of routes to every class; one by one that takes longer than to cover them. Pairs of an order and a class are
rows of arrays, the longest orders first, so that those that are not over yet are always the first so many rows.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from routing.arrays import Bools, Ints
from routing.carrying import in_order
from routing.costs import (
    SHARES_PER_ORE,
    shares_per_metre,
    shares_per_overtime_second,
    shares_per_second,
)
from routing.engines.estimate import Estimator, Order
from routing.load_limits import ENOUGH, LoadLimit, load_limits
from routing.problem import Vehicle
from routing.trips import Places

PAIRS_AT_ONCE = 60_000
"""Of an order and a class, worked out together: some ten megabytes of them."""
NOBODY = -1
LARGEST = 2**61
"""Of prices in shares."""


class _Tasks(NamedTuple):
    """By task: row of its stop, seconds of work and of the stay, öre for the visit; signed loads (tasks, limits)."""

    row: Ints
    handling_s: Ints
    stop_s: Ints
    visit_ore: Ints
    loads: Ints


class _Classes(NamedTuple):
    """By class of turns. ``carries`` (classes, tasks); ``opens``, ``closes`` (windows, classes, tasks): missing ones close at once.

    ``like`` (classes, tasks): a number for the windows there. ``most`` (classes, limits). ``rates``: shares for a metre, a second, an overtime
    second. ``end``: row, or NOBODY.
    """

    carries: Bools
    opens: Ints
    closes: Ints
    like: Ints
    most: Ints
    rates: Ints
    fixed_ore: Ints
    start: Ints
    end: Ints
    first_s: Ints
    shift_end_s: Ints
    last_s: Ints
    drive_s: Ints
    break_s: Ints
    break_after_s: Ints


class Figures(NamedTuple):
    """Of orders that can be driven: which order, on which class, for how many öre, in how many seconds; by order, then class."""

    order: Ints
    kind: Ints
    cost_ore: Ints
    duration_s: Ints


def is_plain(places: Places) -> bool:
    """Whether no rule looks at a whole order: then these figures are those of the estimator, with loads in compartments looked at too."""
    has_routes = any(places.fixed.values())  # a fixed route of nothing only bars its turn
    return not (places.apart or places.stop_orders or has_routes or places.aboard or places.driven)


class Estimates:
    """Prices of orders by class of turns, many at once; only where ``is_known``."""

    def __init__(self, estimator: Estimator) -> None:
        self.estimator = estimator
        self._arrays: tuple[_Tasks, _Classes] | None = None  # made when first asked for
        problem = estimator.problem
        self._legs = problem.distance_m, problem.duration_s
        self.is_known = bool(estimator.classes) and is_plain(estimator.places) and self._is_small()

    def figures(self, orders: Sequence[Order]) -> Figures:
        """What every order that can be driven costs on each class; exact as far as ``Estimator.figures`` is.

        No order is empty; one that delivers before it collects cannot be driven.
        """
        step = max(1, PAIRS_AT_ONCE // len(self.estimator.classes))
        parts = [self._some(orders[first : first + step], first) for first in range(0, len(orders), step)]
        nothing = Figures(*(np.zeros(0, np.int64) for _ in Figures._fields))
        return Figures(*(np.concatenate(column) for column in zip(nothing, *parts, strict=True)))

    def _is_small(self) -> bool:
        """Whether no price overflows."""
        vehicles = [turns[0].vehicle for turns in self.estimator.classes]
        rates = [
            max(abs(shares_per_metre(v)), abs(shares_per_second(v)), abs(shares_per_overtime_second(v)))
            for v in vehicles
        ]
        longest = (max(int(legs.max(initial=1)) for legs in self._legs) + 1) * (len(self.estimator.tasks) + 1)
        latest = max((turns[0].last_s for turns in self.estimator.classes), default=0)
        return max(rates, default=0) * 3 * max(longest, latest) < LARGEST

    def _some(self, orders: Sequence[Order], first: int) -> Figures:
        if self._arrays is None:
            vehicles = [turns[0].vehicle for turns in self.estimator.classes]
            limits = load_limits(self.estimator.shipments, vehicles)
            self._arrays = self._tasks(limits), self._classes(vehicles, limits)
        tasks, classes = self._arrays
        lengths = np.array([len(order) for order in orders], np.int64)
        table = np.full((len(orders), int(lengths.max(initial=1))), NOBODY, np.int64)
        table[np.arange(table.shape[1]) < lengths[:, None]] = [task for order in orders for task in order]
        # A missing task, the last of all, is carried by every class.
        carried = np.append(classes.carries, np.ones((len(classes.start), 1), np.bool_), axis=1)
        may = np.ones((len(orders), len(classes.start)), np.bool_)
        for column in table.T:
            may &= carried[:, column].T
        may &= self._holds(table, tasks, classes)
        is_sound = [in_order(tuple(map(self.estimator.tasks.__getitem__, order))) for order in orders]
        may &= np.array(is_sound, np.bool_)[:, None]
        order, kind = np.nonzero(may)
        longest = np.argsort(-lengths[order], kind="stable")
        order, kind = order[longest], kind[longest]
        cost, seconds = _timed(table[order], lengths[order], kind, (tasks, classes, self._legs))
        some = np.flatnonzero(cost >= 0)
        some = some[np.lexsort((kind[some], order[some]))]
        return Figures(order[some] + first, kind[some], cost[some], seconds[some])

    @staticmethod
    def _holds(table: Ints, tasks: _Tasks, classes: _Classes) -> Bools:
        """Whether each class holds each order's loads all the way: (orders, classes)."""
        load = np.zeros((len(table), tasks.loads.shape[1]), np.int64)
        peak = load.copy()
        loads = np.append(tasks.loads, np.zeros((1, tasks.loads.shape[1]), np.int64), axis=0)
        for column in table.T:
            load += loads[column]
            np.maximum(peak, load, out=peak)
        return np.asarray((peak[:, None, :] <= classes.most).all(axis=2), np.bool_)

    def _tasks(self, limits: Sequence[LoadLimit]) -> _Tasks:
        rows = [(n.row, n.handling_s, n.stop_s, n.visit_ore) for n in self.estimator.numbers]
        row, handling, stay, visit = np.array(rows, np.int64).reshape(-1, 4).T.copy()
        loads = np.array([limit.amounts for limit in limits], np.int64).reshape(
            len(limits), len(self.estimator.shipments)
        )
        signs = np.array([task.sign for task in self.estimator.tasks], np.int64)
        return _Tasks(row, handling, stay, visit, (np.repeat(loads, 2, axis=1) * signs).T.copy())

    def _classes(self, vehicles: Sequence[Vehicle], limits: Sequence[LoadLimit]) -> _Classes:
        estimator = self.estimator
        turns = [turns[0] for turns in estimator.classes]
        index = estimator.places.index
        windows = [estimator.openings(kind) for kind in range(len(turns))]
        numbers = {opening: number for number, opening in enumerate({o for row in windows for o in row})}
        most = max((len(opening) for opening in numbers), default=0)
        size = (max(1, most), len(turns), len(estimator.tasks))
        opens, closes = np.zeros(size, np.int64), np.full(size, NOBODY, np.int64)
        for kind, row in enumerate(windows):
            for task, opening in enumerate(row):
                for number, window in enumerate(opening):
                    opens[number, kind, task] = window.start_s
                    closes[number, kind, task] = window.end_s
        carries = np.zeros(size[1:], np.bool_)
        for kind in range(len(turns)):
            carries[kind, list(estimator.carried(kind))] = True
        prices = [
            (shares_per_metre(v), shares_per_second(v), shares_per_overtime_second(v)) for v in vehicles
        ]
        whole = {
            "like": [[numbers[opening] for opening in row] for row in windows],
            "most": [[limit.most[kind] for limit in limits] for kind in range(len(turns))],
            "rates": prices,
            "fixed_ore": [vehicle.fixed_ore_per_shift for vehicle in vehicles],
            "start": [index[vehicle.start] for vehicle in vehicles],
            "end": [NOBODY if vehicle.end is None else index[vehicle.end] for vehicle in vehicles],
            "first_s": [turn.window.start_s for turn in turns],
            "shift_end_s": [turn.window.end_s for turn in turns],
            "last_s": [turn.last_s for turn in turns],
            "drive_s": [ENOUGH if v.max_drive_s is None else v.max_drive_s for v in vehicles],
            "break_s": [vehicle.break_s for vehicle in vehicles],
            "break_after_s": [max(1, vehicle.break_after_drive_s) for vehicle in vehicles],
        }
        return _Classes(
            carries, opens, closes, **{name: np.array(list_, np.int64) for name, list_ in whole.items()}
        )


def _timed(
    table: Ints, lengths: Ints, kind: Ints, known: tuple[_Tasks, _Classes, tuple[Ints, Ints]]
) -> tuple[Ints, Ints]:
    """Öre (-1: times do not fit) and seconds of the rows, the longest first, each on its class: ``Estimator`` says how."""
    tasks, classes, (metres, seconds) = known
    early, late = classes.first_s[kind], classes.last_s[kind]
    row, previous = classes.start[kind], np.full(len(kind), NOBODY, np.int64)
    elapsed, lag, distance, driven, visits = np.zeros((5, len(kind)), np.int64)
    fits = np.ones(len(kind), np.bool_)
    for place in range(table.shape[1]):
        n = int(np.searchsorted(-lengths, -place, side="left"))  # so many rows are longer
        task, on = table[:n, place], kind[:n]
        here = tasks.row[task]
        stays = (row[:n] == here) & (place > 0)
        drive = np.where(stays, 0, seconds[row[:n], here])
        leaving = tasks.stop_s[previous[:n]] if place else 0
        lag[:n] += np.where(stays, 0, drive + leaving)
        driven[:n] += drive
        distance[:n] += np.where(stays, 0, metres[row[:n], here])
        visits[:n] += np.where(stays, 0, tasks.visit_ore[task])
        goes_on = stays & (classes.like[on, previous[:n]] == classes.like[on, task])
        at = early[:n] + elapsed[:n] + lag[:n]
        opens = np.zeros(n, np.int64)
        closes = np.full(n, NOBODY, np.int64)
        for number in range(len(classes.opens) - 1, -1, -1):
            is_met = at <= classes.closes[number, on, task]
            opens = np.where(is_met, classes.opens[number, on, task], opens)
            closes = np.where(is_met, classes.closes[number, on, task], closes)
        fits[:n] &= goes_on | (closes >= 0)
        start, end = opens - elapsed[:n] - lag[:n], closes - elapsed[:n] - lag[:n]
        waits = np.maximum(0, start - late[:n])
        work = tasks.handling_s[task]
        early[:n] = np.where(goes_on, early[:n], np.maximum(start, early[:n]) - waits)
        late[:n] = np.where(goes_on, late[:n], np.minimum(end, late[:n]))
        elapsed[:n] = np.where(goes_on, elapsed[:n], elapsed[:n] + lag[:n] + waits)
        lag[:n] = np.where(goes_on, lag[:n] + work, work)
        previous[:n], row[:n] = task, here
    lag += tasks.stop_s[previous]
    home = classes.end[kind]
    has_end = home >= 0
    drive = np.where(has_end, seconds[row, home], 0)
    distance += np.where(has_end, metres[row, home], 0)
    return _priced(kind, classes, (early, elapsed + lag + drive, driven + drive), (distance, visits), fits)


def _priced(
    kind: Ints, classes: _Classes, times: tuple[Ints, Ints, Ints], ways: tuple[Ints, Ints], fits: Bools
) -> tuple[Ints, Ints]:
    early, elapsed, driven = times
    distance, visits = ways
    fits = fits & (driven <= classes.drive_s[kind]) & (early + elapsed <= classes.last_s[kind])
    breaks = np.maximum(0, driven - 1) // classes.break_after_s[kind]
    elapsed = elapsed + classes.break_s[kind] * breaks
    overtime = np.maximum(0, early + elapsed - classes.shift_end_s[kind])
    per_metre, per_second, more = classes.rates[kind].T
    shares = per_metre * distance + per_second * elapsed + more * overtime
    cost = classes.fixed_ore[kind] + visits + (2 * shares + SHARES_PER_ORE) // (2 * SHARES_PER_ORE)
    return np.where(fits, cost, NOBODY), elapsed
