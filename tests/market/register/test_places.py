"""Where things are: place names, typed coordinates, the municipality declared or derived."""

from __future__ import annotations

import pytest

from geodata.geocoding import Gazetteer
from market.register.places import (
    CoordinatesSwapped,
    NotCoordinates,
    OutsideSweden,
    PlaceNotFound,
    TooFarFromMunicipality,
    declared_position,
    find_places,
    municipality_choices,
    written,
)


def found(text):
    return find_places(text, geocoder=Gazetteer())


@pytest.mark.parametrize("text", ["60.345, 17.513", "60.345 17.513", "60,345 17,513", "60,345; 17,513"])
def test_coordinates_are_read_with_swedish_commas_too(text: str) -> None:
    (place,) = found(text)
    assert (place.position.lat, place.position.lon) == (60.345, 17.513)
    assert place.position.municipality_code == "0360"


def test_a_place_name_gives_its_municipality() -> None:
    (place,) = found("tierp")
    assert place.position.municipality_code == "0360"


def test_what_is_written_is_read_back() -> None:
    (place,) = found(written(59.851234, 18.600001))
    assert (place.position.lat, place.position.lon) == (59.851234, 18.600001)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("Ingenstansby", PlaceNotFound),
        ("17.513, 60.345", CoordinatesSwapped),
        ("52.52, 13.40", OutsideSweden),
        ("57.0, 19.6", OutsideSweden),
        ("60.345", NotCoordinates),
        ("1 2 3", NotCoordinates),
        (", a", PlaceNotFound),
    ],
)
def test_what_can_not_be_placed_says_why(text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        found(text)


def test_a_municipality_can_be_declared_near_its_border_only() -> None:
    (tierp,) = found("Tierp")
    assert declared_position(tierp.position, municipality_code="0360").municipality_code == "0360"
    with pytest.raises(TooFarFromMunicipality, match="Tierp"):
        declared_position(tierp.position, municipality_code="0180")


def test_all_municipalities_can_be_chosen_in_swedish_order() -> None:
    names = [name for _, name in municipality_choices()]
    assert len(names) == 290
    assert names[0] == "Ale"
    assert names[-1] == "Övertorneå"
    assert names.index("Åre") > names.index("Ystad")
    assert names.index("Ängelholm") > names.index("Åre")
