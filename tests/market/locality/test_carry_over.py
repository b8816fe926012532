"""Definitions that were a column of the authority become versions, and can be taken back; on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest
from alembic import command
from sqlalchemy import Engine, text

from market.db import make_engine, open_session, transaction
from market.locality.queries import stated_in
from market.migrations import config, upgrade

DATABASES = ["sqlite", pytest.param("postgres", marks=[pytest.mark.slow, pytest.mark.postgres])]
EVERY_STEP = ["farm", "slaughter", "processing", "packing"]
BY_DISTANCE = {
    "rule": {"kind": "within_distance", "km": 250, "by": "crow", "measured_from": "kitchen"},
    "steps": EVERY_STEP, "valid_from": None, "valid_to": None, "wording": "",
}  # fmt: skip
OWN_COUNTY = BY_DISTANCE | {"rule": {"kind": "in_county"}}
ROWS = (
    ("Norrtälje kommun", "0188", BY_DISTANCE, "25 mil."),
    ("Heby kommun", "0331", OWN_COUNTY, "Inom länet."),
    ("Tierps kommun", "0360", OWN_COUNTY, ""),
)


@pytest.fixture(params=DATABASES)
def before(request, tmp_path) -> Iterator[Engine]:
    """A database of the release before, with three authorities and a kitchen that points to one of them."""
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    engine = make_engine(
        request.getfixturevalue("empty_postgres_url") if request.param == "postgres" else url
    )
    upgrade(engine, "0001")
    with transaction(engine) as session:
        for name, code, definition, wording in ROWS:
            session.execute(
                text(
                    "INSERT INTO authorities (name, municipality_code, procedure, transport_model, transport_note,"
                    " local_definition, own_wording, is_demo, created_at) VALUES (:name, :code, 'dis',"
                    " 'municipal_vans', '', :definition, :wording, false, '2026-03-31 22:30:00+00:00')"
                ),
                {"name": name, "code": code, "definition": json.dumps(definition), "wording": wording},
            )
        session.execute(
            text(
                "INSERT INTO kitchens (authority_id, name, kind, address, lat, lon, loading_note, is_active)"
                " SELECT id, 'Köket', 'hub', '', 59.7, 18.7, '', true FROM authorities WHERE municipality_code = '0188'"
            )
        )
    yield engine
    engine.dispose()


def test_what_was_stated_is_version_one_and_what_was_only_assumed_is_none(before):
    upgrade(before)
    with open_session(before, writes=False) as session:
        norrtalje, heby, tierp = (
            stated_in(session, code=code, day=date(2026, 4, 1)) for code in ("0188", "0331", "0360")
        )
        assert norrtalje.version is not None
        assert norrtalje.version.definition == BY_DISTANCE
        assert (norrtalje.version.number, norrtalje.wording) == (1, "25 mil.")
        assert norrtalje.version.valid_from == date(2026, 4, 1), "the Swedish day on which it was registered"
        assert norrtalje.kitchen is not None
        assert not heby.is_assumption
        assert tierp.is_assumption


def test_the_way_back_keeps_each_definition(before):
    upgrade(before)
    command.downgrade(config(before), "0001")
    with before.connect() as connection:
        rows = connection.execute(
            text("SELECT municipality_code, local_definition, own_wording FROM authorities ORDER BY id")
        ).all()
    found = [(code, json.loads(d) if isinstance(d, str) else d, wording) for code, d, wording in rows]
    assert found[:2] == [(code, definition, wording) for _, code, definition, wording in ROWS[:2]]
    assert found[2][1]["rule"] == {"kind": "in_county"}
