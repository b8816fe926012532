"""The reading step of planning: one week's orders, places and vehicles as frozen inputs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from market.actors import Actor
from market.fleet.models import Vehicle
from market.orders.models import Order, OrderLine
from market.orders.queries import within_reach
from market.planning.inputs import Goods, OpenHours, Place, Van, WeekInputs
from market.planning.rules import PLANNED_STATE, crates_for, days_to_plan
from market.register.models import Kitchen, KitchenWindow, ProductionSite, SiteWindow
from market.register.queries import planned_authorities
from market.values import Period, Week


class PlansForNobody(Exception):
    """The actor belongs to no authority, so there is no week to plan: ask with a logistics planner."""


def read_week(session: Session, *, actor: Actor, week: Week, today: date) -> WeekInputs:
    """All that decides the actor's plan of the days from `today` on; five queries whatever the size.

    Raises WeekHasPassed, PlansForNobody.
    """
    if actor.authority_id is None:
        raise PlansForNobody
    goods = _goods(session, actor=actor, period=days_to_plan(week, today=today))
    return WeekInputs(
        authority_id=actor.authority_id,
        week=week,
        goods=goods,
        sites=_sites(session, {item.site_id for item in goods}),
        kitchens=_kitchens(session, {item.kitchen_id for item in goods}),
        vans=_vans(session, actor=actor),
    )


def is_planned(period: Period) -> ColumnElement[bool]:
    """The orders that a plan of these days takes in."""
    within = Order.deliver_on.between(period.start, period.last)
    return within & (Order.state == PLANNED_STATE)


def _goods(session: Session, *, actor: Actor, period: Period) -> tuple[Goods, ...]:
    query = (
        select(Order)
        .where(within_reach(actor), is_planned(period))
        .options(selectinload(Order.lines).joinedload(OrderLine.offer))
        .order_by(Order.id)
    )
    return tuple(_goods_of(order) for order in session.scalars(query))


def _goods_of(order: Order) -> Goods:
    """An order is made from one offer (orders.operations.place_order), so all of it is at the offer's site."""
    return Goods(
        order_id=order.id,
        producer_id=order.producer_id,
        site_id=order.lines[0].offer.site_id,
        kitchen_id=order.receiving_kitchen_id,
        day=order.deliver_on,
        grams=order.grams,
        crates=sum(_crates(line) for line in order.lines),
    )


def _crates(line: OrderLine) -> int:
    offer = line.offer
    return crates_for(
        steps=line.steps, grams=line.grams, package=offer.package, package_steps=offer.package_steps
    )


def _sites(session: Session, ids: Collection[int]) -> tuple[Place, ...]:
    query = (
        select(ProductionSite)
        .where(ProductionSite.id.in_(ids))
        .options(selectinload(ProductionSite.windows), joinedload(ProductionSite.producer))
        .order_by(ProductionSite.id)
    )
    return tuple(_place(site, site.producer.name, site.windows) for site in session.scalars(query))


def _kitchens(session: Session, ids: Collection[int]) -> tuple[Place, ...]:
    query = (
        select(Kitchen).where(Kitchen.id.in_(ids)).options(selectinload(Kitchen.windows)).order_by(Kitchen.id)
    )
    return tuple(_place(kitchen, kitchen.name, kitchen.windows) for kitchen in session.scalars(query))


def _place(
    row: ProductionSite | Kitchen, name: str, windows: Sequence[SiteWindow] | Sequence[KitchenWindow]
) -> Place:
    hours = sorted(OpenHours(weekday=w.weekday, opens_s=w.opens_s, closes_s=w.closes_s) for w in windows)
    return Place(id=row.id, name=name, lat=row.lat, lon=row.lon, hours=tuple(hours))


def _vans(session: Session, *, actor: Actor) -> tuple[Van, ...]:
    query = (
        select(Vehicle)
        .where(Vehicle.authority_id.in_(planned_authorities(actor)), Vehicle.is_active)
        .options(joinedload(Vehicle.carrier))
        .order_by(Vehicle.id)
    )
    return tuple(_van(vehicle) for vehicle in session.scalars(query))


def _van(vehicle: Vehicle) -> Van:
    return Van(
        id=vehicle.id,
        name=vehicle.name,
        owner=vehicle.carrier.kind.value,
        home_name=vehicle.home_name,
        lat=vehicle.lat,
        lon=vehicle.lon,
        capacity_grams=vehicle.capacity_grams,
        capacity_crates=vehicle.capacity_crates,
        weekdays=tuple(sorted(int(digit) for digit in vehicle.weekdays)),
        shift_starts_s=vehicle.shift_starts_s,
        shift_ends_s=vehicle.shift_ends_s,
        fixed_ore_per_shift=vehicle.fixed_ore_per_shift,
        ore_per_km=vehicle.ore_per_km,
        ore_per_hour=vehicle.ore_per_hour,
        co2e_g_per_km=vehicle.co2e_g_per_km,
    )
