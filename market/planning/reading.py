"""The reading step of planning: one week's orders, places, vehicles and terms as frozen inputs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from market.actors import Actor
from market.fleet.models import StopDetail
from market.fleet.queries import closed_on, stop_details
from market.orders.models import Order, OrderLine
from market.orders.queries import within_reach
from market.planning.inputs import Goods, OpenHours, Place, Terms, WeekInputs
from market.planning.naming import FERRY, TAIL_LIFT
from market.planning.reading_fleet import read_shares, read_terms, read_vans
from market.planning.rules import PLANNED_STATE, crates_for, days_to_plan, pallets_for
from market.register.models import (
    Kitchen,
    KitchenWindow,
    ProductionSite,
    SiteWindow,
    Temperature,
)
from market.register.queries import planned_authorities
from market.values import Period, Week, local_date

COLDEST_FIRST = (Temperature.FROZEN, Temperature.CHILLED, Temperature.AMBIENT)


class PlansForNobody(Exception):
    """The actor belongs to no authority, so there is no week to plan: ask with a logistics planner."""


def read_week(session: Session, *, actor: Actor, week: Week, today: date) -> WeekInputs:
    """All that decides the actor's plan of the days from `today` on; as many queries whatever the size.

    Raises WeekHasPassed, PlansForNobody.
    """
    if actor.authority_id is None:
        raise PlansForNobody
    period = days_to_plan(week, today=today)
    planned = planned_authorities(actor)
    terms = read_terms(session, planned=planned)
    goods = _goods(session, actor=actor, period=period, terms=terms)
    site_ids = {item.site_id for item in goods}
    kitchen_ids = {item.kitchen_id for item in goods} | {item.onward_id for item in goods if item.onward_id}
    sites, kitchens = read_places(
        session, authority_id=actor.authority_id, week=week, site_ids=site_ids, kitchen_ids=kitchen_ids
    )
    return WeekInputs(
        authority_id=actor.authority_id,
        week=week,
        goods=goods,
        sites=sites,
        kitchens=kitchens,
        vans=read_vans(session, planned=planned, terms=terms),
        first_day=period.start,
        terms=tuple(terms.values()),
        shares=read_shares(session, planned=planned),
    )


def read_places(
    session: Session,
    *,
    authority_id: int,
    week: Week,
    site_ids: Collection[int],
    kitchen_ids: Collection[int],
) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """Sites and kitchens with their hours, the days that the authority has closed, and how long the work takes there."""
    known = {"kitchen_ids": kitchen_ids, "site_ids": site_ids}
    details = stop_details(session, **known)
    closed = closed_on(session, authority_id=authority_id, period=week.period, **known)
    return (
        _sites(session, details.sites, closed.sites, ids=site_ids),
        _kitchens(session, details.kitchens, closed.kitchens, ids=kitchen_ids),
    )


def is_planned(period: Period) -> ColumnElement[bool]:
    """The orders that a plan of these days takes in."""
    within = Order.deliver_on.between(period.start, period.last)
    return within & (Order.state == PLANNED_STATE)


def _goods(
    session: Session, *, actor: Actor, period: Period, terms: Mapping[int, Terms]
) -> tuple[Goods, ...]:
    query = (
        select(Order)
        .where(within_reach(actor), is_planned(period))
        .options(selectinload(Order.lines).joinedload(OrderLine.offer), joinedload(Order.kitchen))
        .order_by(Order.id)
    )
    return tuple(_goods_of(order, terms) for order in session.scalars(query))


def _goods_of(order: Order, terms: Mapping[int, Terms]) -> Goods:
    """An order is made from one offer (orders.operations.place_order), so all of it is at the offer's site."""
    authority_id = order.kitchen.authority_id
    own = terms.get(authority_id, Terms())
    goes_on = own.satellites_by_own_staff and order.kitchen_id != order.receiving_kitchen_id
    classes = {line.temperature for line in order.lines}
    return Goods(
        order_id=order.id,
        producer_id=order.producer_id,
        site_id=order.lines[0].offer.site_id,
        kitchen_id=order.receiving_kitchen_id,
        day=order.deliver_on,
        grams=order.grams,
        crates=sum(_crates(line) for line in order.lines),
        authority_id=authority_id,
        onward_id=order.kitchen_id if goes_on else None,
        pallets=sum(_pallets(line) for line in order.lines),
        temperature=next(one for one in COLDEST_FIRST if one in classes),
        placed_on=local_date(order.placed_at) if own.lead_days else None,
        available_from=order.lines[0].offer.available_from,
    )


def _crates(line: OrderLine) -> int:
    offer = line.offer
    return crates_for(
        steps=line.steps, grams=line.grams, package=offer.package, package_steps=offer.package_steps
    )


def _pallets(line: OrderLine) -> int:
    offer = line.offer
    return pallets_for(steps=line.steps, package=offer.package, package_steps=offer.package_steps)


Details = Mapping[int, StopDetail]
Days = Mapping[int, frozenset[date]]


def _sites(session: Session, details: Details, closed: Days, *, ids: Collection[int]) -> tuple[Place, ...]:
    query = (
        select(ProductionSite)
        .where(ProductionSite.id.in_(ids))
        .options(selectinload(ProductionSite.windows), joinedload(ProductionSite.producer))
        .order_by(ProductionSite.id)
    )
    return tuple(_place(site, site.producer.name, details, closed) for site in session.scalars(query))


def _kitchens(session: Session, details: Details, closed: Days, *, ids: Collection[int]) -> tuple[Place, ...]:
    query = (
        select(Kitchen).where(Kitchen.id.in_(ids)).options(selectinload(Kitchen.windows)).order_by(Kitchen.id)
    )
    return tuple(
        _place(kitchen, kitchen.name, details, closed, authority_id=kitchen.authority_id)
        for kitchen in session.scalars(query)
    )


def _place(
    row: ProductionSite | Kitchen, name: str, details: Details, closed: Days, *, authority_id: int = 0
) -> Place:
    detail = details.get(row.id)
    return Place(
        id=row.id,
        name=name,
        lat=row.lat,
        lon=row.lon,
        hours=_hours(row.windows),
        authority_id=authority_id,
        stop_s=detail.stop_s if detail else None,
        seconds_per_crate=detail.seconds_per_crate if detail else None,
        needs=tuple(_needs(detail)) if detail else (),
        closed_on=tuple(sorted(closed.get(row.id, ()))),
    )


def _needs(detail: StopDetail) -> Iterator[str]:
    if detail.needs_tail_lift:
        yield TAIL_LIFT
    if detail.needs_ferry:
        yield FERRY


def _hours(windows: Sequence[SiteWindow] | Sequence[KitchenWindow]) -> tuple[OpenHours, ...]:
    hours = (OpenHours(weekday=w.weekday, opens_s=w.opens_s, closes_s=w.closes_s) for w in windows)
    return tuple(sorted(hours))
