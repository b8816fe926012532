"""A Problem as PyVRP's data, and its routes back as trips.

Each task (a delivery of goods loaded at the start, or one end of a shipment) is a location of its own, so that the
stop time is paid once per stay, as in ortools_model. Turns that are alike are one vehicle type. Where all goods are
loaded at the start and coming back to load more could pay, PyVRP's own reloads at the depot do it.

What PyVRP can say: places, every dimension of load, compartments among them, one window per task, shifts, all prices, prices for leaving
out, who may carry what. A week is folded: each turn runs on its own day's clock, and a profile per set of
shipments keeps a vehicle from what is closed on its day. Several windows within a day are widened to their hull;
limits on driving and breaks are left to the shared schedule, which refuses what does not keep them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from math import gcd
from typing import Any

import numpy as np

from routing.costs import SHARES_PER_ORE, shares_per_metre, shares_per_second
from routing.engines.ortools_model import Job
from routing.engines.ortools_nodes import is_free_at_start, loads_at_start
from routing.load_limits import LoadLimit, load_limits
from routing.opening import intersect, opening
from routing.problem import Matrix, Shipment, Window
from routing.trips import Task, Trip, Turn

DAY_S = 86_400
HIGHEST_PRICE = 10_000
"""No price per metre or second is a larger number than this: rounding then costs less than 1 in 10 000."""
DETOURS = 10
"""Going where a vehicle must not go is as long as so many of the longest legs."""


@dataclass(frozen=True, slots=True)
class Model:
    """PyVRP's data with what is needed to read its answers: the turns of each vehicle type, the tasks in order.

    ``clients`` are deliveries of goods loaded at the start, ``loads`` their loading; ``pickups`` and ``drops`` the ends of
    what is collected on the way. ``reload``: the number of the depot where vehicles may load again.
    """

    data: Any
    types: tuple[tuple[Turn, ...], ...]
    clients: tuple[Task, ...]
    loads: tuple[Task, ...]
    pickups: tuple[Task, ...]
    drops: tuple[Task, ...]
    reload: int | None = None


def build(job: Job, *, required: bool = True, fixed: bool = True) -> Model:
    """PyVRP's data.

    Not ``required``: mandatory shipments may be left out, for more than any route costs. Not ``fixed``: every turn
    may as well be used, none has a price of its own.
    """
    return _Builder(job, required=required, fixed=fixed).build()


def offset_s(turn: Turn) -> int:
    """The midnight before the turn begins: its clock starts there."""
    return turn.window.start_s // DAY_S * DAY_S


class _Builder:
    """Holds the parts while they are put together."""

    def __init__(self, job: Job, *, required: bool, fixed: bool) -> None:
        self.job = job
        self.fixed = fixed
        self.required = required
        self.reloads = job.reloads and all(is_free_at_start(s, job) for s in job.shipments)
        at_start = {s.id for s in job.shipments if self.reloads or loads_at_start(s, job)}
        self.clients = tuple(Task(s, is_pickup=False) for s in job.shipments if s.id in at_start)
        self.pairs = tuple(s for s in job.shipments if s.id not in at_start)
        self.pickups, self.drops = (
            tuple(Task(s, is_pickup=end) for s in self.pairs) for end in (True, False)
        )
        self.tasks = (*self.clients, *chain.from_iterable(zip(self.pickups, self.drops, strict=True)))
        places: Iterable[str | None] = (
            *(turn.vehicle.start for turn in job.turns),
            *(turn.vehicle.end for turn in job.turns),
        )
        self.terminals = tuple(dict.fromkeys(places))
        self.node_of = {stop: len(self.tasks) + number for number, stop in enumerate(self.terminals)}
        self.unit = _unit(job.turns)
        self.loads = _Loads.of(job)
        self.windows = [self._window(task) for task in self.tasks]
        self.carriers = {
            name: frozenset((turn.vehicle.id, turn.shift) for turn in fit.turns)
            for name, fit in job.fittings.items()
        }

    def build(self) -> Model:
        import pyvrp

        groups: dict[tuple[Any, ...], list[Turn]] = {}
        profiles: dict[tuple[Any, ...], int] = {}
        for number, turn in enumerate(self.job.turns):
            profile = profiles.setdefault(self._profile(turn), len(profiles))
            groups.setdefault(self._kind(number, turn, profile), []).append(turn)
        metres, seconds = self._legs(self.job.places.distance_m), self._legs(self.job.places.duration_s)
        matrices = [self._matrices(key, metres, seconds) for key in profiles]
        data = pyvrp.ProblemData(
            locations=[pyvrp.Location(0, 0) for _ in range(len(self.tasks) + len(self.terminals))],
            clients=[self._client(number, task) for number, task in enumerate(self.clients)],
            depots=[pyvrp.Depot(self.node_of[stop]) for stop in self.terminals],
            vehicle_types=[self._vehicle_type(kind, turns) for kind, turns in groups.items()],
            distance_matrices=[distance for distance, _ in matrices],
            duration_matrices=[duration for _, duration in matrices],
            shipments=[self._shipment(number, shipment) for number, shipment in enumerate(self.pairs)],
        )
        types = tuple(tuple(turns) for turns in groups.values())
        loads = tuple(replace(task, is_pickup=True) for task in self.clients)
        return Model(data, types, self.clients, loads, self.pickups, self.drops, self._reload())

    def _reload(self) -> int | None:
        return self.terminals.index(self.clients[0].shipment.pickup) if self.reloads else None

    def _window(self, task: Task) -> Window:
        """From the first to the last second of the day at which some turn may start the task."""
        open_ = intersect(opening(self.job.places.stops[task.stop].windows), opening(task.windows))
        spans = [
            Window(window.start_s - offset_s(turn), window.end_s - offset_s(turn))
            for turn in self.job.fittings[task.shipment.id].turns
            for window in intersect(open_, (Window(turn.window.start_s, turn.last_s),))
        ]
        return Window(min(span.start_s for span in spans), max(span.end_s for span in spans))

    def _profile(self, turn: Turn) -> tuple[Any, ...]:
        """What makes legs differ: the pace of a driver who must rest, and where the turn may not go."""
        vehicle = turn.vehicle
        pace = (vehicle.break_s, vehicle.break_after_drive_s) if self.job.stretched else (0, 1)
        name = (vehicle.id, turn.shift)
        barred = (n for n, task in enumerate(self.tasks) if name not in self.carriers[task.shipment.id])
        return (pace, tuple(barred))

    def _legs(self, matrix: list[list[int]]) -> Matrix:
        """A stops matrix spread over the nodes; nowhere is 0 from everywhere."""
        stops: tuple[str | None, ...] = (*(task.stop for task in self.tasks), *self.terminals)
        rows = np.array([0 if stop is None else self.job.places.index[stop] for stop in stops])
        legs: Matrix = np.array([np.array(matrix[row], dtype=np.int64)[rows] for row in rows.tolist()])
        nowhere = [node for node, stop in enumerate(stops) if stop is None]
        legs[nowhere, :] = 0
        legs[:, nowhere] = 0
        return legs

    def _matrices(self, key: tuple[Any, ...], metres: Matrix, seconds: Matrix) -> tuple[Any, Any]:
        """Distance and duration with stop times, the rests of a stretched search, and barred nodes far away."""
        (rest_s, after_s), barred = key
        stops = np.array([self.job.places.index[task.stop] for task in self.tasks], dtype=np.int64)
        leaving = np.zeros_like(seconds)
        count = len(self.tasks)
        stop_s = [self.job.places.stops[task.stop].stop_s for task in self.tasks]
        leaving[:count, :] = np.array(stop_s, dtype=np.int64)[:, None]
        leaving[:count, :count][stops[:, None] == stops[None, :]] = 0
        distance, duration = metres.copy(), seconds + leaving - (-seconds * rest_s // after_s)
        distance[:, list(barred)] = DETOURS * int(metres.max(initial=0))
        duration[:, list(barred)] = max(window.end_s for window in self.windows) + 1
        for matrix in (distance, duration):
            np.fill_diagonal(matrix, 0)
        return distance, duration

    def _kind(self, number: int, turn: Turn, profile: int) -> tuple[Any, ...]:
        """All that PyVRP knows of a turn: those with the same are one type."""
        vehicle = turn.vehicle
        start_s = offset_s(turn)
        window = (turn.window.start_s - start_s, turn.last_s - start_s)
        return (profile, vehicle.start, vehicle.end, window, self._prices(turn), self.loads.of_turn(number))

    def _prices(self, turn: Turn) -> tuple[int, int, int]:
        """Per shift, metre and second in the common unit."""
        vehicle = turn.vehicle
        return (
            round(vehicle.fixed_ore_per_shift * SHARES_PER_ORE / self.unit) if self.fixed else 0,
            round(shares_per_metre(vehicle) / self.unit),
            round(shares_per_second(vehicle) / self.unit),
        )

    def _vehicle_type(self, kind: tuple[Any, ...], turns: list[Turn]) -> Any:
        import pyvrp

        profile, start, end, window, (fixed, metre, second), limits = kind
        return pyvrp.VehicleType(
            num_available=len(turns),
            capacity=list(limits),
            start_depot=self.terminals.index(start),
            end_depot=self.terminals.index(end),
            fixed_cost=fixed,
            tw_early=window[0],
            tw_late=window[1],
            unit_distance_cost=metre,
            unit_duration_cost=second,
            profile=profile,
            reload_depots=[] if (reload := self._reload()) is None else [reload],
        )

    def _client(self, number: int, task: Task) -> Any:
        import pyvrp

        return pyvrp.Client(
            location=number,
            delivery=self.loads.of_shipment(task.shipment),
            service_duration=task.handling_s,
            tw_early=self.windows[number].start_s,
            tw_late=self.windows[number].end_s,
            prize=self._prize(task.shipment),
            required=self._is_required(task.shipment),
        )

    def _shipment(self, number: int, shipment: Shipment) -> Any:
        import pyvrp

        pickup = len(self.clients) + 2 * number
        return pyvrp.Shipment(
            pickup_location=pickup,
            delivery_location=pickup + 1,
            pickup_tw_early=self.windows[pickup].start_s,
            pickup_tw_late=self.windows[pickup].end_s,
            pickup_service_duration=shipment.pickup_s,
            delivery_tw_early=self.windows[pickup + 1].start_s,
            delivery_tw_late=self.windows[pickup + 1].end_s,
            delivery_service_duration=shipment.delivery_s,
            amount=self.loads.of_shipment(shipment),
            prize=self._prize(shipment),
            required=self._is_required(shipment),
        )

    def _is_required(self, shipment: Shipment) -> bool:
        return self.required and shipment.skip_ore is None

    def _prize(self, shipment: Shipment) -> int:
        if shipment.skip_ore is not None:
            return round(shipment.skip_ore * SHARES_PER_ORE / self.unit)
        return 0 if self.required else self._above_a_route()

    def _above_a_route(self) -> int:
        """More than the dearest turn costs when it drives all day from one end of the map to the other."""
        longest_m = max(map(max, self.job.places.distance_m), default=0)
        most = 0
        for turn in self.job.turns:
            fixed, metre, second = self._prices(turn)
            hours_s = turn.window.end_s - turn.window.start_s
            most = max(most, fixed + second * hours_s + 4 * metre * longest_m)
        return 1 + most


@dataclass(frozen=True, slots=True)
class _Loads:
    """Every load that can be too much, in steps of its greatest common divisor, so that a penalty per step is neither tiny nor huge."""

    limited: tuple[LoadLimit, ...]
    steps: tuple[int, ...]

    @classmethod
    def of(cls, job: Job) -> "_Loads":
        limited = load_limits(job.shipments, [turn.vehicle for turn in job.turns])
        return cls(limited, tuple(gcd(*limit.amounts) or 1 for limit in limited))

    def of_shipment(self, shipment: Shipment) -> list[int]:
        return [
            limit.amount_of(shipment) // step for limit, step in zip(self.limited, self.steps, strict=True)
        ]

    def of_turn(self, number: int) -> tuple[int, ...]:
        """What the turn holds; no more than there is."""
        return tuple(
            min(limit.most[number], sum(limit.amounts)) // step
            for limit, step in zip(self.limited, self.steps, strict=True)
        )


def _unit(turns: Iterable[Turn]) -> int:
    """How many 1/18 000 öre make one in the model: all prices are whole, or rounded where that would be vast."""
    vehicles = {turn.vehicle.id: turn.vehicle for turn in turns}.values()
    prices = [price for v in vehicles for price in (shares_per_metre(v), shares_per_second(v))]
    fixed = [vehicle.fixed_ore_per_shift * SHARES_PER_ORE for vehicle in vehicles]
    return max(gcd(*prices, *fixed) or 1, -(-max(prices, default=0) // HIGHEST_PRICE), 1)


def trips_of(model: Model, solution: Any) -> tuple[Trip, ...]:
    """The solution's routes, on the first turns of their types; goods loaded at the start come first."""
    used = [0] * len(model.types)
    trips = []
    for route in solution.routes():
        kind = route.vehicle_type()
        trips.append(Trip(model.types[kind][used[kind]], tasks_of(model, route)))
        used[kind] += 1
    return tuple(trips)


def tasks_of(model: Model, route: Any) -> tuple[Task, ...]:
    """What a PyVRP route does, in order; at each depot goods are loaded for the clients up to the next."""
    done: list[Task] = []
    loaded: list[Task] = []
    tasks: list[Task] = []
    for activity in route:
        number = activity.idx
        if activity.is_depot():
            done += [*loaded, *tasks]
            loaded, tasks = [], []
        elif activity.is_client():
            loaded.append(model.loads[number])
            tasks.append(model.clients[number])
        elif activity.is_shipment():
            tasks.append((model.pickups if activity.is_pickup() else model.drops)[number])
    return (*done, *loaded, *tasks)


def solution_of(model: Model, trips: Iterable[Trip]) -> Any:
    """Trips as a PyVRP solution, to start a search from."""
    import pyvrp

    kinds = {(t.vehicle.id, t.shift): kind for kind, turns in enumerate(model.types) for t in turns}
    activities = _activities(model)
    routes = [
        pyvrp.Route(
            model.data,
            list(_route(model, trip, activities)),
            kinds[trip.turn.vehicle.id, trip.turn.shift],
        )
        for trip in trips
    ]
    return pyvrp.Solution(model.data, routes)


def _route(model: Model, trip: Trip, activities: dict[tuple[str, bool], Any]) -> Iterator[Any]:
    """The trip's activities, with a depot wherever it loads again."""
    import pyvrp

    has_delivered = False
    for task in trip.tasks:
        if _key(task) in activities:
            yield activities[_key(task)]
            has_delivered = True
        elif task.is_pickup and has_delivered and model.reload is not None:
            yield pyvrp.Activity(pyvrp.ActivityType.DEPOT, model.reload)
            has_delivered = False


def _activities(model: Model) -> dict[tuple[str, bool], Any]:
    import pyvrp

    kinds = pyvrp.ActivityType
    told = ((kinds.CLIENT, model.clients), (kinds.PICKUP, model.pickups), (kinds.DELIVERY, model.drops))
    return {_key(task): pyvrp.Activity(kind, n) for kind, tasks in told for n, task in enumerate(tasks)}


def _key(task: Task) -> tuple[str, bool]:
    return (task.shipment.id, task.is_pickup)
