"""Random small problems: no plan is cheaper than the bound, whatever it leaves out for its price."""

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings

from routing.bound import bound, gap
from routing.solve import Limit, solve

pytestmark = pytest.mark.usefixtures("routes_compiled")

_spec = importlib.util.spec_from_file_location(
    "routing_properties", Path(__file__).with_name("test_properties.py")
)
properties = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(properties)
problems, quick = properties.problems, properties.quick


@pytest.mark.slow
@settings(quick, max_examples=40)
@given(problems(most_shipments=3, most_vehicles=2))
def test_no_plan_at_all_costs_less(problem):
    proven = bound(problem, seconds=1)
    missing, cost = properties.cheapest(problem)
    assert missing >= proven.left_out
    assert missing > proven.left_out or proven.cost_ore <= cost


@settings(quick, max_examples=15)
@given(problems())
def test_no_solved_plan_costs_less(problem):
    plan = solve(problem, limit=Limit(iterations=20))
    proven = bound(problem, seconds=1)
    share = gap(plan, proven, problem)
    assert share is None or proven.cost_ore <= plan.totals.cost_ore + plan.totals.skip_ore
