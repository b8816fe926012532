"""Several trips in one shift: a vehicle comes back to where it starts to load more."""

from dataclasses import replace

import pytest

from routing.bound import bound
from routing.check import violations
from routing.engines.ortools_engine import OrTools, all_loaded_at_start, job_of
from routing.engines.protocol import Limit
from routing.engines.pyvrp_engine import PyVrp
from routing.engines.pyvrp_model import build, solution_of, trips_of
from routing.engines.vroom_engine import Vroom
from routing.feasible import route_of
from routing.problem import Shipment, Window
from routing.trips import Task, Trip, turns_of

HOUR = 3600
MINUTE = 60


@pytest.fixture
def two_schools(on_a_line, stop, van):
    """A depot between two schools; each takes nine tenths of a van's load."""
    stops = [stop("home", 50), stop("west", 30), stop("east", 70)]
    goods = [Shipment("w", "home", "west", 900), Shipment("e", "home", "east", 900)]
    return lambda vans=1, **more: on_a_line(
        stops, goods, [van(f"v{n}", capacity_grams=1000, **more) for n in range(vans)]
    )


def stops_of(plan):
    return [[visit.stop for visit in route.visits] for route in plan.routes]


def test_one_van_with_two_loads_comes_back_for_the_second(two_schools, plan_for):
    problem = two_schools(fixed_ore_per_shift=0)
    plan = plan_for(problem)
    assert violations(problem, plan) == ()
    assert plan.served == {"w", "e"}
    (stops,) = stops_of(plan)
    assert stops in (
        ["home", "home", "west", "home", "east", "home"],
        ["home", "home", "east", "home", "west", "home"],
    )
    assert plan.totals.cost_ore >= bound(problem, seconds=1).cost_ore


@pytest.mark.parametrize("engine", [OrTools(), PyVrp(), Vroom()])
def test_each_engine_knows_the_way_back(two_schools, engine):
    problem = two_schools(fixed_ore_per_shift=0)
    trips = engine.search(problem, limit=Limit(iterations=30), seed=0, report=None).trips
    job = job_of(problem)
    assert len(trips) == 1
    assert [task.is_pickup for task in trips[0].tasks] == [True, False, True, False]
    assert route_of(trips[0], places=job.places) is not None


def test_a_second_trip_saves_a_second_van(two_schools, plan_for):
    """Both could go; what a shift costs decides, not whether there are vans enough."""
    assert plan_for(two_schools(vans=3)).totals.vehicles == 1
    short = plan_for(two_schools(vans=3, shifts=(Window(6 * HOUR, 6 * HOUR + 79 * MINUTE),)))
    assert (short.totals.vehicles, short.served) == (2, {"w", "e"})


def test_a_trip_with_two_loads_is_a_start_for_pyvrp(two_schools):
    problem = two_schools()
    w, e = problem.shipments
    order = (
        Task(w, is_pickup=True),
        Task(w, is_pickup=False),
        Task(e, is_pickup=True),
        Task(e, is_pickup=False),
    )
    trip = Trip(turns_of(problem)[0], order)
    model = build(job_of(problem))
    solution = solution_of(model, [trip])
    assert solution.is_feasible()
    assert trips_of(model, solution) == (trip,)


@pytest.mark.parametrize(
    ("vans", "more", "loaded_once"),
    [
        (3, {"fixed_ore_per_shift": 0}, True),
        (3, {}, False),
        (1, {"fixed_ore_per_shift": 0}, False),
    ],
)
def test_where_another_van_is_as_good_as_another_trip_loads_are_taken_at_the_start(
    two_schools, vans, more, loaded_once
):
    assert all_loaded_at_start(job_of(two_schools(vans=vans, **more))) is loaded_once


def test_goods_of_a_day_without_enough_vans_are_fetched_twice(two_schools, plan_for):
    """Five days of vans, but both schools take goods on the second only."""
    days = tuple(Window(day * 24 * HOUR + 6 * HOUR, day * 24 * HOUR + 16 * HOUR) for day in range(5))
    problem = two_schools(fixed_ore_per_shift=0, shifts=days)
    assert all_loaded_at_start(job_of(problem))
    tuesday = tuple(replace(s, delivery_windows=(days[1],)) for s in problem.shipments)
    bound_to_it = replace(problem, shipments=tuesday)
    assert not all_loaded_at_start(job_of(bound_to_it))
    assert plan_for(bound_to_it).served == {"w", "e"}
