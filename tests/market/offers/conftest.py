"""An offer of the grower's carrots, with whatever terms a test needs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from factories import AT, MONDAY

from market.offers.models import Offer
from market.offers.operations import post_offer
from market.offers.rules import OfferTerms
from market.register.models import Product
from market.values import Period, Quantity, Unit

WEEK = Period(MONDAY, MONDAY + timedelta(days=7))


@pytest.fixture
def post(session, cast):
    def make(product: Product | None = None, at=AT, **terms) -> Offer:
        said = {"quantity": Quantity.of(120, Unit.KILOGRAM), "period": WEEK, "price": Decimal(14)} | terms
        return post_offer(
            session, product=product or cast.carrots, site=cast.site, terms=OfferTerms(**said),
            actor=cast.actor("producer"), at=at,
        )  # fmt: skip

    return make
