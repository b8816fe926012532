"""A turn's stops and what can be done there under given rewards, as arrays for ``suffixes``.

Stops are numbered: delivery places first, farms (any pickup stop) after them; a stop that is both has two numbers, no
way between them and no stop time. An *option* is a set of shipments to take at one farm.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from routing.bounds.network import Closure, Taking, TurnKind
from routing.bounds.words import Bits, Bools, Ints, single_bits

MOST_TOGETHER = 5
"""Farms with more shipments offer them one by one (without a way between), not in every combination."""
MOST_SHIPMENTS = 63
MOST_PLACES = 9
"""Shipments fit a word, sets of places a table."""


@dataclass(frozen=True, slots=True)
class Calls:
    """What can be done at each stop (places first, then farms) and by each option.

    By stop: ``rows`` in the problem, earliest start in reach from the turn's start, latest start, ways home and from the
    start; ``seconds[i, j]`` and ``shares[i, j]`` from the end of work at i, stop time included, to j; ``near``: the shipments
    remembered there. By option: its farm, shipments and needed places (bits), gain, seconds to take, seconds to give by
    place, load. ``is_chained``: it may follow another at its farm.
    """

    kind: TurnKind
    places: int
    stops: int
    rows: Ints
    seconds: Ints
    shares: Ints
    home: Ints
    from_start: Ints
    first_s: Ints
    close_s: Ints
    near: Bits
    place_bit: Bits
    shipment_bit: Bits
    farm_bits: Bits
    least_take_s: Ints
    option_at: Ints
    bits: Bits
    needs: Bits
    gain: Ints
    take_s: Ints
    give_s: Ints
    load: Ints
    is_chained: Bools
    numbers: tuple[tuple[int, ...], ...]


def calls_of(kind: TurnKind, closure: Closure, rewards: Ints, *, memory: int) -> Calls | None:
    """The calls worth making when shipment i earns ``rewards[i]`` shares; None when there are none.

    A shipment whose handling costs as much as it earns is left out: by the triangle inequality of the closure a
    route without it is no dearer.
    """
    gains = {t: int(rewards[t.number]) - kind.per_second * (t.pickup_s + t.delivery_s) for t in kind.takings}
    takings = [taking for taking, gain in gains.items() if gain > 0]
    if not takings:
        return None
    return _Builder(kind, closure, takings, gains, memory).build()


class _Builder:
    def __init__(
        self, kind: TurnKind, closure: Closure, takings: list[Taking], gains: dict[Taking, int], memory: int
    ) -> None:
        self.kind, self.closure, self.gains, self.memory = kind, closure, gains, memory
        self.takings = takings
        self.place_rows = sorted({taking.delivery for taking in takings})
        self.farm_rows = sorted({taking.pickup for taking in takings})
        self.rows = np.array([*self.place_rows, *self.farm_rows])
        self.place = {row: number for number, row in enumerate(self.place_rows)}
        self.farm = {row: number + len(self.place_rows) for number, row in enumerate(self.farm_rows)}
        self.bit = dict(zip(takings, single_bits(len(takings)).tolist(), strict=True))

    def build(self) -> Calls:
        kind, closure, rows = self.kind, self.closure, self.rows
        seconds, shares = self._ways()
        leaving = closure.stop_s[rows]
        out_s = closure.seconds[kind.start, rows]
        from_start = kind.per_metre * closure.metres[kind.start, rows] + kind.per_second * out_s
        opens, closes = self._windows()
        farm_bits = np.array(
            [sum(self.bit[t] for t in self._at(row)) for row in self.farm_rows], dtype=np.uint64
        )
        least = [min(t.pickup_s for t in self._at(row)) for row in self.farm_rows]
        first = len(self.place_rows)
        return Calls(
            kind=kind,
            places=first,
            stops=len(rows),
            rows=rows,
            seconds=seconds,
            shares=shares,
            home=self._home(leaving),
            from_start=from_start,
            first_s=np.maximum(opens, kind.shift.start_s + out_s),
            close_s=closes,
            near=self._memories(shares, farm_bits),
            place_bit=single_bits(first),
            shipment_bit=single_bits(len(self.takings)),
            farm_bits=farm_bits,
            least_take_s=np.array(least, dtype=np.int64),
            **self._options(),
        )

    def _at(self, row: int) -> list[Taking]:
        return [taking for taking in self.takings if taking.pickup == row]

    def _ways(self) -> tuple[Ints, Ints]:
        """Between stops; leaving for another place takes the stop time."""
        closure, rows = self.closure, self.rows
        seconds = closure.seconds[np.ix_(rows, rows)] + closure.stop_s[rows][:, None] * (
            rows[:, None] != rows
        )
        return seconds, self.kind.per_metre * closure.metres[
            np.ix_(rows, rows)
        ] + self.kind.per_second * seconds

    def _home(self, leaving: Ints) -> Ints:
        prices = self.kind.per_second * leaving
        if self.kind.end is not None:
            metres, seconds = (
                m[self.rows, self.kind.end] for m in (self.closure.metres, self.closure.seconds)
            )
            prices = prices + self.kind.per_metre * metres + self.kind.per_second * seconds
        return prices

    def _windows(self) -> tuple[Ints, Ints]:
        """Hulls over the shipments of each stop."""
        drops = [[t.drop for t in self.takings if t.delivery == row] for row in self.place_rows]
        takes = [[self.kind.shift] for _ in self.farm_rows]
        windows = [*drops, *takes]
        opens = np.array([min(window.start_s for window in there) for there in windows], dtype=np.int64)
        return opens, np.array([max(window.end_s for window in there) for there in windows], dtype=np.int64)

    def _memories(self, shares: Ints, farm_bits: Bits) -> Bits:
        """For each stop the shipments of the farms nearest to it, its own included."""
        first = len(self.place_rows)
        ranks = np.argsort(shares[:, first:], axis=1, kind="stable")[:, : self.memory + 1]
        near: Bits = np.bitwise_or.reduce(farm_bits[ranks], axis=1)
        near[first:] |= farm_bits
        return near

    def _options(self) -> dict[str, Any]:
        chosen = [(row, group, many) for row in self.farm_rows for group, many in self._groups(row)]
        give = np.zeros((len(chosen), len(self.place_rows)), dtype=np.int64)
        for number, (_, group, _) in enumerate(chosen):
            for taking in group:
                give[number, self.place[taking.delivery]] += taking.delivery_s
        places = [{self.place[taking.delivery] for taking in group} for _, group, _ in chosen]
        return {
            "option_at": np.array([self.farm[row] for row, _, _ in chosen], dtype=np.int64),
            "bits": np.array([sum(self.bit[t] for t in group) for _, group, _ in chosen], dtype=np.uint64),
            "needs": np.array([sum(1 << place for place in needed) for needed in places], dtype=np.uint64),
            "gain": np.array([sum(self.gains[t] for t in group) for _, group, _ in chosen], dtype=np.int64),
            "take_s": np.array([sum(t.pickup_s for t in group) for _, group, _ in chosen], dtype=np.int64),
            "give_s": give,
            "load": np.array([sum(t.load for t in group) for _, group, _ in chosen], dtype=np.int64),
            "is_chained": np.array([many for _, _, many in chosen], dtype=np.bool_),
            "numbers": tuple(tuple(t.number for t in group) for _, group, _ in chosen),
        }

    def _groups(self, row: int) -> list[tuple[tuple[Taking, ...], bool]]:
        """Every set of a farm's shipments, or each for itself where they are many (True)."""
        there = self._at(row)
        if len(there) > MOST_TOGETHER:
            return [((taking,), True) for taking in there]
        sizes = range(1, len(there) + 1)
        return [(group, False) for size in sizes for group in combinations(there, size)]
