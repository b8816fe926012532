"""A stored plan as a map that leaves the program: one HTML file, with the municipalities beneath."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask_babel import gettext

from geodata.borders import borders_geojson
from market import formatting
from market.orders.models import Order
from market.planning.documents import goods_text
from market.planning.models import WeekPlan
from market.planning.naming import order_id_of
from market.planning.rules import reason_text
from market.planning.sheets import items_of
from market.values import Week
from routing.formats.document import plan_from, problem_from
from routing.plan import Plan, Route, Unserved, Visit
from routing.problem import Problem

MARGIN_DEGREES = 0.4
BORDER_TOLERANCE_M = 200


def map_document(row: WeekPlan, *, language: str) -> str:
    """The whole page, which opens without a network; `row` is loaded with its orders. `language` is sv or en."""
    from routing.maps import plan_map  # draws with folium, which takes seconds to load

    title = gettext(
        "Körplan %(week)s, %(authority)s",
        week=formatting.week_name(Week.containing(row.monday)),
        authority=row.authority.name,
    )
    problem = problem_from({**row.problem, "name": title})
    plan = _in_words(plan_from(row.plan), row)
    background = borders_geojson(_around(problem), tolerance_m=BORDER_TOLERANCE_M)
    return plan_map(problem, plan, background=background, language=language)


def _around(problem: Problem) -> tuple[float, float, float, float]:
    """South, west, north, east around all stops."""
    lats = [stop.lat for stop in problem.stops if stop.lat is not None]
    lons = [stop.lon for stop in problem.stops if stop.lon is not None]
    margin = MARGIN_DEGREES
    return min(lats) - margin, min(lons) - margin, max(lats) + margin, max(lons) + margin


def _in_words(plan: Plan, row: WeekPlan) -> Plan:
    """The plan with people's words where the planner has its own names."""
    orders = {load.order_id: load.order for run in row.runs for stop in run.stops for load in stop.loads}
    orders |= {entry.order_id: entry.order for entry in row.unserved}
    labels = {number: _label(order) for number, order in orders.items()}
    codes = {entry.order_id: entry.reason_code for entry in row.unserved}
    left_out = (
        Unserved(labels[number], entry.reason_code, gettext(reason_text(codes[number])))
        for number, entry in ((order_id_of(entry.shipment), entry) for entry in plan.unserved)
    )
    routes = tuple(_relabelled(route, labels) for route in plan.routes)
    return replace(plan, routes=routes, unserved=tuple(left_out))


def _label(order: Order) -> str:
    label: str = gettext("nr %(number)s %(goods)s", number=order.id, goods=goods_text(items_of(order)))
    return label


def _relabelled(route: Route, labels: Mapping[int, str]) -> Route:
    return replace(route, visits=tuple(_visit(visit, labels) for visit in route.visits))


def _visit(visit: Visit, labels: Mapping[int, str]) -> Visit:
    return replace(
        visit,
        pickups=tuple(labels[order_id_of(name)] for name in visit.pickups),
        deliveries=tuple(labels[order_id_of(name)] for name in visit.deliveries),
    )
