"""Column generation's view of ``blocks``: exact in one go, with seconds priced instead of limited."""

import time
from collections.abc import Iterator, Sequence

import numpy as np

from routing.bounds.blocks import Blocks, Skeleton, blocks_of, skeletons
from routing.bounds.columns import Priced
from routing.bounds.master import Column, Duals
from routing.bounds.network import Closure, Taking, TurnKind
from routing.bounds.tables import TableMaker

WANTED = 20


class BlockPricer:
    """Prices relaxed routes from tables."""

    def __init__(self, closure: Closure, kinds: Sequence[TurnKind]) -> None:
        """Raises TooManyStops."""
        maker = TableMaker(closure)
        self.blocks = [blocks_of(kind, maker.of(kind), closure) for kind in kinds]

    @property
    def is_quick(self) -> bool:
        return False

    def learn(self, *, new: int) -> None:
        """Every round is exact: nothing to learn."""

    def begin(self) -> None:
        """Nothing to forget."""

    def price_all(self, duals: Duals, *, until: float) -> list[Priced]:
        """The cheapest routes of each kind."""
        return [self.price(number, duals, until=until) for number in range(len(self.blocks))]

    def price(self, number: int, duals: Duals, *, until: float) -> Priced:
        blocks = self.blocks[number]
        if time.monotonic() > until:
            return Priced((), -int(duals.rewards.sum()), is_exact=False)
        worth = int(duals.worths[number])
        found = skeletons(blocks, duals.rewards, worth=worth, wanted=WANTED)
        floor = found[0].value + blocks.kind.fixed if found else 0
        columns = tuple(self._column(number, skeleton, duals) for skeleton in found)
        return Priced(columns, floor)

    def _column(self, number: int, skeleton: Skeleton, duals: Duals) -> Column:
        """The skeleton with all shipments that are worth their seconds now."""
        blocks, worth = self.blocks[number], int(duals.worths[number])
        kind = blocks.kind
        taken = [
            (taking, seconds)
            for taking, seconds in _offered(blocks, skeleton)
            if duals.rewards[taking.number] > kind.per_second * _handling_s(taking) + worth * seconds
        ]
        metres, seconds = _way(blocks, skeleton)
        handling_s = sum(_handling_s(taking) for taking, _ in taken)
        last = skeleton.places[0]
        price = kind.per_metre * metres + kind.per_second * (seconds + handling_s) + int(blocks.home[last])
        allowed_s = int(blocks.closes_s[last]) - kind.shift.start_s
        excess_s = seconds + sum(counted for _, counted in taken) - allowed_s
        numbers = tuple(sorted(taking.number for taking, _ in taken))
        return Column(number, price + kind.fixed, numbers, excess_s)


def _handling_s(taking: Taking) -> int:
    return taking.pickup_s + taking.delivery_s


def _way(blocks: Blocks, skeleton: Skeleton) -> tuple[int, int]:
    """Metres and seconds from the start to the last place."""
    tables = blocks.tables
    ways = [tables.from_place[place] for place in skeleton.places[1:]] + [tables.from_start]
    legs = list(zip(ways, skeleton.farms, skeleton.places, strict=True))
    return (
        int(np.sum([way.metres[farms, place] for way, farms, place in legs])),
        int(np.sum([way.seconds[farms, place] for way, farms, place in legs])),
    )


def _offered(blocks: Blocks, skeleton: Skeleton) -> Iterator[tuple[Taking, int]]:
    """What each block could take, with the seconds that count."""
    for number, farms in enumerate(skeleton.farms):
        held, first = skeleton.places[: number + 1], skeleton.places[number]
        for taking in blocks.kind.takings:
            place = blocks.place[taking.delivery]
            if farms >> blocks.farm[taking.pickup] & 1 and place in held:
                counts = number > 0 and place == first
                yield taking, taking.pickup_s + (taking.delivery_s if counts else 0)
