"""One rule at a time: without it in the model the cheapest plan would break it."""

import pytest

from routing.engines.ortools_engine import all_loaded_at_start, job_of
from routing.problem import Shipment, Window
from routing.reasons import CODES

HOUR = 3600


@pytest.fixture
def places(stop):
    """Home in the middle, farms to the left, kitchens to the right, by minutes of driving."""
    return [stop("home", 50), stop("farm", 40), stop("dairy", 30), stop("school", 70), stop("elder", 90)]


def visits_of(plan, stop):
    return [visit for route in plan.routes for visit in route.visits if visit.stop == stop]


def served_by(plan):
    return {
        name: route.vehicle for route in plan.routes for visit in route.visits for name in visit.deliveries
    }


def test_everything_that_must_be_served_is_served(morning, plan_for):
    plan = plan_for(morning)
    assert plan.served == {"carrots", "beets", "milk"}
    assert plan.unserved == ()


def test_pickup_comes_before_delivery_on_the_same_vehicle(on_a_line, stop, van, plan_for):
    """Each van stands where the other's work would be nearest; crossing over must not happen."""
    stops = [stop("west", 0), stop("east", 100), stop("home", 50)]
    shipments = [Shipment("a", "west", "east", 1), Shipment("b", "east", "west", 1)]
    fleet = [van("one", start="west", end="west"), van("two", start="east", end="east")]
    plan = plan_for(on_a_line(stops, shipments, fleet))
    assert plan.served == {"a", "b"}
    assert plan.totals.distance_m == 200_000  # one van there and back with both, not two half ways


@pytest.mark.parametrize("limit", [{"capacity_grams": 50_000}, {"capacity_crates": 5}])
def test_a_full_vehicle_unloads_first(on_a_line, places, van, plan_for, limit):
    shipments = [
        Shipment("a", "farm", "school", 30_000, crates=3),
        Shipment("b", "dairy", "elder", 30_000, crates=3),
    ]
    free = plan_for(on_a_line(places, shipments, [van()]))
    bound = plan_for(on_a_line(places, shipments, [van(**limit)]))
    assert bound.served == free.served == {"a", "b"}
    assert bound.totals.distance_m > free.totals.distance_m
    assert max(visit.load_grams_after for route in bound.routes for visit in route.visits) == 30_000


def test_goods_of_the_start_place_count_towards_capacity(on_a_line, places, van, plan_for):
    """Loaded where the van starts, so without a pickup node: two trips' worth needs two vans that go out once."""
    shipments = [Shipment(name, "home", name, 60_000) for name in ("school", "elder")]
    once = {"capacity_grams": 100_000, "max_distance_m": 100_000, "fixed_ore_per_shift": 0}
    problem = on_a_line(places, shipments, [van(name, **once) for name in ("one", "two", "three")])
    assert all_loaded_at_start(job_of(problem))
    plan = plan_for(problem)
    assert plan.totals.vehicles == 2
    assert plan.served == {"school", "elder"}


def test_goods_of_the_start_place_mix_with_goods_on_the_way(on_a_line, places, van, plan_for):
    shipments = [Shipment("out", "home", "school", 60_000), Shipment("way", "school", "elder", 90_000)]
    plan = plan_for(on_a_line(places, shipments, [van(capacity_grams=100_000)]))
    assert plan.served == {"out", "way"}
    assert [visit.load_grams_after for visit in visits_of(plan, "school")] == [90_000]


def test_a_stops_opening_hours_turn_the_order(on_a_line, stop, van, plan_for):
    stops = [
        stop("home", 0),
        stop("near", 20, windows=(Window(10 * HOUR, 11 * HOUR),)),
        stop("far", 40, windows=(Window(7 * HOUR, 8 * HOUR),)),
    ]
    shipments = [Shipment("n", "home", "near", 1), Shipment("f", "home", "far", 1)]
    plan = plan_for(on_a_line(stops, shipments, [van(fixed_ore_per_shift=10_000_000)]))
    assert [visit.stop for visit in plan.routes[0].visits if visit.deliveries] == ["far", "near"]


def test_a_shipments_hours_bind_beside_the_stops(on_a_line, stop, van, plan_for):
    stops = [stop("home", 0), stop("farm", 10), stop("school", 30, windows=(Window(7 * HOUR, 15 * HOUR),))]
    noon = (Window(5 * HOUR, 6 * HOUR), Window(12 * HOUR, 12 * HOUR + 60))
    shipment = Shipment(
        "s", "farm", "school", 1, delivery_windows=noon, pickup_windows=(Window(0, 9 * HOUR),)
    )
    plan = plan_for(on_a_line(stops, [shipment], [van()]))
    assert [visit.start_s for visit in visits_of(plan, "school")] == [12 * HOUR]
    assert visits_of(plan, "farm")[0].start_s == 9 * HOUR


def test_days_are_windows_and_shifts_are_chosen_by_them(on_a_line, stop, van, plan_for):
    days = tuple(Window(day * 86_400 + 6 * HOUR, day * 86_400 + 14 * HOUR) for day in range(5))
    stops = [stop("home", 0), stop("farm", 10), stop("school", 30)]
    shipments = [
        Shipment("monday", "farm", "school", 1, delivery_windows=days[:1]),
        Shipment("thursday", "farm", "school", 1, delivery_windows=days[3:4]),
        Shipment("any day", "farm", "school", 1),
    ]
    plan = plan_for(on_a_line(stops, shipments, [van(shifts=days)]))
    assert [route.shift for route in plan.routes] == [0, 3]
    assert plan.served == {"monday", "thursday", "any day"}


def test_the_stop_time_is_paid_once_for_many_shipments(on_a_line, stop, van, plan_for):
    stops = [stop("home", 0), stop("farm", 10, stop_s=600), stop("school", 30, stop_s=1200)]
    shipments = [Shipment(f"s{n}", "farm", "school", 1, pickup_s=30, delivery_s=60) for n in range(4)]
    plan = plan_for(on_a_line(stops, shipments, [van()]))
    needed_s = 3600 + (600 + 4 * 30) + (1200 + 4 * 60)
    assert plan.totals.duration_s == needed_s
    tight = plan_for(on_a_line(stops, shipments, [van(shifts=(Window(0, needed_s),))]))
    assert len(tight.served) == 4


def test_a_stop_closed_at_noon_is_served_before_or_after(on_a_line, stop, van, plan_for):
    """One van could do both only by serving the far kitchen in its lunch break."""
    hours = (Window(6 * HOUR, 11 * HOUR), Window(13 * HOUR, 15 * HOUR))
    stops = [stop("home", 0), stop("near", 10), stop("far", 170, windows=hours)]
    shipments = [
        Shipment("n", "home", "near", 1, delivery_s=2400, delivery_windows=hours[:1]),
        Shipment("f", "home", "far", 1),
    ]
    shift = (Window(8 * HOUR, 14 * HOUR + 1800),)
    fleet = [van(name, shifts=shift, break_s=0) for name in ("one", "two")]
    plan = plan_for(on_a_line(stops, shipments, fleet))
    assert (plan.totals.vehicles, plan.served) == (2, {"n", "f"})


def test_work_that_leaves_no_room_for_a_break_is_shared(on_a_line, stop, van, plan_for):
    """Five hours of driving fit the shift, five hours and a break do not."""
    stops = [stop("home", 20), stop("near", 5), stop("far", 155)]
    shipments = [Shipment("n", "home", "near", 1), Shipment("f", "home", "far", 1)]
    fleet = [van(name, shifts=(Window(0, 330 * 60),)) for name in ("one", "two")]
    plan = plan_for(on_a_line(stops, shipments, fleet))
    assert (plan.totals.vehicles, plan.served) == (2, {"n", "f"})


def test_the_shift_ends_the_route(on_a_line, places, van, plan_for):
    """There and back takes 100 minutes; the cheap van's shift is one minute too short."""
    shipment = Shipment("s", "farm", "elder", 1)
    short = van("short", shifts=(Window(0, 99 * 60),), ore_per_km=1)
    plan = plan_for(on_a_line(places, [shipment], [short, van("long")]))
    assert served_by(plan) == {"s": "long"}


def test_the_driving_limit_splits_the_work(on_a_line, places, van, plan_for):
    """80 minutes each, 120 for both in one round: more than either driver may drive."""
    shipments = [Shipment("west", "home", "dairy", 1), Shipment("east", "home", "elder", 1)]
    assert plan_for(on_a_line(places, shipments, [van("one"), van("two")])).totals.vehicles == 1
    limited = [van(name, max_drive_s=100 * 60) for name in ("one", "two")]
    plan = plan_for(on_a_line(places, shipments, limited))
    assert (plan.totals.vehicles, len(plan.served)) == (2, 2)


def test_a_break_takes_time_from_the_shift(on_a_line, stop, van, plan_for):
    """Five hours of driving fit a shift of five and a half hours without the break, not with it."""
    stops = [stop("home", 0), stop("farm", 10), stop("school", 150)]
    shipment = Shipment("s", "farm", "school", 1)
    day = (Window(0, 330 * 60),)
    assert plan_for(on_a_line(stops, [shipment], [van(shifts=day, break_s=0)])).served == {"s"}
    plan = plan_for(
        on_a_line(stops, [shipment], [van("tired", shifts=day, fixed_ore_per_shift=0), van("long")])
    )
    assert served_by(plan) == {"s": "long"}
    assert plan.routes[0].break_s == 2700


def test_a_route_that_needs_no_break_may_fill_the_shift(on_a_line, stop, van, plan_for):
    """Stretched times alone would refuse 4 hours of driving in a shift of 4 hours and 10 minutes."""
    stops = [stop("home", 0), stop("farm", 10), stop("school", 120)]
    near = Shipment("near", "home", "farm", 1)
    far = Shipment("far", "home", "school", 1, delivery_s=600)
    shift = (Window(0, 4 * HOUR + 600), Window(86_400, 86_400 + 5 * HOUR))
    far_today = on_a_line(stops, [near, far], [van(shifts=shift, break_after_drive_s=4 * HOUR)])
    assert plan_for(far_today).totals.vehicles == 1


def test_leaving_out_is_chosen_when_it_is_cheaper(on_a_line, places, van, plan_for):
    """One kitchen is on the way; the other costs 40 km (1 000 kr) and 40 minutes (233 kr) more."""
    on_the_way = Shipment("way", "farm", "school", 1)
    for price, served in ((120_000, {"way"}), (126_000, {"way", "far"})):
        far = Shipment("far", "farm", "elder", 1, skip_ore=price)
        plan = plan_for(on_a_line(places, [on_the_way, far], [van()]))
        assert plan.served == served
        assert plan.totals.skip_ore == (price if len(served) == 1 else 0)


def test_the_cheaper_vehicle_drives(on_a_line, places, van, plan_for):
    shipment = Shipment("s", "farm", "elder", 1)
    for cheap in ({"fixed_ore_per_shift": 49_000}, {"ore_per_km": 2_400}, {"ore_per_hour": 34_000}):
        plan = plan_for(on_a_line(places, [shipment], [van("dear"), van("cheap", **cheap)]))
        assert served_by(plan) == {"s": "cheap"}


def test_waiting_costs_as_much_as_driving_per_hour(on_a_line, stop, van, plan_for):
    """Two separate hours with six between: two shifts without waiting are cheaper than one with."""
    stops = [stop("home", 0), stop("a", 10), stop("b", 20)]
    shipments = [
        Shipment("early", "home", "a", 1, delivery_windows=(Window(7 * HOUR, 7 * HOUR),)),
        Shipment("late", "home", "b", 1, delivery_windows=(Window(14 * HOUR, 14 * HOUR),)),
    ]
    fleet = [van("one"), van("two")]
    assert plan_for(on_a_line(stops, shipments, fleet)).totals.vehicles == 2
    unpaid = [van("one", ore_per_hour=0), van("two", ore_per_hour=0)]
    assert plan_for(on_a_line(stops, shipments, unpaid)).totals.vehicles == 1


def test_an_open_end_saves_the_way_home(on_a_line, places, van, plan_for):
    plan = plan_for(on_a_line(places, [Shipment("s", "farm", "elder", 1)], [van(end=None)]))
    assert plan.totals.distance_m == 10_000 + 50_000


@pytest.mark.parametrize(
    ("shipment", "vehicle", "code"),
    [
        ({}, {"shifts": ()}, "no_vehicle"),
        ({"grams": 2_000_000}, {}, "too_heavy"),
        ({"crates": 9}, {"capacity_crates": 8}, "too_heavy"),
        ({"delivery_windows": (Window(20 * HOUR, 21 * HOUR),)}, {}, "no_shift_meets_windows"),
        ({}, {"max_drive_s": 99 * 60}, "too_far_for_a_shift"),
        ({"pickup": "closed"}, {}, "never_open"),
        ({"skip_ore": 100}, {}, "dearer_than_skipping"),
    ],
)
def test_what_is_left_out_says_why(on_a_line, places, stop, van, plan_for, shipment, vehicle, code):
    values = dict(
        id="s", pickup="farm", delivery="elder", grams=1, pickup_windows=(Window(6 * HOUR, 9 * HOUR),)
    )
    closed = stop("closed", 41, windows=(Window(0, HOUR),))
    plan = plan_for(on_a_line([*places, closed], [Shipment(**(values | shipment))], [van(**vehicle)]))
    assert [(entry.reason_code, entry.reason) for entry in plan.unserved] == [(code, CODES[code])]


def test_when_not_all_fit_the_rest_is_reported_not_raised(on_a_line, places, van, plan_for):
    at_seven = (Window(7 * HOUR, 7 * HOUR),)
    shipments = [Shipment(name, "farm", name, 1, delivery_windows=at_seven) for name in ("school", "elder")]
    plan = plan_for(on_a_line(places, shipments, [van()]))
    assert len(plan.served) == 1
    assert [entry.reason_code for entry in plan.unserved] == ["capacity_taken"]
