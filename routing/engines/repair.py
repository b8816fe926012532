"""Mending an engine's plan: trips that break a rule are made drivable, what fell out goes where it costs least.

An engine that knows fewer rules than the problem has thus loses a shipment here and there, never the plan.
"""

from collections.abc import Iterable, Iterator

from routing.engines.estimate import Estimator, Order
from routing.engines.judge import Judge
from routing.problem import Shipment
from routing.trips import Trip, Turn

TRIED_IN_FULL = 5
"""Of the places that the estimate likes, so many are asked for the truth before the shipment stays out."""
Move = tuple[int, Turn, Order]
"""Öre that an insertion adds by the estimate, the turn, and its new order."""


def mended(trips: Iterable[Trip], judge: Judge) -> tuple[Trip, ...]:
    """A sound plan from any trips: broken ones thinned out, then every shipment left out offered a place."""
    whole: list[Trip] = []
    for trip in trips:
        whole.extend(judge.sound([trip]) or _thinned(trip, judge))
    return inserted(judge.sound(whole), judge)


def inserted(trips: tuple[Trip, ...], judge: Judge) -> tuple[Trip, ...]:
    """The sound plan with each shipment it left out put where it costs least, if that is worth its price."""
    by_turn = {_name(trip.turn): trip for trip in trips}
    served = {task.shipment.id for trip in trips for task in trip.tasks if not task.is_pickup}
    left = [s for s in judge.shipments if s.id not in served]
    for shipment in sorted(left, key=lambda s: (*_worth(s), -s.grams)):
        trip = _best_place(shipment, by_turn, judge)
        if trip is not None:
            by_turn[_name(trip.turn)] = trip
    return tuple(by_turn.values())


def _worth(shipment: Shipment) -> tuple[bool, int]:
    """What must be served comes first, then what costs most to leave out."""
    return shipment.skip_ore is not None, -(shipment.skip_ore or 0)


def _thinned(trip: Trip, judge: Judge) -> list[Trip]:
    """As many of the trip's shipments as keep every rule, those that cost most to leave out first, each at its place in the order."""
    kept: set[str] = set()
    best: Trip | None = None
    for shipment in sorted({task.shipment.id: task.shipment for task in trip.tasks}.values(), key=_worth):
        chosen = kept | {shipment.id}
        part = Trip(trip.turn, tuple(task for task in trip.tasks if task.shipment.id in chosen))
        if judge.route(part) is not None:
            kept, best = chosen, part
    return [] if best is None else [best]


def _best_place(shipment: Shipment, by_turn: dict[tuple[str, int], Trip], judge: Judge) -> Trip | None:
    estimator = judge.estimator
    moves = sorted(_moves(shipment, by_turn, estimator), key=lambda move: move[0])
    for added, turn, order in moves[:TRIED_IN_FULL]:
        if shipment.skip_ore is not None and added >= shipment.skip_ore:
            return None
        trip = estimator.trip_on(turn, order)
        if judge.route(trip) is not None:
            return trip
    return None


def _moves(shipment: Shipment, by_turn: dict[tuple[str, int], Trip], estimator: Estimator) -> Iterator[Move]:
    """The cheapest insertion into each used turn and into one empty turn of each class."""
    number = estimator.number[shipment.id]
    for kind, turns in enumerate(estimator.classes):
        empty = [turn for turn in turns if _name(turn) not in by_turn][:1]
        for turn in (*(turn for turn in turns if _name(turn) in by_turn), *empty):
            trip = by_turn.get(_name(turn))
            order = () if trip is None else estimator.order_of(trip)
            before = estimator.cost(kind, order) if order else 0
            best = min(_insertions(number, kind, order, estimator), default=None)
            if best is not None:
                yield best[0] - (before or 0), turn, best[1]


def _insertions(number: int, kind: int, order: Order, estimator: Estimator) -> Iterator[tuple[int, Order]]:
    """Every order with the shipment's two tasks put in that fits, with its estimated cost."""
    pickup, delivery = 2 * number + 1, 2 * number
    for first in range(len(order) + 1):
        for second in range(first, len(order) + 1):
            longer = (*order[:first], pickup, *order[first:second], delivery, *order[second:])
            cost = estimator.cost(kind, longer)
            if cost is not None:
                yield cost, longer


def _name(turn: Turn) -> tuple[str, int]:
    return (turn.vehicle.id, turn.shift)
