"""The ways that labels came: a route is told by its last label, back to the turn's start."""

from dataclasses import dataclass

import numpy as np

from routing.arrays import Ints
from routing.bounds.beginnings import ABOARD, PARENT, POSITION
from routing.bounds.stays import Stays


@dataclass(frozen=True, slots=True)
class Trails:
    """Of a search's labels, in small words: the row that each goes on from (-1: the start), where it stands, and what is then on board.

    ``places``: before them positions are places where goods are given; ``numbers``: the shipment of each bit.
    """

    parents: Ints
    positions: Ints
    aboard: Ints
    places: int
    numbers: tuple[int, ...]

    def order(self, row: int) -> tuple[int, ...]:
        """The tasks of the route that ends with a label (2 x the shipment's number, + 1 for its pickup), from the start to it."""
        tasks: list[int] = []
        while row >= 0:
            parent, aboard = int(self.parents[row]), int(self.aboard[row])
            changed = aboard ^ (int(self.aboard[parent]) if parent >= 0 else 0)
            is_pickup = int(self.positions[row]) >= self.places
            tasks.extend(
                2 * number + is_pickup for bit, number in enumerate(self.numbers) if changed >> bit & 1
            )
            row = parent
        return tuple(reversed(tasks))


def trails_of(labels: Ints, ends: Ints, stays: Stays) -> tuple[Trails, Ints]:
    """Of a search of one kind of turn the trails that lead to these labels, and the rows of the labels in them."""
    parents = labels[:, PARENT]
    is_kept = np.zeros(len(labels), np.bool_)
    rows = ends
    while len(rows):
        is_kept[rows] = True
        rows = np.unique(parents[rows])
        rows = rows[rows >= 0]
        rows = rows[~is_kept[rows]]
    kept = np.flatnonzero(is_kept)
    row_of = np.cumsum(is_kept) - 1
    before = parents[kept]
    trails = Trails(
        parents=np.where(before < 0, -1, row_of[before]).astype(np.int32),
        positions=labels[kept, POSITION].astype(np.int16),
        aboard=labels[kept, ABOARD],
        places=stays.layout.places,
        numbers=tuple(stays.numbers.tolist()),
    )
    return trails, row_of[ends]
