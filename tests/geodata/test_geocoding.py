"""Place names, however they are written."""

import pytest
from geopy.exc import GeocoderQueryError, GeocoderServiceError

from geodata.geocoding import Gazetteer, search, suggest
from geodata.points import Point


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer()


@pytest.mark.parametrize("query", ["Norrtälje", "norrtalje", "NORRTÄLJE", " Norrtälje ", "Norrtälje kommun"])
def test_norrtalje_is_found_however_it_is_written(gazetteer, query):
    found = gazetteer.geocode(query)
    assert found.address == "Norrtälje, Norrtälje kommun, Stockholms län"
    assert (found.latitude, found.longitude) == pytest.approx((59.758, 18.705), abs=0.01)
    assert found.raw["municipality_code"] == "0188"


def test_homonyms_come_with_municipality_and_county(gazetteer):
    addresses = [found.address for found in gazetteer.geocode("Boda", exactly_one=False)]
    assert addresses == ["Boda, Östhammars kommun, Uppsala län", "Boda, Rättviks kommun, Dalarnas län"]


@pytest.mark.parametrize(
    "query", ["Boda, Rättvik", "Boda, Rättviks kommun", "boda, dalarna", "Boda, Dalarnas län"]
)
def test_a_municipality_or_county_tells_homonyms_apart(query):
    assert [place.municipality_code for place in search(query)] == ["2031"]


def test_the_right_letters_come_first_and_the_others_are_offered():
    assert [place.name for place in search("Habo")] == ["Habo", "Håbo"]
    assert search("Ås")[0].name == "Ås"


@pytest.mark.parametrize(
    ("query", "code"),
    [("Österåker", "0117"), ("Tierps kommun", "0360"), ("Gothenburg", "1480"), ("Upplands-Väsby", "0114")],
)
def test_municipalities_and_other_spellings_are_found(query, code):
    assert search(query)[0].municipality_code == code


def test_an_unknown_name_is_none_and_an_empty_one_an_error(gazetteer):
    assert gazetteer.geocode("Ankeborg") is None
    assert gazetteer.geocode("Norrtälje, Skåne", exactly_one=False) is None
    for query in ("", " , Rättvik", "x" * 300):
        with pytest.raises(GeocoderQueryError, match="such as Norrtälje"):
            gazetteer.geocode(query)


def test_reverse_names_the_nearest_place(gazetteer):
    assert gazetteer.reverse(Point(lat=59.76, lon=18.70)).raw["name"] == "Norrtälje"
    assert len(gazetteer.reverse(Point(lat=59.76, lon=18.70), exactly_one=False)) == 10


def test_what_is_typed_is_completed_by_size():
    assert [place.name for place in suggest("norrt")] == ["Norrtälje"]
    assert suggest("ma")[0].name == "Malmö"
    assert suggest(" ") == ()


def test_the_gazetteer_asks_nobody():
    """It answers from memory, so it reads no certificates and opens no connection."""
    with pytest.raises(GeocoderServiceError):
        Gazetteer().adapter.get_text("http://localhost/", timeout=1, headers={})
