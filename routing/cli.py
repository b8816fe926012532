"""The ``narmat routing`` commands: solve a problem file, check, explain and bound plans.

Exit codes: 0 done; 1 the plan has faults; 2 a file or option cannot be used.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from routing.cli_compare import compare
from routing.cli_files import FILE, clear_errors, refuse_faulty

if TYPE_CHECKING:
    from routing.io import Reading
    from routing.plan import Plan
    from routing.problem import Problem
    from routing.solve import Progress


@click.group()
def routing() -> None:
    """Plan routes from files, and check plans."""


routing.add_command(compare)


@routing.command()
@click.argument("file", type=FILE)
@click.option(
    "--seconds", type=click.FloatRange(min=0, min_open=True), help="Stop after so many seconds. [default: 10]"
)
@click.option(
    "--iterations", type=click.IntRange(min=1), help="Stop after so many plans: repeatable to the last digit."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed, another search.")
@click.option(
    "--engines", default="vroom,pyvrp,ortools,ruin", show_default=True, help="Which may search, by comma."
)
@click.option(
    "--prove", is_flag=True, help="Prove beside the search how good the plan is; takes one process."
)
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON, nothing else.")
@click.option("--map", "map_file", type=FILE, help="Write a map of the plan, one HTML file.")
@click.option("--gpx", "gpx_file", type=FILE, help="Write the routes as GPX.")
@click.option("--geojson", "geojson_file", type=FILE, help="Write the routes as GeoJSON.")
@click.option("--gantt", "gantt_file", type=FILE, help="Write a picture of the days, SVG.")
def solve(  # noqa: PLR0917 - click passes each option by its name
    file: Path,
    seconds: float | None,
    iterations: int | None,
    seed: int,
    engines: str,
    prove: bool,
    as_json: bool,
    **files: Path | None,
) -> None:
    """Plan FILE: Solomon, Gehring-Homberger, Li & Lim or CVRPLIB text, or Närmat JSON."""
    with clear_errors(file):
        from routing.io import plan_to_json, read_problem
        from routing.solve import Limit, UnknownEngine
        from routing.solve import solve as solve_problem

        began = time.monotonic()
        reading = read_problem(file)
        limit = Limit(seconds=seconds or (None if iterations else 10.0), iterations=iterations)
        try:
            plan = solve_problem(
                reading.problem,
                limit=limit,
                seed=seed,
                progress=_progress_line(),
                engines=tuple(name.strip() for name in engines.split(",")),
                prove=prove,
            )
        except UnknownEngine as error:
            raise click.BadParameter(str(error), param_hint="--engines") from error
        _write_files(reading, plan, files)
    click.echo(plan_to_json(plan), nl=False) if as_json else _print(reading, plan, time.monotonic() - began)


@routing.command()
@click.argument("problem_file", metavar="PROBLEM", type=FILE)
@click.argument("plan_file", metavar="PLAN", type=FILE)
def check(problem_file: Path, plan_file: Path) -> None:
    """Check that PLAN keeps every rule of PROBLEM."""
    from routing.check import violations
    from routing.io import read_plan, read_problem

    with clear_errors(problem_file):
        problem = read_problem(problem_file).problem
    with clear_errors(plan_file):
        found = violations(problem, read_plan(plan_file))
    for violation in found:
        click.echo(f"{violation.code}  {violation.where}: {violation.message}")
    if found:
        click.echo(f"{len(found)} faults.")
        sys.exit(1)
    click.echo("The plan keeps every rule.")


@routing.command()
@click.argument("document", type=click.Choice(["problem", "plan"]))
def schema(document: str) -> None:
    """Print the JSON Schema of our problem or plan files."""
    from routing.formats.schema import plan_schema, problem_schema
    from routing.io import schema_to_json

    click.echo(schema_to_json(problem_schema() if document == "problem" else plan_schema()), nl=False)


@routing.command()
@click.argument("problem_file", metavar="PROBLEM", type=FILE)
@click.argument("plan_file", metavar="PLAN", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the explanations as JSON, nothing else.")
def explain(problem_file: Path, plan_file: Path, as_json: bool) -> None:
    """Say what keeps each shipment that PLAN left out, and the smallest changes that would serve it."""
    from routing.explain import explain as explain_plan
    from routing.io import explanations_to_json, read_plan, read_problem
    from routing.telling import told

    with clear_errors(problem_file):
        problem = read_problem(problem_file).problem
    with clear_errors(plan_file):
        plan = read_plan(plan_file)
    refuse_faulty(problem, plan)
    found = explain_plan(problem, plan)
    if as_json:
        click.echo(explanations_to_json(found), nl=False)
        return
    for line in (line for explanation in found for line in told(explanation)):
        click.echo(line)
    if not found:
        click.echo("The plan leaves nothing out.")


@routing.command()
@click.argument("file", type=FILE)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    help="Stop after so many seconds.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the bound as JSON, nothing else.")
def bound(file: Path, seconds: float, as_json: bool) -> None:
    """Prove how little any plan of FILE can cost at least."""
    with clear_errors(file):
        from routing.bound import bound as prove
        from routing.io import read_problem

        proven = prove(read_problem(file).problem, seconds=seconds)
    if as_json:
        click.echo(json.dumps(asdict(proven)))
        return
    click.echo(f"bound     {proven.cost_ore / 100:.2f} kr")
    click.echo(f"method    {proven.method}")
    click.echo(f"left out  {proven.left_out} that must be served but no vehicle can carry")
    click.echo(f"seconds   {proven.seconds:.1f}")


def _progress_line() -> "Callable[[Progress], bool] | None":
    """A line that rewrites itself on a terminal; nothing when the output goes elsewhere."""
    if not sys.stderr.isatty():
        return None

    def show(progress: "Progress") -> bool:
        cost = f"{progress.cost_ore / 100:,.0f} kr" if progress.iterations else "…"
        proven = f"  proven {progress.bound_ore / 100:,.0f} kr" if progress.bound_ore else ""
        click.echo(f"\r{progress.seconds:5.1f} s  {cost:>20}{proven}", err=True, nl=False)
        return True

    return show


def _write_files(reading: "Reading", plan: "Plan", files: "Mapping[str, Path | None]") -> None:
    """The files asked for, by the option's name; a picture is made only when it is wanted."""
    for name, path in files.items():
        if path is not None:
            path.write_text(WRITERS[name](reading.problem, plan), encoding="utf-8")


def _map(problem: "Problem", plan: "Plan") -> str:
    from routing.maps import plan_map

    return plan_map(problem, plan)


def _gpx(problem: "Problem", plan: "Plan") -> str:
    from routing.io import gpx

    return gpx(problem, plan)


def _geojson(problem: "Problem", plan: "Plan") -> str:
    from routing.io import plan_to_geojson

    return plan_to_geojson(problem, plan)


def _gantt(problem: "Problem", plan: "Plan") -> str:
    from routing.gantt import gantt

    return gantt(problem, plan)


WRITERS: "dict[str, Callable[[Problem, Plan], str]]" = {
    "map_file": _map,
    "gpx_file": _gpx,
    "geojson_file": _geojson,
    "gantt_file": _gantt,
}


def _print(reading: "Reading", plan: "Plan", seconds: float) -> None:
    from routing.check import violations
    from routing.io import plan_distance

    faults = violations(reading.problem, plan)
    distance = plan_distance(reading, plan)
    click.echo(f"problem   {reading.problem.name or '-'} ({reading.format}; {reading.convention})")
    click.echo(f"vehicles  {plan.totals.vehicles}")
    click.echo(f"distance  {distance:.4f}" if reading.vehicles_first else f"distance  {distance:.1f}")
    if reading.format == "narmat":
        click.echo(f"cost      {plan.totals.cost_ore / 100:.2f} kr")
        if plan.totals.balance_ore:
            click.echo(f"balance   {plan.totals.balance_ore / 100:.2f} kr for the plan as a whole")
    if plan.bound_ore:
        from routing.wording import ENGLISH, from_best

        click.echo(f"bound     {plan.bound_ore / 100:.2f} kr: {from_best(plan.gap, ENGLISH)}")
    click.echo(f"unserved  {len(plan.unserved)}")
    for entry in plan.unserved:
        click.echo(f"          {entry.shipment}: {entry.reason_code}. {entry.reason}")
    click.echo(f"checked   {'no fault' if not faults else f'{len(faults)} faults'}")
    click.echo(f"seconds   {seconds:.1f}")
