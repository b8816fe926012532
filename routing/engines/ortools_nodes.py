"""The nodes of an OR-Tools model and the ways between them: plain lists, made before OR-Tools is asked for anything.

Nodes are tasks (a pickup or a delivery) and terminals (start and end places, one for "nowhere" when a route may
end anywhere). Going from task i to task j takes i's handling, the stop time of i's place unless j is at the same
place, and the drive; so the stop time is paid once per stay.

A turn that has begun starts at a terminal of its own: its last driven task, with that one's handling still to come,
unless it turned away on the road: then only the drive from there is. What it has driven before is no part of the model.

Goods that every vehicle loads where it starts, at no cost in time, need no pickup node: the load at the start is
left free and the delivery takes it down. With one depot this halves the model. Where coming back to load more could
pay (see reloading) they have one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from routing.fitting import Fitting
from routing.problem import Shipment
from routing.trips import Places, Task, Turn, tasks_of

NOWHERE = None
Terminal = str | tuple[str, int] | None
"""A start or end place, nowhere, or the turn that has begun and starts in the middle of its route."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is put to OR-Tools: the turns, the shipments worth trying, and who may carry them.

    ``stretched``: driving takes longer by the share of the breaks it earns (45 minutes per 4.5 hours: a sixth).
    Real breaks come as late as they may, so at each point of a route they have cost less time than that: what
    keeps windows and shifts here keeps them with real breaks. Prices still follow the true times.

    ``reloads``: a vehicle may come back to its start to load more.
    """

    places: Places
    turns: tuple[Turn, ...]
    shipments: tuple[Shipment, ...]
    fittings: dict[str, Fitting]
    stretched: bool = False
    reloads: bool = False


def loads_at_start(shipment: Shipment, job: Job) -> bool:
    """Whether the shipment is loaded before leaving, and at no other time."""
    return not job.reloads and is_free_at_start(shipment, job)


def is_free_at_start(shipment: Shipment, job: Job) -> bool:
    """Whether every turn starts where the shipment is, and loading it takes no time and knows no window and no order.

    Where some vehicle has goods on board already, loads at the start are known, and nothing is added to them.
    """
    stop = job.places.stops[shipment.pickup]
    takes_time = shipment.pickup_s or stop.stop_s or stop.visit_ore
    knows_hours = shipment.pickup_windows or shipment.ready_s or stop.windows
    ordered = (stops for orders in job.places.stop_orders.values() for stops in orders)
    free = not (takes_time or knows_hours or any(shipment.pickup in stops for stops in ordered))
    return (
        free and not job.places.picked_up and all(turn.vehicle.start == shipment.pickup for turn in job.turns)
    )


class Nodes:
    """The nodes of a job, their legs and times."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.tasks = tuple(_tasks(job))
        self.paired = {task.shipment.id for task in self.tasks if task.is_pickup}
        ends = (turn.vehicle.end for turn in job.turns)
        begun = {turn.key: job.places.driven[turn.key] for turn in job.turns if turn.key in job.places.driven}
        # A terminal that no route starts or ends at would be a node to be visited.
        starts = (turn.vehicle.start for turn in job.turns if turn.key not in begun)
        terminals = dict.fromkeys([*starts, *ends])
        names: tuple[Terminal, ...] = (*terminals, *begun)
        self.of_terminal = {name: len(self.tasks) + number for number, name in enumerate(names)}
        last = [entry.tasks[-1] for entry in begun.values()]
        self.stops: tuple[str | None, ...] = (
            *(task.stop for task in self.tasks),
            *terminals,
            *(task.stop for task in last),
        )
        self.handled: dict[int, Task] = dict(enumerate(self.tasks)) | {
            self.of_terminal[key]: task
            for (key, entry), task in zip(begun.items(), last, strict=True)
            if not entry.goes_on_s
        }
        """The task at each node where something is handled: tasks, and the starts of turns that have begun."""
        self.metres = self._legs(job.places.distance_m)
        self.drives = self._legs(job.places.duration_s)
        self.transits = [
            [self._leaving_s(i, j) + drive for j, drive in enumerate(row)]
            for i, row in enumerate(self.drives)
        ]

    def start_of(self, turn: Turn) -> int:
        """The node where the turn's route starts in the model."""
        return self.of_terminal[turn.key if turn.key in self.job.places.driven else turn.vehicle.start]

    def longest_m(self) -> int:
        return max((max(row) for row in self.metres), default=0)

    def stretched(self, rest_s: int, after_s: int) -> list[list[int]]:
        """Transits with driving longer by ``rest_s`` per ``after_s``."""
        return [
            [transit - (-drive * rest_s // after_s) for transit, drive in zip(ts, ds, strict=True)]
            for ts, ds in zip(self.transits, self.drives, strict=True)
        ]

    def _legs(self, matrix: list[list[int]]) -> list[list[int]]:
        """A stops matrix spread over the nodes; nowhere is 0 from everywhere."""
        columns = [None if stop is NOWHERE else self.job.places.index[stop] for stop in self.stops]
        return [
            [0 if row is None or column is None else matrix[row][column] for column in columns]
            for row in columns
        ]

    def _leaving_s(self, node: int, following: int) -> int:
        """Seconds between the start of handling at a node and driving off to the following one."""
        task = self.handled.get(node)
        if task is None:
            return 0
        leaves = not self.stays(node, following)
        return task.handling_s + (self.job.places.stops[task.stop].stop_s if leaves else 0)

    def stays(self, node: int, following: int) -> bool:
        """Whether the stay at a node goes on at the following one."""
        return following < len(self.tasks) and self.stops[following] == self.stops[node]


def _tasks(job: Job) -> Iterable[Task]:
    """What is still to be done."""
    for shipment in job.shipments:
        if loads_at_start(shipment, job):
            yield Task(shipment, is_pickup=False)
        else:
            yield from tasks_of(shipment, job.places)
