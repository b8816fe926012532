"""Carriers and vehicles: added, changed with a version, taken out of service and back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from factories import AT
from fleet_making import OWN, VAN, renamed
from sqlalchemy import select

from market.audit import AuditEvent
from market.fleet import queries
from market.fleet.driver_operations import add_driver
from market.fleet.models import VehicleCompartment
from market.fleet.operations import (
    add_carrier,
    add_vehicle,
    change_carrier,
    change_vehicle,
    restore_carrier,
    restore_vehicle,
    retire_carrier,
    retire_vehicle,
    rooms_of,
)
from market.fleet.rules import (
    CarrierKind,
    CarrierNotInService,
    CarrierTerms,
    Room,
    Tariff,
    VehicleChangedMeanwhile,
)
from market.register.operations import NameTaken


def test_a_vehicle_has_its_rooms_and_costs(session, fleet):
    session.expire_all()
    assert rooms_of(fleet.van) == VAN.rooms
    assert fleet.van.compartments[1].temperatures == ("frozen",)
    assert (fleet.van.version, fleet.van.emission_source) == (1, "Tillverkarens blad")


def test_a_haulier_has_a_tariff_and_a_producer_is_named(session, cast, fleet):
    tariff = Tariff(ore_per_day=90_000, ore_per_km=900, ore_per_hour=0)
    haulier = CarrierTerms(kind=CarrierKind.HAULIER, name="Åkeriet", tariff=tariff)
    made = add_carrier(session, authority=cast.authority, terms=haulier, actor=fleet.planner, at=AT)
    assert made.tariff_ore_per_hour == 0
    own = CarrierTerms(kind=CarrierKind.PRODUCER, name="Åkerbo kör", producer_id=cast.producer.id)
    change_carrier(session, carrier=made, terms=own, actor=fleet.planner, at=AT)
    assert (made.tariff_ore_per_day, made.producer) == (None, cast.producer)


def test_names_are_free_or_refused(session, cast, fleet):
    with pytest.raises(NameTaken):
        add_carrier(session, authority=cast.authority, terms=OWN, actor=fleet.planner, at=AT)
    with pytest.raises(NameTaken):
        add_vehicle(session, carrier=fleet.carrier, terms=VAN, actor=fleet.planner, at=AT)
    elsewhere = add_carrier(session, authority=cast.other_authority, terms=OWN, actor=fleet.planner, at=AT)
    with pytest.raises(NameTaken):
        change_carrier(
            session,
            carrier=add_carrier(
                session,
                authority=cast.other_authority,
                terms=replace(OWN, name="Två"),
                actor=fleet.planner,
                at=AT,
            ),
            terms=replace(OWN, name=elsewhere.name),
            actor=fleet.planner,
            at=AT,
        )


def test_of_two_who_change_a_vehicle_at_once_the_later_is_told(session, fleet):
    change_vehicle(session, vehicle=fleet.van, seen=1, terms=renamed("Bilen"), actor=fleet.planner, at=AT)
    with pytest.raises(VehicleChangedMeanwhile):
        change_vehicle(session, vehicle=fleet.van, seen=1, terms=renamed("Min"), actor=fleet.planner, at=AT)
    session.refresh(fleet.van)
    assert (fleet.van.name, fleet.van.version) == ("Bilen", 2)


def test_rooms_are_exchanged_and_none_are_left_behind(session, fleet):
    frozen = replace(VAN, rooms=(Room(admits_frozen=True),))
    change_vehicle(session, vehicle=fleet.van, seen=1, terms=frozen, actor=fleet.planner, at=AT)
    assert session.scalars(select(VehicleCompartment.admits_frozen)).all() == [True]
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert (event.action, event.data["fields"]) == ("vehicle.change", ["rooms"])


def test_a_vehicle_goes_out_of_service_and_back(session, fleet):
    for _ in range(2):
        retire_vehicle(session, vehicle=fleet.van, actor=fleet.planner, at=AT)
    assert (fleet.van.is_active, fleet.van.version) == (False, 2)
    restore_vehicle(session, vehicle=fleet.van, actor=fleet.planner, at=AT)
    assert fleet.van.is_active


def test_a_carrier_that_ends_takes_its_vehicles_and_drivers_with_it(session, fleet):
    driver = add_driver(session, carrier=fleet.carrier, email="driver@example.se", actor=fleet.planner, at=AT)
    retire_carrier(session, carrier=fleet.carrier, actor=fleet.planner, at=AT)
    assert (fleet.carrier.is_active, fleet.van.is_active, driver.removed_at) == (False, False, AT)
    assert queries.drivers_of(session, actor=fleet.planner) == []
    with pytest.raises(CarrierNotInService):
        restore_vehicle(session, vehicle=fleet.van, actor=fleet.planner, at=AT)
    with pytest.raises(CarrierNotInService):
        add_vehicle(session, carrier=fleet.carrier, terms=renamed("Ny"), actor=fleet.planner, at=AT)
    restore_carrier(session, carrier=fleet.carrier, actor=fleet.planner, at=AT)
    restore_vehicle(session, vehicle=fleet.van, actor=fleet.planner, at=AT)
    assert fleet.van.is_active


def test_a_planner_sees_its_own_and_those_it_plans_for(session, cast, fleet):
    other = cast.actor("other_planner")
    assert queries.vehicle_for(session, actor=other, vehicle_id=fleet.van.id) is None
    assert queries.carrier_for(session, actor=other, carrier_id=fleet.carrier.id) is None
    cast.authority.planned_by_id = cast.other_authority.id
    session.flush()
    assert queries.vehicle_for(session, actor=other, vehicle_id=fleet.van.id) is fleet.van
    assert queries.carriers_of(session, actor=other) == [fleet.carrier]
    assert [one.id for one in queries.planned_by(session, actor=other)] == [
        cast.other_authority.id,
        cast.authority.id,
    ]
