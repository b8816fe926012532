"""The driver's pages, by a client without a script and by the phone's queue; what kitchens and planners see of it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from driving_making import DAY, clock
from factories import tiny_photo
from sqlalchemy import delete, select, update

from market.accounts.models import Membership
from market.accounts.rules import Role
from market.db import transaction
from market.driving.models import DriverReport
from market.driving.rules import ReportKind
from market.fleet.models import Driver, StopDetail
from market.orders.models import OrderLine
from market.planning.models import Run, RunLoad, WeekPlan
from market.planning.rules import PlanState
from market.register.models import Temperature

AS_JSON = {"Accept": "application/json"}
CODE = "4711#"


def post(client, trip, kind, *, headers=None, **fields):
    data = {"kind": kind, "request_key": f"{kind}-{len(fields)}-{fields.get('order_id')}"} | fields
    return client.post(f"{trip.url}/report", data=data, headers=headers)


def test_a_driver_begins_at_the_days_runs(client_for, on_the_road):
    client = client_for("driver")
    assert client.get("/").headers["Location"] == "/drive/"
    page = client.get("/drive/").text
    assert on_the_road.url in page
    assert "Kylbilen" in page


def test_the_page_of_a_run_says_what_to_do_where(client_for, on_the_road):
    page = client_for("driver").get(on_the_road.url).text
    for words in (
        "Åkerbo gård",
        "Centralköket",
        "Förskolan Rimbo",
        "Jag kör iväg",
        "geo:59.85",
        "Lasta i den här ordningen",
    ):
        assert words in page
    assert page.index("lämnas vid stopp 2") < page.index("Något stämmer inte")


def test_a_whole_run_without_a_script(client_for, on_the_road, look):
    trip, client = on_the_road, client_for("driver")
    assert post(client, trip, "left").status_code == 302
    post(client, trip, "arrived", place=trip.site)
    for order_id, weight in ((trip.near, "39,5"), (trip.far, "20")):
        post(
            client,
            trip,
            "loaded",
            place=trip.site,
            order_id=order_id,
            weight=weight,
            crates="4",
            degrees="4,2",
        )
    post(client, trip, "temperature", temperature="chilled", degrees="5,5")
    answer = post(
        client, trip, "delivered", place=trip.hub, order_id=[trip.near, trip.far], signed_by="Karin"
    )
    assert answer.status_code == 302
    page = client.get(trip.url).text
    assert "mottaget" in page or "Karin" in page
    kept = look.scalars(select(DriverReport).order_by(DriverReport.id)).all()
    assert [row.kind for row in kept] == [
        ReportKind.LEFT, ReportKind.ARRIVED, ReportKind.LOADED, ReportKind.LOADED, ReportKind.TEMPERATURE,
        ReportKind.DELIVERED, ReportKind.DELIVERED,
    ]  # fmt: skip
    assert (kept[2].grams, kept[2].decidegrees) == (39_500, 42)
    assert [row.number for row in kept] == [1, 2, 3, 4, 5, 6, 6]


def test_a_form_that_comes_back_keeps_what_was_written(client_for, on_the_road):
    trip = on_the_road
    answer = post(
        client_for("driver"), trip, "loaded", place=trip.site, order_id=trip.near, weight="femti", crates="3"
    )
    assert "Rätta det här" in answer.text
    assert 'value="femti"' in answer.text
    assert 'value="3"' in answer.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "delivered"}, "Kryssa i vilka varor"),
        ({"kind": "temperature", "temperature": "chilled", "degrees": "400"}, "Temperaturen verkar fel"),
        ({"kind": "temperature", "temperature": "chilled"}, "Skriv vilken temperatur"),
        ({"kind": "loaded", "weight": "-3"}, "Vikten verkar fel"),
        ({"kind": "flown"}, "Välj något i listan"),
        ({"kind": "deviation", "photo": (BytesIO(b"no photo"), "x.jpg")}, "ingen bild"),
    ],
)
def test_what_is_wrong_is_said_in_words_and_nothing_is_kept(client_for, on_the_road, look, fields, words):
    data = {"request_key": "k", "place": on_the_road.site} | fields
    answer = client_for("driver").post(f"{on_the_road.url}/report", data=data, headers=AS_JSON)
    assert answer.status_code == 409
    assert words in answer.json["refused"]
    assert look.scalars(select(DriverReport)).all() == []


def test_the_queue_sends_in_order_and_once_by_the_phones_clock(client_for, on_the_road, look, clock):
    trip, client, clock.at = on_the_road, client_for("driver"), clock.at + timedelta(hours=3)
    at_phone = int((clock.at - timedelta(hours=2)).timestamp() * 1000)
    said = {
        "place": trip.site,
        "order_id": trip.near,
        "happened_at": str(at_phone),
        "number": "5",
        "weight": "40",
    }
    for _ in range(2):
        assert post(client, trip, "loaded", headers=AS_JSON, **said).json == {
            "taken": f"loaded-5-{trip.near}"
        }
    row = look.scalars(select(DriverReport)).one()
    assert row.received_at - row.happened_at == timedelta(hours=2)
    assert row.number == 5


def test_a_photo_of_a_deviation_reaches_the_kitchen(client_for, on_the_road, look):
    trip = on_the_road
    photo = (BytesIO(tiny_photo()), "p.jpg")
    answer = post(
        client_for("driver"), trip, "deviation", headers=AS_JSON, place=trip.site, order_id=trip.near, note="Blöt låda",
        photo=photo,
    )  # fmt: skip
    assert answer.status_code == 200
    photo_id = look.scalars(select(DriverReport.photo_id)).one()
    kitchen = client_for("kitchen")
    assert "Blöt låda" in kitchen.get(f"/orders/{trip.near}").text
    assert kitchen.get(f"/photos/{photo_id}").status_code == 200


def test_nobody_elses_run_is_found(client_for, on_the_road):
    trip = on_the_road
    for path in (
        trip.url,
        f"{trip.url}/run-sheet.pdf",
        f"{trip.url}/run.gpx",
        f"/drive/{trip.vehicle_id}/i-morgon",
    ):
        assert client_for("other_driver").get(path).status_code == 404
    assert post(client_for("other_driver"), trip, "left", headers=AS_JSON).status_code == 404
    assert client_for("logistics_planner").get(trip.url).status_code == 403
    assert client_for(None).get(trip.url).status_code == 302


def test_a_draft_is_nobodys_to_drive(client_for, on_the_road, engine):
    with transaction(engine) as session:
        session.execute(update(WeekPlan).values(state=PlanState.DRAFT))
    assert client_for("driver").get(on_the_road.url).status_code == 404


def test_one_who_was_removed_this_morning(client_for, on_the_road, engine, look):
    client = client_for("driver")
    with transaction(engine) as session:
        session.execute(update(Driver).values(removed_at=clock(6)))
    assert client.get(on_the_road.url).status_code == 404
    answer = post(client, on_the_road, "left", headers=AS_JSON)
    assert (answer.status_code, answer.json["stop"]) == (409, True)
    assert "ligger kvar på telefonen" in answer.json["refused"]
    with transaction(engine) as session:  # and with the role gone
        session.execute(delete(Membership).where(Membership.role == Role.DRIVER))
    assert client.get("/drive/token", headers=AS_JSON).status_code == 403
    assert look.scalars(select(DriverReport)).all() == []


def test_a_run_that_is_no_more_refuses_its_reports_in_words_and_stops_no_others(
    client_for, on_the_road, engine, look
):
    client = client_for("driver")
    with transaction(engine) as session:
        session.execute(update(WeekPlan).values(state=PlanState.DRAFT))
    answer = post(client, on_the_road, "left", headers=AS_JSON)
    assert (answer.status_code, answer.json["stop"]) == (409, False)
    assert "Rutten finns inte längre" in answer.json["refused"]
    answer = client.post(
        f"{on_the_road.url}/report", data={"kind": "left", "request_key": "k"}, follow_redirects=True
    )
    assert (answer.request.path, answer.status_code) == ("/drive/", 200)
    assert "Rutten finns inte längre" in answer.text
    assert post(client_for("other_driver"), on_the_road, "left", headers=AS_JSON).status_code == 404
    assert look.scalars(select(DriverReport)).all() == []


def test_a_run_that_got_another_driver_refuses_its_reports_and_stops_no_others(
    client_for, on_the_road, engine, cast
):
    client = client_for("driver")
    with transaction(engine) as session:
        carrier_id = session.get_one(Driver, on_the_road.driver_id).carrier_id
        user_id = cast.actor("other_driver").user_id
        other = Driver(carrier_id=carrier_id, user_id=user_id, phone="", added_at=clock(6))
        session.add(other)
        session.flush()
        session.execute(update(Run).values(driver_id=other.id))
    answer = post(client, on_the_road, "left", headers=AS_JSON)
    assert (answer.status_code, answer.json["stop"]) == (409, False)
    assert "körs av någon annan" in answer.json["refused"]


@pytest.fixture
def with_frozen(on_the_road, engine):
    """What goes to the hub is frozen, what goes on from there chilled."""
    with transaction(engine) as session:
        for table in (OrderLine, RunLoad):
            of_near = table.order_id == on_the_road.near
            session.execute(update(table).where(of_near).values(temperature=Temperature.FROZEN))
    return on_the_road


def test_chilled_and_frozen_goods_handed_over_together_are_measured_apart(client_for, with_frozen, look):
    trip, client = with_frozen, client_for("driver")
    page = client.get(trip.url).text
    assert page.count('name="degrees_frozen"') == 1
    assert page.count('name="degrees_chilled"') == 2  # and at the satellite
    said = {"place": trip.hub, "order_id": [trip.near, trip.far], "signed_by": "Karin"}
    measured = {"degrees_chilled": "4,5", "degrees_frozen": "-19"}
    assert post(client, trip, "delivered", **said, **measured).status_code == 302
    rows = look.scalars(select(DriverReport).order_by(DriverReport.id)).all()
    assert [(row.order_id, row.decidegrees) for row in rows] == [(trip.near, -190), (trip.far, 45)]
    assert "Kylkedjan" not in client_for("kitchen").get(f"/orders/{trip.near}").text


@pytest.mark.parametrize(
    ("measured", "words"),
    [
        ({"degrees": "4,5", "both": True}, "Skriv en temperatur för varje slag"),
        ({"degrees_frozen": "-19", "both": False}, "Kryssa i dem, eller ta bort temperaturen"),
        ({"degrees_frozen": "190", "both": True}, "Temperatur, frysta varor: Temperaturen verkar fel"),
    ],
)
def test_a_temperature_that_fits_not_the_goods_comes_back_with_what_was_written(
    client_for, with_frozen, look, measured, words
):
    trip = with_frozen
    order_ids = [trip.near, trip.far] if measured.pop("both") else [trip.far]
    answer = post(
        client_for("driver"), trip, "delivered", place=trip.hub, order_id=order_ids, signed_by="Karin", **measured
    )  # fmt: skip
    assert words in answer.text
    assert 'value="Karin"' in answer.text
    box = f'name="order_id" value="{trip.near}" data-class="frozen"'
    assert (f"{box} checked" in answer.text) is (trip.near in order_ids)
    assert look.scalars(select(DriverReport)).all() == []


@pytest.fixture
def with_code(on_the_road, engine, cast):
    with transaction(engine) as session:
        session.add(
            StopDetail(
                kitchen_id=cast.hub.id, door_code=CODE, contact_name="Karin", contact_phone="0176-123 45"
            )
        )
    return on_the_road


def test_a_door_code_is_for_the_runs_driver_on_that_day_by_the_swedish_calendar(client_for, with_code, clock):
    for at, shown in (
        (clock.at.replace(hour=0, minute=0), True),
        (clock.at.replace(hour=23, minute=59), True),
        (clock.at.replace(hour=0, minute=0) - timedelta(seconds=1), False),
        (clock.at.replace(hour=0, minute=0) + timedelta(days=1), False),
    ):
        clock.at = at
        assert (CODE in client_for("driver").get(with_code.url).text) is shown, at


def test_no_one_else_sees_the_door_code_and_no_paper_has_it(client_for, with_code, look):
    run = look.scalars(select(Run)).one()
    planner, path = client_for("logistics_planner"), f"/plans/{run.week_plan_id}/runs/{run.id}"
    page = planner.get(path).text
    assert CODE not in page
    assert "Karin" in page
    assert "0176-123 45" in page
    assert "Portkoden ser bara ruttens förare" in page
    assert CODE not in planner.get(f"{path}/road").text
    assert CODE not in client_for("kitchen").get(f"/orders/{with_code.near}").text


def test_the_planner_says_who_drives(client_for, on_the_road, look):
    run = look.scalars(select(Run)).one()
    path = f"/plans/{run.week_plan_id}/runs/{run.id}"
    planner = client_for("logistics_planner")
    assert planner.post(f"{path}/driver", data={"driver": on_the_road.driver_id}).status_code == 302
    look.rollback()
    assert look.scalars(select(Run.driver_id)).one() == on_the_road.driver_id
    assert "selected" in planner.get(path).text
    assert planner.post(f"{path}/driver", data={"driver": "9999"}).status_code == 404
    assert client_for("meal_manager").post(f"{path}/driver").status_code == 403


def test_the_kitchen_follows_the_vehicle_and_is_warned_before_it_accepts(client_for, on_the_road):
    trip, driver, kitchen = on_the_road, client_for("driver"), client_for("kitchen")
    assert "beräknas" not in kitchen.get("/").text
    post(driver, trip, "left")  # at 7.50 instead of 7
    home = kitchen.get("/").text
    assert "Bilen är sen: beräknas till Centralköket omkring 09:05 i stället för 08:15" in home
    assert "09:05" in kitchen.get(f"/orders/{trip.near}/coming").text
    post(driver, trip, "loaded", place=trip.site, order_id=trip.near, weight="40", degrees="9,4")
    for path in (f"/orders/{trip.near}", f"/orders/{trip.near}/receive", "/"):
        assert "Kylkedjan har brutits: 9,4 °C" in kitchen.get(path).text, path
    assert "Kylkedjan" not in kitchen.get(f"/orders/{trip.far}").text


def test_the_planner_follows_the_run(client_for, on_the_road, look):
    trip, driver = on_the_road, client_for("driver")
    post(driver, trip, "loaded", place=trip.site, order_id=trip.near, weight="40", degrees="9,4")
    run = look.scalars(select(Run)).one()
    page = client_for("logistics_planner").get(f"/plans/{run.week_plan_id}/runs/{run.id}/road").text
    for words in ("Temperaturlogg", "9,4 °C", "Kylkedjan är bruten", "Lastat"):
        assert words in page


def test_the_worker_keeps_only_this_persons_pages(client_for, on_the_road, cast):
    client, user = client_for("driver"), str(cast.actor("driver").user_id)
    worker = client.get("/drive/worker.js")
    assert worker.mimetype == "text/javascript"
    assert f'const USER = "{user}";' in worker.text
    assert client.get(on_the_road.url).headers["X-Narmat-Driver"] == user
    assert "worker-src 'self'" in worker.headers["Content-Security-Policy"]
    assert client.get("/drive/token").json["user"] == int(user)
    assert "Ring 0176-710 00" in client.get("/drive/stopped").text
    assert DAY.isoformat() in on_the_road.url
    for other in ("kitchen", None):
        assert "X-Narmat-Driver" not in client_for(other).get("/").headers
        assert client_for(other).get("/drive/worker.js").status_code in {302, 403}
