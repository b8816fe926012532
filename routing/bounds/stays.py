"""A turn's stops and what can be done at each, as arrays for compiled code.

Stops are numbered: delivery places first, farms (any pickup stop) after them; a stop that is both has two numbers, no
way between them and no stop time. Shipments are bits of a word, in the order of the turn's takings. An *option* is a set
of shipments to take at one farm in one stay.

What a stay allows: it begins no later than the earliest closing of what it handles, and ends no sooner than all its
handling takes, nor before the last of its goods could be begun and handled. Every stay of a real route keeps this.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from routing.arrays import Ints
from routing.bounds.network import Closure, Taking, TurnKind
from routing.opening import Opening, opening

MOST_TOGETHER = 7
"""Farms with more shipments offer them one by one, with no way between, not in every combination."""
FORGOTTEN, LEAST_SCORE = 0.8, 0.3
"""How fast it is forgotten that remembering a shipment was of use."""
MOST_SHIPMENTS = 62
MOST_PLACES = 9
"""Shipments fit a signed word, sets of places a table."""


class Layout(NamedTuple):
    """What does not depend on rewards. Rows and columns of matrices are stops; seconds since the horizon's start.

    ``seconds[i, j]``, ``shares[i, j]``: from the end of work at i, stop time included, to j, price of visiting j included;
    ``out*`` from the turn's start, ``home*`` to its end. ``opens_s``, ``closes_s``: hulls over the shipments of a stop. By
    shipment: ``place``, ``give_s``, ``give_open_s``, ``give_close_s``, ``weights`` (one column for each of ``rooms``).
    Work at a stop begins from ``open_from`` to ``open_to[k]``, for some k from ``open_first[j]`` to before ``open_first[j + 1]``: the hours of any of its shipments;
    nothing opens after ``last_open_s``. ``drive_s``, ``home_drive_s``: of the seconds those of driving; by ``break_after_s`` of it ``break_s`` of rest are due.
    ``at``: the shipments (bits) to or from a stop, ``alike``: to the same place at the same hours as this one; ``to[to_first[p]:to_first[p + 1]]`` are those to a place. ``is_uniform``: all goods of a farm have the same hours.
    """

    places: int
    begins_s: int
    ends_s: int
    seconds: Ints
    shares: Ints
    out_s: Ints
    out: Ints
    home_s: Ints
    home: Ints
    opens_s: Ints
    closes_s: Ints
    place: Ints
    give_s: Ints
    give_open_s: Ints
    give_close_s: Ints
    weights: Ints
    rooms: Ints
    at: Ints
    alike: Ints
    to_first: Ints
    to: Ints
    is_uniform: Ints
    per_second: int
    break_s: int
    break_after_s: int
    drive_s: Ints
    home_drive_s: Ints
    open_first: Ints
    open_from: Ints
    open_to: Ints
    last_open_s: int


class Options(NamedTuple):
    """What can be taken under given rewards: ``first[j]`` to ``first[j + 1]`` are the options at stop j.

    By option: shipments (bits); needed places (bits), above them remembered shipments; these alone (``repeats``); gain in shares beyond handling, seconds to take, and to give later, when it opens, closes, and can be done
    at the earliest, loads (one column for each room); ``total``: of all that can be taken together. ``is_chained``, by stop: options there may follow each other.
    """

    first: Ints
    bits: Ints
    needs: Ints
    repeats: Ints
    gain: Ints
    take_s: Ints
    give_s: Ints
    open_s: Ints
    close_s: Ints
    ready_s: Ints
    loads: Ints
    total: Ints
    is_chained: Ints


class Stays:
    """One kind of turn made ready."""

    def __init__(self, kind: TurnKind, closure: Closure) -> None:
        self.kind = kind
        self.takings = kind.takings
        self.place_rows = sorted({taking.delivery for taking in kind.takings})
        self.farm_rows = sorted({taking.pickup for taking in kind.takings})
        self.numbers = np.array([taking.number for taking in kind.takings], dtype=np.int64)
        self.handling = _ints(kind.per_second * (t.pickup_s + t.delivery_s) for t in kind.takings)
        self.layout = _layout(kind, closure, self.place_rows, self.farm_rows)
        self.remembered: list[int] = []
        self.scores = np.zeros(len(self.takings))

    def gains(self, rewards: Ints) -> Ints:
        """What each of the turn's shipments earns (shares) beyond its handling."""
        gains: Ints = rewards[self.numbers] - self.handling
        return gains

    def options(
        self, rewards: Ints, *, remembered: int, is_timed: bool = False, all_of_them: bool = False
    ) -> Options:
        """Without shipments whose handling costs as much as they earn, unless ``all_of_them``: a route without them is no dearer.

        Where waiting is priced (``is_timed``) handling may fall into what is waited anyway: only those that earn nothing are left out.
        ``remembered``: at most so many shipments are told apart in completions.
        """
        gains = self.gains(rewards)
        worth = rewards[self.numbers] if is_timed else gains
        useful = [n for n in range(len(self.takings)) if all_of_them or worth[n] > 0]
        self.remembered = self._often_repeated(useful)[:remembered]
        first, groups = [0] * (len(self.place_rows) + 1), list[tuple[int, ...]]()
        chained = [0] * len(self.place_rows)
        for row in self.farm_rows:
            there = [n for n in useful if self.takings[n].pickup == row]
            chained.append(len(there) > MOST_TOGETHER)
            groups.extend(self._groups(there))
            first.append(len(groups))
        return self._options(first, groups, gains, chained, useful)

    def learn(self, repeated: Ints) -> None:
        """How often each shipment was taken twice on promising ways: those that are often are remembered next time."""
        self.scores = FORGOTTEN * self.scores + repeated

    def _often_repeated(self, useful: list[int]) -> list[int]:
        """The useful shipments with a score, best first, without those of farms that offer them one by one."""
        often = Counter(self.takings[n].pickup for n in useful)
        known = [
            n
            for n in useful
            if often[self.takings[n].pickup] <= MOST_TOGETHER and self.scores[n] > LEAST_SCORE
        ]
        return sorted(known, key=lambda n: -self.scores[n])

    def _groups(self, there: list[int]) -> Iterator[tuple[int, ...]]:
        """Every set of a farm's shipments that fits in the vehicle, or each alone where they are many."""
        rooms, weights = self.layout.rooms, self.layout.weights
        for size in range(1, 2 if len(there) > MOST_TOGETHER else len(there) + 1):
            for group in combinations(there, size):
                if (weights[list(group)].sum(axis=0) <= rooms).all():
                    yield group

    def _options(
        self,
        first: list[int],
        groups: list[tuple[int, ...]],
        gains: Ints,
        chained: list[int],
        useful: list[int],
    ) -> Options:
        takings = [[self.takings[n] for n in group] for group in groups]
        place = self.layout.place.tolist()
        bit = {n: 1 << (self.layout.places + rank) for rank, n in enumerate(self.remembered)}
        repeats = [sum(bit.get(n, 0) for n in group) for group in groups]
        return Options(
            first=_ints(first),
            bits=_ints(sum(1 << n for n in group) for group in groups),
            needs=_ints(
                again + sum(1 << p for p in {place[n] for n in group})
                for again, group in zip(repeats, groups, strict=True)
            ),
            repeats=_ints(repeats),
            gain=_ints(int(gains[list(group)].sum()) for group in groups),
            take_s=_ints(sum(t.pickup_s for t in group) for group in takings),
            give_s=_ints(sum(t.delivery_s for t in group) for group in takings),
            open_s=_ints(min(t.take.start_s for t in group) for group in takings),
            close_s=_ints(min(t.take.end_s for t in group) for group in takings),
            ready_s=_ints(max(t.take.start_s + t.pickup_s for t in group) for group in takings),
            loads=np.array(
                [self.layout.weights[list(group)].sum(axis=0) for group in groups], dtype=np.int64
            ).reshape(len(groups), len(self.layout.rooms)),
            total=self.layout.weights[useful].sum(axis=0),
            is_chained=_ints(chained),
        )


def is_small_enough(kinds: Sequence[TurnKind]) -> bool:
    """Whether every kind's shipments and places fit a word and a table."""
    return all(
        len(kind.takings) <= MOST_SHIPMENTS
        and len({taking.delivery for taking in kind.takings}) <= MOST_PLACES
        for kind in kinds
    )


def shortest_s(layout: Layout) -> int:
    """The least from the end of work at one of a turn's stops to another one, stop time included."""
    apart = ~np.eye(len(layout.seconds), dtype=np.bool_)
    return int(layout.seconds[apart].min())


def untimed(layout: Layout) -> Layout:
    """In which waiting and breaks cost nothing."""
    return layout._replace(per_second=0, break_s=0)


def has_times(layout: Layout) -> bool:
    """Whether waiting or a break can cost something."""
    waits = layout.last_open_s > layout.begins_s or len(layout.open_from) > len(layout.seconds)
    return layout.per_second > 0 and (waits or layout.break_s > 0)


def _layout(kind: TurnKind, closure: Closure, place_rows: list[int], farm_rows: list[int]) -> Layout:
    rows = np.array([*place_rows, *farm_rows])
    takings = kind.takings
    away = rows[:, None] != rows
    drive_s = closure.seconds[np.ix_(rows, rows)] * away
    seconds = drive_s + closure.stop_s[rows][:, None] * away
    shares = kind.per_metre * closure.metres[np.ix_(rows, rows)] * away + kind.per_second * seconds
    out_s = closure.seconds[kind.start, rows]
    home_s, home = _home(kind, closure, rows)
    handled = [
        *([t for t in takings if t.delivery == row] for row in place_rows),
        *([t for t in takings if t.pickup == row] for row in farm_rows),
    ]
    drops = [[t.drop for t in there] for there in handled[: len(place_rows)]]
    windows = [*drops, *([t.take for t in there] for there in handled[len(place_rows) :])]
    hours = [_hours(there, is_place=n < len(place_rows)) for n, there in enumerate(handled)]
    return Layout(
        places=len(place_rows),
        begins_s=kind.shift.start_s,
        ends_s=kind.shift.end_s,
        seconds=seconds,
        shares=shares + closure.visit[rows] * away,
        out_s=out_s,
        out=kind.per_metre * closure.metres[kind.start, rows] + kind.per_second * out_s + closure.visit[rows],
        home_s=home_s,
        home=home,
        opens_s=_ints(min(w.start_s for w in there) for there in windows),
        closes_s=_ints(max(w.end_s for w in there) for there in windows),
        place=_ints(place_rows.index(t.delivery) for t in takings),
        give_s=_ints(t.delivery_s for t in takings),
        give_open_s=_ints(t.drop.start_s for t in takings),
        give_close_s=_ints(t.drop.end_s for t in takings),
        weights=np.array([t.loads for t in takings], dtype=np.int64).reshape(len(takings), len(kind.rooms)),
        rooms=_ints(kind.rooms),
        at=_ints(_bits(takings, there) for there in handled),
        alike=_ints(
            _bits(
                takings, [t for t in takings if (t.delivery, t.drop_hours) == (one.delivery, one.drop_hours)]
            )
            for one in takings
        ),
        to_first=_ints([0, *np.cumsum([len(there) for there in drops]).tolist()]),
        to=_ints(n for row in place_rows for n, t in enumerate(takings) if t.delivery == row),
        is_uniform=_ints(len({t.take_hours for t in there}) == 1 for there in handled),
        per_second=kind.per_second,
        break_s=kind.break_s,
        break_after_s=max(1, kind.break_after_drive_s),
        drive_s=drive_s,
        home_drive_s=home_s - closure.stop_s[rows],
        open_first=_ints([0, *np.cumsum([len(there) for there in hours]).tolist()]),
        open_from=_ints(window.start_s for there in hours for window in there),
        open_to=_ints(window.end_s for there in hours for window in there),
        last_open_s=max(window.start_s for there in [*windows, *hours] for window in there),
    )


def _hours(there: list[Taking], *, is_place: bool) -> Opening:
    """When work of any of these can begin."""
    return opening(window for t in there for window in (t.drop_hours if is_place else t.take_hours))


def _home(kind: TurnKind, closure: Closure, rows: Ints) -> tuple[Ints, Ints]:
    """Seconds and shares from the end of work at each stop to the turn's end."""
    seconds: Ints = closure.stop_s[rows]
    if kind.end is None:
        return seconds, kind.per_second * seconds
    seconds = seconds + closure.seconds[rows, kind.end]
    return seconds, kind.per_metre * closure.metres[rows, kind.end] + kind.per_second * seconds


def _bits(takings: Sequence[Taking], there: list[Taking]) -> int:
    return sum(1 << number for number, taking in enumerate(takings) if taking in there)


def _ints(values: Iterator[int] | Sequence[int] | Sequence[bool] | Iterator[bool]) -> Ints:
    return np.array(list(values), dtype=np.int64)
