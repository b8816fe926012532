"""Faults in what planners decided about the order of work: orders of stops and fixed routes."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from routing.problem import Driven, InputError, Rules, Shipment, Vehicle
from routing.sequences import FixedRoute, StopOrder

Ends = list[tuple[str, bool]]
"""Shipments' ids with whether they are picked up (or delivered), in order."""


def sequence_errors(
    rules: Rules, shipments: tuple[Shipment, ...], vehicles: tuple[Vehicle, ...], stops: frozenset[str]
) -> Iterator[InputError]:
    """Every fault: names that are not there first, then what contradicts itself."""
    goods = {shipment.id: shipment for shipment in shipments}
    fleet = {vehicle.id: vehicle for vehicle in vehicles}
    unknown = (*_unknown(rules, goods, fleet, stops),)
    yield from unknown
    if not unknown:
        yield from _repeated(rules)
        yield from _waiting(rules, shipments)
        for fixed in rules.fixed_routes:
            yield from _fixed(fixed, rules, goods)


def _unknown(
    rules: Rules, goods: dict[str, Shipment], fleet: dict[str, Vehicle], stops: frozenset[str]
) -> Iterator[InputError]:
    both: tuple[StopOrder | FixedRoute, ...] = (*rules.stop_orders, *rules.fixed_routes)
    for rule in both:
        kind = "An order of stops" if isinstance(rule, StopOrder) else "A fixed route"
        if rule.vehicle not in fleet:
            text = f"{kind} names the vehicle {rule.vehicle!r}."
            yield InputError("unknown_vehicle", text, "Add it to the vehicles, or remove the rule.")
        elif not (isinstance(rule.shift, int) and 0 <= rule.shift < len(fleet[rule.vehicle].shifts)):
            text = f"{kind} names shift {rule.shift!r} of {rule.vehicle!r}."
            yield InputError("unknown_shift", text, "Give the vehicle that shift; they count from 0.")
    for name in (name for order in rules.stop_orders for name in order.stops):
        if name not in stops:
            text = f"An order of stops names the stop {name!r}."
            yield InputError("unknown_stop", text, "Add it to the stops, or remove it from the order.")
    for name in dict.fromkeys(task.shipment for fixed in rules.fixed_routes for task in fixed.tasks):
        if name not in goods:
            text = f"A fixed route names the shipment {name!r}."
            yield InputError(
                "unknown_shipment", text, "Add it to the shipments, or remove it from the route."
            )


def _waiting(rules: Rules, shipments: tuple[Shipment, ...]) -> Iterator[InputError]:
    """A fixed route is set aside while handover times are sought, so none may depend on it."""
    awaited = {name for shipment in shipments for name in shipment.after}
    waits = awaited | {shipment.id for shipment in shipments if shipment.after}
    for name in dict.fromkeys(task.shipment for fixed in rules.fixed_routes for task in fixed.tasks):
        if name in waits:
            text = f"{name!r} waits for other goods, or they for it, and is on a fixed route."
            remedy = "Lock it to the vehicle and shift instead, with an order of stops where that matters."
            yield InputError("fixed_waits", text, remedy)


def _repeated(rules: Rules) -> Iterator[InputError]:
    for order in rules.stop_orders:
        if len(set(order.stops)) < len(order.stops):
            text = f"The order of stops of {_name(order)} names a stop twice: {', '.join(order.stops)}."
            yield InputError("stop_ordered_twice", text, "Name each stop once.")
    for (vehicle, shift), count in Counter((f.vehicle, f.shift) for f in rules.fixed_routes).items():
        if count > 1:
            text = f"{vehicle!r} has {count} fixed routes in shift {shift}."
            yield InputError("fixed_twice", text, "Keep one of them.")
    routes = Counter(name for fixed in rules.fixed_routes for name in {task.shipment for task in fixed.tasks})
    for name, count in routes.items():
        if count > 1:
            text = f"{name!r} is on {count} fixed routes."
            yield InputError("fixed_on_two_routes", text, "Take it off all but one.")


def _fixed(fixed: FixedRoute, rules: Rules, goods: dict[str, Shipment]) -> Iterator[InputError]:
    """Each shipment is picked up and delivered, or is on board and delivered; and what has been driven was that."""
    where, turn = f"The fixed route of {_name(fixed)}", (fixed.vehicle, fixed.shift)
    aboard = {entry.shipment for entry in rules.on_board if (entry.vehicle, entry.shift) == turn}
    ends: Ends = [(task.shipment, task.is_pickup) for task in fixed.tasks]
    for name in dict.fromkeys(name for name, _ in ends):
        found = [is_pickup for other, is_pickup in ends if other == name]
        if found != ([False] if name in aboard else [True, False]):
            text = f"{where} does not pick up and then deliver {name!r}, once each."
            remedy = "Name both its tasks in that order; of goods on board only the delivery."
            yield InputError("fixed_in_part", text, remedy)
            return
    for driven in rules.driven:
        if (driven.vehicle, driven.shift) == turn and not _is_begun(driven, ends, goods):
            text = f"{where} is not what has been driven."
            yield InputError("fixed_driven_otherwise", text, "Lift it, or let it begin with what was done.")


def _is_begun(driven: Driven, ends: Ends, goods: dict[str, Shipment]) -> bool:
    """Whether the route begins with what has been driven, and ends there when that is over."""
    done: Ends = [
        (name, is_pickup)
        for visit in driven.visits
        for names, is_pickup in ((visit.deliveries, False), (visit.pickups, True))
        for name in names
    ]
    left = [end for end in ends if end not in done]
    begins = all(name in goods for name, _ in done) and _stays([*done, *left], goods) == _stays(ends, goods)
    return begins and not (left and driven.is_over)


def _stays(ends: Ends, goods: dict[str, Shipment]) -> list[tuple[str, list[tuple[str, bool]]]]:
    """The stops in order, each with all that is done there in one stay."""

    def stop_of(end: tuple[str, bool]) -> str:
        shipment = goods[end[0]]
        return shipment.pickup if end[1] else shipment.delivery

    return [(stop, sorted(group)) for stop, group in groupby(ends, key=stop_of)]


def _name(rule: StopOrder | FixedRoute) -> str:
    return f"{rule.vehicle!r} in shift {rule.shift}"
