"""What must give way for one order of work on one turn: decisions and permissions, room, then times, each as little as will do."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from routing.carrying import admits, keeps_orders
from routing.changes import Change, Kind, changed_rules, changed_shipment, changed_stop, changed_vehicle
from routing.insertion import Order
from routing.loading import MEASURES, amounts_of, capacities_of, fits
from routing.opening import intersect, opening
from routing.plan import Plan, Route
from routing.problem import Problem, Rules, Shipment, Vehicle, Window
from routing.relaxing import DAY_S, KILOMETRE, LOAD_STEPS, MINUTE, MOST_KILOMETRES, Relaxation
from routing.schedule import schedule, timed
from routing.trips import Places, Task, Trip, Turn, turns_of, with_rules

MOST_LOOKED_AT = 3
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
            order = tuple(
                replace(task, shipment=changed_shipment(task.shipment, change))
                if task.shipment.id == change.where
                else task
                for task in order
            )
        places = replace(self.places, stops=stops)
        places = places if rules is self.rules else with_rules(places, rules)
        return Work(replace(self.turn, vehicle=vehicle), order, places, rules)

    def is_in_time(self) -> bool:
        return timed(Trip(self.turn, self.order), places=self.places) is not None

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
    works = (Work(turn, order, places, rules) for order in tuple(orders)[:MOST_LOOKED_AT])
    found = [answer for work in works if (answer := _least(work, firm)) is not None]
    return min(found, key=_size, default=None)


def _size(answer: tuple[tuple[Change, ...], Route]) -> tuple[int, int, int]:
    changes, route = answer
    seconds = sum(change.amount for change in changes if str(change.kind) not in _ROOMS)
    return len(changes), seconds, route.cost_ore


_ROOMS = {f"capacity_{name}" for name in MEASURES}


def _least(work: Work, firm: frozenset[str]) -> tuple[tuple[Change, ...], Route] | None:
    changes: tuple[Change, ...] = ()
    if not keeps_orders(work.turn, work.order, work.places):
        changes = (Change(Kind.STOP_ORDERS, work.turn.vehicle.id, shift=work.turn.shift),)
    room = _needed(work.after(changes), tuple(_rooms(work)), Work.has_room)
    if room is None:
        return None
    changes = (*changes, *room)
    times = _needed(work.after(changes), tuple(_times(work, firm)), Work.is_in_time)
    if times is None:
        return None
    changes = (*changes, *times)
    route = work.after(changes).route()
    return None if route is None else (changes, route)


def _needed(
    work: Work, given: tuple[Relaxation, ...], holds: Callable[[Work], bool]
) -> tuple[Change, ...] | None:
    """The relaxations that cannot be spared, each made by as little as will do; None when all of them are not enough."""
    if holds(work):
        return ()
    if not holds(work.after(one.change(one.steps) for one in given)):
        return None
    needed = list(given)
    for one in reversed(given):
        others = [other for other in needed if other is not one]
        if holds(work.after(other.change(other.steps) for other in others)):
            needed = others
    changes: list[Change] = []
    for number, one in enumerate(needed, start=1):
        rest = work.after(changes).after(other.change(other.steps) for other in needed[number:])
        changes.append(_smallest(rest, one, holds))
    return tuple(changes)


def _smallest(work: Work, relaxation: Relaxation, holds: Callable[[Work], bool]) -> Change:
    too_little, enough = 0, relaxation.steps
    while enough - too_little > 1:
        middle = (too_little + enough) // 2
        if holds(work.after([relaxation.change(middle)])):
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
        limits = (capacities_of(part)[measure] for part in (vehicle, *vehicle.compartments))
        if amount and any(most is not None for most in limits):
            steps = -(-amount // LOAD_STEPS[measure])
            yield Relaxation(Kind(f"capacity_{name}"), vehicle.id, steps, LOAD_STEPS[measure], names=classes)


def _times(work: Work, firm: frozenset[str]) -> Iterator[Relaxation]:
    """From the easiest to ask for to the hardest: what can be put back is put back from the end."""
    stops = dict.fromkeys(task.stop for task in reversed(work.order))
    closing = [name for name in stops if work.places.stops[name].windows]
    yield from (_minutes(Kind.STOP_CLOSES_LATER, name) for name in closing)
    yield from (_minutes(Kind.STOP_OPENS_EARLIER, name) for name in closing)
    for task in work.order:
        if task.shipment.id not in firm and not _covers(task, work.turn):
            yield from (_minutes(kind, task.shipment.id) for kind in _OWN[task.is_pickup])
    vehicle, shift = work.turn.vehicle, work.turn.shift
    yield _minutes(Kind.SHIFT_ENDS_LATER, vehicle.id, shift)
    yield _minutes(Kind.SHIFT_STARTS_EARLIER, vehicle.id, shift)
    if vehicle.max_drive_s is not None:
        yield _minutes(Kind.DRIVING, vehicle.id)
    if vehicle.max_distance_m is not None:
        yield Relaxation(Kind.DISTANCE, vehicle.id, MOST_KILOMETRES, KILOMETRE)


_OWN = {
    True: (Kind.PICKUP_LATER, Kind.PICKUP_EARLIER),
    False: (Kind.DELIVERY_LATER, Kind.DELIVERY_EARLIER),
}


def _covers(task: Task, turn: Turn) -> bool:
    """Whether the goods may be handled at any time of the shift, as far as they themselves go."""
    shift = (Window(turn.window.start_s, turn.last_s),)
    return intersect(opening(task.windows), shift) == shift


def _minutes(kind: Kind, where: str, shift: int | None = None) -> Relaxation:
    return Relaxation(kind, where, DAY_S // MINUTE, MINUTE, shift)


# -- one day's window only -------------------------------------------------------------------------------------


def of_that_day(problem: Problem, changes: Iterable[Change], route: Route) -> tuple[Change, ...]:
    """The changes with each place's hours widened only in the windows that the route needs."""
    return tuple(part for change in changes for part in _narrowed(problem, change, route))


def _narrowed(problem: Problem, change: Change, route: Route) -> Iterator[Change]:
    if change.kind not in {Kind.STOP_CLOSES_LATER, Kind.STOP_OPENS_EARLIER}:
        yield change
        return
    stop = next(stop for stop in problem.stops if stop.id == change.where)
    wide = changed_stop(stop, change).windows
    starts = [
        visit.start_s
        for visit in route.visits
        if visit.stop == stop.id and (visit.pickups or visit.deliveries)
    ]
    late = [start for start in starts if not any(start in window for window in stop.windows)]
    numbers = {next((n for n, window in enumerate(wide) if start in window), None) for start in late}
    yield from (replace(change, shift=number) for number in sorted(n for n in numbers if n is not None))
