"""Descent on what a plan costs as a whole, which no engine knows: each prices its routes alone.

A step moves a whole route to another turn (two exchange their turns where both are used), or what a route delivers at
one stop, or one shipment, to another route, into the plan or out of it. Of all moves the one that by the estimate
makes the plan cheapest, balance included, is asked for the truth; the descent ends where no move is an improvement,
or its work is done. Nothing in it is random, and without a clock it is repeatable.
"""

from collections.abc import Iterable, Iterator

from routing.engines.balance_moves import Orders, Scale, moves
from routing.engines.estimate import Order
from routing.engines.judge import Judge
from routing.plan import Route
from routing.trips import Trip

MOST_STEPS = 200
TRIED_IN_FULL = 5
"""Of the moves that the estimate likes, so many are asked for the truth before the descent ends."""


def balanced(trips: Iterable[Trip], judge: Judge, *, scale: Scale) -> tuple[Trip, ...]:
    """The sound plan after the descent; never dearer by ``judge.price``."""
    plan = tuple(trips)
    for _ in range(MOST_STEPS):
        better = _stepped(plan, judge, scale)
        if better is None:
            break
        plan = better
    return plan


def _stepped(plan: tuple[Trip, ...], judge: Judge, scale: Scale) -> tuple[Trip, ...] | None:
    """The plan after the best move; None where there is no better one."""
    orders = {trip.turn.key: judge.estimator.order_of(trip) for trip in plan}
    scale.know(known(plan, judge))
    weigh = scale.weigher(orders)
    weighed = ((weigh(move), number, move) for number, move in enumerate(moves(orders, scale)))
    likely = sorted((entry for entry in weighed if entry[0] < (0, 0)), key=lambda entry: entry[:2])
    price = judge.price(plan)
    for _, _, move in likely[:TRIED_IN_FULL]:
        better = trips_of(orders | move, judge)
        if all(judge.route(trip) is not None for trip in better) and judge.price(better) < price:
            return better
    return None


def known(plan: Iterable[Trip], judge: Judge) -> Iterator[tuple[Order, Route]]:
    """The plan's orders with their routes."""
    for trip in plan:
        route = judge.route(trip)
        if route is not None:
            yield judge.estimator.order_of(trip), route


def trips_of(orders: Orders, judge: Judge) -> tuple[Trip, ...]:
    """The orders as trips of their turns."""
    turns = {turn.key: turn for turns in judge.estimator.classes for turn in turns}
    return tuple(judge.estimator.trip_on(turns[key], order) for key, order in orders.items() if order)
