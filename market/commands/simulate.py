"""narmat simulate: how many suppliers a DIS needs, as a table and a figure. Needs no database."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import click

from market.followup.simulation.answers import conclude
from market.followup.simulation.figure import drawing
from market.followup.simulation.pieces import measure
from market.followup.simulation.rules import (
    USUAL_RUNS,
    USUAL_SEED,
    USUAL_SUPPLIERS,
    Experiment,
    suppliers_from,
)
from market.followup.simulation.table import lines, sheet
from market.followup.simulation.wording import Number, Say
from market.values import Refused

TRANSLATIONS = Path(__file__).parents[1] / "translations"
SWEDISH_SIGNS = str.maketrans({",": "\N{NO-BREAK SPACE}", ".": ","})
USUAL = f"{USUAL_SUPPLIERS[0]}..{USUAL_SUPPLIERS[1]}"


@click.group()
def simulate() -> None:
    """Try things out on a simulated market."""


@simulate.command("dis")
@click.option(
    "--suppliers", default=USUAL, show_default=True, help="How many are admitted: from..to, or one number."
)
@click.option("--runs", default=USUAL_RUNS, show_default=True, help="Markets for each number, in tens.")
@click.option("--seed", default=USUAL_SEED, show_default=True, help="The same seed gives the same table.")
@click.option(
    "--workers", default=None, type=click.IntRange(min=1), help="Processes. Default: one for each processor."
)
@click.option(
    "--out",
    default=".",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the files.",
)
@click.option(
    "--language", default="sv", show_default=True, type=click.Choice(["sv", "en"]), help="The figure's."
)
def dis(*, suppliers: str, runs: int, seed: int, workers: int | None, out: Path, language: str) -> None:
    """How many suppliers a DIS needs, by hand and electronic, in a small and a large municipality."""
    say = _speaker(language)
    try:
        first, last = suppliers_from(suppliers)
        experiment = Experiment(first=first, last=last, runs=runs, seed=seed)
    except Refused as refusal:
        raise click.UsageError(_speaker("en")(refusal.message) % refusal.params) from None
    result = conclude(experiment, measure(experiment, workers=workers or os.cpu_count() or 1, told=_tell))
    for line in lines(result):
        click.echo(line)
    out.mkdir(parents=True, exist_ok=True)
    table, figure = out / "simulated-dis.csv", out / "simulated-dis.svg"
    table.write_text(sheet(result), encoding="utf-8", newline="")
    figure.write_text(drawing(result, say=say, number=_writer(language)), encoding="utf-8")
    click.echo(f"Most of what this rests on is assumed: see docs/simulation.md. Written: {table}, {figure}")


def _tell(done: int, of: int) -> bool:
    click.echo(f"{done} of {of} pieces", err=True)
    return True


def _speaker(language: str) -> Say:
    """The application's own translations, without the application."""
    return gettext.translation("messages", TRANSLATIONS, languages=[language], fallback=True).gettext


def _writer(language: str) -> Number:
    def write(value: float, digits: int) -> str:
        english = f"{value:,.{digits}f}"
        return english if language == "en" else english.translate(SWEDISH_SIGNS)

    return write
