"""Closed days, stops and service times, as people meet them."""

from __future__ import annotations

import pytest
from factories import AT, make_offer, make_order
from sqlalchemy import select

from market.db import open_session
from market.fleet.models import ClosedPeriod, StopDetail, TransportSettings
from market.fleet.place_operations import describe_stop
from market.fleet.rules import StopTerms


@pytest.fixture
def ids(session, cast):
    """An order from the site, so that it is a stop; committed."""
    make_order(session, cast, make_offer(session, cast), key="one")
    session.commit()
    return {"authority": cast.authority.id, "hub": cast.hub.id, "site": cast.site.id}


@pytest.fixture
def planner(client_for, ids):
    return client_for("logistics_planner")


def stored(engine, kind):
    with open_session(engine, writes=False) as session:
        return list(session.scalars(select(kind)))


def closing(ids, **changes):
    days = {"name": "Studiedag", "first_on": "2026-12-01", "last_on": "2026-12-01"}
    return {"where": f"all:{ids['authority']}"} | days | changes


@pytest.mark.parametrize("kind", ["all", "kitchen", "site"])
def test_days_are_closed_and_opened_again(planner, engine, ids, kind):
    number = {"all": ids["authority"], "kitchen": ids["hub"], "site": ids["site"]}[kind]
    assert planner.post("/fleet/closed-days", data=closing(ids, where=f"{kind}:{number}")).status_code == 302
    [kept] = stored(engine, ClosedPeriod)
    assert (kept.kitchen_id, kept.site_id) == (
        number if kind == "kitchen" else None,
        number if kind == "site" else None,
    )
    assert "Studiedag" in planner.get("/fleet/closed-days").text
    planner.post(f"/fleet/closed-days/{kept.id}/open")
    assert stored(engine, ClosedPeriod) == []


def test_days_that_can_not_be_and_places_of_others_are_told(planner, engine, ids):
    assert (
        "före den första" in planner.post("/fleet/closed-days", data=closing(ids, last_on="2026-11-30")).text
    )
    assert (
        "Längre än ett år" in planner.post("/fleet/closed-days", data=closing(ids, last_on="2028-11-30")).text
    )
    assert "Välj något i listan" in planner.post("/fleet/closed-days", data=closing(ids, where="all:2")).text
    assert stored(engine, ClosedPeriod) == []


def test_school_holidays_are_pasted_whole_or_not_at_all(planner, engine, ids):
    good = "Höstlov 2026-10-26 – 2026-10-30\n\nJullov 21 december 2026 – 8 januari 2027\n"
    data = {"where": f"all:{ids['authority']}", "rows": good + "Sportlov nästa år"}
    answer = planner.post("/fleet/closed-days/pasted", data=data)
    assert "Rad 4, ”Sportlov nästa år”" in answer.text
    assert "Höstlov 2026-10-26" in answer.text
    assert stored(engine, ClosedPeriod) == []
    for _ in range(2):
        assert planner.post("/fleet/closed-days/pasted", data=data | {"rows": good}).status_code == 302
    assert [one.name for one in stored(engine, ClosedPeriod)] == ["Höstlov", "Jullov"]


def test_two_thousand_pasted_rows_are_refused_with_words(planner, engine, ids):
    pasted = "\n".join(f"Stopp {n} 2026-12-01" for n in range(2_000))
    data = {"where": f"all:{ids['authority']}", "rows": pasted}
    assert "2000 rader" in planner.post("/fleet/closed-days/pasted", data=data).text
    assert stored(engine, ClosedPeriod) == []


def test_a_stop_keeps_its_code_until_another_is_written_and_never_shows_it(planner, engine, ids):
    path = f"/fleet/stops/kitchens/{ids['hub']}"
    planner.post(path, data={"door_code": "4711#", "stop_min": "15", "contact_name": "Eva"})
    for page in (path, "/fleet/stops"):
        assert "4711" not in planner.get(page).text
        assert "Eva" in planner.get(page).text
    planner.post(path, data={"stop_min": "20"})
    [kept] = stored(engine, StopDetail)
    assert (kept.door_code, kept.stop_s, kept.contact_name) == ("4711#", 1_200, "")
    planner.post(path, data={"forget_code": "y"})
    assert [one.door_code for one in stored(engine, StopDetail)] == [""]
    assert "mellan 0 och 240" in planner.post(path, data={"stop_min": "300"}).text


def test_a_kitchen_and_a_producer_tell_the_driver_themselves(client_for, engine, ids):
    client_for("kitchen").post(f"/register/kitchens/{ids['hub']}/stop", data={"note": "Bakom köket"})
    client_for("producer").post(f"/register/sites/{ids['site']}/stop", data={"note": "Vid silon"})
    assert [one.note for one in stored(engine, StopDetail)] == ["Bakom köket", "Vid silon"]
    assert client_for("other_kitchen").get(f"/register/kitchens/{ids['hub']}/stop").status_code == 404
    assert client_for("other_producer").get(f"/register/sites/{ids['site']}/stop").status_code == 404
    assert client_for("other_planner").get(f"/fleet/stops/sites/{ids['site']}").status_code == 404


def test_service_times_are_the_authoritys(planner, engine, ids):
    times = {"stop_min": "8", "crate_s": "20", "transfer_min": "30", "tolerance_min": "10"}
    assert planner.post("/fleet/service-times", data=times).status_code == 302
    [kept] = stored(engine, TransportSettings)
    assert (kept.authority_id, kept.stop_s, kept.tolerance_s) == (ids["authority"], 480, 600)
    assert 'value="8"' in planner.get("/fleet/service-times").text


def test_the_description_of_a_stop_survives_a_wrong_field(planner, session, cast, ids):
    describe_stop(
        session, place=cast.hub, terms=StopTerms(note="Kvar"), actor=cast.actor("logistics_planner"), at=AT
    )
    session.commit()
    answer = planner.post(f"/fleet/stops/kitchens/{ids['hub']}", data={"note": "Nytt", "crate_s": "9999"})
    assert "Nytt" in answer.text
