"""A Problem as an OR-Tools routing model. Transits are matrices and vectors: no Python runs during the search.

Nodes are tasks (a pickup or a delivery) and terminals (start and end places, one for "nowhere" when a route may
end anywhere). A turn is an OR-Tools vehicle. Going from task i to task j takes i's handling, the stop time of i's
place unless j is at the same place, and the drive; so the stop time is paid once per stay, and the time at a node
is the start of its handling, which is what the windows bound.

Goods that every vehicle loads where it starts, at no cost in time, need no pickup node: the load at the start is
left free and the delivery takes it down. With one depot this halves the model.

Every shipment in a job is worth more than any route: what is left out for its price is decided by the engine,
outside. (With real skip prices OR-Tools' iterated search can reach a plan with nothing on any route, and then never
returns.)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import gcd
from typing import Any

from routing.costs import SHARES_PER_ORE, shares_per_metre, shares_per_second
from routing.fitting import Fitting
from routing.opening import gaps, intersect, opening
from routing.problem import Shipment, Vehicle
from routing.trips import Places, Task, Turn

TIME = "time"
NOWHERE = None
UNPERFORMED = -1
"""OR-Tools' vehicle number of a node that is left out."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is put to OR-Tools: the turns, the shipments worth trying, and who may carry them.

    ``stretched``: driving takes longer by the share of the breaks it earns (45 minutes per 4.5 hours: a sixth).
    Real breaks come as late as they may, so at each point of a route they have cost less time than that: what
    keeps windows and shifts here keeps them with real breaks. Prices still follow the true times.
    """

    places: Places
    turns: tuple[Turn, ...]
    shipments: tuple[Shipment, ...]
    fittings: dict[str, Fitting]
    stretched: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """The routing model with what is needed to read its answers: node -> task."""

    routing: Any
    manager: Any
    tasks: tuple[Task, ...]
    turns: tuple[Turn, ...]
    has_pairs: bool


def build(job: Job) -> Model:
    """The closed model, ready to be searched."""
    return _Builder(job).build()


def loads_at_start(shipment: Shipment, job: Job) -> bool:
    """Whether every turn starts where the shipment is and loading it takes no time and knows no window."""
    stop = job.places.stops[shipment.pickup]
    free = not (shipment.pickup_s or stop.stop_s or shipment.pickup_windows or stop.windows)
    return free and all(turn.vehicle.start == shipment.pickup for turn in job.turns)


class _Builder:
    """Holds the parts while they are put together, one method per kind of rule."""

    def __init__(self, job: Job) -> None:
        from ortools.constraint_solver import pywrapcp

        self.job = job
        self.tasks = tuple(_tasks(job))
        ends: Iterable[str | None] = (turn.vehicle.end for turn in job.turns)
        terminals = dict.fromkeys([*(turn.vehicle.start for turn in job.turns), *ends])
        self.node_of_terminal = {stop: len(self.tasks) + n for n, stop in enumerate(terminals)}
        self.stops: tuple[str | None, ...] = (*(task.stop for task in self.tasks), *terminals)
        self.manager = pywrapcp.RoutingIndexManager(
            len(self.stops),
            len(job.turns),
            [self.node_of_terminal[turn.vehicle.start] for turn in job.turns],
            [self.node_of_terminal[turn.vehicle.end] for turn in job.turns],
        )
        self.routing = pywrapcp.RoutingModel(self.manager)
        self.metres = self._legs(job.places.distance_m)
        self.drives = self._legs(job.places.duration_s)
        self.transits = [
            [self._leaving_s(i, j) + drive for j, drive in enumerate(row)]
            for i, row in enumerate(self.drives)
        ]
        self.share = self._common_share()

    def build(self) -> Model:
        self._costs()
        self._times()
        self._driving()
        self._loads()
        pairs = self._pairs()
        self._who_may_carry()
        self._skip_prices()
        self._tighten_ends()
        return Model(self.routing, self.manager, self.tasks, self.job.turns, bool(pairs))

    def _legs(self, matrix: list[list[int]]) -> list[list[int]]:
        """A stops matrix spread over the nodes; nowhere is 0 from everywhere."""
        columns = [None if stop is NOWHERE else self.job.places.index[stop] for stop in self.stops]
        return [
            [0 if row is None or column is None else matrix[row][column] for column in columns]
            for row in columns
        ]

    def _leaving_s(self, node: int, following: int) -> int:
        """Seconds between the start of handling at a node and driving off to the following one."""
        if node >= len(self.tasks):
            return 0
        task = self.tasks[node]
        stays = following < len(self.tasks) and self.stops[following] == task.stop
        return task.handling_s + (0 if stays else self.job.places.stops[task.stop].stop_s)

    def _common_share(self) -> int:
        """The greatest unit (in 1/18 000 öre) that all prices are multiples of: keeps the numbers small."""
        vehicles = {turn.vehicle.id: turn.vehicle for turn in self.job.turns}.values()
        prices = [price for vehicle in vehicles for price in _prices(vehicle)]
        skips = [(shipment.skip_ore or 0) * SHARES_PER_ORE for shipment in self.job.shipments]
        return gcd(*prices, *skips) or 1

    def _costs(self) -> None:
        evaluators: dict[tuple[int, int], int] = {}
        for number, turn in enumerate(self.job.turns):
            metre, second, fixed = (price // self.share for price in _prices(turn.vehicle))
            if (metre, second) not in evaluators:
                evaluators[metre, second] = self.routing.RegisterTransitMatrix(
                    [
                        [metre * m + second * s for m, s in zip(ms, ss, strict=True)]
                        for ms, ss in zip(self.metres, self.transits, strict=True)
                    ]
                )
            self.routing.SetArcCostEvaluatorOfVehicle(evaluators[metre, second], number)
            self.routing.SetFixedCostOfVehicle(fixed, number)

    def _times(self) -> None:
        """The clock: shifts, windows, and the price of waiting (driving and service are priced on the arcs)."""
        horizon = max((turn.window.end_s for turn in self.job.turns), default=0)
        self.routing.AddDimensionWithVehicleTransits(self._clocks(), horizon, horizon, False, TIME)
        self.time = self.routing.GetDimensionOrDie(TIME)
        for number, turn in enumerate(self.job.turns):
            for index in (self.routing.Start(number), self.routing.End(number)):
                self.time.CumulVar(index).SetRange(turn.window.start_s, turn.window.end_s)
            second = shares_per_second(turn.vehicle) // self.share
            if second:
                self.time.SetSlackCostCoefficientForVehicle(second, number)
        for node, task in enumerate(self.tasks):
            open_ = intersect(opening(self.job.places.stops[task.stop].windows), opening(task.windows))
            cumul = self.time.CumulVar(self.manager.NodeToIndex(node))
            cumul.SetRange(open_[0].start_s, min(open_[-1].end_s, horizon))
            for gap in gaps(open_):
                cumul.RemoveInterval(gap.start_s, gap.end_s)

    def _clocks(self) -> list[int]:
        """For each turn the evaluator of the time from node to node; turns with equal breaks share one."""
        evaluators: dict[tuple[int, int], int] = {}
        for turn in self.job.turns:
            key = self._pace(turn.vehicle)
            if key not in evaluators:
                evaluators[key] = self.routing.RegisterTransitMatrix(self._stretched(*key))
        return [evaluators[self._pace(turn.vehicle)] for turn in self.job.turns]

    def _pace(self, vehicle: Vehicle) -> tuple[int, int]:
        return (vehicle.break_s, vehicle.break_after_drive_s) if self.job.stretched else (0, 1)

    def _stretched(self, rest_s: int, after_s: int) -> list[list[int]]:
        return [
            [transit - (-drive * rest_s // after_s) for transit, drive in zip(ts, ds, strict=True)]
            for ts, ds in zip(self.transits, self.drives, strict=True)
        ]

    def _driving(self) -> None:
        limits = [turn.vehicle.max_drive_s for turn in self.job.turns]
        if any(limit is not None for limit in limits):
            evaluator = self.routing.RegisterTransitMatrix(self.drives)
            longest = max(turn.window.end_s for turn in self.job.turns)
            capacities = [longest if limit is None else limit for limit in limits]
            self.routing.AddDimensionWithVehicleCapacity(evaluator, 0, capacities, True, "driving")

    def _loads(self) -> None:
        self._load(
            "grams",
            [t.shipment.grams for t in self.tasks],
            [t.vehicle.capacity_grams for t in self.job.turns],
        )
        crates = [turn.vehicle.capacity_crates for turn in self.job.turns]
        if any(limit is not None for limit in crates):
            amounts = [task.shipment.crates for task in self.tasks]
            self._load("crates", amounts, [sum(amounts) if limit is None else limit for limit in crates])

    def _load(self, name: str, amounts: list[int], capacities: list[int]) -> None:
        """The load starts at what is on board from the start (free, unless nothing is) and ends at nothing."""
        signed = [task.sign * amount for task, amount in zip(self.tasks, amounts, strict=True)]
        vector = [*signed, *(0 for _ in self.stops[len(signed) :])]
        evaluator = self.routing.RegisterUnaryTransitVector(vector)
        nothing_on_board = all(task.is_pickup or self._is_paired(task) for task in self.tasks)
        self.routing.AddDimensionWithVehicleCapacity(evaluator, 0, capacities, nothing_on_board, name)
        dimension = self.routing.GetDimensionOrDie(name)
        for number in range(len(self.job.turns)):
            dimension.CumulVar(self.routing.End(number)).SetValue(0)

    def _is_paired(self, task: Task) -> bool:
        return not loads_at_start(task.shipment, self.job)

    def _pairs(self) -> list[tuple[int, int]]:
        """Pickup and delivery of a shipment: same turn, in this order."""
        nodes = {(task.shipment.id, task.is_pickup): n for n, task in enumerate(self.tasks)}
        solver = self.routing.solver()
        pairs = [
            (self.manager.NodeToIndex(nodes[name, True]), self.manager.NodeToIndex(node))
            for (name, is_pickup), node in nodes.items()
            if not is_pickup and (name, True) in nodes
        ]
        for pickup, delivery in pairs:
            self.routing.AddPickupAndDelivery(pickup, delivery)
            solver.Add(self.routing.VehicleVar(pickup) == self.routing.VehicleVar(delivery))
            solver.Add(self.time.CumulVar(pickup) <= self.time.CumulVar(delivery))
        return pairs

    def _who_may_carry(self) -> None:
        numbers = {(turn.vehicle.id, turn.shift): n for n, turn in enumerate(self.job.turns)}
        for node, task in enumerate(self.tasks):
            turns = self.job.fittings[task.shipment.id].turns
            if len(turns) < len(self.job.turns):
                allowed = [numbers[turn.vehicle.id, turn.shift] for turn in turns]
                self.routing.VehicleVar(self.manager.NodeToIndex(node)).SetValues([UNPERFORMED, *allowed])

    def _skip_prices(self) -> None:
        """Leaving out anything costs more than every route; a mandatory shipment more than all optional ones."""
        above_routes = self._above_all_routes()
        prices = [
            s.skip_ore * SHARES_PER_ORE // self.share for s in self.job.shipments if s.skip_ore is not None
        ]
        above_prices = 1 + sum(above_routes + price for price in prices)
        paired = {task.shipment.id for task in self.tasks if task.is_pickup}
        for node, task in enumerate(self.tasks):
            skip = task.shipment.skip_ore
            price = above_routes + (above_prices if skip is None else skip * SHARES_PER_ORE // self.share)
            if task.shipment.id in paired:  # half at each end: OR-Tools charges both
                price = price // 2 if task.is_pickup else price - price // 2
            self.routing.AddDisjunction([self.manager.NodeToIndex(node)], price)

    def _above_all_routes(self) -> int:
        longest_m = max((max(row) for row in self.metres), default=0)
        legs = len(self.tasks) + len(self.job.turns)
        metre, second, fixed = (
            max((column // self.share for column in prices), default=0)
            for prices in zip(*(_prices(turn.vehicle) for turn in self.job.turns), strict=True)
        )
        hours_s = sum(turn.window.end_s - turn.window.start_s for turn in self.job.turns)
        return 1 + metre * longest_m * legs + second * hours_s + fixed * len(self.job.turns)

    def _tighten_ends(self) -> None:
        """Among equal plans, leave late and come home early."""
        for number in range(len(self.job.turns)):
            self.routing.AddVariableMaximizedByFinalizer(self.time.CumulVar(self.routing.Start(number)))
            self.routing.AddVariableMinimizedByFinalizer(self.time.CumulVar(self.routing.End(number)))


def _prices(vehicle: Vehicle) -> tuple[int, int, int]:
    """Per metre, per second, per shift, in 1/18 000 öre."""
    return (
        shares_per_metre(vehicle),
        shares_per_second(vehicle),
        vehicle.fixed_ore_per_shift * SHARES_PER_ORE,
    )


def _tasks(job: Job) -> Iterable[Task]:
    for shipment in job.shipments:
        if not loads_at_start(shipment, job):
            yield Task(shipment, is_pickup=True)
        yield Task(shipment, is_pickup=False)
