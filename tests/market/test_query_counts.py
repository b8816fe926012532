"""Pages ask the database as often with twenty-five offers and orders as with five."""

from __future__ import annotations

from decimal import Decimal

import pytest
from factories import AT, MONDAY, Cast, make_offer, make_order
from sqlalchemy.orm import Session

from market.offers.operations import post_offer
from market.offers.rules import OfferTerms
from market.register.models import Category, Producer, ProductionSite, Step
from market.register.operations import add_product
from market.values import Period, Quantity, Unit

pytestmark = pytest.mark.slow

PAGES = [
    ("kitchen", "/offers?week=2026-W48"),
    ("kitchen", "/offers.geojson?week=2026-W48"),
    ("kitchen", "/orders?week=2026-W48"),
    ("kitchen", "/"),
    ("producer", "/"),
    ("producer", "/my-offers"),
    ("producer", "/orders?week=2026-W48"),
    ("meal_manager", "/"),
    ("meal_manager", "/orders?week=2026-W48"),
    ("logistics_planner", "/planning/2026-W48"),
]
MOST = 25


def add(session: Session, cast: Cast, count: int, *, first: int) -> None:
    """Offers of as many products, every other one of a producer of its own, and an order from each."""
    for n in range(first, first + count):
        producer = _producer(session, n) if n % 2 else cast.producer
        site = producer.sites[0]
        product = add_product(
            session,
            producer=producer,
            name=f"Sort {n}",
            category=session.get_one(Category, "vegetables"),
            unit=Unit.KILOGRAM,
            grams_per_unit=1000,
            chain=[(Step.FARM, site), (Step.PACKING, cast.site)],
            user_id=None,
            at=AT,
        )
        terms = OfferTerms(
            quantity=Quantity.of(100, Unit.KILOGRAM),
            period=Period(MONDAY, MONDAY.replace(day=30)),
            price=Decimal(10) if n % 2 else None,
            is_surplus=bool(n % 3),
        )
        actor = cast.actor("producer")
        offer = post_offer(session, product=product, site=site, terms=terms, actor=actor, at=AT)
        make_order(session, cast, offer, kilograms=10, key=f"order-{n}")
    make_offer(session, cast)
    session.commit()


def _producer(session: Session, n: int) -> Producer:
    place = ProductionSite(name="Gården", lat=59.8, lon=18.5, municipality_code="0188")
    producer = Producer(name=f"Gård {n}", created_at=AT, sites=[place])
    session.add(producer)
    session.flush()
    return producer


@pytest.mark.parametrize(("name", "url"), PAGES)
def test_more_rows_are_not_more_queries(client_for, cast, session, queries, name, url):
    add(session, cast, 5, first=0)
    client = client_for(name)
    client.get(url)
    few = queries(lambda: client.get(url))
    add(session, cast, 20, first=5)
    many = queries(lambda: client.get(url))
    assert many == few
    assert 0 < few <= MOST
