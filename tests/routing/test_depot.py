"""Ruin and recreate from one depot, where a route is the sum of its legs: sound, priced as the schedule does, as cheap as trying everything."""

import random
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_properties import DAY, HOUR, cheapest, quick

from routing.check import violations
from routing.engines.judge import Judge
from routing.engines.ortools_engine import job_of
from routing.engines.protocol import Limit
from routing.engines.ruin import Ruin
from routing.engines.ruin_ground import is_from_depot, terrain_of
from routing.feasible import route_of
from routing.problem import (
    Apart,
    Compartment,
    Problem,
    Rules,
    Shipment,
    Stop,
    Temperature,
    Vehicle,
    Window,
)
from routing.solve import solve
from routing.trips import Task, Trip, turns_of

MINUTE = 60
ORE = 1
"""Routes are rounded one by one, the search adds up unrounded."""


skip_prices = st.one_of(st.none(), st.integers(0, 300_000))


@st.composite
def depot_problems(draw, *, most_shipments=6, most_vehicles=3, skips=skip_prices) -> Problem:
    """Any ways between places, but none longer than by way of a third; everything is loaded at p0 in no time."""
    size = draw(st.integers(2, 6))
    amounts = st.integers(1, 60)
    metres = [[0 if a == b else 1000 * draw(amounts) for b in range(size)] for a in range(size)]
    for by, a, b in product(range(size), repeat=3):
        metres[a][b] = min(metres[a][b], metres[a][by] + metres[by][b])
    stops = tuple(
        Stop(f"p{n}", f"P{n}", (), draw(st.sampled_from([0, 300])) if n else 0) for n in range(size)
    )
    count = draw(st.integers(1, most_shipments))
    shipments = tuple(
        Shipment(
            f"s{n}",
            "p0",
            f"p{draw(st.integers(1, size - 1))}",
            grams=draw(amounts),
            crates=draw(st.integers(0, 5)),
            delivery_s=draw(st.sampled_from([0, 600])),
            skip_ore=draw(skips),
            needs=draw(st.sampled_from([(), (), ("lift",)])),
        )
        for n in range(count)
    )
    per_km, per_hour = draw(st.sampled_from([(2_500, 0), (2_500, 35_000), (0, 35_000)]))
    vehicles = tuple(
        Vehicle(
            f"v{n}",
            f"V{n}",
            "",
            start="p0",
            end=draw(st.one_of(st.none(), st.integers(0, size - 1).map("p{}".format))),
            capacity_grams=draw(st.integers(40, 500)),
            capacity_crates=draw(st.one_of(st.none(), st.integers(4, 40))),
            shifts=tuple(
                Window(day * DAY, day * DAY + draw(st.integers(1, 6)) * HOUR)
                for day in range(draw(st.integers(1, 2)))
            ),
            fixed_ore_per_shift=0,
            ore_per_km=per_km,
            ore_per_hour=per_hour,
            co2e_g_per_km=250,
            break_s=0,
            skills=draw(st.sampled_from([(), ("lift",)])),
        )
        for n in range(draw(st.integers(1, most_vehicles)))
    )
    legs = [[value * 60 // 1000 for value in row] for row in metres]
    return Problem(stops, shipments, vehicles, metres, legs)


@pytest.fixture
def town(on_a_line, stop, van) -> Problem:
    """Forty deliveries of unlike sizes along a line, vans that hold some five of them."""
    source = random.Random(3)
    places = [stop(f"p{n}", source.randrange(-90, 90), stop_s=120) for n in range(30)]
    shipments = [
        Shipment(f"s{n}", "home", f"p{source.randrange(30)}", source.randrange(5, 40), delivery_s=60)
        for n in range(40)
    ]
    fleet = [van(f"v{n}", capacity_grams=140, break_s=0, fixed_ore_per_shift=0) for n in range(12)]
    return on_a_line([stop("home", 0), *places], shipments, fleet)


def found(problem, *, iterations=20, seed=0, **how):
    return Ruin(**how).search(problem, limit=Limit(iterations=iterations), seed=seed, report=None).trips


@quick
@given(depot_problems())
def test_what_it_finds_keeps_every_rule(problem):
    assume(is_from_depot(job_of(problem)))
    trips = found(problem, iterations=3)
    assert Judge(problem).sound(trips) == trips


@quick
@given(depot_problems(), st.integers(0, 5))
def test_the_figures_of_its_rows_are_those_of_the_schedule(problem, seed):
    """For the plan that it goes on from and for the best: öre, seconds and room."""
    from routing.engines.depot_state import State

    job = job_of(problem)
    assume(job.shipments and is_from_depot(job))
    state = State(terrain_of(job, fixed=True), (), seed)
    state.search(60, temperature=1e5)
    for plan, ore in ((state.now, state.notes.figures[0]), (state.best, state.notes.figures[1])):
        routes = [
            route_of(trip, places=job.places) for trip in state.trips(state.rows(best=plan is state.best))
        ]
        skipped = sum(state.depot.skips[n] for n in range(len(job.shipments)) if plan.row_of[n] < 0)
        assert abs(sum(route.cost_ore for route in routes) + skipped - ore) <= ORE * (len(routes) + 1)
    for row, nodes in state.rows():
        trip = state.trips([(row, nodes)])[0]
        route = route_of(trip, places=job.places)
        assert state.now.takes[row] == route.end_s - route.start_s
        loads = [shipment.grams for shipment in (job.shipments[node] for node in nodes)]
        assert sum(loads) <= trip.turn.vehicle.capacity_grams
        assert all(state.now.row_of[node] == row for node in nodes)


@pytest.mark.slow
@settings(quick, max_examples=25, derandomize=True)  # a search that may miss the best: on these it does not
@given(depot_problems(most_shipments=3, most_vehicles=2, skips=st.sampled_from([None, None, 0])))
def test_small_problems_cost_what_trying_everything_costs(problem):
    assume(is_from_depot(job_of(problem)))
    *missing, ore = Judge(problem).price(found(problem))
    left_out, least = cheapest(problem)
    assert sum(missing) == left_out
    assert abs(ore - least) <= ORE * len(turns_of(problem))


def test_the_same_seed_gives_the_same_plan_and_another_seed_another_way(town):
    assert found(town, seed=3) == found(town, seed=3)
    ways = [
        Ruin().search(town, limit=Limit(iterations=2), seed=seed, report=None).others for seed in range(2)
    ]
    assert ways[0] != ways[1]


def test_it_goes_on_from_a_plan_and_makes_it_no_dearer(town):
    judge = Judge(town)
    first = found(town, iterations=1)
    price = judge.price(found(town, start=first, iterations=1))
    assert price <= judge.price(first)
    best = found(town, iterations=200)
    assert judge.price(best) < judge.price(first)
    assert judge.price(found(town, start=best, iterations=1)) <= judge.price(best)


def test_of_a_start_the_routes_that_break_rules_are_made_anew(town):
    """One carries too much, one a delivery that another has already."""
    turns = turns_of(town)
    start = [
        Trip(turn, tuple(Task(shipment, is_pickup=end) for end in (True, False) for shipment in shipments))
        for turn, shipments in zip(
            turns, (town.shipments, town.shipments[:2], town.shipments[1:3]), strict=False
        )
    ]
    trips = found(town, start=tuple(start))
    assert Judge(town).sound(trips) == trips
    assert Judge(town).price(trips)[0] == 0


def test_a_shift_too_short_for_all_takes_another_van(on_a_line, stop, van):
    """There and back takes two hours to each side, and a shift has three."""
    stops = [stop("home", 0), stop("a", 60), stop("b", -60)]
    shipments = [Shipment(name, "home", name, 1) for name in ("a", "b")]
    for hours, vans in ((3, 2), (4, 1)):
        shift = (Window(6 * HOUR, (6 + hours) * HOUR),)
        fleet = [van(name, break_s=0, fixed_ore_per_shift=0, shifts=shift) for name in ("one", "two")]
        problem = on_a_line(stops, shipments, fleet)
        assert is_from_depot(job_of(problem))
        assert len(found(problem)) == vans


def test_what_is_dearer_to_bring_than_to_leave_is_left(on_a_line, stop, van):
    stops = [stop("home", 0), stop("near", 1), stop("far", 200)]
    far = Shipment("far", "home", "far", 1, skip_ore=1_000)
    near = Shipment("near", "home", "near", 1, skip_ore=10**7)
    (trip,) = found(on_a_line(stops, [far, near], [van(break_s=0, fixed_ore_per_shift=0)]))
    assert {task.shipment.id for task in trip.tasks} == {"near"}


def test_a_route_that_would_take_longer_without_a_stop_is_not_driven_so(van):
    """From a to c it takes three hours, by way of b two minutes: the way is shorter without b, and the shift too short."""
    slow, quick_, near = (1, 200), (20, 1), (10, 10)
    legs = {
        ("a", "c"): slow,
        ("c", "a"): slow,
        ("a", "b"): quick_,
        ("b", "a"): quick_,
        ("b", "c"): quick_,
        ("c", "b"): quick_,
    }
    names = ("home", "a", "b", "c")
    table = [[(0, 0) if x == y else legs.get((x, y), near) for y in names] for x in names]
    problem = Problem(
        tuple(Stop(name, name) for name in names),
        tuple(Shipment(name, "home", name, 1) for name in names[1:]),
        tuple(
            van(f"v{n}", break_s=0, fixed_ore_per_shift=0, ore_per_hour=0, shifts=(Window(0, HOUR),))
            for n in range(3)
        ),
        [[1000 * km for km, _ in row] for row in table],
        [[MINUTE * minutes for _, minutes in row] for row in table],
    )
    assert is_from_depot(job_of(problem))
    judge = Judge(problem)
    for seed in range(6):
        trips = found(problem, seed=seed)
        assert judge.sound(trips) == trips
        assert judge.price(trips)[0] == 0


def test_a_van_that_only_one_delivery_needs_is_not_overlooked_for_ever(on_a_line, stop, van):
    """The first look at an empty van may fall to a place that is not seen."""
    stops = [stop("home", 0), *(stop(f"p{n}", n - 30) for n in range(60)), stop("away", 400)]
    shipments = [Shipment(f"s{n}", "home", f"p{n}", 1) for n in range(60)]
    shipments.append(Shipment("lifted", "home", "p0", 1, needs=("lift",)))
    free = {"break_s": 0, "fixed_ore_per_shift": 0}
    fleet = [van("plain", **free), van("lift", end="away", skills=("lift",), **free)]
    from routing.engines.depot_state import State

    job = job_of(on_a_line(stops, shipments, fleet))
    assert is_from_depot(job)
    terrain = terrain_of(job, fixed=True)
    number = [shipment.id for shipment in job.shipments].index("lifted")
    for seed in range(150):
        state = State(terrain, (), seed)
        state.search(20, temperature=0.0)
        assert state.now.row_of[number] >= 0


def rules_it_does_not_know():
    """What makes a route more than the sum of its legs, as changes to a problem or to all its vehicles or shipments."""
    first = (Window(6 * HOUR, 8 * HOUR),)
    box = Compartment((Temperature.CHILLED, Temperature.AMBIENT, Temperature.FROZEN), capacity_grams=10**6)
    yield "a break", {"vehicles": {"break_s": 2700}}
    yield "longest driving", {"vehicles": {"max_drive_s": HOUR}}
    yield "longest way", {"vehicles": {"max_distance_m": 10_000}}
    yield "overtime", {"vehicles": {"overtime_s": HOUR, "overtime_ore_per_hour": 50_000}}
    yield "walls", {"vehicles": {"compartments": (box,)}}
    yield "another start", {"vehicles": {"start": "p1"}}
    yield "hours of a delivery", {"shipments": {"delivery_windows": first}}
    yield "time to load", {"shipments": {"pickup_s": 60}}
    yield "ready later", {"shipments": {"ready_s": 7 * HOUR}}
    yield "done by", {"shipments": {"done_by_s": 10 * HOUR}}
    yield "part of the shift is over", {"rules": Rules(now_s=7 * HOUR)}
    yield "what may be left out is dearer than what must not", {"shipments": {"skip_ore": 10**10}}
    yield "kept apart", {"rules": Rules(apart=(Apart("s0", "s1"),))}


@pytest.mark.parametrize(
    "change", [change for _, change in rules_it_does_not_know()], ids=[n for n, _ in rules_it_does_not_know()]
)
def test_where_more_than_legs_and_loads_counts_the_search_for_that_is_taken(town, change):
    assert is_from_depot(job_of(town))
    vehicles = tuple(replace(vehicle, **change.get("vehicles", {})) for vehicle in town.vehicles)
    shipments = tuple(replace(shipment, **change.get("shipments", {})) for shipment in town.shipments)
    other = replace(town, vehicles=vehicles, shipments=shipments, rules=change.get("rules", town.rules))
    assert not is_from_depot(job_of(other))


def test_where_a_place_has_hours_of_its_own_likewise(town):
    whole, part = Window(6 * HOUR, 16 * HOUR), Window(6 * HOUR, 15 * HOUR)
    for window, expected in ((whole, True), (part, False)):
        stops = (*town.stops[:-1], replace(town.stops[-1], windows=(window,)))
        used = replace(town.shipments[0], delivery=town.stops[-1].id)
        problem = replace(town, stops=stops, shipments=(used, *town.shipments[1:]))
        assert is_from_depot(job_of(problem)) == expected


def test_a_town_from_one_depot_is_planned_soundly(town):
    plan = solve(town, limit=Limit(iterations=60), seed=1)
    assert violations(town, plan) == ()
    assert not plan.unserved
