"""``narmat routing compare``: a plan beside what would be driven without one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from routing.cli_files import FILE, clear_errors, refuse_faulty

if TYPE_CHECKING:
    from routing.plan import Plan
    from routing.problem import Problem, Vehicle

COLUMNS = ("vehicles", "km", "hours", "kr", "kg CO2e", "unserved")


@click.command()
@click.argument("problem_file", metavar="PROBLEM", type=FILE)
@click.argument("plan_file", metavar="PLAN", type=FILE)
@click.option("--last", type=(FILE, FILE), metavar="PROBLEM PLAN", help="Last week's problem and plan.")
@click.option(
    "--vehicle", "name", help="What everyone drives who drives alone, by id. [default: the smallest]"
)
def compare(problem_file: Path, plan_file: Path, last: tuple[Path, Path] | None, name: str | None) -> None:
    """Set PLAN beside everyone driving alone, each order alone, and last week's routes."""
    problem, plan = _sound(problem_file, plan_file)
    with clear_errors(problem_file):
        rows = dict(_rows(problem, plan, _own_vehicle(problem, name), last))
    width = max(len(title) for title in rows)
    heads = [f"{head:>{max(len(head), 9)}}" for head in COLUMNS]
    click.echo("  ".join([" " * width, *heads]))
    for title, figures in rows.items():
        cells = [f"{cell:>{len(head)}}" for cell, head in zip(figures, heads, strict=True)]
        click.echo("  ".join([f"{title:<{width}}", *cells]))


def _rows(
    problem: "Problem", plan: "Plan", vehicle: "Vehicle", last: tuple[Path, Path] | None
) -> "Iterator[tuple[str, tuple[str, ...]]]":
    """A title and its figures, in the order of ``COLUMNS``."""
    from routing.baselines import drive_alone, each_order_alone, last_weeks_plan

    yield "the plan", _figures(plan)
    yield f"everyone alone ({vehicle.id})", _figures(drive_alone(problem, vehicle=vehicle))
    yield f"each order alone ({vehicle.id})", _figures(each_order_alone(problem, vehicle=vehicle))
    if last is not None:
        yield "last week's routes", _figures(last_weeks_plan(problem, *_sound(*last)))


def _sound(problem_file: Path, plan_file: Path) -> "tuple[Problem, Plan]":
    from routing.io import read_plan, read_problem

    with clear_errors(problem_file):
        problem = read_problem(problem_file).problem
    with clear_errors(plan_file):
        plan = read_plan(plan_file)
    refuse_faulty(problem, plan)
    return problem, plan


def _own_vehicle(problem: "Problem", name: str | None) -> "Vehicle":
    """The vehicle that everyone has a copy of, open to all goods and places."""
    fleet = {vehicle.id: vehicle for vehicle in problem.vehicles}
    if name is not None and name not in fleet:
        raise click.BadParameter(f"Choose from {', '.join(fleet)}.", param_hint="--vehicle")
    if not fleet:
        raise click.UsageError("The problem has no vehicle that anyone could drive: add one.")
    chosen = fleet[name] if name is not None else min(fleet.values(), key=lambda v: v.capacity_grams)
    return replace(chosen, carries_for=(), forbidden_stops=())


def _figures(plan: "Plan") -> tuple[str, ...]:
    totals = plan.totals
    return (
        str(totals.vehicles),
        f"{totals.distance_m / 1000:.1f}",
        f"{totals.duration_s / 3600:.1f}",
        f"{totals.cost_ore / 100:.0f}",
        f"{totals.co2e_g / 1000:.1f}",
        str(len(plan.unserved)),
    )
