"""Roads are measured by the operator's engine when there is one, and every page says when they are only estimated."""

from __future__ import annotations

import numpy as np
import pytest
from factories import make_offer

from geodata.points import Point
from geodata.travel import Estimator, TravelMatrix
from market.config import BadSetting, Settings
from market.travel import travel_engine


class Measured:
    """An engine that knows every road to be 31 km."""

    def __init__(self, *, reachable=True):
        self.reachable = reachable

    def matrix(self, origins, destinations):
        shape = (len(origins), len(destinations))
        return TravelMatrix(
            metres=np.full(shape, 31_000),
            seconds=np.full(shape, 1800),
            engine="osrm",
            data_version="2026-10-01",
            is_estimate=False,
            reachable=np.full(shape, self.reachable),
        )


def settings(tmp_path, **addresses) -> Settings:
    return Settings(
        instance=tmp_path, database_url="", secret_key="only for tests", password_salt="", **addresses
    )


def test_without_an_engine_roads_are_estimated(engine, tmp_path):
    assert isinstance(travel_engine(settings(tmp_path), database=engine), Estimator)


@pytest.mark.parametrize(
    "addresses",
    [{"osrm_url": "http://127.0.0.1:5000", "valhalla_url": "http://127.0.0.1:8002"}, {"osrm_url": "ftp://x"}],
)
def test_addresses_that_cannot_be_used_stop_the_start(engine, tmp_path, addresses):
    with pytest.raises(BadSetting, match="NARMAT_OSRM_URL"):
        travel_engine(settings(tmp_path, **addresses), database=engine)


@pytest.fixture
def offered(session, cast):
    make_offer(session, cast)
    session.commit()


def test_an_estimated_road_is_marked(client_for, offered):
    assert "på väg, uppskattat" in client_for("kitchen").get("/offers?week=2026-W48").text


def test_a_measured_road_is_not(app, client_for, offered):
    app.extensions["narmat.travel"] = Measured()
    page = client_for("kitchen").get("/offers?week=2026-W48").text
    assert "31\u00a0km på väg" in page
    assert "uppskattat" not in page


def test_where_no_road_leads_it_says_so(app, client_for, offered):
    app.extensions["narmat.travel"] = Measured(reachable=False)
    page = client_for("kitchen").get("/offers?week=2026-W48").text
    assert "ingen väg dit" in page
    assert "10\u00a0000\u00a0km" not in page


def test_the_operator_says_how_roads_are_estimated(engine, tmp_path):
    kiruna, tierp = Point(lat=67.85, lon=20.23), Point(lat=60.34, lon=17.51)
    usual = travel_engine(settings(tmp_path), database=engine).matrix([kiruna], [tierp])
    slower = settings(tmp_path, road_estimate="1.30 30; 1.2 70; 1.4 20")
    found = travel_engine(slower, database=engine).matrix([kiruna], [tierp])
    assert found.seconds[0, 0] == pytest.approx(2 * usual.seconds[0, 0], abs=2)
    assert found.metres[0, 0] == usual.metres[0, 0]


@pytest.mark.parametrize(
    "text", ["1.3 60", "1.3 60; 1.2; 1.4 50", "1,3 60; 1.2 70; 1.4 50", "0.9 60; 1.2 70; 1.4 50"]
)
def test_an_estimate_that_cannot_be_read_stops_the_start(engine, tmp_path, text):
    with pytest.raises(BadSetting, match=r"NARMAT_ROAD_ESTIMATE.*Write three cases"):
        travel_engine(settings(tmp_path, road_estimate=text), database=engine)
