"""Pricing with pickups on the way: the cheapest route under given rewards, built from its end towards its start.

Backwards, delivery places come first and a farm then supplies whatever of them lies behind it, so nothing is ever owed and
a label is: position, price, latest start there, places already in the suffix, shipments remembered, load.

Why each accepted route has a label path that is no dearer: its stays, from the last to the first, are moves (a place
where something worth its handling is delivered; a farm with the shipments taken there), and the relaxations of
``network`` only lower prices and widen windows. Further relaxed here:

- load: goods taken between two deliveries are together on board when the second begins; goods from before that are not
  counted;
- latest start: each window gives a chain of seconds that must fit before it. Only the chain that was tightest when its
  window was met is followed. Seconds of delivery count on it where they come before that window, else not.

A label is dropped when another at the same position is no dearer, no earlier, no heavier, holds at least its places,
remembers no more shipments and counts no more deliveries (Ropke and Cordeau 2009; ng-memory by Baldacci, Mingozzi
and Roberti 2011): whatever the one can be continued with, the other can at no greater price.
"""

import time
from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from routing.bounds.completions import ANY, Completions
from routing.bounds.pricing import Effort, Found, PricingUnfinished
from routing.bounds.words import Bits, Bools, Ints

COMPARED = 32
"""With so many cheaper labels of its group each label is compared; a dominated one missed costs only time."""
MOST_CHILDREN = 6_000_000


@dataclass(slots=True)
class Labels:
    """Suffixes of one number of moves, one entry each.

    ``parent`` and ``move`` lead to the level before; ``least`` is the least price of a whole route that ends so.
    """

    position: Ints
    price: Ints
    latest_s: Ints
    places: Bits
    counted: Bits
    remembered: Bits
    load: Ints
    parent: Ints
    move: Ints
    least: Ints

    def chosen(self, which: Ints | Bools) -> Self:
        return type(self)(*(getattr(self, field.name)[which] for field in fields(self)))

    def __len__(self) -> int:
        return len(self.price)


def cheapest(completions: Completions, *, effort: Effort, below: int) -> tuple[Found, ...]:
    """The cheapest routes with a price under ``below``, best first, at most ``effort.wanted``, no set twice.

    With ``effort.width`` None the first is proven to be the least; an empty answer proves that none is below.
    Raises PricingUnfinished when that cannot be completed by ``effort.until``.
    """
    search = Search(completions, effort, below)
    while search.advance():
        if time.monotonic() > effort.until:
            raise PricingUnfinished
    return search.found()


class Search:
    """Level by level: all suffixes of n moves, then of n + 1."""

    def __init__(self, completions: Completions, effort: Effort, below: int) -> None:
        self.calls, self.completions = completions.calls, completions
        self.effort, self.below, self.limit = effort, below, below
        self.levels: list[Labels] = []
        self.ends: list[tuple[int, int, int, int]] = []

    def advance(self) -> bool:
        """One move more before every suffix; False when there is none left to extend."""
        labels = self._extended(self.levels[-1]) if self.levels else self._last_stops()
        self._note_starts(labels)
        labels = _undominated(self._promising(labels))
        width = self.effort.width
        if width is not None and len(labels) > width:
            labels = labels.chosen(np.argsort(labels.least, kind="stable")[:width])
        self.levels.append(labels)
        return len(labels) > 0

    def _last_stops(self) -> Labels:
        """A suffix of one place each: the last delivery and the way home."""
        calls = self.calls
        place = np.arange(calls.places)
        none = np.zeros(calls.places, dtype=np.int64)
        bits = np.zeros(calls.places, dtype=np.uint64)
        return Labels(
            position=place,
            price=calls.home[place],
            latest_s=calls.close_s[place],
            places=calls.place_bit[place],
            counted=bits,
            remembered=bits,
            load=none,
            parent=none - 1,
            move=place,
            least=none,
        )

    def _extended(self, labels: Labels) -> Labels:
        """Every feasible move before every suffix; calls are known by their number, places before farms' options."""
        to_place, place = np.nonzero(self._place_in_time(labels))
        to_farm, option = np.nonzero(self._option_possible(labels))
        if len(to_place) + len(to_farm) > MOST_CHILDREN:
            raise PricingUnfinished
        first = self._placed(labels, to_place, place)
        second = self._taken(labels, to_farm, option)
        return Labels(
            *(np.concatenate((getattr(first, f.name), getattr(second, f.name))) for f in fields(Labels))
        )

    def _place_in_time(self, labels: Labels) -> Bools:
        calls = self.calls
        latest = labels.latest_s[:, None] - calls.seconds[: calls.places, :].T[labels.position]
        can: Bools = latest >= calls.first_s[: calls.places]
        can &= labels.position[:, None] != np.arange(calls.places)
        return can

    def _option_possible(self, labels: Labels) -> Bools:
        calls = self.calls
        latest = labels.latest_s[:, None] - calls.seconds.T[labels.position][:, calls.option_at]
        can: Bools = latest - calls.take_s >= calls.first_s[calls.option_at]
        can &= (calls.needs & ~labels.places[:, None]) == 0
        can &= (calls.bits & labels.remembered[:, None]) == 0
        can &= labels.load[:, None] + calls.load <= calls.kind.capacity
        can &= calls.is_chained | (labels.position[:, None] != calls.option_at)
        return can

    def _placed(self, labels: Labels, parent: Ints, place: Ints) -> Labels:
        calls = self.calls
        base = labels.chosen(parent)
        chain_s = base.latest_s - calls.seconds[place, base.position]
        closes = chain_s > calls.close_s[place]
        bit = calls.place_bit[place]
        return Labels(
            position=place,
            price=base.price + calls.shares[place, base.position],
            latest_s=np.minimum(chain_s, calls.close_s[place]),
            places=base.places | bit,
            counted=np.where(closes, np.uint64(0), base.counted | bit),
            remembered=base.remembered & calls.near[place],
            load=np.zeros_like(base.load),
            parent=parent,
            move=place,
            least=base.least,
        )

    def _taken(self, labels: Labels, parent: Ints, option: Ints) -> Labels:
        calls = self.calls
        base, farm = labels.chosen(parent), calls.option_at[option]
        flags = (base.counted[:, None] & calls.place_bit) != 0
        delivery_s = np.einsum("np,np->n", flags, calls.give_s[option])
        chain_s = base.latest_s - calls.seconds[farm, base.position] - calls.take_s[option] - delivery_s
        closes = chain_s > calls.close_s[farm]
        labels = Labels(
            position=farm,
            price=base.price + calls.shares[farm, base.position] - calls.gain[option],
            latest_s=np.minimum(chain_s, calls.close_s[farm]),
            places=base.places,
            counted=np.where(closes, np.uint64(0), base.counted),
            remembered=(base.remembered & calls.near[farm]) | calls.bits[option],
            load=base.load + calls.load[option],
            parent=parent,
            move=option + calls.places,
            least=base.least,
        )
        return labels.chosen(labels.latest_s >= calls.first_s[farm])

    def _note_starts(self, labels: Labels) -> None:
        """Each suffix can be a whole route; those under the limit are answers."""
        price = labels.price + self.calls.from_start[labels.position]
        done = np.flatnonzero(price < self.below)
        done = done[np.argsort(price[done], kind="stable")][: 4 * self.effort.wanted]
        self.ends.extend(
            (int(price[end]), len(self.levels) - 1, int(labels.parent[end]), int(labels.move[end]))
            for end in done
        )
        if len(done) and self.effort.width is None:
            self.limit = min(self.limit, int(price[done[0]]))

    def _promising(self, labels: Labels) -> Labels:
        """Without suffixes that cannot come under the limit; of the others what is out of reach is forgotten."""
        reachable = self._reachable(labels)
        labels.remembered = labels.remembered & reachable
        labels.least = labels.price + self.completions.least(
            labels.position, labels.places, labels.latest_s, self._after(labels)
        )
        return labels.chosen(labels.least < self.limit)

    def _reachable(self, labels: Labels) -> Bits:
        """The shipments of farms that can still be come to in time."""
        calls = self.calls
        before_s = labels.latest_s[:, None] - calls.seconds[calls.places :, :].T[labels.position]
        in_reach = before_s >= calls.first_s[calls.places :] + calls.least_take_s
        in_reach |= calls.rows[labels.position][:, None] == calls.rows[calls.places :]
        reachable: Bits = np.bitwise_or.reduce(np.where(in_reach, calls.farm_bits, np.uint64(0)), axis=1)
        return reachable

    def _after(self, labels: Labels) -> Ints:
        """The farm after each position that is a farm itself: it is not visited once more just before."""
        if not self.levels:
            return np.full(len(labels), ANY)
        following = self.levels[-1].position[labels.parent] - self.calls.places
        return np.where((following >= 0) & (labels.position >= self.calls.places), following, ANY)

    def found(self) -> tuple[Found, ...]:
        """The best whole routes, no set of shipments twice."""
        seen: dict[tuple[int, ...], Found] = {}
        for price, level, parent, move in sorted(self.ends):
            numbers = tuple(sorted(self._shipments(level, parent, move)))
            seen.setdefault(numbers, Found(price, numbers))
            if len(seen) >= self.effort.wanted:
                break
        return tuple(seen.values())

    def _shipments(self, level: int, label: int, move: int) -> list[int]:
        calls = self.calls
        numbers: list[int] = []
        while True:
            if move >= calls.places:
                numbers.extend(calls.numbers[move - calls.places])
            if level < 0:
                return numbers
            labels = self.levels[level]
            move, label, level = int(labels.move[label]), int(labels.parent[label]), level - 1


def _undominated(labels: Labels) -> Labels:
    """Without labels dominated by one of a few cheaper ones: first of the same places, then of any."""
    order = np.lexsort((-labels.latest_s, labels.price, labels.places, labels.position))
    labels = _compared(labels, order, same_places=True)
    order = np.lexsort((-labels.latest_s, labels.price, labels.position))
    return _compared(labels, order, same_places=False)


def _compared(labels: Labels, order: Ints, *, same_places: bool) -> Labels:
    labels = labels.chosen(order)
    kept = np.ones(len(labels), dtype=np.bool_)
    for back in range(1, min(COMPARED + 1, len(labels))):
        better, worse = slice(None, -back), slice(back, None)
        same = (labels.position[better] == labels.position[worse]) & kept[worse]
        if same_places:
            same &= labels.places[better] == labels.places[worse]
        same &= (labels.latest_s[better] >= labels.latest_s[worse]) & (
            labels.load[better] <= labels.load[worse]
        )
        which = np.flatnonzero(same)
        for field, bigger in (("remembered", False), ("counted", False), ("places", True)):
            values: Bits = getattr(labels, field)
            more, less = (which + back, which) if bigger else (which, which + back)
            which = which[(values[more] & ~values[less]) == 0]
        kept[which + back] = False
    return labels.chosen(kept)
