"""A Nominatim server: asked politely, once for each question, and never misunderstood."""

import pytest
from geopy.exc import ConfigurationError, GeocoderQueryError, GeocoderServiceError
from nominatim_server import answering

from geodata.nominatim import MemoryGeocodeCache, Nominatim

pytestmark = pytest.mark.slow

ANSWERS = {
    "storgatan 1, tierp": [{"display_name": "Storgatan 1, Tierp", "lat": "60.343", "lon": "17.515"}],
    "paris": [{"display_name": "Paris", "lat": "48.85", "lon": "2.35"}],
    "broken": None,
}


@pytest.fixture
def server():
    with answering(ANSWERS) as found:
        yield found


class Time:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now, self.slept = 100.0, []

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def made(url, **more):
    time = Time()
    return Nominatim(url=url, user_agent="narmat-test", clock=time.clock, sleep=time.sleep, **more), time


def test_an_address_is_found_under_our_own_name(server):
    url, asked = server
    found = made(url)[0].geocode("Storgatan 1,  Tierp")
    assert (found.address, found.latitude, found.longitude) == ("Storgatan 1, Tierp", 60.343, 17.515)
    assert "OpenStreetMap" in found.raw["source"]
    assert asked[0][0] == "narmat-test"
    assert asked[0][1]["countrycodes"] == ["se"]


def test_questions_are_a_second_apart(server):
    nominatim, time = made(server[0])
    for query in ("a", "b", "c"):
        nominatim.geocode(query)
    assert time.slept == [0.0, 1.0, 1.0]


def test_each_question_is_asked_once_and_no_is_kept_too(server):
    url, asked = server
    cache = MemoryGeocodeCache()
    for _ in range(2):
        nominatim, _ = made(url, cache=cache)
        assert nominatim.geocode("storgatan 1, TIERP", exactly_one=False)[0].latitude == 60.343
        assert nominatim.geocode("Ankeborg") is None
    assert len(asked) == 2


def test_a_place_abroad_is_no_place(server):
    assert made(server[0])[0].geocode("Paris") is None


def test_a_server_that_fails_is_an_error_and_nothing_is_kept(server):
    url, asked = server
    nominatim, time = made(url)
    for _ in range(2):
        with pytest.raises(GeocoderServiceError):
            nominatim.geocode("broken")
    assert len(asked) == 2
    assert time.slept == [0.0, 1.0]


@pytest.mark.parametrize("query", ["", "  ", "x" * 201])
def test_an_empty_or_overlong_question_is_not_asked(server, query):
    with pytest.raises(GeocoderQueryError, match="name of a place"):
        made(server[0])[0].geocode(query)
    assert server[1] == []


def test_settings_that_cannot_be_used_are_told():
    with pytest.raises(ConfigurationError, match="no address"):
        Nominatim(url="nominatim.example", user_agent="x")
    with pytest.raises(ConfigurationError, match="Name your installation"):
        Nominatim(url="https://nominatim.example", user_agent=" ")
