"""Stock: what an order may ask of an offer, and what it holds. One conditional UPDATE decides each race."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from market.offers.models import Offer, Reservation
from market.offers.rules import (
    NotEnoughLeft,
    NotOfferedToYou,
    NotWholePieces,
    OfferChanged,
    OfferClosed,
    OfferPaused,
    OfferState,
    ReservationGone,
    ReservationState,
    check_day,
    check_handover,
    check_minimum,
    check_whole_packages,
)
from market.register.models import Authority
from market.values import Quantity, Refused


def check_order(
    offer: Offer, *, quantity: Quantity, deliver_on: date, authority: Authority, today: date
) -> None:
    """What the offer asks of an order, before any stock is held.

    Raises NotOfferedToYou, DayHasPassed, DayNotOffered, NotDeliveredThere, NotDeliveredThatDay, TooLittleToDeliver,
    NotWholePieces, NotWholePackages, BelowMinimum.
    """
    if not offer.is_for(authority.id):
        raise NotOfferedToYou
    check_day(deliver_on, period=offer.period, today=today)
    check_handover(
        offer.handover, quantity=quantity, day=deliver_on, municipality_code=authority.municipality_code
    )
    if offer.piece_grams is not None and quantity.steps % offer.piece_grams:
        raise NotWholePieces
    if offer.package_quantity is not None:
        check_whole_packages(quantity, package_size=offer.package_quantity)
    if offer.minimum is not None:
        check_minimum(quantity, minimum=offer.minimum, left=offer.left)


def reserve(session: Session, *, offer: Offer, quantity: Quantity, at: datetime) -> Reservation:
    """Hold stock for an order line. One conditional UPDATE decides, so that racing orders can not oversell.

    Raises NotEnoughLeft, OfferClosed, or OfferChanged where the producer changed it after the caller read its price.
    """
    seen = offer.version
    while not _hold(session, offer, quantity, version=seen):
        session.refresh(offer)
        refusal = _why_not_reserved(offer, quantity, seen_version=seen)
        if refusal is not None:
            raise refusal
        # Somebody gave stock back between the two statements: there is enough now.
    session.refresh(offer)
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


def _hold(session: Session, offer: Offer, quantity: Quantity, *, version: int) -> bool:
    changed = session.execute(
        update(Offer)
        .where(
            Offer.id == offer.id,
            Offer.state == OfferState.OPEN,
            Offer.version == version,
            Offer.reserved + quantity.steps <= Offer.posted,
        )
        .values(reserved=Offer.reserved + quantity.steps)
    )
    return changed.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def _why_not_reserved(offer: Offer, quantity: Quantity, *, seen_version: int) -> Refused | None:
    """None where nothing stands in the way any more."""
    if not offer.is_open:
        return OfferPaused() if offer.state is OfferState.PAUSED else OfferClosed()
    if offer.version != seen_version:
        return OfferChanged()
    return NotEnoughLeft(left=offer.left) if offer.left.steps < quantity.steps else None
