"""A plan that people rely on: breaking what was promised costs its price, no more and no less."""

from dataclasses import replace

import pytest

from routing.check import violations
from routing.engines.ortools_engine import job_of
from routing.engines.ortools_model import _Builder
from routing.engines.ortools_settings import search_parameters
from routing.io import problem_to_json, read_problem
from routing.problem import InvalidProblem, Promise, Rules, Shipment, Weights, Window
from routing.replan import from_moment, promises_of
from routing.solve import Limit

HOUR = 3600
DAYS = tuple(Window(day * 24 * HOUR + 6 * HOUR, day * 24 * HOUR + 16 * HOUR) for day in range(2))


@pytest.fixture
def places(stop):
    return [stop("home", 50), stop("farm", 40), stop("dairy", 30), stop("school", 70), stop("elder", 90)]


@pytest.fixture
def promised(on_a_line, places, van):
    """One shipment, 60 km round: the dear van costs 60 kr more than the cheap one."""
    fleet = [van("cheap", shifts=DAYS), van("dear", shifts=DAYS, ore_per_km=2_600)]
    problem = on_a_line(places, [Shipment("s", "farm", "school", 1)], fleet)
    return lambda *promises, **weights: replace(
        problem, rules=Rules(promises=promises), weights=Weights(**weights)
    )


def codes(problem, plan):
    return {violation.code for violation in violations(problem, replace(plan, fingerprint=""))}


@pytest.mark.parametrize(("ore", "vehicle"), [(5_900, "cheap"), (6_100, "dear")])
def test_a_promised_vehicle_comes_unless_it_costs_more_than_the_promise(promised, plan_for, ore, vehicle):
    problem = promised(Promise("s", ore, vehicle="dear"))
    plan = plan_for(problem)
    assert plan.routes[0].vehicle == vehicle
    free = plan_for(promised())
    assert plan.totals.cost_ore == free.totals.cost_ore + min(ore, 6_000)
    assert codes(problem, free) == {"figure_cost_ore"}


def test_a_promised_day_is_kept_where_it_costs_nothing(promised, plan_for):
    assert plan_for(promised()).routes[0].shift == 0
    kept = plan_for(promised(Promise("s", 1, shift=1)))
    assert (kept.routes[0].shift, kept.totals) == (1, plan_for(promised()).totals)


@pytest.mark.parametrize(("ore", "kept"), [(23_000, False), (24_000, True)])
def test_a_promised_time_is_worth_waiting_for_up_to_its_price(on_a_line, places, van, plan_for, ore, kept):
    """The elder's window makes the van wait 40 minutes (233 kr) on the way for the school's promised time."""
    goods = [
        Shipment("s", "home", "school", 1),
        Shipment("e", "home", "elder", 1, delivery_windows=(Window(7 * HOUR, 7 * HOUR),)),
    ]
    promise = Promise("s", ore, window=Window(6 * HOUR, 6 * HOUR))
    problem = replace(
        on_a_line(places, goods, [van(shifts=(Window(5 * HOUR, 16 * HOUR),))]),
        rules=Rules(promises=(promise,)),
    )
    plan = plan_for(problem)
    (start_s,) = [v.start_s for v in plan.routes[0].visits if "s" in v.deliveries]
    assert (start_s == 6 * HOUR) is kept
    assert violations(problem, plan) == ()


def test_leaving_out_breaks_no_promise(promised, plan_for):
    problem = promised(Promise("s", 10**9, vehicle="dear"))
    optional = replace(problem, shipments=(replace(problem.shipments[0], skip_ore=0),))
    plan = plan_for(optional)
    assert (plan.served, plan.totals.cost_ore) == (frozenset(), 0)


def test_promises_weigh_as_money_does(promised, plan_for):
    promise = Promise("s", 6_100, vehicle="dear")
    assert plan_for(promised(promise, ore_per_km=1)).routes[0].vehicle == "dear"
    assert plan_for(promised(promise, money=0, ore_per_km=1)).routes[0].vehicle == "cheap"


def test_a_plan_promised_as_it_is_changes_little(on_a_line, places, van, plan_for):
    """A cheaper van turns up in the morning: it takes over only when that is worth more than the promises."""
    goods = [Shipment("s", "farm", "school", 1)]
    plan = plan_for(on_a_line(places, goods, [van("dear", ore_per_km=2_600)]))
    both = on_a_line(places, goods, [van("dear", ore_per_km=2_600), van("cheap")])
    for ore, vehicle in ((5_900, "cheap"), (6_100, "dear")):
        promises = promises_of(plan, ore=ore)
        bound = replace(both, rules=Rules(promises=promises))
        again = plan_for(from_moment(bound, plan, now_s=1))
        assert again.routes[0].vehicle == vehicle
    assert [promise.vehicle for promise in promises] == ["dear", None]


def model_price(problem):
    """What OR-Tools thinks its plan costs, in öre."""
    builder = _Builder(job_of(problem))
    model = builder.build()
    parameters = search_parameters(
        limit=Limit(iterations=10), nodes=len(model.tasks), has_pairs=model.has_pairs
    )
    return model.routing.SolveWithIteratedLocalSearch(parameters).ObjectiveValue() * builder.share / 18_000


def test_the_model_prices_a_plan_as_the_plan_does(on_a_line, places, van, plan_for):
    """Kilometres, hours, overtime, visits and a broken promise: each is in the engine's own price."""
    stops = [replace(place, visit_ore=7_000) for place in places]
    goods = [Shipment("s", "farm", "elder", 1, pickup_s=600), Shipment("t", "farm", "school", 1)]
    late = van(shifts=(Window(0, HOUR),), overtime_s=HOUR, overtime_ore_per_hour=90_000)
    problem = on_a_line(stops, goods, [late, van("idle", shifts=())])
    problem = replace(problem, rules=Rules(promises=(Promise("s", 1_234, vehicle="idle"),)))
    plan = plan_for(problem)
    assert plan.totals.cost_ore == 50_000 + 100 * 2_500 + 35_000 + 50 * 1_500 + 3 * 7_000 + 1_234
    assert model_price(problem) == pytest.approx(plan.totals.cost_ore, abs=1)


@pytest.mark.parametrize(
    ("promise", "code"),
    [
        (Promise("x", 1), "unknown_shipment"),
        (Promise("s", 1, vehicle="tank"), "unknown_vehicle"),
        (Promise("s", 1, shift=2), "unknown_shift"),
        (Promise("s", -1), "out_of_range"),
        (Promise("s", 1, window=Window(9, 3)), "window_reversed"),
    ],
)
def test_senseless_promises_are_refused(promised, promise, code):
    with pytest.raises(InvalidProblem) as caught:
        promised(promise)
    assert {error.code for error in caught.value.errors} == {code}


def test_promises_are_kept_in_json(tmp_path, promised):
    problem = promised(Promise("s", 5, "dear", 1, Window(3, 9)))
    path = tmp_path / "problem.json"
    path.write_text(problem_to_json(problem), encoding="utf-8")
    assert read_problem(path).problem == problem
