"""Column generation's view of ``labels``: quick looks first, the whole truth when they find little."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from routing.bounds.columns import Priced
from routing.bounds.completions import repeated, steps_of, tables_of
from routing.bounds.labels import (
    ABOARD,
    INFINITE,
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
FEW = (8, 8, 40)
WANTED = 60
COARSE_S, FINE_S, LEAST_S = 240, 80, 60
"""Steps of the completions' time: coarse is quick, fine drops more labels; below the least the tables are too long."""
COARSE_CELLS, FEWEST_CELLS, MOST_CELLS = 400_000, 500_000, 6_000_000
MANY_LABELS, FEW_LABELS = 30_000, 5_000
"""After a search with so many labels twice as large completions are tried, which drop more; after one with few, half as large."""
MOST_REMEMBERED = 6
MOST_LABELS = 400_000
SHRINK_AT = 60_000


class StopsTooClose(ValueError):
    """Two stops of a turn are less than ``LEAST_S`` apart: a step would take such a way for longer than it is."""


class TooManySteps(ValueError):
    """The day is too long, or places too many, for completions."""


class RoutePricer:
    """Prices routes stay by stay."""

    def __init__(self, closure: Closure, kinds: Sequence[TurnKind]) -> None:
        """Raises StopsTooClose or TooManySteps."""
        self.kinds = kinds
        self.stays = [Stays(kind, closure) for kind in kinds]
        self.width = 0
        self.cells = [FEWEST_CELLS] * len(kinds)
        self.longest_step_s = min((shortest_s(stays.layout) for stays in self.stays), default=COARSE_S)
        if self.longest_step_s < LEAST_S:
            raise StopsTooClose
        if any(self._least_cells(stays, FINE_S) > MOST_CELLS for stays in self.stays):
            raise TooManySteps

    def learn(self, *, new: int) -> None:
        """After a round that finds little comes a wider one."""
        if WIDTHS[self.width] and new <= FEW[self.width]:
            self.width += 1

    def price(self, number: int, duals: Duals, *, until: float) -> Priced:
        """The cheapest routes of a kind under these rewards."""
        stays, width = self.stays[number], WIDTHS[self.width]
        fixed = self.kinds[number].fixed
        if time.monotonic() > until:
            return Priced((), -int(duals.rewards.sum()), is_exact=False)
        effort = Effort(
            limit=-fixed - int(duals.rents[number]),
            width=width,
            most=MOST_LABELS,
            shrink_at=SHRINK_AT,
            keeps_sets=False,
        )
        is_coarse = width and width < WIDTHS[-2]
        task = self.task(
            number,
            duals,
            step_s=COARSE_S if is_coarse else FINE_S,
            cells=COARSE_CELLS if is_coarse else self.cells[number],
        )
        stays.learn(repeated(stays.layout, task.options, task.tables, limit=effort.limit))
        labels, ends, floor, is_exact = search(task, effort)
        if not is_coarse:
            self._resize(number, len(labels))
        prices = labels[ends, PRICE] + stays.layout.home[labels[ends, POSITION]]
        guess = int(prices.min(initial=effort.limit)) + fixed
        columns = tuple(self._columns(number, duals, labels, ends, prices))
        return Priced(columns, floor + fixed, is_exact=is_exact, guess=guess)

    def _resize(self, number: int, labels: int) -> None:
        """How large the completions of a kind are next time."""
        if labels > MANY_LABELS:
            self.cells[number] = min(2 * self.cells[number], MOST_CELLS)
        elif labels < FEW_LABELS:
            self.cells[number] = max(self.cells[number] // 2, FEWEST_CELLS)

    def _least_cells(self, stays: Stays, step_s: int) -> int:
        """Of tables in which no shipment is remembered."""
        step_s = min(step_s, self.longest_step_s)
        return steps_of(stays.layout, step_s) * len(stays.layout.seconds) << stays.layout.places

    def task(self, number: int, duals: Duals, *, step_s: int, cells: int, all_of_them: bool = False) -> Task:
        """What a search for routes of a kind reads; tables of about so many ``cells``."""
        stays, step_s = self.stays[number], min(step_s, self.longest_step_s)
        least = self._least_cells(stays, step_s)
        wanted = min(MOST_REMEMBERED, max(0, (cells // least).bit_length() - 1))
        options = stays.options(duals.rewards, remembered=wanted, all_of_them=all_of_them)
        tables = tables_of(stays.layout, options, step_s=step_s, remembered=len(stays.remembered))
        return Task(stays.layout, options, tables, cuts_of(stays, options, duals))

    def _columns(self, number: int, duals: Duals, labels: Ints, ends: Ints, prices: Ints) -> Iterator[Column]:
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

    def with_order(self, column: Column) -> Column:
        """The route with its tasks in the order that makes it so cheap; as it is where none is found."""
        if column.order:
            return column
        stays = self.stays[column.kind]
        rewards = np.zeros(int(stays.numbers.max()) + 1, dtype=np.int64)
        rewards[list(column.numbers)] = int(stays.handling.max()) + 1
        alone = Duals(rewards, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), 0.0)
        task = self.task(column.kind, alone, step_s=FINE_S, cells=0)
        effort = Effort(limit=INFINITE, width=0, most=MOST_LABELS, shrink_at=MOST_LABELS, keeps_sets=True)
        labels, ends, _, _ = search(task, effort)
        wanted = sum(
            1 << bit for bit, number in enumerate(stays.numbers.tolist()) if number in column.numbers
        )
        ends = ends[labels[ends, TAKEN] == wanted]
        if not len(ends):
            return column
        prices = labels[ends, PRICE] + stays.layout.home[labels[ends, POSITION]]
        return replace(column, order=tuple(order_of(stays, labels, int(ends[prices.argmin()]))))


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
