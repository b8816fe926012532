"""Reads of visits: a producer's own days, those that a school can book, and its bookings."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from market.accounts.rules import Role
from market.actors import Actor
from market.register.models import Kitchen
from market.visits.models import VisitBooking, VisitDay
from market.visits.rules import VisitState


def open_days(session: Session, *, today: date, producer_id: int | None = None) -> list[VisitDay]:
    """Days that can be booked, soonest first."""
    query = (
        select(VisitDay)
        .where(VisitDay.state == VisitState.OPEN, VisitDay.on_date >= today)
        .options(*_with_place())
        .order_by(VisitDay.on_date, VisitDay.starts_s, VisitDay.id)
    )
    if producer_id is not None:
        query = query.where(VisitDay.producer_id == producer_id)
    return list(session.scalars(query))


def own_days(session: Session, *, actor: Actor, since: date) -> list[VisitDay]:
    """A producer's days from `since` on, withdrawn ones too, soonest first."""
    query = (
        select(VisitDay)
        .where(VisitDay.producer_id == actor.producer_id, VisitDay.on_date >= since)
        .options(*_with_place(), *_with_bookings())
        .order_by(VisitDay.on_date, VisitDay.starts_s, VisitDay.id)
    )
    return list(session.scalars(query))


def day_for(session: Session, *, actor: Actor, day_id: int) -> VisitDay | None:
    """A day to look at: a producer's own; for a school any that is open, or that it has booked."""
    query = (
        select(VisitDay)
        .where(VisitDay.id == day_id, _days_within_reach(actor))
        .options(*_with_place(), *_with_bookings())
    )
    return session.scalar(query)


def own_day(session: Session, *, actor: Actor, day_id: int) -> VisitDay | None:
    query = (
        select(VisitDay)
        .where(VisitDay.id == day_id, VisitDay.producer_id == actor.producer_id)
        .options(*_with_place(), *_with_bookings())
    )
    return session.scalar(query)


def day_made_by(session: Session, *, request_key: str) -> VisitDay | None:
    return session.scalar(select(VisitDay).where(VisitDay.request_key == request_key))


def booking_made_by(session: Session, *, request_key: str) -> VisitBooking | None:
    return session.scalar(select(VisitBooking).where(VisitBooking.request_key == request_key))


def bookings_of(session: Session, *, actor: Actor, since: date) -> list[VisitBooking]:
    """The school's bookings from `since` on, soonest first; cancelled ones too."""
    query = (
        select(VisitBooking)
        .join(VisitBooking.day)
        .where(_bookings_within_reach(actor), VisitDay.on_date >= since)
        .options(*_with_day())
        .order_by(VisitDay.on_date, VisitDay.starts_s, VisitBooking.id)
    )
    return list(session.scalars(query))


def booking_for(session: Session, *, actor: Actor, booking_id: int) -> VisitBooking | None:
    """A booking that the actor's school or farm has a part in."""
    query = (
        select(VisitBooking)
        .join(VisitBooking.day)
        .where(VisitBooking.id == booking_id, _bookings_within_reach(actor))
        .options(*_with_day())
    )
    return session.scalar(query)


def _bookings_within_reach(actor: Actor) -> ColumnElement[bool]:
    match actor.role:
        case Role.PRODUCER:
            return VisitDay.producer_id == actor.producer_id
        case Role.KITCHEN:
            return VisitBooking.kitchen_id == actor.kitchen_id
        case Role.MEAL_MANAGER:
            return VisitBooking.kitchen_id.in_(
                select(Kitchen.id).where(Kitchen.authority_id == actor.authority_id)
            )
        case _:
            return false()


def _days_within_reach(actor: Actor) -> ColumnElement[bool]:
    if actor.role is Role.PRODUCER:
        return VisitDay.producer_id == actor.producer_id
    booked = select(VisitBooking.day_id).where(_bookings_within_reach(actor))
    return or_(VisitDay.state == VisitState.OPEN, and_(VisitDay.id.in_(booked)))


def _with_place() -> tuple[ExecutableOption, ...]:
    return (joinedload(VisitDay.producer), joinedload(VisitDay.site))


def _with_bookings() -> tuple[ExecutableOption, ...]:
    bookings = selectinload(VisitDay.bookings)
    return (bookings.joinedload(VisitBooking.kitchen).joinedload(Kitchen.authority),)


def _with_day() -> tuple[ExecutableOption, ...]:
    day = joinedload(VisitBooking.day)
    return (
        day.joinedload(VisitDay.producer),
        day.joinedload(VisitDay.site),
        joinedload(VisitBooking.kitchen).joinedload(Kitchen.authority),
    )
