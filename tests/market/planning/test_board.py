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
    return to_plan.first_plan()


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


def inputs(form):
    """The fields of a form, each a pair, as a browser sends them."""
    return re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', form)


def form_with(page, what):
    """The fields of the form on the page that asks for this."""
    forms = re.findall(r"<form\b.*?</form>", page, re.DOTALL)
    return inputs(next(form for form in forms if f'name="what" value="{what}"' in form))


def sent(client, path, fields):
    data = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    return client.post(path, data=data)


def test_a_stop_is_locked_and_freed_by_its_buttons(plan_id, stops, client_for):
    client = client_for("logistics_planner")
    at = f"/plans/{plan_id}/board/{stops[0]}"
    answer = sent(client, f"/plans/{plan_id}/changes/keep", form_with(client.get(at).text, "lock"))
    assert answer.location == f"/plans/{plan_id}/board"
    board = client.get(answer.location).text
    assert "is-locked" in board
    assert "Ångra</button>" in board
    assert "Lås upp stoppet" in client.get(at).text
    sent(client, f"/plans/{plan_id}/changes/keep", form_with(client.get(at).text, "unlock"))
    assert "is-locked" not in client.get(answer.location).text


def test_a_stop_is_moved_by_its_form_and_put_back_by_undoing(to_plan, client_for):
    to_plan.add_vehicle("Andra bilen")
    plan_id = to_plan.make_plan()
    client = client_for("logistics_planner")
    first = re.findall(r'data-stop="([0-9-]+)"', client.get(f"/plans/{plan_id}/board").text)[0]
    page = client.get(f"/plans/{plan_id}/board/{first}").text
    turns = re.findall(r'<option value="([0-9]+:[0-9]+)">', page)
    vehicle, shift, _ = first.split("-")
    other = next(turn for turn in turns if turn.split(":")[0] != vehicle and turn.split(":")[1] == shift)
    shown = sent(client, f"/plans/{plan_id}/changes/try", [*form_with(page, "move"), ("turn", other)])
    assert shown.status_code == 200
    assert "Lägg tillbaka" in shown.text
    sent(client, f"/plans/{plan_id}/changes/keep", form_with(shown.text, "move"))
    board = client.get(f"/plans/{plan_id}/board").text
    assert f'data-stop="{other.split(":")[0]}-' in board
    undo = next(form for form in re.findall(r"<form\b.*?</form>", board, re.DOTALL) if "Ångra" in form)
    assert sent(client, f"/plans/{plan_id}/undo", inputs(undo)).location == f"/plans/{plan_id}/board"
    assert f'data-stop="{first}"' in client.get(f"/plans/{plan_id}/board").text


def test_what_a_vehicle_must_not_carry_is_shown_where_it_can_be_allowed(to_plan, client_for):
    to_plan.add_vehicle("Andra bilen")
    plan_id = to_plan.make_plan()
    client = client_for("logistics_planner")
    first = re.findall(r'data-stop="([0-9-]+)"', client.get(f"/plans/{plan_id}/board").text)[0]
    page = client.get(f"/plans/{plan_id}/board/{first}").text
    vehicle = first.split("-")[0]
    other = next(one for one in re.findall(r'<option value="([0-9]+)">', page) if one != vehicle)
    keep = f"/plans/{plan_id}/changes/keep"
    sent(client, keep, [*form_with(page, "forbid"), ("vehicle", other)])
    page = client.get(f"/plans/{plan_id}/board/{first}").text
    assert "får inte köra varorna" in page
    sent(client, keep, form_with(page, "allow"))
    assert "får inte köra varorna" not in client.get(f"/plans/{plan_id}/board/{first}").text


def test_a_published_plan_is_changed_in_a_draft(to_plan, plan_id, stops, client_for):
    to_plan.publish(plan_id)
    client = client_for("logistics_planner")
    board = client.get(f"/plans/{plan_id}/board").text
    assert "Ändra i ett utkast" in board
    assert "data-desk-move" not in board
    assert "Lås stoppet" not in client.get(f"/plans/{plan_id}/board/{stops[0]}").text


def test_a_meal_manager_looks_and_changes_nothing(plan_id, stops, client_for):
    client = client_for("meal_manager")
    assert "Ändra i ett utkast" not in client.get(f"/plans/{plan_id}/board").text
    assert "Lås stoppet" not in client.get(f"/plans/{plan_id}/board/{stops[0]}").text


def test_plans_of_a_week_stand_side_by_side(to_plan, plan_id, client_for):
    client = client_for("logistics_planner")
    assert "Planerna sida vid sida" not in client.get(f"/planning/{WEEK}").text
    to_plan.add_vehicle("Dyra bilen", ore_per_km=900)
    to_plan.make_plan()
    page = client.get(f"/planning/{WEEK}").text
    assert "Planerna sida vid sida" in page
    assert f"/plans/{plan_id}/board" in page
