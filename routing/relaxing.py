"""Which rules stand between one shipment and one turn, and the case with some of them out of the way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from routing.carrying import admits, needs_of
from routing.changes import Change, Kind, changed_rules, changed_shipment, changed_stop, changed_vehicle
from routing.insertion import Order
from routing.loading import MEASURES, amounts_of, capacities_of
from routing.problem import Compartment, Problem, Rules, Shipment, Vehicle
from routing.schedule import timed
from routing.trips import Places, Trip, Turn, with_rules

MINUTE = 60
DAY_S = 86_400
KILOMETRE = 1000
MOST_KILOMETRES = 10_000
LOAD_STEPS = (1000, 1, 1)
"""The step of each measure: a kilogram, a crate, a pallet place. Times are told in minutes, a day at most."""


@dataclass(frozen=True, slots=True)
class Case:
    """One shipment and one turn with all that says whether they fit; changes give another case."""

    shipment: Shipment
    turn: Turn
    places: Places
    rules: Rules

    @staticmethod
    def of(problem: Problem, shipment: Shipment, turn: Turn, places: Places) -> "Case":
        return Case(shipment, turn, places, problem.rules)

    def after(self, changes: Iterable[Change]) -> "Case":
        """The case with the changes made."""
        case = self
        for change in changes:
            ends = {name: case.places.stops[name] for name in (self.shipment.pickup, self.shipment.delivery)}
            stops = case.places.stops | {name: changed_stop(stop, change) for name, stop in ends.items()}
            rules = changed_rules(case.rules, change)
            case = Case(
                changed_shipment(case.shipment, change),
                replace(case.turn, vehicle=changed_vehicle(case.turn.vehicle, change)),
                with_rules(replace(case.places, stops=stops), rules),
                rules,
            )
        return case

    def own(self, order: Order) -> Order:
        """The order with this case's shipment in place of the one that was not changed."""
        name = self.shipment.id
        return tuple(replace(t, shipment=self.shipment) if t.shipment.id == name else t for t in order)

    def is_in_time(self, order: Order) -> bool:
        return timed(Trip(self.turn, order), places=self.places) is not None


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A change that can be made by ``steps`` steps at most; one with a single step of 0 is made or not."""

    kind: Kind
    where: str
    steps: int = 1
    step: int = 0
    shift: int | None = None
    names: tuple[str, ...] = ()
    is_about_time: bool = False

    def change(self, steps: int) -> Change:
        return Change(self.kind, self.where, steps * self.step, self.shift, self.names)

    def at_most(self, case: Case) -> Case:
        """The case with the change made in full."""
        return case.after([self.change(self.steps)])


def relaxations(case: Case) -> Iterator[Relaxation]:
    """All that could hinder, from the easiest to change to the hardest."""
    yield from _windows(case)
    yield from _limits(case.turn)
    yield from _rooms(case.shipment, case.turn.vehicle)
    yield from _permissions(case)
    yield from _decisions(case)


def _windows(case: Case) -> Iterator[Relaxation]:
    shipment = case.shipment
    for stop in (case.places.stops[shipment.delivery], case.places.stops[shipment.pickup]):
        if stop.windows:
            yield _time(Kind.STOP_CLOSES_LATER, stop.id)
            yield _time(Kind.STOP_OPENS_EARLIER, stop.id)
    if shipment.delivery_windows or shipment.done_by_s is not None:
        yield _time(Kind.DELIVERY_LATER, shipment.id)
        if shipment.delivery_windows:
            yield _time(Kind.DELIVERY_EARLIER, shipment.id)
    if shipment.pickup_windows:
        yield _time(Kind.PICKUP_LATER, shipment.id)
        yield _time(Kind.PICKUP_EARLIER, shipment.id)


def _limits(turn: Turn) -> Iterator[Relaxation]:
    name = turn.vehicle.id
    yield _time(Kind.SHIFT_ENDS_LATER, name, shift=turn.shift)
    yield _time(Kind.SHIFT_STARTS_EARLIER, name, shift=turn.shift)
    if turn.vehicle.max_drive_s is not None:
        yield _time(Kind.DRIVING, name)
    if turn.vehicle.max_distance_m is not None:
        yield Relaxation(Kind.DISTANCE, name, MOST_KILOMETRES, KILOMETRE, is_about_time=True)


def _time(kind: Kind, where: str, *, shift: int | None = None) -> Relaxation:
    return Relaxation(kind, where, DAY_S // MINUTE, MINUTE, shift, is_about_time=True)


def _rooms(shipment: Shipment, vehicle: Vehicle) -> Iterator[Relaxation]:
    """Room for the whole shipment is always enough."""
    for measure, name in enumerate(MEASURES):
        kind, amount = Kind(f"capacity_{name}"), amounts_of(shipment)[measure]
        parts: tuple[Vehicle | Compartment, ...] = (vehicle, *vehicle.compartments)
        if amount and any(capacities_of(part)[measure] is not None for part in parts):
            step = LOAD_STEPS[measure]
            yield Relaxation(kind, vehicle.id, -(-amount // step), step, names=(shipment.temperature,))


def _permissions(case: Case) -> Iterator[Relaxation]:
    vehicle, shipment = case.turn.vehicle, case.shipment
    if not admits(vehicle, shipment):
        yield Relaxation(Kind.COMPARTMENT, vehicle.id, names=(shipment.temperature,))
    lacking = set(needs_of(shipment, case.places)) - set(vehicle.skills)
    if lacking:
        yield Relaxation(Kind.SKILLS, vehicle.id, names=tuple(sorted(lacking)))
    if vehicle.carries_for and shipment.owner not in vehicle.carries_for:
        yield Relaxation(Kind.OWNERS, vehicle.id, names=(shipment.owner,))
    closed = {shipment.pickup, shipment.delivery} & set(vehicle.forbidden_stops)
    if closed:
        yield Relaxation(Kind.FORBIDDEN_STOPS, vehicle.id, names=tuple(sorted(closed)))


def _decisions(case: Case) -> Iterator[Relaxation]:
    name = case.shipment.id
    if any(lock.shipment == name for lock in case.rules.locks):
        yield Relaxation(Kind.LOCKS, name)
    if (name, case.turn.vehicle.id) in case.places.bans:
        yield Relaxation(Kind.BAN, name, names=(case.turn.vehicle.id,))
    if name in case.places.apart:
        yield Relaxation(Kind.APART, name)
    turn = case.turn
    ends = {case.shipment.pickup, case.shipment.delivery}
    if any(ends.intersection(stops) for stops in case.places.stop_orders.get(turn.key, ())):
        yield Relaxation(Kind.STOP_ORDERS, turn.vehicle.id, shift=turn.shift)
    if turn.key in case.places.fixed:
        yield Relaxation(Kind.FIXED_ROUTE, turn.vehicle.id, shift=turn.shift)
