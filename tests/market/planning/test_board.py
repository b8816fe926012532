"""The desk's board, as a page, as a table, and a stop of it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from market.planning.models import Run, WeekPlan

pytestmark = pytest.mark.slow

WEEK = "2026-W48"


@pytest.fixture
def plan_id(to_plan):
    return to_plan.make_plan()


@pytest.fixture
def stops(plan_id, client_for):
    """The keys of the board's stops, in the order shown."""
    page = client_for("logistics_planner").get(f"/plans/{plan_id}/board").text
    return re.findall(r'data-stop="([0-9-]+)"', page)


def test_the_board_shows_each_stop_at_its_time(plan_id, client_for, look):
    page = client_for("logistics_planner").get(f"/plans/{plan_id}/board").text
    runs = look.scalars(select(Run)).all()
    working = [stop for run in runs for stop in run.stops if stop.loads]
    assert page.count("data-stop=") == len(working)
    assert page.count('class="desk-run ') == len(runs)
    assert "Kylbilen" in page
    assert "Kommunen, Kylbilen" in page


def test_a_day_alone_shows_that_day(plan_id, client_for):
    client = client_for("logistics_planner")
    page = client.get(f"/plans/{plan_id}/board?day=2026-11-25").text
    assert page.count('class="desk-run ') == 1
    assert f"/plans/{plan_id}/routes.geojson?day=2026-11-25" in page
    drawn = client.get(f"/plans/{plan_id}/routes.geojson?day=2026-11-25").json
    lines = [feature for feature in drawn["features"] if feature["geometry"]["type"] == "LineString"]
    assert len(lines) == 1


@pytest.mark.parametrize("day", ["2026-11-29", "2026-13-45", "nonsense"])
def test_what_is_no_day_of_it_shows_the_week(plan_id, client_for, day):
    client = client_for("logistics_planner")
    assert client.get(f"/plans/{plan_id}/board?day={day}").text.count('class="desk-run ') == 2
    assert len(client.get(f"/plans/{plan_id}/routes.geojson?day={day}").json["features"]) > 2


def test_everything_on_it_is_also_a_table(plan_id, stops, client_for):
    page = client_for("meal_manager").get(f"/plans/{plan_id}/board?as=table").text
    assert all(f"/plans/{plan_id}/board/{key}" in page for key in stops)
    assert re.search(r"\d\xa0kg av 900\xa0kg", page)


def test_a_stop_is_a_page_and_a_part(plan_id, stops, client_for):
    client = client_for("logistics_planner")
    page = client.get(f"/plans/{plan_id}/board/{stops[0]}").text
    assert "<h1" in page
    assert "Till tavlan" in page
    part = client.get(f"/plans/{plan_id}/board/{stops[0]}", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert f'data-chosen="{stops[0]}"' in part


@pytest.mark.parametrize("key", ["1-0-99", "nonsense", "9-9-9-9"])
def test_a_stop_that_is_gone_is_not_found(plan_id, client_for, key):
    assert client_for("logistics_planner").get(f"/plans/{plan_id}/board/{key}").status_code == 404


def test_the_week_leads_to_the_board_that_counts(to_plan, plan_id, client_for, look):
    client = client_for("logistics_planner")
    assert client.get(f"/planning/{WEEK}/board").location == f"/plans/{plan_id}/board"
    assert client.get("/planning/2026-W50/board").location == "/planning/2026-W50"
    assert client.get("/planning/2026-W99/board").status_code == 404
    assert client.get("/planning?week=2026-W50").location == "/planning/2026-W50"
    assert client.get(f"/planning?week={WEEK}&as=board").location == f"/planning/{WEEK}/board"
    assert client.get("/planning?week=nonsense").location == f"/planning/{WEEK}"
    assert look.get(WeekPlan, plan_id) is not None


def test_outsiders_do_not_see_it(plan_id, stops, client_for):
    for path in (f"/plans/{plan_id}/board", f"/plans/{plan_id}/board/{stops[0]}"):
        assert client_for("other_planner").get(path).status_code == 404
        assert client_for("producer").get(path).status_code == 403
