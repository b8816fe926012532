"""Two vans, two days and three orders on a line, and how tests speak of their plans."""

from dataclasses import replace

from routing.baselines import replace_parts
from routing.check import violations
from routing.problem import Window
from routing.sequences import FixedTask

HOUR = 3600
MINUTE = 60
DAYS = tuple(Window(day * 24 * HOUR + 6 * HOUR, day * 24 * HOUR + 16 * HOUR) for day in range(2))


def only(problem, *names, shifts=1):
    """The problem with the cheap van's first days and these shipments."""
    van = replace(problem.vehicles[0], shifts=DAYS[:shifts])
    return replace_parts(problem, shipments=(s for s in problem.shipments if s.id in names), vehicles=(van,))


def codes(problem, plan):
    return {violation.code for violation in violations(problem, replace(plan, fingerprint=""))}


def stops_of(route):
    return [visit.stop for visit in route.visits]


def reasons(plan):
    return {entry.shipment: entry.reason_code for entry in plan.unserved}


def both(*names):
    """Picked up one after the other, delivered in the same order."""
    return tuple(FixedTask(name, is_pickup=end) for end in (True, False) for name in names)
