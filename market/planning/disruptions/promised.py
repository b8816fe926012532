"""Times that people go by already: each has a price while a plan is changed, and none afterwards. Pure."""

from __future__ import annotations

from dataclasses import replace

from routing.check import violations
from routing.insertion import trip_of
from routing.plan import Plan
from routing.problem import Problem
from routing.promises import broken_ore
from routing.replan import promises_of
from routing.solve import PlanCheckFailed, plan_of
from routing.trips import places_of


def promising(problem: Problem, plan: Plan, *, ore: int, tolerance_s: int) -> Problem:
    """The problem in which each vehicle, day and time of a delivery in the plan is a promise that costs `ore` to break.

    What no longer ends where it did is promised no more.
    """
    ends = {shipment.id: shipment.delivery for shipment in problem.shipments}
    came = {name: visit.stop for route in plan.routes for visit in route.visits for name in visit.deliveries}
    shifts = {vehicle.id: len(vehicle.shifts) for vehicle in problem.vehicles}
    promises = tuple(
        promise
        for promise in promises_of(plan, ore=ore, slack_s=tolerance_s)
        if ends.get(promise.shipment) == came[promise.shipment]
        and (promise.vehicle is None or (promise.shift or 0) < shifts.get(promise.vehicle, 0))
    )
    return replace(problem, rules=replace(problem.rules, promises=promises))


def freed(problem: Problem, plan: Plan) -> tuple[Problem, Plan]:
    """The same plan, and its problem, without promises: what a broken one weighed is not money. Raises PlanCheckFailed."""
    places = places_of(problem)
    routes = tuple(
        replace(
            route, cost_ore=route.cost_ore - broken_ore(trip_of(route, problem).turn, route.visits, places)
        )
        for route in plan.routes
    )
    plain = replace(problem, rules=replace(problem.rules, promises=()))
    own = plan_of(plain, routes, engine=plan.engine, seconds=plan.seconds, seed=plan.seed)
    if found := violations(plain, own):
        raise PlanCheckFailed(own, found)
    return plain, own
