"""Column generation's view of ``labels``: quick looks first, the whole truth when they find little."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import itemgetter

import numpy as np

from routing.arrays import INFINITE, Ints
from routing.bounds.beginnings import TAKEN, Cuts, Effort, Task
from routing.bounds.columns import Priced
from routing.bounds.completions import laden_steps_of, repeated, steps_of, tables_of
from routing.bounds.labels import search
from routing.bounds.master import Column, Duals, is_cut
from routing.bounds.network import Closure, TurnKind
from routing.bounds.stays import Options, Stays, shortest_s, untimed
from routing.bounds.threads import for_each
from routing.bounds.trails import Trails, trails_of
from routing.bounds.twins import Paths, groups_of, paths_of, prices_of, taken_of

ROUNDS = ((200,), (1500,), (8000,), (1500, 0))
"""Labels that go on from each length, look after look; 0, keeping all, proves, and the best that was found just before is its limit."""
FEW = (8, 8, 40)
"""After a round with so few new columns comes the next kind of round."""
FINE = 2
"""From this round on tables are fine."""
WANTED = 60
COARSE_S, FINE_S, LEAST_S = 240, 80, 60
"""Steps of the completions' time: coarse is quick, fine drops more labels; below the least the tables are too long."""
COARSE_CELLS, FEWEST_CELLS, MOST_CELLS = 400_000, 500_000, 6_000_000
MANY_LABELS, FEW_LABELS = 40_000, 12_000
"""After a search with so many labels four times as large completions are tried, which drop more; after one with few, half as large."""
LEAST_REMEMBERED, MOST_REMEMBERED = 1, 6
MOST_LADEN = 2
"""So many times as many steps laden tables have at most: else what is on board takes too long to give for them to fit."""
MOST_LABELS = 400_000
SHRINK_AT = 60_000
PER_SECOND = 60_000
"""Of labels; more than there is time for are not kept."""


class StopsTooClose(ValueError):
    """Two stops of a turn are less than ``LEAST_S`` apart: a step would take such a way for longer than it is."""


class TooManySteps(ValueError):
    """The day is too long, or places too many, for completions."""


class RoutePricer:
    """Prices routes stay by stay; unless ``is_timed`` without what waiting and breaks cost, which is quicker.

    Only then twins share their routes: what they cost a twin does not count waiting.
    """

    def __init__(self, closure: Closure, kinds: Sequence[TurnKind], *, is_timed: bool = True) -> None:
        """Raises StopsTooClose or TooManySteps."""
        self.kinds, self.is_timed = kinds, is_timed
        self.stays = [Stays(kind, closure) for kind in kinds]
        self.layouts = [stays.layout if is_timed else untimed(stays.layout) for stays in self.stays]
        self.width = 0
        groups = [[number] for number in range(len(kinds))] if is_timed else groups_of(self.stays)
        self.group = {number: group for group in groups for number in group}
        self.taken = [taken_of(stays) for stays in self.stays]
        self.cells = [FEWEST_CELLS] * len(kinds)
        self.labels = [0] * len(kinds)
        self.longest_step_s = min((shortest_s(stays.layout) for stays in self.stays), default=COARSE_S)
        if self.longest_step_s < LEAST_S:
            raise StopsTooClose
        if any(self._least_cells(stays, FINE_S) > MOST_CELLS for stays in self.stays):
            raise TooManySteps

    @property
    def is_quick(self) -> bool:
        return self.width < len(ROUNDS) - 1

    def learn(self, *, new: int) -> None:
        """After a round that finds little comes a wider one."""
        if self.width < len(FEW) and new <= FEW[self.width]:
            self.width += 1

    def begin(self) -> None:
        """Of a program with new cuts many routes are new: a wide look before the whole truth."""
        self.width = min(self.width, len(ROUNDS) - 2)

    def price_all(self, duals: Duals, *, until: float) -> list[Priced]:
        """The cheapest routes of each kind; those that took longest begin first."""
        order = sorted(range(len(self.kinds)), key=lambda number: -self.labels[number])
        found = for_each(lambda number: self.price(number, duals, until=until), order)
        return [one for _, one in sorted(zip(order, found, strict=True), key=itemgetter(0))]

    def price(self, number: int, duals: Duals, *, until: float) -> Priced:
        """The cheapest routes of a kind under these rewards, and what they are to its twins."""
        fixed = self.kinds[number].fixed
        limit = -fixed - int(duals.rents[number])
        if time.monotonic() > until:
            return Priced((), -int(duals.rewards.sum()), is_exact=False)
        is_coarse = self.width < FINE
        task = self._task(number, duals, limit, is_coarse=is_coarse)
        columns, floor, is_exact, count = list[Column](), limit, False, 0
        for width in ROUNDS[self.width]:
            most = int(min(MOST_LABELS, max(FEW_LABELS, PER_SECOND * (until - time.monotonic()))))
            labels, ends, prices, floor, is_exact = search(
                task, Effort(limit, width, most, SHRINK_AT, keeps_sets=False)
            )
            limit, count = int(prices.min(initial=limit)), len(labels)
            best = list(_best(labels[ends, TAKEN], prices))
            columns[:0] = self._columns(number, duals, labels, ends[best].tolist(), prices[best].tolist())
            if is_exact:
                break
        if not is_coarse:
            self._judge(number, count)
        return Priced(tuple(columns), floor + fixed, is_exact=is_exact, guess=limit + fixed)

    def _judge(self, number: int, labels: int) -> None:
        """Whether completions of this size were worth it."""
        self.labels[number] = max(labels, self.labels[number] // 2)
        if labels > MANY_LABELS:
            self.cells[number] = min(4 * self.cells[number], MOST_CELLS)
        elif labels < FEW_LABELS:
            self.cells[number] = max(self.cells[number] // 2, FEWEST_CELLS)

    def _columns(
        self, number: int, duals: Duals, labels: Ints, rows: list[int], prices: list[int]
    ) -> Iterator[Column]:
        """These routes, and those of them that are worth their price to twins."""
        trails, ends = trails_of(labels, np.array(rows, dtype=np.int64), self.stays[number])
        found = [
            self._column(number, duals, trails, row, price)
            for row, price in zip(ends.tolist(), prices, strict=True)
        ]
        yield from found
        if found and len(self.group[number]) > 1:
            paths = paths_of(labels, rows)
            for twin in self.group[number]:
                if twin != number:
                    yield from self._as_twin(twin, found, paths, duals)

    def _as_twin(self, number: int, found: Sequence[Column], paths: Paths, duals: Duals) -> Iterator[Column]:
        """Routes of a twin that are worth their price here."""
        prices = prices_of(self.layouts[number], self.taken[number], paths).tolist()
        fixed, rent = self.kinds[number].fixed, int(duals.rents[number])
        for column, price in zip(found, prices, strict=True):
            if price < INFINITE:
                other = replace(column, kind=number, price=price + fixed)
                if reduced(other, duals) < -rent:
                    yield other

    def _task(self, number: int, duals: Duals, limit: int, *, is_coarse: bool = False) -> Task:
        """What a search reads; and what its completions have shown is remembered."""
        step_s, cells = (COARSE_S, COARSE_CELLS) if is_coarse else (FINE_S, self.cells[number])
        task = self.task(number, duals, step_s=step_s, cells=cells, is_hard=not is_coarse)
        stays = self.stays[number]
        stays.learn(repeated(stays.layout, task.options, task.tables, limit=limit))
        return task

    def _least_cells(self, stays: Stays, step_s: int) -> int:
        """Of tables in which no shipment is remembered."""
        step_s = min(step_s, self.longest_step_s)
        return steps_of(stays.layout, step_s) * len(stays.layout.seconds) << stays.layout.places

    def task(
        self,
        number: int,
        duals: Duals,
        *,
        step_s: int,
        cells: int,
        is_hard: bool = False,
        all_of_them: bool = False,
    ) -> Task:
        """What a search for routes of a kind reads; tables of about so many ``cells``, and of a hard one more of them."""
        stays, step_s = self.stays[number], min(step_s, self.longest_step_s)
        least = self._least_cells(stays, step_s)
        wanted = min(MOST_REMEMBERED, max(0, (cells // least).bit_length() - 1))
        if is_hard:
            wanted = max(wanted, LEAST_REMEMBERED)
        options = stays.options(
            duals.rewards, remembered=wanted, is_timed=self.is_timed, all_of_them=all_of_them
        )
        remembered = len(stays.remembered)
        tables = laden = tables_of(stays.layout, options, step_s=step_s, remembered=remembered)
        if is_hard and laden_steps_of(stays.layout, step_s) <= MOST_LADEN * steps_of(stays.layout, step_s):
            laden = tables_of(stays.layout, options, step_s=step_s, remembered=remembered, counts_giving=True)
        return Task(self.layouts[number], options, tables, laden, cuts_of(stays, options, duals))

    def _column(self, number: int, duals: Duals, trails: Trails, row: int, price: int) -> Column:
        order = trails.order(row)
        numbers = tuple(sorted({task // 2 for task in order}))
        price += int(duals.rewards[list(numbers)].sum()) + self.kinds[number].fixed
        price -= sum(paid for triple, paid in duals.cuts if is_cut(numbers, triple))
        return Column(number, price, numbers, order=order)


def _best(taken: Ints, prices: Ints) -> Iterator[int]:
    """The numbers of the best routes, no set of shipments twice."""
    seen: set[int] = set()
    for number in np.argsort(prices, kind="stable").tolist():
        if len(seen) == WANTED:
            return
        if int(taken[number]) not in seen:
            seen.add(int(taken[number]))
            yield number


def reduced(column: Column, duals: Duals) -> int:
    """The price of a route less rewards, with the prices of cuts."""
    price = column.price - int(duals.rewards[list(column.numbers)].sum())
    return price + sum(paid for triple, paid in duals.cuts if is_cut(column.numbers, triple))


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
