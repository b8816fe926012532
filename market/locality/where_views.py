"""Where am I local: a producer's product under every municipality's definition, as a table, a map and a map file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from geodata import areas
from geodata.local import Answer
from geodata.local_maps import Chain as MappedChain
from geodata.local_maps import where_map
from geodata.where import WhereRow
from market import shell
from market.access import access
from market.actors import Action
from market.locality.blueprint import language, locality
from market.locality.forms import WhereForm
from market.locality.judging import chain_of
from market.locality.queries import own_products, stated_everywhere
from market.locality.stated import in_words
from market.locality.where import counted, painted, where_everywhere
from market.register.categories import spoken_names
from market.register.models import Product
from market.register.wording import STEP_NAMES
from market.values import msg

ANSWER_NAMES = {
    Answer.YES: msg("Lokalt"),
    Answer.UNCERTAIN: msg("Oklart"),
    Answer.NO: msg("Inte lokalt"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WherePage:
    """What the page, its map and its file say; no product when the producer has none."""

    form: WhereForm
    product: Product | None
    rows: Sequence[WhereRow]

    @property
    def counts(self) -> dict[str, int]:
        return counted(self.rows)

    @property
    def shown(self) -> list[WhereRow]:
        """The rows that the filters leave, local ones first, then by name."""
        county, answer = self.form.county.data, self.form.answer.data
        left = [
            row
            for row in self.rows
            if county in ("", None, row.municipality.county_code) and answer in ("", None, row.answer.value)
        ]
        return sorted(left, key=lambda row: (-row.answer.rank, row.municipality.name))


def _page() -> WherePage:
    """The chosen product, or the first; an outsider's product is not found."""
    session, today = shell.session(), shell.today()
    products = [product for product in own_products(session, actor=shell.actor()) if product.chain]
    form = WhereForm(request.args)
    own = {str(product.id): product for product in products}
    form.product.choices = [(key, product.name) for key, product in own.items()]
    form.county.choices = [
        ("", gettext("Alla")),
        *((county.code, county.name) for county in areas.counties()),
    ]
    form.answer.choices = [
        ("", gettext("Alla")),
        *((a.value, gettext(name)) for a, name in ANSWER_NAMES.items()),
    ]
    if form.product.data and form.product.data not in own:
        shell.not_found()
    if not products:
        return WherePage(form=form, product=None, rows=[])
    chosen = own.get(form.product.data or "", products[0])
    form.product.data = str(chosen.id)
    everywhere = stated_everywhere(session, day=today)
    rows = where_everywhere(chain_of(chosen), everywhere, on=today, travel=shell.travel())
    return WherePage(form=form, product=chosen, rows=rows)


@locality.get("/where-local")
@access(Action.EDIT_PRODUCER)
def where() -> ResponseReturnValue:
    """All 290 municipalities with answer, reason and definition."""
    template = "locality/_where.html" if "HX-Request" in request.headers else "locality/where.html"
    return render_template(template, page=_page(), names=ANSWER_NAMES, words=_words)


@locality.get("/where-local.geojson")
@access(Action.EDIT_PRODUCER)
def where_features() -> ResponseReturnValue:
    """The product's sites, and each municipality's answer by its code; with a county chosen, where to look."""
    page = _page()
    product = shell.found(page.product)
    titles = {step.value: gettext(name) for step, name in STEP_NAMES.items()}
    collection = painted(page.rows, chain_of(product), titles=titles, told=_told)
    county = page.form.county.data
    collection["in_view"] = [code for code in collection["areas"] if county and code.startswith(county)]
    collection["legend"] = [{"kind": "stop", "label": gettext("Här produceras varan")}]
    return jsonify(collection)


def _words(row: WhereRow) -> str:
    return in_words(row.definition, language(), code=row.municipality.code)


def _told(row: WhereRow) -> dict[str, Any]:
    """What a municipality's popup says: the verdict, the reason, and the way to its page."""
    code = row.municipality.code
    return {
        "title": row.municipality.name,
        "lines": [
            gettext(ANSWER_NAMES[row.answer]),
            f"{row.reason(language(), product_names=spoken_names(language()))}.",
        ],
        "url": url_for("locality.municipality", code=code),
    }


@locality.get("/where-local/map.html")
@access(Action.EDIT_PRODUCER)
def where_file() -> ResponseReturnValue:
    """The same as a file that opens without a network."""
    page = _page()
    product = shell.found(page.product)
    chain = MappedChain(name=product.name, sites=chain_of(product))
    html = where_map(page.rows, chain=chain, language=language(), product_names=spoken_names(language()))
    disposition = 'attachment; filename="narmat-var-ar-jag-lokal.html"'
    return Response(html, mimetype="text/html", headers={"Content-Disposition": disposition})
