"""Publishing as people meet it: the preview, each one's transports, what open pages learn, the calendar feed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from factories import AT
from icalendar import Calendar
from sqlalchemy import select, update

from market.db import transaction
from market.planning.changes.operations import copy_as_draft
from market.planning.models import RunStop, WeekPlan
from market.planning.operations import publish_plan

pytestmark = pytest.mark.slow

POLL = re.compile(r'hx-get="([^"]+)"')


def polled(page):
    return POLL.search(page).group(1).replace("&amp;", "&")


@pytest.fixture
def plan_id(to_plan):
    return to_plan.first_plan()


@pytest.fixture
def published(to_plan, plan_id):
    to_plan.publish(plan_id)
    return plan_id


def publish_later(to_plan, plan_id, *, hours):
    """The same plan again, everything `hours` later."""
    with transaction(to_plan.engine) as session:
        copy = copy_as_draft(session, plan=session.get_one(WeekPlan, plan_id), actor=to_plan.planner, at=AT)
        runs = [run.id for run in copy.runs]
        for stop in session.scalars(select(RunStop).where(RunStop.run_id.in_(runs))):
            moved = {
                name: getattr(stop, name) + timedelta(hours=hours)
                for name in ("arrives_at", "starts_at", "departs_at")
            }
            session.execute(update(RunStop).where(RunStop.id == stop.id).values(**moved))
        session.flush()
        session.expire_all()
        later = AT + timedelta(hours=1)
        publish_plan(session, plan=copy, actor=to_plan.planner, at=later, seen=plan_id)
        return copy.id


def test_before_publishing_one_sees_who_is_told(plan_id, client_for):
    client = client_for("logistics_planner")
    assert f"/plans/{plan_id}/publish" in client.get(f"/plans/{plan_id}").text
    page = client.get(f"/plans/{plan_id}/publish").text
    assert "Publicera, och ge 4 besked" in page
    for name in ("Åkerbo gård", "Granby gård", "Centralköket", "Förskolan Rimbo"):
        assert name in page
    form = {"seen": "0"}
    answer = client.post(f"/plans/{plan_id}/publish", data=form, follow_redirects=True)
    assert "De som berörs har fått besked" in answer.text


def test_a_draft_of_what_has_been_replaced_says_so(to_plan, published, client_for):
    with transaction(to_plan.engine) as session:
        plan = session.get_one(WeekPlan, published)
        draft = copy_as_draft(session, plan=plan, actor=to_plan.planner, at=AT).id
    newer = publish_later(to_plan, published, hours=1)
    client = client_for("logistics_planner")
    page = client.get(f"/plans/{draft}/publish").text
    assert "det som har ändrats sedan dess finns inte i det" in page
    stale = client.post(f"/plans/{draft}/publish", data={"seen": str(published)}, follow_redirects=True).text
    assert "din plan publicerades inte" in stale
    assert f"plan {newer}" in stale
    knowingly = client.post(f"/plans/{draft}/publish", data={"seen": str(newer)}, follow_redirects=True)
    assert "Planen är publicerad" in knowingly.text


def test_withdrawing_twice_is_refused_in_words(published, client_for):
    client = client_for("logistics_planner")
    first = client.post(f"/plans/{published}/withdraw", follow_redirects=True)
    assert "Planen är tillbakadragen" in first.text
    assert "Det går inte längre" in client.post(f"/plans/{published}/withdraw", follow_redirects=True).text


def test_each_reads_the_own_transports(published, client_for):
    grower = client_for("producer").get("/transports").text
    assert "Kylbilen hämtar" in grower
    assert "till Centralköket" in grower
    assert "Potatis" not in grower
    kitchen = client_for("kitchen").get("/transports?week=2026-W48").text
    assert "Kylbilen kommer" in kitchen
    assert "Potatis" in kitchen
    assert "Inga transporter den här veckan" in client_for("other_kitchen").get("/transports").text


@pytest.mark.parametrize("week", ["2026-W54", "nonsense"])
def test_what_is_no_week_is_not_found(client_for, week):
    assert client_for("producer").get(f"/transports?week={week}").status_code == 404


def test_an_open_page_asks_cheaply_and_learns_of_a_change(to_plan, published, client_for, queries):
    client = client_for("kitchen")
    url = polled(client.get("/transports?week=2026-W48").text)
    answer = client.get(url)
    assert (answer.status_code, answer.text) == (204, "")
    assert queries(lambda: client.get(url)) <= 5
    publish_later(to_plan, published, hours=2)
    part = client.get(url)
    assert part.status_code == 200
    assert "<html" not in part.text
    assert "Kylbilen kommer" in part.text
    assert client.get(polled(part.text)).status_code == 204


def test_home_learns_of_a_change_and_only_who_is_touched(to_plan, published, client_for):
    people = {name: client_for(name) for name in ("producer", "other_kitchen")}
    urls = {name: polled(client.get("/transports/watch").text) for name, client in people.items()}
    assert all(client.get(urls[name]).status_code == 204 for name, client in people.items())
    publish_later(to_plan, published, hours=2)
    told = {
        name: "Transporterna har ändrats" in client.get(urls[name]).text for name, client in people.items()
    }
    assert told == {"producer": True, "other_kitchen": False}


def test_a_plans_page_learns_that_another_holds(to_plan, published, client_for):
    client = client_for("logistics_planner")
    url = polled(client.get(f"/plans/{published}").text)
    assert client.get(url).status_code == 204
    newer = publish_later(to_plan, published, hours=1)
    news = client.get(url).text
    assert "Planen gäller inte längre" in news
    assert f"/plans/{newer}" in news


def test_the_calendar_is_read_by_its_address_until_it_is_revoked(published, client_for, app):
    grower, client = client_for("producer"), app.test_client()
    assert "Du har ingen kalenderadress" in grower.get("/calendar").text
    page = grower.post("/calendar").text
    address = re.search(r"https?://[^\"]+(/calendar/[\w-]+\.ics)", page).group(1)
    assert address not in grower.get("/calendar").text, "it is shown once"
    answer = client.get(address)
    assert answer.mimetype == "text/calendar"
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    assert len(events) == 2
    assert {str(event["summary"]) for event in events} == {
        "Kylbilen hämtar 40\N{NO-BREAK SPACE}kg", "Kylbilen hämtar 30\N{NO-BREAK SPACE}kg",
    }  # fmt: skip
    assert all(event["dtend"].dt > event["dtstart"].dt for event in events)
    assert len({str(event["uid"]) for event in events}) == 2
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    grower.post("/calendar/revoke")
    assert client.get(address).status_code == 404


def test_a_calendar_is_for_those_who_travel(client_for, app):
    assert client_for("procurement_officer").get("/calendar").status_code == 404
    assert client_for("procurement_officer").post("/calendar").status_code == 404
    assert client_for("driver").get("/calendar").status_code == 200
    assert app.test_client().get("/calendar/made-up.ics").status_code == 404
