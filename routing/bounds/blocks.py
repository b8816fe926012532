"""Pricing a turn with few stops: blocks of farms between delivery places, found from the tables.

A route, read backwards, is a last place, then blocks: a set of farms and the place before them; at last a set of
farms and the start. A farm earns with every shipment for a place behind it. Places are entered once: goods brought to a
place twice could, with loads not looked at, all be brought the second time at no greater price. A farm
may earn again in another block, which real routes cannot: that and the following make this a relaxation.

Time is priced (Lagrange): a route's seconds up to the start of work at its last place fit between the shift's start
and that place's closing, so each second may be charged at any price ``worth`` >= 0 if the seconds allowed are paid
back. Pickups always count, deliveries where they are known to come before the last place.

Loads are not looked at, and a visit's price is not counted.

Everything is in whole grains of 300 shares (1/60 öre), prices rounded down and gains up.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from routing.arrays import Ints
from routing.bounds.network import Closure, Taking, TurnKind
from routing.bounds.tables import Tables, Ways

SHARES_PER_GRAIN = 300
NEVER = 2**45


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A relaxed route: places from last to first, with the farms (bits) taken directly before each of them."""

    value: int
    places: tuple[int, ...]
    farms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _State:
    """The best suffix that holds a set of places and begins at one: price, and the state and farms behind."""

    value: int
    places: tuple[int, ...]
    farms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Blocks:
    """A kind of turn made ready: windows of its places and ways home."""

    kind: TurnKind
    tables: Tables
    home: Ints
    opens_s: Ints
    closes_s: Ints
    place: dict[int, int]
    farm: dict[int, int]


def blocks_of(kind: TurnKind, tables: Tables, closure: Closure) -> Blocks:
    drops = [[taking.drop for taking in kind.takings if taking.delivery == row] for row in tables.places]
    return Blocks(
        kind=kind,
        tables=tables,
        home=_home(kind, closure, np.array(tables.places)),
        opens_s=np.array([min(window.start_s for window in there) for there in drops]),
        closes_s=np.array([max(window.end_s for window in there) for there in drops]),
        place={row: number for number, row in enumerate(tables.places)},
        farm={row: number for number, row in enumerate(tables.farms)},
    )


def _home(kind: TurnKind, closure: Closure, rows: Ints) -> Ints:
    """The price of leaving each place for the turn's end."""
    prices: Ints = kind.per_second * closure.stop_s[rows]
    if kind.end is not None:
        prices = prices + kind.per_metre * closure.metres[rows, kind.end]
        prices = prices + kind.per_second * closure.seconds[rows, kind.end]
    return prices


def skeletons(blocks: Blocks, rewards: Ints, *, worth: int, wanted: int) -> list[Skeleton]:
    """The cheapest relaxed routes, best first, at most one for each set and first place.

    ``rewards`` per shipment of the problem and ``worth`` per second in shares. The first one's value (shares, without the
    turn's fixed price) is a proven lower bound for every route of this kind; an empty list means there is none.
    """
    return _Search(blocks, rewards, worth).best(wanted)


class _Search:
    def __init__(self, blocks: Blocks, rewards: Ints, worth: int) -> None:
        self.blocks, self.worth = blocks, worth
        kind = blocks.kind
        self.per_second = kind.per_second + worth
        self.count = len(blocks.tables.places)
        self.waiting, self.counted = self._gains(rewards)
        self.ways = [
            self._priced(ways, self._span_s(place)) for place, ways in enumerate(blocks.tables.from_place)
        ]
        self.first = self._priced(blocks.tables.from_start, blocks.closes_s - kind.shift.start_s)
        self.found: list[Skeleton] = []

    def _span_s(self, place: int) -> Ints:
        """Seconds there can be between the start of work at a place and at each other."""
        span_s: Ints = self.blocks.closes_s - self.blocks.opens_s[place]
        return span_s

    def _priced(self, ways: Ways, allowed_s: Ints) -> Ints:
        """Grains from an origin through sets to places: places x sets; what takes too long is never chosen."""
        shares = ways.metres * self.blocks.kind.per_metre + ways.seconds * self.per_second
        grains = np.where(ways.seconds <= allowed_s, shares // SHARES_PER_GRAIN, NEVER)
        return np.ascontiguousarray(grains.T)

    def _gains(self, rewards: Ints) -> tuple[Ints, Ints]:
        """Places x sets: what a set of farms earns with goods for a place, without and with its delivery counted."""
        farms = len(self.blocks.tables.farms)
        waiting = np.zeros((self.count, farms), dtype=np.int64)
        counted = np.zeros((self.count, farms), dtype=np.int64)
        for taking in self.blocks.kind.takings:
            place, farm = self.blocks.place[taking.delivery], self.blocks.farm[taking.pickup]
            waiting[place, farm] += self._gain(taking, rewards, taking.pickup_s)
            counted[place, farm] += self._gain(taking, rewards, taking.pickup_s + taking.delivery_s)
        return _over_sets(waiting), _over_sets(counted)

    def _gain(self, taking: Taking, rewards: Ints, seconds: int) -> int:
        handling = self.blocks.kind.per_second * (taking.pickup_s + taking.delivery_s)
        shares = int(rewards[taking.number]) - handling - self.worth * seconds
        return max(0, -(-shares // SHARES_PER_GRAIN))

    def best(self, wanted: int) -> list[Skeleton]:
        states = self._last_places()
        for _ in range(self.count):
            following: dict[tuple[int, int], _State] = {}
            for (held, place), state in states.items():
                self._extend(held, place, state, following)
            states = following
        self.found.sort(key=lambda skeleton: skeleton.value)
        return self.found[:wanted]

    def _last_places(self) -> dict[tuple[int, int], _State]:
        start_s = self.blocks.kind.shift.start_s
        back = (self.blocks.closes_s - start_s) * self.worth
        values = (self.blocks.home - back) // SHARES_PER_GRAIN
        return {
            (1 << place, place): _State(int(value), (place,), ())
            for place, value in enumerate(values.tolist())
        }

    def _extend(self, held: int, place: int, state: _State, following: dict[tuple[int, int], _State]) -> None:
        """Complete a suffix with the farms before it and the start, and put each further place before it."""
        gains = self._earned(held, place)
        value, farms = _least(self.first[place], gains)
        if state.value + value < NEVER // 2:
            total = (state.value + value) * SHARES_PER_GRAIN
            self.found.append(Skeleton(total, state.places, (*state.farms, farms)))
        for other in self._others(held):
            value, farms = _least(self.ways[other][place], gains)
            value += state.value
            key = (held | 1 << other, other)
            if value < NEVER // 2 and (key not in following or value < following[key].value):
                following[key] = _State(value, (*state.places, other), (*state.farms, farms))

    def _others(self, held: int) -> Iterator[int]:
        return (place for place in range(self.count) if not held >> place & 1)

    def _earned(self, held: int, place: int) -> Ints:
        """What each set of farms earns before these places; work at the first of several comes before the last."""
        others = [number for number in range(self.count) if held >> number & 1 and number != place]
        own = self.counted[place] if others else self.waiting[place]
        earned: Ints = own + self.waiting[others].sum(axis=0) if others else own
        return earned


def _over_sets(gains: Ints) -> Ints:
    """Sums over every subset of the columns: rows x 2^columns."""
    sums = np.zeros((len(gains), 1), dtype=np.int64)
    for column in range(gains.shape[1]):
        sums = np.concatenate((sums, sums + gains[:, column : column + 1]), axis=1)
    return sums


def _least(prices: Ints, gains: Ints) -> tuple[int, int]:
    net = prices - gains
    which = int(net.argmin())
    return int(net[which]), which
