"""What plans as a whole: the cover is exact over its pool, the descent and ruin and recreate only ever improve."""

from dataclasses import replace
from itertools import permutations, product
from random import Random

import pytest

from routing.balance import Balance, Guarantee
from routing.balancing import Whole, most_ore
from routing.check import violations
from routing.engines.balance_moves import Scale
from routing.engines.balancer import balanced
from routing.engines.cover import Cover
from routing.engines.judge import Judge
from routing.engines.protocol import Limit
from routing.engines.rebalance import Rebalance
from routing.engines.tilt import tilt
from routing.engines.vroom_engine import QUICK, Vroom
from routing.problem import Problem, Shipment, Stop, Vehicle, Window
from routing.solve import solve
from routing.trips import Trip, tasks_of, turns_of

HOUR = 3600
DAY = 24 * HOUR


def made(seed, *, shipments):
    """Places on a line, two vehicles of two owners, two days; no windows, so that many plans are possible."""
    random = Random(seed)
    points = [random.randrange(120) for _ in range(4)]
    kilometres = [[abs(a - b) for b in points] for a in points]
    goods = tuple(
        Shipment(
            f"s{number}",
            "p0",
            random.choice(("p1", "p2")),
            random.randint(1_000, 60_000),
            delivery_windows=random.choice(((), (Window(0, DAY),), (Window(DAY, 2 * DAY),))),
            skip_ore=random.choice((None, None, None, 150_000)),
        )
        for number in range(shipments)
    )
    vehicles = tuple(
        Vehicle(
            f"v{number}",
            f"V{number}",
            random.choice(("Anna", "Bo")) if number else "Anna",
            start="p3",
            end="p3",
            capacity_grams=random.choice((70_000, 120_000)),
            capacity_crates=None,
            shifts=tuple(Window(day * DAY + 5 * HOUR, day * DAY + 15 * HOUR) for day in range(2)),
            fixed_ore_per_shift=random.choice((0, 20_000)),
            ore_per_km=random.choice((0, 1_000)),
            ore_per_hour=random.choice((0, 20_000)),
            co2e_g_per_km=250,
            break_s=0,
        )
        for number in range(2)
    )
    if random.random() < 0.5:  # vans that differ in name only
        vehicles = (vehicles[0], replace(vehicles[0], id="v1", name="V1"))
    return Problem(
        tuple(Stop(f"p{number}", f"P{number}") for number in range(4)),
        goods,
        vehicles,
        [[value * 1000 for value in row] for row in kilometres],
        [[value * 60 for value in row] for row in kilometres],
        balance=Balance(
            random.choice((0, 30_000)),
            random.choice((0, 40_000)),
            random.choice(((), (Guarantee("Anna", random.randint(20, 90), random.randint(100, 3_000)),))),
        ),
    )


def all_routes(judge):
    """Every group of shipments on every turn in every order that can be driven."""
    places, shipments = judge.estimator.places, judge.problem.shipments
    for turn in turns_of(judge.problem):
        for chosen in product((False, True), repeat=len(shipments)):
            group = [shipment for shipment, taken in zip(shipments, chosen, strict=True) if taken]
            tasks = [task for shipment in group for task in tasks_of(shipment, places)]
            for order in permutations(tasks) if group else ():
                if judge.route(Trip(turn, order)) is not None:
                    yield Trip(turn, order)


def cheapest(judge, trips):
    """The best rank of any set of these routes that is a plan."""
    by_turn = {}
    for trip in trips:  # of routes with the same work the cheapest and the shortest are enough
        route = judge.route(trip)
        kept = by_turn.setdefault((trip.turn.key, frozenset(task.shipment.id for task in trip.tasks)), [])
        kept.append(((route.cost_ore, route.duration_s), trip))
    turns = {}
    for (turn, _), found in by_turn.items():
        least = {min(found, key=lambda e: e[0])[1], min(found, key=lambda e: e[0][::-1])[1]}
        turns.setdefault(turn, [None]).extend(least)
    plans = ([trip for trip in choice if trip is not None] for choice in product(*turns.values()))
    return min(judge.price(plan) for plan in plans if len(judge.sound(plan)) == len(plan))


@pytest.mark.parametrize("seed", range(40))
def test_the_cover_of_all_routes_is_the_cheapest_plan_as_a_whole(seed):
    problem = made(seed, shipments=3)
    judge = Judge(problem)
    trips = list(all_routes(judge))
    orders = tuple(judge.estimator.order_of(trip) for trip in trips)
    found = Cover(orders).search(problem, limit=Limit(iterations=10), seed=0, report=None).trips
    assert judge.sound(found) == found
    assert judge.price(found) == cheapest(judge, trips)


@pytest.mark.parametrize("again", [0, 1])
def test_the_cover_tells_vans_apart_that_differ_in_name_only(week, again):
    """Two full vans on Monday; on Tuesday the one comes that has been at the school before."""
    monday, tuesday = week.vehicles[0].shifts
    goods = [replace(week.shipments[n], grams=900_000, delivery_windows=(monday,)) for n in (0, 1)]
    goods.append(replace(week.shipments[again], id="again", delivery_windows=(tuesday,)))
    problem = replace(week, shipments=tuple(goods), balance=Balance(new_face_ore=1_000))
    orders = ((1, 0), (3, 2), (5, 4))
    found = Cover(orders).search(problem, limit=Limit(iterations=10), seed=0, report=None).trips
    judge = Judge(problem)
    assert len(found) == 3
    assert Whole(problem, [judge.route(trip) for trip in found]).ore == 0


@pytest.mark.parametrize("seed", range(10))
def test_descent_and_ruin_make_no_plan_worse_and_come_to_the_same_each_time(seed):
    problem = made(seed, shipments=8)
    judge = Judge(problem)
    start = judge.sound(Vroom(QUICK).search(problem, limit=Limit(iterations=1), seed=0, report=None).trips)
    scale = Scale(judge.estimator)
    scale.begin(ends=None)
    better = balanced(start, judge, scale=scale)
    assert judge.sound(better) == better
    assert judge.price(better) <= judge.price(start)
    search = Rebalance(better)
    answers = [search.search(problem, limit=Limit(iterations=3), seed=5, report=None) for _ in range(2)]
    assert answers[0] == answers[1]
    assert judge.price(answers[0].trips) <= judge.price(better)
    assert Whole(problem, [judge.route(trip) for trip in better]).ore <= most_ore(problem)


# -- one move each


@pytest.fixture
def week(on_a_line, stop, van):
    """Four schools 30 km away on the line, each open on two days; two vans alike."""
    shifts = tuple(Window(day * DAY + 6 * HOUR, day * DAY + 16 * HOUR) for day in range(2))
    stops = [stop("home", 100), stop("farm", 100), *(stop(f"school{n}", 130 + n) for n in range(4))]
    shipments = [Shipment(f"s{n}", "farm", f"school{n}", 400_000) for n in range(4)]
    shipments += [Shipment(f"t{n}", "farm", f"school{n}", 100_000) for n in range(4)]
    vans = [van(name, shifts=shifts, fixed_ore_per_shift=0) for name in ("one", "two")]
    return on_a_line(stops, shipments, vans)


def improved(problem, plan):
    judge = Judge(problem)
    scale = Scale(judge.estimator)
    scale.begin(ends=None)
    return balanced(plan, judge, scale=scale)


def trips(problem, *work):
    """(vehicle, shift, shipments) as trips that load all at the farm."""
    judge = Judge(problem)
    turns = {turn.key: turn for turn in turns_of(problem)}
    numbers = judge.estimator.number
    return tuple(
        judge.estimator.trip_on(
            turns[vehicle, shift], [2 * numbers[n] + 1 for n in names] + [2 * numbers[n] for n in names]
        )
        for vehicle, shift, names in work
    )


def test_a_whole_route_moves_to_another_day(week):
    problem = replace(week, balance=Balance(peak_ore_per_hour=100_000))
    start = trips(problem, ("one", 0, ("s0", "t0", "s1", "t1")), ("two", 0, ("s2", "t2", "s3", "t3")))
    assert {trip.turn.shift for trip in improved(problem, start)} == {0, 1}


def test_what_a_stop_gets_moves_together(week):
    """No shipment alone takes a face away: both of a school's must change the van."""
    problem = replace(week, balance=Balance(new_face_ore=500_000))
    start = trips(
        problem,
        ("one", 0, ("s0", "s1")),
        ("one", 1, ("s2", "s3")),
        ("two", 0, ("t0", "t1")),
        ("two", 1, ("t2", "t3")),
    )
    end = improved(problem, start)
    judge = Judge(problem)
    assert Whole(problem, [judge.route(trip) for trip in start]).ore == 4 * 500_000
    assert Whole(problem, [judge.route(trip) for trip in end]).ore == 0


def test_goods_that_do_not_pay_as_a_whole_are_left_out_and_those_that_do_come_in(week):
    shipments = tuple(replace(shipment, skip_ore=10_000_000) for shipment in week.shipments)
    problem = replace(week, shipments=shipments, balance=Balance(peak_ore_per_hour=1))
    assert sum(len(trip.tasks) for trip in improved(problem, ())) == 2 * len(shipments)
    cheap = replace(problem, shipments=tuple(replace(s, skip_ore=1) for s in shipments))
    assert improved(cheap, trips(cheap, ("one", 0, ("s0",)))) == ()


def test_tilted_prices_hint_at_the_whole(week):
    """No balance is left in it, hours are dearer, and goods of a school are promised to its usual van."""
    problem = replace(week, balance=Balance(peak_ore_per_hour=4_000, new_face_ore=10_000))
    tilted = tilt(problem, trips(problem, ("two", 0, ("s0",))), per_cent=100)
    assert tilted.balance == Balance()
    assert tilted.vehicles[0].ore_per_hour == problem.vehicles[0].ore_per_hour + 2_000
    assert {(p.shipment, p.vehicle) for p in tilted.rules.promises} == {("s0", "two"), ("t0", "two")}


@pytest.mark.parametrize("engines", [("vroom",), ("pyvrp",), ("ortools",)])
def test_each_engine_alone_plans_as_a_whole(week, engines):
    problem = replace(week, balance=Balance(20_000, 300_000))
    plan = solve(problem, limit=Limit(iterations=8), engines=engines)
    assert violations(problem, plan) == ()
    assert len(plan.served) == 8
    assert len({r.vehicle for r in plan.routes if any(v.stop == "school0" for v in r.visits)}) == 1
