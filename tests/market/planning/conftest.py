"""A week to plan: two growers, a hub with a satellite, one van; orders on Wednesday and Thursday."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from database_states import done_once
from factories import AT, HOUR, MONDAY, Cast, make_offer, make_order
from sqlalchemy import Engine, Executable
from sqlalchemy.orm import Session

from market.actors import Actor
from market.db import open_session, transaction
from market.fleet.models import Carrier, Vehicle
from market.fleet.rules import CarrierKind
from market.offers.models import Offer
from market.offers.operations import post_offer
from market.offers.rules import OfferTerms
from market.orders.models import Order
from market.orders.operations import answer_order, place_order
from market.orders.rules import OrderEvent
from market.planning.models import WeekPlan
from market.planning.operations import plan_week, publish_plan
from market.register.models import Category, Kitchen, Producer, Step
from market.register.operations import add_product
from market.values import Period, Quantity, Unit, Week
from routing.solve import Limit

WEDNESDAY, THURSDAY = MONDAY + timedelta(days=2), MONDAY + timedelta(days=3)
QUICK = Limit(iterations=12, seconds=5)


def attached(session: Session, cast: Cast) -> Cast:
    """The cast in another session than the test's own."""
    return Cast(
        **{
            name: session.get_one(type(thing), thing.id) if hasattr(thing, "__tablename__") else thing
            for name, thing in vars(cast).items()
        }
    )


def make_vehicle(authority_id: int, name: str = "Kylbilen", **changes: object) -> Vehicle:
    """A municipal van at home in Norrtälje, Monday to Friday 06-15."""
    values: dict[str, object] = {
        "authority_id": authority_id,
        "name": name,
        "carrier": Carrier(
            authority_id=authority_id, kind=CarrierKind.MUNICIPALITY, name=f"Kommunen, {name}"
        ),
        "home_name": "Förrådet",
        "lat": 59.76,
        "lon": 18.70,
        "capacity_grams": 900_000,
        "capacity_crates": 80,
        "weekdays": "12345",
        "shift_starts_s": 6 * HOUR,
        "shift_ends_s": 15 * HOUR,
        "fixed_ore_per_shift": 20_000,
        "ore_per_km": 400,
        "ore_per_hour": 30_000,
        "co2e_g_per_km": 210,
    }
    return Vehicle(**(values | changes))


def potato_offer(session: Session, cast: Cast) -> Offer:
    """The other grower's potatoes, loose, this week."""
    producer = session.get_one(Producer, cast.other_producer.id)
    potatoes = add_product(
        session,
        producer=producer,
        name="Potatis",
        category=session.get_one(Category, "vegetables"),
        unit=Unit.KILOGRAM,
        grams_per_unit=1000,
        chain=[(Step.FARM, producer.sites[0])],
        user_id=None,
        at=AT,
    )
    terms = OfferTerms(
        quantity=Quantity.of(500, Unit.KILOGRAM),
        period=Period(MONDAY, MONDAY + timedelta(days=7)),
        price=Decimal(9),
    )
    actor = cast.actor("other_producer")
    return post_offer(session, product=potatoes, site=producer.sites[0], terms=terms, actor=actor, at=AT)


def order_for_satellite(session: Session, cast: Cast, offer: Offer, *, kilograms: int, day: date) -> int:
    return place_order(
        session,
        offer=offer,
        kitchen=session.get_one(Kitchen, cast.satellite.id),
        quantity=Quantity.of(kilograms, Unit.KILOGRAM),
        deliver_on=day,
        proposed_price=None,
        note="",
        request_key=f"satellite-{day}",
        actor=cast.actor("satellite"),
        at=AT,
    ).id


@dataclass(frozen=True)
class PlannedWeek:
    """The ids of what is in the database, and who plans."""

    engine: Engine
    cast: Cast
    week: Week
    carrots: int
    potatoes: int
    thursday: int
    proposed: int

    @property
    def planner(self) -> Actor:
        return self.cast.actor("logistics_planner")

    def make_plan(self, *, at: datetime = AT, week: Week | None = None) -> int:
        return plan_week(self.engine, actor=self.planner, week=week or self.week, at=at, limit=QUICK)

    def first_plan(self) -> int:
        """The same, searched for once for all tests that begin with it."""
        return done_once(self.engine, "plan", self.make_plan)

    def publish(self, plan_id: int) -> None:
        with transaction(self.engine) as session:
            publish_plan(session, plan=session.get_one(WeekPlan, plan_id), actor=self.planner, at=AT)

    def cancel(self, order_id: int) -> None:
        with transaction(self.engine) as session:
            order = session.get_one(Order, order_id)
            actor = self.cast.actor("kitchen")
            answer_order(session, order=order, event=OrderEvent.CANCEL, reason="Stängt", actor=actor, at=AT)

    def add_vehicle(self, name: str, **changes: object) -> None:
        with transaction(self.engine) as session:
            session.add(make_vehicle(self.cast.authority.id, name, **changes))

    def change(self, *statements: Executable) -> None:
        """Commit something, as another request would."""
        with transaction(self.engine) as session:
            for statement in statements:
                session.execute(statement)


@pytest.fixture
def to_plan(engine: Engine, cast_template: tuple[object, Cast]) -> PlannedWeek:
    """Committed: 40 kg carrots to the hub and 25 kg potatoes to its satellite on Wednesday, carrots on Thursday."""
    made = done_once(engine, "week to plan", lambda: _made(engine, cast_template[1]))
    return PlannedWeek(engine=engine, **made)


def _made(engine: Engine, cast: Cast) -> dict[str, Any]:
    with transaction(engine) as session:
        cast = attached(session, cast)
        session.add(make_vehicle(cast.authority.id))
        cast.hub.loading_note = "Lastkajen på baksidan"
        cast.site.address = "Åkerbovägen 3"
        carrots = make_offer(session, cast)
        by_agreement = make_offer(session, cast, price=None)
        potatoes = potato_offer(session, cast)
        return dict(
            cast=cast,
            week=Week.containing(MONDAY),
            carrots=make_order(session, cast, carrots, day=WEDNESDAY, key="wednesday").id,
            potatoes=order_for_satellite(session, cast, potatoes, kilograms=25, day=WEDNESDAY),
            thursday=make_order(session, cast, carrots, kilograms=30, day=THURSDAY, key="thursday").id,
            proposed=make_order(session, cast, by_agreement, day=WEDNESDAY, key="proposed").id,
        )


@pytest.fixture
def on_offer(engine: Engine, cast_template: tuple[object, Cast]) -> dict[str, int]:
    """Committed: carrots of the one grower and potatoes of the other, and nothing that drives. Ids of the offers."""
    with transaction(engine) as session:
        cast = attached(session, cast_template[1])
        return {"carrots": make_offer(session, cast).id, "potatoes": potato_offer(session, cast).id}


@pytest.fixture
def look(engine: Engine) -> Iterator[Session]:
    """A session that only reads."""
    with open_session(engine, writes=False) as session:
        yield session
