"""Showing interest, changing it and taking it back. It reserves nothing; what was shown stays in the log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from market import audit
from market.accounts.queries import people_of_authority, people_of_producer
from market.accounts.rules import Role
from market.actors import Actor
from market.agreements.models import Interest
from market.agreements.rules import check_interest
from market.offers.models import Offer
from market.outbox import tell
from market.register.models import Kitchen
from market.values import Quantity, Week, local_date


def show_interest(
    session: Session,
    *,
    offer: Offer,
    kitchen: Kitchen,
    week: Week,
    quantity: Quantity,
    note: str,
    actor: Actor,
    at: datetime,
) -> Interest:
    """A kitchen would like so much in a week. Shown again for the same offer and week, the new amount replaces the old.

    Raises OfferIsClosed, WeekNotOffered, TooLarge.
    """
    check_interest(week, quantity, period=offer.period, today=local_date(at), is_open=offer.is_open)
    blank = Interest(offer=offer, kitchen=kitchen, week_on=week.monday, steps=quantity.steps, shown_at=at)
    interest = _shown(session, offer, kitchen, week) or _new(session, blank)
    interest.steps, interest.note = quantity.steps, note
    interest.shown_at, interest.shown_by_id = at, actor.user_id
    session.flush()
    _log(session, "interest.show", interest, actor, at, steps=quantity.steps, unit=quantity.unit.value)
    _tell(session, interest, actor, at)
    return interest


def withdraw_interest(session: Session, *, interest: Interest, actor: Actor, at: datetime) -> None:
    """The kitchen no longer wants it. What was shown stays in the log."""
    _log(session, "interest.withdraw", interest, actor, at, steps=interest.steps)
    session.delete(interest)
    session.flush()


def _shown(session: Session, offer: Offer, kitchen: Kitchen, week: Week) -> Interest | None:
    query = select(Interest).where(
        Interest.kitchen_id == kitchen.id, Interest.offer_id == offer.id, Interest.week_on == week.monday
    )
    return session.scalar(query)


def _new(session: Session, blank: Interest) -> Interest:
    try:
        with session.begin_nested():
            session.add(blank)
            session.flush()
    except IntegrityError:
        first = _shown(session, blank.offer, blank.kitchen, blank.week)
        if first is None:
            raise
        return first  # the same was shown in another process meanwhile
    return blank


def _tell(session: Session, interest: Interest, actor: Actor, at: datetime) -> None:
    """The producer and the meal managers hear of it once for each offer, week and kitchen."""
    product = interest.offer.product
    people = [
        *people_of_producer(session, product.producer_id),
        *people_of_authority(session, interest.kitchen.authority_id, Role.MEAL_MANAGER),
    ]
    tell(
        session,
        user_ids=[person for person in people if person != actor.user_id],
        kind="interest_shown",
        key=f"interest:{interest.kitchen_id}:{interest.offer_id}:{interest.week_on}",
        at=at,
        kitchen=interest.kitchen.name,
        product=product.name,
        producer=product.producer.name,
        amount=interest.steps,
        unit=interest.quantity.unit.value,
        week=interest.week.number,
    )


def _log(
    session: Session, action: str, interest: Interest, actor: Actor, at: datetime, **data: object
) -> None:
    audit.record(
        session,
        user_id=actor.user_id,
        at=at,
        action=action,
        subject=f"interest:{interest.id}",
        kitchen=interest.kitchen_id,
        offer=interest.offer_id,
        week=str(interest.week),
        **data,
    )
