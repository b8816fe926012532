"""Offering, booking and cancelling study visits. Each step is one row in the day's history, and both sides are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from market import audit
from market.accounts.queries import people_of_kitchen, people_of_producer
from market.actors import Actor
from market.outbox import tell
from market.register.models import Kitchen, ProductionSite
from market.visits.models import VisitBooking, VisitDay, VisitTransition
from market.visits.queries import booking_made_by, day_made_by
from market.visits.rules import (
    AlreadyBegun,
    AlreadyTaken,
    DayHasPassed,
    NotPossibleNow,
    ReasonNeeded,
    TooManyPupils,
    VisitEvent,
    VisitState,
    VisitTerms,
    check_terms,
    state_after,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolClass:
    """Who comes, and whom to reach on the day."""

    name: str
    pupils: int
    contact_name: str
    contact_phone: str
    note: str = ""


def offer_day(
    session: Session,
    *,
    site: ProductionSite,
    terms: VisitTerms,
    request_key: str,
    actor: Actor,
    at: datetime,
) -> VisitDay:
    """Offer a day. The same `request_key` again returns the day already offered. Raises what check_terms raises."""
    made = day_made_by(session, request_key=request_key)
    if made is not None:
        return made
    check_terms(terms, at=at)
    day = VisitDay(
        producer_id=site.producer_id, site=site, on_date=terms.day, starts_s=terms.starts_s, ends_s=terms.ends_s,
        most_pupils=terms.most_pupils, ages=terms.ages, about=terms.about, languages=terms.languages, note=terms.note,
        state=state_after(None, VisitEvent.OFFER), request_key=request_key, created_at=at,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(day)
            session.flush()
    except IntegrityError:
        made = day_made_by(session, request_key=request_key)
        if made is None:
            raise
        return made
    _write_history(session, day, VisitEvent.OFFER, actor=actor, at=at)
    return day


def book_day(
    session: Session,
    *,
    day: VisitDay,
    kitchen: Kitchen,
    school_class: SchoolClass,
    request_key: str,
    actor: Actor,
    at: datetime,
) -> VisitBooking:
    """Book a day for a class; of two at once one gets it. The same `request_key` again returns the booking made.

    Raises DayHasPassed, TooManyPupils, AlreadyTaken.
    """
    made = booking_made_by(session, request_key=request_key)
    if made is not None:
        return made
    if day.starts_at <= at:
        raise DayHasPassed
    if school_class.pupils > day.most_pupils:
        raise TooManyPupils(most=day.most_pupils)
    try:
        _move(session, day, VisitState.OPEN, VisitEvent.BOOK)
    except NotPossibleNow:
        raise AlreadyTaken from None
    booking = VisitBooking(
        day=day, kitchen=kitchen, booked_by_id=actor.user_id, class_name=school_class.name, pupils=school_class.pupils,
        contact_name=school_class.contact_name, contact_phone=school_class.contact_phone, note=school_class.note,
        request_key=request_key, booked_at=at,
    )  # fmt: skip
    session.add(booking)
    session.flush()
    _write_history(session, day, VisitEvent.BOOK, actor=actor, at=at)
    _tell(session, booking, "visit_booked", at)
    return booking


def cancel_booking(
    session: Session, *, booking: VisitBooking, reason: str, actor: Actor, at: datetime
) -> None:
    """The school can't come: the day is open for others. Raises ReasonNeeded, AlreadyBegun, NotPossibleNow."""
    _check_can_end(booking.day, reason, at)
    if not booking.is_alive:
        raise NotPossibleNow
    _move(session, booking.day, VisitState.BOOKED, VisitEvent.CANCEL)
    _end(session, booking, reason=reason, by="school", at=at)
    _write_history(session, booking.day, VisitEvent.CANCEL, actor=actor, at=at, reason=reason)


def withdraw_day(session: Session, *, day: VisitDay, reason: str, actor: Actor, at: datetime) -> None:
    """The producer can't receive. A class that has booked is told why. Raises ReasonNeeded, AlreadyBegun, NotPossibleNow."""
    booking = day.booking
    if booking is not None:
        _check_can_end(day, reason, at)
    _move(session, day, day.state, VisitEvent.WITHDRAW)
    if booking is not None:
        _end(session, booking, reason=reason, by="producer", at=at)
    _write_history(session, day, VisitEvent.WITHDRAW, actor=actor, at=at, reason=reason)


def _check_can_end(day: VisitDay, reason: str, at: datetime) -> None:
    if day.starts_at <= at:
        raise AlreadyBegun
    if not reason.strip():
        raise ReasonNeeded


def _end(session: Session, booking: VisitBooking, *, reason: str, by: str, at: datetime) -> None:
    booking.cancelled_at, booking.reason = at, reason.strip()
    session.flush()
    _tell(session, booking, "visit_cancelled", at, reason=reason.strip(), by=by)


def _move(session: Session, day: VisitDay, before: VisitState, event: VisitEvent) -> None:
    """Change the state only if it still is what it was; a race loses with NotPossibleNow."""
    after = state_after(before, event)
    changed = session.execute(
        update(VisitDay).where(VisitDay.id == day.id, VisitDay.state == before).values(state=after)
    )
    session.refresh(day, ["state"])
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotPossibleNow


def _tell(session: Session, booking: VisitBooking, kind: str, at: datetime, **more: str) -> None:
    """Both sides, each with what it needs on the day."""
    day = booking.day
    people = [*people_of_producer(session, day.producer_id), *people_of_kitchen(session, booking.kitchen_id)]
    tell(
        session,
        user_ids=[*people, booking.booked_by_id],
        kind=kind,
        key=f"visit:{booking.id}:{kind}",
        at=at,
        booking_id=booking.id,
        producer=day.producer.name,
        site=day.site.name,
        address=day.site.address,
        school=booking.kitchen.name,
        class_name=booking.class_name,
        pupils=booking.pupils,
        contact_name=booking.contact_name,
        contact_phone=booking.contact_phone,
        day=day.on_date.isoformat(),
        starts_s=day.starts_s,
        ends_s=day.ends_s,
        **more,
    )


def _write_history(
    session: Session, day: VisitDay, event: VisitEvent, *, actor: Actor, at: datetime, reason: str = ""
) -> None:
    day.transitions.append(
        VisitTransition(event=event, to_state=day.state, at=at, user_id=actor.user_id, reason=reason.strip())
    )
    audit.record(
        session,
        user_id=actor.user_id,
        at=at,
        action=f"visit.{event.value}",
        subject=f"visit:{day.id}",
        state=day.state.value,
    )
    session.flush()
