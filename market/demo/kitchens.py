"""The demo's kitchens: real villages, invented and plainly marked names, and how much each orders in a week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from sqlalchemy.orm import Session

from market.demo.places import PLACES, Place
from market.register.models import Authority, Kitchen, KitchenKind, KitchenWindow

HOUR = 3600
MORNING = (6 * HOUR + 1800, 10 * HOUR)
LONG_MORNING = (6 * HOUR + 1800, 10 * HOUR + 1800)
AFTERNOON = (12 * HOUR + 1800, 14 * HOUR)
OPENINGS = ((LONG_MORNING, AFTERNOON), (MORNING,), (MORNING, AFTERNOON))
"""The daily windows (seconds after midnight) of one kitchen, the next and the one after, then from the start again."""
WORKING_DAYS = range(1, 6)

PORTIONS: Mapping[tuple[str, bool], int] = {
    ("Skola", True): 420,
    ("Skola", False): 110,
    ("Äldreboende", True): 160,
    ("Äldreboende", False): 60,
    ("Förskola", True): 90,
    ("Förskola", False): 70,
}
"""A day's, by kind of kitchen and whether it is a hub."""
LOADING_NOTES = (
    "Lastkaj på baksidan. Ring på klockan, köket öppnar.",
    "Ingen lastkaj: bär in genom personalingången. Högst 15 kg per låda.",
    "Kör in från norra sidan, inte över skolgården. Kylvaror direkt till kylrummet.",
    "Lastkaj med ramp, bredd 2,5 m. Stäng av motorn.",
)

# A hub and the satellites that it supplies, by municipality: kind of kitchen and village.
_HUBS: Mapping[str, tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]] = {
    "2282": (
        ("Skola", "Kramfors", (("Förskola", "Kramfors"), ("Äldreboende", "Kramfors"))),
        ("Skola", "Bollstabruk", (("Förskola", "Bollstabruk"),)),
        ("Skola", "Nyland", (("Förskola", "Nyland"), ("Skola", "Torsåker"))),
        ("Skola", "Ullånger", (("Skola", "Docksta"), ("Skola", "Nordingrå"))),
        ("Äldreboende", "Frånö", (("Förskola", "Frånö"),)),
    ),
    "2283": (("Skola", "Sollefteå", ()), ("Skola", "Långsele", ())),
    "2260": (("Skola", "Ånge", ()), ("Äldreboende", "Fränsta", ())),
    "0360": (
        ("Skola", "Tierp", ()),
        ("Äldreboende", "Tierp", ()),
        ("Skola", "Örbyhus", ()),
        ("Skola", "Söderfors", ()),
        ("Skola", "Karlholmsbruk", ()),
        ("Äldreboende", "Skärplinge", ()),
        ("Förskola", "Månkarbo", ()),
        ("Förskola", "Tobo", ()),
    ),
    "0331": (("Skola", "Heby", ()), ("Skola", "Östervåla", ())),
    "0330": (("Skola", "Knivsta", ()), ("Förskola", "Alsike", ())),
    "0382": (("Skola", "Östhammar", ()), ("Skola", "Gimo", ()), ("Äldreboende", "Österbybruk", ())),
    "0115": (
        ("Skola", "Vallentuna", (("Förskola", "Vallentuna"),)),
        ("Skola", "Lindholmen", ()),
        ("Skola", "Karby", (("Förskola", "Kårsta"),)),
    ),
    "0188": (
        ("Skola", "Norrtälje", ()),
        ("Äldreboende", "Norrtälje", ()),
        ("Skola", "Rimbo", ()),
        ("Skola", "Hallstavik", ()),
        ("Förskola", "Älmsta", ()),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KitchenSpec:
    """`hub` is the name of the kitchen that takes in a satellite's goods; none for a hub."""

    what: str
    place: Place
    hub: str | None

    @property
    def name(self) -> str:
        return f"{self.what} i {self.place.name} (demo)"

    @property
    def code(self) -> str:
        return self.place.municipality_code


def _listed() -> tuple[KitchenSpec, ...]:
    """Each hub, followed by its satellites."""
    found = []
    for what, village, satellites in (hub for hubs in _HUBS.values() for hub in hubs):
        hub = KitchenSpec(what=what, place=PLACES[village], hub=None)
        found += [hub, *(KitchenSpec(what=w, place=PLACES[v], hub=hub.name) for w, v in satellites)]
    return tuple(found)


KITCHENS = _listed()


def add_kitchens(
    session: Session, *, authorities: Mapping[str, Authority], rng: Random
) -> dict[str, Kitchen]:
    """All kitchens with their windows, by name."""
    rows: dict[str, Kitchen] = {}
    for number, spec in enumerate(KITCHENS):
        row = _row(spec, authorities[spec.code], number, rng)
        row.hub = None if spec.hub is None else rows[spec.hub]
        rows[spec.name] = row
        session.add(row)
    session.flush()
    return rows


def _row(spec: KitchenSpec, authority: Authority, number: int, rng: Random) -> Kitchen:
    lat, lon = spec.place.near(rng)
    return Kitchen(
        authority=authority,
        name=spec.name,
        kind=KitchenKind.HUB if spec.hub is None else KitchenKind.SATELLITE,
        address=spec.place.name,
        lat=lat,
        lon=lon,
        portions=PORTIONS[spec.what, spec.hub is None],
        loading_note=LOADING_NOTES[number % len(LOADING_NOTES)],
        windows=[
            KitchenWindow(weekday=day, opens_s=opens, closes_s=closes)
            for day in WORKING_DAYS
            for opens, closes in OPENINGS[number % len(OPENINGS)]
        ],
    )
