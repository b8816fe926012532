"""Which volumes the demo's producers post in which week: drawn, but the same at every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from random import Random

from market.demo.calendar import OFFER_WEEKS, Calendar
from market.demo.farms import MEAT_FARM, VEGETABLE_GROWER
from market.demo.producers import Ware
from market.offers.rules import OfferTerms
from market.register.models import Procedure, Temperature
from market.values import Period, Quantity

POSTING_SHARE: Mapping[int, float] = {-1: 0.36, 0: 0.58, 1: 0.42, 2: 0.24}
"""The share of all products that is posted in each of OFFER_WEEKS."""
SURPLUS_SHARE = 0.14
BY_AGREEMENT_SHARE: Mapping[Procedure, float] = {Procedure.DIRECT_AWARD: 0.35, Procedure.DIS: 0.1}
SURPLUS_PRICE = Decimal("0.75")
TEN_ORE = Decimal("0.1")
DIRECT_AWARD_MUNICIPALITIES = frozenset({"0188"})
POSTED_WITHIN_MINUTES = 60
SURPLUS_NOTE = "Överskott: säljs billigare om det går åt i veckan."


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDraft:
    """An offer to post. `week` is counted from the demo week."""

    number: int
    ware: Ware
    week: int
    terms: OfferTerms
    posted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Featured:
    """What a persona's farm posts, so that its story works at every run: weeks, packages, and price (none: agreed)."""

    weeks: tuple[int, ...]
    packages: int
    price: Decimal | None


FEATURED: Mapping[tuple[str, str], Featured] = {
    # Last week only: this week's carrots are left for whoever tries the demo to flag, or to repeat with one tap.
    (VEGETABLE_GROWER, "Morötter"): Featured(weeks=(-1,), packages=12, price=Decimal("14.00")),
    (VEGETABLE_GROWER, "Rödbetor"): Featured(weeks=(-1, 0, 1), packages=10, price=None),
    (VEGETABLE_GROWER, "Vitkål"): Featured(weeks=(0, 2), packages=16, price=Decimal("13.00")),
    (MEAT_FARM, "Nötfärs"): Featured(weeks=OFFER_WEEKS, packages=36, price=Decimal("112.00")),
    (MEAT_FARM, "Grytbitar av nöt"): Featured(weeks=(0, 1), packages=20, price=Decimal("128.00")),
}


def draw_offers(rng: Random, *, calendar: Calendar, wares: Sequence[Ware]) -> list[OfferDraft]:
    """The offers of all four weeks, week by week in the order of `wares`."""
    drafts: list[OfferDraft] = []
    for week, ware in product(OFFER_WEEKS, wares):
        terms = _terms(rng, ware, week, calendar.week(week).period)
        if terms is not None:
            number = len(drafts)
            posted_at = calendar.posted_at(week, number % POSTED_WITHIN_MINUTES)
            drafts.append(OfferDraft(number=number, ware=ware, week=week, terms=terms, posted_at=posted_at))
    return drafts


def _terms(rng: Random, ware: Ware, week: int, period: Period) -> OfferTerms | None:
    """What the producer says of this product in this week, or None for nothing."""
    featured = FEATURED.get((ware.farm.title, ware.goods.name))
    if featured is not None:
        return _featured_terms(ware, featured, period) if week in featured.weeks else None
    if rng.random() > POSTING_SHARE[week]:
        return None
    is_surplus = rng.random() < SURPLUS_SHARE
    return _built(
        ware,
        period,
        packages=rng.randint(*ware.goods.offered),
        price=_price(rng, ware, is_surplus=is_surplus),
        is_surplus=is_surplus,
    )


def _featured_terms(ware: Ware, featured: Featured, period: Period) -> OfferTerms:
    return _built(ware, period, packages=featured.packages, price=featured.price, is_surplus=False)


def _built(
    ware: Ware, period: Period, *, packages: int, price: Decimal | None, is_surplus: bool
) -> OfferTerms:
    size = ware.goods.package_size
    is_fresh = ware.goods.temperature is Temperature.CHILLED
    return OfferTerms(
        quantity=Quantity(packages * size.steps, size.unit),
        period=period,
        package=ware.goods.package,
        package_size=size,
        price=price,
        best_before=period.last + timedelta(days=2) if is_fresh or is_surplus else None,
        is_surplus=is_surplus,
        is_organic=ware.farm.is_organic,
        note=SURPLUS_NOTE if is_surplus else "",
    )


def _price(rng: Random, ware: Ware, *, is_surplus: bool) -> Decimal | None:
    """Near the usual price, in whole ten öre; None for a price by agreement, most often where that is the custom."""
    procedure = Procedure.DIRECT_AWARD if ware.farm.code in DIRECT_AWARD_MUNICIPALITIES else Procedure.DIS
    if rng.random() < BY_AGREEMENT_SHARE[procedure]:
        return None
    usual = ware.goods.price * (SURPLUS_PRICE if is_surplus else 1)
    return (usual * rng.randint(94, 108) / 100).quantize(TEN_ORE, rounding=ROUND_HALF_UP)
