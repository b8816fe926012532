"""Reads of what is published: the parts that open figures are made of, who publishes, and what a year's report tells beside figures."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from market.followup.figures import Sums
from market.followup.models import Delivered, DeliveredSum, FollowupSettings, Goal
from market.followup.periods import MONTHS, Span
from market.followup.publishing.open_figures import Part
from market.followup.queries import Scope, amounts_in_sql, within
from market.followup.rules import MONTHS_A_YEAR, EmissionMethod
from market.locality.models import DefinitionVersion
from market.orders.models import Delivery, Order
from market.register.models import Authority, Kitchen
from market.values import local_date

EVERY = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How the emissions of a period were counted: lines, weight and CO2e by method."""

    method: EmissionMethod
    lines: int
    grams: int
    co2e_g: int


def parts_of(
    session: Session, *, authority_ids: Collection[int], year: int | None = None
) -> dict[int, list[Part]]:
    """Of each authority every month, or a year's: what came of a category from a producer by a procedure, all kitchens together. One query."""
    keys = (DeliveredSum.month, DeliveredSum.category_key, DeliveredSum.producer_id, DeliveredSum.route)
    amounts = amounts_in_sql(DeliveredSum)
    columns = [func.sum(amount).label(name) for name, amount in amounts.items()]
    query = select(DeliveredSum.authority_id, *keys, *columns).where(
        DeliveredSum.authority_id.in_(authority_ids)
    )
    if year is not None:
        first = year * MONTHS_A_YEAR
        query = query.where(DeliveredSum.month.between(first, first + MONTHS))
    found: dict[int, list[Part]] = {one: [] for one in authority_ids}
    grouped = query.group_by(DeliveredSum.authority_id, *keys).order_by(DeliveredSum.authority_id, *keys)
    for authority_id, month, category_key, producer_id, route, *values in session.execute(grouped):
        sums = Sums(**{name: int(value or 0) for name, value in zip(amounts, values, strict=True)})
        found[authority_id].append(
            Part(month=month, category_key=category_key, producer_id=producer_id, route=route, sums=sums)
        )
    return found


def first_months(session: Session, *, authority_ids: Collection[int]) -> dict[int, int]:
    """The month of each authority's first delivery; nothing of one without. One query."""
    query = select(DeliveredSum.authority_id, func.min(DeliveredSum.month)).where(
        DeliveredSum.authority_id.in_(authority_ids)
    )
    return {one: int(month) for one, month in session.execute(query.group_by(DeliveredSum.authority_id))}


def settled_until(session: Session, *, authority_ids: Collection[int], today: date) -> dict[int, date]:
    """The day of each authority's first delivery that waits to be counted, else today: what came before it does not change.

    One query, of all that wait: they are few, and their index leads to them.
    """
    waiting = select(Delivery.order_id, Delivery.received_at).where(~Delivery.is_counted)
    few = waiting.limit(EVERY).subquery()  # a fence: else a planner may begin with all orders of all kitchens
    query = (
        select(Kitchen.authority_id, func.min(few.c.received_at))
        .select_from(few)
        .join(Order, Order.id == few.c.order_id)
        .join(Kitchen, Kitchen.id == Order.kitchen_id)
        .group_by(Kitchen.authority_id)
    )
    waits = {one: local_date(first) for one, first in session.execute(query)}
    return {one: min(today, waits.get(one, today)) for one in authority_ids}


def publishers(session: Session) -> list[tuple[Authority, FollowupSettings]]:
    """The authorities that publish their figures, by name."""
    query = (
        select(Authority, FollowupSettings)
        .join(FollowupSettings, FollowupSettings.authority_id == Authority.id)
        .where(FollowupSettings.is_open)
        .order_by(Authority.name)
    )
    return [(authority, settings) for authority, settings in session.execute(query)]


def publisher(session: Session, *, authority_id: int) -> tuple[Authority, FollowupSettings] | None:
    """One of them, or none: also for an authority that does not publish."""
    return next((one for one in publishers(session) if one[0].id == authority_id), None)


def years_of(session: Session, *, scope: Scope) -> list[int]:
    """In which something was delivered, the last first."""
    months = select(DeliveredSum.month).where(*within(DeliveredSum, scope)).distinct()
    return sorted({month // MONTHS_A_YEAR for month in session.scalars(months)}, reverse=True)


def definitions_in(session: Session, *, authority_id: int, span: Span) -> list[DefinitionVersion]:
    """The versions of the authority's definition of local that were in force on some day of a period, in order."""
    period = span.period
    query = select(DefinitionVersion).where(
        DefinitionVersion.authority_id == authority_id,
        DefinitionVersion.valid_from < period.end,
        func.coalesce(DefinitionVersion.valid_to, period.end) > period.start,
        func.coalesce(DefinitionVersion.valid_to, period.end) > DefinitionVersion.valid_from,
    )
    return list(session.scalars(query.order_by(DefinitionVersion.number)))


def emission_counts(session: Session, *, scope: Scope, span: Span) -> list[Counted]:
    """By method, the most lines first."""
    period = span.period
    query = (
        select(
            Delivered.emission_method,
            func.count(),
            func.sum(Delivered.grams),
            func.sum(Delivered.co2e_g),
        )
        .where(
            *within(Delivered, scope),
            Delivered.delivered_on >= period.start,
            Delivered.delivered_on < period.end,
        )
        .group_by(Delivered.emission_method)
    )
    found = [
        Counted(method=method, lines=lines, grams=int(grams or 0), co2e_g=int(co2e_g or 0))
        for method, lines, grams, co2e_g in session.execute(query)
    ]
    return sorted(found, key=lambda one: -one.lines)


def goals_in(session: Session, *, authority_id: int, span: Span) -> list[Goal]:
    """What the authority had decided to reach in some part of a period."""
    period = span.period
    query = select(Goal).where(
        Goal.authority_id == authority_id,
        Goal.valid_from < period.end,
        func.coalesce(Goal.valid_until, period.end) > period.start,
    )
    return list(session.scalars(query.order_by(Goal.figure, Goal.valid_from, Goal.id)))
