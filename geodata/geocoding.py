"""Place names to points: the embedded gazetteer behind geopy's interface, without any network.

Names are found whatever their case and without Swedish letters (Norrtalje finds Norrtälje). Where
several places share a name, "Boda, Rättvik" or "Boda, Dalarna" tells them apart. The gazetteer is
GeoNames' (CC BY 4.0: show `ATTRIBUTION` wherever its names are shown); it knows about 1,300 towns
and villages, and every municipality by its seat.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from geopy.exc import GeocoderQueryError
from geopy.geocoders.base import Geocoder
from geopy.location import Location as Found

from geodata import areas, data
from geodata.language import municipality_name
from geodata.offline import Offline
from geodata.points import Point, to_sweref

if TYPE_CHECKING:
    from numpy.typing import NDArray

ATTRIBUTION = "GeoNames, CC BY 4.0"
LONGEST_QUERY = 200
_FOREIGN_NAMES = {"gothenburg": "goteborg"}


@dataclass(frozen=True, slots=True)
class Place:
    """A town or village, or (`is_seat`) a municipality by its seat."""

    name: str
    point: Point
    municipality_code: str
    population: int
    geonameid: int | None
    is_seat: bool = False

    @property
    def address(self) -> str:
        """Name, municipality, county: what a person tells homonyms apart by."""
        municipality = areas.municipality(self.municipality_code)
        county = areas.county(municipality.county_code)
        return f"{self.name}, {municipality_name(municipality.name, 'sv')}, {county.name}"


class Gazetteer(Geocoder):  # type: ignore[misc]  # geopy has no types
    """The embedded gazetteer: geopy's `geocode` and `reverse`, answered from memory."""

    def __init__(self) -> None:
        super().__init__(user_agent="narmat", timeout=None, adapter_factory=Offline)

    @overload
    def geocode(self, query: str, *, exactly_one: Literal[True] = True) -> Found | None: ...
    @overload
    def geocode(self, query: str, *, exactly_one: Literal[False]) -> list[Found] | None: ...
    def geocode(self, query: str, *, exactly_one: bool = True) -> Found | list[Found] | None:
        """The most populous place of that name, or all of them; None when there is none.

        `raw` of each carries municipality_code, county_code, population, geonameid, is_seat. Raises
        geopy's `GeocoderQueryError` for an empty or overlong query.
        """
        found = [_to_geopy(place) for place in search(query)]
        if not found:
            return None
        return found[0] if exactly_one else found

    def reverse(self, query: Point, *, exactly_one: bool = True) -> Found | list[Found]:
        """The nearest place, or the ten nearest."""
        places, positions = _places(), _positions()
        away = np.hypot(*(positions - query.sweref).T)
        nearest = [_to_geopy(places[index]) for index in np.argsort(away)[:10]]
        return nearest[0] if exactly_one else nearest


def search(query: str) -> tuple[Place, ...]:
    """All places that the query may mean, the likeliest first; see `Gazetteer.geocode`."""
    name, *within = [part.strip() for part in query.split(",")]
    if not name or len(query) > LONGEST_QUERY:
        raise GeocoderQueryError("Write the name of a town, village or municipality, such as Norrtälje.")
    candidates = _by_key().get(_fold(name)) or _by_key().get(_fold(_without_suffix(name))) or ()
    kept = [place for place in candidates if all(_lies_in(place, part) for part in within if part)]
    exact = name.casefold()
    return tuple(sorted(kept, key=lambda p: (p.is_seat, p.name.casefold() != exact, -p.population)))


def suggest(beginning: str, *, most: int = 8) -> tuple[Place, ...]:
    """Places whose name begins so, the most populous first, for a form that completes what is typed."""
    key = _fold(beginning)
    if not key:
        return ()
    starting = (p for name, places in _by_key().items() if name.startswith(key) for p in places)
    return tuple(sorted(starting, key=lambda place: -place.population)[:most])


def _to_geopy(place: Place) -> Found:
    raw: dict[str, Any] = {
        "name": place.name,
        "municipality_code": place.municipality_code,
        "county_code": place.municipality_code[:2],
        "population": place.population,
        "geonameid": place.geonameid,
        "is_seat": place.is_seat,
    }
    return Found(place.address, (place.point.lat, place.point.lon), raw)


def _fold(text: str) -> str:
    """Lower case, without accents (å and ä become a, ö becomes o), hyphens as spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ø", "o").replace("æ", "a"))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = " ".join(letters.replace("-", " ").split())
    return _FOREIGN_NAMES.get(words, words)


def _without_suffix(name: str) -> str:
    """Tierps kommun to Tierp, Norrtälje kommun to Norrtälje."""
    folded = name.casefold()
    if not folded.endswith(" kommun"):
        return name
    stem = name[: -len(" kommun")]
    return stem if _fold(stem) in _by_key() else stem.removesuffix("s")


def _lies_in(place: Place, area: str) -> bool:
    """Whether a place lies in the municipality or county that the text names, however it is written."""
    municipality = areas.municipality(place.municipality_code)
    names = (municipality.name, municipality_name(municipality.name, "sv"))
    county = areas.county(municipality.county_code).name
    folded = _fold(area)
    return folded in {_fold(name) for name in names} or _county_key(folded) == _county_key(_fold(county))


def _county_key(folded: str) -> str:
    return folded.removesuffix(" lan").removesuffix("s")


@cache
def _by_key() -> dict[str, tuple[Place, ...]]:
    index: dict[str, tuple[Place, ...]] = {}
    for place in (*_places(), *_seats()):
        key = _fold(place.name)
        index[key] = (*index.get(key, ()), place)
    return index


@cache
def _places() -> tuple[Place, ...]:
    arrays = data.read("places.npz")
    codes = [municipality.code for municipality in areas.municipalities()]
    return tuple(
        Place(
            name,
            Point(lat=round(lat * data.SCALE, 5), lon=round(lon * data.SCALE, 5)),
            codes[area],
            people,
            key,
        )
        for name, lat, lon, area, people, key in zip(
            *(arrays[name].tolist() for name in ("names", "lat", "lon", "area", "population", "geonameid")),
            strict=True,
        )
    )


@cache
def _seats() -> tuple[Place, ...]:
    """Municipalities that no place inside them is called by."""
    named = {(place.municipality_code, place.name) for place in _places()}
    return tuple(
        Place(m.name, areas.seat(m.code), m.code, population=0, geonameid=None, is_seat=True)
        for m in areas.municipalities()
        if (m.code, m.name) not in named
    )


@cache
def _positions() -> NDArray[np.float64]:
    """Metres (n, 2) in SWEREF 99 TM."""
    points = [place.point for place in _places()]
    return np.column_stack(to_sweref(lats=[p.lat for p in points], lons=[p.lon for p in points]))
