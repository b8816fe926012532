"""From a week's inputs to the planner's problem: windows, days, handling times, names."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from factories import HOUR, MONDAY

from geodata.travel import Estimator
from market.planning import rules
from market.planning.building import DAY_S, build_problem
from market.planning.closing import closed_end
from market.planning.inputs import Goods, OpenHours, Place, Van, WeekInputs
from market.values import SWEDEN, Week
from routing.problem import Window

TUESDAY = MONDAY + timedelta(days=1)
GOODS = Goods(order_id=7, producer_id=3, site_id=1, kitchen_id=2, day=TUESDAY, grams=40_000, crates=4)
SITE = Place(id=1, name="Åkerbo", lat=59.85, lon=18.60, hours=())
KITCHEN = Place(
    id=2,
    name="Centralköket",
    lat=59.758,
    lon=18.705,
    hours=(
        OpenHours(weekday=2, opens_s=7 * HOUR, closes_s=9 * HOUR),
        OpenHours(weekday=2, opens_s=12 * HOUR, closes_s=12 * HOUR + 300),
    ),
)
VAN = Van(
    id=5,
    name="Kylbilen",
    owner="municipality",
    home_name="Förrådet",
    lat=59.76,
    lon=18.70,
    capacity_grams=900_000,
    capacity_crates=80,
    weekdays=(1, 2, 5),
    shift_starts_s=6 * HOUR,
    shift_ends_s=15 * HOUR,
    fixed_ore_per_shift=20_000,
    ore_per_km=400,
    ore_per_hour=30_000,
    co2e_g_per_km=210,
)
INPUTS = WeekInputs(
    authority_id=1,
    week=Week.containing(MONDAY),
    goods=(GOODS,),
    sites=(SITE,),
    kitchens=(KITCHEN,),
    vans=(VAN,),
)


def build(**changes):
    return build_problem(replace(INPUTS, **changes), travel=Estimator())


def test_places_without_hours_are_always_open_and_others_keep_each_of_theirs():
    stops = {stop.id: stop for stop in build().problem.stops}
    assert stops["site:1"].windows == ()
    assert stops["kitchen:2"].windows == (
        Window(DAY_S + 7 * HOUR, DAY_S + 9 * HOUR - rules.LAST_START_S),
        Window(DAY_S + 12 * HOUR, DAY_S + 12 * HOUR),
    )


def test_goods_are_collected_and_delivered_on_their_day_at_half_a_minute_a_crate():
    (shipment,) = build().problem.shipments
    assert shipment.pickup_windows == shipment.delivery_windows == (Window(DAY_S, 2 * DAY_S - 1),)
    assert (shipment.pickup_s, shipment.delivery_s) == (120, 120)
    assert (shipment.pickup, shipment.delivery, shipment.owner) == ("site:1", "kitchen:2", "3")


def test_a_van_has_a_shift_on_each_of_its_days_that_has_goods():
    built = build()
    (vehicle,) = built.problem.vehicles
    assert vehicle.shifts == (Window(DAY_S + 6 * HOUR, DAY_S + 15 * HOUR),)
    assert built.day_of_shift("5", 0) == TUESDAY
    assert vehicle.max_drive_s == 9 * HOUR
    assert vehicle.break_s == 45 * 60


def test_a_van_that_does_not_drive_that_day_is_left_out():
    idle = replace(VAN, id=6, weekdays=(4,))
    assert [stop.id for stop in build(vans=(VAN, idle)).problem.stops] == ["site:1", "kitchen:2", "home:5"]
    with pytest.raises(rules.NoVehicles):
        build(vans=(idle,))


def test_nothing_to_plan_is_refused():
    with pytest.raises(rules.NothingToPlan):
        build(goods=())


def test_instants_follow_the_swedish_clock_when_it_changes():
    october = Week.containing(MONDAY.replace(month=10, day=19))
    built = build(
        week=october, goods=(replace(GOODS, day=october.days[6]),), vans=(replace(VAN, weekdays=(7,)),)
    )
    assert built.instant(6 * DAY_S + 8 * HOUR).astimezone(SWEDEN).hour == 8


def closed(inputs: WeekInputs) -> str | None:
    problem = build_problem(inputs, travel=Estimator()).problem
    return closed_end(problem, problem.shipments[0])


def test_which_end_is_closed():
    assert closed(INPUTS) is None
    monday = replace(INPUTS, goods=(replace(GOODS, day=MONDAY),))
    assert closed(monday) == rules.KITCHEN_CLOSED
    both = replace(monday, sites=(replace(SITE, hours=KITCHEN.hours),))
    assert closed(both) == rules.SITE_CLOSED


@pytest.mark.parametrize(
    "changes",
    [
        {"goods": (replace(GOODS, grams=41_000),)},
        {"kitchens": (replace(KITCHEN, hours=KITCHEN.hours[:1]),)},
        {"vans": (replace(VAN, ore_per_km=401),)},
        {"sites": (replace(SITE, lat=59.86),)},
    ],
)
def test_the_fingerprint_tells_any_change(changes):
    assert replace(INPUTS, **changes).fingerprint() != INPUTS.fingerprint()
    assert replace(INPUTS).fingerprint() == INPUTS.fingerprint()
