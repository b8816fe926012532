"""What an engine decides: which vehicle does which work in which order. Times come later, in schedule.py."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from routing.opening import clipped
from routing.problem import LONGEST_S, Driven, Lock, Problem, Promise, Rules, Shipment, Stop, Vehicle, Window


@dataclass(frozen=True, slots=True)
class Task:
    """One end of a shipment: its pickup or its delivery."""

    shipment: Shipment
    is_pickup: bool

    @property
    def stop(self) -> str:
        return self.shipment.pickup if self.is_pickup else self.shipment.delivery

    @property
    def handling_s(self) -> int:
        return self.shipment.pickup_s if self.is_pickup else self.shipment.delivery_s

    @property
    def windows(self) -> tuple[Window, ...]:
        """When work may start by the shipment's own hours at this end; the stop's are apart."""
        shipment = self.shipment
        if self.is_pickup:
            return clipped(shipment.pickup_windows, shipment.ready_s, LONGEST_S)
        if shipment.done_by_s is None:
            return shipment.delivery_windows
        return clipped(shipment.delivery_windows, 0, shipment.done_by_s - shipment.delivery_s)

    @property
    def sign(self) -> int:
        """+1 when the load grows, -1 when it shrinks."""
        return 1 if self.is_pickup else -1


@dataclass(frozen=True, slots=True)
class Turn:
    """One shift of one vehicle: the thing that can carry one route."""

    vehicle: Vehicle
    shift: int

    @property
    def last_s(self) -> int:
        """The latest end of a route, overtime included."""
        return self.window.end_s + self.vehicle.overtime_s

    @property
    def key(self) -> tuple[str, int]:
        """What names the turn: the vehicle's id and the shift's number."""
        return self.vehicle.id, self.shift

    @property
    def window(self) -> Window:
        return self.vehicle.shifts[self.shift]


@dataclass(frozen=True, slots=True)
class Trip:
    """The tasks of one turn in order."""

    turn: Turn
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Turns and shipments that are planned by themselves for a while."""

    turns: tuple[Turn, ...]
    shipments: tuple[Shipment, ...]


@dataclass(frozen=True, slots=True)
class BegunVisit:
    """A service that is done or under way, with its tasks in order: deliveries before pickups."""

    stop: str
    start_s: int
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Begun:
    """How a turn began; ``is_over``: no task follows; ``goes_on_s``: see ``problem.Driven``."""

    start_s: int
    visits: tuple[BegunVisit, ...]
    is_over: bool
    goes_on_s: int = 0

    @property
    def tasks(self) -> tuple[Task, ...]:
        return tuple(task for visit in self.visits for task in visit.tasks)


@dataclass(frozen=True, slots=True)
class Places:
    """A problem's stops and matrices by stop id, looked up often while planning.

    ``is_restricted``: some rule beside time and capacity says who may carry what, so it must be looked at.
    ``locks`` are by shipment id, ``bans`` pairs of shipment and vehicle id, ``apart`` the ids that each shipment
    shares no route with, ``aboard`` the pickups done before a turn (vehicle id, shift) begins, ``driven`` how a
    turn began, ``promises`` by shipment id, ``stop_orders`` and ``fixed`` (ids with whether they are picked up) by turn.
    """

    stops: dict[str, Stop]
    index: dict[str, int]
    distance_m: list[list[int]]
    duration_s: list[list[int]]
    is_restricted: bool = True
    locks: Mapping[str, tuple[Lock, ...]] = field(default_factory=dict)
    bans: frozenset[tuple[str, str]] = frozenset()
    apart: Mapping[str, frozenset[str]] = field(default_factory=dict)
    aboard: Mapping[tuple[str, int], tuple[Task, ...]] = field(default_factory=dict)
    driven: Mapping[tuple[str, int], Begun] = field(default_factory=dict)
    promises: Mapping[str, tuple[Promise, ...]] = field(default_factory=dict)
    now_s: int = 0
    stop_orders: Mapping[tuple[str, int], tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    fixed: Mapping[tuple[str, int], tuple[tuple[str, bool], ...]] = field(default_factory=dict)
    has_ends: bool = True
    """Whether some shipment's visit must be over by a time."""

    @property
    def picked_up(self) -> frozenset[str]:
        """The ids of what is on board of some vehicle already, or was."""
        groups = (*self.aboard.values(), *(begun.tasks for begun in self.driven.values()))
        return frozenset(task.shipment.id for group in groups for task in group if task.is_pickup)

    def metres(self, origin: str, destination: str) -> int:
        return self.distance_m[self.index[origin]][self.index[destination]]

    def seconds(self, origin: str, destination: str) -> int:
        return self.duration_s[self.index[origin]][self.index[destination]]


def places_of(problem: Problem) -> Places:
    """The lookup for a problem; plain lists, because single entries of an array are slow to read."""
    places = Places(
        stops={stop.id: stop for stop in problem.stops},
        index=problem.stop_index,
        distance_m=problem.distance_m.tolist(),
        duration_s=problem.duration_s.tolist(),
        is_restricted=_is_restricted(problem),
        aboard=_aboard(problem),
        driven={(begun.vehicle, begun.shift): _begun(begun, problem) for begun in problem.rules.driven},
        now_s=problem.rules.now_s,
        has_ends=any(shipment.done_by_s is not None for shipment in problem.shipments),
    )
    return with_rules(places, problem.rules)


def with_rules(places: Places, rules: Rules) -> Places:
    """The lookup with these decisions; what is on board stays as it is."""
    return replace(
        places,
        locks=_locks(rules),
        bans=frozenset((ban.shipment, ban.vehicle) for ban in rules.bans),
        apart=_apart(rules),
        promises=_promises(rules),
        stop_orders=_stop_orders(rules),
        fixed={
            (fixed.vehicle, fixed.shift): tuple((task.shipment, task.is_pickup) for task in fixed.tasks)
            for fixed in rules.fixed_routes
        },
    )


def tasks_of(shipment: Shipment, places: Places) -> tuple[Task, ...]:
    """What is still to be done for the shipment: pick it up and deliver it, or deliver what is on board."""
    delivery = Task(shipment, is_pickup=False)
    if any(task == delivery for begun in places.driven.values() for task in begun.tasks):
        return ()
    return (delivery,) if shipment.id in places.picked_up else (Task(shipment, is_pickup=True), delivery)


def on_board(turn: Turn, places: Places) -> tuple[Shipment, ...]:
    """What the turn has on board now: from the start, or picked up and not delivered on what it has driven."""
    begun = places.driven.get(turn.key)
    tasks = (*places.aboard.get(turn.key, ()), *(begun.tasks if begun else ()))
    delivered = {task.shipment.id for task in tasks if not task.is_pickup}
    return tuple(task.shipment for task in tasks if task.is_pickup and task.shipment.id not in delivered)


def driven_by(turn: Turn, places: Places) -> tuple[int, int]:
    """Metres and seconds on the road up to the last driven visit."""
    begun = places.driven.get(turn.key)
    stops = [turn.vehicle.start, *(visit.stop for visit in begun.visits)] if begun else []
    legs = list(pairwise(stops))
    return sum(places.metres(a, b) for a, b in legs), sum(places.seconds(a, b) for a, b in legs)


def begun_trips(turns: Iterable[Turn], places: Places) -> tuple[Trip, ...]:
    """What has been driven, and nothing more: the least that any plan must hold."""
    return tuple(Trip(turn, places.driven[turn.key].tasks) for turn in turns if turn.key in places.driven)


def alone(turn: Turn, shipment: Shipment, places: Places) -> Trip:
    """The trip that does nothing but this shipment, beside what the turn has driven already."""
    begun = places.driven.get(turn.key)
    return Trip(turn, (*(begun.tasks if begun else ()), *tasks_of(shipment, places)))


def _locks(rules: Rules) -> dict[str, tuple[Lock, ...]]:
    """What is or was on board of a vehicle is locked to it, and what is on a fixed route to that."""
    own = (Lock(entry.shipment, entry.vehicle, entry.shift) for entry in rules.on_board)
    begun = (
        Lock(name, driven.vehicle, driven.shift)
        for driven in rules.driven
        for visit in driven.visits
        for name in visit.pickups
    )
    fixed = {
        Lock(task.shipment, route.vehicle, route.shift): None
        for route in rules.fixed_routes
        for task in route.tasks
    }
    by_shipment: dict[str, tuple[Lock, ...]] = {}
    for lock in (*rules.locks, *own, *begun, *fixed):
        by_shipment[lock.shipment] = (*by_shipment.get(lock.shipment, ()), lock)
    return by_shipment


def _stop_orders(rules: Rules) -> dict[tuple[str, int], tuple[tuple[str, ...], ...]]:
    by_turn: dict[tuple[str, int], tuple[tuple[str, ...], ...]] = {}
    for order in rules.stop_orders:
        turn = (order.vehicle, order.shift)
        by_turn[turn] = (*by_turn.get(turn, ()), order.stops)
    return by_turn


def _promises(rules: Rules) -> dict[str, tuple[Promise, ...]]:
    by_shipment: dict[str, tuple[Promise, ...]] = {}
    for promise in rules.promises:
        by_shipment[promise.shipment] = (*by_shipment.get(promise.shipment, ()), promise)
    return by_shipment


def _apart(rules: Rules) -> dict[str, frozenset[str]]:
    others: dict[str, frozenset[str]] = {}
    for pair in rules.apart:
        for one, other in ((pair.first, pair.second), (pair.second, pair.first)):
            others[one] = others.get(one, frozenset()) | {other}
    return others


def _begun(driven: Driven, problem: Problem) -> Begun:
    shipments = {shipment.id: shipment for shipment in problem.shipments}
    visits = tuple(
        BegunVisit(
            visit.stop,
            visit.start_s,
            (
                *(Task(shipments[name], is_pickup=False) for name in visit.deliveries),
                *(Task(shipments[name], is_pickup=True) for name in visit.pickups),
            ),
        )
        for visit in driven.visits
    )
    return Begun(driven.start_s, visits, driven.is_over, driven.goes_on_s)


def _aboard(problem: Problem) -> dict[tuple[str, int], tuple[Task, ...]]:
    shipments = {shipment.id: shipment for shipment in problem.shipments}
    by_turn: dict[tuple[str, int], tuple[Task, ...]] = {}
    for entry in problem.rules.on_board:
        turn = (entry.vehicle, entry.shift)
        by_turn[turn] = (*by_turn.get(turn, ()), Task(shipments[entry.shipment], is_pickup=True))
    return by_turn


def _is_restricted(problem: Problem) -> bool:
    needs = (*(stop.needs for stop in problem.stops), *(shipment.needs for shipment in problem.shipments))
    rules = problem.rules
    decided = (rules.locks, rules.bans, rules.apart, rules.on_board, rules.driven)
    sequences = (rules.stop_orders, rules.fixed_routes)
    return any((*needs, *decided, *sequences)) or any(
        vehicle.forbidden_stops or vehicle.carries_for or vehicle.compartments for vehicle in problem.vehicles
    )


def turns_of(problem: Problem) -> tuple[Turn, ...]:
    """Every shift of every vehicle, in the problem's order."""
    return tuple(Turn(vehicle, shift) for vehicle in problem.vehicles for shift in range(len(vehicle.shifts)))
