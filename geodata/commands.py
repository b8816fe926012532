"""What the commands share: options, errors in one line, JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from geodata.areas import Municipality

existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class BadInput(click.ClickException):
    """Shown as it is, without a traceback."""

    exit_code = 2


@contextmanager
def one_line_errors() -> Iterator[None]:
    """This library's own errors are written for people: show the text, not a traceback."""
    from geodata.areas import UnknownArea
    from geodata.data import DamagedData

    try:
        yield
    except (ValueError, UnknownArea, DamagedData, OSError) as error:
        raise BadInput(str(error)) from error


def area_json(area: Municipality) -> dict[str, str]:
    return {"code": area.code, "name": area.name}


def print_json(document: Any) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
