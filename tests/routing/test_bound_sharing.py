"""Routes shared by vehicles of a day, choices of routes that share goods, and targets that are lowered."""

import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bounding import FAR_ABOVE, LATER, all_below, all_columns, best_choice, converged, nothing

from routing.bound import bound
from routing.bounds import complete, pricing, routes
from routing.bounds.alone import alone
from routing.bounds.choice import first_choice
from routing.bounds.complete import Below, CompletePricer, Routes, Seen, TooManyRoutes
from routing.bounds.master import Column, Duals
from routing.bounds.network import closure_of, kinds_of
from routing.bounds.pricing import RoutePricer
from routing.bounds.routes import ByRoutes
from routing.costs import SHARES_PER_ORE
from routing.engines.cover import Cover
from routing.engines.judge import Judge
from routing.engines.protocol import Limit
from routing.feasible import route_of
from routing.trips import Task, Trip, places_of, turns_of

sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))

from weeks import made_week

pytestmark = pytest.mark.usefixtures("routes_compiled")


@pytest.fixture(scope="module")
def small_week():
    """Of a made week so much that all its routes can be known."""
    problem = made_week(3, farms=6, kitchens=3, orders=16, vehicles=2)
    closure = closure_of(problem)
    return problem, closure, kinds_of(problem, closure)


def test_routes_of_a_turn_are_found_for_its_twins_at_their_own_price(small_week):
    """And none that the twin could not drive."""
    problem, closure, kinds = small_week
    pricer = RoutePricer(closure, kinds, is_timed=False)
    every = all_below(pricer, nothing(kinds, len(problem.shipments)), FAR_ABOVE)
    pricer.width = len(pricing.ROUNDS) - 1
    own = {
        (number, c.numbers): c.price for number in range(len(kinds)) for c in _columns(every, kinds, number)
    }
    count = len(problem.shipments)
    zeros = np.zeros(len(kinds), dtype=np.int64)
    duals = Duals((alone(closure, kinds, count) * 0.8).astype(np.int64), zeros, zeros, 0.0)
    shared = [
        (number, c) for number in range(len(kinds)) for c in pricer.price(number, duals, until=LATER).columns
    ]
    twins = [c for number, c in shared if c.kind != number]
    assert len(twins) > 20
    for column in twins:
        assert own[column.kind, column.numbers] <= column.price
    assert sum(own[column.kind, column.numbers] == column.price for column in twins) > 20


def _columns(every, kinds, number):
    return CompletePricer(kinds, every).columns(number, np.arange(len(every[number])))


def test_of_routes_that_share_a_shipment_one_goes_without_it():
    both = [Column(0, 100, (0, 1), order=(1, 3, 0, 2)), Column(1, 100, (1, 2), order=(3, 5, 2, 4))]
    caps = [1000 * SHARES_PER_ORE] * 3
    columns = [replace(column, price=100 * SHARES_PER_ORE) for column in both]
    assert best_choice(columns, caps, [1, 1], most_ore=10**6, seconds=10).cost_ore == 1100
    found = first_choice(columns, np.array(caps), [1, 1], most=201 * SHARES_PER_ORE, until=LATER)
    assert found.cost_ore == 200
    assert sorted(number for column in found.columns for number in column.numbers) == [0, 1, 2]
    assert sorted(task for column in found.columns for task in column.order) == [0, 1, 2, 3, 4, 5]


def test_where_routes_are_too_many_a_lower_target_is_reached(small_week, monkeypatch):
    """And all routes below it are there."""
    problem, closure, kinds = small_week
    state, _ = converged(problem, closure, kinds)
    wanted = 2 * state.proven
    whole = all_below(RoutePricer(closure, kinds), state, wanted)
    monkeypatch.setattr(complete, "MOST_LABELS", 25_000)
    below = Below(RoutePricer(closure, kinds), state)
    found, target = below.all_routes(wanted, least=state.proven, until=LATER)
    assert state.proven < target < wanted, len(below.known)
    assert sum(map(len, found)) < sum(map(len, whole))
    assert same_routes(found, whole, state, target, kinds)


def test_a_kind_that_there_was_no_time_for_gets_more_of_it_at_the_next_try(small_week, monkeypatch):
    """Those that are alike would get the same again, and fail again."""
    _, closure, kinds = small_week
    state, _ = converged(*small_week)
    given = []

    def look(below, number, *, target, until):
        del below, target
        if number == 0:
            given.append(until - time.monotonic())
        return None if number == 0 and len(given) == 1 else Seen(FAR_ABOVE, 0, Routes(*nowhere))

    nowhere = np.zeros(0, np.int64), np.zeros((0, len(small_week[0].shipments)), np.bool_)
    monkeypatch.setattr(Below, "_look", look)
    pricer = RoutePricer(closure, kinds)
    assert len(kinds) > 4
    Below(pricer, state).all_routes(2 * state.proven, least=0, until=time.monotonic() + 1000)
    assert len(given) == 2
    assert given[1] > 1.2 * given[0]


def by_routes(small_week, seconds):
    problem, closure, kinds = small_week
    single = alone(closure, kinds, len(problem.shipments))
    return ByRoutes(
        RoutePricer(closure, kinds),
        None,
        kinds,
        np.full(len(problem.shipments), 2 * int(single.max())),
        time.monotonic() + seconds,
        None,
        heard=lambda _: None,
        chosen=lambda *_: None,
        met=lambda *_: None,
    )


def same_routes(found, whole, state, target, kinds):
    few, true = CompletePricer(kinds, list(found)), CompletePricer(kinds, list(whole))
    few.forget(state, target=target)
    true.forget(state, target=target)
    return {(c.kind, c.numbers, c.price) for c in all_columns(few)} == {
        (c.kind, c.numbers, c.price) for c in all_columns(true)
    }


def test_with_time_left_the_target_is_raised(small_week):
    """Up to the most that was asked for, and all routes below it are there."""
    _, closure, kinds = small_week
    state, _ = converged(*small_week)
    low, high = int(1.01 * state.proven), int(1.2 * state.proven)
    method = by_routes(small_week, seconds=3600)
    found, target, _ = method._look(Below(method.pricer, state), low, least=low, most=high)
    assert target >= high
    assert same_routes(found, all_below(RoutePricer(closure, kinds), state, high), state, high, kinds)


def test_where_the_target_cannot_be_raised_what_was_known_stays(small_week, monkeypatch):
    _, closure, kinds = small_week
    state, _ = converged(*small_week)
    low = int(1.05 * state.proven)
    looks = []

    def look(below, target, **options):
        looks.append(target)
        if len(looks) > 1:
            raise TooManyRoutes
        return whole_look(below, target, **options)

    whole_look = Below.all_routes
    monkeypatch.setattr(Below, "all_routes", look)
    method = by_routes(small_week, seconds=3600)
    found, target, _ = method._look(Below(method.pricer, state), low, least=low, most=2 * low)
    assert len(looks) == 2
    monkeypatch.undo()
    assert low <= target < looks[1]
    assert same_routes(found, all_below(RoutePricer(closure, kinds), state, low), state, low, kinds)


def test_routes_below_a_target_can_be_driven_in_the_order_that_is_told(small_week):
    """Each serves its shipments, and costs about what it was thought to cost; some few loads do not fit into compartments after all."""
    problem, closure, kinds = small_week
    state, _ = converged(*small_week)
    found = all_below(RoutePricer(closure, kinds), state, int(1.05 * state.proven))
    every = CompletePricer(kinds, found)
    turns = {turn.key: turn for turn in turns_of(problem)}
    assert len(every) > 100
    driven = 0
    for column in every.columns_at(range(len(every))):
        tasks = [Task(problem.shipments[task // 2], bool(task % 2)) for task in column.order]
        route = route_of(Trip(turns[kinds[column.kind].turns[0]], tuple(tasks)), places=places_of(problem))
        assert sorted(task // 2 for task in column.order if task % 2) == list(column.numbers)
        if route is not None:
            driven += 1
            assert 0 <= route.cost_ore - column.price / SHARES_PER_ORE <= 1
    assert driven > 0.95 * len(every)


def test_the_routes_that_promise_most_of_all_below_a_target_are_told_of_once(small_week, monkeypatch):
    """Among them are those of the best plan, though it may be dearer than the target."""
    problem, _, kinds = small_week
    monkeypatch.setattr(routes, "MOST_NEAREST", 150)
    method = by_routes(small_week, seconds=3600)
    told = []
    method.met = lambda columns, _: told.extend(columns)
    state, method.master = converged(*small_week)
    target = int(1.05 * state.proven)
    found = all_below(method.pricer, state, target)
    every = CompletePricer(kinds, list(found))
    assert len(every) > 150
    method._is_decided(every, state, target)
    assert 100 < len({column.order for column in told}) == len(told) <= 150
    cover = Cover(tuple(column.order for column in told))
    plan = cover.search(problem, limit=Limit(seconds=30), seed=0, report=None)
    best = bound(problem, seconds=60)
    assert Judge(problem).price(plan.trips) <= (0, 1.02 * best.cost_ore)
    method._is_decided(CompletePricer(kinds, list(found)), state, target)
    assert len({column.order for column in told}) == len(told)


def test_a_first_choice_is_told_before_the_whole_truth_is_looked_for(small_week, monkeypatch):
    """On large weeks that takes most of the time, and the search can use what came up."""

    class Whole(Exception):
        """The whole truth is asked for."""

    def look(pricer, duals, *, until):
        if not pricer.is_quick:
            raise Whole
        return quick_look(pricer, duals, until=until)

    quick_look = RoutePricer.price_all
    monkeypatch.setattr(pricing, "ROUNDS", ((20,), (20,), (20,), (20, 0)))
    monkeypatch.setattr(RoutePricer, "price_all", look)
    heard = []
    with pytest.raises(Whole):
        bound(small_week[0], seconds=60, report=heard.append)
    served = {name for idea in heard[-1].ideas for name, is_pickup in idea.tasks if is_pickup}
    assert served == {shipment.id for shipment in small_week[0].shipments}
