"""The migrations build what the models say, on both databases, and can be taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import IntegrityError

from market.audit import GENESIS, AuditHead
from market.db import Base, make_engine, open_session, transaction
from market.migrations import config, is_current, upgrade
from market.offers.models import Offer, Reservation
from market.offers.rules import OfferState
from market.register.categories import CATEGORIES
from market.register.models import Category

pytestmark = pytest.mark.no_cover  # migrations are left out anyway
DATABASES = ["sqlite", pytest.param("postgres", marks=[pytest.mark.slow, pytest.mark.postgres])]


@pytest.fixture(params=DATABASES)
def migrated(request, migrated_url) -> Iterator[Engine]:
    engine = make_engine(migrated_url(request.param))
    yield engine
    engine.dispose()


def checks(engine: Engine) -> dict[str, dict[str, str]]:
    """The text of every CHECK, by table and name: what comparing the metadata leaves out."""
    inspector = inspect(engine)
    return {
        table: {
            check["name"]: "".join(check["sqltext"].split())
            for check in inspector.get_check_constraints(table)
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def indexes(engine: Engine) -> dict[str, list[tuple[str, object]]]:
    """Name, uniqueness and condition of every index, by table."""
    inspector = inspect(engine)
    return {
        table: sorted(
            (
                str(index["name"]),
                str(index["unique"]),
                str({key: str(value) for key, value in index.get("dialect_options", {}).items()}),
            )
            for index in inspector.get_indexes(table)
        )
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def test_the_schema_is_the_models(migrated):
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_checks_and_indexes_are_the_models(migrated):
    by_migration = checks(migrated), indexes(migrated)
    command.downgrade(config(migrated), "base")
    Base.metadata.create_all(migrated)
    assert (checks(migrated), indexes(migrated)) == by_migration
    assert sum(map(len, by_migration[0].values())) > 30


def test_down_to_nothing_and_up_again(migrated):
    command.downgrade(config(migrated), "base")
    assert set(inspect(migrated).get_table_names()) <= {"alembic_version"}
    assert not is_current(migrated)
    upgrade(migrated)
    assert is_current(migrated)
    with open_session(migrated, writes=False) as session:
        assert session.get_one(AuditHead, 1).hash == GENESIS


def test_upgrading_twice_does_nothing_more(migrated):
    upgrade(migrated)
    with open_session(migrated, writes=False) as session:
        assert len(session.scalars(select(Category)).all()) == len(CATEGORIES)


def test_the_categories_of_the_report_are_there_with_their_codes(migrated):
    with open_session(migrated, writes=False) as session:
        found = session.scalars(select(Category).order_by(Category.position)).all()
        assert [(c.key, c.name_sv, c.name_en, tuple(cpv.code for cpv in c.codes)) for c in found] == [
            (key, swedish, english, tuple(codes)) for key, swedish, english, codes in CATEGORIES
        ]


EARLIER_ROWS = """
INSERT INTO producers (id, name, is_sole_trader, phone, email, story, is_demo, created_at)
 VALUES (1, 'Gården', false, '', '', '', false, '2026-11-23 08:00:00');
INSERT INTO production_sites (id, producer_id, name, address, lat, lon, collection_note)
 VALUES (1, 1, 'Gården', '', 59.8, 18.5, '');
INSERT INTO products (id, producer_id, category_key, name, unit, grams_per_unit, is_organic, temperature)
 VALUES (1, 1, 'vegetables', 'Morötter', 'KGM', 1000, false, 'ambient');
INSERT INTO offers (id, product_id, site_id, unit, posted, reserved, available_from, available_until, is_surplus,
 is_organic, note, state, created_at)
 VALUES (1, 1, 1, 'KGM', 1000, 500, '2026-11-23', '2026-11-30', false, false, '', 'withdrawn', '2026-11-23 08:00:00');
INSERT INTO reservations (id, offer_id, steps, state, held_at) VALUES (1, 1, 500, 'held', '2026-11-23 08:00:00')
"""


def test_what_is_out_when_the_tables_change_keeps_its_rows_and_gets_a_history(migrated):
    """A table that others refer to is made anew on SQLite: the references are still good afterwards."""
    command.downgrade(config(migrated), "0003")
    with transaction(migrated) as session:
        for statement in EARLIER_ROWS.split(";"):
            session.execute(text(statement))
    upgrade(migrated)
    with open_session(migrated, writes=False) as session:
        offer = session.scalars(select(Offer)).one()
        assert [step.to_state for step in offer.transitions] == [OfferState.OPEN, OfferState.WITHDRAWN]
        assert [(one.number, one.posted) for one in offer.versions] == [(1, 1000)]
        assert (offer.is_for_all, offer.is_collected, offer.version) == (True, True, 1)
        assert session.scalars(select(Reservation)).one().offer is offer
    command.downgrade(config(migrated), "0003")
    with pytest.raises(IntegrityError), transaction(migrated) as session:
        session.execute(text("DELETE FROM offers"))


EARLIER_ANSWERS = """
INSERT INTO authorities (id, name, municipality_code, procedure, transport_model, transport_note, is_demo, created_at)
 VALUES (1, 'X', '0188', 'direct_award', 'municipal_vans', '', false, '2026-11-23 08:00:00');
INSERT INTO users (id, email, name, active, fs_uniquifier, language, created_at) VALUES (1, 'a@b.se', 'A', true, 'u', 'sv', '2026-11-23 08:00:00');
INSERT INTO scenarios (id, authority_id, name, params, request_key, created_at, created_by_id)
 VALUES (1, 1, 'S', '{}', 'k', '2026-11-23 08:00:00', 1)
"""
ANSWER = "INSERT INTO scenario_results (id, scenario_id, number, fingerprint, outcome, worked_out_at) VALUES (:id, 1, :id, 'f', :said, '2026-11-23 08:00:00')"


def test_answers_that_there_are_say_their_meals(migrated):
    command.downgrade(config(migrated), "0021")
    brought = [{"delivered_grams": 50_000}, {"delivered_grams": 30_100}]
    with transaction(migrated) as session:
        for statement in EARLIER_ANSWERS.split(";"):
            session.execute(text(statement))
        for number, (needed, meal_grams) in enumerate(((500, 200), (300, 200), (0, 0)), start=1):
            said = {"meals_needed": needed, "meal_grams": meal_grams, "categories": brought}
            session.execute(text(ANSWER), {"id": number, "said": json.dumps(said)})
    upgrade(migrated)
    with open_session(migrated, writes=False) as session:
        rows = session.execute(text("SELECT meals, meals_needed FROM scenario_results ORDER BY id"))
        assert [tuple(row) for row in rows] == [(400, 500), (300, 300), (0, 0)]


def test_a_column_holds_only_its_choices(migrated):
    """One example of what the checks are for: a state that the program does not know."""
    with pytest.raises(IntegrityError, match="ck_authorities_procedure"), transaction(migrated) as session:
        session.execute(
            text(
                "INSERT INTO authorities (name, municipality_code, procedure, transport_model, transport_note,"
                " is_demo, created_at)"
                " VALUES ('X', '0188', 'auction', 'municipal_vans', '', false, '2026-11-23 08:00:00')"
            )
        )


def test_foreign_keys_are_kept(migrated):
    with pytest.raises(IntegrityError), transaction(migrated) as session:
        session.execute(text("INSERT INTO memberships (user_id, role) VALUES (4711, 'admin')"))


def test_an_offer_is_packed_in_something_known(engine, session, cast):
    from factories import make_offer

    offer = make_offer(session, cast)
    with pytest.raises(IntegrityError, match="ck_offers_package"):
        session.execute(text("UPDATE offers SET package = 'XYZ' WHERE id = :id"), {"id": offer.id})
    assert Offer.__table__.c.package.nullable
