"""Each persona finds what their story needs, at once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from market.accounts.models import Membership, User
from market.accounts.rules import DEMO_DOMAIN, Role
from market.audit import AuditEvent
from market.db import transaction
from market.demo import PERSONAS, DemoExists, create_demo
from market.dis.sealing.keeping import Keeper
from market.offers.models import Offer, PhoneCall
from market.offers.rules import OfferState
from market.orders.models import Delivery, Order, OrderLine
from market.orders.receipt_rules import DeviationKind
from market.orders.rules import OrderState
from market.register.models import ChainLink, Kitchen, Producer, Product, ProductionSite
from market.values import Unit


def test_counts_in_the_summary_are_those_of_the_database(session, summary):
    kinds = {
        "kitchens": Kitchen,
        "producers": Producer,
        "products": Product,
        "offers": Offer,
        "orders": Order,
    }
    for name, kind in kinds.items():
        assert getattr(summary, name) == session.scalar(select(func.count()).select_from(kind)), name
    assert 55 <= summary.producers <= 66
    assert (summary.authorities, summary.kitchens) == (9, 42)
    assert summary.proposed + summary.agreed + summary.received == summary.orders


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.key)
def test_persona_can_sign_in_and_belongs_where_it_says(session, persona):
    user = session.scalar(select(User).where(User.email == f"{persona.key}@{DEMO_DOMAIN}"))
    membership = session.scalars(select(Membership).where(Membership.user_id == user.id)).one()
    organisation = membership.producer or membership.kitchen or membership.authority
    assert (user.name, membership.role) == (persona.name, persona.role)
    assert user.active
    assert (organisation.name if organisation else "") == persona.organisation


def test_every_role_has_a_persona_and_no_two_share_an_organisation():
    assert {persona.role for persona in PERSONAS} == set(Role)
    places = [(persona.role, persona.organisation) for persona in PERSONAS]
    assert len(set(places)) == len(places)


def test_carrots_are_ready_to_be_flagged_this_week_and_repeated_from_last(session, summary):
    producer = _producer_of(session, "producer")
    carrots = next(product for product in producer.products if product.name == "Morötter")
    assert carrots.unit is Unit.KILOGRAM
    offers = select(Offer).where(Offer.product_id == carrots.id).order_by(Offer.available_until.desc())
    last = session.scalars(offers).first()
    assert last.available_until == summary.week.monday
    assert (last.posted, last.package_steps, last.price) == (120_000, 10_000, Decimal(14))


def test_the_grower_has_offers_and_an_order_that_waits_for_her_answer(session, summary):
    producer = _producer_of(session, "producer")
    offers = session.scalars(select(Offer).join(Offer.product).where(Product.producer_id == producer.id))
    assert any(offer.available_from == summary.week.monday for offer in offers)
    states = set(session.scalars(select(Order.state).where(Order.producer_id == producer.id)))
    assert states >= {OrderState.PROPOSED, OrderState.RECEIVED}


def test_last_week_came_with_goods_short_damaged_and_overweight(session):
    lines = [line for delivery in session.scalars(select(Delivery)) for line in delivery.lines]
    deviations = {line.deviation for line in lines}
    assert deviations >= {None, DeviationKind.SHORT, DeviationKind.DAMAGED}
    assert any(line.accepted > line.order_line.steps for line in lines)
    assert sum(line.deviation is None for line in lines) > len(lines) / 2


def test_eggs_are_sold_by_piece_and_milk_by_litre(session):
    for category, unit, grams in (("eggs", Unit.PIECE, 60), ("dairy", Unit.LITRE, 1030)):
        loose = select(Product).where(Product.category_key == category, Product.piece_grams.is_(None))
        for product in session.scalars(loose):
            assert (product.unit, product.grams_per_unit) == (unit, grams)


def test_offers_show_all_that_an_offer_can_say(session):
    offers = list(session.scalars(select(Offer)))
    for said in (
        [offer.is_surplus for offer in offers],
        [offer.is_organic for offer in offers],
        [offer.price is None for offer in offers],
        [offer.best_before is None for offer in offers],
    ):
        assert 5 < sum(said) < len(offers)


def test_offers_show_what_else_can_be_said(session):
    """A cheese by the piece, onions every week, cabbage changed and paused, herring that waits for a yes."""
    offers = list(session.scalars(select(Offer)))
    for said in (
        [offer.piece_grams for offer in offers],
        [offer.minimum_steps for offer in offers],
        [offer.is_standing for offer in offers],
        [offer.state is OfferState.PAUSED and offer.version == 2 for offer in offers],
        [offer.state is OfferState.UNCONFIRMED for offer in offers],
        [not offer.is_for_all for offer in offers],
        [offer.is_delivered for offer in offers],
    ):
        assert any(said)
    call = session.scalars(select(PhoneCall)).one()
    assert session.get_one(User, call.taken_by_id).name == "Maria Ek"
    lines = session.scalars(select(OrderLine).where(OrderLine.is_organic)).all()
    assert lines
    assert all(line.certificate_id for line in lines)


def test_chains_of_many_products_go_over_several_sites(session):
    sites = func.count(ChainLink.site_id.distinct())
    several = select(ChainLink.product_id).group_by(ChainLink.product_id).having(sites > 1)
    assert len(session.scalars(several).all()) >= 15
    assert session.scalar(select(func.count()).select_from(ProductionSite)) > 80


def test_one_summary_event_closes_the_log(session):
    last = session.scalar(select(AuditEvent).order_by(AuditEvent.id.desc()))
    assert last.action == "demo.create"


def test_a_second_demo_is_refused_and_changes_nothing(session, summary, monday):
    at = session.scalar(select(func.max(AuditEvent.at)))
    with pytest.raises(DemoExists), transaction(session.get_bind()) as writing:
        create_demo(writing, at=at, keeper=Keeper(b"k" * 32))
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(Order)) == summary.orders


def _producer_of(session, key: str) -> Producer:
    persona = next(persona for persona in PERSONAS if persona.key == key)
    return session.scalars(select(Producer).where(Producer.name == persona.organisation)).one()
