"""The loads that a planner must keep an eye on: of a measure in the whole vehicle, or of some temperature classes.

Compartments set a limit for every set of classes (Hall's condition, see ``loading``), and most of those follow from others:
whoever keeps what is told here keeps them all. An engine has a dimension for each, a label of the bound a field.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from routing.loading import EVERY_CLASS, MEASURES, Classes, amounts_of, capacities_of, room_for, sets_of
from routing.problem import Shipment, Vehicle

ENOUGH = 2**50
"""More than any vehicle loads: the capacity where there is no limit."""
MOST_TOGETHER = 3
"""So many limits are looked at together to tell that another one follows: one for each temperature class."""
LARGEST = 2**31
"""Of amounts that are multiplied: their product is within 64 bits."""

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LoadLimit:
    """What each of the goods counts (unsigned), and the most that each vehicle may have on board: ENOUGH is no limit."""

    name: str
    measure: int
    classes: Classes
    amounts: tuple[int, ...]
    most: tuple[int, ...]

    def amount_of(self, shipment: Shipment) -> int:
        """What one shipment counts."""
        return amounts_of(shipment)[self.measure] if shipment.temperature in self.classes else 0


def load_limits(
    goods: Sequence[Shipment], vehicles: Sequence[Vehicle], *, has_aboard: bool = False
) -> tuple[LoadLimit, ...]:
    """What the vehicles' capacities and compartments forbid to some of the goods, without what follows from the rest.

    ``has_aboard``: there may be goods on board beside those; then every limit is told.
    """
    if has_aboard:
        return tuple(all_limits(goods, vehicles))
    classes = frozenset(shipment.temperature for shipment in goods)
    unlike = list({(capacities_of(vehicle), vehicle.compartments): vehicle for vehicle in vehicles}.values())
    needed = {
        weighed.name for weighed in _needed([_weighed(limit) for limit in all_limits(goods, unlike, classes)])
    }
    return tuple(limit for limit in all_limits(goods, vehicles, classes) if limit.name in needed)


def all_limits(
    goods: Sequence[Shipment], vehicles: Sequence[Vehicle], classes: Classes = EVERY_CLASS
) -> Iterator[LoadLimit]:
    """Every limit that some vehicle sets: of a measure in the whole of it, and of each set of these classes in its compartments."""
    for measure, name in enumerate(MEASURES):
        whole = [capacities_of(vehicle)[measure] for vehicle in vehicles]
        if any(most is not None for most in whole):
            yield _limit((name, measure, EVERY_CLASS), goods, whole)
        for some in sets_of(classes):
            rooms = [room_for(vehicle, some, measure) for vehicle in vehicles]
            if any(most is not None for most in rooms):
                yield _limit((f"{name} {'+'.join(sorted(some))}", measure, some), goods, rooms)


def _limit(kind: tuple[str, int, Classes], goods: Iterable[Shipment], most: list[int | None]) -> LoadLimit:
    empty = LoadLimit(*kind, (), ())
    amounts = tuple(empty.amount_of(shipment) for shipment in goods)
    return LoadLimit(*kind, amounts, tuple(ENOUGH if limit is None else limit for limit in most))


@dataclass(frozen=True, slots=True, eq=False)
class _Weighed:
    """``most``: by vehicle, what may be on board or all there is, whichever is less; ``binds``: it is less for some."""

    name: str
    loads: Whole
    most: Whole
    binds: bool


def _weighed(limit: LoadLimit) -> _Weighed:
    total = sum(limit.amounts)
    most = np.minimum(np.array(limit.most, dtype=np.int64), total)
    return _Weighed(limit.name, np.array(limit.amounts, dtype=np.int64), most, bool((most < total).any()))


def _needed(known: Sequence[_Weighed]) -> list[_Weighed]:
    """One after another is let go that follows from those still there; those that bind nobody are always true."""
    kept = [weighed for weighed in known if weighed.binds]
    given = [weighed for weighed in known if not weighed.binds]
    for weighed in tuple(kept):
        others = [other for other in kept if other is not weighed]
        if _follows(weighed, [*others, *given]):
            kept = others
    return kept


def _follows(weighed: _Weighed, others: Sequence[_Weighed]) -> bool:
    """Whether goods within the others are within this one."""
    return any(_follows_from_one(weighed, other) for other in others) or any(
        bool((sum(other.most for other in some) <= weighed.most).all())
        and bool((sum(other.loads for other in some) >= weighed.loads).all())
        for count in range(2, MOST_TOGETHER + 1)
        for some in combinations(others, count)
    )


def _follows_from_one(weighed: _Weighed, other: _Weighed) -> bool:
    """Whether each of the goods takes as large a share of the other limit, or a larger one: then so do all on board."""
    figures = (weighed.loads, weighed.most, other.loads, other.most)
    if other.most.min() <= 0 or max(int(figure.max()) for figure in figures) > LARGEST:
        return False
    return bool((np.outer(weighed.loads, other.most) <= np.outer(other.loads, weighed.most)).all())
