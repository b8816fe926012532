"""Fewer vehicles, where a vehicle costs more than any way saves."""

import random

import pytest

from routing.engines.ejection import emptied
from routing.engines.fleet import Fleet, is_worth
from routing.engines.judge import Judge
from routing.engines.ortools_engine import job_of
from routing.engines.protocol import Limit
from routing.problem import Shipment, Window
from routing.solve import solve
from routing.trips import Task, Trip, turns_of

HOUR = 3600
MINUTE = 60


@pytest.fixture
def tight(on_a_line, stop, van):
    """Eight shipments cut from two full days of driving: two vans can just do it."""
    source = random.Random(4)
    stops = [stop("home", 0)]
    shipments = []
    for day in range(2):
        now = 0
        place = 0
        for number in range(4):
            for end in ("from", "to"):
                following = source.randrange(5, 60)
                now += abs(following - place) * MINUTE
                place = following
                stops.append(stop(f"{end}{day}{number}", place, windows=(Window(now, now + 10 * MINUTE),)))
            shipments.append(Shipment(f"s{day}{number}", f"from{day}{number}", f"to{day}{number}", 1))
    fleet = [van(f"v{n}", shifts=(Window(0, 24 * HOUR),), fixed_ore_per_shift=10**8) for n in range(8)]
    return on_a_line(stops, shipments, fleet)


def one_each(problem):
    """Every shipment on a vehicle of its own."""
    return tuple(
        Trip(turn, (Task(shipment, is_pickup=True), Task(shipment, is_pickup=False)))
        for shipment, turn in zip(problem.shipments, turns_of(problem), strict=False)
    )


def fewer(problem, iterations, seed=0):
    fleet = Fleet(one_each(problem))
    return fleet.search(problem, limit=Limit(iterations=iterations), seed=seed, report=None).trips


def test_routes_are_given_up_one_after_another(tight):
    trips = fewer(tight, iterations=10)
    judge = Judge(tight)
    assert judge.sound(trips) == trips
    assert judge.price(trips)[0] == 0
    assert len(trips) <= 2


def test_it_never_serves_less_than_it_was_given(on_a_line, stop, van):
    """Both at seven in two places: one van cannot."""
    at_seven = (Window(7 * HOUR, 7 * HOUR),)
    stops = [stop("home", 0), stop("farm", 10), stop("a", 60), stop("b", 120)]
    shipments = [Shipment(name, "farm", name, 1, delivery_windows=at_seven) for name in ("a", "b")]
    problem = on_a_line(stops, shipments, [van(n, shifts=(Window(0, 10 * HOUR),)) for n in ("one", "two")])
    assert fewer(problem, iterations=4) == one_each(problem)


def test_the_same_seed_gives_the_same_fleet(tight):
    assert fewer(tight, iterations=5, seed=2) == fewer(tight, iterations=5, seed=2)


def test_the_portfolio_counts_vehicles_first_where_they_are_dear(tight):
    assert solve(tight, limit=Limit(iterations=4)).totals.vehicles <= 2


def test_it_is_worth_it_only_where_a_vehicle_is_dear(tight, morning):
    assert is_worth(tight, cost_ore=8 * 10**8 + 50_000, routes=8)
    assert not is_worth(tight, cost_ore=10**8, routes=1)
    assert not is_worth(morning, cost_ore=3_000_000, routes=3)


def test_guided_ejection_empties_a_route_that_no_insertion_could(tight):
    """From the worst grouping, each step keeps every rule; what it gives back is whole."""
    judge = Judge(tight)
    start = one_each(tight)
    for count in range(len(start), 2, -1):
        better = emptied(job_of(tight), start[1:], start[0], seed=1, ends=None, steps=2_000)
        assert better is not None
        assert judge.sound(better) == better
        assert judge.price(better)[0] == 0
        assert len(better) < count
        start = better


def test_guided_ejection_gives_up_where_there_is_no_room(on_a_line, stop, van):
    stops = [stop("home", 0), stop("farm", 10), stop("a", 60)]
    shipments = [Shipment(name, "farm", "a", 60) for name in ("one", "two")]
    fleet = [van(name, capacity_grams=100, shifts=(Window(0, 3 * HOUR),)) for name in ("v1", "v2")]
    problem = on_a_line(stops, shipments, fleet)
    first, second = one_each(problem)
    assert emptied(job_of(problem), (second,), first, seed=1, ends=None, steps=50) is None
