"""A bound proven beside the search: the listener hears of it, the plan carries it, and it is never above a plan's cost."""

from dataclasses import replace
from functools import partial

import pytest
from click.testing import CliRunner

from routing.bound import bound
from routing.cli import routing
from routing.engines.team import Team
from routing.io import problem_to_json
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
    team = Team(
        morning, limit=limit, seed=0, processes=1, progress=None, ideas=partial(prover.trips, morning)
    )
    assert team.best == ()
    team.look_around()
    assert {task.shipment.id for trip in team.best for task in trip.tasks} == {"carrots", "beets", "milk"}
    team.best = ()
    team.look_around()
    assert team.best == ()


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
