"""The proven bound: what it means, that it is exact where it can be, and how it is told."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from routing.bound import bound, gap
from routing.cli import routing
from routing.io import problem_to_json
from routing.problem import OnBoard, Problem, Shipment, Window
from routing.wording import ENGLISH, SWEDISH, from_best

pytestmark = pytest.mark.usefixtures("routes_compiled")

HOUR = 3600


def cost(plan):
    return plan.totals.cost_ore + plan.totals.skip_ore


def with_shipments(problem, shipments, vehicles=None):
    return Problem(
        problem.stops, tuple(shipments), vehicles or problem.vehicles, problem.distance_m, problem.duration_s
    )


def test_where_nothing_must_wait_the_bound_is_the_best_plans_cost(morning, plan_for):
    plan = plan_for(morning)
    proven = bound(morning, seconds=20, upper_ore=cost(plan))
    assert proven.is_exact
    assert proven.cost_ore == cost(plan)
    assert gap(plan, proven, morning) == 0


def test_it_is_found_without_knowing_a_plan(morning, plan_for):
    proven = bound(morning, seconds=20)
    assert proven.method == "columns"
    assert proven.cost_ore == cost(plan_for(morning))


def test_what_waits_for_goods_that_nobody_can_carry_is_expected_to_stay(on_a_line, stop, van, plan_for):
    """Nothing else of waiting is looked at: the bound may only be too low."""
    goods = [
        Shipment("heavy", "farm", "hub", 2_000_000),
        Shipment("onward", "hub", "school", 1, after=("heavy",)),
        Shipment("milk", "farm", "school", 1),
    ]
    stops = [stop("home", 0), stop("farm", 10), stop("hub", 20), stop("school", 30)]
    problem = on_a_line(stops, goods, [van()])
    proven, plan = bound(problem, seconds=20), plan_for(problem, 5)
    assert proven.left_out == 2
    assert gap(plan, proven, problem) == 0


def test_a_full_vehicle_needs_a_second_trip_in_the_bound_too(on_a_line, stop, van, plan_for):
    stops = [stop("home", 0), stop("farm", 10), stop("school", 20)]
    goods = [Shipment(name, "farm", "school", 60_000) for name in ("a", "b")]
    small = [van("one", capacity_grams=100_000), van("two", capacity_grams=100_000)]
    tight = on_a_line(stops, goods, small)
    wide = on_a_line(stops, goods, [replace(vehicle, capacity_grams=120_000) for vehicle in small])
    assert bound(tight, seconds=20).cost_ore > bound(wide, seconds=20).cost_ore
    assert bound(tight, seconds=20).cost_ore == cost(plan_for(tight))


def test_a_cheap_price_of_leaving_out_bounds_too(morning):
    cheap = with_shipments(morning, [replace(s, skip_ore=1_000) for s in morning.shipments])
    assert bound(cheap, seconds=20).cost_ore == 3_000


def test_dearer_kilometres_raise_the_bound(morning):
    dearer = [replace(vehicle, ore_per_km=2 * vehicle.ore_per_km) for vehicle in morning.vehicles]
    raised = with_shipments(morning, morning.shipments, tuple(dearer))
    assert bound(raised, seconds=20).cost_ore > bound(morning, seconds=20).cost_ore


def test_what_nobody_can_carry_is_counted_and_not_priced(morning, plan_for):
    heavy = replace(morning.shipments[0], id="heavy", grams=2_000_000)
    problem = with_shipments(morning, [*morning.shipments, heavy])
    proven = bound(problem, seconds=20)
    assert (proven.left_out, proven.cost_ore) == (1, bound(morning, seconds=20).cost_ore)
    assert gap(plan_for(problem), proven, problem) == 0


def test_a_plan_that_leaves_out_more_than_it_must_proves_nothing(morning, plan_for):
    plan = plan_for(morning)
    closed = replace(morning.shipments[2], delivery_windows=(Window(20 * HOUR, 21 * HOUR),))
    other = with_shipments(morning, [*morning.shipments[:2], closed])
    less = plan_for(other)
    assert gap(less, replace(bound(morning, seconds=20), fingerprint=other.fingerprint()), other) is None
    assert gap(plan, bound(other, seconds=20), morning) is None


def test_stops_a_minute_apart_do_not_make_the_bound_too_high(on_a_line, stop, van, plan_for):
    """One van has just the time for all; a bound that took each way for longer would ask for more vans."""
    farms = [stop(f"farm{km}", km) for km in range(1, 6)]
    school = stop("school", 6, windows=(Window(6 * HOUR, 6 * HOUR + 8 * 60),))
    goods = [Shipment(f"from {farm.id}", farm.id, "school", 1_000) for farm in farms]
    problem = on_a_line([stop("home", 0), *farms, school], goods, [van(str(n)) for n in range(5)])
    plan = plan_for(problem)
    assert plan.totals.vehicles == 1
    assert bound(problem, seconds=10).cost_ore <= cost(plan)


def test_a_bound_needs_time(morning):
    with pytest.raises(ValueError, match="give more seconds"):
        bound(morning, seconds=0)


def test_little_time_gives_a_weaker_bound_and_never_a_wrong_one(morning):
    assert 0 < bound(morning, seconds=1e-6).cost_ore <= bound(morning, seconds=20).cost_ore


def test_goods_from_the_start_count_too(on_a_line, stop, van, plan_for):
    stops = [stop("home", 0), *(stop(f"k{n}", 5 * n) for n in range(1, 4))]
    goods = [Shipment(f"s{n}", "home", f"k{1 + n % 3}", 10_000) for n in range(4)]
    problem = on_a_line(stops, goods, [van()])
    assert bound(problem, seconds=20).cost_ore == cost(plan_for(problem))


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "the best possible"),
        (0.0123, "at most 1.3 % from the best possible"),
        (None, "nothing is proven about the best possible"),
    ],
)
def test_the_gap_in_words(share, text):
    assert from_best(share, ENGLISH) == text


def test_the_gap_in_swedish():
    assert from_best(0.02, SWEDISH) == "högst 2,0 % från det bästa möjliga"


def test_the_command_prints_what_is_proven(morning, tmp_path):
    file = tmp_path / "problem.json"
    file.write_text(problem_to_json(morning), encoding="utf-8")
    lines = CliRunner().invoke(routing, ["bound", str(file), "--seconds", "20"]).output
    found = json.loads(CliRunner().invoke(routing, ["bound", str(file), "--json"]).output)
    assert found["cost_ore"] == bound(morning, seconds=20).cost_ore
    assert f"bound     {found['cost_ore'] / 100:.2f} kr" in lines


def test_overtime_can_make_a_plan_cheaper_and_the_bound_knows(on_a_line, stop, van, plan_for):
    stops = [stop("home", 0), stop("farm", 100), stop("school", 200)]
    goods = [Shipment(name, "farm", "school", 60_000, pickup_s=HOUR, delivery_s=HOUR) for name in ("a", "b")]
    day = Window(6 * HOUR, 15 * HOUR)
    late = [
        van("one", shifts=(day,), overtime_s=4 * HOUR, overtime_ore_per_hour=50_000),
        van("two", shifts=(day,)),
    ]
    problem = on_a_line(stops, goods, late)
    plan = plan_for(problem)
    assert plan.routes[0].end_s > day.end_s
    assert bound(problem, seconds=20).cost_ore <= cost(plan)


def test_nothing_is_proven_while_routes_are_under_way(morning, plan_for):
    going = replace(morning, rules=replace(morning.rules, on_board=(OnBoard("milk", "van"),)))
    proven = bound(going, seconds=1)
    assert proven.cost_ore == 0
    assert "under way" in proven.method
