"""Posting, withdrawing and repeating offers; reserving and releasing stock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.offers.models import Offer, Reservation
from market.offers.rules import (
    AlreadyWithdrawn,
    NotEnoughLeft,
    OfferClosed,
    OfferState,
    OfferTerms,
    ReservationGone,
    ReservationState,
    check_terms,
    moved_by_days,
)
from market.register.models import Product, ProductionSite
from market.values import Quantity, local_date


def post_offer(
    session: Session,
    *,
    product: Product,
    site: ProductionSite,
    terms: OfferTerms,
    actor: Actor,
    at: datetime,
    request_key: str | None = None,
    repeated_from: Offer | None = None,
) -> Offer:
    """Flag a volume. The same `request_key` again returns the offer already made. Raises what check_terms raises."""
    made = _by_request_key(session, request_key)
    if made is not None:
        return made
    check_terms(terms, today=local_date(at))
    offer = Offer(
        product=product,
        site=site,
        unit=terms.quantity.unit,
        posted=terms.quantity.steps,
        reserved=0,
        package=terms.package,
        package_steps=terms.package_size.steps if terms.package_size else None,
        price=terms.price,
        available_from=terms.period.start,
        available_until=terms.period.end,
        best_before=terms.best_before,
        is_surplus=terms.is_surplus,
        is_organic=terms.is_organic,
        note=terms.note,
        state=OfferState.OPEN,
        repeated_from_id=repeated_from.id if repeated_from else None,
        request_key=request_key,
        created_at=at,
    )
    try:
        with session.begin_nested():
            session.add(offer)
            session.flush()
    except IntegrityError:
        made = _by_request_key(session, request_key)  # the same submit came first in another process
        if made is None:
            raise
        return made
    _log(session, "offer.post", offer, actor, at, posted=offer.posted, unit=offer.unit.value)
    return offer


def withdraw_offer(session: Session, *, offer: Offer, actor: Actor, at: datetime) -> None:
    """Take an offer off the map; orders already made stand. Raises AlreadyWithdrawn."""
    changed = session.execute(
        update(Offer)
        .where(Offer.id == offer.id, Offer.state == OfferState.OPEN)
        .values(state=OfferState.WITHDRAWN)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise AlreadyWithdrawn
    session.refresh(offer)
    _log(session, "offer.withdraw", offer, actor, at)


def repeat_offer(
    session: Session, *, offer: Offer, actor: Actor, at: datetime, request_key: str | None
) -> Offer:
    """Offer the same again in the first later week whose period has not passed."""
    today, terms = local_date(at), terms_of(offer)
    days = 7
    while terms.period.last.toordinal() + days < today.toordinal():
        days += 7
    return post_offer(
        session,
        product=offer.product,
        site=offer.site,
        terms=moved_by_days(terms, days=days),
        actor=actor,
        at=at,
        request_key=request_key,
        repeated_from=offer,
    )


def terms_of(offer: Offer) -> OfferTerms:
    return OfferTerms(
        quantity=offer.total,
        period=offer.period,
        package=offer.package,
        package_size=offer.package_quantity,
        price=offer.price,
        best_before=offer.best_before,
        is_surplus=offer.is_surplus,
        is_organic=offer.is_organic,
        note=offer.note,
    )


def reserve(session: Session, *, offer: Offer, quantity: Quantity, at: datetime) -> Reservation:
    """Hold stock for an order line. One conditional UPDATE decides, so that racing orders can not oversell.

    Raises NotEnoughLeft or OfferClosed.
    """
    changed = session.execute(
        update(Offer)
        .where(
            Offer.id == offer.id,
            Offer.state == OfferState.OPEN,
            Offer.reserved + quantity.steps <= Offer.posted,
        )
        .values(reserved=Offer.reserved + quantity.steps)
    )
    session.refresh(offer)
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotEnoughLeft(left=offer.left) if offer.is_open else OfferClosed
    reservation = Reservation(offer=offer, steps=quantity.steps, state=ReservationState.HELD, held_at=at)
    session.add(reservation)
    session.flush()
    return reservation


def release(session: Session, *, reservation: Reservation, at: datetime) -> None:
    """Give the stock back, once: a reservation already released is left as it is."""
    changed = session.execute(
        update(Reservation)
        .where(Reservation.id == reservation.id, Reservation.state == ReservationState.HELD)
        .values(state=ReservationState.RELEASED, released_at=at)
    )
    if changed.rowcount == 1:  # type: ignore[attr-defined]
        session.execute(
            update(Offer)
            .where(Offer.id == reservation.offer_id)
            .values(reserved=Offer.reserved - reservation.steps)
        )
    session.refresh(reservation)
    session.refresh(reservation.offer)


def change_reserved(session: Session, *, reservation: Reservation, steps: int) -> None:
    """Hold more or less of the same offer: more is taken only while it is open and has it, less is given back.

    Raises NotEnoughLeft, OfferClosed, or ReservationGone when the stock was released or changed meanwhile.
    """
    offer, before = reservation.offer, reservation.steps
    changed = session.execute(
        update(Reservation)
        .where(
            Reservation.id == reservation.id,
            Reservation.state == ReservationState.HELD,
            Reservation.steps == before,
        )
        .values(steps=steps)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise ReservationGone
    held = update(Offer).where(Offer.id == offer.id, Offer.reserved + (steps - before) <= Offer.posted)
    if steps > before:
        held = held.where(Offer.state == OfferState.OPEN)
    changed = session.execute(held.values(reserved=Offer.reserved + (steps - before)))
    session.refresh(offer)
    session.refresh(reservation)
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotEnoughLeft(left=offer.left) if offer.is_open else OfferClosed


def _by_request_key(session: Session, request_key: str | None) -> Offer | None:
    return (
        None if request_key is None else session.scalar(select(Offer).where(Offer.request_key == request_key))
    )


def _log(session: Session, action: str, offer: Offer, actor: Actor, at: datetime, **data: object) -> None:
    audit.record(session, user_id=actor.user_id, at=at, action=action, subject=f"offer:{offer.id}", **data)
