"""Does everything leave after it is there: goods that wait for others, goods ready from a time, visits over by a time.

Part of the checker, and like it written from the definitions in problem.py alone.
"""

from collections.abc import Iterator

from routing.plan import Plan, Visit
from routing.problem import Problem, Shipment

Fault = tuple[str, str, str]
"""Code, shipment and text."""


def handover_faults(problem: Problem, plan: Plan) -> Iterator[Fault]:
    """Every fault of ``after``, ``ready_s`` and ``done_by_s``; what has been driven is settled and has none."""
    settled = _settled(problem)
    transfer_s = {stop.id: stop.transfer_s for stop in problem.stops}
    picked: dict[str, Visit] = {}
    delivered: dict[str, Visit] = {}
    for route in plan.routes:
        for visit in route.visits:
            picked.update(dict.fromkeys(visit.pickups, visit))
            delivered.update(dict.fromkeys(visit.deliveries, visit))
    for shipment in problem.shipments:
        taken, given = picked.get(shipment.id), delivered.get(shipment.id)
        if taken is not None and (shipment.id, "pickup") not in settled:
            yield from _leaves(shipment, taken, delivered, transfer_s.get(shipment.pickup, 0))
        if given is not None and (shipment.id, "delivery") not in settled:
            yield from _ends(shipment, given)


def _settled(problem: Problem) -> set[tuple[str, str]]:
    """Shipments and which end of them has been driven."""
    visits = [visit for driven in problem.rules.driven for visit in driven.visits]
    picked = {(name, "pickup") for visit in visits for name in visit.pickups}
    return picked | {(name, "delivery") for visit in visits for name in visit.deliveries}


def _leaves(
    shipment: Shipment, taken: Visit, delivered: dict[str, Visit], transfer_s: int
) -> Iterator[Fault]:
    if shipment.ready_s and taken.start_s < shipment.ready_s:
        text = f"It is picked up at {taken.start_s}, and ready at {shipment.ready_s}."
        yield "not_ready", shipment.id, text
    for name in shipment.after:
        came = delivered.get(name)
        if came is None:
            text = f"It is picked up at {taken.start_s}, but {name!r}, which it waits for, never came."
            yield "goods_never_came", shipment.id, text
        elif taken.start_s < came.departure_s + transfer_s:
            first_s = came.departure_s + transfer_s
            text = f"It is picked up at {taken.start_s}; by {name!r} it can leave from {first_s} on."
            yield "leaves_too_early", shipment.id, text


def _ends(shipment: Shipment, given: Visit) -> Iterator[Fault]:
    if shipment.done_by_s is not None and given.departure_s > shipment.done_by_s:
        text = f"Its delivery ends at {given.departure_s}, after {shipment.done_by_s}."
        yield "done_too_late", shipment.id, text
