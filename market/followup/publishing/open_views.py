"""Open figures for everyone: who publishes, an authority's figures as a page, CSV and JSON, and its catalog for data portals."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from market import shell
from market.access import access
from market.actors import Action
from market.followup.blueprint import followup
from market.followup.publishing import dcat
from market.followup.publishing.open_figures import OPEN_FIGURES
from market.followup.publishing.open_files import (
    PROTECTION,
    columns,
    month_name,
    names_of,
    open_csv,
    open_json,
)
from market.followup.publishing.open_pages import OpenPage, open_page
from market.followup.publishing.queries import publishers
from market.followup.wording import ROUTE_NAMES
from market.formatting import is_swedish
from market.register.queries import categories
from market.values import msg

Writer = Callable[[list[dcat.Triple]], str]
CATALOGS: dict[str, tuple[Writer, str]] = {
    "rdf": (dcat.rdf_xml, "application/rdf+xml"),
    "ttl": (dcat.turtle, "text/turtle"),
    "jsonld": (dcat.json_ld, "application/ld+json"),
}
LANGUAGES = {"sv": "sv_SE", "en": "en"}
TITLE = msg("Matåret: kommunens inköp genom Närmat")
DESCRIPTION = msg(
    "Vad de offentliga köken har tagit emot från producenter genom Närmat, månad för månad och år för år: värde, vikt, andel lokalt, "
    "ekologiskt och KRAV, matens väg, transporternas utsläpp, ledtid och avvikelser. Uppgifter från färre än tre leverantörer är "
    "skyddade."
)
CATALOG_TITLE = msg("Öppna data om offentliga måltider")
CATALOG_DESCRIPTION = msg("De datamängder som kommunen publicerar genom Närmat.")
KEYWORDS = (
    msg("mat"),
    msg("upphandling"),
    msg("lokalproducerat"),
    msg("ekologiskt"),
    msg("offentliga måltider"),
)


@followup.get("/open-data")
@access(Action.READ_PUBLIC)
def open_data() -> ResponseReturnValue:
    """Who publishes, and what there is of each."""
    return render_template(
        "followup/open_data.html", publishers=publishers(shell.session()), columns=columns()
    )


@followup.get("/open-data/<int:authority_id>")
@access(Action.READ_PUBLIC)
def open_of(authority_id: int) -> ResponseReturnValue:
    """One authority's figures, and where to fetch them."""
    return render_template(
        "followup/open_of.html",
        page=_page(authority_id),
        names=_category_names(),
        figure_names={one.key: names_of(one.key)[0] for one in OPEN_FIGURES},
        columns=columns(),
        month_name=month_name,
        route_names=ROUTE_NAMES,
        protection=gettext(PROTECTION),
    )


@followup.get("/open-data/<int:authority_id>/figures.csv")
@access(Action.READ_PUBLIC)
def open_sheet(authority_id: int) -> ResponseReturnValue:
    """The figures as rows of a sheet."""
    page = _page(authority_id)
    text = open_csv(page.rows, authority=page.authority.name, code=page.authority.municipality_code)
    return _file("\N{BYTE ORDER MARK}" + text, "text/csv", f"mataret-{page.authority.municipality_code}.csv")


@followup.get("/open-data/<int:authority_id>/figures.json")
@access(Action.READ_PUBLIC)
def open_document(authority_id: int) -> ResponseReturnValue:
    """The figures with their definitions."""
    page = _page(authority_id)
    authority = page.authority
    text = open_json(
        page.rows, authority=authority.name, code=authority.municipality_code, categories=_category_names()
    )
    return Response(text, mimetype="application/json")


@followup.get("/open-data/<int:authority_id>/catalog.<form>")
@access(Action.READ_PUBLIC)
def open_catalog(authority_id: int, form: str) -> ResponseReturnValue:
    """By DCAT-AP-SE, as RDF/XML (rdf), Turtle (ttl) or JSON-LD (jsonld)."""
    page = _page(authority_id)
    if form not in CATALOGS:
        abort(404)
    write, mimetype = CATALOGS[form]
    return Response(write(dcat.triples_of(_described(page))), mimetype=mimetype)


def _page(authority_id: int) -> OpenPage:
    return shell.found(open_page(shell.session(), authority_id=authority_id, today=shell.today()))


def _category_names() -> dict[str, str]:
    swedish = is_swedish()
    return {one.key: one.name_sv if swedish else one.name_en for one in categories(shell.session())}


def _described(page: OpenPage) -> dcat.Described:
    def address(endpoint: str) -> str:
        return url_for(endpoint, authority_id=page.authority.id, _external=True)

    files = (
        dcat.File(
            url=address("followup.open_sheet"),
            format="text/csv",
            title=_both(msg("Siffrorna som CSV")),
        ),
        dcat.File(
            url=address("followup.open_document"),
            format="application/json",
            title=_both(msg("Siffrorna som JSON, med definitioner")),
        ),
    )
    return dcat.Described(
        home=address("followup.open_of"),
        publisher=page.authority.name,
        contact_name=page.settings.contact_name,
        contact_email=page.settings.contact_email,
        catalog_title=_both(CATALOG_TITLE),
        catalog_description=_both(CATALOG_DESCRIPTION),
        title=_both(TITLE),
        description=_both(DESCRIPTION),
        keywords=tuple(_both(word) for word in KEYWORDS),
        files=files,
        issued=page.settings.opened_on,
        starts=page.starts,
    )


def _both(message: str) -> dict[str, str]:
    """The same words in both languages, whoever reads."""
    words = {}
    for language, locale in LANGUAGES.items():
        with force_locale(locale):
            words[language] = str(gettext(message))
    return words


def _file(text: str, mimetype: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, mimetype=mimetype, headers=headers)
