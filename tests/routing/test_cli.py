"""The commands: a plan from a file, files written beside it, bad files refused without a traceback."""

import json

import pytest
from click.testing import CliRunner

from routing.cli import routing
from routing.io import plan_to_json, problem_to_json, read_plan


@pytest.fixture
def run(tmp_path, morning, plan_for, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "problem.json").write_text(problem_to_json(morning), encoding="utf-8")
    (tmp_path / "plan.json").write_text(plan_to_json(plan_for(morning)), encoding="utf-8")
    return lambda *words: CliRunner().invoke(routing, words)


def test_solve_prints_vehicles_distance_check_and_time(run):
    result = run("solve", "problem.json", "--seconds", "0.5")
    assert result.exit_code == 0
    heads = [line.split()[0] for line in result.output.splitlines()]
    assert heads == ["problem", "vehicles", "distance", "cost", "unserved", "checked", "seconds"]
    assert "no fault" in result.output


def test_solve_prints_what_the_plan_costs_as_a_whole(run, tmp_path):
    problem = json.loads((tmp_path / "problem.json").read_text())
    (tmp_path / "problem.json").write_text(json.dumps(problem | {"balance": {"peak_ore_per_hour": 3_600}}))
    output = run("solve", "problem.json", "--iterations", "2").output
    plan = json.loads(run("solve", "problem.json", "--iterations", "2", "--json").output)
    assert plan["totals"]["balance_ore"] == plan["totals"]["duration_s"]
    assert f"balance   {plan['totals']['duration_s'] / 100:.2f} kr for the plan as a whole" in output


def test_solve_as_json_can_be_checked(run, tmp_path):
    result = run("solve", "problem.json", "--iterations", "10", "--json", "--map", "m.html", "--gpx", "r.gpx")
    assert result.exit_code == 0
    (tmp_path / "new.json").write_text(result.output, encoding="utf-8")
    assert read_plan(tmp_path / "new.json").served == {"carrots", "beets", "milk"}
    assert run("check", "problem.json", "new.json").output == "The plan keeps every rule.\n"
    assert (tmp_path / "m.html").read_text().startswith("<!DOCTYPE html>")
    assert (tmp_path / "r.gpx").read_text().startswith("<?xml")


def test_check_names_faults_and_fails(run, tmp_path):
    plan = json.loads((tmp_path / "plan.json").read_text())
    plan["totals"]["cost_ore"] += 1
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    result = run("check", "problem.json", "plan.json")
    assert result.exit_code == 1
    assert "total_cost_ore" in result.output


@pytest.mark.parametrize(
    "words", [("solve", "plan.json"), ("solve", "absent.txt"), ("check", "problem.json", "problem.json")]
)
def test_bad_files_are_refused_in_one_line(run, words):
    result = run(*words)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert isinstance(result.exception, SystemExit)


def test_engines_are_chosen_by_name(run):
    assert run("solve", "problem.json", "--iterations", "2", "--engines", "ortools").exit_code == 0
    refused = run("solve", "problem.json", "--iterations", "2", "--engines", "gurobi")
    assert refused.exit_code == 2
    assert "vroom, pyvrp, ortools" in refused.output
