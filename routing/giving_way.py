"""What must give way for one order of work on one turn: decisions and permissions, room, then times, each as little as will do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from routing.carrying import admits, keeps_orders
from routing.changes import Change, Kind, changed_rules, changed_shipment, changed_stop, changed_vehicle
from routing.insertion import Order
from routing.lateness import changes_in_time
from routing.loading import MEASURES, amounts_of, capacities_of, fits
from routing.opening import intersect, opening
from routing.plan import Plan, Route
from routing.problem import Compartment, Problem, Rules, Shipment, Vehicle, Window
from routing.relaxing import DAY_S, LOAD_STEPS, Relaxation
from routing.schedule import schedule
from routing.trips import Places, Task, Trip, Turn, turns_of, with_rules

MOST_LOOKED_AT = 24
"""So many orders, the shortest, are looked at when all of them break something."""


# -- what planners decided, and what the vehicle may not do ----------------------------------------------------


def decided_against(
    problem: Problem, plan: Plan, names: tuple[str, ...], key: tuple[str, int]
) -> tuple[Change, ...]:
    """What keeps these shipments from that turn whatever the time: locks, bans, fixed routes, skills, the agreed day."""
    turn = next(turn for turn in turns_of(problem) if turn.key == key)
    goods = [shipment for shipment in problem.shipments if shipment.id in names]
    return (
        *_fixed(problem.rules, plan, names, key),
        *(change for shipment in goods for change in _decisions(problem.rules, plan, shipment, key, names)),
        *_permissions(problem, turn.vehicle, goods),
        *(change for shipment in goods for change in _day(shipment, turn)),
    )


def _fixed(rules: Rules, plan: Plan, names: tuple[str, ...], key: tuple[str, int]) -> Iterator[Change]:
    left = {
        (route.vehicle, route.shift)
        for route in plan.routes
        if any(name in names for visit in route.visits for name in visit.pickups)
    }
    for fixed in rules.fixed_routes:
        if (fixed.vehicle, fixed.shift) in left | {key}:
            yield Change(Kind.FIXED_ROUTE, fixed.vehicle, shift=fixed.shift)


def _decisions(
    rules: Rules, plan: Plan, shipment: Shipment, key: tuple[str, int], moved: tuple[str, ...]
) -> Iterator[Change]:
    name, (vehicle, shift) = shipment.id, key
    own = [lock for lock in rules.locks if lock.shipment == name]
    if any(lock.vehicle not in {None, vehicle} or lock.shift not in {None, shift} for lock in own):
        yield Change(Kind.LOCKS, name)
    if any(ban.shipment == name and ban.vehicle == vehicle for ban in rules.bans):
        yield Change(Kind.BAN, name, names=(vehicle,))
    routes = [route for route in plan.routes if (route.vehicle, route.shift) == key]
    there = {one for route in routes for visit in route.visits for one in visit.deliveries} | set(moved)
    if any(name in {pair.first, pair.second} and {pair.first, pair.second} <= there for pair in rules.apart):
        yield Change(Kind.APART, name)


def _permissions(problem: Problem, vehicle: Vehicle, goods: Iterable[Shipment]) -> Iterator[Change]:
    stops = {stop.id: stop for stop in problem.stops}
    goods = tuple(goods)
    classes = {shipment.temperature for shipment in goods if not admits(vehicle, shipment)}
    needs = {skill for s in goods for skill in (*s.needs, *stops[s.pickup].needs, *stops[s.delivery].needs)}
    owners = {shipment.owner for shipment in goods} - set(vehicle.carries_for)
    closed = {stop for s in goods for stop in (s.pickup, s.delivery)} & set(vehicle.forbidden_stops)
    if classes:
        yield Change(Kind.COMPARTMENT, vehicle.id, names=tuple(sorted(classes)))
    if needs - set(vehicle.skills):
        yield Change(Kind.SKILLS, vehicle.id, names=tuple(sorted(needs - set(vehicle.skills))))
    if vehicle.carries_for and owners:
        yield Change(Kind.OWNERS, vehicle.id, names=tuple(sorted(owners)))
    if closed:
        yield Change(Kind.FORBIDDEN_STOPS, vehicle.id, names=tuple(sorted(closed)))


def _day(shipment: Shipment, turn: Turn) -> Iterator[Change]:
    """By how many days the shipment's own hours must move to meet the shift; nothing when they meet it, or no day helps."""
    days = sorted(range(-13, 14), key=abs)
    moved = (Change(Kind.DAY, shipment.id, days_ * DAY_S) for days_ in days)
    first = next((change for change in moved if _meets(changed_shipment(shipment, change), turn)), None)
    if first is not None and first.amount:
        yield first


def _meets(shipment: Shipment, turn: Turn) -> bool:
    shift = (Window(turn.window.start_s, turn.last_s),)
    ends = (Task(shipment, is_pickup=True), Task(shipment, is_pickup=False))
    return all(intersect(opening(end.windows), shift) for end in ends)


# -- room and time ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Work:
    """One order of work on one turn, with the places it is done at."""

    turn: Turn
    order: Order
    places: Places
    rules: Rules

    def after(self, changes: Iterable[Change]) -> "Work":
        """The same work with these changes made to the vehicle, the stops, the goods and the decisions."""
        vehicle, stops, rules, order = self.turn.vehicle, dict(self.places.stops), self.rules, self.order
        for change in changes:
            vehicle, rules = changed_vehicle(vehicle, change), changed_rules(rules, change)
            if change.where in stops:
                stops[change.where] = changed_stop(stops[change.where], change)
            if any(task.shipment.id == change.where for task in order):
                order = tuple(replace(t, shipment=changed_shipment(t.shipment, change)) for t in order)
        places = replace(self.places, stops=stops)
        places = places if rules is self.rules else with_rules(places, rules)
        return Work(replace(self.turn, vehicle=vehicle), order, places, rules)

    def has_room(self) -> bool:
        aboard = self.places.aboard.get(self.turn.key, ())
        return fits((*aboard, *self.order), self.turn.vehicle)

    def route(self) -> Route | None:
        return schedule(Trip(self.turn, self.order), places=self.places)


def least(
    turn: Turn, orders: Iterable[Order], places: Places, rules: Rules, *, firm: frozenset[str] = frozenset()
) -> tuple[tuple[Change, ...], Route] | None:
    """The fewest and smallest changes that let the turn do one of these orders, and its route then; None when nothing does.

    ``firm``: shipments whose own hours are not a person's to change, such as those that others wait for.
    """
    works = [Work(turn, order, places, rules) for order in tuple(orders)[:MOST_LOOKED_AT]]
    found = [(work, changes) for work in works if (changes := _needed(work, firm)) is not None]
    for work, changes in sorted(found, key=lambda entry: _size(entry[1])):
        route = work.after(changes).route()
        if route is not None:
            return changes, route
    return None


def _size(changes: tuple[Change, ...]) -> tuple[int, int, int]:
    """Few hours broken before many, little room before much, short before long."""
    rooms = [change for change in changes if str(change.kind) in _ROOMS]
    seconds = sum(change.amount for change in changes if change not in rooms)
    return len(changes), len(rooms), seconds


_ROOMS = {f"capacity_{name}" for name in MEASURES}


def _needed(work: Work, firm: frozenset[str]) -> tuple[Change, ...] | None:
    times = changes_in_time(Trip(work.turn, work.order), work.places, firm=firm)
    if times is None:
        return None
    decided: tuple[Change, ...] = ()
    if not keeps_orders(work.turn, work.order, work.places):
        decided = (Change(Kind.STOP_ORDERS, work.turn.vehicle.id, shift=work.turn.shift),)
    room = () if work.has_room() else _room(work)
    return None if room is None else (*decided, *room, *times)


def _room(work: Work) -> tuple[Change, ...] | None:
    """The room that is missing, each measure by as little as will do."""
    given = tuple(_rooms(work))
    if not work.after(one.change(one.steps) for one in given).has_room():
        return None
    needed = list(given)
    for one in given:
        others = [other for other in needed if other is not one]
        if work.after(other.change(other.steps) for other in others).has_room():
            needed = others
    changes: list[Change] = []
    for number, one in enumerate(needed, start=1):
        rest = work.after(changes).after(other.change(other.steps) for other in needed[number:])
        changes.append(_smallest(rest, one))
    return tuple(changes)


def _smallest(work: Work, relaxation: Relaxation) -> Change:
    too_little, enough = 0, relaxation.steps
    while enough - too_little > 1:
        middle = (too_little + enough) // 2
        if work.after([relaxation.change(middle)]).has_room():
            enough = middle
        else:
            too_little = middle
    return relaxation.change(enough)


def _rooms(work: Work) -> Iterator[Relaxation]:
    """Room for everything at once is always enough."""
    vehicle = work.turn.vehicle
    goods = {task.shipment for task in work.order}
    classes = tuple(sorted({shipment.temperature for shipment in goods}))
    for measure, name in enumerate(MEASURES):
        amount = sum(amounts_of(shipment)[measure] for shipment in goods)
        parts: tuple[Vehicle | Compartment, ...] = (vehicle, *vehicle.compartments)
        limits = (capacities_of(part)[measure] for part in parts)
        if amount and any(most is not None for most in limits):
            steps = -(-amount // LOAD_STEPS[measure])
            yield Relaxation(Kind(f"capacity_{name}"), vehicle.id, steps, LOAD_STEPS[measure], names=classes)


# -- one day's window only -------------------------------------------------------------------------------------


def on_the_day(problem: Problem, changes: Iterable[Change], key: tuple[str, int]) -> tuple[Change, ...]:
    """The changes with each place's hours widened only in its windows of the day of that turn, where it has any."""
    turn = next(turn for turn in turns_of(problem) if turn.key == key)
    return tuple(part for change in changes for part in _narrowed(problem, change, turn))


def _narrowed(problem: Problem, change: Change, turn: Turn) -> Iterator[Change]:
    windows = next((stop.windows for stop in problem.stops if stop.id == change.where), ())
    day = turn.window.start_s // DAY_S
    numbers = [number for number, window in enumerate(windows) if window.start_s // DAY_S == day]
    if change.kind not in {Kind.STOP_CLOSES_LATER, Kind.STOP_OPENS_EARLIER} or not numbers:
        yield change
        return
    yield from (replace(change, shift=number) for number in numbers)
