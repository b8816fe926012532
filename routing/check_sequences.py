"""Does a plan keep the orders of stops and the fixed routes that planners decided.

Part of the checker, and like it written from the definitions in problem.py and sequences.py alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from routing.check_decisions import is_driven
from routing.plan import Plan, Route
from routing.problem import Rules, Shipment
from routing.sequences import FixedRoute

Stay = tuple[str, frozenset[tuple[str, str]]]
"""A stop, and all that is done there before going elsewhere: pairs of "picked up" or "delivered" and an id."""


def sequence_faults(rules: Rules, route: Route, goods: Mapping[str, Shipment]) -> Iterator[tuple[str, str]]:
    """Code and text of each fault of one route."""
    turn = (route.vehicle, route.shift)
    for order in rules.stop_orders:
        if (order.vehicle, order.shift) == turn:
            yield from _order(order.stops, rules, route)
    carried = {name for visit in route.visits for name in (*visit.pickups, *visit.deliveries)}
    for fixed in rules.fixed_routes:
        if (fixed.vehicle, fixed.shift) == turn and _driven_stays(route) != _fixed_stays(fixed, goods):
            yield "not_as_fixed", "The route does not do exactly the work that was fixed, in that order."
        elif (fixed.vehicle, fixed.shift) != turn:
            for name in sorted(carried & {task.shipment for task in fixed.tasks}):
                yield "fixed_elsewhere", f"{name!r} belongs on the fixed route of {fixed.vehicle!r}."


def missing_routes(rules: Rules, plan: Plan) -> Iterator[tuple[str, str]]:
    """Where a fixed route is missing, and what to say of it."""
    turns = {(route.vehicle, route.shift) for route in plan.routes}
    for fixed in rules.fixed_routes:
        if fixed.tasks and (fixed.vehicle, fixed.shift) not in turns:
            yield f"{fixed.vehicle}/{fixed.shift}", "The route is fixed; the plan has none."


def _order(stops: tuple[str, ...], rules: Rules, route: Route) -> Iterator[tuple[str, str]]:
    """Work at an earlier stop after a later one; what was driven cannot be undone, but binds what follows."""
    reached = -1
    for visit in route.visits:
        if not (visit.pickups or visit.deliveries) or visit.stop not in stops:
            continue
        place = stops.index(visit.stop)
        if place < reached and not is_driven(rules, route, visit):
            yield "out_of_order", f"Work at {visit.stop!r} was to come before that at {stops[reached]!r}."
        reached = max(reached, place)


def _driven_stays(route: Route) -> list[Stay]:
    done = (
        (visit.stop, what, name)
        for visit in route.visits
        for what, names in (("delivered", visit.deliveries), ("picked up", visit.pickups))
        for name in names
    )
    return _stays(done)


def _fixed_stays(fixed: FixedRoute, goods: Mapping[str, Shipment]) -> list[Stay]:
    place: dict[bool, Callable[[Shipment], str]] = {
        True: lambda shipment: shipment.pickup,
        False: lambda shipment: shipment.delivery,
    }
    return _stays(
        (
            place[task.is_pickup](goods[task.shipment]),
            "picked up" if task.is_pickup else "delivered",
            task.shipment,
        )
        for task in fixed.tasks
    )


def _stays(done: Iterable[tuple[str, str, str]]) -> list[Stay]:
    stays: list[Stay] = []
    for stop, what, name in done:
        if stays and stays[-1][0] == stop:
            stays[-1] = (stop, stays[-1][1] | {(what, name)})
        else:
            stays.append((stop, frozenset({(what, name)})))
    return stays
