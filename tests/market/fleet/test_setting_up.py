"""The five set-up forms: what each asks, what comes of it, and what it refuses."""

from __future__ import annotations

import pytest
from factories import make_offer
from set_up_forms import FORMS, MUNICIPAL, PRODUCER, STAFF, path_of, set_up, van
from sqlalchemy import select

from market import audit
from market.fleet.models import Carrier, TransportSettings, Vehicle
from market.fleet.rules import CarrierKind, OwnDelivery
from market.fleet.setting_up import STAFF_NAME
from market.register.models import Authority, Kitchen, KitchenKind, TransportModel


@pytest.fixture
def sold(session, cast):
    """Stored: carrots are out, so that their grower can be chosen."""
    make_offer(session, cast)
    session.commit()
    return cast


def carriers(look):
    return {one.name: one for one in look.scalars(select(Carrier)) if one.is_active}


def vehicles(look):
    return {one.name: one for one in look.scalars(select(Vehicle)) if one.is_active}


@pytest.mark.parametrize("model", list(TransportModel))
def test_each_form_shows_what_it_asks_and_saves(sold, client_for, look, model):
    client = client_for("logistics_planner")
    page = client.get(path_of(sold, model))
    assert page.status_code == 200
    assert "Åkerbo gård" in page.text
    answer = set_up(client, sold, model)
    assert answer.status_code == 200, answer.text
    assert "Sparat" in answer.text
    assert look.get_one(Authority, sold.authority.id).transport_model is model
    again = client.get(path_of(sold, model))
    assert again.status_code == 200


def test_kramfors_has_a_vehicle_for_the_staff_of_each_hub_with_satellites(sold, client_for, look):
    set_up(client_for("logistics_planner"), sold, TransportModel.HUBS_OWN_STAFF, transfer="45")
    staff = vehicles(look)["Kökets bil, Centralköket"]
    assert (staff.lat, staff.lon) == (sold.hub.lat, sold.hub.lon)
    settings = look.get_one(TransportSettings, sold.authority.id)
    assert (settings.satellites_by_own_staff, settings.transfer_s) == (True, 45 * 60)
    assert settings.own_delivery is OwnDelivery.ALWAYS
    assert carriers(look)["Åkerbo gård"].carries_for_others is False


def test_kramfors_needs_a_kitchen_to_carry_on_to(sold, client_for, look):
    direct = {f"via_{sold.satellite.id}": ""}
    answer = set_up(client_for("logistics_planner"), sold, TransportModel.HUBS_OWN_STAFF, **direct)
    assert "minst ett kök som får varorna" in answer.text
    assert look.get(TransportSettings, sold.authority.id) is None


def test_tierp_has_producers_that_carry_for_all_paid_in_the_price(sold, client_for, look):
    set_up(client_for("logistics_planner"), sold, TransportModel.SUPPLIERS_COLOAD, gather_weekday="2")
    carrier = carriers(look)["Åkerbo gård"]
    assert (carrier.kind, carrier.carries_for_others, carrier.is_paid_with_goods) == ("producer", True, True)
    assert look.get_one(TransportSettings, sold.authority.id).gather_weekday == 2


def test_vallentuna_has_a_haulier_until_the_day_and_its_own_vans_from_it(sold, client_for, look):
    changes = {"before": "haulier", "haulier": "Vallentuna Åkeri", "vans": "2", "producers": []}
    prices = {"tariff_day": "900", "tariff_km": "9", "tariff_hour": "360"}
    set_up(client_for("logistics_planner"), sold, TransportModel.MUNICIPAL_VANS, **changes, **prices)
    haulier, own = carriers(look)["Vallentuna Åkeri"], carriers(look)["Kommunens bilar"]
    assert haulier.until_on == own.from_on
    assert (haulier.until_on is not None, haulier.tariff_ore_per_day) == (True, 90_000)
    assert {"Kommunens bil 1", "Kommunens bil 2", "Vallentuna Åkeri, bil"} <= vehicles(look).keys()


def test_vallentuna_may_have_a_producer_carry_for_the_others_first(sold, client_for, look):
    changes = {"before": "producer", "helper": str(sold.producer.id), "producers": []}
    set_up(client_for("logistics_planner"), sold, TransportModel.MUNICIPAL_VANS, **changes)
    helper = carriers(look)["Åkerbo gård"]
    assert (helper.carries_for_others, helper.until_on is not None) == (True, True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"before": "haulier", "haulier": " "}, "Skriv vad åkeriet heter"),
        ({"before": "producer", "helper": ""}, "Välj vilken producent"),
        ({"tariff_day": "900"}, "alla tre priserna"),
        ({"from_on": ""}, "Fyll i det här"),
        (van(MUNICIPAL, starts="15:00", ends="06:00"), "slutar innan den börjar"),
        (van(MUNICIPAL, kilograms="0"), "större än noll"),
        (van(MUNICIPAL, crates="0"), "Skriv ett antal, minst 1."),
        (van(MUNICIPAL, weekdays=[]), "Fyll i det här"),
        (van(MUNICIPAL, source=""), "varifrån utsläppssiffran kommer"),
        (van(MUNICIPAL, km="-1"), "Skriv noll eller mer"),
    ],
)
def test_what_does_not_hold_together_is_refused_and_nothing_is_stored(sold, client_for, look, changes, said):
    answer = set_up(client_for("logistics_planner"), sold, TransportModel.MUNICIPAL_VANS, **changes)
    assert said in answer.text
    assert carriers(look) == {}
    assert look.get_one(Authority, sold.authority.id).transport_model is TransportModel.PRODUCER_DELIVERS


@pytest.mark.parametrize("model", [TransportModel.SUPPLIERS_COLOAD, TransportModel.PRODUCER_DELIVERS])
def test_somebody_must_drive(sold, client_for, model):
    answer = set_up(client_for("logistics_planner"), sold, model, producers=[])
    assert "Välj minst en producent" in answer.text


def test_bath_makes_a_hub_of_a_kitchen_and_satellites_of_the_others(sold, client_for, look):
    changes = {"hub": str(sold.satellite.id), "served": [str(sold.hub.id)]}
    set_up(client_for("logistics_planner"), sold, TransportModel.HUB_COLLECTS, **changes)
    kitchens = {one.id: one for one in look.scalars(select(Kitchen))}
    assert kitchens[sold.satellite.id].kind is KitchenKind.HUB
    assert kitchens[sold.hub.id].hub_id == sold.satellite.id
    settings = look.get_one(TransportSettings, sold.authority.id)
    assert (settings.producers_choose_times, settings.satellites_by_own_staff) == (True, True)


def test_the_same_form_again_changes_and_never_doubles(sold, client_for, look):
    client = client_for("logistics_planner")
    for crates in ("70", "60"):
        set_up(client, sold, TransportModel.HUBS_OWN_STAFF, **van(STAFF, crates=crates))
    assert sorted(carriers(look)) == [STAFF_NAME, "Åkerbo gård"]
    assert vehicles(look)["Kökets bil, Centralköket"].capacity_crates == 60


def test_fewer_vans_and_producers_go_out_of_service(sold, client_for, look):
    client = client_for("logistics_planner")
    set_up(client, sold, TransportModel.MUNICIPAL_VANS, vans="3")
    set_up(client, sold, TransportModel.MUNICIPAL_VANS, vans="1", producers=[])
    assert sorted(vehicles(look)) == ["Kommunens bil 1"]
    assert sorted(carriers(look)) == ["Kommunens bilar"]


def test_the_kitchens_staff_stops_when_nobody_is_to_carry_on(sold, client_for, look):
    client = client_for("logistics_planner")
    set_up(client, sold, TransportModel.HUBS_OWN_STAFF)
    set_up(client, sold, TransportModel.PRODUCER_DELIVERS)
    assert STAFF_NAME not in carriers(look)
    assert not look.get_one(TransportSettings, sold.authority.id).satellites_by_own_staff


def test_what_someone_wrote_of_a_carrier_and_its_own_vehicle_stays(sold, client_for, look, session):
    session.add(
        Carrier(
            authority_id=sold.authority.id,
            kind=CarrierKind.PRODUCER,
            name="Åkerbos kyltransport",
            producer_id=sold.producer.id,
            phone="0176-123",
            vehicles=[_own_vehicle(sold)],
        )
    )
    session.commit()
    set_up(client_for("logistics_planner"), sold, TransportModel.PRODUCER_DELIVERS)
    assert carriers(look)["Åkerbos kyltransport"].phone == "0176-123"
    assert list(vehicles(look)) == ["Åkerbos egen"]


def _own_vehicle(cast):
    return Vehicle(
        authority_id=cast.authority.id,
        name="Åkerbos egen",
        home_name="Gården",
        lat=59.85,
        lon=18.60,
        capacity_grams=500_000,
        capacity_crates=40,
        weekdays="24",
        shift_starts_s=21_600,
        shift_ends_s=50_400,
        fixed_ore_per_shift=0,
        ore_per_km=400,
        ore_per_hour=30_000,
        co2e_g_per_km=0,
    )


def test_setting_up_is_in_the_audit_log(sold, client_for, look):
    set_up(client_for("logistics_planner"), sold, TransportModel.PRODUCER_DELIVERS)
    actions = list(look.scalars(select(audit.AuditEvent.action)))
    assert {"transport.set_up", "carrier.add", "vehicle.add", "transport_settings.change"} <= set(actions)


def test_the_first_page_tells_how_it_is_and_offers_the_five(sold, client_for):
    client = client_for("logistics_planner")
    set_up(client, sold, TransportModel.SUPPLIERS_COLOAD)
    page = client.get("/fleet/setting-up").text
    assert "Som i Kramfors" in page
    assert page.count("/fleet/setting-up/") == 5
    assert "Åkerbo gård" in page


def test_others_authorities_and_unknown_ways_are_not_found(sold, client_for):
    theirs = f"/fleet/setting-up/{sold.other_authority.id}/hub_collects"
    assert client_for("logistics_planner").get(theirs).status_code == 404
    assert (
        client_for("logistics_planner").get(f"/fleet/setting-up/{sold.authority.id}/drones").status_code
        == 404
    )
    assert client_for("meal_manager").get(path_of(sold, TransportModel.HUB_COLLECTS)).status_code == 403


def test_an_authority_without_kitchens_is_told_so(sold, client_for, session):
    for kitchen in (sold.hub, sold.satellite):
        kitchen.is_active = False
    session.commit()
    page = client_for("logistics_planner").get(path_of(sold, TransportModel.HUB_COLLECTS))
    assert "Inga kök än" in page.text


def test_every_model_has_its_form():
    assert set(FORMS) == set(TransportModel)
    assert PRODUCER == "supplier"
