"""Reads of carriers, vehicles, drivers, closing days and stops, limited to whom the actor's organisation plans for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from market.actors import Actor
from market.fleet.models import Carrier, ClosedPeriod, Driver, StopDetail, TransportSettings, Vehicle
from market.offers.models import Offer
from market.orders.models import Order, OrderLine
from market.register.models import Authority, Kitchen, Producer, ProductionSite
from market.register.queries import planned_authorities
from market.values import Period


def settings_of(session: Session, *, authority_id: int) -> TransportSettings:
    """What is stored, else a row with the defaults that is in no session."""
    stored = session.get(TransportSettings, authority_id)
    return stored or TransportSettings(authority_id=authority_id, **default_settings())


def default_settings() -> dict[str, object]:
    """The columns' own defaults."""
    columns = TransportSettings.__table__.columns
    return {one.key: one.default.arg for one in columns if one.default is not None}


class StopDetails(NamedTuple):
    """By kitchen id and by site id; a place that nobody has described is in neither."""

    kitchens: dict[int, StopDetail]
    sites: dict[int, StopDetail]


def stop_details(session: Session, *, kitchen_ids: Collection[int], site_ids: Collection[int]) -> StopDetails:
    """What drivers need to know of places that the caller has already found within its actor's reach. One query."""
    query = select(StopDetail).where(
        or_(StopDetail.kitchen_id.in_(kitchen_ids), StopDetail.site_id.in_(site_ids))
    )
    found = session.scalars(query).all()
    return StopDetails(
        {one.kitchen_id: one for one in found if one.kitchen_id is not None},
        {one.site_id: one for one in found if one.site_id is not None},
    )


class Closed(NamedTuple):
    """The days when kitchens and sites are closed, by their ids; those that never are have no key."""

    kitchens: dict[int, frozenset[date]]
    sites: dict[int, frozenset[date]]


def closed_on(
    session: Session,
    *,
    authority_id: int,
    kitchen_ids: Collection[int],
    site_ids: Collection[int],
    period: Period,
) -> Closed:
    """Days of `period` when places are closed, for the week that `authority_id` plans. Two queries.

    What the planner and those that it plans for have written counts: a kitchen is closed when its own authority is.
    """
    planned = select(Authority.id).where(
        or_(Authority.id == authority_id, Authority.planned_by_id == authority_id)
    )
    homes = dict(
        session.execute(select(Kitchen.id, Kitchen.authority_id).where(Kitchen.id.in_(kitchen_ids))).all()
    )
    query = select(ClosedPeriod).where(
        ClosedPeriod.authority_id.in_(planned),
        ClosedPeriod.first_on < period.end,
        ClosedPeriod.last_on >= period.start,
    )
    kitchens, sites = defaultdict[int, set[date]](set), defaultdict[int, set[date]](set)
    for closing in session.scalars(query):
        days = set(_days(closing, period))
        for kitchen_id in _kitchens_of(closing, homes):
            kitchens[kitchen_id] |= days
        if closing.site_id is not None and closing.site_id in site_ids:
            sites[closing.site_id] |= days
    return Closed(_frozen(kitchens), _frozen(sites))


def _kitchens_of(closing: ClosedPeriod, homes: dict[int, int]) -> list[int]:
    if closing.site_id is not None:
        return []
    named = closing.kitchen_id
    return [
        kitchen_id
        for kitchen_id, home in homes.items()
        if kitchen_id == named or (named is None and home == closing.authority_id)
    ]


def _days(closing: ClosedPeriod, period: Period) -> Iterator[date]:
    day = max(closing.first_on, period.start)
    while day <= min(closing.last_on, period.last):
        yield day
        day += timedelta(days=1)


def _frozen(days: dict[int, set[date]]) -> dict[int, frozenset[date]]:
    return {key: frozenset(value) for key, value in days.items()}


def planned_by(session: Session, *, actor: Actor) -> list[Authority]:
    """The authorities whose transports the actor plans, its own first."""
    query = select(Authority).where(Authority.id.in_(planned_authorities(actor))).order_by(Authority.name)
    return sorted(session.scalars(query), key=lambda one: one.id != actor.authority_id)


def planned_authority(session: Session, *, actor: Actor, authority_id: int) -> Authority | None:
    return next((one for one in planned_by(session, actor=actor) if one.id == authority_id), None)


def known_producers(session: Session) -> list[Producer]:
    """All of them by name: whoever sells may carry."""
    return list(session.scalars(select(Producer).order_by(Producer.name)))


def carriers_of(session: Session, *, actor: Actor) -> list[Carrier]:
    """All of them with vehicles and drivers, those in service first."""
    query = (
        select(Carrier)
        .where(Carrier.authority_id.in_(planned_authorities(actor)))
        .options(
            joinedload(Carrier.authority),
            joinedload(Carrier.producer),
            selectinload(Carrier.vehicles).selectinload(Vehicle.compartments),
            selectinload(Carrier.drivers).joinedload(Driver.user),
        )
        .order_by(Carrier.is_active.desc(), Carrier.name)
    )
    return list(session.scalars(query))


def carrier_for(session: Session, *, actor: Actor, carrier_id: int) -> Carrier | None:
    return session.scalar(
        select(Carrier).where(Carrier.id == carrier_id, Carrier.authority_id.in_(planned_authorities(actor)))
    )


def vehicle_for(session: Session, *, actor: Actor, vehicle_id: int) -> Vehicle | None:
    query = (
        select(Vehicle)
        .where(Vehicle.id == vehicle_id, Vehicle.authority_id.in_(planned_authorities(actor)))
        .options(joinedload(Vehicle.carrier), selectinload(Vehicle.compartments))
    )
    return session.scalar(query)


def drivers_of(session: Session, *, actor: Actor) -> list[Driver]:
    """Those who drive now for the carriers of whom the actor plans for, by name."""
    query = (
        select(Driver)
        .join(Driver.carrier)
        .join(Driver.user)
        .where(Carrier.authority_id.in_(planned_authorities(actor)), Driver.removed_at.is_(None))
        .options(contains_eager(Driver.carrier), contains_eager(Driver.user))
    )
    return sorted(session.scalars(query), key=lambda one: (one.user.name, one.id))


def driver_for(session: Session, *, actor: Actor, driver_id: int) -> Driver | None:
    query = (
        select(Driver)
        .join(Driver.carrier)
        .where(Driver.id == driver_id, Carrier.authority_id.in_(planned_authorities(actor)))
        .options(contains_eager(Driver.carrier), joinedload(Driver.user))
    )
    return session.scalar(query)


def closings_of(session: Session, *, actor: Actor, since: date) -> list[ClosedPeriod]:
    """What is closed from `since` on, in order of time."""
    query = (
        select(ClosedPeriod)
        .where(ClosedPeriod.authority_id.in_(planned_authorities(actor)), ClosedPeriod.last_on >= since)
        .options(
            joinedload(ClosedPeriod.kitchen),
            joinedload(ClosedPeriod.site).joinedload(ProductionSite.producer),
        )
        .order_by(ClosedPeriod.first_on, ClosedPeriod.id)
    )
    return list(session.scalars(query))


def closing_for(session: Session, *, actor: Actor, period_id: int) -> ClosedPeriod | None:
    return session.scalar(
        select(ClosedPeriod).where(
            ClosedPeriod.id == period_id, ClosedPeriod.authority_id.in_(planned_authorities(actor))
        )
    )


@dataclass(frozen=True, slots=True)
class Stops:
    """Where the actor's vehicles stop: kitchens that take in or are carried on to, and sites that deliver there."""

    kitchens: list[Kitchen]
    sites: list[ProductionSite]
    details: StopDetails


def stops_of(session: Session, *, actor: Actor) -> Stops:
    """Kitchens in use by name, and the sites from which they have ordered by producer. Three queries."""
    kitchens = list(session.scalars(_kitchens(actor)))
    sites = list(session.scalars(_sites(actor)))
    details = stop_details(
        session, kitchen_ids=[one.id for one in kitchens], site_ids=[one.id for one in sites]
    )
    return Stops(kitchens, sites, details)


def kitchen_stop(session: Session, *, actor: Actor, kitchen_id: int) -> Kitchen | None:
    return session.scalar(_kitchens(actor).where(Kitchen.id == kitchen_id))


def site_stop(session: Session, *, actor: Actor, site_id: int) -> ProductionSite | None:
    return session.scalar(_sites(actor).where(ProductionSite.id == site_id))


def _kitchens(actor: Actor) -> Select[Kitchen]:
    return (
        select(Kitchen)
        .where(Kitchen.is_active, Kitchen.authority_id.in_(planned_authorities(actor)))
        .options(joinedload(Kitchen.authority))
        .order_by(Kitchen.kind, Kitchen.name)
    )


def _sites(actor: Actor) -> Select[ProductionSite]:
    ordered = (
        select(Offer.site_id)
        .join(OrderLine, OrderLine.offer_id == Offer.id)
        .join(Order, OrderLine.order_id == Order.id)
        .join(Kitchen, Order.kitchen_id == Kitchen.id)
        .where(Kitchen.authority_id.in_(planned_authorities(actor)))
    )
    return (
        select(ProductionSite)
        .join(ProductionSite.producer)
        .where(ProductionSite.id.in_(ordered))
        .options(contains_eager(ProductionSite.producer))
        .order_by(Producer.name, ProductionSite.name)
    )
