"""Everyone drives alone: each farm its own goods, from home and back, day by day; and the README's example."""

import re
from dataclasses import replace
from pathlib import Path

from routing.baselines import alone_problem, drive_alone
from routing.check import violations
from routing.io import problem_to_json, read_plan
from routing.problem import Window

DAY = 86_400
HOUR = 3600


def test_each_farm_drives_its_own_goods_and_comes_home(morning, van):
    plan = drive_alone(morning, vehicle=van())
    assert violations(alone_problem(morning, vehicle=van()), plan) == ()
    assert plan.served == {"carrots", "beets", "milk"}
    assert [(route.visits[0].stop, route.visits[-1].stop) for route in plan.routes] == [
        ("farm", "farm"),
        ("dairy", "dairy"),
    ]
    assert plan.totals.distance_m == 80_000 + 40_000


def test_driving_alone_is_longer_than_the_common_plan(morning, plan_for, van):
    assert drive_alone(morning, vehicle=van()).totals.cost_ore > plan_for(morning).totals.cost_ore


def test_each_day_is_a_drive_of_its_own(on_a_line, stop, van):
    from routing.problem import Shipment

    days = tuple(Window(day * DAY + 6 * HOUR, day * DAY + 14 * HOUR) for day in range(3))
    shipments = [Shipment(f"s{n}", "farm", "home", 1, delivery_windows=(day,)) for n, day in enumerate(days)]
    problem = on_a_line([stop("home", 0), stop("farm", 30)], shipments, [])
    plan = drive_alone(problem, vehicle=van(shifts=days))
    assert [route.shift for route in plan.routes] == [0, 1, 2]


def test_goods_for_two_loads_are_driven_twice_and_no_price_excuses(morning, van):
    heavy = tuple(replace(s, grams=900_000, skip_ore=0) for s in morning.shipments if s.pickup == "farm")
    plan = drive_alone(replace(morning, shipments=heavy), vehicle=van())
    assert len(plan.served) == 2
    assert plan.totals.distance_m == 60_000 + 80_000  # to the school and back, to the elder and back


def readme_example(number):
    readme = (Path(__file__).parents[2] / "routing" / "README.md").read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", readme, re.DOTALL)[number]


def test_the_readme_reads_and_plans_in_five_lines(tmp_path, monkeypatch, morning):
    example = readme_example(0)
    assert len(example.split("\n")) - example.count("\n\n") - 1 == 5
    monkeypatch.chdir(tmp_path)
    Path("week.json").write_text(problem_to_json(morning), encoding="utf-8")
    exec(example.replace("seconds=10", "iterations=5"), {})
    assert violations(morning, read_plan(Path("plan.json"))) == ()


def test_the_readme_example_runs():
    names: dict[str, object] = {}
    exec(readme_example(1), names)
    assert names["plan"].served == {"carrots"}
