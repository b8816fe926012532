"""Goods moved by hand: to another vehicle, shift or place in the order of work, with what must give way for that.

The goods leave their routes, which close up; one block of them (all that is done with them at one stop) is put where the
planner said, their other ends where they cost least. When no rule stands in the way the outcome changes nothing but the
plan. Otherwise it holds the smallest changes to the problem by which its plan is sound (``giving_way``): whoever keeps the
move keeps those with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from routing.balancing import Whole
from routing.changes import Change, Kind, changed
from routing.giving_way import decided_against, least
from routing.handover import (
    earliest_times,
    has_handovers,
    latest_times,
    picked_up,
    separated,
    waiting_for,
)
from routing.insertion import Order, cheapest, trip_of, with_shipment
from routing.placing import Block, orders_of
from routing.plan import Plan, Route, Unserved, add_up
from routing.problem import Problem
from routing.reasons import unserved
from routing.schedule import schedule
from routing.trips import Places, Trip, Turn, places_of, turns_of

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Move:
    """Which shipments (ids) go to which vehicle and shift.

    ``stop``: the block that is moved, all that is done with the shipments there. ``position``: how many of the route's other
    stays, as they are now, come before the block; None puts it where it costs least.
    """

    shipments: tuple[str, ...]
    vehicle: str
    shift: int
    stop: str | None = None
    position: int | None = None

    @property
    def key(self) -> Key:
        return self.vehicle, self.shift


@dataclass(frozen=True, slots=True)
class Moved:
    """The plan after a move, sound for ``problem``: the one before with ``changes``. ``left_out``: ids that lost their place by it."""

    problem: Problem
    plan: Plan
    changes: tuple[Change, ...] = ()
    left_out: tuple[str, ...] = ()


class CannotMove(ValueError):
    """No change that is known here would let the goods be moved so; ``code`` is one of the constants below."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


UNKNOWN = "unknown"
"""A shipment, vehicle, shift or stop that the problem does not have, or a stop where the goods do nothing."""
SETTLED = "settled"
"""It is on board of a vehicle, or was."""
NO_WAY = "no_way"
"""No order of work and no change makes room: it would not even fit with a day more."""
LEAVES_A_GAP = "leaves_a_gap"
"""What is left of a route that the goods come from cannot be driven."""


def moved(problem: Problem, plan: Plan, move: Move) -> Moved:
    """The plan with the move made. Raises CannotMove."""
    _check(problem, move)
    followers = _followers(problem, plan, move.shipments)
    try:
        return _placed(problem, plan, move)
    except CannotMove:
        if not followers:
            raise
    return _with_followers(problem, plan, move, followers)


def _check(problem: Problem, move: Move) -> None:
    goods = {shipment.id: shipment for shipment in problem.shipments}
    known = move.shipments and set(move.shipments) <= goods.keys()
    if not known or not any(turn.key == move.key for turn in turns_of(problem)):
        raise CannotMove(UNKNOWN)
    chosen = (goods[name] for name in move.shipments)
    if move.stop is not None and not all(move.stop in {one.pickup, one.delivery} for one in chosen):
        raise CannotMove(UNKNOWN)
    if picked_up(problem).intersection(move.shipments):
        raise CannotMove(SETTLED)


def _placed(problem: Problem, plan: Plan, move: Move, beside: tuple[Change, ...] = ()) -> Moved:
    """The move with what was decided against it out of the way, and ``beside`` changed already."""
    given = (*beside, *decided_against(problem, plan, move.shipments, move.key))
    around = changed(problem, given) if given else problem
    before = {(route.vehicle, route.shift): route for route in plan.routes}
    single = _single(around, before.values(), move.shipments)
    places = places_of(single)
    kept = _closed_up(before, single, places, move)
    turn = next(turn for turn in turns_of(single) if turn.key == move.key)
    orders = _orders(single, before.get(move.key), move, turn, places)
    route = cheapest(turn, orders, places, whole=Whole(around, kept.values()))
    if route is not None:
        return _outcome(problem, around, plan, {**kept, move.key: route}, given)
    firm = frozenset(waiting_for(problem))
    answer = least(turn, orders, places, around.rules, firm=firm)
    if answer is None:
        raise CannotMove(NO_WAY)
    more, route = answer
    wider = changed(around, more) if more else around
    return _outcome(problem, wider, plan, {**kept, move.key: route}, (*given, *more))


def _single(problem: Problem, routes: Iterable[Route], names: tuple[str, ...]) -> Problem:
    """The problem in which each route can be timed alone: handovers when the other goods leave time for them."""
    if not has_handovers(problem):
        return problem
    chosen = tuple(routes)
    waiting, carried = waiting_for(problem), {n for r in chosen for v in r.visits for n in v.pickups}
    awaited = {name for entry in problem.shipments if entry.id in names for name in entry.after}
    soonest, times = earliest_times(problem, chosen), latest_times(problem, chosen)
    free = {n for n in names if n in times and not carried.intersection(s.id for s in waiting[n])}
    times |= {name: at_s for name, at_s in soonest.items() if name in awaited}
    return separated(problem, {name: at_s for name, at_s in times.items() if name not in free})


def _closed_up(routes: Mapping[Key, Route], problem: Problem, places: Places, move: Move) -> dict[Key, Route]:
    """The other routes without the goods; those that are left with nothing to do are gone."""
    names = frozenset(move.shipments)
    kept: dict[Key, Route] = {}
    for key, route in routes.items():
        if key == move.key:
            continue
        if names.isdisjoint(name for visit in route.visits for name in visit.pickups):
            kept[key] = route
            continue
        trip = trip_of(route, problem)
        left = tuple(task for task in trip.tasks if task.shipment.id not in names)
        if left:
            kept[key] = _driven(Trip(trip.turn, left), places)
    return kept


def _driven(trip: Trip, places: Places) -> Route:
    route = schedule(trip, places=places)
    if route is None:
        raise CannotMove(LEAVES_A_GAP)
    return route


def _orders(
    problem: Problem, route: Route | None, move: Move, turn: Turn, places: Places
) -> tuple[Order, ...]:
    goods = {shipment.id: shipment for shipment in problem.shipments}
    block = Block(tuple(goods[name] for name in move.shipments), move.stop, move.position)
    return orders_of(turn, trip_of(route, problem).tasks if route else (), block, places)


def _outcome(
    problem: Problem, after: Problem, before: Plan, routes: Mapping[Key, Route], changes: tuple[Change, ...]
) -> Moved:
    """``after`` is the problem with the changes made."""
    plan = with_routes(after, before, routes, is_same=after is problem)
    lost = before.served - plan.served
    return Moved(after, plan, changes, tuple(s.id for s in problem.shipments if s.id in lost))


def with_routes(
    problem: Problem, before: Plan, routes: Mapping[Key, Route], *, is_same: bool = False
) -> Plan:
    """The plan with these routes, by turn: those it had keep their order and new ones come last; the sums, and what is left out.

    ``is_same``: the plan before was one of this problem too.
    """
    order = {(route.vehicle, route.shift): number for number, route in enumerate(before.routes)}
    chosen = tuple(routes[key] for key in sorted(routes, key=lambda key: (order.get(key, len(order)), key)))
    left_out = _left_out(problem, before, chosen)
    prices = {shipment.id: shipment.skip_ore or 0 for shipment in problem.shipments}
    return replace(
        before,
        routes=chosen,
        unserved=left_out,
        totals=add_up(
            chosen,
            skip_ore=sum(prices[entry.shipment] for entry in left_out),
            balance_ore=Whole(problem, chosen).ore,
        ),
        fingerprint=before.fingerprint if is_same and before.fingerprint else problem.fingerprint(),
        bound_ore=0,
    )


def _left_out(problem: Problem, before: Plan, routes: tuple[Route, ...]) -> tuple[Unserved, ...]:
    """What was left out and still is keeps its reason; only what is new is asked for one."""
    served = {name for route in routes for visit in route.visits for name in visit.deliveries}
    known = {entry.shipment: entry for entry in before.unserved}
    missing = [shipment.id for shipment in problem.shipments if shipment.id not in served]
    if all(name in known for name in missing):
        return tuple(known[name] for name in missing)
    return unserved(problem, routes)


# -- goods that wait for those that are moved -------------------------------------------------------------------


def _followers(problem: Problem, plan: Plan, names: tuple[str, ...]) -> tuple[str, ...]:
    """What waits for the goods, and what waits for that, as far as the plan carries it: nearest first."""
    waiting, found = waiting_for(problem), list(names)
    for name in found:
        found += [s.id for s in waiting.get(name, ()) if s.id not in found and s.id in plan.served]
    return tuple(found[len(names) :])


def _with_followers(problem: Problem, plan: Plan, move: Move, followers: tuple[str, ...]) -> Moved:
    """The move made first, and what waits for the goods then put where it costs least; or left out."""
    before = {(route.vehicle, route.shift): route for route in plan.routes}
    without = _without(problem, plan, before, followers)
    turn_day = {change.where: change for change in decided_against(problem, plan, move.shipments, move.key)}
    days = {change.amount for change in turn_day.values() if change.kind is Kind.DAY}
    later = days.pop() if len(days) == 1 else 0
    beside = tuple(Change(Kind.DAY, name, later) for name in followers if later)
    outcome = _placed(problem, without, move, beside)
    found = outcome.plan
    for name in followers:
        found = with_shipment(outcome.problem, found, name) or found
    lost = plan.served - found.served
    return replace(
        outcome,
        plan=replace(found, bound_ore=0),
        left_out=tuple(s.id for s in problem.shipments if s.id in lost),
    )


def _without(problem: Problem, plan: Plan, routes: Mapping[Key, Route], names: tuple[str, ...]) -> Plan:
    """The plan with the goods taken out of it."""
    single = _single(problem, routes.values(), names)
    nowhere = Move(names, "", -1)
    return with_routes(problem, plan, _closed_up(routes, single, places_of(single), nowhere))


# -- goods without a place of their own choosing ------------------------------------------------------------------


def taken_out(problem: Problem, plan: Plan, names: tuple[str, ...]) -> Plan:
    """The plan without these shipments and what waits for them. Raises CannotMove."""
    routes = {(route.vehicle, route.shift): route for route in plan.routes}
    return _without(problem, plan, routes, (*names, *_followers(problem, plan, names)))


def put_back(problem: Problem, plan: Plan, names: tuple[str, ...]) -> Plan:
    """The plan with each of these where it costs least, in turn; those that no vehicle has room for stay left out."""
    for name in names:
        plan = with_shipment(problem, plan, name) or plan
    return replace(plan, bound_ore=0)
