"""The portfolio: whichever engines are chosen, the plan is sound, as good as its parts, and there in time."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from test_properties import cheapest, problems, quick

from routing.check import violations
from routing.engines.judge import Judge
from routing.engines.ortools_engine import OrTools
from routing.engines.repair import inserted, mended
from routing.engines.ruin_ready import STEPS
from routing.engines.team import Team
from routing.engines.vroom_engine import Vroom
from routing.portfolio import _fewest_first, _needs_no_first_plan
from routing.problem import Shipment, Window
from routing.solve import ENGINES, Limit, UnknownEngine, solve
from routing.trips import Task, Trip, turns_of

pytestmark = pytest.mark.slow

HOUR = 3600


@pytest.fixture
def region(on_a_line, stop, van):
    """Twenty-four shipments among eight places, three vans, one order that may be left out."""
    places = [
        stop(f"p{n}", 7 * n % 45 + n, stop_s=120, windows=(Window(6 * HOUR, 14 * HOUR),)) for n in range(8)
    ]
    shipments = [Shipment(f"s{n}", f"p{n % 4}", f"p{4 + n % 3}", 10_000 + n, crates=n % 3) for n in range(24)]
    shipments.append(Shipment("dear", "p0", "p7", 1, skip_ore=1_000))
    fleet = [van(f"v{n}", capacity_grams=90_000, capacity_crates=20) for n in range(3)]
    return on_a_line([stop("home", 0), *places], shipments, fleet)


@settings(quick, max_examples=12)
@given(problems(most_shipments=3, most_vehicles=2))
def test_small_problems_cost_what_trying_everything_costs(problem):
    judge = Judge(problem)
    plan = solve(problem, limit=Limit(iterations=60))
    assert violations(problem, plan) == ()
    missing = sum(
        judge.estimator.shipments[judge.estimator.number[e.shipment]].skip_ore is None for e in plan.unserved
    )
    assert (missing, plan.totals.cost_ore + plan.totals.skip_ore) == cheapest(problem)


@pytest.mark.parametrize("engines", [(name,) for name in ENGINES] + [ENGINES])
def test_any_choice_of_engines_gives_a_sound_plan(region, engines):
    plan = solve(region, limit=Limit(iterations=3), engines=engines)
    assert violations(region, plan) == ()
    assert len(plan.served) == 24
    assert plan.engine == "+".join(engines)


@pytest.mark.slow
def test_it_is_no_dearer_than_any_of_its_engines_alone(region):
    judge = Judge(region)
    alone = [
        judge.price(
            mended(engine.search(region, limit=Limit(iterations=3), seed=0, report=None).trips, judge)
        )
        for engine in (Vroom(), OrTools())
    ]
    plan = solve(region, limit=Limit(iterations=3))
    assert plan.totals.cost_ore + plan.totals.skip_ore <= min(alone)[1]


def test_only_engines_that_exist_can_be_chosen(region):
    for engines in ((), ("gurobi",), ("vroom", "tea")):
        with pytest.raises(UnknownEngine, match="vroom, pyvrp, ortools"):
            solve(region, limit=Limit(iterations=1), engines=engines)


@pytest.mark.slow
@pytest.mark.slow
def test_listening_changes_nothing_in_the_answer(region):
    """With a listener the searches run in processes of their own; iterations and seed still decide alone."""
    heard = solve(
        region, limit=Limit(iterations=1), seed=7, progress=lambda _: True, engines=("vroom", "pyvrp")
    )
    assert heard.routes == solve(region, limit=Limit(iterations=1), seed=7, engines=("vroom", "pyvrp")).routes


def test_a_first_plan_is_told_before_the_long_searches_end(region):
    told = []

    def stop_at_first(progress):
        told.append(progress.cost_ore)
        return progress.cost_ore == float("inf")

    plan = solve(region, limit=Limit(seconds=300), progress=stop_at_first)
    assert told[-1] == plan.totals.cost_ore + plan.totals.skip_ore
    assert violations(region, plan) == ()


def test_the_seconds_are_kept(region):
    began = time.monotonic()
    plan = solve(region, limit=Limit(seconds=1), processes=1, engines=("vroom", "pyvrp"))
    assert violations(region, plan) == ()
    assert time.monotonic() - began < 60  # far more than asked for, and still bounded


def test_broken_trips_are_mended(region):
    """Overloaded, late, twice on one turn, or without their delivery: what can be saved is."""
    turn = turns_of(region)[0]
    everything = Trip(turn, tuple(Task(s, is_pickup=end) for end in (True, False) for s in region.shipments))
    half = Trip(turn, tuple(Task(s, is_pickup=True) for s in region.shipments[:3]))
    judge = Judge(region)
    for broken in ([everything], [half], [everything, everything], []):
        plan = mended(broken, judge)
        assert judge.sound(plan) == plan
        assert judge.price(plan)[0] == 0


def test_what_fell_out_goes_where_it_costs_least(region):
    judge = Judge(region)
    plan = mended(Vroom().search(region, limit=Limit(iterations=1), seed=0, report=None).trips, judge)
    trip, *others = plan
    lost = trip.tasks[0].shipment.id
    without = Trip(trip.turn, tuple(task for task in trip.tasks if task.shipment.id != lost))
    again = inserted((without, *others), judge)
    assert judge.price(again) <= judge.price(plan)


def test_dear_goods_are_not_put_back_for_more_than_their_price(region):
    judge = Judge(region)
    plan = inserted((), judge)
    assert "dear" not in {task.shipment.id for trip in plan for task in trip.tasks}
    paid = replace(region, shipments=tuple(replace(s, skip_ore=10**9) for s in region.shipments))
    plan = inserted((), Judge(paid))
    assert len({task.shipment.id for trip in plan for task in trip.tasks}) == 25


def test_answers_count_in_the_order_in_which_they_were_asked_for(region):
    """Two plans of the same price: the first one stays, whichever came in first."""
    first, second = (
        Trip(turn, tuple(Task(region.shipments[0], is_pickup=end) for end in (True, False)))
        for turn in turns_of(region)[:2]
    )
    team = Team(region, limit=Limit(iterations=1), seed=0, processes=2, progress=None)
    team._keep((first,))
    team._keep((second,))
    assert team.best == (first,)


def test_a_dead_search_costs_no_plan_that_is_there(region):
    team = Team(region, limit=Limit(seconds=5), seed=0, processes=2, progress=None)
    team.first(Vroom(), seconds=5)
    price = team.price
    with pytest.warns(RuntimeWarning, match="without a plan"):
        team.round([None], until=1.0)
    assert team.price == price


def test_of_goods_that_no_route_holds_together_those_dearest_to_leave_out_are_served(on_a_line, stop, van):
    """Engines that know no limit on driving answer with both; the one that comes first is worth less."""
    places = [stop("near", 0), stop("home", 2), stop("far", 181)]
    goods = [
        Shipment("cheap", "near", "home", 0, skip_ore=100),
        Shipment("dear", "far", "near", 0, skip_ore=200),
    ]
    free = dict(fixed_ore_per_shift=0, ore_per_km=0, ore_per_hour=0)
    problem = on_a_line(places, goods, [van(end=None, max_drive_s=6 * 3600, **free)])
    plan = solve(problem, limit=Limit(iterations=20), processes=1)
    assert plan.served == {"dear"}


@pytest.mark.parametrize("is_compiled", [True, False])
def test_of_two_searches_for_fewest_vehicles_one_soon_turns_to_less_way(
    on_a_line, stop, van, monkeypatch, is_compiled
):
    """Where steps have to be compiled first, PyVRP plans meanwhile."""
    monkeypatch.setattr(type(STEPS), "is_compiled", lambda _: is_compiled)
    shipments = [Shipment(f"s{n}", "home", "shop", 1) for n in range(4)]
    problem = on_a_line([stop("home", 0), stop("shop", 9)], shipments, [van(fixed_ore_per_shift=10**9)])
    team = Team(problem, limit=Limit(seconds=30), seed=0, processes=2, progress=None)
    team.begin_with(mended((), team.judge))
    (_, (search, beside)), (end, (cover,)) = _fewest_first(team, ENGINES)
    assert (end, cover.name) == (1.0, "cover")
    assert search.fewer
    assert search.start == beside.start == team.best
    assert beside.name == ("ruin" if is_compiled else "pyvrp")
    assert not is_compiled or (beside.fewer and beside.reducing < search.reducing)


@pytest.mark.parametrize(
    ("fixed_ore", "farm", "alone"), [(0, "home", True), (1, "home", False), (0, "farm", False)]
)
def test_searches_that_need_no_first_plan_do_not_wait_for_it(on_a_line, stop, van, fixed_ore, farm, alone):
    """Hours bind, all comes with the vehicle, and none costs anything of its own: PyVRP begins at once."""
    stops = [stop("home", 0), stop("farm", 3), stop("shop", 9, windows=(Window(7 * 3600, 8 * 3600),))]
    shipments = [Shipment(f"s{n}", farm, "shop", 1) for n in range(4)]
    problem = on_a_line(stops, shipments, [van(fixed_ore_per_shift=fixed_ore)])
    team = Team(problem, limit=Limit(seconds=30), seed=0, processes=2, progress=None)
    assert _needs_no_first_plan(team, ENGINES) is alone
    assert not _needs_no_first_plan(team, ("vroom", "ortools"))


def test_a_first_plan_made_meanwhile_counts(region):
    team = Team(region, limit=Limit(seconds=60), seed=0, processes=2, progress=None)
    nothing = team.price
    team.first(Vroom(), seconds=5, meanwhile=True)
    assert team.price == nothing
    with pytest.warns(RuntimeWarning, match="without a plan"):
        team.round([None], until=1.0)
    assert team.price < nothing
