"""Each order on its own trip, and last week's routes with this week's orders."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from routing_strategies import ruled_problems

from routing.baselines import alone_problem, drive_alone, each_order_alone, last_weeks_plan, order_problem
from routing.check import violations
from routing.insertion import with_shipment
from routing.last_week import AlreadyDriven
from routing.problem import Lock, Rules, Shipment, Window
from routing.replan import from_moment
from routing.sequences import FixedRoute, FixedTask
from routing.solve import Limit, solve

pytestmark = pytest.mark.slow

HOUR = 3600
DAY = 24 * HOUR
few = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def stops_of(route):
    return [visit.stop for visit in route.visits]


# -- each order alone -----------------------------------------------------------------------------------------


def test_every_order_goes_straight_there_and_back(morning, van):
    plan = each_order_alone(morning, vehicle=van())
    assert violations(order_problem(morning, vehicle=van()), plan) == ()
    assert sorted(stops_of(route) for route in plan.routes) == [
        ["dairy", "dairy", "school", "dairy"],
        ["farm", "farm", "elder", "farm"],
        ["farm", "farm", "school", "farm"],
    ]
    assert plan.totals.distance_m == 2 * (30_000 + 40_000 + 20_000)
    assert plan.totals.cost_ore > drive_alone(morning, vehicle=van()).totals.cost_ore


def test_goods_alike_share_trips_as_far_as_they_fit(morning, van):
    carrots = next(s for s in morning.shipments if s.id == "carrots")
    many = tuple(replace(carrots, id=f"c{n}", grams=400_000, skip_ore=0) for n in range(5))
    other_hours = replace(carrots, id="late", delivery_windows=(Window(8 * HOUR, 9 * HOUR),))
    plan = each_order_alone(replace(morning, shipments=(*many, other_hours)), vehicle=van())
    loads = sorted(sum(len(visit.deliveries) for visit in route.visits) for route in plan.routes)
    assert loads == [1, 1, 2, 2]
    assert not plan.unserved


def test_an_order_too_heavy_for_the_vehicle_is_left_out_with_its_reason(morning, van):
    heavy = tuple(replace(s, grams=2_000_000) for s in morning.shipments[:1])
    plan = each_order_alone(replace(morning, shipments=heavy), vehicle=van())
    assert [entry.reason_code for entry in plan.unserved] == ["too_heavy"]


def test_the_shift_that_meets_the_hours_is_taken(on_a_line, stop, van):
    days = tuple(Window(day * DAY + 6 * HOUR, day * DAY + 14 * HOUR) for day in range(3))
    goods = [Shipment("s", "farm", "home", 1, delivery_windows=(days[2],))]
    problem = on_a_line([stop("home", 0), stop("farm", 30)], goods, [])
    assert [route.shift for route in each_order_alone(problem, vehicle=van(shifts=days)).routes] == [2]


@pytest.fixture
def handed_over(on_a_line, stop, van):
    """Cheapest for the farm alone would be the afternoon; the satellite closes at eleven."""
    hours = (Window(9 * HOUR, 9 * HOUR), Window(14 * HOUR, 14 * HOUR))
    goods = [
        Shipment(
            "onward", "hub", "satellite", 1, after=("carrots",), delivery_windows=(Window(0, 11 * HOUR),)
        ),
        Shipment("carrots", "farm", "hub", 1, pickup_windows=hours),
    ]
    places = [stop("home", 0), stop("farm", 10), stop("hub", 40, transfer_s=600), stop("satellite", 60)]
    return on_a_line(places, goods, [van()])


@pytest.mark.parametrize(
    ("baseline", "alone"), [(drive_alone, alone_problem), (each_order_alone, order_problem)]
)
def test_what_is_passed_on_is_driven_after_it_came(handed_over, van, baseline, alone):
    plan = baseline(handed_over, vehicle=van())
    assert plan.served == {"carrots", "onward"}
    assert violations(alone(handed_over, vehicle=van()), plan) == ()
    assert len({route.vehicle for route in plan.routes}) == 2


def test_what_waits_for_goods_that_nobody_can_carry_stays_too(handed_over, van):
    heavy = tuple(replace(s, grams=2_000_000) if s.id == "carrots" else s for s in handed_over.shipments)
    week = replace(handed_over, shipments=heavy)
    for plan in (drive_alone(week, vehicle=van()), each_order_alone(week, vehicle=van())):
        assert {entry.shipment: entry.reason_code for entry in plan.unserved} == {
            "carrots": "too_heavy",
            "onward": "waits_for_another",
        }
    old = solve(handed_over, limit=Limit(iterations=2))
    assert last_weeks_plan(week, handed_over, old).routes == ()


# -- last week's routes ---------------------------------------------------------------------------------------


def test_the_same_orders_on_last_weeks_routes_are_last_weeks_plan(morning, plan_for):
    plan = plan_for(morning)
    again = last_weeks_plan(morning, morning, plan)
    assert violations(morning, again) == ()
    assert again.totals == plan.totals
    assert [stops_of(route) for route in again.routes] == [stops_of(route) for route in plan.routes]


def test_a_stop_without_orders_is_skipped_and_an_empty_route_goes(morning, plan_for):
    plan = plan_for(morning)
    fewer = replace(morning, shipments=tuple(s for s in morning.shipments if s.id == "milk"))
    again = last_weeks_plan(fewer, morning, plan)
    assert [set(stops_of(route)) for route in again.routes] == [{"home", "dairy", "school"}]
    nothing = last_weeks_plan(replace(morning, shipments=()), morning, plan)
    assert nothing.routes == ()


@pytest.fixture
def two_rounds(on_a_line, stop, van):
    """North in one van, south in the other; the order of stops is last week's, not this week's best."""
    places = [
        stop("home", 0),
        stop("north", 30),
        stop("farther", 60),
        stop("south", -30),
        stop("souther", -60),
    ]
    goods = [
        Shipment("a", "north", "farther", 1),
        Shipment("b", "farther", "home", 1),
        Shipment("c", "south", "souther", 1),
    ]
    rules = Rules(locks=(Lock("a", "v1"), Lock("b", "v1"), Lock("c", "v2")))
    problem = replace(on_a_line(places, goods, [van("v1"), van("v2", ore_per_km=9_000)]), rules=rules)
    return problem, solve(problem, limit=Limit(iterations=10))


def test_an_order_rides_on_the_round_that_passes_both_its_places_in_order(two_rounds):
    problem, plan = two_rounds
    new = (Shipment("n", "north", "home", 1), Shipment("s", "south", "souther", 1))
    week = replace(problem, shipments=new, rules=Rules())
    again = last_weeks_plan(week, problem, plan)
    carried = {r.vehicle: {n for v in r.visits for n in v.deliveries} for r in again.routes}
    assert carried == {"v1": {"n"}, "v2": {"s"}}  # although v1 would be the cheaper one for both
    assert solve(week, limit=Limit(iterations=20)).totals.cost_ore < again.totals.cost_ore


def test_an_order_against_the_order_of_stops_is_put_where_it_costs_least(two_rounds):
    problem, plan = two_rounds
    against = Shipment("x", "souther", "south", 1)
    week = replace(problem, shipments=(against,), rules=Rules())
    again = last_weeks_plan(week, problem, plan)
    assert [route.vehicle for route in again.routes] == ["v1"]
    dear = replace(week, shipments=(replace(against, skip_ore=1),))
    left_out = last_weeks_plan(dear, problem, plan)
    assert [entry.reason_code for entry in left_out.unserved] == ["dearer_than_skipping"]


def test_vehicles_and_shifts_that_are_gone_leave_their_orders_to_others(two_rounds, van):
    problem, plan = two_rounds
    week = replace(problem, vehicles=(van("v1"),), rules=Rules())
    again = last_weeks_plan(week, problem, plan)
    assert {route.vehicle for route in again.routes} == {"v1"}
    assert again.served == {"a", "b", "c"}
    night = replace(
        problem,
        vehicles=tuple(replace(v, shifts=(Window(0, HOUR),)) for v in problem.vehicles),
        rules=Rules(),
    )
    assert {entry.reason_code for entry in last_weeks_plan(night, problem, plan).unserved} == {
        "too_far_for_a_shift"
    }


def test_a_shift_is_known_by_its_time_not_by_its_number(on_a_line, stop, van):
    days = tuple(Window(day * DAY + 6 * HOUR, day * DAY + 14 * HOUR) for day in range(3))
    goods = [Shipment("s", "farm", "home", 1, delivery_windows=(days[1],))]
    places = [stop("home", 0), stop("farm", 30)]
    old = on_a_line(places, goods, [van(shifts=days)])
    plan = solve(old, limit=Limit(iterations=5))
    week = on_a_line(places, [replace(goods[0], delivery_windows=())], [van(shifts=days[1:])])
    assert [(r.shift, r.start_s >= days[1].start_s) for r in plan.routes] == [(1, True)]
    assert [(r.shift, r.end_s <= days[1].end_s) for r in last_weeks_plan(week, old, plan).routes] == [
        (0, True)
    ]


def test_goods_passed_on_ride_after_they_came(handed_over):
    plan = solve(handed_over, limit=Limit(iterations=5))
    again = last_weeks_plan(handed_over, handed_over, plan)
    assert violations(handed_over, again) == ()
    assert again.served == plan.served == {"carrots", "onward"}


def test_a_week_that_has_begun_is_refused(morning, plan_for):
    plan = plan_for(morning)
    begun = from_moment(morning, plan, now_s=plan.routes[0].start_s + 1)
    with pytest.raises(AlreadyDriven):
        last_weeks_plan(begun, morning, plan)


def test_what_is_fixed_this_week_is_driven_on_last_weeks_plan_too(week, plan_for):
    before = week()
    tasks = tuple(FixedTask("c", is_pickup=end) for end in (True, False))
    now = week(fixed_routes=(FixedRoute("dear", 1, tasks),))
    again = last_weeks_plan(now, before, plan_for(before))
    assert violations(now, again) == ()
    assert again.served == {"a", "b", "c"}
    assert {route.shift for route in again.routes if route.vehicle == "dear"} == {1}


@few
@given(ruled_problems(), ruled_problems())
def test_baselines_keep_every_rule(problem, other):
    """Whatever last week was: both weeks' places are p0, p1 ..., their vehicles v0, v1."""
    old = solve(other, limit=Limit(iterations=2))
    again = last_weeks_plan(problem, other, old)
    assert violations(problem, again) == ()
    vehicle = replace(problem.vehicles[0], id="own")
    alone = each_order_alone(problem, vehicle=vehicle)
    assert violations(order_problem(problem, vehicle=vehicle), alone) == ()
    for entry in again.unserved:
        longer = with_shipment(problem, again, entry.shipment)
        assert longer is None or violations(problem, longer) == ()
