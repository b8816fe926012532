"""PyVRP's searches one after another: a memory as long as their time, the next one when nothing comes any more."""

from itertools import count

import pytest

from routing.engines import pyvrp_search
from routing.engines.judge import Judge
from routing.engines.ortools_engine import job_of
from routing.engines.protocol import Limit
from routing.engines.pyvrp_engine import ITERATIONS_PER_PLAN, PyVrp
from routing.engines.pyvrp_model import build, solution_of
from routing.engines.pyvrp_search import NO_PLAN_COSTS, Stop, history_for, improve, price_of
from routing.problem import Shipment
from routing.trips import Task, Trip, turns_of

ITERATIONS = 400


def found(problem, *, limit=None, **fields):
    limit = limit or Limit(iterations=ITERATIONS)
    return PyVrp(**fields).search(problem, limit=limit, seed=0, report=None)


@pytest.fixture
def errands(on_a_line, stop, van):
    """Nothing to find after the first steps."""
    stops = [stop("home", 0), *(stop(f"p{n}", 10 * n) for n in range(1, 4))]
    goods = [Shipment(f"s{n}", f"p{n}", "home", 1) for n in range(1, 4)]
    return on_a_line(stops, goods, [van(break_s=0)])  # no second search with rests


@pytest.fixture
def searches(monkeypatch):
    """Of each search its seed, its memory, the plan it began with and how many steps it took."""
    seen = []

    def watched(data, *, start, seed, pace, on_iteration, **rest):
        steps = count()

        def heard(tried):
            next(steps)
            on_iteration(tried)

        best = improve(data, start=start, seed=seed, pace=pace, on_iteration=heard, **rest)
        seen.append({"seed": seed, "history": pace.history, "start": start, "steps": next(steps)})
        return best

    monkeypatch.setattr(pyvrp_search, "improve", watched)
    return seen


@pytest.fixture
def slow_clock(monkeypatch):
    """Moves on by a millisecond at each look: the same steps on any machine."""
    now = count(0.0, 0.001)
    monkeypatch.setattr(pyvrp_search.time, "monotonic", lambda: next(now))


def test_a_search_of_few_steps_remembers_few_plans_and_a_long_one_more():
    lengths = [history_for(steps) for steps in (0, 3_000, 8_000, 30_000, 10**6)]
    assert lengths == [30, 30, 80, 300, 300]


@pytest.mark.parametrize("iterations", [None, 10**6])
def test_under_seconds_the_memory_follows_from_how_many_steps_there_will_be(
    errands, searches, slow_clock, iterations
):
    found(errands, limit=Limit(seconds=20, iterations=iterations))
    first, second = searches[:2]
    assert first["history"] == 30
    assert 30 < second["history"] < 300
    assert first["start"] is None
    assert second["start"] is not None  # goes on from there


def test_where_few_steps_are_counted_seconds_make_no_difference(errands, searches, slow_clock):
    found(errands, limit=Limit(seconds=10**6, iterations=100))
    assert sum(search["steps"] for search in searches) == 100 * ITERATIONS_PER_PLAN
    assert {search["history"] for search in searches} == {30}


def test_a_search_that_is_still_makes_way_for_another_that_begins_anew(errands, searches):
    found(errands)
    assert sum(search["steps"] for search in searches) == ITERATIONS * ITERATIONS_PER_PLAN
    assert len({search["seed"] for search in searches}) == len(searches) > 2
    *anew, last = (search["start"] for search in searches)
    assert anew == [None] * len(anew)
    assert last is not None  # too little is left for a plan from nothing


def test_from_a_plan_each_search_goes_on_from_the_best(errands, searches):
    trips = found(errands).trips
    searches.clear()
    again = found(errands, start=trips).trips
    assert len(searches) > 2
    assert all(search["start"] is not None for search in searches)
    assert Judge(errands).price(again) == Judge(errands).price(trips)


def test_the_same_seed_gives_the_same_plan_though_searches_begin_anew(morning, searches):
    first, again = (found(morning, limit=Limit(iterations=600)) for _ in range(2))
    assert len(searches) > 4
    assert first == again


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_the_best_of_all_searches_counts_and_none_that_breaks_a_rule(errands, monkeypatch, order):
    """Of three answers one is best, one goes a detour, one leaves out what must be served."""
    model = build(job_of(errands))
    (turn,) = turns_of(errands)
    one, two, three = errands.shipments

    def collected(*shipments):
        return (Trip(turn, tuple(Task(s, is_pickup=end) for end in (True, False) for s in shipments)),)

    best = collected(three, two, one)
    plans = [best, collected(three, one, two), collected(one)]
    answers = [solution_of(model, trips) for trips in plans]
    price = price_of(model.data)
    assert price(answers[0]) < price(answers[1]) < NO_PLAN_COSTS < price(answers[2])
    coming = iter([answers[number] for number in order])

    def told(data, *, stop, **_):
        answer = next(coming, answers[2])
        while not stop(0):
            pass
        return answer

    monkeypatch.setattr(pyvrp_search, "improve", told)
    assert found(errands).trips == best


def asked(stop, costs):
    """How often the criterion let the search go on."""
    return next(number for number, cost in enumerate(costs) if stop(cost))


def test_a_search_is_still_so_many_steps_after_its_last_better_plan():
    costs = [*range(100, 80, -1), *[80] * 1000]
    assert asked(Stop(still=50), costs) == 20 + 1 + 50
    assert asked(Stop(still=50, steps=30), costs) == 30


def test_a_search_without_any_plan_goes_on_until_its_penalties_have_brought_one():
    costs = [*[2**63 - 1] * 5_000, *[80] * 1000]
    assert asked(Stop(still=50), costs) == 5_000 + 1 + 50
    assert asked(Stop(still=50, steps=3_000), costs) == 3_000


def test_what_pyvrp_says_of_a_plan_that_breaks_a_rule_is_known_as_such(errands, monkeypatch):
    """Else such a search would be taken for one that is still."""
    model = build(job_of(errands))
    heard = []

    def stop(cost):
        heard.append(cost)
        return len(heard) > 3

    empty = solution_of(model, ())
    monkeypatch.setattr("pyvrp.search.LocalSearch.__call__", lambda *_, **__: empty, raising=False)
    improve(model.data, stop=stop, seed=0, start=empty)
    assert heard[0] >= NO_PLAN_COSTS


def test_a_rate_leaves_out_what_it_took_to_begin(slow_clock):
    stop = Stop()
    pyvrp_search.time.monotonic()
    assert stop.rate() == 0
    for _ in range(101):
        stop(1)
    assert stop.done == 100
    assert stop.rate() == pytest.approx(1000, rel=0.02)
