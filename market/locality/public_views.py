"""What is local where, for everyone: all 290 municipalities, and a page, JSON and GeoJSON for each."""

from __future__ import annotations

from typing import Any

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from geodata import areas
from geodata.local import needs_kitchen
from market import shell
from market.access import access
from market.actors import Action
from market.locality.blueprint import category_name, language, locality
from market.locality.places import MunicipalityPage, document, geojson, municipality_page
from market.locality.queries import stated_everywhere
from market.locality.stated import Stated, definition_of

GEOJSON = "application/geo+json"


@locality.get("/municipalities")
@access(Action.READ_PUBLIC)
def municipalities() -> ResponseReturnValue:
    """Every municipality with its definition in words; a search by name, county or code."""
    sought = request.args.get("q", "").strip()
    everywhere = stated_everywhere(shell.session(), day=shell.today())
    found = [stated for stated in everywhere.values() if _matches(stated, sought.casefold())]
    template = (
        "locality/_municipalities.html" if "HX-Request" in request.headers else "locality/municipalities.html"
    )
    return render_template(
        template,
        found=sorted(found, key=lambda one: (one.is_assumption, _alphabetically(one.municipality.name))),
        sought=sought,
        own=sum(1 for stated in everywhere.values() if not stated.is_assumption),
        county=areas.county,
    )


@locality.get("/municipalities/<code>")
@access(Action.READ_PUBLIC)
def municipality(code: str) -> ResponseReturnValue:
    """A municipality's definition in words and on a map, who is inside, what nobody inside produces."""
    page = _page(code)
    return render_template(
        "locality/municipality.html",
        page=page,
        today=shell.today(),
        words_of=_words_of,
        counts_from_kitchen=needs_kitchen(page.stated.definition),
    )


@locality.get("/municipalities/<code>.json")
@access(Action.READ_PUBLIC)
def municipality_document(code: str) -> ResponseReturnValue:
    """The page as data; the address is permanent."""
    return jsonify(document(_page(code)))


@locality.get("/municipalities/<code>.geojson")
@access(Action.READ_PUBLIC)
def municipality_features(code: str) -> ResponseReturnValue:
    """The definition's area and the producers inside; `part` (area, producers) gives only the one."""
    page, part = _page(code), request.args.get("part", "")
    if part == "area":
        collection = page.stated.area()
    else:
        collection = _spoken(geojson(page), page)
        kinds = {"producer"} if part == "producers" else {"producer", "definition"}
        collection["features"] = [f for f in collection["features"] if f["properties"]["kind"] in kinds]
    response = jsonify(collection)
    response.mimetype = GEOJSON
    return response


def _page(code: str) -> MunicipalityPage:
    return shell.found(municipality_page(shell.session(), code=code, on=shell.today(), travel=shell.travel()))


def _spoken(collection: dict[str, Any], page: MunicipalityPage) -> dict[str, Any]:
    """With the title and lines that the page's map shows, in the reader's language."""
    places = {f"producer-{one.producer.id}": one for one in page.inside}
    for feature in collection["features"]:
        properties = feature["properties"]
        if one := places.get(properties.get("id", "")):
            names = ", ".join(category_name(kind) for kind in one.categories)
            properties |= {
                "title": one.producer.name,
                "lines": [one.municipality.name, names],
                "is_local": True,
            }
    return collection


def _words_of(version: Any, code: str) -> str:
    return Stated(code=code, definition=definition_of(version), version=version).words(language())


def _matches(stated: Stated, sought: str) -> bool:
    area = stated.municipality
    texts = (
        area.name,
        areas.county(area.county_code).name,
        area.code,
        stated.authority.name if stated.authority else "",
    )
    return not sought or any(sought in text.casefold() for text in texts)


def _alphabetically(name: str) -> str:
    return name.casefold().translate(str.maketrans("åäö", "{|}"))  # the three characters after z
