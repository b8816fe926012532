"""Links that open the way to a stop in the navigation program of the driver's own phone. Followed by a tap, fetched by no page."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, urlencode

from market.planning.sheets import StopPlace
from market.values import msg


class WayLink(NamedTuple):
    label: str
    url: str


def ways_to(place: StopPlace) -> tuple[WayLink, ...]:
    """From where the phone is to the stop. `geo:` (RFC 5870) opens what the phone has chosen, first of all."""
    where = f"{place.lat:.6f},{place.lon:.6f}"
    google = urlencode({"api": 1, "destination": where, "travelmode": "driving"})
    apple = urlencode({"daddr": where, "dirflg": "d"})
    open_street_map = urlencode({"engine": "fossgis_osrm_car", "route": f";{where}"})
    return (
        WayLink(msg("Telefonens karta"), f"geo:{where}?q={where}({quote(place.name)})"),
        WayLink(msg("Google Maps"), f"https://www.google.com/maps/dir/?{google}"),
        WayLink(msg("Apple Kartor"), f"https://maps.apple.com/?{apple}"),
        WayLink(msg("OpenStreetMap"), f"https://www.openstreetmap.org/directions?{open_street_map}"),
    )
