"""What a revision tells of its change: plain JSON with the names as they were, so that it reads the same ever after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from market.planning.changes.asking import Asked, encoded
from market.planning.changes.outcomes import Outcome
from routing.plan import Plan
from routing.problem import Problem

DAY_S = 86_400


def params_of(problem: Problem, before: Plan, asked: Asked, outcome: Outcome) -> dict[str, Any]:
    """Who and what the change is about, where it was and where it is now, what gave way, and what it came to."""
    totals, after = before.totals, outcome.plan.totals
    return {
        "what": asked.what.value,
        "scope": asked.scope.value,
        "shipments": list(asked.shipments),
        "goods": [goods_name(problem, name) for name in asked.shipments],
        "place": next((stop.name for stop in problem.stops if stop.id == asked.stop), ""),
        "vehicle": vehicle_name(problem, asked.vehicle),
        "day": _day(problem, asked.vehicle, asked.shift),
        "from": list(_carriers(problem, before, asked.shipments)),
        "apart": goods_name(problem, asked.apart) if asked.apart else "",
        "gives": [encoded(change) for change in outcome.changes],
        "left_out": list(outcome.left_out),
        "taken_in": list(outcome.taken_in),
        "distance_m": after.distance_m - totals.distance_m,
        "duration_s": after.duration_s - totals.duration_s,
        "cost_ore": after.cost_ore - totals.cost_ore,
        "co2e_g": after.co2e_g - totals.co2e_g,
    }


def goods_name(problem: Problem, shipment: str) -> str:
    """From where to where: "Åkerbo gård – Centralköket"."""
    names = {stop.id: stop.name for stop in problem.stops}
    ends = ((one.pickup, one.delivery) for one in problem.shipments if one.id == shipment)
    return next((f"{names[pickup]} – {names[delivery]}" for pickup, delivery in ends), shipment)


def vehicle_name(problem: Problem, vehicle: str) -> str:
    return next((one.name for one in problem.vehicles if one.id == vehicle), vehicle)


def _day(problem: Problem, vehicle: str, shift: int | None) -> int | None:
    """Days from Monday to the shift."""
    shifts = next((one.shifts for one in problem.vehicles if one.id == vehicle), ())
    return None if shift is None else shifts[shift].start_s // DAY_S


def _carriers(problem: Problem, plan: Plan, names: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The routes that carry the goods."""
    chosen = set(names)
    for route in plan.routes:
        if any(not chosen.isdisjoint(visit.deliveries) for visit in route.visits):
            yield {
                "vehicle": vehicle_name(problem, route.vehicle),
                "day": _day(problem, route.vehicle, route.shift),
            }
