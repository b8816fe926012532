"""What a vehicle, a carrier, a stop and closed days must say of themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from fleet_making import OWN, VAN
from hypothesis import given
from hypothesis import strategies as st

from market.fleet import rules
from market.fleet.rules import CarrierKind, ClosedDays, Room, StopTerms, Tariff
from market.register.rules import WindowEndsBeforeItBegins
from market.values import Refused, TooLarge

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"capacity_grams": 0}, rules.NoCapacity),
        ({"capacity_crates": 0}, rules.NoCapacity),
        ({"capacity_pallets": 0}, rules.NoCapacity),
        ({"capacity_grams": 2**31}, TooLarge),
        ({"weekdays": ""}, rules.NoDrivingDay),
        ({"weekdays": "18"}, rules.NoDrivingDay),
        ({"shift_ends_s": 6 * 3600}, WindowEndsBeforeItBegins),
        ({"shift_starts_s": 16 * 3600}, WindowEndsBeforeItBegins),
        ({"shift_ends_s": 86_401}, WindowEndsBeforeItBegins),
        ({"ore_per_km": -1}, rules.CostBelowZero),
        ({"overtime_s": -1}, rules.CostBelowZero),
        ({"emission_source": " "}, rules.SourceMissing),
        ({"from_on": DAY, "until_on": DAY}, rules.ServiceEndsBeforeItBegins),
        ({"rooms": (Room(admits_frozen=True, capacity_crates=81),)}, rules.RoomLargerThanVehicle),
    ],
)
def test_a_vehicle_that_can_not_be_is_refused(change, refusal):
    with pytest.raises(refusal):
        replace(VAN, **change)


def test_a_vehicle_without_emissions_needs_no_source():
    assert replace(VAN, co2e_g_per_km=0, emission_source="").emission_source == ""


def test_a_room_is_for_something_and_holds_something():
    with pytest.raises(rules.RoomAdmitsNothing):
        Room(capacity_crates=10)
    with pytest.raises(rules.NoCapacity):
        Room(admits_frozen=True, capacity_grams=0)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"kind": CarrierKind.PRODUCER}, rules.ProducerNotNamed),
        ({"producer_id": 1}, rules.ProducerNotNamed),
        ({"minimum_share_percent": 101}, rules.ShareOutOfRange),
        ({"short_ore_per_kg": -1}, rules.CostBelowZero),
        ({"from_on": DAY, "until_on": DAY - timedelta(days=1)}, rules.ServiceEndsBeforeItBegins),
    ],
)
def test_a_carrier_that_can_not_be_is_refused(change, refusal):
    with pytest.raises(refusal):
        replace(OWN, **change)


def test_a_tariff_costs_nothing_or_more():
    assert Tariff(ore_per_day=0, ore_per_km=1, ore_per_hour=2).ore_per_km == 1
    with pytest.raises(rules.CostBelowZero):
        Tariff(ore_per_day=-1, ore_per_km=0, ore_per_hour=0)


def test_days_are_closed_from_the_first_to_the_last():
    assert ClosedDays(name="Lov", first_on=DAY, last_on=DAY).last_on == DAY
    with pytest.raises(rules.DaysEndBeforeTheyBegin):
        ClosedDays(name="Lov", first_on=DAY, last_on=DAY - timedelta(days=1))
    with pytest.raises(rules.TooManyClosedDays):
        ClosedDays(name="Lov", first_on=DAY, last_on=DAY + timedelta(days=400))


@given(stop=st.integers(-100, 20_000), crate=st.integers(-100, 5_000))
def test_a_stop_takes_up_to_four_hours_and_a_crate_up_to_one(stop, crate):
    fits = 0 <= stop <= 14_400 and 0 <= crate <= 3_600
    try:
        StopTerms(stop_s=stop, seconds_per_crate=crate)
    except Refused:
        assert not fits
    else:
        assert fits
