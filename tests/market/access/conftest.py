"""One database with something behind every address: an offer, orders in each state, a plan with its runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from factories import AT, HOUR, MONDAY, Cast, make_offer, make_order
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from market.accounts.models import User
from market.accounts.operations import give_role
from market.accounts.rules import Role
from market.db import make_engine, transaction
from market.direct.models import AwardDocument
from market.direct.operations import add_carve_out
from market.direct.rules import Measure
from market.law.models import LawValue
from market.limits.models import Award
from market.limits.officer_operations import lift_block, record_purchase, save_kind
from market.limits.rules import LiftGround
from market.orders.operations import answer_order
from market.orders.rules import OrderEvent
from market.planning.models import Owner, Run, Vehicle
from market.planning.operations import plan_week
from market.register.models import Category
from market.values import Week
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
    session.add(_vehicle(cast.authority.id))
    person = session.scalars(select(User).where(User.email == "producer@example.se")).one()
    second = give_role(
        session, user=person, role=Role.KITCHEN, kitchen_id=cast.hub.id, by_user_id=None, at=AT
    )
    session.flush()
    return _limits(session, cast) | {
        "offer_id": offer.id,
        "order_id": agreed.id,
        "proposed_id": proposed.id,
        "kitchen_id": cast.hub.id,
        "site_id": cast.site.id,
        "product_id": cast.carrots.id,
        "producer_id": cast.producer.id,
        "authority_id": cast.authority.id,
        "user_id": person.id,
        "membership_id": second.id,
        "vehicle_id": session.scalars(select(Vehicle.id)).one(),
    }


def _limits(session: Session, cast: Cast) -> Ids:
    """A purchase made elsewhere with its file, a kept version of it, a grouping, a lift and a carve-out."""
    officer, authority = cast.actor("procurement_officer"), cast.authority
    entry = record_purchase(
        session, authority=authority, category_key="fish", supplier_name="Fiskbilen", ore=15_000_000, on=MONDAY,
        reason="Torget", although_over=False, request_key="elsewhere", actor=officer, at=AT,
    )  # fmt: skip
    kind = save_kind(
        session,
        authority=authority,
        kind=None,
        name="Bröd och mjöl",
        categories=["bread"],
        actor=officer,
        at=AT,
    )
    lift = lift_block(
        session, authority=authority, kind_key="fish", ground=LiftGround.URGENCY, extra_ore=100, last_day=MONDAY,
        reason="Frysen gick sönder i natt.", request_key="lift", actor=officer, at=AT,
    )  # fmt: skip
    carve_out = add_carve_out(
        session, authority=authority, category=session.get_one(Category, "fish"), contract="Grossist",
        measure=Measure.MONEY, total=1_000_000, share=Decimal(5), valid_from=MONDAY,
        valid_until=MONDAY + timedelta(days=30), actor=officer, at=AT,
    )  # fmt: skip
    award = session.scalars(select(Award)).one()
    kept = AwardDocument(
        award_id=award.id, version=1, value_ore=1, contract_on=MONDAY, keep_until=MONDAY, sha256="0" * 64,
        pdf=b"%PDF", completed_at=AT, completed_by_id=officer.user_id,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    return {
        "entry_id": entry.id,
        "kind_id": kind.id,
        "lift_id": lift.id,
        "carve_out_id": carve_out.id,
        "award_id": award.id,
        "version": kept.version,
        "value_id": session.scalars(select(LawValue.id)).first() or 0,
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
