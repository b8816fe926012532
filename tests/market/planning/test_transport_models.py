"""Everything that settings, carriers and vehicles say reaches the planner's problem, and what it makes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from factories import HOUR, MONDAY
from week_inputs import (
    GOODS,
    HUB,
    INPUTS,
    ONWARD,
    SATELLITE,
    SITE,
    STAFF,
    THURSDAY,
    TUESDAY,
    VAN,
    WEEK,
    problem,
    terms,
    week,
    weekdays,
)

from market.fleet.rules import OwnDelivery
from market.planning import rules
from market.planning.days import days_in
from market.planning.inputs import Part, PromisedShare
from market.planning.naming import DAY_S
from market.planning.solving import solve_week
from market.planning.storing import unserved_codes
from market.register.models import Temperature
from routing import problem as planner
from routing.balance import Guarantee
from routing.solve import Limit

QUICK = Limit(iterations=20, seconds=5)
HAULIER = replace(VAN, id=9, owner="carrier:9", name="Åkeriet")


def solve(**changes):
    return solve_week(week(**changes), limit=QUICK)


def codes(**changes):
    solved = solve(**changes)
    return unserved_codes(solved.problem, solved.plan)


def day_of(**changes):
    return days_in(week(**changes))[GOODS.order_id]


# What a vehicle holds and can do


def test_compartments_pallets_and_classes_of_cold_reach_the_planner():
    part = Part(
        temperatures=(Temperature.FROZEN,), capacity_grams=50_000, capacity_crates=None, capacity_pallets=1
    )
    goods = replace(GOODS, temperature=Temperature.FROZEN, pallets=1)
    built = problem(goods=(goods,), vans=(replace(VAN, parts=(part,), capacity_pallets=3),))
    assert built.vehicles[0].compartments == (
        planner.Compartment((planner.Temperature.FROZEN,), 50_000, None, 1),
    )
    assert built.vehicles[0].capacity_pallets == 3
    assert (built.shipments[0].temperature, built.shipments[0].pallets) == ("frozen", 1)


def test_chilled_goods_stay_when_only_the_freezer_has_room():
    freezer = Part(
        temperatures=(Temperature.FROZEN,), capacity_grams=None, capacity_crates=None, capacity_pallets=None
    )
    goods = replace(GOODS, temperature=Temperature.CHILLED)
    assert codes(goods=(goods,), vans=(replace(VAN, parts=(freezer,)),)) == {7: "no_compartment"}


def test_a_tail_lift_that_the_kitchen_needs_must_be_on_the_vehicle():
    needing = (replace(HUB, needs=("tail_lift",)),)
    assert codes(kitchens=needing) == {7: "needs_skill"}
    assert codes(kitchens=needing, vans=(replace(VAN, skills=("tail_lift",)),)) == {}


@pytest.mark.parametrize(
    ("period", "is_there"),
    [
        ({"from_on": THURSDAY}, True),
        ({"from_on": THURSDAY + timedelta(days=1)}, False),
        ({"until_on": THURSDAY}, False),
        ({"until_on": THURSDAY + timedelta(days=1)}, True),
    ],
)
def test_a_vehicle_drives_only_while_it_is_in_service(period, is_there):
    vans = (replace(VAN, **period), HAULIER)
    assert ("5" in {vehicle.id for vehicle in problem(vans=vans).vehicles}) is is_there


def test_a_vehicle_that_does_not_return_home_ends_at_its_last_stop():
    assert problem(vans=(replace(VAN, returns_home=False),)).vehicles[0].end is None


def test_overtime_costs_at_least_an_hour():
    van = replace(VAN, overtime_s=HOUR, overtime_ore_per_hour=100)
    assert problem(vans=(van,)).vehicles[0].overtime_ore_per_hour == VAN.ore_per_hour


# Places


def test_a_closed_day_is_closed_and_the_others_are_not():
    closed = replace(HUB, closed_on=(THURSDAY,))
    windows = {stop.id: stop.windows for stop in problem(kitchens=(closed,)).stops}["kitchen:2"]
    assert [window.start_s // DAY_S for window in windows] == [0, 1, 2, 4]
    assert codes(kitchens=(closed,)) == {7: rules.KITCHEN_CLOSED}


def test_a_place_without_hours_can_be_closed_on_a_day():
    closed = replace(SITE, hours=(), closed_on=(THURSDAY,))
    assert codes(sites=(closed,)) == {7: rules.SITE_CLOSED}
    assert codes(sites=(replace(closed, closed_on=(TUESDAY,)),)) == {}


def test_a_kitchen_that_is_closed_all_week_is_never_open():
    closed = replace(HUB, closed_on=WEEK.days)
    assert codes(kitchens=(closed,)) == {7: rules.KITCHEN_CLOSED}
    assert codes(kitchens=(replace(closed, hours=()),)) == {7: rules.KITCHEN_CLOSED}


def test_work_takes_as_long_as_the_place_says_else_as_the_terms_say():
    own = replace(HUB, stop_s=120, seconds_per_crate=10)
    built = problem(kitchens=(own,), terms=terms(stop_s=300, seconds_per_crate=60))
    stops = {stop.id: stop.stop_s for stop in built.stops}
    assert (stops["site:1"], stops["kitchen:2"]) == (300, 120)
    assert (built.shipments[0].pickup_s, built.shipments[0].delivery_s) == (240, 40)


# Days


def test_a_weeks_goods_come_on_the_day_they_are_gathered():
    gathered = {"terms": terms(gather_weekday=2)}
    assert day_of(**gathered) == TUESDAY
    assert day_of(**gathered, goods=(replace(GOODS, day=MONDAY),)) == MONDAY
    assert day_of(**gathered, first_day=THURSDAY) == THURSDAY
    assert day_of(**gathered, goods=(replace(GOODS, available_from=THURSDAY),)) == THURSDAY
    assert day_of(**gathered, kitchens=(replace(HUB, closed_on=(TUESDAY,)),)) == THURSDAY


def test_gathered_goods_are_driven_that_day():
    built = problem(terms=terms(gather_weekday=2))
    assert built.shipments[0].delivery_windows == (planner.Window(DAY_S, 2 * DAY_S - 1),)
    assert [shift.start_s // DAY_S for shift in built.vehicles[0].shifts] == [1, 3]


def test_where_producers_choose_the_day_goods_are_collected_on_their_latest_open_day():
    monday_and_tuesday = (replace(SITE, hours=weekdays(5, 15, days=(1, 2))),)
    assert day_of(sites=monday_and_tuesday) == THURSDAY
    chosen = {"sites": monday_and_tuesday, "terms": terms(producers_choose_times=True)}
    assert day_of(**chosen) == TUESDAY
    assert day_of(**chosen, first_day=THURSDAY) == THURSDAY


def test_what_was_ordered_within_the_lead_time_is_left_out_and_says_so():
    late = (replace(GOODS, placed_on=TUESDAY),)
    assert codes(goods=late, terms=terms(lead_days=3)) == {7: rules.LEAD_TIME}
    assert codes(goods=late, terms=terms(lead_days=2)) == {}


# Who drives


def test_a_producers_own_vehicle_takes_only_its_own_goods():
    own = replace(VAN, producer_id=4, carries_for=(4,))
    assert codes(vans=(own,)) == {7: "other_owner"}
    assert codes(vans=(replace(own, producer_id=3, carries_for=(3,)),)) == {}


def test_where_producers_deliver_nobody_else_drives_their_goods():
    delivers = terms(own_delivery=OwnDelivery.ALWAYS)
    own = replace(HAULIER, producer_id=3, carries_for=(3,))
    assert codes(terms=delivers) == {7: rules.NO_OWN_VEHICLE}
    solved = solve(terms=delivers, vans=(VAN, own))
    assert [route.vehicle for route in solved.plan.routes] == ["9"]


def test_the_plan_takes_the_producers_own_vehicle_when_it_is_cheaper():
    near = replace(
        HAULIER, lat=SITE.lat, lon=SITE.lon, fixed_ore_per_shift=0, producer_id=3, carries_for=(3,)
    )
    when_cheaper = {"terms": terms(own_delivery=OwnDelivery.WHEN_CHEAPER)}
    assert [r.vehicle for r in solve(vans=(VAN, near), **when_cheaper).plan.routes] == ["9"]
    dear = replace(near, fixed_ore_per_shift=1_000_000)
    assert [r.vehicle for r in solve(vans=(VAN, dear), **when_cheaper).plan.routes] == ["5"]


def test_transport_paid_with_the_goods_costs_nothing_on_either_side_and_is_still_short():
    free = replace(VAN, fixed_ore_per_shift=0, ore_per_km=0, ore_per_hour=0)
    solved = solve(vans=(free,))
    assert solved.plan.totals.cost_ore == solved.alone.cost_ore == 0
    assert solved.problem.weights.ore_per_km == rules.UNPAID_KM_ORE
    assert solved.plan.totals.distance_m == solve().plan.totals.distance_m
    assert solve().alone.cost_ore > 0


def test_only_the_goods_that_a_free_vehicle_carried_are_free_alone():
    free = replace(
        VAN, id=9, fixed_ore_per_shift=0, ore_per_km=0, ore_per_hour=0, producer_id=3, carries_for=(3,)
    )
    other_site = replace(SITE, id=4, lat=59.70, lon=18.50)
    other = replace(GOODS, order_id=9, producer_id=4, site_id=4)
    mixed = solve(goods=(GOODS, other), sites=(SITE, other_site), vans=(VAN, free))
    paid = solve(goods=(other,), sites=(other_site,), vans=(VAN,))
    assert mixed.alone.cost_ore == paid.alone.cost_ore


# The plan as a whole


def test_weights_visit_price_and_balance_reach_the_planner():
    told = terms(km_ore=1, hour_ore=2, kg_co2e_ore=3, visit_ore=4, peak_ore_per_hour=5, new_face_ore=6)
    shares = (PromisedShare(owner="carrier:1", percent=40, ore_per_kg=150),)
    built = problem(terms=told, shares=shares)
    weights = built.weights
    assert (weights.ore_per_km, weights.ore_per_hour, weights.ore_per_kg_co2e) == (1, 2, 3)
    assert {stop.id: stop.visit_ore for stop in built.stops}["kitchen:2"] == 4
    assert (built.balance.peak_ore_per_hour, built.balance.new_face_ore) == (5, 6)
    assert built.balance.guarantees == (Guarantee("carrier:1", 40, 150),)


def test_a_carrier_without_a_vehicle_is_promised_nothing_that_week():
    shares = (PromisedShare(owner="carrier:77", percent=40, ore_per_kg=150),)
    assert problem(shares=shares).balance.guarantees == ()


def test_shares_of_more_than_all_are_refused_in_words():
    shares = tuple(PromisedShare(owner=f"carrier:{n}", percent=60, ore_per_kg=1) for n in (1, 9))
    with pytest.raises(rules.SharesExceedAll):
        problem(vans=(VAN, HAULIER), shares=shares)


def test_contradicting_inputs_are_refused_in_words():
    with pytest.raises(rules.InputsContradict):
        problem(vans=(replace(VAN, capacity_grams=0),))


# Satellites


SATELLITES = {
    "goods": (ONWARD,),
    "kitchens": (HUB, SATELLITE),
    "terms": terms(satellites_by_own_staff=True, transfer_s=1200),
}


def test_the_hubs_own_staff_carries_on_from_its_receipt():
    solved = solve(**SATELLITES, vans=(VAN, STAFF))
    legs = {shipment.id: shipment for shipment in solved.problem.shipments}
    assert legs["onward:8"].after == ("order:8",)
    assert solved.plan.unserved == ()
    routes = {route.vehicle: route for route in solved.plan.routes}
    came = next(v for v in routes["5"].visits if v.deliveries == ("order:8",))
    left = next(v for v in routes["6"].visits if v.pickups == ("onward:8",))
    assert left.start_s >= came.departure_s + 1200
    assert solved.alone.distance_m > 0


def test_only_the_staff_at_the_hub_drives_onward_and_it_fetches_nothing():
    assert codes(**SATELLITES, vans=(VAN,)) == {8: rules.NO_STAFF}
    assert codes(**SATELLITES, vans=(STAFF,)) == {8: "forbidden_place"}


def test_a_hub_that_collects_everything_drives_both_ways():
    hubs_own = replace(STAFF, collects=True)
    assert codes(**SATELLITES, vans=(hubs_own,)) == {}


def test_goods_for_a_satellite_that_is_closed_reach_the_hub_and_say_why_no_further():
    closed = (HUB, replace(SATELLITE, closed_on=(THURSDAY,)))
    assert codes(**{**SATELLITES, "kitchens": closed}, vans=(VAN, STAFF)) == {8: rules.KITCHEN_CLOSED}


def test_goods_that_wait_at_the_hub_for_their_day_are_collected_earlier():
    early = {
        **SATELLITES,
        "sites": (replace(SITE, hours=weekdays(5, 15, days=(2,))),),
        "terms": terms(satellites_by_own_staff=True, producers_choose_times=True),
    }
    solved = solve(**early, vans=(VAN, STAFF))
    days = {route.vehicle: route.start_s // DAY_S for route in solved.plan.routes}
    assert days == {"5": 1, "6": 3}


def test_every_reason_of_ours_has_its_words():
    own = {rules.HUB_CLOSED, rules.LEAD_TIME, rules.NO_STAFF, rules.NO_OWN_VEHICLE}
    assert own <= rules.REASONS.keys()


def test_the_fingerprint_tells_a_change_of_terms():
    assert week(terms=terms(lead_days=1)).fingerprint() != INPUTS.fingerprint()
