"""The bound by true routes: no route is missed, none is thought dearer than it is, and what is proven is the optimum where it can be."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bounding import FAR_ABOVE, LATER, all_below, all_columns, best_choice, caps_of, converged, nothing
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.bound import bound
from routing.bounds import complete, pricing, routes
from routing.bounds.alone import alone
from routing.bounds.columns import proven
from routing.bounds.complete import CompletePricer, TooManyRoutes
from routing.bounds.master import Column, Duals, Master
from routing.bounds.network import closure_of, kinds_of
from routing.bounds.pricing import RoutePricer, StopsTooClose
from routing.bounds.routes import ByRoutes
from routing.check import violations
from routing.choosing.cuts import violated
from routing.costs import SHARES_PER_ORE
from routing.feasible import route_of
from routing.problem import Compartment, Problem, Shipment, Stop, Temperature, Vehicle, Window
from routing.solve import plan_of
from routing.trips import Task, Trip, Turn, places_of, turns_of

sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))

from weeks import made_week

pytestmark = pytest.mark.usefixtures("routes_compiled")

_spec = importlib.util.spec_from_file_location(
    "routing_properties_too", Path(__file__).with_name("test_properties.py")
)
properties = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(properties)
quick = properties.quick

HOUR = 3600


@st.composite
def apart(draw, *, most_shipments=3, most_vehicles=2) -> Problem:
    """Farms and kitchens apart from each other, a kilometre a minute, windows in which not all fits."""
    farms, kitchens = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    size = farms + kitchens + 1
    points = draw(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=size, max_size=size))
    km = [[abs(ax - bx) + abs(ay - by) for bx, by in points] for ax, ay in points]
    hours = st.tuples(st.integers(5, 9), st.integers(1, 3)).map(
        lambda pair: Window(pair[0] * HOUR, (pair[0] + pair[1]) * HOUR)
    )
    openings = st.one_of(st.just(()), st.lists(hours, min_size=1, max_size=2).map(tuple))
    stops = [Stop("home", "Home")]
    stops += [
        Stop(
            name,
            name,
            draw(openings),
            draw(st.sampled_from([120, 600])),
            visit_ore=draw(st.sampled_from([0, 900])),
        )
        for name in (*(f"f{n}" for n in range(farms)), *(f"k{n}" for n in range(kitchens)))
    ]
    goods = [
        Shipment(
            f"s{n}",
            f"f{draw(st.integers(0, farms - 1))}",
            f"k{draw(st.integers(0, kitchens - 1))}",
            grams=draw(st.integers(0, 60)),
            crates=draw(st.integers(0, 5)),
            pickup_s=draw(st.sampled_from([0, 600])),
            delivery_s=draw(st.sampled_from([0, 1800])),
            pickup_windows=draw(openings),
            delivery_windows=draw(openings),
            skip_ore=draw(st.one_of(st.none(), st.integers(0, 100_000))),
            temperature=draw(st.sampled_from(list(Temperature))),
        )
        for n in range(draw(st.integers(1, most_shipments)))
    ]
    cold = Compartment((Temperature.CHILLED, Temperature.FROZEN), capacity_grams=50)
    warm = Compartment((Temperature.AMBIENT,), capacity_crates=6)
    vans = [
        Vehicle(
            f"v{n}",
            f"V{n}",
            "",
            start="home",
            end=draw(st.sampled_from([None, "home"])),
            capacity_grams=draw(st.integers(60, 150)),
            capacity_crates=draw(st.one_of(st.none(), st.integers(5, 12))),
            shifts=(Window(5 * HOUR, 12 * HOUR),),
            fixed_ore_per_shift=draw(st.sampled_from([0, 5_000])),
            ore_per_km=draw(st.sampled_from([0, 2_501])),
            ore_per_hour=draw(st.sampled_from([0, 35_001])),
            co2e_g_per_km=250,
            break_s=draw(st.sampled_from([0, 2700])),
            break_after_drive_s=draw(st.sampled_from([3600, 16200])),
            compartments=draw(st.sampled_from([(), (cold, warm)])),
        )
        for n in range(draw(st.integers(1, most_vehicles)))
    ]
    metres = [[value * 1000 for value in row] for row in km]
    return Problem(stops, goods, vans, metres, [[value * 60 for value in row] for row in km])


def is_close(problem):
    """Whether stops lie so close that routes are not looked at one by one."""
    closure = closure_of(problem)
    kinds = kinds_of(problem, closure)
    if not kinds:
        return True
    try:
        RoutePricer(closure, kinds)
    except StopsTooClose:
        return True
    return False


@pytest.mark.slow
@settings(quick, max_examples=60)
@given(apart())
def test_no_plan_at_all_costs_less(problem):
    found = bound(problem, seconds=20)
    missing, cost = properties.cheapest(problem)
    assert missing >= found.left_out
    assert missing > found.left_out or found.cost_ore <= cost
    assert is_close(problem) or found.method in {"columns", "ways"}


@pytest.mark.slow
@settings(quick, max_examples=25)
@given(apart(most_shipments=4, most_vehicles=1))
def test_every_route_that_can_be_driven_is_known_and_not_thought_dearer(problem):
    closure = closure_of(problem)
    kinds = kinds_of(problem, closure)
    if is_close(problem):
        return
    known = every_route(closure, kinds, len(problem.shipments))
    turn, places = turns_of(problem)[0], places_of(problem)
    for group in properties.groups(problem):
        cost = properties.best_route(turn, group, places)
        numbers = tuple(sorted(problem.shipments.index(shipment) for shipment in group))
        if cost is not None:
            assert known[numbers] <= cost * SHARES_PER_ORE


def every_route(closure, kinds, count):
    """All routes of the first kind by their shipments, with prices in shares."""
    pricer = RoutePricer(closure, kinds)
    every = CompletePricer(kinds, all_below(pricer, nothing(kinds, count), FAR_ABOVE))
    return {column.numbers: column.price for column in all_columns(every) if column.kind == 0}


@pytest.fixture(scope="module")
def small_week():
    """Of a made week so much that all its routes can be known."""
    problem = made_week(3, farms=6, kitchens=3, orders=16, vehicles=2)
    closure = closure_of(problem)
    return problem, closure, kinds_of(problem, closure)


@pytest.fixture(scope="module")
def every(small_week):
    problem, closure, kinds = small_week
    state = nothing(kinds, len(problem.shipments))
    return all_below(RoutePricer(closure, kinds), state, FAR_ABOVE)


@pytest.mark.parametrize("seed", range(12))
def test_the_search_finds_what_looking_at_all_routes_finds(small_week, every, seed):
    """With any rewards and cuts, whatever is dropped on the way; quick looks promise no more than there is."""
    problem, closure, kinds = small_week
    random = np.random.default_rng(seed)
    count = len(problem.shipments)
    single = alone(closure, kinds, count)
    rewards = (single * random.uniform(0.1, 0.8, count)).astype(np.int64)
    triples = sorted({tuple(sorted(random.choice(count, 3, replace=False).tolist())) for _ in range(20)})
    cuts = tuple((triple, int(random.integers(1, 20_000 * SHARES_PER_ORE))) for triple in triples)
    none = np.zeros(len(kinds), dtype=np.int64)
    duals = Duals(rewards, none, none, 0.0, cuts)
    looked, found = CompletePricer(kinds, every), RoutePricer(closure, kinds)
    for width in (len(pricing.ROUNDS) - 1, 0):
        found.width = width
        for number in range(len(kinds)):
            true, seen = looked.price(number, duals), found.price(number, duals, until=LATER)
            assert min(0, seen.floor) <= true.floor
            if width:
                assert seen.is_exact
                assert min(0, seen.floor) == true.floor
                assert {c.price for c in seen.columns[:1]} == {c.price for c in true.columns[:1]}


def test_forgetting_keeps_every_route_of_a_plan_below_the_target(small_week, every):
    problem, closure, kinds = small_week
    caps, counts = caps_of(problem, closure, kinds), [1] * len(kinds)
    best = best_choice(all_columns(CompletePricer(kinds, every)), caps, counts, most_ore=10**7, seconds=60)
    state, _ = converged(problem, closure, kinds)
    kept = CompletePricer(kinds, list(every))
    kept.forget(state, target=(best.cost_ore + 1) * SHARES_PER_ORE)
    few = all_below(RoutePricer(closure, kinds), state, (best.cost_ore + 1) * SHARES_PER_ORE)
    assert len(kept) < sum(map(len, every))
    assert [len(routes) for routes in few] == [len(routes) for routes in kept.routes]
    assert best_choice(all_columns(kept), caps, counts, most_ore=10**7, seconds=60).cost_ore == best.cost_ore


def test_a_small_week_is_solved_and_the_routes_are_a_plan(small_week, every):
    problem, closure, kinds = small_week
    caps, counts = caps_of(problem, closure, kinds), [1] * len(kinds)
    best = best_choice(all_columns(CompletePricer(kinds, every)), caps, counts, most_ore=10**7, seconds=60)
    found = bound(problem, seconds=60)
    assert found.cost_ore == best.cost_ore == best.proven_ore
    plan = plan_of(problem, driven(problem, found.ideas), engine="bound", seconds=0)
    assert violations(problem, plan) == ()
    assert plan.totals.price_ore == found.cost_ore


def driven(problem, ideas):
    """The ideas as routes."""
    places = places_of(problem)
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    goods = {shipment.id: shipment for shipment in problem.shipments}
    for idea in ideas:
        tasks = tuple(Task(goods[name], is_pickup) for name, is_pickup in idea.tasks)
        route = route_of(Trip(Turn(vehicles[idea.vehicle], idea.shift), tasks), places=places)
        assert route is not None
        yield route


def test_halves_of_three_routes_are_cut():
    """Three routes with two of three shipments each, half of each chosen: the cut allows one of them."""
    pairs = [Column(0, 100, (0, 1)), Column(0, 100, (1, 2)), Column(0, 100, (0, 2))]
    members = np.array([[True, True, False], [False, True, True], [True, False, True]])
    assert violated(members, np.full(3, 0.5)) == [(0, 1, 2)]
    assert violated(members[:1], np.ones(1)) == []
    master = Master([1000 * SHARES_PER_ORE] * 3, [3])
    master.add(replace(column, price=100 * SHARES_PER_ORE) for column in pairs)
    before = master.solve()
    assert master.cut([(0, 1, 2)]) == 1
    assert master.cut([(0, 1, 2)]) == 0
    after = master.solve()
    assert (before.value, after.value) == pytest.approx((150 * SHARES_PER_ORE, 1100 * SHARES_PER_ORE))
    assert after.cuts


def test_what_is_proven_counts_what_cuts_take(small_week):
    _, _, kinds = small_week
    none = np.zeros(len(kinds), dtype=np.int64)
    duals = Duals(np.array([5, 7, 9]), none, none, 0.0, (((0, 1, 2), 4),))
    assert proven(kinds, duals, [-3, *([2] * (len(kinds) - 1))]) == 5 + 7 + 9 - 4 - 3


def test_more_routes_than_there_is_room_for_are_refused(small_week, monkeypatch):
    problem, closure, kinds = small_week
    monkeypatch.setattr(complete, "MOST_LABELS", 10)
    with pytest.raises(TooManyRoutes):
        all_below(RoutePricer(closure, kinds), nothing(kinds, len(problem.shipments)), FAR_ABOVE)


def test_where_routes_are_too_many_cuts_alone_are_valid(small_week, every, monkeypatch):
    problem, closure, kinds = small_week
    caps = caps_of(problem, closure, kinds)
    best = best_choice(
        all_columns(CompletePricer(kinds, every)), caps, [1] * len(kinds), most_ore=10**7, seconds=60
    )
    monkeypatch.setattr(complete, "MOST_LABELS", 10)
    monkeypatch.setattr(routes, "GUESS", 1e-3)
    found = bound(problem, seconds=30)
    assert 0.97 * best.cost_ore <= found.cost_ore <= best.cost_ore


def test_a_plan_that_is_known_ends_the_search(small_week):
    problem, _, _ = small_week
    best = bound(problem, seconds=60)
    again = bound(problem, seconds=60, upper_ore=best.cost_ore)
    assert again.is_exact
    assert again.cost_ore == best.cost_ore


def test_where_the_best_plan_is_free_the_search_ends(on_a_line, stop, van):
    """Nothing is proven, so every share above it is nothing: no reason to look until the time is over."""
    free = van("free", fixed_ore_per_shift=0, ore_per_km=0, ore_per_hour=0)
    stops = [stop("home", 0), stop("farm", 10), stop("school", 20)]
    goods = [Shipment("s", "farm", "school", 1)]
    found = bound(on_a_line(stops, goods, [free]), seconds=60)
    assert found.cost_ore == 0
    assert found.seconds < 30


def test_a_target_that_nothing_reaches_is_proven(small_week):
    """Where every plan is dearer than the target, the target is what is proven, and no more."""
    problem, closure, kinds = small_week
    heard = []
    caps = np.array(caps_of(problem, closure, kinds))
    method = ByRoutes(
        RoutePricer(closure, kinds),
        None,
        kinds,
        caps,
        LATER,
        None,
        heard=heard.append,
        chosen=lambda *_: None,
        met=lambda *_: None,
    )
    state, method.master = converged(problem, closure, kinds)
    target = state.proven + SHARES_PER_ORE
    routes_below = all_below(method.pricer, state, target)
    is_decided, _ = method._is_decided(CompletePricer(kinds, routes_below), state, target)
    assert not is_decided
    assert state.proven <= method.best <= target
    assert heard[-1] == method.best


def test_ways_that_fill_no_whole_steps_are_not_taken_for_longer(on_a_line, stop, van, plan_for):
    """299 s from stop to stop, and just the time for all of them in one van."""
    farms = [stop(f"farm{n}", 3 * n, stop_s=119) for n in range(1, 6)]
    school = stop("school", 18, windows=(Window(6 * HOUR, 6 * HOUR + 18 * 60 + 5 * 119),))
    goods = [Shipment(f"from {farm.id}", farm.id, "school", 1_000) for farm in farms]
    problem = on_a_line([stop("home", 0), *farms, school], goods, [van(str(n)) for n in range(3)])
    plan = plan_for(problem)
    found = bound(problem, seconds=20)
    assert plan.totals.vehicles == 1
    assert found.method == "columns"
    assert found.cost_ore == plan.totals.price_ore
