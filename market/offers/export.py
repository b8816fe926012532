"""The map of offers as a file: the same places and words as on the screen, with no network needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext

from geodata.maps import Marker, Shape, local_map
from geodata.points import Point
from market import formatting
from market.offers.finding import FindPage, by_site, in_words, road_words, site_is_local, verdict_word
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
        markers=[here, *(_place(at_site, page.today) for at_site in by_site(page.seen))],
        outline=drawn_definition(viewpoint),
        note=viewpoint.stated.words(language),
        language=language,
    )


def _place(at_site: Sequence[SeenOffer], today: date) -> Marker:
    first, is_local = at_site[0], site_is_local(at_site)
    colour, shape = LOOKS[is_local]
    return Marker(
        name=first.offer.product.producer.name,
        point=Point(lat=first.offer.site.lat, lon=first.offer.site.lon),
        text="\n".join([road_words(first), *(in_words(one, today) for one in at_site)]),
        group=verdict_word(is_local),
        colour=colour,
        shape=shape,
    )
