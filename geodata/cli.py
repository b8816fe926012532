"""The commands `narmat geodata ...` and `narmat local ...`; --json prints what programs read.

Bad input is one line on standard error and exit code 2; a name that isn't found is exit code 1.
Modules are imported by the command that needs them, so that --help answers at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geodata.commands import BadInput, area_json, as_json, existing_file, one_line_errors, print_json
from geodata.local_commands import local

if TYPE_CHECKING:
    from geodata.geocoders import Chain

__all__ = ["geodata", "local"]


@click.group()
def geodata() -> None:
    """Places, municipalities, neighbours."""


@geodata.command(context_settings={"ignore_unknown_options": True})  # a number below zero is no option
@click.argument("lat")
@click.argument("lon")
@as_json
def locate(lat: str, lon: str, as_json: bool) -> None:
    """The municipality at LAT LON (degrees, WGS 84)."""
    with one_line_errors():
        from geodata import areas
        from geodata.points import Point

        # Decimal commas, and a comma between the two, are how many write and copy them.
        place = Point.parse(" ".join(text.strip(" ,").replace(",", ".") for text in (lat, lon)))
        found = areas.locate(place)
    if as_json:
        return print_json(
            {
                "lat": place.lat,
                "lon": place.lon,
                "municipality": area_json(found.municipality),
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
    with one_line_errors():
        own = areas.municipality(str(code))
        bordering, links = areas.neighbours(own.code), _links(own.code)
    if as_json:
        return print_json(
            {**area_json(own), "neighbours": [area_json(area) for area in bordering], "links": links}
        )
    for area in bordering:
        click.echo(f"{area.code} {area.name}")
    for link in links:
        click.echo(f"{link['code']} {link['name']} ({link['by']}: {link['via']})")
    return None


def _all_neighbours(as_json: bool) -> None:
    from geodata import areas

    table = {m.code: [n.code for n in areas.neighbours(m.code)] for m in areas.municipalities()}
    if as_json:
        return print_json(table)
    for code, others in table.items():
        click.echo(f"{code} {areas.municipality(code).name}: {' '.join(others)}")
    return click.echo(f"{len(areas.neighbour_pairs())} pairs")


def _links(code: str) -> list[dict[str, str]]:
    from geodata import areas
    from geodata.links import linked

    others = [(link, link.second if link.first == code else link.first) for link in linked(code)]
    return [
        {**area_json(areas.municipality(other)), "by": link.by, "via": link.name} for link, other in others
    ]


@geodata.command()
@click.argument("text")
@click.option("--nominatim", metavar="URL", help="A Nominatim server to ask when nothing here knows TEXT.")
@click.option(
    "--user-agent", default="", help="What to call this installation there; needed with --nominatim."
)
@as_json
def geocode(text: str, nominatim: str | None, user_agent: str, as_json: bool) -> None:
    """Places called TEXT, or a postcode: the most populous first ("Boda, Rättvik" tells homonyms apart)."""
    from geopy.exc import ConfigurationError, GeocoderQueryError, GeocoderServiceError

    from geodata.geocoding import ATTRIBUTION

    with one_line_errors():
        try:
            found = _geocoders(nominatim, user_agent).geocode(text, exactly_one=False) or []
        except (ConfigurationError, GeocoderQueryError) as error:
            raise BadInput(str(error)) from error
        except GeocoderServiceError as error:
            raise BadInput(
                f"{nominatim} gave no answer ({type(error).__name__}). Check the address, or try again later."
            ) from error
    places = [_place(one) for one in found]
    if as_json:
        credit = places[0]["source"] if places else ATTRIBUTION
        print_json({"query": text, "places": places, "attribution": credit})
    for place in () if as_json else places:
        click.echo(f"{place['lat']:.5f}, {place['lon']:.5f}  {place['address']}")
    if not found:
        click.echo(_not_found(text), err=True)
        raise click.exceptions.Exit(1)


def _not_found(text: str) -> str:
    from geodata import instance, postcodes

    if postcodes.normal(text) is None:
        return f"No place is called '{text}'. Try a larger place nearby, or a municipality."
    folder = instance.folder()
    if folder is None or not (folder / postcodes.FILE_NAME).exists():
        return (
            "No postcodes are imported. Run narmat geodata import-postcodes SE.txt, with NARMAT_INSTANCE set."
        )
    return f"No imported postcode is '{text}'. Check the digits, or give a place name."


def _geocoders(nominatim: str | None, user_agent: str) -> Chain:
    from geodata import geocoders, instance
    from geodata.nominatim import Nominatim

    online = Nominatim(url=nominatim, user_agent=user_agent) if nominatim else None
    return geocoders.chain(folder=instance.folder(), online=online)


def _place(found: Any) -> dict[str, Any]:
    from geodata.geocoding import ATTRIBUTION

    raw = found.raw
    return {
        "name": raw.get("name", found.address),
        "address": found.address,
        "lat": found.latitude,
        "lon": found.longitude,
        "municipality_code": raw.get("municipality_code"),
        "population": raw.get("population"),
        "source": raw.get("source", ATTRIBUTION),
    }


into_folder = click.option(
    "--instance",
    "instance_folder",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="NARMAT_INSTANCE",
    show_envvar=True,
    required=True,
    help="The instance folder.",
)


@geodata.command("import-postcodes")
@click.argument("file", type=existing_file)
@click.option("--skip-bad", is_flag=True, help="Leave out lines that are wrong instead of refusing the file.")
@into_folder
@as_json
def import_postcodes(file: Path, skip_bad: bool, instance_folder: Path, as_json: bool) -> None:
    """Store Sweden's postcodes from FILE: SE.txt of GeoNames' postal code export."""
    with one_line_errors():
        from geodata.postcodes import import_file

        done = import_file(file, folder=instance_folder / "geodata", skip_bad=skip_bad)
    if as_json:
        return print_json({"count": done.count, "left_out": list(done.left_out), "path": str(done.path)})
    for line in done.left_out:
        click.echo(f"left out {line}", err=True)
    return click.echo(f"{done.count} postcodes stored. Show 'GeoNames, CC BY 4.0' with them.")


@geodata.command("import-boundaries")
@click.argument("file", type=existing_file)
@click.option("--mend", is_flag=True, help="Mend polygons that are invalid instead of refusing the file.")
@click.option("--epsg", type=int, help="3006 or 4326, when the file doesn't say or says it wrongly.")
@click.option("--layer", help="The layer with the municipalities, in a GeoPackage of several.")
@click.option("--code-column", help="The column with SCB's four-digit codes.")
@click.option("--tolerance", "tolerance_m", default=10, show_default=True, help="Metres to thin corners by.")
@into_folder
@as_json
def import_boundaries(file: Path, instance_folder: Path, as_json: bool, **options: Any) -> None:
    """Store finer borders from FILE: a GeoPackage or GeoJSON of all 290 municipalities."""
    with one_line_errors():
        from geodata.boundaries import import_boundaries

        done = import_boundaries(file, folder=instance_folder / "geodata", **options)
    if as_json:
        return print_json({"corners": done.corners, "mended": list(done.mended), "path": str(done.path)})
    for name in done.mended:
        click.echo(f"mended {name}", err=True)
    return click.echo(f"290 municipalities with {done.corners} corners stored; used from the next start on.")
