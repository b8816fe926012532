"""Column generation's view of ``labels``: quick looks first, the whole truth when they find little."""

import time
from collections.abc import Iterator, Sequence

import numpy as np

from routing.bounds.columns import Priced
from routing.bounds.completions import TooManySteps, tables_of
from routing.bounds.labels import (
    ABOARD,
    HEADS,
    PARENT,
    POSITION,
    PRICE,
    TAKEN,
    Cuts,
    Effort,
    Task,
    search,
)
from routing.bounds.master import Column, Duals, is_cut
from routing.bounds.network import Closure, TurnKind
from routing.bounds.stays import Options, Stays, shortest_s
from routing.bounds.words import Ints

WIDTHS = (200, 1500, 8000, 0)
"""Labels that go on from each length: the next when one finds few new columns; 0, keeping all, proves."""
FEW = 8
WANTED = 60
COARSE_S, FINE_S, LEAST_S = 240, 80, 60
"""Steps of the completions' time: coarse is quick, fine drops more labels; below the least the tables are too long."""
MOST_LABELS = 400_000
SHRINK_AT = 60_000


class StopsTooClose(ValueError):
    """Two stops of a turn are less than ``LEAST_S`` apart: a step would take such a way for longer than it is."""


class RoutePricer:
    """Prices routes stay by stay."""

    def __init__(self, closure: Closure, kinds: Sequence[TurnKind]) -> None:
        """Raises StopsTooClose."""
        self.kinds = kinds
        self.stays = [Stays(kind, closure) for kind in kinds]
        self.width = 0
        self.longest_step_s = min((shortest_s(stays.layout) for stays in self.stays), default=COARSE_S)
        if self.longest_step_s < LEAST_S:
            raise StopsTooClose

    def learn(self, *, new: int) -> None:
        """After a round that finds little comes a wider one."""
        if WIDTHS[self.width] and new <= FEW:
            self.width += 1

    def price(self, number: int, duals: Duals, *, until: float) -> Priced:
        """The cheapest routes of a kind under these rewards."""
        stays, width = self.stays[number], WIDTHS[self.width]
        fixed = self.kinds[number].fixed
        if time.monotonic() > until:
            return Priced((), -int(duals.rewards.sum()), is_exact=False)
        effort = Effort(
            limit=-fixed - int(duals.rents[number]), width=width, most=MOST_LABELS, shrink_at=SHRINK_AT, keeps_sets=False
        )
        task = self._task(stays, duals, COARSE_S if width else FINE_S)
        labels, ends, floor, is_exact = search(task, effort)
        prices = labels[ends, PRICE] + stays.layout.home[labels[ends, POSITION]]
        guess = int(prices.min(initial=effort.limit)) + fixed
        columns = tuple(self._columns(number, duals, labels, ends, prices))
        return Priced(columns, floor + fixed, is_exact=is_exact, guess=guess)

    def _task(self, stays: Stays, duals: Duals, step_s: int) -> Task:
        options = stays.options(duals.rewards)
        step_s = min(step_s, self.longest_step_s)
        return Task(
            stays.layout,
            options,
            tables_of(stays.layout, options, step_s=step_s),
            cuts_of(stays, options, duals),
        )

    def _columns(
        self, number: int, duals: Duals, labels: Ints, ends: Ints, prices: Ints
    ) -> Iterator[Column]:
        """The best whole routes, no set of shipments twice."""
        seen: set[int] = set()
        for end in np.argsort(prices, kind="stable").tolist():
            row = int(ends[end])
            taken = int(labels[row, TAKEN])
            if taken not in seen:
                seen.add(taken)
                yield self._column(number, duals, labels, row, int(prices[end]))
            if len(seen) == WANTED:
                break

    def _column(self, number: int, duals: Duals, labels: Ints, row: int, price: int) -> Column:
        stays = self.stays[number]
        order = tuple(order_of(stays, labels, row))
        numbers = tuple(sorted({task // 2 for task in order}))
        price += int(duals.rewards[list(numbers)].sum()) + self.kinds[number].fixed
        price -= sum(paid for triple, paid in duals.cuts if is_cut(numbers, triple))
        return Column(number, price, numbers, order=order)


def order_of(stays: Stays, labels: Ints, row: int) -> list[int]:
    """The tasks of a route, from the start to the label."""
    tasks: list[int] = []
    while row >= 0:
        parent = int(labels[row, PARENT])
        aboard = int(labels[row, ABOARD])
        before = int(labels[parent, ABOARD]) if parent >= 0 else 0
        is_pickup = int(labels[row, POSITION]) >= stays.layout.places
        changed = aboard ^ before
        tasks.extend(
            2 * int(number) + is_pickup for bit, number in enumerate(stays.numbers) if changed >> bit & 1
        )
        row = parent
    return tasks[::-1]


def cuts_of(stays: Stays, options: Options, duals: Duals) -> Cuts:
    """The cuts of which a turn can serve two."""
    bit = {int(number): 1 << n for n, number in enumerate(stays.numbers)}
    masks = [(sum(bit.get(number, 0) for number in triple), price) for triple, price in duals.cuts]
    counting = [(mask, price) for mask, price in masks if mask & (mask - 1)]
    members = np.array([mask for mask, _ in counting], dtype=np.int64)
    touched = (options.bits[:, None] & members[None, :]) != 0
    return Cuts(
        members=members,
        price=np.array([price for _, price in counting], dtype=np.int64),
        first=np.concatenate(([0], np.cumsum(touched.sum(axis=1)))).astype(np.int64),
        touching=np.nonzero(touched)[1].astype(np.int64),
    )
