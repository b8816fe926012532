"""Measured roads in the database: kept once per map, shared by processes, never in anybody's way."""

from datetime import UTC, datetime, timedelta

import pytest
from road_servers import serving
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from geodata.points import Point
from geodata.travel import Cached, Leg, Osrm, Pair, Patience
from market.db import make_engine, open_session
from market.travel_cache import DatabaseTravelCache, MeasuredRoad

AT = datetime(2026, 11, 2, 8, tzinfo=UTC)
PAIRS = [Pair(58 + n / 1000, 15.12345, 59.1, 16 + n / 1000) for n in range(1_203)]
LEGS = {pair: Leg(1_000 + n, 60 + n) if n % 7 else Leg(None, None) for n, pair in enumerate(PAIRS)}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request, tmp_path):
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'roads.sqlite3'}"
    else:
        url = request.getfixturevalue("postgres_url")
    engine = make_engine(url)
    MeasuredRoad.metadata.create_all(engine, tables=[MeasuredRoad.__table__])
    yield engine
    engine.dispose()


@pytest.fixture
def cache(database):
    return DatabaseTravelCache(database)


def _count(database):
    with open_session(database, writes=False) as session:
        return session.scalar(select(func.count()).select_from(MeasuredRoad))


def test_what_is_kept_is_found_again_to_the_metre(cache):
    cache.put_many(engine="osrm", data_version="1", legs=LEGS)
    assert cache.get_many(engine="osrm", data_version="1", pairs=PAIRS) == LEGS
    other = Pair(60, 15, 61, 15)
    found = cache.get_many(engine="osrm", data_version="1", pairs=[PAIRS[5], other, PAIRS[5]])
    assert found == {PAIRS[5]: LEGS[PAIRS[5]]}


def test_the_database_dates_each_road(cache, database):
    before = datetime.now(UTC) - timedelta(seconds=2)
    cache.put_many(engine="osrm", data_version="1", legs={PAIRS[0]: Leg(1, 1)})
    with open_session(database, writes=False) as session:
        fetched_at = session.scalars(select(MeasuredRoad.fetched_at)).one()
    assert before < fetched_at < before + timedelta(minutes=5)


def test_engines_and_versions_are_kept_apart(cache):
    cache.put_many(engine="osrm", data_version="1", legs={PAIRS[0]: Leg(1, 1)})
    assert cache.get_many(engine="osrm", data_version="2", pairs=PAIRS) == {}
    assert cache.get_many(engine="valhalla", data_version="1", pairs=PAIRS) == {}


def test_keeping_twice_changes_nothing(cache, database):
    cache.put_many(engine="osrm", data_version="1", legs={PAIRS[0]: Leg(1, 1)})
    cache.put_many(engine="osrm", data_version="1", legs={PAIRS[0]: Leg(2, 2), PAIRS[1]: Leg(3, 3)})
    found = cache.get_many(engine="osrm", data_version="1", pairs=PAIRS[:2])
    assert found == {PAIRS[0]: Leg(1, 1), PAIRS[1]: Leg(3, 3)}
    assert _count(database) == 2


def test_the_latest_version_is_that_of_the_newest_road(cache):
    assert cache.latest_version(engine="osrm") is None
    cache.put_many(engine="osrm", data_version="9", legs={PAIRS[0]: Leg(1, 1)})
    cache.put_many(engine="osrm", data_version="10", legs={PAIRS[0]: Leg(1, 1)})
    assert cache.latest_version(engine="osrm") == "10"


def test_old_maps_can_be_forgotten(cache, database):
    for version in ("1", "2"):
        cache.put_many(engine="osrm", data_version=version, legs={PAIRS[0]: Leg(1, 1)})
    cache.put_many(engine="valhalla", data_version="1", legs={PAIRS[0]: Leg(1, 1)})
    assert cache.forget_others(engine="osrm", data_version="2") == 1
    assert _count(database) == 2


def test_the_database_refuses_half_a_road(database):
    with open_session(database, writes=True) as session:
        session.add(
            MeasuredRoad(
                engine="osrm", data_version="1", from_lat_e5=1, from_lon_e5=1, to_lat_e5=2, to_lon_e5=2,
                metres=5, seconds=None, fetched_at=AT,
            )
        )  # fmt: skip
        with pytest.raises(IntegrityError, match="both_or_none"):
            session.flush()


def test_a_caller_who_is_writing_is_not_held_up(database, cache, caplog):
    with open_session(database, writes=True) as session:
        session.add(
            MeasuredRoad(
                engine="x", data_version="1", from_lat_e5=1, from_lon_e5=1, to_lat_e5=2, to_lon_e5=2,
                metres=5, seconds=5, fetched_at=AT,
            )
        )  # fmt: skip
        session.flush()
        cache.put_many(engine="osrm", data_version="1", legs={PAIRS[0]: Leg(1, 1)})
        assert cache.get_many(engine="x", data_version="1", pairs=[Pair(1e-5, 1e-5, 2e-5, 2e-5)]) == {}
        session.commit()
    if database.dialect.name == "sqlite":  # one writer at a time: the cache gave way, and said so
        assert "1 measured roads were not kept" in caplog.text
        with database.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000
    else:
        assert cache.get_many(engine="osrm", data_version="1", pairs=PAIRS[:1])


def test_without_its_table_roads_are_measured_all_the_same(tmp_path, caplog):
    cache = DatabaseTravelCache(make_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}"))
    cache.put_many(engine="osrm", data_version="1", legs={PAIRS[0]: Leg(1, 1)})
    assert cache.get_many(engine="osrm", data_version="1", pairs=PAIRS[:1]) == {}
    assert cache.latest_version(engine="osrm") is None
    assert "can't be read" in caplog.text


def test_two_processes_share_what_one_has_measured(database):
    places = [Point(lat=58 + n / 7, lon=15 + n / 9) for n in range(6)]
    with serving() as server:
        engine = Osrm(server.url, patience=Patience(tries=1))
        first = Cached(engine, DatabaseTravelCache(database)).matrix(places, places)
        second = Cached(engine, DatabaseTravelCache(database)).matrix(places, places)
        assert len(server.tables) == 1
    assert (first.metres == second.metres).all()
    assert (first.seconds == second.seconds).all()
