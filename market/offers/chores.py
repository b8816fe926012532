"""What happens to offers by the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import update
from sqlalchemy.orm import Session

from market.offers.models import Offer
from market.offers.operations import post_offer, terms_of
from market.offers.queries import standing_offers
from market.offers.rules import days_to_next, moved_by_days
from market.values import local_date

A_WEEK = timedelta(days=7)


def repeat_standing_offers(session: Session, *, at: datetime, most: int | None = None) -> int:
    """Post the next of each offer that repeats weekly, once its own period has come, `most` of them; returns how many.

    Whoever claims the offer by the conditional UPDATE posts the next one, which repeats in its turn. A paused offer
    waits; when it is resumed later, its next one is posted in the first week that has not passed.
    """
    today = local_date(at)
    due = standing_offers(session, until=today)
    return sum(islice((1 for offer in due if _repeat(session, offer, at)), most))


def _repeat(session: Session, offer: Offer, at: datetime) -> int:
    today, days = local_date(at), days_to_next(offer.period)
    if offer.available_from + timedelta(days=days) > today + A_WEEK:
        return 0  # a long period: its next one is still more than a week away
    while offer.period.last + timedelta(days=days) < today:
        days += 7
    claimed = session.execute(
        update(Offer).where(Offer.id == offer.id, Offer.is_standing).values(is_standing=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return 0
    session.refresh(offer)
    post_offer(
        session,
        product=offer.product,
        site=offer.site,
        terms=replace(moved_by_days(terms_of(offer), days=days), is_standing=True),
        actor=None,
        at=at,
        request_key=f"standing-{offer.id}",
        repeated_from=offer,
        photo=offer.photo,
    )
    return 1
