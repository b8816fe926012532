"""Are the prices of the plan as a whole added up rightly? Part of the checker: from the definitions in balance.py.

Like the rest of the checker it shares no code with the planner.
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from math import floor

from routing.plan import Plan, Route
from routing.problem import Problem


def balance_faults(problem: Problem, plan: Plan) -> Iterator[tuple[str, str]]:
    """Code and text of a fault; routes whose vehicle, shift or goods are unknown are faults elsewhere."""
    true = _peak(problem, plan) + _new_faces(problem, plan) + _shortfalls(problem, plan)
    if plan.totals.balance_ore != true:
        text = f"The plan as a whole costs {true}, not {plan.totals.balance_ore}."
        yield "total_balance_ore", text


def _peak(problem: Problem, plan: Plan) -> int:
    starts = {
        (vehicle.id, number): shift.start_s
        for vehicle in problem.vehicles
        for number, shift in enumerate(vehicle.shifts)
    }
    seconds: dict[int, int] = defaultdict(int)
    for route in plan.routes:
        if (route.vehicle, route.shift) in starts:
            seconds[starts[route.vehicle, route.shift] // 86_400] += route.duration_s
    busiest = max(seconds.values(), default=0)
    return _rounded(Fraction(problem.balance.peak_ore_per_hour * busiest, 3600))


def _new_faces(problem: Problem, plan: Plan) -> int:
    drivers: dict[str, set[str]] = defaultdict(set)
    for route in plan.routes:
        for visit in route.visits:
            if visit.deliveries:
                drivers[visit.stop].add(route.vehicle)
    return problem.balance.new_face_ore * sum(len(names) - 1 for names in drivers.values())


def _shortfalls(problem: Problem, plan: Plan) -> int:
    grams = {shipment.id: shipment.grams for shipment in problem.shipments}
    owners = {vehicle.id: vehicle.owner for vehicle in problem.vehicles}

    def delivered(route: Route) -> int:
        return sum(grams.get(name, 0) for visit in route.visits for name in visit.deliveries)

    price = 0
    everything = sum(delivered(route) for route in plan.routes)
    for guarantee in problem.balance.guarantees:
        own = sum(delivered(route) for route in plan.routes if owners.get(route.vehicle) == guarantee.owner)
        short = Fraction(guarantee.per_cent, 100) * everything - own
        if short > 0:
            price += _rounded(guarantee.ore_per_kg * short / 1000)
    return price


def _rounded(ore: Fraction) -> int:
    """Half up."""
    return floor(ore + Fraction(1, 2))
