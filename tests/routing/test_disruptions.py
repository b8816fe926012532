"""What happens on the road: a vehicle that stands, a longer way, a hub that shuts. What is on board is not forgotten."""

from dataclasses import replace

import numpy as np
import pytest

from routing.check import violations
from routing.disruptions import NotOnItsWay, Relays, on_board, stop_shut, vehicle_stands, way_lengthened
from routing.problem import Lock, Rules, Shipment, Window

HOUR = 3600
MINUTE = 60


@pytest.fixture
def places(stop):
    hub = stop("school", 70, windows=(Window(6 * HOUR, 15 * HOUR),))
    return [stop("home", 50), stop("farm", 40), stop("dairy", 30), hub, stop("elder", 90), stop("depot", 55)]


@pytest.fixture
def day(on_a_line, places, van):
    """A cheap van takes all from farm and dairy to the school and the elder; a dear one stands by."""
    goods = [
        Shipment("order:1", "farm", "school", 1000, pickup_s=600, delivery_s=600),
        Shipment("order:2", "dairy", "elder", 1000, pickup_s=600, delivery_s=600),
    ]
    fleet = [van("cheap", ore_per_km=1000), van("spare", fixed_ore_per_shift=200_000)]
    return on_a_line(places, goods, fleet)


def carried_by(plan):
    return {name: route.vehicle for route in plan.routes for v in route.visits for name in v.deliveries}


def visits(plan, vehicle):
    return [v for route in plan.routes if route.vehicle == vehicle for v in route.visits]


def when_loaded(plan):
    """The end of the last pickup: everything is on board."""
    return max(v.departure_s for v in visits(plan, "cheap") if v.pickups)


def test_goods_on_board_of_a_vehicle_that_stands_go_on_with_another(day, plan_for):
    plan = plan_for(day)
    assert set(carried_by(plan).values()) == {"cheap"}
    now_s = when_loaded(plan) + MINUTE
    problem = vehicle_stands(day, plan, vehicle="cheap", at="depot", now_s=now_s)
    after = plan_for(problem)
    assert violations(problem, after) == ()
    assert after.unserved == ()
    assert carried_by(after) == {
        "order:1": "cheap",
        "order:2": "cheap",
        "relay:1": "spare",
        "relay:2": "spare",
    }
    handed = [v for v in visits(after, "cheap") if v.deliveries]
    (there,) = [(v.stop, v.start_s) for v in handed]
    assert there == ("depot", when_loaded(plan) + 15 * MINUTE)  # from the farm, at a km a minute
    assert all(v.start_s >= there[1] for v in visits(after, "spare") if v.pickups)
    places = {s.id: s.delivery for s in problem.shipments}
    assert (places["relay:1"], places["relay:2"]) == ("school", "elder")


def test_goods_that_stand_where_they_were_picked_up_have_not_left(day, plan_for):
    plan = plan_for(day)
    first = next(v for v in visits(plan, "cheap") if v.pickups)
    now_s = first.departure_s
    problem = vehicle_stands(day, plan, vehicle="cheap", at=first.stop, now_s=now_s)
    after = plan_for(problem)
    assert violations(problem, after) == ()
    assert carried_by(after) == {"order:1": "spare", "order:2": "spare"}
    assert min(v.start_s for v in visits(after, "spare") if v.stop == first.stop) >= now_s


def test_a_vehicle_that_never_left_stays_at_home_and_locks_to_it_fall(day, plan_for):
    locked = replace(day, rules=Rules(locks=(Lock("order:1", "cheap"),)))
    plan = plan_for(locked)
    problem = vehicle_stands(locked, plan, vehicle="cheap", at="home", now_s=5 * HOUR)
    after = plan_for(problem)
    assert violations(problem, after) == ()
    assert set(carried_by(after).values()) == {"spare"}


def test_it_drives_again_when_it_is_mended(on_a_line, places, day, van, plan_for):
    two_days = (Window(6 * HOUR, 16 * HOUR), Window(30 * HOUR, 40 * HOUR))
    week = on_a_line(places, day.shipments, [van("cheap", shifts=two_days)])
    plan = plan_for(week)
    problem = vehicle_stands(week, plan, vehicle="cheap", at="home", now_s=5 * HOUR, until_s=24 * HOUR)
    assert {route.shift for route in plan_for(problem).routes} == {1}


def test_a_stop_that_nobody_knows_is_refused(day, plan_for):
    with pytest.raises(NotOnItsWay):
        vehicle_stands(day, plan_for(day), vehicle="cheap", at="moon", now_s=7 * HOUR)


def test_a_longer_way_counts_from_now_on(day, plan_for):
    plan = plan_for(day)
    index = day.stop_index
    legs = np.zeros((len(day.stops), len(day.stops)), dtype=bool)
    legs[index["farm"], :] = legs[:, index["farm"]] = True
    np.fill_diagonal(legs, val=False)
    problem = way_lengthened(day, plan, legs=legs, metres=7_000, seconds=900, now_s=5 * HOUR)
    after = plan_for(problem)
    assert violations(problem, after) == ()
    assert after.totals.distance_m == plan.totals.distance_m + 14_000


def test_goods_for_a_hub_that_shuts_go_to_another(day, plan_for):
    """The van is on its way to the school when it shuts: it turns, and delivers at the depot."""
    plan = plan_for(day)
    now_s = when_loaded(plan) + MINUTE
    problem = stop_shut(
        day, plan, stop="school", from_s=now_s, until_s=24 * HOUR, now_s=now_s, instead="depot"
    )
    after = plan_for(problem)
    assert violations(problem, after) == ()
    assert after.unserved == ()
    assert "school" not in {v.stop for v in visits(after, "cheap")}
    assert [v.stop for v in visits(after, "cheap") if "order:1" in v.deliveries] == ["depot"]


def test_goods_for_a_hub_that_shuts_with_no_other_are_left_out_with_a_reason(day, plan_for):
    plan = plan_for(day)
    problem = stop_shut(day, plan, stop="school", from_s=0, until_s=24 * HOUR, now_s=5 * HOUR)
    after = plan_for(problem)
    assert violations(problem, after) == ()
    assert [entry.shipment for entry in after.unserved] == ["order:1"]


def test_what_goes_on_from_a_hub_goes_on_from_the_other(day, plan_for):
    onward = Shipment("onward:1", "school", "elder", 1000, after=("order:1",))
    chained = replace(day, shipments=(*day.shipments, onward))
    plan = plan_for(chained)
    assert plan.unserved == ()
    problem = stop_shut(
        chained, plan, stop="school", from_s=0, until_s=24 * HOUR, now_s=5 * HOUR, instead="depot"
    )
    after = plan_for(problem)
    assert violations(problem, after) == ()
    assert [v.stop for route in after.routes for v in route.visits if "onward:1" in v.pickups] == ["depot"]


def test_a_stop_that_was_always_open_is_shut_only_for_its_time(day, plan_for):
    plan = plan_for(day)
    problem = stop_shut(day, plan, stop="elder", from_s=0, until_s=12 * HOUR, now_s=5 * HOUR)
    after = plan_for(problem)
    (at_elder,) = [v for v in visits(after, "cheap") if v.stop == "elder"]
    assert at_elder.start_s >= 12 * HOUR


def test_goods_whose_second_vehicle_stands_too_go_on_with_a_third(day, van, plan_for):
    """The goods end up where they were to go, and what goes on from there waits for the last vehicle."""
    onward = Shipment("onward:1", "school", "elder", 1000, after=("order:1",))
    fleet = (*day.vehicles, van("third", fixed_ore_per_shift=400_000))
    chained = replace(day, shipments=(*day.shipments, onward), vehicles=fleet)
    plan = plan_for(chained)
    loaded_s = max(v.departure_s for v in visits(plan, "cheap") if "order:1" in v.pickups)
    first = vehicle_stands(chained, plan, vehicle="cheap", at="depot", now_s=loaded_s + MINUTE)
    rescued = plan_for(first)
    assert carried_by(rescued)["relay:1"] == "spare"
    taken_s = max(v.departure_s for v in visits(rescued, "spare") if "relay:1" in v.pickups)
    second = vehicle_stands(first, rescued, vehicle="spare", at="farm", now_s=taken_s + MINUTE)
    after = plan_for(second)
    assert violations(second, after) == ()
    assert after.unserved == ()
    goods = {shipment.id: shipment for shipment in second.shipments}
    assert (goods["relay:1"].delivery, goods["relay:1#r2"].delivery) == ("farm", "school")
    assert goods["onward:1"].after == ("relay:1#r2",)
    assert carried_by(after)["relay:1#r2"] == "third"


def test_names_of_goods_that_go_on_are_free():
    taken = ("order:7", "relay:7", "relay:7#2", "relay:7#r2", "order:7#2")
    names = Relays().names(("order:7", "relay:7#r2", "order:7#2", "onward:8", "order:8"), taken=taken)
    assert names == {
        "order:7": "relay:7#r3",
        "relay:7#r2": "relay:7#r4",
        "order:7#2": "relay:7#2#r2",
        "onward:8": "relay:8",
        "order:8": "relay:8#r2",
    }


def test_what_is_on_board_is_what_was_taken_on_and_not_given_off(day, plan_for):
    plan = plan_for(day)
    aboard = {
        now_s: on_board(plan, vehicle="cheap", now_s=now_s) for now_s in (0, when_loaded(plan), 24 * HOUR)
    }
    assert [*aboard.values()] == [set(), {"order:1", "order:2"}, set()]


def test_goods_that_stand_once_on_their_way_in_and_once_on_their_way_on(day, van, plan_for):
    """Both would be called relay:1."""
    onward = Shipment("onward:1", "school", "elder", 1000, after=("order:1",))
    fleet = (*day.vehicles, van("third", fixed_ore_per_shift=400_000))
    chained = replace(day, shipments=(day.shipments[0], onward), vehicles=fleet)
    plan = plan_for(chained)
    loaded_s = max(v.departure_s for v in visits(plan, "cheap") if "order:1" in v.pickups)
    first = vehicle_stands(chained, plan, vehicle="cheap", at="depot", now_s=loaded_s + MINUTE)
    rescued = plan_for(first)
    (driver,) = {route.vehicle for route in rescued.routes for v in route.visits if "onward:1" in v.pickups}
    taken_s = max(v.departure_s for v in visits(rescued, driver) if "onward:1" in v.pickups)
    second = vehicle_stands(first, rescued, vehicle=driver, at="depot", now_s=taken_s + MINUTE)
    after = plan_for(second)
    assert violations(second, after) == ()
    goods = {shipment.id: shipment for shipment in second.shipments}
    assert (goods["relay:1"].delivery, goods["onward:1"].delivery) == ("school", "depot")
    assert (goods["relay:1#r2"].pickup, goods["relay:1#r2"].delivery) == ("depot", "elder")
    assert "relay:1#r2" in after.served


def test_goods_of_a_vehicle_that_stands_where_they_were_to_go_are_there(day, plan_for):
    plan = plan_for(day)
    now_s = when_loaded(plan) + MINUTE
    problem = vehicle_stands(day, plan, vehicle="cheap", at="school", now_s=now_s)
    after = plan_for(problem)
    assert violations(problem, after) == ()
    assert carried_by(after) == {"order:1": "cheap", "order:2": "cheap", "relay:2": "spare"}
