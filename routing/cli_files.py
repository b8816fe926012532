"""Files that commands are given: what is wrong with them is said in plain text.

Exit codes: 1 the plan has faults; 2 a file cannot be used.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from routing.plan import Plan
    from routing.problem import Problem

FILE = click.Path(path_type=Path, dir_okay=False)


@contextmanager
def clear_errors(file: Path) -> Iterator[None]:
    """Faults of the input as plain text and exit code 2."""
    from routing.formats.gpx import NoCoordinates
    from routing.formats.reading import UnreadableFile
    from routing.problem import InvalidProblem

    try:
        yield
    except (UnreadableFile, InvalidProblem, NoCoordinates) as error:
        click.echo(f"{file}: {error}", err=True)
        sys.exit(2)


def refuse_faulty(problem: "Problem", plan: "Plan") -> None:
    """A plan that breaks a rule explains nothing: its faults, and exit code 1."""
    from routing.check import violations

    found = violations(problem, plan)
    for violation in found:
        click.echo(f"{violation.code}  {violation.where}: {violation.message}", err=True)
    if found:
        sys.exit(1)
