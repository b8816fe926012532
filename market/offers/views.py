"""Find food: the map and list of offers as a buyer sees them."""

from __future__ import annotations

from flask import Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata.borders import borders_geojson
from market import shell
from market.access import access
from market.actors import Action
from market.offers import call_views, circle_views, finding, own_views
from market.offers.blueprint import offers
from market.offers.describing import facts_of, history_of, state_words
from market.offers.export import exported_map
from market.offers.locality import drawn_definition, see, viewpoint_from
from market.offers.models import Offer
from market.offers.queries import open_offer
from market.offers.settling import first_week
from market.register.queries import kitchens_for

__all__ = ["call_views", "circle_views", "offers", "own_views"]  # these add their routes to the blueprint

BORDER_TOLERANCE_M = 1000

offers.add_app_template_filter(finding.road_words, "road_words")
offers.add_app_template_filter(state_words, "offer_state")


def _page() -> finding.FindPage:
    return finding.find(
        shell.session(), actor=shell.actor(), args=request.args, today=shell.today(), travel=shell.travel()
    )


def _link(offer: Offer) -> str:
    endpoint = "orders.place" if shell.actor().may(Action.PLACE_ORDER) else "offers.show"
    return url_for(endpoint, offer_id=offer.id, kitchen=request.args.get("kitchen") or None)


@offers.get("/offers")
@access(Action.SEE_OFFERS)
def map_page() -> ResponseReturnValue:
    """Map and list side by side; htmx fetches the list alone when a filter changes."""
    template = "offers/_results.html" if "HX-Request" in request.headers else "offers/find.html"
    return render_template(template, page=_page(), link=_link, verdict_word=finding.verdict_word)


@offers.get("/offers.geojson")
@access(Action.SEE_OFFERS)
def features() -> ResponseReturnValue:
    """What the list says, as GeoJSON; takes the same filters."""
    return jsonify(finding.features(_page(), link=_link))


@offers.get("/offers/definition.geojson")
@access(Action.SEE_OFFERS)
def definition() -> ResponseReturnValue:
    """The area that counts as local for the chosen kitchen's authority."""
    return jsonify(drawn_definition(_page().viewpoint))


@offers.get("/offers/map.html")
@access(Action.SEE_OFFERS)
def map_file() -> ResponseReturnValue:
    """The same as a file that opens without a network."""
    page = _page()
    html = exported_map(page)
    disposition = 'attachment; filename="narmat-karta.html"'
    return Response(html, mimetype="text/html", headers={"Content-Disposition": disposition})


@offers.get("/offers/<int:offer_id>")
@access(Action.SEE_OFFERS)
def show(offer_id: int) -> ResponseReturnValue:
    """One offer, with the verdict's reasons."""
    session, actor = shell.session(), shell.actor()
    offer = shell.found(open_offer(session, actor=actor, offer_id=offer_id))
    kitchens = kitchens_for(session, actor=actor)
    seen = None
    if kitchens:
        week = first_week(offer, today=shell.today())
        viewpoint = viewpoint_from(session, kitchen=kitchens[0], on=shell.today(), during=week.period)
        seen = see([offer], viewpoint=viewpoint, on=shell.today(), travel=shell.travel())[0]
    return render_template(
        "offers/show.html",
        offer=offer,
        seen=seen,
        told=facts_of(session, offer=offer, today=shell.today()),
        history=history_of(offer),
        today=shell.today(),
    )


@offers.get("/map/borders.geojson")
@access(Action.READ_PUBLIC)
def borders() -> ResponseReturnValue:
    """Municipality borders for the basemap: those touching `bbox` (south,west,north,east), or the whole country."""
    response = jsonify(borders_geojson(_box(request.args.get("bbox", "")), tolerance_m=BORDER_TOLERANCE_M))
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _box(text: str) -> tuple[float, float, float, float] | None:
    try:
        south, west, north, east = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return south, west, north, east
