"""How far the expanding circles of a definition reach, by what is on offer in the week looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from geodata.expanding import Supply
from geodata.local import ExpandingCircle, LocalDefinition, circle_reach_m, unsettled_circles
from geodata.points import Point
from market.offers.models import Offer
from market.offers.queries import Filters, open_offers
from market.values import Period, Week

LEAD_DAYS = 2  # from Saturday on the coming week is what one orders for

Reaches = Mapping[ExpandingCircle, int | None]
"""Metres from the kitchen to the farthest that a circle needs; None where nobody has the product."""


def supplies_of(offers: Iterable[Offer]) -> list[Supply[int]]:
    """What each offer has left, by its id; one with too little left to weigh is none."""
    return [
        Supply(key=offer.id, point=Point(lat=offer.site.lat, lon=offer.site.lon), amount_grams=grams)
        for offer in offers
        if (grams := offer.product.grams(offer.left.steps)) > 0
    ]


def reaches_of(
    session: Session,
    definition: LocalDefinition,
    *,
    kitchen: Point,
    authority_id: int | None,
    during: Period,
    today: date,
    bought: Sequence[tuple[str, Supply[int]]] = (),
) -> Reaches:
    """Each circle of a definition from a kitchen; asks the database once, and only when there are circles.

    `bought`: what is no longer on offer because it was taken for this very question, each with its category.
    """
    circles = unsettled_circles(definition)
    if not circles:
        return {}
    offers = open_offers(session, authority_id=authority_id, filters=Filters(period=during), today=today)
    return {
        rule: circle_reach_m(
            [
                *supplies_of(offer for offer in offers if offer.product.category_key == rule.product),
                *(supply for category, supply in bought if category == rule.product),
            ],
            kitchen=kitchen,
            rule=rule,
        )
        for rule in circles
    }


def coming_week(today: date) -> Week:
    """The week that one orders for."""
    return Week.containing(today + timedelta(days=LEAD_DAYS))


def first_week(offer: Offer, *, today: date) -> Week:
    """The week that one orders for, or the first (or last) one in which the offer is there."""
    ordered_for = min(today + timedelta(days=LEAD_DAYS), offer.period.last)
    return Week.containing(max(offer.available_from, today, ordered_for))
