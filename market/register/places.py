"""Where something is, from what a person writes: a place name, or coordinates copied from a map."""

from __future__ import annotations

import re
from dataclasses import dataclass

from geopy.exc import GeocoderQueryError, GeocoderServiceError
from geopy.location import Location as Found

from geodata import areas
from geodata.geocoders import AnyGeocoder
from geodata.points import NotInSweden, Point, SwappedCoordinates
from market.register.rules import Position
from market.values import Refused, msg

BORDER_TOLERANCE_M = 5_000
"""The drawn borders are off by a kilometre or so; a declared municipality farther away is a mistake."""
DECIMALS = 6
_POSTCODE = re.compile(r"\s*\d{3}\s?\d{2}\s*")
_COMMA_DECIMALS = re.compile(r"\s*(\d+),(\d+)[\s,;]+(\d+),(\d+)\s*")


class PlaceNotFound(Refused):
    message = msg(
        "Vi hittar ingen ort som heter så. Skriv en större ort i närheten, eller koordinater som 60.345, 17.513."
    )


class PlaceServiceDown(Refused):
    message = msg(
        "Tjänsten som känner adresser svarar inte just nu. Skriv en ort i närheten, eller koordinater som 60.345, 17.513."
    )


class NotCoordinates(Refused):
    message = msg("Koordinaterna går inte att läsa. Skriv latitud och longitud i grader: 60.345, 17.513.")


class OutsideSweden(Refused):
    message = msg("Platsen ligger utanför Sverige eller till havs. Kontrollera koordinaterna: latitud först.")


class CoordinatesSwapped(Refused):
    message = msg("Koordinaterna verkar ha bytt plats. Skriv latitud först, sedan longitud.")


class TooFarFromMunicipality(Refused):
    message = msg("Platsen ligger i %(actual)s, för långt från %(declared)s. Rätta läget eller kommunen.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPlace:
    """A place that the text may mean; `key` tells it from the others of the same name."""

    label: str
    position: Position

    @property
    def key(self) -> str:
        return written(self.position.lat, self.position.lon)


def find_places(text: str, *, geocoder: AnyGeocoder) -> tuple[FoundPlace, ...]:
    """One or more places that the text may mean, the likeliest first: a name, a postcode, coordinates.

    Raises PlaceNotFound, PlaceServiceDown, NotCoordinates, CoordinatesSwapped or OutsideSweden.
    """
    if _POSTCODE.fullmatch(text) or any(character.isalpha() for character in text):
        return _by_name(text, geocoder)
    point = _point(text)
    code = _located(point)
    return (FoundPlace(label=areas.municipality(code).name, position=_position(point, code)),)


def declared_position(position: Position, *, municipality_code: str) -> Position:
    """The position with the municipality that its owner declares. Raises TooFarFromMunicipality."""
    point = Point(lat=position.lat, lon=position.lon)
    if municipality_code not in areas.candidates(point, BORDER_TOLERANCE_M):
        raise TooFarFromMunicipality(
            actual=areas.municipality(position.municipality_code).name,
            declared=areas.municipality(municipality_code).name,
        )
    return Position(lat=position.lat, lon=position.lon, municipality_code=municipality_code)


def written(lat: float, lon: float) -> str:
    """Coordinates as the forms show them and read them back: "60.345, 17.513"."""
    return f"{round(lat, DECIMALS)}, {round(lon, DECIMALS)}"


def municipality_name(code: str | None) -> str:
    return areas.municipality(code).name if code else ""


def municipality_choices() -> list[tuple[str, str]]:
    """Code and name of all 290, by name as Swedish sorts them."""
    alphabet = str.maketrans("åäö", "{|}")  # the three characters after z
    ordered = sorted(areas.municipalities(), key=lambda m: m.name.casefold().translate(alphabet))
    return [(m.code, m.name) for m in ordered]


def located_code(lat: float, lon: float) -> str:
    """The municipality that the map says. Raises OutsideSweden."""
    return _located(Point(lat=lat, lon=lon))


def _by_name(text: str, geocoder: AnyGeocoder) -> tuple[FoundPlace, ...]:
    try:
        found = geocoder.geocode(text.strip(), exactly_one=False)
    except GeocoderQueryError:
        raise PlaceNotFound from None
    except GeocoderServiceError:
        raise PlaceServiceDown from None
    if not isinstance(found, list) or not found:
        raise PlaceNotFound
    return tuple(_found_place(one) for one in found)


def _found_place(found: Found) -> FoundPlace:
    """What a geocoder found; one that tells no municipality leaves it to the map."""
    point = Point(lat=found.latitude, lon=found.longitude)
    code = found.raw.get("municipality_code") or _located(point)
    return FoundPlace(label=found.address, position=_position(point, code))


def _point(text: str) -> Point:
    try:
        return Point.parse(_COMMA_DECIMALS.sub(r"\1.\2 \3.\4", text))
    except SwappedCoordinates:
        raise CoordinatesSwapped from None
    except NotInSweden:
        raise OutsideSweden from None
    except ValueError:
        raise NotCoordinates from None


def _located(point: Point) -> str:
    try:
        return areas.locate(point).municipality.code
    except NotInSweden:
        raise OutsideSweden from None


def _position(point: Point, code: str) -> Position:
    return Position(lat=round(point.lat, DECIMALS), lon=round(point.lon, DECIMALS), municipality_code=code)
