"""A Problem as an OR-Tools routing model. Transits are matrices and vectors: no Python runs during the search.

The nodes and the ways between them are those of ortools_nodes; a turn is an OR-Tools vehicle. The time at a node is
the start of its handling, which is what the windows bound.

Every shipment in a job is worth more than any route: what is left out for its price is decided by the engine,
outside. (With real skip prices OR-Tools' iterated search can reach a plan with nothing on any route, and then never
returns.)
"""

from dataclasses import dataclass
from math import gcd
from typing import Any

from routing.costs import (
    SECONDS_PER_HOUR,
    SHARES_PER_ORE,
    shares_per_metre,
    shares_per_overtime_second,
    shares_per_second,
)
from routing.engines.ortools_nodes import Job, Nodes, loads_at_start
from routing.engines.ortools_prices import broken_by, prices_of_leaving_out
from routing.load_limits import LoadLimit, load_limits
from routing.opening import gaps, intersect, opening
from routing.problem import LONGEST_S, Vehicle, Window
from routing.trips import Task, Turn, driven_by, on_board

__all__ = ["Job", "Model", "build", "loads_at_start"]

TIME = "time"
TYPE_ADDED_TO_VEHICLE = 0
"""OR-Tools' visit type policy: the type counts from this visit on. Its Python module gives it no name."""
UNPERFORMED = -1
"""OR-Tools' vehicle number of a node that is left out."""


@dataclass(frozen=True, slots=True)
class Model:
    """The routing model with what is needed to read its answers: node -> task.

    ``picked_up``: the ids of goods on board from before; ``driven``: what each turn that has begun has done.
    """

    routing: Any
    manager: Any
    tasks: tuple[Task, ...]
    turns: tuple[Turn, ...]
    has_pairs: bool
    picked_up: frozenset[str]
    driven: dict[tuple[str, int], tuple[Task, ...]]


def build(job: Job) -> Model:
    """The closed model, ready to be searched."""
    return _Builder(job).build()


class _Builder:
    """Holds the parts while they are put together, one method per kind of rule."""

    def __init__(self, job: Job) -> None:
        from ortools.constraint_solver import pywrapcp

        self.job = job
        self.nodes = Nodes(job)
        self.tasks = self.nodes.tasks
        self.manager = pywrapcp.RoutingIndexManager(
            len(self.nodes.stops),
            len(job.turns),
            [self.nodes.start_of(turn) for turn in job.turns],
            [self.nodes.of_terminal[turn.vehicle.end] for turn in job.turns],
        )
        self.routing = pywrapcp.RoutingModel(self.manager)
        self.share = self._common_share()

    def build(self) -> Model:
        self._costs()
        self._times()
        self._driving()
        self._distances()
        self._loads()
        pairs = self._pairs()
        self._who_may_carry()
        self._keep_apart()
        self._keep_orders()
        self._keep_driven()
        self._skip_prices()
        self._tighten_ends()
        driven = {key: begun.tasks for key, begun in self.job.places.driven.items()}
        picked_up = self.job.places.picked_up
        return Model(self.routing, self.manager, self.tasks, self.job.turns, bool(pairs), picked_up, driven)

    def _common_share(self) -> int:
        """The greatest unit (in 1/18 000 öre) that all prices are multiples of: keeps the numbers small."""
        vehicles = {turn.vehicle.id: turn.vehicle for turn in self.job.turns}.values()
        prices = [price for vehicle in vehicles for price in _prices(vehicle)]
        skips = [(shipment.skip_ore or 0) * SHARES_PER_ORE for shipment in self.job.shipments]
        visits = [self.job.places.stops[task.stop].visit_ore * SHARES_PER_ORE for task in self.tasks]
        whole_ore = [SHARES_PER_ORE] if self.job.places.promises else []
        return gcd(*prices, *skips, *visits, *whole_ore) or 1

    def _costs(self) -> None:
        evaluators: dict[tuple[object, ...], int] = {}
        for number, turn in enumerate(self.job.turns):
            metre, second, _, fixed = (price // self.share for price in _prices(turn.vehicle))
            broken = broken_by(turn, self.tasks, self.job.places)
            key = (metre, second, tuple(broken.items()))
            if key not in evaluators:
                evaluators[key] = self.routing.RegisterTransitMatrix(self._arcs(metre, second, broken))
            self.routing.SetArcCostEvaluatorOfVehicle(evaluators[key], number)
            self.routing.SetFixedCostOfVehicle(fixed, number)

    def _arcs(self, metre: int, second: int, broken: dict[int, int]) -> list[list[int]]:
        """The price of each leg: distance, time, the stay that it ends, the promise broken where it begins."""
        unit = SHARES_PER_ORE // self.share if broken else 0
        return [
            [
                metre * m + second * s + self._visit_price(i, j) + unit * broken.get(i, 0)
                for j, (m, s) in enumerate(zip(ms, ss, strict=True))
            ]
            for i, (ms, ss) in enumerate(zip(self.nodes.metres, self.nodes.transits, strict=True))
        ]

    def _visit_price(self, node: int, following: int) -> int:
        """The price of the stay that ends when this node is left for the following one."""
        task = self.nodes.handled.get(node)
        if task is None or self.nodes.stays(node, following):
            return 0
        return self.job.places.stops[task.stop].visit_ore * SHARES_PER_ORE // self.share

    def _times(self) -> None:
        """The clock: shifts, windows, and the price of waiting (driving and service are priced on the arcs)."""
        horizon = max((turn.last_s for turn in self.job.turns), default=0)
        self.routing.AddDimensionWithVehicleTransits(self._clocks(), horizon, horizon, False, TIME)
        self.time = self.routing.GetDimensionOrDie(TIME)
        for number, turn in enumerate(self.job.turns):
            start, end = self.routing.Start(number), self.routing.End(number)
            first_s = min(max(turn.window.start_s, self.job.places.now_s), turn.window.end_s)
            if turn.key in self.job.places.driven:
                self.time.CumulVar(start).SetValue(self._settled_s(turn))
            else:
                self.time.CumulVar(start).SetRange(first_s, turn.window.end_s)
            self.time.CumulVar(end).SetRange(turn.window.start_s, turn.last_s)
            if turn.vehicle.overtime_s:
                extra = shares_per_overtime_second(turn.vehicle) // self.share
                self.time.SetCumulVarSoftUpperBound(end, turn.window.end_s, extra)
            second = shares_per_second(turn.vehicle) // self.share
            if second:
                self.time.SetSlackCostCoefficientForVehicle(second, number)
        for node, task in enumerate(self.tasks):
            open_ = self._opening(task)
            cumul = self.time.CumulVar(self.manager.NodeToIndex(node))
            cumul.SetRange(open_[0].start_s, min(open_[-1].end_s, horizon))
            closed = gaps(open_)
            if (
                closed
            ):  # as a constraint: holes in the domain of a week's seconds are kept one by one, and slow
                starts, ends = [gap.start_s for gap in closed], [gap.end_s for gap in closed]
                self.routing.solver().Add(self.routing.solver().NotMemberCt(cumul, starts, ends))
            self._promised_times(node, task)

    def _promised_times(self, node: int, task: Task) -> None:
        """OR-Tools prices lateness by the second; here an hour off costs the whole promise."""
        for promise in () if task.is_pickup else self.job.places.promises.get(task.shipment.id, ()):
            if promise.window is not None:
                index = self.manager.NodeToIndex(node)
                second = promise.ore * SHARES_PER_ORE // self.share // SECONDS_PER_HOUR
                self.time.SetCumulVarSoftLowerBound(index, promise.window.start_s, second)
                self.time.SetCumulVarSoftUpperBound(index, promise.window.end_s, second)

    def _opening(self, task: Task) -> tuple[Window, ...]:
        """When handling may start: not before now."""
        open_ = intersect(opening(self.job.places.stops[task.stop].windows), opening(task.windows))
        return intersect(open_, (Window(self.job.places.now_s, LONGEST_S),))

    def _settled_s(self, turn: Turn) -> int:
        """When the last driven task's handling began; with stretched times, as if the next break were near."""
        begun = self.job.places.driven[turn.key]
        visit = begun.visits[-1]
        *before, last = visit.tasks
        start_s = visit.start_s + sum(task.handling_s for task in before)
        if begun.goes_on_s:
            left_s = start_s + last.handling_s + self.job.places.stops[visit.stop].stop_s
            start_s = max(left_s, begun.goes_on_s)
        rest_s, after_s = self._pace(turn.vehicle)
        return start_s + min(rest_s, driven_by(turn, self.job.places)[1] * rest_s // after_s)

    def _clocks(self) -> list[int]:
        """For each turn the evaluator of the time from node to node; turns with equal breaks share one."""
        evaluators: dict[tuple[int, int], int] = {}
        for turn in self.job.turns:
            key = self._pace(turn.vehicle)
            if key not in evaluators:
                evaluators[key] = self.routing.RegisterTransitMatrix(self.nodes.stretched(*key))
        return [evaluators[self._pace(turn.vehicle)] for turn in self.job.turns]

    def _pace(self, vehicle: Vehicle) -> tuple[int, int]:
        return (vehicle.break_s, vehicle.break_after_drive_s) if self.job.stretched else (0, 1)

    def _driving(self) -> None:
        limits = [self._left(turn, turn.vehicle.max_drive_s, 1) for turn in self.job.turns]
        if any(limit is not None for limit in limits):
            evaluator = self.routing.RegisterTransitMatrix(self.nodes.drives)
            longest = max(turn.last_s for turn in self.job.turns)
            capacities = [longest if limit is None else limit for limit in limits]
            self.routing.AddDimensionWithVehicleCapacity(evaluator, 0, capacities, True, "driving")

    def _distances(self) -> None:
        limits = [self._left(turn, turn.vehicle.max_distance_m, 0) for turn in self.job.turns]
        if any(limit is not None for limit in limits):
            evaluator = self.routing.RegisterTransitMatrix(self.nodes.metres)
            longest = self.nodes.longest_m() * (len(self.tasks) + 1)
            capacities = [longest if limit is None else limit for limit in limits]
            self.routing.AddDimensionWithVehicleCapacity(evaluator, 0, capacities, True, "distance")

    def _left(self, turn: Turn, limit: int | None, figure: int) -> int | None:
        """What is left of a limit on metres (0) or seconds (1) after what has been driven."""
        return None if limit is None else max(0, limit - driven_by(turn, self.job.places)[figure])

    def _loads(self) -> None:
        goods = [task.shipment for task in self.tasks]
        vehicles = [turn.vehicle for turn in self.job.turns]
        for limit in load_limits(goods, vehicles, has_aboard=bool(self.job.places.picked_up)):
            self._load(limit)

    def _load(self, limit: LoadLimit) -> None:
        """The load starts at what is on board from the start (free, unless that is known) and ends at nothing.

        Goods that were on board and are not delivered are the only ones that a route ends with.
        """
        signed = [task.sign * amount for task, amount in zip(self.tasks, limit.amounts, strict=True)]
        vector = [*signed, *(0 for _ in self.nodes.stops[len(signed) :])]
        evaluator = self.routing.RegisterUnaryTransitVector(vector)
        nothing_on_board = not self.job.places.picked_up and all(
            task.shipment.id in self.nodes.paired for task in self.tasks
        )
        self.routing.AddDimensionWithVehicleCapacity(
            evaluator, 0, list(limit.most), nothing_on_board, limit.name
        )
        dimension = self.routing.GetDimensionOrDie(limit.name)
        for number, turn in enumerate(self.job.turns):
            loaded = sum(limit.amount_of(shipment) for shipment in on_board(turn, self.job.places))
            if self.job.places.picked_up:
                dimension.CumulVar(self.routing.Start(number)).SetValue(loaded)
            dimension.CumulVar(self.routing.End(number)).SetRange(0, loaded)

    def _pairs(self) -> list[tuple[int, int]]:
        """Pickup and delivery of a shipment: same turn, in this order."""
        nodes = {(task.shipment.id, task.is_pickup): n for n, task in enumerate(self.tasks)}
        solver = self.routing.solver()
        pairs = [
            (self.manager.NodeToIndex(nodes[name, True]), self.manager.NodeToIndex(node))
            for (name, is_pickup), node in nodes.items()
            if not is_pickup and name in self.nodes.paired
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

    def _keep_apart(self) -> None:
        """Each shipment that must be kept apart from another is a type of its own, incompatible with that one."""
        apart = self.job.places.apart
        types: dict[str, int] = {}
        for node, task in enumerate(self.tasks):
            if task.shipment.id in apart and not task.is_pickup:
                types[task.shipment.id] = len(types)
                self.routing.SetVisitType(
                    self.manager.NodeToIndex(node), types[task.shipment.id], TYPE_ADDED_TO_VEHICLE
                )
        for name, others in apart.items():
            for other in others:
                if name < other and name in types and other in types:
                    self.routing.AddHardTypeIncompatibility(types[name], types[other])

    def _keep_orders(self) -> None:
        """Along a turn's route, how far it has come among the stops of an order never falls."""
        for number, turn in enumerate(self.job.turns):
            for stops in self.job.places.stop_orders.get(turn.key, ()):
                self._keep_order(number, stops)

    def _keep_order(self, number: int, stops: tuple[str, ...]) -> None:
        """How far: the place of the last named stop. Other turns go up and down to it as they like.

        Told by a dimension alone, for the search looks ahead only along those. What has been driven needs no word
        here: goods that come too late after it are no part of the job.
        """
        place = [
            stops.index(stop) if node < len(self.tasks) and stop in stops else 0
            for node, stop in enumerate(self.nodes.stops)
        ]
        kept = self.routing.RegisterTransitMatrix([[0] * len(place)] * len(place))
        free = self.routing.RegisterTransitMatrix([[after - before for after in place] for before in place])
        ways = [kept if turn == number else free for turn in range(len(self.job.turns))]
        name = f"order {number}: {' '.join(stops)}"
        self.routing.AddDimensionWithVehicleTransits(ways, len(stops), len(stops), False, name)
        order = self.routing.GetDimensionOrDie(name)
        for node, task in enumerate(self.tasks):
            if task.stop in stops:
                order.CumulVar(self.manager.NodeToIndex(node)).SetValue(place[node])

    def _keep_driven(self) -> None:
        """A turn that has begun goes on to its end in any case, and at once when it is over."""
        for number, turn in enumerate(self.job.turns):
            begun = self.job.places.driven.get(turn.key)
            if begun is not None:
                self.routing.SetVehicleUsedWhenEmpty(True, number)
            if begun is not None and begun.is_over:
                self.routing.NextVar(self.routing.Start(number)).SetValue(self.routing.End(number))

    def _skip_prices(self) -> None:
        """Leaving out anything costs more than every route: see ortools_prices."""
        prices = prices_of_leaving_out(
            self.job.shipments, above_routes=self._above_all_routes(), share=self.share
        )
        for node, task in enumerate(self.tasks):
            price = prices[task.shipment.id]
            if task.shipment.id in self.nodes.paired:  # half at each end: OR-Tools charges both
                price = price // 2 if task.is_pickup else price - price // 2
            self.routing.AddDisjunction([self.manager.NodeToIndex(node)], price)

    def _above_all_routes(self) -> int:
        longest_m = self.nodes.longest_m()
        legs = len(self.tasks) + len(self.job.turns)
        metre, second, overtime, fixed = (
            max((column // self.share for column in prices), default=0)
            for prices in zip(*(_prices(turn.vehicle) for turn in self.job.turns), strict=True)
        )
        hours_s = sum(turn.last_s - turn.window.start_s for turn in self.job.turns)
        visits = sum(self._visit_price(node, len(self.tasks)) for node in range(len(self.tasks)))
        return (
            1
            + metre * longest_m * legs
            + (second + overtime) * hours_s
            + fixed * len(self.job.turns)
            + visits
            + self._all_promises()
        )

    def _all_promises(self) -> int:
        """Every promise broken, each by the whole horizon."""
        hours = 1 + max((turn.last_s for turn in self.job.turns), default=0) // SECONDS_PER_HOUR
        promises = (promise for group in self.job.places.promises.values() for promise in group)
        return sum(promise.ore for promise in promises) * hours * SHARES_PER_ORE // self.share

    def _tighten_ends(self) -> None:
        """Among equal plans, leave late and come home early."""
        for number in range(len(self.job.turns)):
            self.routing.AddVariableMaximizedByFinalizer(self.time.CumulVar(self.routing.Start(number)))
            self.routing.AddVariableMinimizedByFinalizer(self.time.CumulVar(self.routing.End(number)))


def _prices(vehicle: Vehicle) -> tuple[int, int, int, int]:
    """Per metre, per second, beyond that per second of overtime, per shift, in 1/18 000 öre."""
    return (
        shares_per_metre(vehicle),
        shares_per_second(vehicle),
        shares_per_overtime_second(vehicle) if vehicle.overtime_s else 0,
        vehicle.fixed_ore_per_shift * SHARES_PER_ORE,
    )
