"""New orders in a plan that people go by, and a week planned again when something has happened."""

from dataclasses import replace
from datetime import timedelta

import pytest
import week_inputs
from factories import MONDAY

from geodata.travel import Estimator
from market.planning.building import build_problem
from market.planning.disruptions.disrupting import disrupted, legs_near
from market.planning.disruptions.inserting import insert_orders
from market.planning.disruptions.operations import Seen, plan_again
from market.planning.disruptions.promised import freed, promising
from market.planning.disruptions.rules import (
    EndsBeforeItBegins,
    GoesToItself,
    HappenedOtherwise,
    KitchenShut,
    NoRoadThere,
    NotInThisPlan,
    RoadClosed,
    StandsWithGoods,
    VehicleStands,
    WeekIsOver,
    now_in_week,
)
from market.planning.inputs import Goods, OpenHours, Place, Van, WeekInputs
from market.planning.naming import order_and_leg
from market.planning.rules import Leg
from market.values import Week
from routing.check import violations
from routing.solve import Limit, solve

TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
HOUR = 3600
DAY_S = 24 * HOUR
QUICK = Limit(iterations=40)
TOLERANCE_S = 900


def goods(number: int, site: int, kitchen: int = 2, **more) -> Goods:
    values = {"producer_id": site, "day": TUESDAY, "grams": 40_000, "crates": 4}
    return Goods(order_id=number, site_id=site, kitchen_id=kitchen, **(values | more))


SITES = (
    Place(id=1, name="Åkerbo", lat=59.85, lon=18.60, hours=()),
    Place(id=3, name="Granby", lat=59.80, lon=18.65, hours=()),
    Place(id=4, name="Långt bort", lat=59.40, lon=18.30, hours=()),
)
KITCHENS = (
    Place(
        id=2,
        name="Centralköket",
        lat=59.758,
        lon=18.705,
        hours=tuple(OpenHours(weekday=day, opens_s=7 * HOUR, closes_s=15 * HOUR) for day in range(1, 6)),
    ),
    Place(id=5, name="Skolan", lat=59.77, lon=18.60, hours=()),
)
VAN = replace(week_inputs.VAN, id=9)
SPARE = replace(VAN, id=10, name="Reserven", fixed_ore_per_shift=200_000)


def week_of(*all_goods: Goods, vans: tuple[Van, ...] = (VAN,)) -> WeekInputs:
    return WeekInputs(
        authority_id=1,
        week=Week.containing(MONDAY),
        goods=all_goods,
        sites=SITES,
        kitchens=KITCHENS,
        vans=vans,
    )


def problem_of(inputs: WeekInputs):
    return build_problem(inputs, travel=Estimator()).problem


def planned(inputs: WeekInputs):
    problem = problem_of(inputs)
    return problem, solve(problem, limit=QUICK)


def inserted(before: WeekInputs, after: WeekInputs, *, gone=(), now_s=0, tolerance_s=TOLERANCE_S):
    problem, plan = planned(before)
    done = insert_orders(
        problem,
        plan,
        fresh=problem_of(after),
        gone=gone,
        travel=Estimator(),
        tolerance_s=tolerance_s,
        now_s=now_s,
    )
    assert violations(done.problem, done.plan) == ()
    return plan, done


def deliveries(plan) -> dict[str, int]:
    return {name: v.start_s for route in plan.routes for v in route.visits for name in v.deliveries}


def test_a_new_order_goes_where_it_costs_least_and_moves_nobody_far():
    before = week_of(goods(7, 1))
    plan, done = inserted(before, week_of(goods(7, 1), goods(8, 3)))
    old, new = deliveries(plan), deliveries(done.plan)
    assert new.keys() == {"order:7", "order:8"}
    assert abs(new["order:7"] - old["order:7"]) <= TOLERANCE_S
    assert done.left_out == frozenset()
    assert done.problem.rules.promises == ()


def test_a_dearer_way_is_taken_before_a_promised_time_is_broken():
    """Everything fits one round of the van; with a tolerance of a minute the reserve drives for the new order."""
    both = (VAN, SPARE)
    before, after = week_of(goods(7, 1), vans=both), week_of(goods(7, 1), goods(8, 3, crates=60), vans=both)
    plan, strict = inserted(before, after, tolerance_s=60)
    assert abs(deliveries(strict.plan)["order:7"] - deliveries(plan)["order:7"]) <= 60
    _, loose = inserted(before, after, tolerance_s=4 * HOUR)
    assert loose.plan.totals.cost_ore < strict.plan.totals.cost_ore


def test_a_road_that_is_closed_stays_closed_for_new_orders():
    problem, plan = planned(week_of(goods(7, 1)))
    closed = RoadClosed(lat=59.80, lon=18.65, radius_m=3000, detour_m=20_000, detour_s=1200)
    longer = disrupted(problem, plan, closed, monday=MONDAY, now_s=0)
    fresh = problem_of(week_of(goods(7, 1), goods(8, 4)))
    done = insert_orders(
        longer,
        solve(longer, limit=QUICK),
        fresh=fresh,
        gone=(),
        travel=Estimator(),
        tolerance_s=4 * HOUR,
        now_s=0,
    )
    index = done.problem.stop_index
    way = index["site:1"], index["kitchen:2"]
    assert done.problem.distance_m[way] == longer.distance_m[way] > problem.distance_m[way]


def test_what_weighed_a_promise_is_not_money():
    """A far detour breaks the promised time; the plan's cost is still its kilometres and hours only."""
    plan, done = inserted(week_of(goods(7, 1)), week_of(goods(7, 1), goods(8, 4)))
    assert deliveries(done.plan).keys() == {"order:7", "order:8"}
    assert plan.totals.cost_ore < done.plan.totals.cost_ore < 10 * plan.totals.cost_ore


def test_an_order_that_is_gone_leaves_the_plan_and_its_stop():
    plan, done = inserted(week_of(goods(7, 1), goods(8, 3)), week_of(goods(7, 1)), gone={8})
    assert deliveries(plan).keys() == {"order:7", "order:8"}
    assert deliveries(done.plan).keys() == {"order:7"}
    assert "site:3" not in {v.stop for route in done.plan.routes for v in route.visits}
    assert "order:8" not in {shipment.id for shipment in done.problem.shipments}


def test_an_order_on_a_day_that_had_none_gets_a_shift_of_its_own():
    plan, done = inserted(week_of(goods(7, 1)), week_of(goods(7, 1), goods(8, 3, day=MONDAY)))
    (old,) = plan.routes
    kept = next(route for route in done.plan.routes if route.shift == old.shift)
    assert kept.visits == old.visits
    assert {v.start_s // DAY_S for r in done.plan.routes for v in r.visits if "order:8" in v.deliveries} == {
        0
    }


def test_what_does_not_fit_is_left_out_and_named():
    _, done = inserted(week_of(goods(7, 1)), week_of(goods(7, 1), goods(8, 3, grams=2_000_000)))
    assert done.left_out == {8}
    assert [entry.shipment for entry in done.plan.unserved] == ["order:8"]


def test_what_is_driven_stays_when_an_order_comes_at_noon():
    both = (VAN, SPARE)
    before, noon = week_of(goods(7, 1), vans=both), DAY_S + 12 * HOUR
    plan, done = inserted(before, week_of(goods(8, 1), vans=both), now_s=noon)
    driven = [route for route in plan.routes if route.end_s < noon]
    assert driven
    assert [route.visits for route in done.plan.routes if route.end_s < noon] == [r.visits for r in driven]
    (collected,) = [v.start_s for r in done.plan.routes for v in r.visits if "order:8" in v.pickups]
    assert collected >= noon


TWO_ORDERS = (goods(7, 1), goods(8, 3))


def again(disruption, *, now_s=DAY_S, orders=TWO_ORDERS):
    problem, plan = planned(week_of(*orders, vans=(VAN, SPARE)))
    changed = disrupted(problem, plan, disruption, monday=MONDAY, now_s=now_s)
    promised = promising(changed, plan, ore=20_000, tolerance_s=TOLERANCE_S)
    plain, after = freed(promised, solve(promised, limit=QUICK))
    assert violations(plain, after) == ()
    return plan, after


def test_another_vehicle_takes_over_when_one_stands_at_home():
    plan, after = again(VehicleStands(vehicle=9, at="home:9", last_on=TUESDAY))
    assert {route.vehicle for route in plan.routes} == {"9"}
    assert {route.vehicle for route in after.routes} == {"10"}
    assert after.served == {"order:7", "order:8"}


def loaded_s(plan):
    """A minute after everything is on board."""
    return 60 + max(v.departure_s for route in plan.routes for v in route.visits if v.pickups)


def test_a_vehicle_with_goods_on_board_does_not_stand_at_home():
    _, plan = planned(week_of(*TWO_ORDERS, vans=(VAN, SPARE)))
    with pytest.raises(StandsWithGoods):
        again(VehicleStands(vehicle=9, at="home:9", last_on=TUESDAY), now_s=loaded_s(plan))
    _, after = again(VehicleStands(vehicle=9, at="site:3", last_on=TUESDAY), now_s=loaded_s(plan))
    assert after.unserved == ()


def seen_at(problem, plan, now_s):
    return Seen(
        plan_id=1,
        revision=1,
        monday=MONDAY,
        problem=problem,
        plan=plan,
        now_s=now_s,
        promise_ore=20_000,
        tolerance_s=TOLERANCE_S,
    )


def test_two_vehicles_stand_one_after_the_other():
    third = replace(VAN, id=11, name="Den tredje", fixed_ore_per_shift=400_000)
    problem, plan = planned(week_of(*TWO_ORDERS, vans=(VAN, SPARE, third)))
    first = plan_again(
        seen=seen_at(problem, plan, loaded_s(plan)),
        disruption=VehicleStands(vehicle=9, at="site:3", last_on=TUESDAY),
        limit=QUICK,
    )
    (spare,) = {
        route.vehicle
        for route in first.plan.routes
        if any("relay:7" in visit.pickups for visit in route.visits)
    }
    second = plan_again(
        seen=seen_at(first.problem, first.plan, loaded_s(first.plan)),
        disruption=VehicleStands(vehicle=int(spare), at="site:1", last_on=TUESDAY),
        limit=QUICK,
    )
    assert second.plan.unserved == ()
    assert "relay:7#r2" in second.plan.served
    assert order_and_leg("relay:7#r2") == (7, Leg.RELAY)


def test_what_can_not_have_happened_is_refused_in_words():
    """What was driven is no shipment of the problem."""
    problem, plan = planned(week_of(*TWO_ORDERS, vans=(VAN, SPARE)))
    renamed = replace(
        plan,
        routes=tuple(
            replace(
                route,
                visits=tuple(
                    replace(visit, pickups=("order:99",)) if visit.pickups else visit
                    for visit in route.visits
                ),
            )
            for route in plan.routes
        ),
    )
    with pytest.raises(HappenedOtherwise):
        plan_again(
            seen=seen_at(problem, renamed, 2 * DAY_S),
            disruption=RoadClosed(lat=59.80, lon=18.65, radius_m=3000, detour_m=1, detour_s=1),
            limit=QUICK,
        )


def test_it_drives_again_the_day_after():
    orders = (goods(7, 1), goods(8, 3, day=WEDNESDAY))
    _, after = again(VehicleStands(vehicle=9, at="home:9", last_on=TUESDAY), orders=orders)
    assert [route.vehicle for route in after.routes] == ["9", "10"] or {
        (route.vehicle, route.start_s // DAY_S) for route in after.routes
    } == {("10", 1), ("9", 2)}


def test_goods_of_a_shut_kitchen_go_to_the_other():
    shut = KitchenShut(kitchen=2, from_s=DAY_S, until_s=2 * DAY_S, instead=5)
    _, after = again(shut, orders=(goods(7, 1), goods(8, 3), goods(9, 1, kitchen=5)))
    stops = {v.stop for route in after.routes for v in route.visits if v.deliveries}
    assert stops == {"kitchen:5"}
    assert after.unserved == ()


def test_a_closed_road_lengthens_the_ways_that_pass_it():
    problem = problem_of(week_of(goods(7, 1)))
    closed = RoadClosed(lat=59.80, lon=18.65, radius_m=3000, detour_m=20_000, detour_s=1200)
    legs = legs_near(problem, closed)
    index = problem.stop_index
    assert legs[index["site:1"], index["kitchen:2"]]
    assert not legs[index["kitchen:2"], index["home:9"]]
    plan, after = again(closed, orders=(goods(7, 1),))
    assert after.totals.distance_m >= plan.totals.distance_m + 20_000


def test_a_point_far_from_every_way_is_refused():
    with pytest.raises(NoRoadThere):
        again(RoadClosed(lat=65.0, lon=20.0, radius_m=1000, detour_m=1, detour_s=1))


@pytest.mark.parametrize(
    "disruption",
    [
        VehicleStands(vehicle=99, at="home:9", last_on=TUESDAY),
        VehicleStands(vehicle=9, at="kitchen:99", last_on=TUESDAY),
        KitchenShut(kitchen=99, from_s=0, until_s=1),
        KitchenShut(kitchen=2, from_s=0, until_s=1, instead=99),
    ],
)
def test_what_is_not_in_the_plan_is_refused(disruption):
    with pytest.raises(NotInThisPlan):
        again(disruption)


def test_times_and_places_that_contradict_themselves_are_refused():
    with pytest.raises(EndsBeforeItBegins):
        KitchenShut(kitchen=2, from_s=10, until_s=10)
    with pytest.raises(GoesToItself):
        KitchenShut(kitchen=2, from_s=0, until_s=1, instead=2)


def test_a_week_that_is_over_is_not_planned_again():
    assert now_in_week(-5) == 0
    with pytest.raises(WeekIsOver):
        now_in_week(7 * DAY_S)
