"""The map of offers as a file: the same places and words as on the screen, with no network needed."""

from __future__ import annotations

from flask_babel import gettext

from geodata.local import describe
from geodata.maps import Marker, Shape, local_map
from geodata.points import Point
from market import formatting
from market.offers.finding import FindPage, verdict_word
from market.offers.locality import SeenOffer, drawn_definition

LOOKS: dict[bool | None, tuple[str, Shape]] = {
    True: ("#1f6f54", "circle"),
    False: ("#5b5f66", "square"),
    None: ("#b26a00", "diamond"),
}
KITCHEN_COLOUR = "#2b4c7e"


def exported_map(page: FindPage) -> str:
    """A complete HTML document."""
    language = "sv" if formatting.is_swedish() else "en"
    viewpoint, kitchen = page.viewpoint, page.viewpoint.kitchen
    here = Marker(
        name=kitchen.name,
        point=viewpoint.point,
        group=gettext("Kök"),
        colour=KITCHEN_COLOUR,
        shape="triangle",
    )
    return local_map(
        title=gettext("Lokal mat till %(kitchen)s", kitchen=kitchen.name),
        markers=[here, *(_place(one) for one in page.seen)],
        outline=drawn_definition(viewpoint),
        note=describe(viewpoint.definition, language, authority_code=viewpoint.authority.municipality_code),
        language=language,
    )


def _place(one: SeenOffer) -> Marker:
    offer = one.offer
    colour, shape = LOOKS[one.is_local]
    words = (
        formatting.quantity(offer.left),
        formatting.unit_price(offer.price, offer.unit),
        formatting.kilometres(one.road_m),
    )
    return Marker(
        name=f"{offer.product.name}, {offer.product.producer.name}",
        point=Point(lat=offer.site.lat, lon=offer.site.lon),
        text=" · ".join(words),
        group=verdict_word(one.is_local),
        colour=colour,
        shape=shape,
    )
