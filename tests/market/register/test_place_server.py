"""Addresses from a server that the operator has set: found, kept, refused in words, and never in anybody's way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from factories import Cast
from flask import Flask
from flask.testing import FlaskClient
from nominatim_server import answering
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from market import shell
from market.config import BadSetting
from market.db import transaction
from market.geocode_cache import DatabaseGeocodeCache
from market.geocoding import geocoder
from market.register.models import ProductionSite

pytestmark = pytest.mark.slow

SignIn = Callable[[str | None], FlaskClient]
NEW = "/register/sites/new"
FORM = {"name": "Torget", "place": "Storgatan 1, Tierp"}
ANSWERS = {
    "storgatan 1, tierp": [{"display_name": "Storgatan 1, Tierp", "lat": "60.343", "lon": "17.515"}],
    "trasigt": None,
}


def connect(app: Flask, url: str) -> None:
    settings = app.extensions["narmat.settings"].having(nominatim_url=url, nominatim_user_agent="narmat-test")
    app.extensions["narmat.geocoder"] = geocoder(
        settings, database=app.extensions["narmat.engine"], let_go=shell.let_go
    )


def site(look: Session, name: str) -> ProductionSite | None:
    return look.scalar(select(ProductionSite).where(ProductionSite.name == name))


def test_an_address_is_found_and_asked_for_once(app: Flask, client_for: SignIn, stored: Cast, look: Session):
    with answering(ANSWERS) as (url, asked):
        connect(app, url)
        client = client_for("producer")
        assert client.post(NEW, data=FORM).status_code == 302
        connect(app, url)  # as another worker would, with nothing in its memory
        assert client.post(NEW, data=FORM | {"name": "Torget 2"}).status_code == 302
    assert [agent for agent, _ in asked] == ["narmat-test"]
    found = site(look, "Torget")
    assert found is not None
    assert (found.lat, found.lon, found.municipality_code) == (60.343, 17.515, "0360")


def test_others_may_write_while_the_server_thinks(
    app: Flask, client_for: SignIn, stored: Cast, engine: Engine
):
    written = []

    def another_writes() -> None:
        with transaction(engine) as session:
            session.execute(text("UPDATE producers SET story = 'Skrivet under tiden'"))
        written.append(True)

    with answering(ANSWERS, meanwhile=another_writes) as (url, _):
        connect(app, url)
        assert client_for("producer").post(NEW, data=FORM).status_code == 302
    assert written == [True]


def test_a_server_that_fails_is_told_in_words_and_nothing_is_stored(
    app: Flask, client_for: SignIn, stored: Cast, look: Session
):
    with answering(ANSWERS) as (url, _):
        connect(app, url)
        page = client_for("producer").post(NEW, data=FORM | {"place": "Trasigt"})
    assert "Tjänsten som känner adresser svarar inte just nu." in page.text
    assert site(look, "Torget") is None


def test_what_the_gazetteer_knows_is_not_asked(app: Flask, client_for: SignIn, stored: Cast):
    with answering(ANSWERS) as (url, asked):
        connect(app, url)
        assert client_for("producer").post(NEW, data=FORM | {"place": "Norrtalje"}).status_code == 302
    assert asked == []


def test_a_later_answer_replaces_the_kept_one(engine: Engine):
    cache = DatabaseGeocodeCache(engine)
    cache.put(server="s", query="q", answer="[1]")
    cache.put(server="s", query="q", answer="[2]")
    assert (cache.get(server="s", query="q"), cache.get(server="t", query="q")) == ("[2]", None)


@pytest.mark.parametrize("changes", [{"nominatim_url": "nominatim"}, {"nominatim_url": "http://127.0.0.1:1"}])
def test_settings_that_cannot_be_used_stop_the_start(app: Flask, changes: dict[str, str]):
    settings = app.extensions["narmat.settings"].having(**changes)
    with pytest.raises(BadSetting, match="NARMAT_NOMINATIM"):
        geocoder(settings, database=app.extensions["narmat.engine"], let_go=shell.let_go)


def test_openstreetmap_is_named_where_its_data_is_shown(app: Flask, client_for: SignIn):
    assert "OpenStreetMap" not in client_for(None).get("/about").text
    settings = app.extensions["narmat.settings"]
    app.extensions["narmat.settings"] = settings.having(nominatim_url="http://127.0.0.1:1")
    assert client_for(None).get("/about").text.count("© OpenStreetMaps bidragsgivare") == 2
