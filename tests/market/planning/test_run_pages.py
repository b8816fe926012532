"""A run sheet as page, PDF and GPX: read by other programs, with what to load in which order and whom to call."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO

import gpxpy
import pytest
from pypdf import PdfReader

from market.db import transaction
from market.fleet.models import StopDetail
from market.planning.models import WeekPlan
from market.planning.sheets import sheet_of
from market.planning.stop_links import ways_to

CODE = "4711#"


@pytest.fixture
def run_path(to_plan):
    """Of the run with most goods: two growers, the hub and what goes on from it."""
    plan_id = to_plan.first_plan()
    with transaction(to_plan.engine) as session:
        detail = {"contact_name": "Karin Kock", "contact_phone": "0176-123 45", "note": "Ring på."}
        session.add(StopDetail(kitchen_id=to_plan.cast.hub.id, door_code=CODE, **detail))
        runs = session.get_one(WeekPlan, plan_id).runs
        run = max(runs, key=lambda run: sum(len(stop.loads) for stop in run.stops))
        return f"/plans/{plan_id}/runs/{run.id}"


def text_of(pdf: bytes) -> str:
    """By pdftotext, or pypdf where it is missing."""
    if shutil.which("pdftotext") is None:
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


@pytest.mark.slow
def test_the_pdf_says_what_the_driver_needs_but_no_door_code(client_for, run_path):
    answer = client_for("logistics_planner").get(f"{run_path}.pdf")
    words = " ".join(text_of(answer.data).split())
    for expected in (
        "Karin Kock",
        "0176-123 45",
        "Åkerbovägen 3",
        "Lastkajen på baksidan",
        "lämnas vid stopp",
        "Portkoden står",
    ):
        assert expected in words, expected
    assert CODE not in words
    width, height = PdfReader(BytesIO(answer.data)).pages[0].mediabox[2:]
    assert (round(width), round(height)) == (595, 842), "A4"


def test_the_gpx_is_read_by_another_program_and_goes_from_stop_to_stop(client_for, run_path, to_plan):
    answer = client_for("logistics_planner").get(f"{run_path}.gpx")
    assert answer.mimetype == "application/gpx+xml"
    [route] = gpxpy.parse(answer.text).routes
    assert route.points[0].name == "Förrådet"
    hub = next(point for point in route.points if point.name == "Centralköket")
    assert (hub.latitude, hub.longitude) == (59.758, 18.705)
    assert "Lämna: Morötter 40" in hub.description
    assert "order:" not in answer.text, "the driver reads goods and places, no ids"


def test_the_page_has_map_links_and_contact(client_for, run_path):
    planner = client_for("logistics_planner")
    page = planner.get(run_path).text
    for expected in (
        "geo:59.758000,18.705000",
        "tel:017612345",
        "https://www.google.com/maps/dir/",
        "Karin Kock",
        "Ring på.",
    ):
        assert expected in page, expected
    assert CODE not in page
    places = planner.get(f"{run_path}.geojson").json["features"]
    assert {one["geometry"]["type"] for one in places} == {"LineString", "Point"}


def test_goods_are_loaded_in_the_reverse_of_the_order_in_which_they_leave(look, to_plan):
    plan_id = to_plan.first_plan()
    for run in look.get_one(WeekPlan, plan_id).runs:
        stops = sheet_of(run).stops
        for stop in stops:
            leaves = [load.unloads_at for load in stop.pickups]
            assert leaves == sorted(leaves, reverse=True)
            for load in stop.pickups:
                assert load.loads_at == stop.position < load.unloads_at
                there = {one.order_id for one in stops[load.unloads_at - 1].deliveries}
                assert load.order_id in there


def test_the_links_carry_the_place_and_nothing_else(look, to_plan):
    run = look.get_one(WeekPlan, to_plan.first_plan()).runs[0]
    place = sheet_of(run).stops[1].place
    where = f"{place.lat:.6f},{place.lon:.6f}"
    urls = [way.url for way in ways_to(place)]
    assert urls[0].startswith(f"geo:{where}")
    assert all(where in url.replace("%2C", ",") for url in urls)
    assert [url.split("/")[2] for url in urls[1:]] == [
        "www.google.com",
        "maps.apple.com",
        "www.openstreetmap.org",
    ]
