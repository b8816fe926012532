"""The ``narmat routing`` commands: solve a problem file, check a plan file.

Exit codes: 0 done; 1 the plan has faults; 2 a file or option cannot be used.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from routing.io import Reading
    from routing.plan import Plan
    from routing.solve import Progress

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def routing() -> None:
    """Plan routes from files, and check plans."""


@routing.command()
@click.argument("file", type=FILE)
@click.option(
    "--seconds", type=click.FloatRange(min=0, min_open=True), help="Stop after so many seconds. [default: 10]"
)
@click.option(
    "--iterations", type=click.IntRange(min=1), help="Stop after so many plans: repeatable to the last digit."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed, another search.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON, nothing else.")
@click.option("--map", "map_file", type=FILE, help="Write a map of the plan, one HTML file.")
@click.option("--gpx", "gpx_file", type=FILE, help="Write the routes as GPX.")
def solve(  # noqa: PLR0917 - click passes each option by its name
    file: Path,
    seconds: float | None,
    iterations: int | None,
    seed: int,
    as_json: bool,
    map_file: Path | None,
    gpx_file: Path | None,
) -> None:
    """Plan FILE: Solomon, Gehring-Homberger or Li & Lim text, or Närmat JSON."""
    with _clear_errors(file):
        from routing.io import plan_to_json, read_problem
        from routing.solve import Limit
        from routing.solve import solve as solve_problem

        began = time.monotonic()
        reading = read_problem(file)
        limit = Limit(seconds=seconds or (None if iterations else 10.0), iterations=iterations)
        plan = solve_problem(reading.problem, limit=limit, seed=seed, progress=_progress_line())
        _write_files(reading, plan, map_file=map_file, gpx_file=gpx_file)
    click.echo(plan_to_json(plan), nl=False) if as_json else _print(reading, plan, time.monotonic() - began)


@routing.command()
@click.argument("problem_file", metavar="PROBLEM", type=FILE)
@click.argument("plan_file", metavar="PLAN", type=FILE)
def check(problem_file: Path, plan_file: Path) -> None:
    """Check that PLAN keeps every rule of PROBLEM."""
    from routing.check import violations
    from routing.io import read_plan, read_problem

    with _clear_errors(problem_file):
        problem = read_problem(problem_file).problem
    with _clear_errors(plan_file):
        found = violations(problem, read_plan(plan_file))
    for violation in found:
        click.echo(f"{violation.code}  {violation.where}: {violation.message}")
    if found:
        click.echo(f"{len(found)} faults.")
        sys.exit(1)
    click.echo("The plan keeps every rule.")


@contextmanager
def _clear_errors(file: Path) -> Iterator[None]:
    """Faults of the input as plain text and exit code 2."""
    from routing.formats.gpx import NoCoordinates
    from routing.formats.reading import UnreadableFile
    from routing.problem import InvalidProblem

    try:
        yield
    except (UnreadableFile, InvalidProblem, NoCoordinates) as error:
        click.echo(f"{file}: {error}", err=True)
        sys.exit(2)


def _progress_line() -> "Callable[[Progress], bool] | None":
    """A line that rewrites itself on a terminal; nothing when the output goes elsewhere."""
    if not sys.stderr.isatty():
        return None

    def show(progress: "Progress") -> bool:
        cost = f"{progress.cost_ore / 100:,.0f} kr" if progress.iterations else "…"
        click.echo(f"\r{progress.seconds:5.1f} s  {cost:>20}", err=True, nl=False)
        return True

    return show


def _write_files(reading: "Reading", plan: "Plan", *, map_file: Path | None, gpx_file: Path | None) -> None:
    from routing.io import gpx

    if gpx_file is not None:
        gpx_file.write_text(gpx(reading.problem, plan), encoding="utf-8")
    if map_file is not None:
        from routing.maps import plan_map

        map_file.write_text(plan_map(reading.problem, plan), encoding="utf-8")


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
    click.echo(f"unserved  {len(plan.unserved)}")
    for entry in plan.unserved:
        click.echo(f"          {entry.shipment}: {entry.reason_code}. {entry.reason}")
    click.echo(f"checked   {'no fault' if not faults else f'{len(faults)} faults'}")
    click.echo(f"seconds   {seconds:.1f}")
