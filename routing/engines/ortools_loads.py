"""The loads that an OR-Tools model must bound: one dimension for each measure and set of temperature classes."""

from collections.abc import Iterator
from dataclasses import dataclass

from routing.loading import EVERY_CLASS, MEASURES, Classes, amounts_of, capacities_of, room_for, sets_of
from routing.problem import Shipment
from routing.trips import Task, Turn

ENOUGH = 2**50
"""More than any vehicle loads: the capacity where there is no limit."""


@dataclass(frozen=True, slots=True)
class LoadLimit:
    """A dimension: what each task's goods count (unsigned), and the most that each turn may have on board."""

    name: str
    measure: int
    classes: Classes
    amounts: tuple[int, ...]
    most: tuple[int, ...]

    def amount_of(self, shipment: Shipment) -> int:
        """What one shipment counts in this dimension."""
        return amounts_of(shipment)[self.measure] if shipment.temperature in self.classes else 0


def load_limits(
    tasks: tuple[Task, ...], turns: tuple[Turn, ...], *, has_aboard: bool = False
) -> Iterator[LoadLimit]:
    """The whole vehicle's limits, and those of compartments for the classes there are.

    ``has_aboard``: there are goods on board beside those of the tasks.
    """
    for measure, name in enumerate(MEASURES):
        whole = [capacities_of(turn.vehicle)[measure] for turn in turns]
        if any(most is not None for most in whole):
            yield _limit((name, measure, EVERY_CLASS), tasks, whole)
        for classes in sets_of(EVERY_CLASS if has_aboard else _classes_of(tasks)):
            rooms = [room_for(turn.vehicle, classes, measure) for turn in turns]
            if any(most is not None for most in rooms):
                yield _limit((f"{name} {'+'.join(sorted(classes))}", measure, classes), tasks, rooms)


def _classes_of(tasks: tuple[Task, ...]) -> Classes:
    return frozenset(task.shipment.temperature for task in tasks)


def _limit(kind: tuple[str, int, Classes], tasks: tuple[Task, ...], most: list[int | None]) -> LoadLimit:
    """Without a limit of its own a turn may hold more than all goods together."""
    empty = LoadLimit(*kind, (), ())
    amounts = tuple(empty.amount_of(task.shipment) for task in tasks)
    return LoadLimit(*kind, amounts, tuple(ENOUGH if limit is None else limit for limit in most))
