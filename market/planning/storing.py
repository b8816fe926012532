"""From a checked plan to the rows that pages, drivers and kitchens read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy.orm import Session

from market.planning.building import StopKey, day_of_shift, order_and_leg
from market.planning.closing import plainer_code
from market.planning.models import Run, RunLoad, RunStop, UnservedOrder, WeekPlan
from market.planning.rules import LoadKind, PlanNotSound, reason_text
from market.register.models import Temperature
from market.values import Week, wall_clock
from routing.check import violations
from routing.formats.document import plan_document, problem_document
from routing.plan import Plan, Route, Totals, Visit
from routing.problem import Problem, Shipment


def check_sound(problem: Problem, plan: Plan) -> None:
    """Let the independent checker read the plan once more before it is stored. Raises PlanNotSound."""
    found = violations(problem, plan)
    if found:
        raise PlanNotSound(fault=found[0].code)


def fill(row: WeekPlan, *, problem: Problem, plan: Plan) -> None:
    """Give a new plan's row its documents, figures, runs and what was left out."""
    totals = plan.totals
    row.problem, row.plan = problem_document(problem), plan_document(plan)
    row.distance_m, row.duration_s = totals.distance_m, totals.duration_s
    row.cost_ore, row.co2e_g, row.bound_ore = totals.cost_ore, totals.co2e_g, plan.bound_ore
    row.runs = list(_runs(row, problem, plan))
    row.unserved = list(_unserved(problem, plan))


def refill(session: Session, row: WeekPlan, *, problem: Problem, plan: Plan) -> None:
    """The same for a row that is stored: the old runs go first, as the new ones take their numbers. Who drives what stays."""
    drivers = {(run.vehicle_id, run.day): run.driver_id for run in row.runs}
    row.runs, row.unserved = [], []
    session.flush()
    fill(row, problem=problem, plan=plan)
    for run in row.runs:
        run.driver_id = drivers.get((run.vehicle_id, run.day))
    session.flush()


def compare_with(row: WeekPlan, alone: Totals) -> None:
    """Keep what the same goods would take if every producer drove alone."""
    row.alone_distance_m, row.alone_duration_s = alone.distance_m, alone.duration_s
    row.alone_cost_ore, row.alone_co2e_g = alone.cost_ore, alone.co2e_g


def unserved_codes(problem: Problem, plan: Plan) -> dict[int, str]:
    """Order id to reason code, in plainer words than the planner's where more is known; the way in before the way onward."""
    shipments = {shipment.id: shipment for shipment in problem.shipments}
    found: dict[int, str] = {}
    for entry in plan.unserved:
        order_id, _ = order_and_leg(entry.shipment)
        code = plainer_code(problem, shipments[entry.shipment], entry.reason_code)
        found.setdefault(order_id, code)
    return found


def _unserved(problem: Problem, plan: Plan) -> Iterator[UnservedOrder]:
    for order_id, code in unserved_codes(problem, plan).items():
        yield UnservedOrder(order_id=order_id, reason_code=code, reason=reason_text(code))


def _runs(row: WeekPlan, problem: Problem, plan: Plan) -> Iterator[Run]:
    """Numbered through the week, in the plan's order."""
    week = Week.containing(row.monday)
    goods = {shipment.id: shipment for shipment in problem.shipments}
    for number, route in enumerate(plan.routes, 1):
        yield Run(
            vehicle_id=int(route.vehicle),
            number=number,
            day=day_of_shift(problem, week, route.vehicle, route.shift),
            distance_m=route.distance_m,
            drive_s=route.drive_s,
            duration_s=route.duration_s,
            break_s=route.break_s,
            cost_ore=route.cost_ore,
            co2e_g=route.co2e_g,
            stops=list(_stops(route, week, goods)),
        )


def _stops(route: Route, week: Week, goods: dict[str, Shipment]) -> Iterator[RunStop]:
    """A stay is one stop, however many services the planner made of it: nobody drives in between."""
    stays = groupby(route.visits, key=lambda visit: visit.stop)
    for position, (name, visits) in enumerate(stays, 1):
        first, *more = visits
        last = more[-1] if more else first
        key = StopKey.of(name)
        yield RunStop(
            position=position,
            site_id=key.id if key.kind == "site" else None,
            kitchen_id=key.id if key.kind == "kitchen" else None,
            arrives_at=wall_clock(week.monday, first.arrival_s),
            starts_at=wall_clock(week.monday, first.start_s),
            departs_at=wall_clock(week.monday, last.departure_s),
            load_grams=last.load_grams_after,
            loads=[load for visit in (first, *more) for load in _loads(visit, goods)],
        )


def _loads(visit: Visit, goods: dict[str, Shipment]) -> Iterator[RunLoad]:
    """Deliveries first, as the planner means it: they make room."""
    for kind, names in ((LoadKind.DELIVERY, visit.deliveries), (LoadKind.PICKUP, visit.pickups)):
        for name in names:
            order_id, leg = order_and_leg(name)
            shipment = goods[name]
            yield RunLoad(
                order_id=order_id,
                kind=kind,
                leg=leg,
                grams=shipment.grams,
                crates=shipment.crates,
                temperature=Temperature(shipment.temperature.value),
            )
