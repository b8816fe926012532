"""Whatever happens to an offer and its orders in whatever order: the stock adds up, and each state has its row."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import pytest
from factories import AT, Cast, make_offer
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from market.db import make_engine, open_session
from market.offers.models import Offer, OfferTransition, OfferVersion, Reservation
from market.offers.operations import (
    CHANGED,
    change_offer,
    pause_offer,
    resume_offer,
    terms_of,
    withdraw_offer,
)
from market.offers.rules import TRANSITIONS, OfferChange, OfferState, ReservationState
from market.offers.stock import release, reserve
from market.register.models import Product, ProductionSite
from market.values import Quantity, Refused, Unit


class LifeOfAnOffer(RuleBasedStateMachine):
    template: ClassVar[Path]
    kept: ClassVar[Cast]
    held = Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "narmat.sqlite3"
        shutil.copy(self.template, path)
        self.engine = make_engine(f"sqlite:///{path}")
        self.session = open_session(self.engine, writes=True)
        cast = replace(
            self.kept,
            carrots=self.session.get_one(Product, self.kept.carrots.id),
            site=self.session.get_one(ProductionSite, self.kept.site.id),
        )
        self.actor = cast.actor("producer")
        self.offer = make_offer(self.session, cast)

    def teardown(self) -> None:
        self.session.close()
        self.engine.dispose()
        self.folder.cleanup()

    def tried(self, step, **arguments):
        try:
            with self.session.begin_nested():
                return step(self.session, at=AT, **arguments)
        except Refused:
            return None

    @rule(target=held, boxes=st.integers(1, 15))
    def reserves(self, boxes):
        quantity = Quantity.of(boxes * 10, Unit.KILOGRAM)
        return self.tried(reserve, offer=self.offer, quantity=quantity)

    @rule(reservation=held)
    def releases(self, reservation):
        """Also the same one again."""
        if reservation is not None:
            release(self.session, reservation=reservation, at=AT)

    @rule(boxes=st.integers(1, 20), price=st.integers(1, 99), stale=st.booleans())
    def changes(self, boxes, price, stale):
        terms = terms_of(self.offer)
        change = OfferChange(
            **{name: getattr(terms, name) for name in CHANGED}
            | {"quantity": Quantity.of(boxes * 10, Unit.KILOGRAM), "price": Decimal(price)}
        )
        seen = self.offer.version - stale
        self.tried(change_offer, offer=self.offer, change=change, seen_version=seen, actor=self.actor)

    @rule(step=st.sampled_from([pause_offer, resume_offer, pause_offer, resume_offer, withdraw_offer]))
    def moves(self, step):
        self.tried(step, offer=self.offer, actor=self.actor)

    @invariant()
    def the_stock_adds_up(self):
        held = select(func.coalesce(func.sum(Reservation.steps), 0)).where(
            Reservation.offer_id == self.offer.id, Reservation.state == ReservationState.HELD
        )
        stored = self.session.execute(select(Offer.reserved, Offer.posted)).one()
        assert 0 <= stored.reserved <= stored.posted
        assert self.session.scalar(held) == stored.reserved

    @invariant()
    def each_state_has_its_row(self):
        rows = self.session.execute(
            select(OfferTransition.event, OfferTransition.to_state).order_by(OfferTransition.id)
        ).all()
        state: OfferState | None = None
        for event, to_state in rows:
            assert TRANSITIONS[state, event] is to_state
            state = to_state
        assert state is self.session.scalar(select(Offer.state))

    @invariant()
    def the_newest_version_is_what_is_out(self):
        newest = self.session.scalars(
            select(OfferVersion).order_by(OfferVersion.number.desc()).limit(1)
        ).one()
        stored = self.session.execute(select(Offer.version, Offer.posted, Offer.price)).one()
        assert (newest.number, newest.posted, newest.price) == tuple(stored)


@pytest.mark.slow
def test_the_life_of_an_offer(cast_template):
    LifeOfAnOffer.template, LifeOfAnOffer.kept = cast_template
    run_state_machine_as_test(
        LifeOfAnOffer,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
