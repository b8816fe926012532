"""Reads of scenarios, of what a portion weighs, and of all that a scenario is worked out from. As many queries whatever the size."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from market.actors import Actor
from market.followup.models import Delivered
from market.followup.preparedness.models import PortionNorm, Scenario, ScenarioResult
from market.followup.preparedness.rules import PACE_DAYS, USUAL_GRAMS, Basis, NoKitchensToFeed
from market.followup.preparedness.sharing import Supply
from market.offers.models import Offer, offer_authorities
from market.offers.rules import OfferState
from market.orders.models import DeliveryLine, Order, OrderLine
from market.orders.rules import OrderState
from market.planning.inputs import WeekInputs
from market.planning.what_if_reading import read_network
from market.register.models import Category, Kitchen, Producer, Product, ProductionSite, Temperature
from market.values import Period, Unit, Week

COLDEST = (Temperature.FROZEN, Temperature.CHILLED, Temperature.AMBIENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class KitchenNow:
    """A kitchen with the one that takes in its goods; `portions` none: nobody has told."""

    id: int
    name: str
    receiving_id: int
    portions: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that decides an answer, read at once. `pace`: grams a day of each category from local producers, as delivered lately.

    `network` is the first week of the days, with no goods in it; `producers` are names by id.
    """

    starts_on: date
    kitchens: tuple[KitchenNow, ...]
    grams: Mapping[str, int]
    pace: Mapping[str, int]
    supplies: tuple[Supply, ...]
    producers: Mapping[int, str]
    network: WeekInputs


def scenarios_of(session: Session, *, actor: Actor) -> list[Scenario]:
    """Those of the actor's authority that are not put away, the newest first, with their results."""
    query = (
        select(Scenario)
        .where(Scenario.authority_id == actor.authority_id, Scenario.put_away_at.is_(None))
        .options(selectinload(Scenario.results).defer(ScenarioResult.outcome))
        .order_by(Scenario.id.desc())
    )
    return list(session.scalars(query))


def scenario_for(session: Session, *, actor: Actor, scenario_id: int) -> Scenario | None:
    """One of them, put away or not; None for an outsider."""
    query = (
        select(Scenario)
        .where(Scenario.id == scenario_id, Scenario.authority_id == actor.authority_id)
        .options(selectinload(Scenario.results).defer(ScenarioResult.outcome))
    )
    return session.scalar(query)


def outcomes_of(session: Session, *, result_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What these results say, by their ids: only what is shown is read. One query."""
    query = select(ScenarioResult.id, ScenarioResult.outcome).where(ScenarioResult.id.in_(result_ids))
    return {row.id: row.outcome for row in session.execute(query)}


def scenario_by_id(session: Session, *, scenario_id: int) -> Scenario | None:
    """For whoever runs the installation."""
    return session.get(Scenario, scenario_id)


def last_number(session: Session, *, scenario_id: int) -> int:
    """The number of the newest result; 0 before the first."""
    query = select(func.max(ScenarioResult.number)).where(ScenarioResult.scenario_id == scenario_id)
    return session.scalar(query) or 0


def hubs_of(session: Session, *, actor: Actor) -> list[Kitchen]:
    """The receiving kitchens of the actor's authority, by name."""
    query = select(Kitchen).where(
        Kitchen.authority_id == actor.authority_id, Kitchen.is_active, Kitchen.hub_id.is_(None)
    )
    return list(session.scalars(query.order_by(Kitchen.name)))


def categories(session: Session) -> list[Category]:
    return list(session.scalars(select(Category).order_by(Category.position)))


def own_norms(session: Session, *, authority_id: int) -> dict[str, int]:
    """What the authority has said that a portion holds, by category."""
    query = select(PortionNorm).where(PortionNorm.authority_id == authority_id)
    return {row.category_key: row.grams for row in session.scalars(query)}


def grams_of(session: Session, *, authority_id: int) -> dict[str, int]:
    """Grams of each category in one portion: the authority's own, else the usual."""
    return {**USUAL_GRAMS, **own_norms(session, authority_id=authority_id)}


def read_known(session: Session, *, authority_id: int, days: int, today: date) -> Known:
    """What a scenario of so many days from next Monday on is worked out from. Raises NoKitchensToFeed."""
    kitchens = _kitchens(session, authority_id)
    if not kitchens:
        raise NoKitchensToFeed
    week = Week.containing(today).shifted(1)
    period = Period(week.monday, week.monday + timedelta(days=days))
    lately = _lately(session, authority_id, today)
    stock = [*_offered(session, authority_id, period), *_agreed(session, authority_id, period)]
    supplies = _supplies(session, stock, lately, days)
    return Known(
        starts_on=period.start,
        kitchens=kitchens,
        grams=grams_of(session, authority_id=authority_id),
        pace=_by_category(lately),
        supplies=supplies,
        producers=_names(session, {supply.producer_id for supply in supplies}),
        network=read_network(
            session,
            authority_id=authority_id,
            week=week,
            site_ids={supply.site_id for supply in supplies},
            kitchen_ids={kitchen.receiving_id for kitchen in kitchens},
        ),
    )


def _kitchens(session: Session, authority_id: int) -> tuple[KitchenNow, ...]:
    query = select(Kitchen).where(Kitchen.authority_id == authority_id, Kitchen.is_active)
    return tuple(
        KitchenNow(id=row.id, name=row.name, receiving_id=row.receiving_kitchen_id, portions=row.portions)
        for row in session.scalars(query.order_by(Kitchen.id))
    )


@dataclass(frozen=True, slots=True)
class _Amount:
    """Grams at a site: of what there is, or a day's mean."""

    site_id: int
    category: str
    temperature: Temperature
    grams: Decimal


def _offered(session: Session, authority_id: int, period: Period) -> list[_Amount]:
    """What is left of the offers that the authority can buy from in those days."""
    query = (
        select(
            Offer.site_id,
            Product.category_key,
            Product.temperature,
            Product.grams_per_unit,
            Offer.unit,
            func.sum(Offer.posted - Offer.reserved),
        )
        .join(Product, Offer.product_id == Product.id)
        .where(
            Offer.state == OfferState.OPEN,
            Offer.available_from < period.end,
            Offer.available_until > period.start,
            Offer.reserved < Offer.posted,
            _is_for(authority_id),
        )
        .group_by(
            Offer.site_id, Product.category_key, Product.temperature, Product.grams_per_unit, Offer.unit
        )
    )
    return [
        _Amount(site_id, category, temperature, Decimal(int(steps) * weight) / Unit(unit).steps)
        for site_id, category, temperature, weight, unit, steps in session.execute(query)
    ]


def _is_for(authority_id: int) -> ColumnElement[bool]:
    named = select(offer_authorities.c.offer_id).where(offer_authorities.c.authority_id == authority_id)
    return or_(Offer.is_for_all, Offer.id.in_(named))


def _agreed(session: Session, authority_id: int, period: Period) -> list[_Amount]:
    """What the kitchens have been promised for those days."""
    query = (
        select(Offer.site_id, OrderLine.category_key, OrderLine.temperature, func.sum(OrderLine.grams))
        .join(Order, OrderLine.order_id == Order.id)
        .join(Offer, OrderLine.offer_id == Offer.id)
        .join(Kitchen, Order.kitchen_id == Kitchen.id)
        .where(
            Kitchen.authority_id == authority_id,
            Order.state == OrderState.AGREED,
            Order.deliver_on.between(period.start, period.last),
        )
        .group_by(Offer.site_id, OrderLine.category_key, OrderLine.temperature)
    )
    return [
        _Amount(site, key, cold, Decimal(int(grams))) for site, key, cold, grams in session.execute(query)
    ]


def _lately(session: Session, authority_id: int, today: date) -> list[_Amount]:
    """The mean of a day over the weeks before, as delivered."""
    query = (
        select(Offer.site_id, Delivered.category_key, OrderLine.temperature, func.sum(Delivered.grams))
        .join(DeliveryLine, Delivered.delivery_line_id == DeliveryLine.id)
        .join(OrderLine, DeliveryLine.order_line_id == OrderLine.id)
        .join(Offer, OrderLine.offer_id == Offer.id)
        .where(
            and_(
                Delivered.authority_id == authority_id,
                Delivered.delivered_on >= today - timedelta(days=PACE_DAYS),
                Delivered.delivered_on < today,
            )
        )
        .group_by(Offer.site_id, Delivered.category_key, OrderLine.temperature)
    )
    return [
        _Amount(site, key, cold, Decimal(int(grams)) / PACE_DAYS)
        for site, key, cold, grams in session.execute(query)
    ]


def _by_category(lately: Iterable[_Amount]) -> dict[str, int]:
    sums: dict[str, Decimal] = {}
    for amount in lately:
        sums[amount.category] = sums.get(amount.category, Decimal(0)) + amount.grams
    return {key: int(grams) for key, grams in sums.items()}


def _supplies(
    session: Session, stock: Sequence[_Amount], lately: Sequence[_Amount], days: int
) -> tuple[Supply, ...]:
    """By site and category the larger of what is offered or promised, and what the pace of the last weeks would give."""
    offered, paced = _summed(stock), _summed(lately)
    keys = sorted({*offered, *paced})
    owners = _owners(session, {site_id for site_id, _ in keys})
    found = []
    for site_id, category in keys:
        there_is, pace = (
            offered.get((site_id, category), Decimal(0)),
            paced.get((site_id, category), Decimal(0)),
        )
        basis = Basis.OFFERS if there_is >= pace * days else Basis.PACE
        found.append(
            Supply(
                site_id=site_id,
                producer_id=owners[site_id],
                category=category,
                temperature=_coldest((*stock, *lately), site_id, category),
                grams=int(max(there_is, pace * days)),
                basis=basis,
            )
        )
    return tuple(supply for supply in found if supply.grams)


def _summed(amounts: Iterable[_Amount]) -> dict[tuple[int, str], Decimal]:
    sums: dict[tuple[int, str], Decimal] = {}
    for one in amounts:
        key = (one.site_id, one.category)
        sums[key] = sums.get(key, Decimal(0)) + one.grams
    return sums


def _coldest(amounts: Iterable[_Amount], site_id: int, category: str) -> Temperature:
    """What keeps all of it well."""
    classes = {one.temperature for one in amounts if (one.site_id, one.category) == (site_id, category)}
    return next(one for one in COLDEST if one in classes)


def _owners(session: Session, site_ids: set[int]) -> dict[int, int]:
    query = select(ProductionSite.id, ProductionSite.producer_id).where(ProductionSite.id.in_(site_ids))
    return {site_id: producer_id for site_id, producer_id in session.execute(query)}  # noqa: C416 - rows, not pairs


def _names(session: Session, producer_ids: set[int]) -> dict[int, str]:
    query = select(Producer.id, Producer.name).where(Producer.id.in_(producer_ids))
    return {producer_id: name for producer_id, name in session.execute(query)}  # noqa: C416 - rows, not pairs


def kitchen_names(session: Session, *, authority_id: int) -> dict[int, str]:
    """Of all its kitchens, those in no use any more too."""
    query = select(Kitchen.id, Kitchen.name).where(Kitchen.authority_id == authority_id)
    return {kitchen_id: name for kitchen_id, name in session.execute(query)}  # noqa: C416 - rows, not pairs
