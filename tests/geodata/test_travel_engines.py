"""OSRM and Valhalla over HTTP: what they are asked, what their answers mean, and what is said when they fail."""

import socket
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from road_servers import road_m, serving

from geodata.points import Point
from geodata.travel import (
    UNREACHABLE,
    EngineDown,
    EngineGarbled,
    EngineRefused,
    InvalidAddress,
    Limits,
    Osrm,
    Patience,
    Valhalla,
)

PLACES = [Point(lat=58 + n / 7, lon=15 + (n * 5 % 11) / 10) for n in range(12)]
ENGINES = [Osrm, Valhalla]


@pytest.fixture
def server():
    with serving() as state:
        yield state


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def make(server, pauses):
    """An engine that asks the test's server, and notes its pauses instead of taking them."""

    def made(kind, **settings):
        return kind(server.url, patience=Patience(timeout_s=2, sleep=pauses.append), **settings)

    return made


def _place(point):
    return round(point.lat, 5), round(point.lon, 5)


def _expected_m(origins, destinations):
    return np.array([[road_m(_place(a), _place(b)) for b in destinations] for a in origins])


@pytest.mark.parametrize("kind", ENGINES)
def test_the_engine_measures_each_pair_in_its_direction(make, kind):
    found = make(kind).matrix(PLACES[:5], PLACES[3:6])
    assert found.metres == pytest.approx(_expected_m(PLACES[:5], PLACES[3:6]), abs=1)
    assert found.seconds == pytest.approx(_expected_m(PLACES[:5], PLACES[3:6]) / 20, abs=1)
    assert not found.is_estimate
    assert not found.estimated.any()
    assert found.reachable.all()
    assert found.data_version == "2026-11-01T00:00:00Z"
    assert found.metres.dtype == found.seconds.dtype == np.int64


@pytest.mark.parametrize("kind", ENGINES)
@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (1, 1)])
def test_the_smallest_questions(make, kind, shape):
    found = make(kind).matrix(PLACES[: shape[0]], PLACES[: shape[1]])
    assert found.metres.shape == shape
    assert (found.metres == 0).all()


@pytest.mark.parametrize("kind", ENGINES)
@pytest.mark.parametrize(("locations", "pairs", "questions"), [(7, 10, 6), (5, 10, 8), (16, 48, 1)])
def test_no_question_is_larger_than_the_limits_and_few_are_asked(
    make, server, kind, locations, pairs, questions
):
    make(kind, limits=Limits(locations=locations, pairs=pairs)).matrix(PLACES, PLACES[:4])
    sizes = [(len(starts), len(ends)) for starts, ends in server.tables]
    assert all(a + b <= locations and a * b <= pairs for a, b in sizes)
    assert len(sizes) == questions


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.integers(1, 12),
    columns=st.integers(1, 12),
    locations=st.integers(2, 30),
    pairs=st.integers(1, 200),
    kind=st.sampled_from(ENGINES),
)
def test_the_parts_do_not_change_the_matrix(make, rows, columns, locations, pairs, kind):
    origins, destinations = PLACES[:rows], PLACES[-columns:]
    whole = make(kind).matrix(origins, destinations)
    parts = make(kind, limits=Limits(locations=locations, pairs=pairs)).matrix(origins, destinations)
    assert (parts.metres == whole.metres).all()
    assert (parts.seconds == whole.seconds).all()


@pytest.mark.parametrize("kind", ENGINES)
@pytest.mark.parametrize("region", [lambda place: place[0] > 59, lambda place: 10 * (place[0] > 59)])
def test_pairs_without_a_road_are_marked_and_the_others_answered(make, server, kind, region):
    server.region = region
    found = make(kind).matrix(PLACES, PLACES)
    north = np.array([point.lat > 59 for point in PLACES])
    apart = north[:, None] != north[None, :]
    assert (found.reachable == ~apart).all()
    assert (found.metres[apart] == UNREACHABLE).all()
    assert (found.seconds[apart] == UNREACHABLE).all()
    assert found.metres[~apart] == pytest.approx(_expected_m(PLACES, PLACES)[~apart], abs=1)
    assert not found.is_estimate


@pytest.mark.parametrize("kind", ENGINES)
def test_a_point_far_from_every_road_is_not_answered_from_the_shore(make, server, kind):
    server.moved_m = {_place(PLACES[2]): 8_000.0, _place(PLACES[4]): 1_500.0}
    found = make(kind).matrix(PLACES[:6], PLACES[:6])
    assert not found.reachable[2].any()
    assert not found.reachable[:, 2].any()
    others = [0, 1, 3, 4, 5]
    assert found.reachable[np.ix_(others, others)].all()
    assert len(server.tables) == 1  # found out beforehand, not by halving


def test_a_map_in_crumbs_is_refused_and_not_asked_about_for_ever(make, server, monkeypatch):
    monkeypatch.setattr("geodata.travel.batches.MOST_REFUSALS", 10)
    server.region = lambda place: 10 * round(place[0] * 1000)
    with pytest.raises(EngineRefused, match="extract of all Sweden"):
        make(Valhalla).matrix(PLACES, PLACES)
    assert len(server.tables) < 30


@pytest.mark.parametrize("kind", ENGINES)
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_error_is_tried_again_after_longer_and_longer_pauses(make, server, pauses, kind, status):
    server.failures = [status, status]
    found = make(kind).matrix(PLACES[:2], PLACES[:2])
    assert found.reachable.all()
    assert pauses == [0.5, 1.0]


@pytest.mark.parametrize("kind", ENGINES)
def test_an_engine_that_keeps_failing_is_down(make, server, kind):
    server.failures = [503] * 3
    with pytest.raises(EngineDown, match=r"status 503; 3 tries.*Check that it runs"):
        make(kind).matrix(PLACES[:2], PLACES[:2])
    assert server.asked == [("failed", 503)] * 3


@pytest.mark.parametrize("kind", ENGINES)
def test_an_engine_that_never_answers_is_down(server, kind):
    server.failures = [1.0]
    with pytest.raises(EngineDown, match="TimeoutError"):
        kind(server.url, patience=Patience(timeout_s=0.1, tries=1)).matrix(PLACES[:2], PLACES[:2])


@pytest.mark.parametrize("kind", ENGINES)
def test_nothing_at_the_address_is_down(kind):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        engine = kind(f"http://127.0.0.1:{taken.getsockname()[1]}", patience=Patience(tries=1))
        with pytest.raises(EngineDown, match="ConnectionRefused"):
            engine.matrix(PLACES[:2], PLACES[:2])


@pytest.mark.parametrize("kind", ENGINES)
@pytest.mark.parametrize("text", ["<html>Welcome</html>", "", "42", '"ok"', "[[["])
def test_an_answer_that_is_no_json_object_is_no_engine(make, server, pauses, kind, text):
    server.failures = [text]
    with pytest.raises(EngineGarbled, match="Check that the address"):
        make(kind).matrix(PLACES[:2], PLACES[:2])
    assert pauses == []


@pytest.mark.parametrize(
    "rows",
    ["null", "[[1]]", "[[1, 2], [3]]", "[[1, -2], [3, 4]]", '[[1, "x"], [3, 4]]', "[[1, Infinity], [3, 4]]"],
)
def test_a_table_of_the_wrong_shape_or_kind_is_garbled(make, server, rows):
    ends = '[{"distance": 0}, {"distance": 0}]'
    server.failures = [
        f'{{"code": "Ok", "distances": {rows}, "durations": [[1, 2], [3, 4]], "sources": {ends}, "destinations": {ends}}}'
    ]
    with pytest.raises(EngineGarbled, match=r"'distances' is no table of 2 rows by 2"):
        make(Osrm).matrix(PLACES[:2], PLACES[:2])


@pytest.mark.parametrize(
    ("kind", "mend"), [(Osrm, "larger --max-table-size"), (Valhalla, "max_matrix_location_pairs")]
)
def test_too_large_a_question_says_which_setting_to_raise(make, server, kind, mend):
    server.most_pairs = 8
    with pytest.raises(EngineRefused, match=mend):
        make(kind).matrix(PLACES[:3], PLACES[:3])


def test_a_road_longer_than_valhalla_allows_says_which_setting_to_raise(make, server):
    server.farthest_m = 100_000
    with pytest.raises(EngineRefused, match=r"\(154\).*max_matrix_distance"):
        make(Valhalla).matrix(PLACES, PLACES)


def test_the_other_engines_address_is_refused_with_a_reason(make):
    with pytest.raises(EngineRefused, match=r"InvalidUrl.*Check the address"):
        make(Osrm, profile="lastbil").matrix(PLACES[:2], PLACES[:2])


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:5000", "ftp://a", "http://", "http://a:port", "http://a/?x=1"]
)
@pytest.mark.parametrize("kind", ENGINES)
def test_an_address_that_can_not_be_one_is_refused_at_once(kind, url):
    with pytest.raises(InvalidAddress, match="such as http://127"):
        kind(url)


def test_an_address_may_have_a_path_in_front(make, server):
    engine = replace(make(Osrm), url=f"{server.url}/osrm/")
    with pytest.raises(EngineRefused, match="InvalidUrl"):  # the test's server has none
        engine.matrix(PLACES[:2], PLACES[:2])


def test_settings_that_can_not_work_are_refused():
    with pytest.raises(ValueError, match="Allow at least 2"):
        Limits(locations=1, pairs=10)
    with pytest.raises(ValueError, match="at least one try"):
        Patience(tries=0)
    with pytest.raises(ValueError, match="auto or truck"):
        Valhalla("http://127.0.0.1", costing="bicycle")
