"""Large problems: planned in parts that together are the whole, made better patch by patch, bounded, or refused in words."""

import sys
import time
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from routing_strategies import ruled_problems
from test_properties import quick

from routing.bound import bound, gap
from routing.bounds import network
from routing.check import violations
from routing.engines import decompose
from routing.engines.decompose import Areas, Patches, first_searches, further_searches, is_large, joined
from routing.engines.judge import Judge
from routing.engines.parts import Ground, areas, passed_on, slices
from routing.problem import InvalidProblem, Problem, Rules, Shipment, Stop, Window
from routing.solve import Limit, solve
from routing.trips import Part, Trip, alone, places_of, turns_of
from routing.validate import MOST_SHIPMENTS, MOST_STOPS

sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))

from weeks import made_region, made_week

pytestmark = pytest.mark.slow

HOUR, DAY = 3600, 86_400
TWO_DAYS = (Window(6 * HOUR, 14 * HOUR), Window(DAY + 6 * HOUR, DAY + 14 * HOUR))


@pytest.fixture(scope="session")
def towns(on_a_line, stop, van):
    """Two towns 60 km from each other, each with five farms, two schools and two vans; 32 shipments in two days."""
    random = Random(5)
    places = [
        stop(f"{kind}{town}{n}", 60 * town + random.randrange(12), stop_s=300)
        for town in (0, 1)
        for kind, count in (("farm", 5), ("school", 2), ("home", 2))
        for n in range(count)
    ]
    shipments = [
        Shipment(
            f"s{n}",
            f"farm{random.choice((n % 2, n % 2, 1 - n % 2))}{random.randrange(5)}",
            f"school{n % 2}{random.randrange(2)}",
            40_000,
            pickup_s=300,
            skip_ore=1_000 if n == 7 else None,
        )
        for n in range(32)
    ]
    fleet = [
        van(
            f"v{town}{n}",
            start=f"home{town}{n}",
            end=f"home{town}{n}",
            shifts=TWO_DAYS,
            capacity_grams=260_000,
        )
        for n in (0, 1)
        for town in (0, 1)
    ]
    return on_a_line(places, shipments, fleet)


@pytest.fixture
def everything_is_large(monkeypatch):
    monkeypatch.setattr(decompose, "MOST_CELLS", 0)


def each_alone(problem: Problem) -> tuple[Trip, ...]:
    """A bad plan: as many shipments as there are turns, one each."""
    places = places_of(problem)
    pairs = zip(turns_of(problem), problem.shipments, strict=False)
    return tuple(alone(turn, shipment, places) for turn, shipment in pairs)


def ground_of(problem: Problem) -> Ground:
    return Ground(places_of(problem), problem.duration_s)


def is_whole(parts: list[Part], problem: Problem) -> bool:
    """Whether every turn and every shipment is in exactly one part."""
    turns = sorted(turn.key for part in parts for turn in part.turns)
    names = sorted(shipment.id for part in parts for shipment in part.shipments)
    return turns == sorted(turn.key for turn in turns_of(problem)) and names == sorted(
        shipment.id for shipment in problem.shipments
    )


def test_a_region_is_large_and_what_the_literature_calls_large_is_not(on_a_line, stop, van):
    assert is_large(Judge(made_region(0)))
    assert not is_large(Judge(made_week(0)))
    fleet = [van(f"v{n}") for n in range(100)]
    customers = [Shipment(f"s{n}", "home", "end", 1) for n in range(500)]
    assert not is_large(Judge(on_a_line([stop("home", 0), stop("end", 9)], customers, fleet)))


def test_made_weeks_are_what_they_were_and_a_region_is_of_five_municipalities():
    assert made_week(0).fingerprint().startswith("74c54a9e")
    region = made_region(1)
    assert (len(region.stops), len(region.shipments), len(region.vehicles)) == (385, 900, 25)
    assert made_region(1) == region


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_areas_are_the_whole_cut_where_the_towns_are(towns, count):
    parts = areas(ground_of(towns), towns.vehicles, towns.shipments, count)
    assert is_whole(parts, towns)
    if count == 2:
        assert [{turn.vehicle.id[1] for turn in part.turns} for part in parts] in (
            [{"0"}, {"1"}],
            [{"1"}, {"0"}],
        )


@pytest.mark.parametrize("seed", range(4))
def test_slices_are_the_whole_plan(towns, seed):
    trips = each_alone(towns)
    left_out = towns.shipments[len(trips) :]
    parts = slices(ground_of(towns), turns_of(towns), trips, left_out, count=3, seed=seed)
    assert is_whole(parts, towns)
    carried = {trip.turn.key: trip.tasks[0].shipment.id for trip in trips}
    for part in parts:
        names = {shipment.id for shipment in part.shipments}
        assert all(carried[turn.key] in names for turn in part.turns if turn.key in carried)


def test_goods_that_no_vehicle_of_an_area_may_carry_are_given_to_one_that_has_it(towns):
    fleet = (*towns.vehicles[:-1], replace(towns.vehicles[-1], skills=("lift",)))
    goods = tuple(replace(shipment, needs=("lift",)) for shipment in towns.shipments)
    problem = replace(towns, vehicles=fleet, shipments=goods)
    parts = passed_on(areas(ground_of(problem), fleet, goods, 4), places_of(problem))
    assert is_whole(parts, problem)
    assert [len(part.shipments) for part in parts if fleet[-1] in {turn.vehicle for turn in part.turns}] == [
        32
    ]


def test_a_plan_in_parts_is_sound_serves_all_and_comes_out_the_same_again(towns, everything_is_large):
    plans = [solve(towns, limit=Limit(iterations=30), seed=3) for _ in range(2)]
    assert violations(towns, plans[0]) == ()
    assert plans[0].routes == plans[1].routes
    assert {entry.shipment for entry in plans[0].unserved} <= {"s7"}


@pytest.mark.parametrize("engines", [("vroom",), ("pyvrp",), ("vroom", "pyvrp")])
def test_any_engines_plan_in_parts(towns, everything_is_large, engines):
    plan = solve(towns, limit=Limit(iterations=20), engines=engines)
    assert violations(towns, plan) == ()
    assert len(plan.served) >= 28


def test_in_parts_it_is_about_as_good_as_the_whole_at_once(towns, everything_is_large):
    plan = solve(towns, limit=Limit(iterations=60))
    best_ore = 676_833  # of the usual search, 60 iterations, the better of two seeds
    assert [entry.shipment for entry in plan.unserved] == ["s7"]
    assert plan.totals.cost_ore + plan.totals.skip_ore < 1.05 * best_ore


def test_patches_make_a_bad_plan_better_and_touch_nothing_outside_their_part(towns):
    judge, start = Judge(towns), each_alone(towns)
    first, second = further_searches(judge, start, processes=2, seed=0)
    assert isinstance(first, Patches)
    assert isinstance(second, Patches)
    answers = [
        search.search(towns, limit=Limit(iterations=60), seed=1, report=None).trips
        for search in (first, second)
    ]
    for search, answer in zip((first, second), answers, strict=True):
        own = {turn.key for turn in search.part.turns}
        assert {trip for trip in answer if trip.turn.key not in own} == {
            trip for trip in start if trip.turn.key not in own
        }
        assert judge.price(judge.sound(answer)) < judge.price(start)
    both = joined(joined(start, answers[0], first.part), answers[1], second.part)
    assert judge.sound(both) == both
    assert judge.price(both) < min(judge.price(answer) for answer in answers)


def test_the_first_plan_leaves_no_area_out_however_short_the_time(towns, monkeypatch):
    monkeypatch.setattr(decompose, "AREA_SHIPMENTS", 8)
    monkeypatch.setattr(decompose, "OVERDRAWN", 100_000)
    (search,) = first_searches(Judge(towns), processes=1)
    assert isinstance(search, Areas)
    assert len(search.parts) == 4
    trips = search.search(towns, limit=Limit(seconds=0.001), seed=0, report=None).trips
    assert {trip.turn.vehicle.id for trip in trips} == {vehicle.id for vehicle in towns.vehicles}


@settings(quick, max_examples=15)
@given(ruled_problems())
def test_whatever_the_rules_a_plan_in_parts_keeps_them(problem):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decompose, "MOST_CELLS", 0)
        patch.setattr(decompose, "AREA_SHIPMENTS", 2)
        plan = solve(problem, limit=Limit(iterations=15), engines=("vroom", "pyvrp"))
    assert violations(problem, plan) == ()


def test_a_large_search_ends_when_the_listener_has_had_enough(towns, everything_is_large):
    heard = []

    def listen(progress):
        heard.append(progress)
        return len(heard) < 6

    began = time.monotonic()
    plan = solve(towns, limit=Limit(seconds=60), progress=listen)
    assert time.monotonic() - began < 20
    assert len(heard) == 6
    assert violations(towns, plan) == ()


def test_the_bound_of_a_very_large_problem_is_weaker_and_still_holds(towns, monkeypatch):
    plan = solve(towns, limit=Limit(iterations=30))
    monkeypatch.setattr("routing.bound.is_small_enough", lambda _: False)  # as it is for so many shipments
    by_turn = bound(towns, seconds=30)  # both are over within a second where nothing else is done
    monkeypatch.setattr(network, "MOST_PAIRS", 0)
    by_vehicle = bound(towns, seconds=30)
    assert 0 < by_vehicle.cost_ore <= by_turn.cost_ore <= plan.totals.cost_ore + plan.totals.skip_ore
    assert gap(plan, by_vehicle, towns) is not None


class Unread:
    """A matrix that must not be looked at."""

    def __array__(self, *args, **more):
        raise AssertionError("read")


@pytest.mark.parametrize(
    ("stops", "shipments", "code"),
    [(MOST_STOPS + 1, 0, "too_many_stops"), (2, MOST_SHIPMENTS + 1, "too_many_shipments")],
)
def test_too_much_is_refused_in_words_before_its_matrices_are_read(stops, shipments, code):
    places = tuple(Stop(f"p{n}", "P") for n in range(stops))
    goods = tuple(Shipment(f"s{n}", "p0", "p1", 1) for n in range(shipments))
    with pytest.raises(InvalidProblem) as caught:
        Problem(places, goods, (), Unread(), Unread(), rules=Rules())
    (error,) = caught.value.errors
    assert (error.code, bool(error.remedy)) == (code, True)


@pytest.mark.slow
@pytest.mark.no_cover  # the small ones above go the same ways, and counting takes longer than planning
def test_ten_thousand_shipments_are_planned_and_bounded():
    problem = made_week(0, farms=400, kitchens=100, orders=10_000, vehicles=40, municipalities=5)
    plan = solve(problem, limit=Limit(seconds=20))
    assert violations(problem, plan) == ()
    assert len(plan.served) > 50  # there are vehicles for some 1 800 of them, given time
    proven = bound(problem, seconds=5)
    assert 0 < proven.cost_ore <= plan.totals.cost_ore + plan.totals.skip_ore


@pytest.mark.slow
@pytest.mark.no_cover
def test_a_region_is_planned_and_bounded():
    region = made_region(0)
    plan = solve(region, limit=Limit(iterations=20))
    assert violations(region, plan) == ()
    assert len(plan.served) > 750
    proven = bound(region, seconds=3)
    assert 0 < proven.cost_ore <= plan.totals.cost_ore + plan.totals.skip_ore
