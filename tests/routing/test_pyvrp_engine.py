"""PyVRP: what it is told keeps the problem's rules, what it cannot say is caught afterwards."""

from dataclasses import replace

import pytest

from routing.engines import pyvrp_engine
from routing.engines.judge import Judge
from routing.engines.ortools_engine import job_of
from routing.engines.protocol import Limit
from routing.engines.pyvrp_engine import PyVrp, only_turns
from routing.engines.pyvrp_model import HIGHEST_PRICE, build, solution_of, trips_of
from routing.engines.pyvrp_search import first_penalties
from routing.engines.repair import mended
from routing.problem import Shipment, Window
from routing.trips import Task, Trip, turns_of

HOUR = 3600
DAY = 86_400


def found(problem, iterations=30, seed=0, **fields):
    return PyVrp(**fields).search(problem, limit=Limit(iterations=iterations), seed=seed, report=None)


def days(*numbers, first=7, last=10):
    return tuple(Window(day * DAY + first * HOUR, day * DAY + last * HOUR) for day in numbers)


@pytest.fixture
def week(on_a_line, stop, van):
    """Five shifts; the kitchen is open on Tuesday and Thursday mornings, one order may only come on Thursday."""
    stops = [stop("home", 0), stop("farm", 10, stop_s=600), stop("school", 30, windows=days(1, 3))]
    shipments = [
        Shipment("any", "farm", "school", 10, pickup_s=60),
        Shipment("thursday", "farm", "school", 10, delivery_windows=days(3)),
    ]
    return on_a_line(stops, shipments, [van(shifts=days(*range(5), first=5, last=15))])


def test_its_plan_serves_all_and_every_trip_can_be_driven(morning):
    trips = found(morning).trips
    judge = Judge(morning)
    assert judge.sound(trips) == trips
    assert judge.price(trips)[0] == 0


def test_a_week_is_folded_onto_one_day_and_each_shift_kept_to_its_own(week):
    trips = found(week).trips
    assert [trip.turn.shift for trip in trips] == [3]
    ends = [shipment.delivery for shipment in build(job_of(week)).data.shipments()]
    assert {(end.tw_early, end.tw_late) for end in ends} == {(7 * HOUR, 10 * HOUR)}
    assert Judge(week).sound(trips) == trips


def test_the_cost_in_the_model_is_the_cost_of_the_schedule(week):
    """Driving, stop times, service and the shift's price: one unit of money, nothing lost in it."""
    model = build(job_of(week))
    trips = found(week).trips
    (route,) = solution_of(model, trips).routes()
    shares = route.distance_cost() + route.duration_cost() + route.fixed_vehicle_cost()
    true = Judge(week).route(trips[0])
    assert (route.distance(), route.duration()) == (true.distance_m, true.duration_s)
    kind = model.data.vehicle_type(0)
    unit = week.vehicles[0].fixed_ore_per_shift / kind.fixed_cost
    assert shares * unit == pytest.approx(true.cost_ore, abs=1)


def test_a_solution_and_its_trips_are_the_same_thing(morning):
    model = build(job_of(morning))
    trips = found(morning).trips
    assert trips_of(model, solution_of(model, trips)) == trips


def test_odd_prices_stay_numbers_that_penalties_can_outweigh(on_a_line, stop, van):
    stops = [stop("home", 0), stop("farm", 10), stop("school", 30)]
    vehicles = [van("a", ore_per_km=1_801, ore_per_hour=33_337), van("b", ore_per_km=2_503)]
    model = build(job_of(on_a_line(stops, [Shipment("s", "farm", "school", 1)], vehicles)))
    kinds = model.data.vehicle_types()
    assert max(kind.unit_duration_cost for kind in kinds) <= HIGHEST_PRICE
    assert kinds[1].unit_distance_cost / kinds[0].unit_distance_cost == pytest.approx(2_503 / 1_801, rel=1e-3)


def test_what_it_cannot_say_is_refused_and_mended(on_a_line, stop, van):
    """The two windows become one in the model; its trip in between is no plan, the mended one is."""
    noon = (Window(7 * HOUR, 8 * HOUR), Window(13 * HOUR, 15 * HOUR))
    stops = [stop("home", 0), stop("farm", 10), stop("school", 30, windows=noon)]
    first = Shipment("first", "home", "farm", 1, delivery_windows=(Window(8 * HOUR, 9 * HOUR),))
    late = Shipment("late", "farm", "school", 1, pickup_windows=(Window(9 * HOUR, 9 * HOUR),))
    problem = on_a_line(stops, [first, late], [van(shifts=(Window(6 * HOUR, 12 * HOUR),)), van("all day")])
    judge = Judge(problem)
    plan = mended(found(problem).trips, judge)
    assert judge.price(plan)[0] == 0
    assert judge.sound(plan) == plan


def test_when_routes_need_rests_a_second_search_leaves_room_for_them(on_a_line, stop, van):
    """Five hours and a break for one; without the break one van would do."""
    stops = [stop("home", 20), stop("near", 5), stop("far", 155)]
    shipments = [Shipment("n", "home", "near", 1), Shipment("f", "home", "far", 1)]
    fleet = [van(name, shifts=(Window(0, 330 * 60),)) for name in ("one", "two")]
    problem = on_a_line(stops, shipments, fleet)
    trips = found(problem).trips
    assert len(trips) == 2
    assert Judge(problem).sound(trips) == trips


def test_what_is_impossible_is_left_out_when_it_starts_from_a_plan_that_does(on_a_line, stop, van):
    at_seven = (Window(7 * HOUR, 7 * HOUR),)
    stops = [stop("home", 0), stop("farm", 10), stop("a", 60), stop("b", 120)]
    shipments = [Shipment(name, "farm", name, 1, delivery_windows=at_seven) for name in ("a", "b")]
    problem = on_a_line(stops, shipments, [van(shifts=(Window(0, 10 * HOUR),))])
    start = mended((), Judge(problem))
    assert Judge(problem).price(start)[0] == 1
    trips = found(problem, start=start).trips
    assert Judge(problem).price(Judge(problem).sound(trips))[0] == 1


def test_prices_for_leaving_out_are_weighed(on_a_line, stop, van):
    stops = [stop("home", 0), stop("farm", 10), stop("school", 40), stop("elder", 60)]
    for price, served in ((1_000, {"s"}), (10_000_000, {"s", "far"})):
        shipments = [
            Shipment("s", "farm", "school", 1),
            Shipment("far", "farm", "elder", 1, skip_ore=price),
        ]
        trips = found(on_a_line(stops, shipments, [van()])).trips
        assert {task.shipment.id for trip in trips for task in trip.tasks} == served


def test_it_keeps_to_the_turns_it_is_given(week):
    job = only_turns(job_of(week), [turn for turn in turns_of(week) if turn.shift == 1])
    assert [shipment.id for shipment in job.shipments] == ["any"]
    assert {turn.shift for turn in job.turns} == {1}


def test_the_first_penalties_grow_with_what_a_vehicle_costs(morning):
    dear = replace(morning, vehicles=tuple(replace(v, fixed_ore_per_shift=10**7) for v in morning.vehicles))
    cheap, much = (first_penalties(build(job_of(problem)).data) for problem in (morning, dear))
    assert much[1] > 10 * cheap[1] > 0


def test_the_same_seed_gives_the_same_trips_and_routes_for_the_pool(week):
    assert found(week, seed=5) == found(week, seed=5)
    assert found(week).others


def test_different_routes_are_told_apart_whatever_they_carry(week):
    """Goods that come with the vehicle, goods that are collected: two orders of two of each are four routes."""
    goods = [Shipment(f"{end}{n}", end, "school", 10) for end in ("home", "farm") for n in range(2)]
    model = build(job_of(replace(week, shipments=tuple(goods))))
    ends = [Task(s, is_pickup=True) for s in goods], [Task(s, is_pickup=False) for s in goods]
    (home, farm), turn = ((0, 1), (2, 3)), turns_of(week)[1]
    orders = [(*a, *b) for a in (home, home[::-1]) for b in (farm, farm[::-1])]
    trips = [Trip(turn, tuple(end[n] for end in ends for n in order)) for order in orders]
    solutions = [solution_of(model, [trip]) for trip in trips]
    watch = pyvrp_engine._Watch(model, None, 0.0)
    for solution in (*solutions, *solutions):
        watch.on_iteration(solution)
    assert len(tuple(watch.others())) == 4


def test_of_a_plan_that_breaks_a_rule_the_routes_that_break_none_are_told(on_a_line, stop, van):
    stops = [stop("home", 0), stop("p1", 10), stop("p2", 20)]
    goods = [Shipment(f"s{n}", "p1", "p2", 60) for n in range(3)]
    problem = on_a_line(stops, goods, [van("a", capacity_grams=100), van("b", capacity_grams=100)])
    together = tuple(Task(s, is_pickup=end) for end in (True, False) for s in goods[:2])
    alone = tuple(Task(goods[2], is_pickup=end) for end in (True, False))
    model = build(job_of(problem))
    turns = turns_of(problem)
    watch = pyvrp_engine._Watch(model, None, 0.0)
    watch.on_iteration(solution_of(model, [Trip(turns[0], together), Trip(turns[1], alone)]))
    assert [trip.tasks for trip in watch.others()] == [alone]


def test_a_last_search_has_no_pool_to_tell_of(morning):
    assert found(morning).others
    assert found(morning, tells_many=False).others == ()


def test_of_more_routes_than_are_kept_the_last_are_told_and_ever_fewer_of_those_before(
    on_a_line, stop, van, monkeypatch
):
    monkeypatch.setattr(pyvrp_engine, "KEPT_ROUTES", 4)
    stops = [stop("home", 0), *(stop(f"p{n}", n) for n in range(1, 21))]
    goods = [Shipment(f"s{n}", "home", f"p{n}", 1) for n in range(1, 21)]
    problem = on_a_line(stops, goods, [van()])
    model = build(job_of(problem))
    (turn,) = turns_of(problem)
    watch = pyvrp_engine._Watch(model, None, 0.0)
    for shipment in goods:
        ends = tuple(Task(shipment, is_pickup=end) for end in (True, False))
        watch.on_iteration(solution_of(model, [Trip(turn, ends)]))
    told = [int(trip.tasks[0].shipment.id[1:]) for trip in watch.others()]
    assert len(told) <= 8
    assert told == sorted(told)
    assert told[-4:] == [17, 18, 19, 20]
    assert told[0] == 1


def test_only_plans_better_than_all_before_are_reported(morning):
    """A search that begins anew has a best plan of its own, which may be worse; its first may break a rule."""
    reported = []
    model = build(job_of(morning))
    good = found(morning).trips
    watch = pyvrp_engine._Watch(model, lambda _, trips: reported.append(trips), 0.0)
    for trips in ((), good, good):
        watch.reported = -10.0
        watch.on_best(solution_of(model, trips))
    assert reported == [good]
