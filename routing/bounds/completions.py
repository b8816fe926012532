"""What may still come before a suffix at the least, by its position, places and latest start.

Dynamic programming over whole steps of time, from early to late: the cheapest way from the turn's start to a stop where
work must start by a given step. Nothing is remembered but the farm just after, which is not visited again at once
(two-cycle elimination, Christofides, Mingozzi and Toth 1981): the same farm's goods could all be taken at the later
of two visits with no place between them. Seconds are rounded down to steps, so the least is never too high.
"""

from typing import NamedTuple

import numpy as np

from routing.bounds.calls import Calls
from routing.bounds.words import Bits, Bools, Ints

NEVER = 2**55
ANY = -1
"""Stands for a way that goes on with no farm: to a place or the start."""


class _Best(NamedTuple):
    """The least prices, the farm each goes on with, and the least that go on with another."""

    least: Ints
    farm: Ints
    other: Ints

    def without(self, farm: Ints) -> Ints:
        """The least that does not go on with the given farm."""
        prices: Ints = np.where(self.farm == farm, self.other, self.least)
        return prices


class Completions:
    """Tables steps x sets of places x stops."""

    def __init__(self, calls: Calls, *, step_s: int) -> None:
        """``step_s`` must be at most any way between two stops, else steps of no length are taken as one."""
        self.calls, self.step_s = calls, step_s
        steps = self._step(calls.close_s[: calls.places].max()) + 1
        self.sets = np.arange(1 << calls.places)
        shape = (int(steps), len(self.sets), calls.stops)
        self.start = _Best(*(np.full(shape, fill, dtype=np.int64) for fill in (NEVER, ANY, NEVER)))
        farms = (*shape[:2], calls.stops - calls.places)
        self.leave = _Best(*(np.full(farms, fill, dtype=np.int64) for fill in (NEVER, ANY, NEVER)))
        self._prepare()
        for step in range(int(steps)):
            self._fill(step)

    def _step(self, second: int) -> int:
        return (second - self.calls.kind.shift.start_s) // self.step_s

    def _prepare(self) -> None:
        """Steps and prices of every way, and what is earned at farms with a given set of places."""
        calls, first = self.calls, self.calls.places
        self.in_reach = (calls.first_s - calls.kind.shift.start_s) // self.step_s
        self.closing = (calls.close_s - calls.kind.shift.start_s) // self.step_s
        away = ~np.eye(calls.stops, dtype=np.bool_)
        self.way = np.where(away, calls.shares, NEVER).T
        self.way_steps = np.maximum(1, calls.seconds.T // self.step_s)
        lacks = (calls.needs[:, None] & ~self.sets.astype(np.uint64)) != 0
        self.earned = np.where(lacks, -NEVER, calls.gain[:, None])
        self.take_steps = np.where(calls.is_chained, 0, calls.take_s // self.step_s)
        self.held_with = self.sets[:, None] | (1 << np.arange(first))
        self._join_chains(lacks)

    def _join_chains(self, lacks: Bools) -> None:
        """Farms that offer shipments one by one: as if all were taken in no time."""
        calls = self.calls
        for farm in np.unique(calls.option_at[calls.is_chained]):
            there = np.flatnonzero(calls.option_at == farm)
            self.earned[there] = np.where(lacks[there], 0, calls.gain[there, None]).sum(axis=0)

    def _fill(self, step: int) -> None:
        """One step: starting at each stop by then, later leaving each farm by then."""
        calls, first = self.calls, self.calls.places
        from_start = np.where(step >= self.in_reach, calls.from_start, NEVER)
        free = np.minimum(self._over_places(step), from_start)
        by_farm = self._over_farms(step)
        best, second, farm = _two_least(by_farm)
        goes_on = best < free
        self.start.least[step] = np.minimum(np.minimum(best, free), NEVER)
        self.start.farm[step] = np.where(goes_on, farm, ANY)
        self.start.other[step] = np.minimum(np.where(goes_on, np.minimum(second, free), best), NEVER)
        self._leave(step, first)

    def _over_places(self, step: int) -> Ints:
        """Sets x stops: the cheapest way that goes on with a place."""
        first = self.calls.places
        before = np.minimum(step - self.way_steps[:, :first], self.closing[:first])
        prices = self.start.least[np.maximum(before, 0)[None], self.held_with[:, None, :], np.arange(first)]
        prices = prices + np.where(before >= 0, self.way[:, :first], NEVER)
        least: Ints = prices.min(axis=2)
        return least

    def _over_farms(self, step: int) -> Ints:
        """Sets x stops x farms: the cheapest way that goes on with each farm."""
        calls, first = self.calls, self.calls.places
        before = step - self.way_steps[:, first:]
        cells = (np.maximum(before, 0)[None], self.sets[:, None, None], np.arange(calls.stops - first))
        here = (np.arange(calls.stops) - first)[None, :, None]
        here = np.where(here < 0, ANY - 1, here)
        prices = _Best(*(table[cells] for table in self.leave)).without(here)
        return prices + np.where(before >= 0, self.way[:, first:], NEVER)

    def _leave(self, step: int, first: int) -> None:
        """Leaving a farm by a step: any of its options, and starting that much earlier."""
        calls = self.calls
        before = step - self.take_steps
        cells = (np.maximum(before, 0), slice(None), calls.option_at)
        start = _Best(*(table[cells] for table in self.start))
        gain = np.where((before >= 0)[:, None], self.earned, -NEVER)
        ends = np.flatnonzero(np.r_[True, calls.option_at[1:] != calls.option_at[:-1]])
        least = start.least - gain
        best = np.minimum.reduceat(least, ends, axis=0)
        number = calls.option_at - first
        chosen = least == best[number]
        farm = np.maximum.reduceat(np.where(chosen, start.farm, ANY), ends, axis=0)
        other = np.minimum.reduceat(
            np.where(start.farm == farm[number], start.other, start.least) - gain, ends, axis=0
        )
        self.leave.least[step] = np.minimum(best, NEVER).T
        self.leave.farm[step] = farm.T
        self.leave.other[step] = np.minimum(other, NEVER).T

    def least(self, position: Ints, places: Bits, latest_s: Ints, after: Ints) -> Ints:
        """The least price before suffixes; ``after``: the farm that follows their position, or ANY."""
        step = np.minimum(self._step_of(latest_s), len(self.start.least) - 1)
        cells = (step, places.astype(np.int64), position)
        found = _Best(*(table[cells] for table in self.start))
        return found.without(np.where(after == ANY, ANY - 1, after))

    def _step_of(self, latest_s: Ints) -> Ints:
        return (latest_s - self.calls.kind.shift.start_s) // self.step_s

    def root(self) -> int:
        """The least price of any whole route."""
        calls = self.calls
        place = np.arange(calls.places)
        nothing = np.full(calls.places, ANY)
        rest = self.least(place, calls.place_bit, calls.close_s[place], nothing)
        return int((calls.home[place] + rest).min())


def _two_least(prices: Ints) -> tuple[Ints, Ints, Ints]:
    """Over the last axis: the least, the second least and the place of the least."""
    which = prices.argmin(axis=-1)
    least = np.take_along_axis(prices, which[..., None], -1)[..., 0]
    np.put_along_axis(prices, which[..., None], NEVER, -1)
    return least, prices.min(axis=-1), which
