"""The commands `narmat geodata ...` and `narmat local ...`; --json prints what programs read.

Bad input is one line on standard error and exit code 2; a name that isn't found is exit code 1.
Modules are imported by the command that needs them, so that --help answers at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from geodata.areas import Municipality
    from geodata.definitions import LocalDefinition
    from geodata.sites import ProductionSite
    from geodata.verdicts import Verdict

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
in_language = click.option("--language", type=click.Choice(["sv", "en"]), default="sv", show_default=True)
site_option = click.option(
    "--site",
    "sites",
    multiple=True,
    required=True,
    metavar="[STEP:]LAT,LON",
    help="A production site; STEP is farm (default), slaughter, processing or packing.",
)


class BadInput(click.ClickException):
    """Shown as one line."""

    exit_code = 2


@contextmanager
def _one_line_errors() -> Iterator[None]:
    """This library's own errors are written for people: show the text, not a traceback."""
    from geodata.areas import UnknownArea

    try:
        yield
    except (ValueError, UnknownArea) as error:
        raise BadInput(str(error)) from error


@click.group()
def geodata() -> None:
    """Places, municipalities, neighbours."""


@geodata.command()
@click.argument("lat", type=float)
@click.argument("lon", type=float)
@as_json
def locate(lat: float, lon: float, as_json: bool) -> None:
    """The municipality at LAT LON (degrees, WGS 84)."""
    with _one_line_errors():
        from geodata import areas
        from geodata.points import Point

        found = areas.locate(Point(lat=lat, lon=lon))
    if as_json:
        return _print_json(
            {
                "lat": lat,
                "lon": lon,
                "municipality": _area(found.municipality),
                "county": {"code": found.county.code, "name": found.county.name},
                "method": found.method,
                "border_m": found.border_m,
            }
        )
    return click.echo(
        f"{found.municipality.code} {found.municipality.name}, {found.county.name} "
        f"({found.method}, {found.border_m} m to the next municipality)"
    )


@geodata.command()
@click.argument("code", required=False)
@click.option("--all", "every", is_flag=True, help="Every code with its neighbours.")
@as_json
def neighbours(code: str | None, every: bool, as_json: bool) -> None:
    """The municipalities that border CODE, and those that a bridge or ferry joins to it."""
    from geodata import areas

    if every == (code is not None):
        raise BadInput("Give one municipality's code, or --all.")
    if every:
        return _all_neighbours(as_json)
    with _one_line_errors():
        own = areas.municipality(str(code))
        bordering, links = areas.neighbours(own.code), _links(own.code)
    if as_json:
        return _print_json({**_area(own), "neighbours": [_area(area) for area in bordering], "links": links})
    for area in bordering:
        click.echo(f"{area.code} {area.name}")
    for link in links:
        click.echo(f"{link['code']} {link['name']} ({link['by']}: {link['via']})")
    return None


def _all_neighbours(as_json: bool) -> None:
    from geodata import areas

    table = {m.code: [n.code for n in areas.neighbours(m.code)] for m in areas.municipalities()}
    if as_json:
        return _print_json(table)
    for code, others in table.items():
        click.echo(f"{code} {areas.municipality(code).name}: {' '.join(others)}")
    return click.echo(f"{len(areas.neighbour_pairs())} pairs")


def _links(code: str) -> list[dict[str, str]]:
    from geodata import areas
    from geodata.links import linked

    others = [(link, link.second if link.first == code else link.first) for link in linked(code)]
    return [{**_area(areas.municipality(other)), "by": link.by, "via": link.name} for link, other in others]


@geodata.command()
@click.argument("text")
@as_json
def geocode(text: str, as_json: bool) -> None:
    """Places called TEXT, the most populous first ("Boda, Rättvik" tells homonyms apart)."""
    from geopy.exc import GeocoderQueryError

    from geodata.geocoding import ATTRIBUTION, search

    try:
        found = search(text)
    except GeocoderQueryError as error:
        raise BadInput(str(error)) from error
    if as_json:
        places = [
            {
                "name": place.name,
                "address": place.address,
                "lat": place.point.lat,
                "lon": place.point.lon,
                "municipality_code": place.municipality_code,
                "population": place.population,
            }
            for place in found
        ]
        _print_json({"query": text, "places": places, "attribution": ATTRIBUTION})
    for place in () if as_json else found:
        click.echo(f"{place.point.lat:.5f}, {place.point.lon:.5f}  {place.address}")
    if not found:
        click.echo(f"No place is called '{text}'. Try a larger place nearby, or a municipality.", err=True)
        raise click.exceptions.Exit(1)


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
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The authority's definition as JSON; without it, the own county is assumed.",
)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day to judge by; today without it.")
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
    language: str,
    as_json: bool,
) -> None:
    """Yes, no or uncertain for one authority, with the reasons."""
    with _one_line_errors():
        from geodata import presets, verdicts
        from geodata.points import Point

        definition = _read(definition_file) if definition_file else presets.preset(authority).definition
        found = verdicts.verdict(
            definition,
            authority_code=authority,
            sites=[_site(text) for text in sites],
            kitchen=Point.parse(kitchen) if kitchen else None,
            kitchen_name=kitchen_name,
            on=on.date() if on else _today(),
        )
    note = "" if definition_file else presets.preset(authority).note(language)
    _show(found, authority, definition, note, language=language, as_json=as_json)


@local.command()
@site_option
@in_language
@as_json
def where(sites: tuple[str, ...], language: str, as_json: bool) -> None:
    """For which of the 290 municipalities the chain is local, by the assumed definition of each."""
    with _one_line_errors():
        from geodata import areas, presets, verdicts

        chain, on = [_site(text) for text in sites], _today()
        found = {
            area: verdicts.verdict(
                presets.preset(area.code).definition, authority_code=area.code, sites=chain, on=on
            )
            for area in areas.municipalities()
        }
    if as_json:
        rows = [
            {**_area(area), **own.to_json(language), "is_assumption": True} for area, own in found.items()
        ]
        return _print_json(rows)
    for area, own in found.items():
        if own.answer != "no":
            click.echo(f"{area.code} {area.name}: {own.answer}: {own.deciding[0].text(language)}")
    counts = {
        answer: sum(own.answer == answer for own in found.values()) for answer in ("yes", "uncertain", "no")
    }
    return click.echo(
        ", ".join(f"{answer} {count}" for answer, count in counts.items()) + " (own county assumed)"
    )


def _show(
    found: Verdict, authority: str, definition: LocalDefinition, note: str, *, language: str, as_json: bool
) -> None:
    from geodata.definition_json import to_json
    from geodata.describing import describe

    text = describe(definition, language, authority_code=authority)
    if as_json:
        about = {"authority": authority, "definition": to_json(definition), "description": text, "note": note}
        return _print_json({**found.to_json(language), **about, "is_assumption": bool(note)})
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

    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadInput(f"{path} is no JSON in UTF-8: {error}. Mend the file.") from error
    return from_json(document)


def _area(area: Municipality) -> dict[str, str]:
    return {"code": area.code, "name": area.name}


def _today() -> date:
    return datetime.now().astimezone().date()


def _print_json(document: Any) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
