"""Who delivers what to which kitchen in which week, exactly as much as was awarded; and on which day. Pure.

A winner takes whole kitchens as far as they go, then whole weeks of the next kitchen, and only its last week is split.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import gcd

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One kitchen in the week that begins on `week_on`."""

    kitchen_id: int
    week_on: date


@dataclass(frozen=True, slots=True)
class Shared:
    """What each winner delivers to each cell, and what of its award no kitchen has stated a need for."""

    parts: Mapping[int, Mapping[Cell, int]]
    left: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class DeliveryDay:
    """`is_as_tendered`: one of the weekdays that the tender names."""

    day: date
    is_as_tendered: bool


def share_out(needs: Mapping[Cell, int], awarded: Mapping[int, int]) -> Shared:
    """Share a lot between its winners; `awarded` is steps by winner, `needs` steps by cell.

    Each winner delivers exactly what it was awarded, no cell gets more than its need. Where less was awarded than is
    needed all cells give way alike. What is awarded beyond all needs is in `left`.
    """
    open_needs = _reduced(needs, to=sum(awarded.values()))
    parts: dict[int, dict[Cell, int]] = {}
    left: dict[int, int] = {}
    for winner, steps in sorted(awarded.items(), key=lambda item: (-item[1], item[0])):
        parts[winner] = _taken(open_needs, steps)
        left[winner] = steps - sum(parts[winner].values())
    return Shared(parts, left)


def delivery_day(
    week_on: date,
    *,
    tendered: Collection[int],
    open_weekdays: Collection[int],
    not_before: date,
    before: date,
    is_day_off: Callable[[date], bool],
) -> DeliveryDay | None:
    """The first tendered weekday on which the kitchen is open; else the open day of the week nearest to it.

    Never a day off, before `not_before` or from `before` on. None where the week has no such day.
    """
    days = [week_on + n * DAY for n in range(7)]
    possible = [
        day
        for day in days
        if day.isoweekday() in open_weekdays and not_before <= day < before and not is_day_off(day)
    ]
    as_tendered = [day for day in possible if not tendered or day.isoweekday() in tendered]
    if as_tendered:
        return DeliveryDay(as_tendered[0], is_as_tendered=True)
    wished = week_on + (min(tendered, default=1) - 1) * DAY
    nearest = min(possible, key=lambda day: (abs((day - wished).days), day), default=None)
    return None if nearest is None else DeliveryDay(nearest, is_as_tendered=False)


def _reduced(needs: Mapping[Cell, int], *, to: int) -> dict[Cell, int]:
    """The needs, or where they are more than `to`, proportionally less of each: the largest remainders are rounded up.

    Counted in the largest measure that all amounts are whole multiples of, so that even amounts stay even.
    """
    total = sum(needs.values())
    if to >= total:
        return dict(needs)
    grain = gcd(to, *needs.values())
    wanted = {cell: steps * to // grain // total * grain for cell, steps in needs.items()}
    by_remainder = sorted(needs, key=lambda cell: (-(needs[cell] * to // grain % total), cell))
    for cell in by_remainder[: (to - sum(wanted.values())) // grain]:
        wanted[cell] += grain
    return wanted


def _taken(open_needs: dict[Cell, int], steps: int) -> dict[Cell, int]:
    """Take `steps` out of the open needs: whole kitchens, the largest first, then whole weeks, then a part of one."""
    taken: dict[Cell, int] = {}
    for cells in _by_kitchen(open_needs):
        whole = sum(open_needs[cell] for cell in cells)
        if whole <= steps:
            steps -= _take(open_needs, taken, cells, most=whole)
    for cells in _by_kitchen(open_needs):
        for cell in cells:
            if open_needs[cell] <= steps:
                steps -= _take(open_needs, taken, [cell], most=steps)
    smallest_first = sorted(
        (cell for cell in open_needs if open_needs[cell]), key=lambda c: (open_needs[c], c)
    )
    for cell in smallest_first:
        steps -= _take(open_needs, taken, [cell], most=steps)
    return taken


def _by_kitchen(open_needs: Mapping[Cell, int]) -> Sequence[Sequence[Cell]]:
    """The cells with something open, a kitchen at a time, the kitchen that needs most first."""
    kitchens: dict[int, list[Cell]] = defaultdict(list)
    for cell in sorted(cell for cell, steps in open_needs.items() if steps):
        kitchens[cell.kitchen_id].append(cell)
    return sorted(kitchens.values(), key=lambda cells: (-sum(open_needs[c] for c in cells), cells[0]))


def _take(open_needs: dict[Cell, int], taken: dict[Cell, int], cells: Iterable[Cell], *, most: int) -> int:
    """Move at most `most` from the open needs to what is taken; returns how much."""
    moved = 0
    for cell in cells:
        part = min(open_needs[cell], most - moved)
        if part > 0:
            open_needs[cell] -= part
            taken[cell] = taken.get(cell, 0) + part
            moved += part
    return moved
