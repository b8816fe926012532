"""The page that answers "how far must we go for 200 kg potatoes in week 48", with the circle on the map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from market import formatting, shell
from market.access import access
from market.actors import Action
from market.offers import finding
from market.offers.blueprint import offers
from market.offers.circle import Circle, drawn_circle, widen
from market.offers.locality import SeenOffer
from market.offers.models import Offer

DEFAULT_KILOGRAMS = Decimal(200)
MOST_KILOGRAMS = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class CirclePage:
    """What the page and its map say. `inside` is what the find page would list, with only what the circle holds.

    There is no answer to an amount that can't be read.
    """

    inside: finding.FindPage
    answer: Circle | None
    word: str


def _page() -> CirclePage:
    """The amount asked for, 200 kg until one is; an amount that can't be read is said to be so, and answers nothing."""
    found = finding.find(
        shell.session(),
        actor=shell.actor(),
        args=request.args,
        today=shell.today(),
        travel=shell.travel(),
        keeps_amount=False,
    )
    word = request.args.get("word", "").strip()
    amount = found.form.amount
    amount.label.text = gettext("Hur mycket?")
    if amount.data is None and not amount.errors:
        amount.data, amount.raw_data = DEFAULT_KILOGRAMS, None
    answer = None
    if amount.data is not None and 0 < amount.data <= MOST_KILOGRAMS:
        wanted, centre = math.ceil(amount.data * 1000), found.viewpoint.point
        answer = widen(_named(found.seen, word), centre=centre, wanted_grams=wanted)
    inside = finding.narrowed(found, [share.seen for share in answer.shares] if answer else [])
    return CirclePage(inside=inside, answer=answer, word=word)


@offers.get("/offers/circle")
@access(Action.SEE_OFFERS)
def circle() -> ResponseReturnValue:
    """The answer, the circle on the map, and the suppliers in order."""
    template = "offers/_circle.html" if "HX-Request" in request.headers else "offers/circle.html"
    return render_template(template, page=_page(), link=_link)


@offers.get("/offers/circle.geojson")
@access(Action.SEE_OFFERS)
def circle_features() -> ResponseReturnValue:
    """The circle, the kitchen and the suppliers inside."""
    page = _page()
    collection = finding.features(page.inside, link=_link)
    if page.answer is not None:
        title = gettext("%(radius)s fågelvägen", radius=formatting.kilometres(page.answer.radius_m))
        collection["features"] += drawn_circle(page.answer, centre=page.inside.viewpoint.point, title=title)
    return jsonify(collection)


def _named(seen: Sequence[SeenOffer], word: str) -> list[SeenOffer]:
    """Those whose product has the word in its name; all without a word."""
    return [one for one in seen if word.casefold() in one.offer.product.name.casefold()]


def _link(offer: Offer) -> str:
    endpoint = "orders.place" if shell.actor().may(Action.PLACE_ORDER) else "offers.show"
    return url_for(endpoint, offer_id=offer.id, kitchen=request.args.get("kitchen") or None)
