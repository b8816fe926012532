"""The pages about vehicles and who drives, as the planner meets them."""

from __future__ import annotations

import html5lib
import pytest
from factories import AT, HOUR
from sqlalchemy import select

from market.accounts.models import Membership, User
from market.accounts.rules import Role
from market.db import open_session
from market.fleet.models import Carrier, Driver, Vehicle

VAN = {
    "name": "Nya bilen", "home_name": "Förrådet", "place": "59.76, 18.70", "capacity_kg": "900", "capacity_crates": "80",
    "weekdays": ["1", "3"], "shift_starts_s": "06:00", "shift_ends_s": "15:00", "fixed_kronor": "200,50", "km_kronor": "4",
    "hour_kronor": "300", "co2e_g_per_km": "210", "emission_source": "Tillverkarens blad", "returns_home": "y",
    "rooms-0-temperatures": ["frozen"], "rooms-0-capacity_crates": "20",
}  # fmt: skip
CARRIER = {"kind": "haulier", "name": "Åkeriet", "per_day": "900", "per_km": "9,50", "per_hour": "0"}


@pytest.fixture
def stored(session, cast, fleet):
    """The fleet, committed, by its ids."""
    from market.fleet.driver_operations import add_driver

    driver = add_driver(session, carrier=fleet.carrier, email="driver@example.se", actor=fleet.planner, at=AT)
    session.commit()
    return {"carrier": fleet.carrier.id, "van": fleet.van.id, "driver": driver.id, "hub": cast.hub.id}


@pytest.fixture
def planner(client_for, stored):
    return client_for("logistics_planner")


def rows(engine, query):
    with open_session(engine, writes=False) as session:
        return session.execute(query).all()


def test_every_page_opens_in_both_languages(planner, stored):
    paths = [
        "/fleet", "/fleet/carriers/new", f"/fleet/carriers/{stored['carrier']}", f"/fleet/carriers/{stored['carrier']}/retire",
        f"/fleet/carriers/{stored['carrier']}/vehicles/new", f"/fleet/carriers/{stored['carrier']}/drivers/new",
        f"/fleet/vehicles/{stored['van']}", f"/fleet/vehicles/{stored['van']}/retire", f"/fleet/drivers/{stored['driver']}",
        f"/fleet/drivers/{stored['driver']}/remove", "/fleet/closed-days", "/fleet/closed-days/pasted", "/fleet/stops",
        f"/fleet/stops/kitchens/{stored['hub']}", "/fleet/service-times",
    ]  # fmt: skip
    for language in ("sv", "en"):
        planner.get(f"/language/{language}")
        for path in paths:
            answer = planner.get(path)
            assert answer.status_code == 200, path
            html5lib.HTMLParser(strict=True).parse(answer.text)


def test_an_empty_fleet_teaches_how_to_begin(client_for):
    page = client_for("logistics_planner").get("/fleet").text
    assert "Ingen kör än" in page
    assert "/fleet/carriers/new" in page


def test_a_haulier_with_a_tariff_gets_a_lorry(planner, engine):
    assert planner.post("/fleet/carriers/new", data=CARRIER).status_code == 302
    [(carrier_id, km, hour)] = rows(
        engine,
        select(Carrier.id, Carrier.tariff_ore_per_km, Carrier.tariff_ore_per_hour).where(
            Carrier.name == "Åkeriet"
        ),
    )
    assert (km, hour) == (950, 0)
    assert planner.post(f"/fleet/carriers/{carrier_id}/vehicles/new", data=VAN).status_code == 302
    [(van,)] = rows(engine, select(Vehicle).where(Vehicle.name == "Nya bilen"))
    assert (van.capacity_grams, van.weekdays, van.fixed_ore_per_shift, van.shift_ends_s) == (
        900_000,
        "13",
        20_050,
        15 * HOUR,
    )
    page = planner.get("/fleet").text
    assert "9,50\xa0kr per km" in page or "9,50 kr per km" in page
    assert "Frys: 20 backar" in page


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"capacity_kg": "0"}, "större än noll"),
        ({"capacity_kg": ""}, "Fyll i det här"),
        ({"capacity_crates": "0"}, "minst 1"),
        ({"shift_ends_s": "05:00"}, "Tiden slutar innan den börjar"),
        ({"weekdays": []}, "Välj minst en dag"),
        ({"emission_source": ""}, "Skriv varifrån siffran kommer"),
        ({"place": "1, 2"}, "Sverige"),
        ({"rooms-0-capacity_crates": "90"}, "inte ta mer än hela fordonet"),
        ({"rooms-0-temperatures": []}, "vilken temperatur"),
        ({"from_on": "2027-01-02", "last_on": "2027-01-01"}, "före den första"),
        ({"name": "Kylbilen"}, "redan något med namnet"),
    ],
)
def test_what_can_not_be_is_told_and_what_was_written_stays(planner, engine, stored, change, told):
    answer = planner.post(f"/fleet/carriers/{stored['carrier']}/vehicles/new", data=VAN | change)
    assert answer.status_code == 200
    assert told in answer.text
    assert "Tillverkarens blad" in answer.text or "emission_source" in change
    assert len(rows(engine, select(Vehicle))) == 1


def test_half_a_tariff_and_a_producer_without_a_name_are_told(planner, engine):
    assert "alla tre priserna" in planner.post("/fleet/carriers/new", data=CARRIER | {"per_hour": ""}).text
    assert (
        "Välj vilken producent"
        in planner.post("/fleet/carriers/new", data=CARRIER | {"kind": "producer"}).text
    )
    assert len(rows(engine, select(Carrier))) == 1


def test_the_later_of_two_sees_what_differs_and_may_then_save(planner, engine, stored):
    path = f"/fleet/vehicles/{stored['van']}"
    assert planner.post(path, data=VAN | {"name": "Första", "seen": "1"}).status_code == 302
    answer = planner.post(path, data=VAN | {"name": "Andra", "seen": "1"})
    assert "Någon annan har ändrat fordonet" in answer.text
    assert '<td role="cell" data-label="Sparat nu">Första</td>' in answer.text
    assert 'name="seen" type="hidden" value="2"' in answer.text
    assert planner.post(path, data=VAN | {"name": "Andra", "seen": "2"}).status_code == 302
    [(name,)] = rows(engine, select(Vehicle.name))
    assert name == "Andra"


def test_a_vehicle_and_a_carrier_go_out_of_service_and_back(planner, engine, stored):
    planner.post(f"/fleet/vehicles/{stored['van']}/retire")
    assert "Ur drift" in planner.get("/fleet").text
    planner.post(f"/fleet/vehicles/{stored['van']}/restore")
    planner.post(f"/fleet/carriers/{stored['carrier']}/retire")
    assert rows(engine, select(Carrier.is_active, Vehicle.is_active).join(Vehicle)) == [(False, False)]
    planner.post(f"/fleet/carriers/{stored['carrier']}/restore")
    assert rows(engine, select(Carrier.is_active)) == [(True,)]


def test_a_driver_is_added_with_an_account(planner, engine, stored):
    path = f"/fleet/carriers/{stored['carrier']}/drivers/new"
    new = {"email": "kim@example.se", "phone": "070-1", "name": "Kim"}
    assert "Ingen har den e-postadressen" in planner.post(path, data=new).text
    assert "12" in planner.post(path, data=new | {"password": "kort"}).text
    assert planner.post(path, data=new | {"password": "korvtorsk grönkål"}).status_code == 302
    [(role,)] = rows(engine, select(Membership.role).join(User).where(User.email == "kim@example.se"))
    assert role is Role.DRIVER
    assert "kör redan" in planner.post(path, data=new).text


def test_a_driver_removed_this_morning_is_refused_at_the_next_tap(planner, client_for, engine, stored):
    driver = client_for("driver")
    assert driver.get("/register").status_code == 200
    assert planner.post(f"/fleet/drivers/{stored['driver']}/remove").status_code == 302
    assert driver.get("/register").status_code == 403
    assert "driver@example.se" not in planner.get("/fleet").text
    [(removed_at,)] = rows(engine, select(Driver.removed_at))
    assert removed_at == AT


def test_a_telephone_number_is_changed(planner, engine, stored):
    planner.post(f"/fleet/drivers/{stored['driver']}", data={"phone": "070-9"})
    assert rows(engine, select(Driver.phone)) == [("070-9",)]
