"""The pages of the logistics desk, as its people see and use them."""

from __future__ import annotations

import io
import json
import re

import pytest
from factories import AT
from job_running import run_jobs
from pypdf import PdfReader
from sqlalchemy import func, select, update

from market.fleet.models import Vehicle
from market.planning.models import Run, WeekPlan

pytestmark = pytest.mark.slow

WEEK = "2026-W48"
READERS = ("logistics_planner", "meal_manager")
STRANGERS = ("other_planner",)
UNABLE = ("producer", "kitchen", "procurement_officer", "admin")
PAGES = ("", "/routes.geojson", "/map.html", "/run-sheets.pdf", "/runs/{run}", "/runs/{run}.pdf")


@pytest.fixture
def planned(to_plan, look):
    """The plan's address, and each of its pages'."""
    plan_id = to_plan.first_plan()
    run_id = look.scalars(select(Run.id).order_by(Run.number)).first()
    look.rollback()
    return [f"/plans/{plan_id}{page.format(run=run_id)}" for page in PAGES]


def press_plan(app, client, week=WEEK):
    """The button, the job it asks for done by a worker, and the page it then leads to."""
    address = client.post(f"/planning/{week}/plan").location
    assert run_jobs(app) == 1
    return client.get(address, follow_redirects=True)


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_first_page_is_the_week_with_most_to_drive(to_plan, client_for):
    answer = client_for("logistics_planner").get("/planning")
    assert answer.location == f"/planning/{WEEK}"


def test_the_week_shows_its_orders_and_the_button(to_plan, client_for):
    page = client_for("logistics_planner").get(f"/planning/{WEEK}").text
    assert "Planera veckan" in page
    assert "Förskolan Rimbo, via Centralköket" in page
    assert "1 beställning väntar på producentens svar" in page
    assert "Kylbilen" in page


def test_a_meal_manager_reads_but_does_not_plan(to_plan, planned, client_for):
    client = client_for("meal_manager")
    assert "Planera veckan</button>" not in client.get(f"/planning/{WEEK}").text
    assert client.post(f"/planning/{WEEK}/plan").status_code == 403
    assert client.post(f"{planned[0]}/publish").status_code == 403


def test_an_empty_week_teaches(to_plan, client_for):
    page = client_for("logistics_planner").get("/planning/2026-W50").text
    assert "Inget att köra den här veckan" in page
    assert "Planera veckan</button>" not in page


@pytest.mark.parametrize("week", ["2026-W54", "2026-48", "nonsense", "0001-W01", "9999-W52"])
def test_what_is_no_week_is_not_found(client_for, week):
    assert client_for("logistics_planner").get(f"/planning/{week}").status_code == 404


def test_the_button_makes_a_plan_and_shows_it(to_plan, client_for, app):
    answer = press_plan(app, client_for("logistics_planner"))
    assert answer.status_code == 200
    assert "Planen är klar" in answer.text
    assert "Utkast" in answer.text
    assert re.search(r"\d+ % (mindre|mer) än var för sig", answer.text)


def test_planning_nothing_says_what_to_do(to_plan, client_for, app):
    answer = press_plan(app, client_for("logistics_planner"), "2026-W50")
    assert "Planera när köken har beställt" in answer.text


@pytest.mark.parametrize("reader", READERS)
def test_readers_see_every_page_of_a_plan(planned, client_for, reader):
    client = client_for(reader)
    assert [client.get(page).status_code for page in planned] == [200] * len(planned)


@pytest.mark.parametrize("stranger", STRANGERS)
def test_an_outsider_does_not_learn_that_the_plan_exists(planned, client_for, stranger):
    client = client_for(stranger)
    assert [client.get(page).status_code for page in planned] == [404] * len(planned)
    assert client.post(f"{planned[0]}/publish").status_code == 404


@pytest.mark.parametrize("person", UNABLE)
def test_other_roles_may_not(planned, client_for, person):
    client = client_for(person)
    assert [client.get(page).status_code for page in planned] == [403] * len(planned)


def test_a_run_of_another_plan_is_not_found(planned, client_for):
    plan, run = planned[0], planned[4].rpartition("/")[2]
    client = client_for("logistics_planner")
    assert client.get(f"/plans/999/runs/{run}").status_code == 404
    assert client.get(f"{plan}/runs/999").status_code == 404


def test_publishing_tells_the_kitchen_when_the_van_comes(to_plan, planned, client_for, look):
    client = client_for("logistics_planner")
    assert "Publicerad" in client.post(f"{planned[0]}/publish", follow_redirects=True).text
    assert look.scalar(select(func.count()).select_from(WeekPlan).where(WeekPlan.state == "published")) == 1
    assert "Kylbilen" in client_for("kitchen").get(f"/orders/{to_plan.carrots}").text


def test_a_plan_says_what_happened_to_its_orders_since(to_plan, planned, client_for):
    to_plan.cancel(to_plan.thursday)
    page = client_for("logistics_planner").get(planned[0]).text
    assert "1 beställning i planen har avbokats" in page


def test_a_plan_without_any_route_still_says_why(to_plan, client_for, app):
    to_plan.change(update(Vehicle).values(capacity_grams=1_000))
    client = client_for("logistics_planner")
    page = press_plan(app, client).text
    assert "för tungt" in page
    assert "Inga rutter" in page
    plan = re.search(r"/plans/\d+", page)[0] if re.search(r"/plans/\d+", page) else "/plans/1"
    assert client.get(f"{plan}/run-sheets.pdf").status_code == 404


def test_the_map_says_the_same_as_the_table(planned, client_for):
    collection = json.loads(client_for("logistics_planner").get(planned[1]).text)
    lines = [f for f in collection["features"] if f["geometry"]["type"] == "LineString"]
    points = {f["properties"]["title"] for f in collection["features"] if f["geometry"]["type"] == "Point"}
    assert [line["properties"]["number"] for line in lines] == [1, 2]
    assert points == {"Åkerbo gård", "Granby gård", "Centralköket", "Förrådet"}
    assert all(line["properties"]["url"].startswith(planned[0]) for line in lines)


def test_the_downloaded_map_needs_no_network_and_speaks_of_goods(planned, client_for):
    answer = client_for("logistics_planner").get(planned[2])
    assert answer.headers["Content-Disposition"] == f'attachment; filename="narmat-karta-{WEEK}.html"'
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=[\"']?https?:", answer.text)
    assert "Morötter" in answer.text
    assert not re.search(r"\border:\d", answer.text)


def test_the_run_sheet_page_tells_the_driver_everything(planned, client_for):
    page = client_for("logistics_planner").get(planned[4]).text
    for words in ("Åkerbovägen 3", "Lastkajen på baksidan", "Morötter", "Förskolan Rimbo, via Centralköket"):
        assert words in page
    assert "från Granby gård, vidare till Förskolan Rimbo" in page
    assert page.count('type="checkbox"') == 4


def test_the_pdf_says_what_the_page_says_and_can_be_archived(planned, client_for):
    pdf = client_for("logistics_planner").get(planned[5])
    assert pdf.headers["Content-Disposition"].startswith('attachment; filename="korlista-2026-11-25')
    text = text_of(pdf.data)
    for words in (
        "Körlista 1: Kylbilen",
        "onsdag 25 november",
        "Åkerbovägen 3",
        "Lastkajen på baksidan",
        "Potatis",
    ):
        assert words in text
    metadata = PdfReader(io.BytesIO(pdf.data)).xmp_metadata
    assert b"<pdfaid:part>2</pdfaid:part>" in metadata.stream.get_data()


def test_all_run_sheets_start_on_a_page_of_their_own(planned, client_for):
    pdf = client_for("logistics_planner").get(planned[3]).data
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    assert [text.count("Körlista") for text in pages] == [1, 1]


def test_what_changes_while_the_planner_works_is_not_planned_over(to_plan, client_for, app, monkeypatch):
    from market.planning import jobs
    from market.planning.solving import solve_week

    def interrupted(inputs, **options):
        to_plan.add_vehicle("En till")
        return solve_week(inputs, **options)

    monkeypatch.setattr(jobs, "solve_week", interrupted)
    answer = press_plan(app, client_for("logistics_planner"))
    assert "ändrades medan planen räknades fram" in answer.text


def test_a_plan_costs_the_same_number_of_queries_whatever_its_size(to_plan, look):
    from sqlalchemy import event

    from market.planning.pages import plan_page
    from market.planning.queries import Changes, plan_for

    def queries_for(plan_id):
        count = 0

        def tally(*_):
            nonlocal count
            count += 1

        look.expunge_all()
        event.listen(look.get_bind(), "before_cursor_execute", tally)
        plan = plan_for(look, actor=to_plan.planner, plan_id=plan_id)
        plan_page(plan, changes=Changes(frozenset(), frozenset()), may_plan=True)
        event.remove(look.get_bind(), "before_cursor_execute", tally)
        return count

    late = to_plan.make_plan(at=AT.replace(day=26))
    look.execute(select(1))
    assert queries_for(to_plan.make_plan()) == queries_for(late)
