"""Reads of what is published: an actor's own transports, what is new, shares of the cost, and calendar feeds."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import NamedTuple, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from market.accounts.models import Membership, User
from market.accounts.rules import Role
from market.actors import Actor
from market.fleet.models import Carrier, Driver, Vehicle
from market.orders.models import Order
from market.planning.models import CalendarFeed, CostShare, PlanTransition, Run, RunLoad, RunStop, WeekPlan
from market.planning.queries import covering
from market.planning.rules import Leg, LoadKind, PlanEvent, PlanState
from market.register.models import Kitchen, ProductionSite
from market.register.queries import planned_authorities
from market.values import Period, Week

Columns = TypeVarTuple("Columns")
TRAVELLING = frozenset({Role.PRODUCER, Role.KITCHEN, Role.MEAL_MANAGER, Role.LOGISTICS_PLANNER, Role.DRIVER})
"""The roles that transports are anything to."""


class Carried(NamedTuple):
    """An order at a stop of a published plan."""

    run: Run
    stop: RunStop
    load: RunLoad


def _own(actor: Actor) -> ColumnElement[bool]:
    """What is collected from a producer, or handed over in its yard; what comes to and leaves a kitchen, or its hub when nobody takes it on; a driver's runs."""
    match actor.role:
        case Role.PRODUCER:
            return _from_producer(actor)
        case Role.KITCHEN:
            return _at_kitchens(select(Kitchen.id).where(Kitchen.id == actor.kitchen_id))
        case Role.MEAL_MANAGER:
            return _at_kitchens(select(Kitchen.id).where(Kitchen.authority_id == actor.authority_id))
        case Role.LOGISTICS_PLANNER:
            return WeekPlan.authority_id.in_(planned_authorities(actor))
        case Role.DRIVER:
            return Run.driver_id.in_(_drivers_of(actor))
        case _:
            return false()


def _from_producer(actor: Actor) -> ColumnElement[bool]:
    """Its own goods where they are collected, and whatever changes vehicles at a site of its own."""
    sites = select(ProductionSite.id).where(ProductionSite.producer_id == actor.producer_id)
    is_pickup = RunLoad.kind == LoadKind.PICKUP
    collected = and_(Order.producer_id == actor.producer_id, is_pickup, RunLoad.leg == Leg.IN)
    return or_(collected, and_(RunStop.site_id.in_(sites), or_(RunLoad.leg == Leg.RELAY, ~is_pickup)))


def _at_kitchens(ids: Select[int]) -> ColumnElement[bool]:
    at_hub = and_(
        RunLoad.kind == LoadKind.DELIVERY,
        RunStop.kitchen_id.is_not(None),
        Order.kitchen_id.in_(ids),
        ~_goes_on(),
    )
    return or_(RunStop.kitchen_id.in_(ids), at_hub)


def _goes_on() -> ColumnElement[bool]:
    """Whether the same plan takes the order on from that kitchen: a hub, or where a vehicle stands."""
    load, stop, run = aliased(RunLoad), aliased(RunStop), aliased(Run)
    return (
        select(load.id)
        .join(stop, load.run_stop_id == stop.id)
        .join(run, stop.run_id == run.id)
        .where(
            load.order_id == RunLoad.order_id,
            load.kind == LoadKind.PICKUP,
            load.leg != Leg.IN,
            stop.kitchen_id == RunStop.kitchen_id,
            run.week_plan_id == WeekPlan.id,
        )
        .exists()
    )


def _drivers_of(actor: Actor) -> Select[int]:
    """The actor's entries as a driver of carriers of the authority and those that it plans for, as long as they stand."""
    return (
        select(Driver.id)
        .join(Carrier, Driver.carrier_id == Carrier.id)
        .where(
            Driver.user_id == actor.user_id,
            Driver.removed_at.is_(None),
            Carrier.authority_id.in_(planned_authorities(actor)),
        )
    )


def transports_in(session: Session, *, actor: Actor, period: Period) -> list[Carried]:
    """The actor's part of the published plans, by time; constant in queries."""
    query = (
        _published(select(Run, RunStop, RunLoad))
        .where(_own(actor), Run.day >= period.start, Run.day < period.end)
        .options(
            joinedload(Run.vehicle).joinedload(Vehicle.carrier),
            joinedload(Run.driver).joinedload(Driver.user),
            joinedload(RunStop.site).joinedload(ProductionSite.producer),
            joinedload(RunStop.kitchen),
            joinedload(RunLoad.order).options(
                selectinload(Order.lines), joinedload(Order.kitchen), joinedload(Order.producer)
            ),
        )
        .order_by(RunStop.starts_at, RunStop.id, RunLoad.id)
    )
    return [Carried(run, stop, load) for run, stop, load in session.execute(query)]


def next_transport(session: Session, *, actor: Actor, today: date) -> date | None:
    """The first day from today on with something to carry for the actor."""
    query = _published(select(func.min(Run.day))).where(_own(actor), Run.day >= today)
    return session.scalar(query)


def _published(query: Select[*Columns]) -> Select[*Columns]:
    """With the tables that say whose a load is, of published plans only."""
    return (
        query.select_from(Run)
        .join(WeekPlan, Run.week_plan_id == WeekPlan.id)
        .join(RunStop, RunStop.run_id == Run.id)
        .join(RunLoad, RunLoad.run_stop_id == RunStop.id)
        .join(Order, RunLoad.order_id == Order.id)
        .where(WeekPlan.state == PlanState.PUBLISHED)
    )


def latest_step(session: Session) -> int:
    """The number of the latest publishing or withdrawing, of anyone's plan: as long as it stands, no page is out of date."""
    query = select(func.max(PlanTransition.id)).where(PlanTransition.event != PlanEvent.MAKE)
    return session.scalar(query) or 0


def own_version(session: Session, *, actor: Actor, today: date) -> str:
    """16 hex digits that differ when anything in the actor's transports from today on does."""
    query = (
        _published(select(RunLoad.order_id, RunLoad.kind, RunLoad.leg, RunStop.starts_at, Run.vehicle_id))
        .where(_own(actor), Run.day >= today)
        .order_by(RunStop.starts_at, RunLoad.order_id, RunLoad.kind, RunLoad.leg, Run.vehicle_id)
    )
    rows = [tuple(str(value) for value in row) for row in session.execute(query)]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


def state_of(session: Session, *, actor: Actor, plan_id: int) -> PlanState | None:
    """A plan's state alone, or None where the actor has no part in it."""
    return session.scalar(select(WeekPlan.state).where(WeekPlan.id == plan_id, covering(actor)))


def published_at(session: Session, *, plan_ids: frozenset[int]) -> datetime | None:
    """When the latest of these plans was published."""
    query = select(func.max(PlanTransition.at)).where(
        PlanTransition.week_plan_id.in_(plan_ids), PlanTransition.event == PlanEvent.PUBLISH
    )
    return session.scalar(query)


def own_shares(session: Session, *, actor: Actor, week: Week) -> list[CostShare]:
    """A producer's shares of the cost of the week's published plans; nobody else has any."""
    if actor.producer_id is None:
        return []
    query = (
        select(CostShare)
        .join(WeekPlan, CostShare.week_plan_id == WeekPlan.id)
        .where(
            CostShare.producer_id == actor.producer_id,
            WeekPlan.state == PlanState.PUBLISHED,
            WeekPlan.monday == week.monday,
        )
        .order_by(CostShare.week_plan_id)
    )
    return list(session.scalars(query))


def live_feed(session: Session, *, actor: Actor) -> CalendarFeed | None:
    """The actor's calendar feed, if there is one that still answers."""
    query = select(CalendarFeed).where(
        CalendarFeed.membership_id == actor.membership_id, CalendarFeed.revoked_at.is_(None)
    )
    return session.scalar(query.order_by(CalendarFeed.id.desc()).limit(1))


def feed_by_hash(session: Session, *, token_hash: str) -> CalendarFeed | None:
    """A feed that answers: neither revoked, nor of someone whose account is closed."""
    query = (
        select(CalendarFeed)
        .join(Membership, CalendarFeed.membership_id == Membership.id)
        .join(User, Membership.user_id == User.id)
        .where(CalendarFeed.token_hash == token_hash, CalendarFeed.revoked_at.is_(None), User.active)
        .options(
            joinedload(CalendarFeed.membership).options(
                joinedload(Membership.user),
                joinedload(Membership.kitchen),
                joinedload(Membership.producer),
                joinedload(Membership.authority),
            )
        )
    )
    return session.scalar(query)
