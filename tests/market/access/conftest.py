"""One database with something behind every address: an offer, orders in each state, a plan with its runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from factories import AT, HOUR, MONDAY, Cast, make_call, make_offer, make_order, tiny_photo
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from market.accounts.models import User
from market.accounts.operations import give_role
from market.accounts.rules import Role
from market.db import make_engine, transaction
from market.feedback.operations import tell_story
from market.orders.operations import answer_order, receive_order
from market.orders.receipt_rules import ReceivedLine
from market.orders.rules import OrderEvent
from market.orders.standing_operations import Wish, make_standing_order
from market.photos.operations import store_photo
from market.planning.models import Owner, Run, Vehicle
from market.planning.operations import plan_week
from market.register.models import CertificateScheme
from market.register.operations import add_certificate
from market.values import Quantity, Unit, Week
from routing.solve import Limit

Ids = dict[str, int]


@pytest.fixture(scope="module")
def world_template(
    cast_template: tuple[Path, Cast], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Ids]:
    """The file, and the id of each thing by the name that addresses use."""
    path = tmp_path_factory.mktemp("world") / "narmat.sqlite3"
    shutil.copy(cast_template[0], path)
    engine = make_engine(f"sqlite:///{path}")
    with transaction(engine) as session:
        cast = _attached(session, cast_template[1])
        ids = _fill(session, cast)
    week = Week.containing(MONDAY)
    plan_id = plan_week(
        engine, actor=cast.actor("logistics_planner"), week=week, at=AT, limit=Limit(iterations=50)
    )
    with transaction(engine) as session:
        ids |= {"plan_id": plan_id, "run_id": session.scalars(select(Run.id)).first() or 0}
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path, ids


@pytest.fixture
def engine(world_template: tuple[Path, Ids], tmp_path: Path) -> Iterator[Engine]:
    """A copy of it for each test, instead of the bare cast."""
    path = tmp_path / "narmat.sqlite3"
    shutil.copy(world_template[0], path)
    made = make_engine(f"sqlite:///{path}")
    yield made
    made.dispose()


@pytest.fixture
def ids(world_template: tuple[Path, Ids]) -> Ids:
    return world_template[1]


def _attached(session: Session, cast: Cast) -> Cast:
    return Cast(
        **{
            name: session.get_one(type(thing), thing.id) if hasattr(thing, "__tablename__") else thing
            for name, thing in vars(cast).items()
        }
    )


def _fill(session: Session, cast: Cast) -> Ids:
    offer, by_agreement = make_offer(session, cast), make_offer(session, cast, price=None)
    agreed = make_order(session, cast, offer, key="agreed")
    proposed = make_order(session, cast, by_agreement, key="proposed")
    declined = make_order(session, cast, offer, key="declined")
    answer_order(
        session,
        order=declined,
        event=OrderEvent.DECLINE,
        reason="Slut",
        actor=cast.actor("producer"),
        at=AT + timedelta(hours=1),
    )
    received = make_order(session, cast, offer, kilograms=10, key="received")
    receive_order(
        session, order=received, received=[ReceivedLine(line_id=received.lines[0].id, accepted=10_000)],
        decidegrees=None, note="", actor=cast.actor("kitchen"), at=AT + timedelta(days=2),
    )  # fmt: skip
    wish = Wish(quantity=Quantity.of(10, Unit.KILOGRAM), weekday=3, highest_price=None, until_on=None)
    standing = make_standing_order(
        session, product=cast.carrots, kitchen=cast.hub, wish=wish, request_key="standing",
        actor=cast.actor("kitchen"), at=AT,
    )  # fmt: skip
    tell_story(
        session, producer=cast.producer, product=cast.carrots, text="Sandjord vid ån.", place="Åkerbo",
        year=2026, photo=None, actor=cast.actor("producer"), at=AT,
    )  # fmt: skip
    session.add(_vehicle(cast.authority.id))
    person = session.scalars(select(User).where(User.email == "producer@example.se")).one()
    second = give_role(
        session, user=person, role=Role.KITCHEN, kitchen_id=cast.hub.id, by_user_id=None, at=AT
    )
    call = make_call(session, cast)
    certificate = add_certificate(
        session,
        producer=cast.producer,
        scheme=CertificateScheme.KRAV,
        number="1234",
        last_valid_on=MONDAY + timedelta(days=300),
        actor=cast.actor("producer"),
        at=AT,
    )
    photo = store_photo(session, data=tiny_photo(), actor=cast.actor("producer"), at=AT)
    session.flush()
    return {
        "photo_id": photo.id,
        "call_id": call.id,
        "certificate_id": certificate.id,
        "offer_id": offer.id,
        "order_id": agreed.id,
        "proposed_id": proposed.id,
        "received_id": received.id,
        "standing_id": standing.id,
        "kitchen_id": cast.hub.id,
        "site_id": cast.site.id,
        "product_id": cast.carrots.id,
        "producer_id": cast.producer.id,
        "authority_id": cast.authority.id,
        "user_id": person.id,
        "membership_id": second.id,
        "vehicle_id": session.scalars(select(Vehicle.id)).one(),
    }


def _vehicle(authority_id: int) -> Vehicle:
    return Vehicle(
        authority_id=authority_id,
        name="Kylbilen",
        owner=Owner.MUNICIPALITY,
        home_name="Förrådet",
        lat=59.76,
        lon=18.70,
        capacity_grams=900_000,
        capacity_crates=80,
        weekdays="12345",
        shift_starts_s=6 * HOUR,
        shift_ends_s=15 * HOUR,
        fixed_ore_per_shift=20_000,
        ore_per_km=400,
        ore_per_hour=30_000,
        co2e_g_per_km=210,
    )
