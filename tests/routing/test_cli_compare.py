"""A plan beside everyone alone, each order alone and last week's routes, in one table."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from routing.baselines import drive_alone, each_order_alone, last_weeks_plan
from routing.cli import routing
from routing.io import plan_to_json, problem_to_json


@pytest.fixture
def week(morning):
    return replace(morning, shipments=morning.shipments[:2])


@pytest.fixture
def run(tmp_path, morning, week, plan_for, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, problem in (("old", morning), ("new", week)):
        (tmp_path / f"{name}.json").write_text(problem_to_json(problem), encoding="utf-8")
        (tmp_path / f"{name}-plan.json").write_text(plan_to_json(plan_for(problem)), encoding="utf-8")
    return lambda *words: CliRunner().invoke(routing, ["compare", *words])


def test_each_way_of_driving_has_a_row(run, week, morning, plan_for, van):
    result = run("new.json", "new-plan.json", "--last", "old.json", "old-plan.json")
    assert result.exit_code == 0
    heads, *rows = result.output.splitlines()
    assert heads.split() == ["vehicles", "km", "hours", "kr", "kg", "CO2e", "unserved"]
    last = last_weeks_plan(week, morning, plan_for(morning))
    alone, each = drive_alone(week, vehicle=van()), each_order_alone(week, vehicle=van())
    for row, title, plan in zip(
        rows,
        ("the plan", "everyone alone (van)", "each order alone (van)", "last week's routes"),
        (plan_for(week), alone, each, last),
        strict=True,
    ):
        assert row.startswith(title)
        assert row.removeprefix(title).split() == [
            str(plan.totals.vehicles),
            f"{plan.totals.distance_m / 1000:.1f}",
            f"{plan.totals.duration_s / 3600:.1f}",
            f"{plan.totals.cost_ore / 100:.0f}",
            f"{plan.totals.co2e_g / 1000:.1f}",
            str(len(plan.unserved)),
        ]


def test_an_unknown_vehicle_is_refused_by_name(run):
    result = run("new.json", "new-plan.json", "--vehicle", "bus")
    assert result.exit_code == 2
    assert "Choose from van" in result.output


def test_a_plan_of_another_problem_is_not_compared(run):
    result = run("new.json", "old-plan.json")
    assert result.exit_code == 1
    assert "other_problem" in result.output
