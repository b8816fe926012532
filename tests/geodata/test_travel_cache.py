"""What was measured is asked for once per map; what can't be measured is estimated, and said to be."""

import numpy as np
import pytest
from road_servers import serving

from geodata.points import Point
from geodata.road_bands import Banded
from geodata.travel import (
    Cached,
    EngineDown,
    Estimator,
    InvalidAddress,
    Limits,
    MemoryCache,
    Osrm,
    Patience,
    TwoEngines,
    Valhalla,
    WithFallback,
    engine_from,
)

PLACES = [Point(lat=58 + n / 7, lon=15 + n / 9) for n in range(8)]
ENGINES = [Osrm, Valhalla]


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def server():
    with serving() as state:
        yield state


@pytest.fixture
def clock():
    return Clock()


def _engine(server, kind=Osrm):
    return kind(server.url, patience=Patience(timeout_s=2, tries=1))


@pytest.mark.parametrize("kind", ENGINES)
def test_a_road_is_asked_for_once(server, kind):
    cached = Cached(_engine(server, kind), MemoryCache())
    first = cached.matrix(PLACES, PLACES)
    asked = len(server.tables)
    second = cached.matrix(PLACES[2:5], PLACES[::-1])
    assert len(server.tables) == asked
    assert (second.metres == first.metres[2:5, ::-1]).all()
    assert (second.seconds == first.seconds[2:5, ::-1]).all()
    assert not second.is_estimate
    assert (second.engine, second.data_version) == (first.engine, first.data_version)


@pytest.mark.parametrize("kind", ENGINES)
def test_only_the_gaps_are_asked_for(server, kind):
    cached = Cached(_engine(server, kind), MemoryCache())
    cached.matrix(PLACES[:4], PLACES[:4])
    found = cached.matrix(PLACES[:5], PLACES[:4])
    assert [len(starts) for starts, _ in server.tables] == [4, 1]
    assert (found.metres == _engine(server, kind).matrix(PLACES[:5], PLACES[:4]).metres).all()


def test_an_unreachable_pair_is_remembered_as_one(server):
    server.region = lambda place: place[0] > 58.5
    cached = Cached(_engine(server), MemoryCache())
    first, second = cached.matrix(PLACES, PLACES), cached.matrix(PLACES, PLACES)
    assert len(server.tables) == 1
    assert not first.reachable.all()
    assert (first.reachable == second.reachable).all()
    assert (first.metres == second.metres).all()


def test_a_new_map_is_measured_anew(server):
    cached = Cached(_engine(server), MemoryCache())
    cached.matrix(PLACES, PLACES)
    server.version = "2026-12-01"
    assert cached.matrix(PLACES, PLACES).data_version == "2026-12-01"
    assert len(server.tables) == 2


def test_a_map_without_a_version_is_asked_each_time(server):
    server.version = ""
    cached = Cached(_engine(server), MemoryCache())
    cached.matrix(PLACES, PLACES)
    cached.matrix(PLACES, PLACES)
    assert len(server.tables) == 2


def test_a_map_replaced_between_two_questions_never_gives_a_mixture(server):
    class Replaced(Osrm):
        """Tells the old version once more after the map was replaced."""

        def data_version(self):
            return "2026-11-01T00:00:00Z"

    engine = Replaced(server.url, patience=Patience(tries=1))
    cache = MemoryCache()
    Cached(engine, cache).matrix(PLACES[:2], PLACES[:2])
    server.version = "2026-12-01"
    found = Cached(engine, cache).matrix(PLACES[:3], PLACES[:2])
    assert found.data_version == "2026-12-01"
    assert [len(starts) for starts, _ in server.tables] == [2, 1, 3]


def test_engines_do_not_share_what_they_measured(server):
    cache = MemoryCache()
    Cached(_engine(server), cache).matrix(PLACES, PLACES)
    Cached(_engine(server, Valhalla), cache).matrix(PLACES, PLACES)
    assert len(server.tables) == 2


@pytest.mark.parametrize("failure", [[503], ["<html>"], [404]])
def test_a_failing_engine_gives_marked_estimates_and_the_reason(server, clock, failure):
    engine = WithFallback(_engine(server), clock=clock)
    server.failures = list(failure)
    found = engine.matrix(PLACES, PLACES)
    assert found.is_estimate
    assert found.estimated.all()
    assert server.url in found.note
    assert "Check" in found.note
    assert (found.metres == Estimator().matrix(PLACES, PLACES).metres).all()


def test_a_working_engine_has_no_note(server, clock):
    found = WithFallback(_engine(server), clock=clock).matrix(PLACES, PLACES)
    assert found.note == ""
    assert not found.is_estimate


def test_an_engine_that_is_down_gets_a_minutes_rest_and_is_then_asked_again(server, clock):
    engine = WithFallback(_engine(server), clock=clock)
    server.failures = [503]
    engine.matrix(PLACES, PLACES)
    clock.now += 59
    resting = engine.matrix(PLACES, PLACES)
    assert resting.is_estimate
    assert "503" in resting.note
    assert len(server.asked) == 1
    clock.now += 2
    assert not engine.matrix(PLACES, PLACES).is_estimate


def test_a_refusal_is_no_reason_to_rest(server, clock):
    engine = WithFallback(_engine(server), clock=clock)
    server.failures = [400]
    assert engine.matrix(PLACES, PLACES).is_estimate
    assert not engine.matrix(PLACES, PLACES).is_estimate


def test_when_the_engine_is_down_known_roads_stay_measured_and_the_rest_is_marked(server, clock):
    engine = WithFallback(Cached(_engine(server), MemoryCache()), clock=clock)
    measured = engine.matrix(PLACES[:3], PLACES[:3])
    server.failures = [503]
    found = engine.matrix(PLACES[:4], PLACES[:3])
    assert found.is_estimate
    assert found.estimated.tolist() == [[False] * 3] * 3 + [[True] * 3]
    assert (found.metres[:3] == measured.metres).all()
    assert (found.metres[3] == Estimator().matrix(PLACES[3:4], PLACES[:3]).metres[0]).all()
    assert "503" in found.note


def test_all_known_roads_need_no_engine_but_the_trouble_is_told(server, clock):
    engine = WithFallback(Cached(_engine(server), MemoryCache()), clock=clock)
    measured = engine.matrix(PLACES, PLACES)
    server.failures = [503]
    found = engine.matrix(PLACES, PLACES)
    assert not found.is_estimate
    assert (found.metres == measured.metres).all()
    assert "503" in found.note


def test_the_engine_going_down_half_way_keeps_what_the_cache_knew(server):
    cached = Cached(_engine(server), MemoryCache())
    cached.matrix(PLACES[:3], PLACES[:3])
    server.failures = [0.0, 503]  # the version is told, the table is not
    with pytest.raises(EngineDown) as caught:
        cached.matrix(PLACES[:4], PLACES[:4])
    assert caught.value.known.estimated.sum() == 16 - 9


def test_what_the_engine_calls_unreachable_is_not_estimated(server, clock):
    server.region = lambda place: place[0] > 58.5
    found = WithFallback(_engine(server), clock=clock).matrix(PLACES, PLACES)
    assert not found.reachable.all()
    assert not found.estimated.any()


def test_settings_become_an_engine(server):
    assert isinstance(engine_from(), Estimator)
    assert isinstance(engine_from(osrm_url="", valhalla_url=None), Banded)
    for setting in ("osrm_url", "valhalla_url"):
        engine = engine_from(**{setting: server.url}, cache=MemoryCache())
        assert not engine.matrix(PLACES, PLACES).is_estimate
        asked = len(server.tables)
        engine.matrix(PLACES, PLACES)
        assert len(server.tables) == asked


def test_settings_that_contradict_or_make_no_address_are_refused():
    with pytest.raises(TwoEngines, match="Set one of them"):
        engine_from(osrm_url="http://a", valhalla_url="http://b")
    with pytest.raises(InvalidAddress, match="scheme and host"):
        engine_from(osrm_url="localhost:5000")


def test_a_large_matrix_is_kept_whole(server):
    engine = Osrm(server.url, limits=Limits(locations=6, pairs=9), patience=Patience(tries=1))
    cached = Cached(engine, MemoryCache())
    first = cached.matrix(PLACES, PLACES)
    assert (cached.matrix(PLACES, PLACES).metres == first.metres).all()
    assert np.unique(first.metres).size > len(PLACES)
