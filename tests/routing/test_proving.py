"""A bound proven beside the search: the listener hears of it, the plan carries it, and it is never above a plan's cost."""

from dataclasses import replace
from threading import Timer

import pytest
from click.testing import CliRunner

from routing.bound import Bound, bound
from routing.cli import routing
from routing.engines.cover import Cover
from routing.engines.team import Team
from routing.engines.vroom_engine import QUICK, Vroom
from routing.io import problem_to_json
from routing.portfolio import ENGINES, GOING_ON, REST_FROM, _beside_a_proof, _last_until, searched
from routing.problem import Weights
from routing.proving import Prover
from routing.solve import Limit, solve, with_bound

pytestmark = pytest.mark.usefixtures("routes_compiled")


def test_the_plan_says_how_far_it_is_from_the_best_possible(morning):
    heard = []

    def listen(state):
        heard.append(state)
        return len(heard) < 200 and not (state.iterations and state.bound_ore)

    plan = solve(morning, limit=Limit(seconds=20), prove=True, progress=listen)
    assert 0 < heard[-1].bound_ore <= heard[-1].cost_ore
    assert 0 < plan.bound_ore <= plan.totals.cost_ore
    assert plan.gap == (plan.totals.cost_ore - plan.bound_ore) / plan.bound_ore


def test_what_is_fixed_is_part_of_what_is_proven(morning, plan_for):
    plan = plan_for(morning)
    assert (
        with_bound(plan, bound(morning, seconds=5), morning, beside=700).bound_ore
        == plan.totals.cost_ore + 700
    )


def test_nothing_is_said_of_a_plan_that_leaves_out_more_than_it_must(morning, plan_for):
    """Nine loads of which the van holds one: leaving out the others is no merit of the plan."""
    heavy = [replace(morning.shipments[0], id=f"load {n}", grams=900_000) for n in range(9)]
    problem = replace(morning, shipments=tuple(heavy))
    plan = plan_for(problem)
    assert plan.unserved
    told = with_bound(plan, bound(problem, seconds=5), problem, beside=0)
    assert (told.bound_ore, told.gap) == (0, None)


def test_other_aims_than_money_have_no_bound_in_money(morning, plan_for):
    other = replace(morning, weights=Weights(ore_per_km=1_000))
    proven = replace(bound(morning, seconds=5), fingerprint=other.fingerprint())
    assert with_bound(plan_for(other), proven, other, beside=0).gap is None


def test_routes_that_come_up_while_proving_are_looked_at_by_the_search(morning):
    """The bound's own routes, told as ideas, are the search's best plan, and asked for once."""
    heard = []
    bound(morning, seconds=20, report=heard.append)
    prover = Prover()
    prover.ideas = next(found.ideas for found in heard if found.ideas)
    limit = Limit(iterations=1)
    team = Team(morning, limit=limit, seed=0, processes=1, progress=None, prover=prover)
    assert team.best == ()
    team.look_around()
    assert {task.shipment.id for trip in team.best for task in trip.tasks} == {"carrots", "beets", "milk"}
    team.best = ()
    team.look_around()
    assert team.best == ()


def test_the_search_ends_when_its_plan_is_proven_the_best(morning):
    prover = Prover()
    prover.best = bound(morning, seconds=20)
    team = Team(morning, limit=Limit(seconds=10), seed=0, processes=1, progress=None, prover=prover)
    assert searched(team, ENGINES) == team.best
    assert team.stopped
    assert team.price == (0, prover.best.cost_ore)


def test_a_search_under_way_ends_when_the_proof_comes_upon_the_best_plan(morning):
    prover = Prover()
    team = Team(morning, limit=Limit(seconds=10), seed=0, processes=1, progress=None, prover=prover)
    assert team._goes_on(0)
    heard = []
    prover.best = bound(morning, seconds=20, report=heard.append)
    prover.ideas = next(found.ideas for found in heard if found.ideas)
    assert not team._goes_on(0)
    assert team.price == (0, prover.best.cost_ore)


def test_a_plan_that_leaves_out_more_than_it_must_is_not_proven_the_best():
    prover = Prover()
    assert not prover.proves((0, 1))
    prover.best = Bound(1_000, 1, "columns", 1.0)
    assert prover.proves((1, 1_000))
    assert prover.proves((1, 0, 990))
    assert not prover.proves((1, 1, 990))
    assert not prover.proves((1, 1_001))
    assert prover.proves((1, 1_600), 0.6)
    prover.best = replace(prover.best, cost_ore=0)
    assert not prover.proves((0, 0))


def test_routes_that_are_met_while_proving_can_be_driven_and_are_covered(morning):
    """Each is told of once; together with the search's own they make the best plan."""
    heard = []
    best = bound(morning, seconds=20, report=heard.append)
    orders = [order for found in heard for order in found.met]
    assert len(orders) == len(set(orders)) > 1
    prover = Prover()
    prover.orders = tuple(orders)
    team = Team(morning, limit=Limit(iterations=50), seed=0, processes=1, progress=None, prover=prover)
    team.look_around()
    assert list(team.orders) == orders
    team.round([Cover(tuple(team.orders))], until=1.0)
    assert team.price == (0, best.cost_ore)


def test_the_search_rests_for_a_proof_that_is_near_and_takes_what_comes_up(morning):
    """And goes on at once beside one that is far off or has ended."""
    found = bound(morning, seconds=20)
    prover = Prover()
    team = Team(morning, limit=Limit(seconds=10), seed=0, processes=1, progress=None, prover=prover)
    team.first(Vroom(QUICK), seconds=1)
    team.best, team.price = (), (0, team.price[1] + 1)
    prover.is_at_work = True
    prover.best = replace(found, cost_ore=found.cost_ore // 3)
    assert not team.rest(until=1.0)
    assert team.passed < 1
    prover.ideas = found.ideas
    prover.best = replace(found, cost_ore=found.cost_ore - 1)
    Timer(0.5, setattr, (prover, "is_at_work", False)).start()
    team.rest(until=1.0)
    assert not prover.is_at_work
    assert {task.shipment.id for trip in team.best for task in trip.tasks} == {"carrots", "beets", "milk"}


def test_a_rest_ends_for_routes_that_came_up_once(morning):
    found = bound(morning, seconds=20)
    prover = Prover()
    team = Team(morning, limit=Limit(seconds=10), seed=0, processes=1, progress=None, prover=prover)
    team.first(Vroom(QUICK), seconds=1)
    team.price = (0, team.price[1] + 1)
    prover.best = replace(found, cost_ore=found.cost_ore - 1)
    assert not team.rest(until=1.0)
    prover.orders = ((1, 0),)
    assert team.rest(until=1.0)
    assert (1, 0) in team.orders
    assert not team.rest(until=1.0)
    prover.orders = (*prover.orders, (3, 2))
    assert not team.rest(until=0.0), "the time is over"
    assert team.rest(until=1.0)


@pytest.mark.parametrize("is_near", [True, False])
def test_beside_a_proof_that_is_near_routes_are_covered_and_else_the_search_goes_on(morning, is_near):
    """A plan of the prover's routes can come of it in both cases."""
    found = bound(morning, seconds=20)
    prover = Prover()
    team = Team(morning, limit=Limit(seconds=10), seed=0, processes=2, progress=None, prover=prover)
    team.first(Vroom(QUICK), seconds=1)
    team.price = (0, team.price[1] + 1)
    prover.is_at_work = True
    prover.best = replace(found, cost_ore=found.cost_ore - 1 if is_near else 1)
    prover.orders = ((1, 0),)
    team.began -= 0.35 * 10
    if is_near:
        Timer(0.5, setattr, (prover, "is_at_work", False)).start()
    rounds = list(_beside_a_proof(team, 2, has_many=True))
    names = [[engine.name for engine in engines] for _, engines in rounds]
    assert names[:4] == [["ruin", "ruin"], ["ruin", "ruin"], ["cover"], ["cover"]]
    assert all(engine.tells_many for _, engines in rounds for engine in engines if engine.name == "ruin")
    assert (1, 0) in rounds[3][1][0].orders
    assert names[4:] == [["ruin"], ["ruin", "ruin"], ["ruin", "ruin"], ["ruin", "ruin"]]
    assert [until for until, _ in rounds[4:]] == list(GOING_ON)
    assert prover.is_at_work != is_near, "only for a proof that is near it rests"


@pytest.mark.parametrize(
    ("seconds", "has_many", "until"),
    [
        (60, True, 0.95),
        (15, True, 0.85),
        (600, True, 0.96),
        (5, True, 0.96),
        (60, False, 0.96),
        (None, True, 0.96),
    ],
)
def test_the_last_cover_of_many_routes_has_three_seconds_but_no_large_part_of_a_run(
    morning, seconds, has_many, until
):
    limit = Limit(seconds=seconds, iterations=None if seconds else 10)
    team = Team(morning, limit=limit, seed=0, processes=1, progress=None)
    assert _last_until(team, has_many=has_many) == pytest.approx(until)


def test_no_cover_goes_on_after_the_rest(morning):
    """Whatever comes up then is for the last one."""
    prover = Prover()
    team = Team(morning, limit=Limit(seconds=10), seed=0, processes=2, progress=None, prover=prover)
    prover.is_at_work, prover.orders = True, ((1, 0),)
    team.began -= 0.95 * 10
    assert [until for until, _ in _beside_a_proof(team, 2, has_many=False)] == list(REST_FROM)


def test_without_being_asked_nothing_is_proven(morning):
    assert solve(morning, limit=Limit(iterations=5)).bound_ore == 0


@pytest.mark.slow
def test_the_command_tells_it(morning, tmp_path):
    file = tmp_path / "morning.json"
    file.write_text(problem_to_json(morning), encoding="utf-8")
    result = CliRunner().invoke(routing, ["solve", str(file), "--seconds", "5", "--prove"])
    assert result.exit_code == 0, result.output
    assert "bound" in result.output
    assert "best possible" in result.output
