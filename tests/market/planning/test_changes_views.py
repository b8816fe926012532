"""A plan changed by hand, over HTTP: tried, kept, undone, refused when someone else was faster."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from market.planning.models import Run, WeekPlan

pytestmark = pytest.mark.slow

PART = {"HX-Request": "true"}


@pytest.fixture
def plan_id(to_plan):
    to_plan.add_vehicle("Lastbilen")
    return to_plan.make_plan()


def route_with(look, plan_id, order_id):
    """The vehicle and day that carry an order, as the plan's rows say."""
    runs = look.scalars(select(Run).where(Run.week_plan_id == plan_id)).all()
    return next(
        (run.vehicle_id, run.day.isoweekday())
        for run in runs
        for stop in run.stops
        for load in stop.loads
        if load.order_id == order_id
    )


def other_vehicle(look, plan_id, order_id):
    plan = look.get_one(WeekPlan, plan_id)
    own, _ = route_with(look, plan_id, order_id)
    return next(v["id"] for v in plan.problem["vehicles"] if v["id"] != str(own))


def fields_of(page):
    """What the form to keep holds."""
    form = re.search(r"<form[^>]*data-keep[^>]*>(.*?)</form>", page, re.DOTALL)[1]
    pairs = re.findall(r'name="(\w+)" value="([^"]*)"', form)
    return {name: [v for n, v in pairs if n == name] for name, _ in pairs if name != "csrf_token"}


def test_a_move_is_shown_before_it_is_kept(to_plan, plan_id, look, client_for):
    client = client_for("logistics_planner")
    vehicle = other_vehicle(look, plan_id, to_plan.thursday)
    look.rollback()
    asked = {
        "what": "move",
        "seen": 1,
        "shipments": f"order:{to_plan.thursday}",
        "vehicle": vehicle,
        "shift": 1,
    }
    tried = client.post(f"/plans/{plan_id}/changes/try", data=asked, headers=PART)
    assert tried.status_code == 200
    assert "<html" not in tried.text
    assert "Alla tider, laster och låsningar håller" in tried.text
    kept = client.post(f"/plans/{plan_id}/changes/keep", data=fields_of(tried.text), follow_redirects=True)
    assert "Ändringen är gjord" in kept.text
    assert route_with(look, plan_id, to_plan.thursday) == (int(vehicle), 4)
