"""The best cover of a pool: never dearer than its members, true in what it says, repeatable."""

from dataclasses import replace

from hypothesis import given, settings
from test_properties import cheapest, groups, problems, quick

from routing.engines.cover import Cover
from routing.engines.estimate import Estimator
from routing.engines.judge import Judge
from routing.engines.ortools_engine import OrTools
from routing.engines.protocol import Limit
from routing.engines.pyvrp_engine import PyVrp
from routing.engines.vroom_engine import Vroom
from routing.feasible import route_of
from routing.problem import Shipment, Window
from routing.trips import Task, Trip, turns_of

HOUR = 3600


def best_cover(problem, orders, start=(), seed=0):
    cover = Cover(tuple(orders), start=start)
    return cover.search(problem, limit=Limit(iterations=10), seed=seed, report=None).trips


@settings(quick, max_examples=20)
@given(problems())
def test_a_cover_is_never_dearer_than_any_plan_whose_routes_it_has(problem):
    judge = Judge(problem)
    answers = [
        engine.search(problem, limit=Limit(iterations=5), seed=0, report=None)
        for engine in (Vroom(), PyVrp(), OrTools())
    ]
    plans = [judge.sound(answer.trips) for answer in answers]
    best = min(plans, key=judge.price)
    orders = [judge.estimator.order_of(trip) for plan in plans for trip in plan]
    cover = best_cover(problem, orders, start=best)
    assert judge.sound(cover) == cover
    assert judge.price(cover) <= judge.price(best)


@settings(quick, max_examples=15)
@given(problems(most_shipments=3, most_vehicles=2))
def test_of_all_routes_the_cover_is_the_cheapest_plan(problem):
    """Every group of shipments at its cheapest order on each turn: the cover is what trying everything finds."""
    judge = Judge(problem)
    orders = [
        order
        for turn in turns_of(problem)
        for group in groups(problem)
        for order in best_orders(judge, turn, group)
    ]
    assert judge.price(best_cover(problem, orders)) == cheapest(problem)


def best_orders(judge, turn, group):
    from itertools import permutations

    tasks = [Task(shipment, is_pickup=end) for shipment in group for end in (True, False)]
    trips = [Trip(turn, order) for order in permutations(tasks)]
    priced = [(route.cost_ore, trip) for trip in trips if (route := judge.route(trip)) is not None]
    if priced:
        yield judge.estimator.order_of(min(priced, key=lambda entry: entry[0])[1])


def test_alike_turns_are_counted_and_no_more_are_used_than_there_are(on_a_line, stop, van):
    stops = [stop("home", 0), stop("farm", 10), stop("school", 30)]
    shipments = [Shipment(f"s{n}", "farm", "school", 60) for n in range(3)]
    problem = on_a_line(stops, shipments, [van(name, capacity_grams=100) for name in ("one", "two")])
    estimator = Estimator(problem)
    orders = [(2 * n + 1, 2 * n) for n in range(3)]
    trips = best_cover(problem, orders)
    assert len(estimator.classes) == 1
    assert sorted(trip.turn.vehicle.id for trip in trips) == ["one", "two"]


def test_a_route_that_the_schedule_refuses_is_not_chosen(on_a_line, stop, van):
    """The estimate hopes that the break fits; it does not, so the cover takes the dearer route that is true."""
    stops = [stop("home", 0), stop("farm", 10), stop("school", 150)]
    shipment = Shipment("s", "farm", "school", 1, delivery_windows=(Window(0, 155 * 60),))
    tired = van("tired", shifts=(Window(0, 12 * HOUR),), break_after_drive_s=2 * HOUR, fixed_ore_per_shift=0)
    problem = on_a_line(stops, [shipment], [tired, van("fit", shifts=(Window(0, 12 * HOUR),), break_s=0)])
    estimator = Estimator(problem)
    tired_trip = estimator.trip(0, (1, 0))
    assert estimator.cost(0, (1, 0)) is not None
    assert route_of(tired_trip, places=estimator.places) is None
    assert [trip.turn.vehicle.id for trip in best_cover(problem, [(1, 0)])] == ["fit"]


def test_mandatory_goods_come_before_any_price(on_a_line, stop, van):
    stops = [stop("home", 0), stop("farm", 10), stop("school", 30)]
    must = Shipment("must", "farm", "school", 60)
    may = Shipment("may", "farm", "school", 60, skip_ore=100_000_000)
    problem = on_a_line(stops, [may, must], [van(capacity_grams=100)])
    (trip,) = best_cover(problem, [(1, 0), (3, 2)])
    assert trip.tasks[0].shipment == must


def test_without_time_the_start_comes_back(morning):
    trips = OrTools().search(morning, limit=Limit(iterations=5), seed=0, report=None).trips
    cover = Cover((), start=trips)
    assert cover.search(morning, limit=Limit(seconds=1e-9), seed=0, report=None).trips == trips


def test_a_cheaper_order_of_what_the_start_drives_is_taken(morning):
    """Though no other choice of shipments is better than the start's."""
    judge = Judge(morning)
    best = best_cover(morning, [(1, 3, 5, 0, 2, 4)])
    order = judge.estimator.order_of(best[0])
    longer = (Trip(best[0].turn, tuple(judge.estimator.tasks[n] for n in (5, 1, 4, 3, 0, 2))),)
    assert judge.price(longer) > judge.price(best)
    assert judge.price(best_cover(morning, [order], start=longer)) == judge.price(best)


def test_the_same_pool_gives_the_same_cover(morning):
    several = replace(morning, vehicles=tuple(replace(morning.vehicles[0], id=f"v{n}") for n in range(3)))
    orders = [(1, 0), (3, 2), (5, 4), (1, 3, 0, 2), (1, 5, 0, 4)]
    assert best_cover(several, orders) == best_cover(several, orders)
