"""The commands `narmat local ...`: is this local, for whom, and why."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geodata.commands import BadInput, as_json, existing_file, one_line_errors, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.definitions import LocalDefinition
    from geodata.points import Point
    from geodata.sites import ProductionSite
    from geodata.verdicts import Verdict
    from geodata.where import WhereRow

in_language = click.option("--language", type=click.Choice(["sv", "en"]), default="sv", show_default=True)
on_day = click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="The day to judge by; today without it."
)
in_engine = (
    click.option(
        "--osrm-url", envvar="NARMAT_OSRM_URL", show_envvar=True, help="An OSRM server that measures roads."
    ),
    click.option(
        "--valhalla-url", envvar="NARMAT_VALHALLA_URL", show_envvar=True, help="A Valhalla server, instead."
    ),
)
site_option = click.option(
    "--site",
    "sites",
    multiple=True,
    required=True,
    metavar="[STEP:]LAT,LON",
    help="A production site; STEP is farm (default), slaughter, processing or packing.",
)


@click.group()
def local() -> None:
    """Tell whether this is local, for whom, and why."""


@local.command()
@click.option("--authority", required=True, metavar="CODE", help="The municipality that asks.")
@site_option
@click.option("--kitchen", metavar="LAT,LON", help="The kitchen that the goods go to.")
@click.option("--kitchen-name", default="", help="What to call it in the reasons.")
@click.option(
    "--definition",
    "definition_file",
    type=existing_file,
    help="The authority's definition as JSON; without it, the own county is assumed.",
)
@in_engine[0]
@in_engine[1]
@on_day
@in_language
@as_json
def verdict(
    *,
    authority: str,
    sites: tuple[str, ...],
    kitchen: str | None,
    kitchen_name: str,
    definition_file: Path | None,
    on: datetime | None,
    osrm_url: str | None,
    valhalla_url: str | None,
    language: str,
    as_json: bool,
) -> None:
    """Yes, no or uncertain for one authority, with the reasons."""
    with one_line_errors():
        from geodata import presets, verdicts
        from geodata.points import Point
        from geodata.travel import engine_from

        definition = _read(definition_file) if definition_file else presets.preset(authority).definition
        found = verdicts.verdict(
            definition,
            authority_code=authority,
            sites=[_site(text) for text in sites],
            kitchen=Point.parse(kitchen) if kitchen else None,
            kitchen_name=kitchen_name,
            travel=engine_from(osrm_url=osrm_url, valhalla_url=valhalla_url),
            on=on.date() if on else _today(),
        )
    note = "" if definition_file else presets.preset(authority).note(language)
    _show(found, authority, definition, note, language=language, as_json=as_json)


@local.command()
@site_option
@click.option(
    "--definitions",
    "definitions_file",
    type=existing_file,
    help="JSON with stated definitions by municipality code; the own county is assumed for the others.",
)
@click.option("--kitchens", "kitchens_file", type=existing_file, help='JSON: {"0188": "59.758,18.705"}.')
@in_engine[0]
@in_engine[1]
@on_day
@in_language
@as_json
def where(
    *,
    sites: tuple[str, ...],
    definitions_file: Path | None,
    kitchens_file: Path | None,
    on: datetime | None,
    osrm_url: str | None,
    valhalla_url: str | None,
    language: str,
    as_json: bool,
) -> None:
    """For which of the 290 municipalities the chain is local, by the definition of each."""
    with one_line_errors():
        from geodata.travel import engine_from
        from geodata.where import where_local

        rows = where_local(
            [_site(text) for text in sites],
            _definitions(definitions_file),
            kitchens=_kitchens(kitchens_file),
            travel=engine_from(osrm_url=osrm_url, valhalla_url=valhalla_url),
            on=on.date() if on else _today(),
        )
    if as_json:
        return print_json([row.to_json(language) for row in rows])
    for row in rows:
        if row.answer != "no":
            area, mark = row.municipality, " *" if row.is_assumption else ""
            click.echo(f"{area.code} {area.name}: {row.answer}: {row.reason(language)}{mark}")
    return click.echo(_summary(rows))


def _summary(rows: Sequence[WhereRow]) -> str:
    counts = Counter(str(row.answer) for row in rows)
    told = ", ".join(f"{answer} {counts[answer]}" for answer in ("yes", "uncertain", "no"))
    assumed = sum(row.is_assumption for row in rows)
    return f"{told} (* own county assumed for {assumed})" if assumed else told


def _definitions(path: Path | None) -> dict[str, LocalDefinition]:
    from geodata.definition_json import from_json
    from geodata.definitions import InvalidDefinition

    definitions = {}
    for code, document in (_mapping(path) if path else {}).items():
        try:
            definitions[code] = from_json(document)
        except InvalidDefinition as error:
            raise BadInput(f"{code}: {error}") from error
    return definitions


def _kitchens(path: Path | None) -> dict[str, Point]:
    from geodata.points import Point

    kitchens = {}
    for code, place in (_mapping(path) if path else {}).items():
        try:
            kitchens[code] = Point.parse(str(place))
        except ValueError as error:
            raise BadInput(f"{code}: {error}") from error
    return kitchens


def _mapping(path: Path) -> dict[str, Any]:
    document = _json(path)
    if not isinstance(document, dict):
        raise BadInput(f'{path} is no JSON object. Write it by municipality code, such as {{"0188": ...}}.')
    return document


def _show(
    found: Verdict, authority: str, definition: LocalDefinition, note: str, *, language: str, as_json: bool
) -> None:
    from geodata.definition_json import to_json
    from geodata.describing import describe

    text = describe(definition, language, authority_code=authority)
    if as_json:
        about = {"authority": authority, "definition": to_json(definition), "description": text, "note": note}
        return print_json({**found.to_json(language), **about, "is_assumption": bool(note)})
    for line in (str(found.answer), *(f"- {reason.text(language)}" for reason in found.reasons)):
        click.echo(line)
    for change in found.would_change:
        click.echo(f"> {change.text(language)}")
    for line in filter(None, (text, note)):
        click.echo(line)
    return None


def _site(text: str) -> ProductionSite:
    from geodata.definitions import Step
    from geodata.points import Point
    from geodata.sites import ProductionSite

    step, colon, place = text.rpartition(":")
    if colon and step not in list(Step):
        raise BadInput(f"'{step}' is no step. Write one of {', '.join(Step)} before the colon.")
    return ProductionSite(step=Step(step) if colon else Step.FARM, point=Point.parse(place))


def _read(path: Path) -> LocalDefinition:
    from geodata.definition_json import from_json

    return from_json(_json(path))


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path} is no JSON in UTF-8: {error}. Mend the file.") from error


def _today() -> date:
    return datetime.now().astimezone().date()
