"""Reads of need: what the kitchens have stated, asked for, watch for, and had a year earlier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from market.actors import Actor
from market.agreements.models import Interest
from market.dis.needs.models import NeedLine, NeedRound, RoundProduct
from market.dis.systems.models import DisCategory
from market.followup.models import DeliveredSum
from market.followup.supply.gaps import Need, Place
from market.followup.supply.rules import When, spread, week_from, year_earlier, year_later
from market.notices.models import SavedNeed
from market.notices.queries import is_alive
from market.offers.models import Offer
from market.orders.models import Order, OrderLine
from market.orders.rules import OrderState
from market.register.models import Kitchen, Product
from market.values import Period, Unit

LIVE = (OrderState.PROPOSED, OrderState.AGREED, OrderState.RECEIVED)
COMING = (OrderState.PROPOSED, OrderState.AGREED)
ONE_DAY = timedelta(days=1)
GRAMS_A_LITRE = 1_000
"""Assumed of what is stated in litres without a product."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Whose need: an authority's, or that of one of its kitchens."""

    authority_id: int
    kitchen_id: int | None = None

    @property
    def kitchens(self) -> ColumnElement[bool]:
        """Of the table of kitchens."""
        own = Kitchen.authority_id == self.authority_id
        return own if self.kitchen_id is None else and_(own, Kitchen.id == self.kitchen_id)

    @property
    def delivered(self) -> ColumnElement[bool]:
        """Of the sums of what was delivered."""
        own = DeliveredSum.authority_id == self.authority_id
        return own if self.kitchen_id is None else and_(own, DeliveredSum.kitchen_id == self.kitchen_id)


def whose_need(actor: Actor) -> Whose | None:
    """A kitchen's people see their own kitchen, all others their authority; None for who has none."""
    if actor.authority_id is None:
        return None
    return Whose(authority_id=actor.authority_id, kitchen_id=actor.kitchen_id)


def needs(session: Session, *, whose: Whose, when: When) -> dict[Place, Need]:
    """By category and month. Six queries, however many kitchens."""
    stated = _stated(session, whose, when)
    wanted = _together(
        _received(session, whose, when.months),
        _ordered(session, whose, when),
        _interest(session, whose, when),
    )
    earlier = _received(session, whose, [year_earlier(month) for month in when.coming])
    before = {(key, year_later(month)): grams for (key, month), grams in earlier.items()}
    watched = _watched(session, whose, when)
    return {
        place: Need(
            stated=stated.get(place, 0),
            wanted=wanted.get(place, 0),
            before=before.get(place, 0),
            watched=watched.get(place, 0),
        )
        for place in {*stated, *wanted, *before, *watched}
    }


def is_coming(when: When) -> tuple[ColumnElement[bool], ...]:
    """Orders for the months that are looked at and not over, that are to be received."""
    start = max(when.period.start, when.today.replace(day=1))
    return Order.state.in_(COMING), Order.deliver_on >= start, Order.deliver_on < when.period.end


def watching(session: Session, *, whose: Whose, today: date) -> dict[str, int]:
    """How many kitchens watch for each category now, with or without an amount."""
    query = (
        select(SavedNeed.category_key, func.count(SavedNeed.kitchen_id.distinct()))
        .join(SavedNeed.kitchen)
        .where(whose.kitchens, is_alive(today), SavedNeed.category_key.is_not(None))
        .group_by(SavedNeed.category_key)
    )
    return {str(key): number for key, number in session.execute(query)}


def _stated(session: Session, whose: Whose, when: When) -> dict[Place, int]:
    query = (
        select(DisCategory.category_key, NeedLine.week_on, RoundProduct.unit, func.sum(NeedLine.steps))
        .join(NeedLine.product)
        .join(NeedRound, NeedRound.id == RoundProduct.need_round_id)
        .join(NeedRound.dis_category)
        .join(NeedLine.kitchen)
        .where(whose.kitchens, *_weeks(NeedLine.week_on, when.period))
        .group_by(DisCategory.category_key, NeedLine.week_on, RoundProduct.unit)
    )
    pieces = _piece_grams(session)
    return _by_place(
        (
            (key, week_from(week), steps * _grams_a_unit(unit, pieces.get(key, 0)) // unit.steps)
            for key, week, unit, steps in session.execute(query)
        ),
        when,
    )


def _piece_grams(session: Session) -> dict[str, int]:
    """What a piece weighs in each category, in the mean of the products sold by the piece."""
    query = (
        select(Product.category_key, func.sum(Product.grams_per_unit), func.count())
        .where(Product.unit == Unit.PIECE)
        .group_by(Product.category_key)
    )
    return {key: int(grams) // number for key, grams, number in session.execute(query)}


def _grams_a_unit(unit: Unit, piece_grams: int) -> int:
    return piece_grams if unit is Unit.PIECE else GRAMS_A_LITRE


def _received(session: Session, whose: Whose, months: Sequence[int]) -> dict[Place, int]:
    query = (
        select(DeliveredSum.category_key, DeliveredSum.month, func.sum(DeliveredSum.grams))
        .where(whose.delivered, DeliveredSum.month.in_(list(months)))
        .group_by(DeliveredSum.category_key, DeliveredSum.month)
    )
    return {(key, month): int(grams) for key, month, grams in session.execute(query)}


def _ordered(session: Session, whose: Whose, when: When) -> dict[Place, int]:
    """What is ordered and not received yet; of months that are over, what was received is all."""
    query = (
        select(OrderLine.category_key, Order.deliver_on, func.sum(OrderLine.grams))
        .join(OrderLine.order)
        .join(Order.kitchen)
        .where(
            whose.kitchens,
            *is_coming(when),
        )
        .group_by(OrderLine.category_key, Order.deliver_on)
    )
    rows = session.execute(query)
    return _by_place(((key, _day(day), int(grams)) for key, day, grams in rows), when)


def _interest(session: Session, whose: Whose, when: When) -> dict[Place, int]:
    """What kitchens would like of an offer that they have ordered nothing of."""
    has_ordered = exists().where(
        OrderLine.offer_id == Interest.offer_id,
        OrderLine.order_id == Order.id,
        Order.kitchen_id == Interest.kitchen_id,
        Order.state.in_(LIVE),
    )
    query = (
        select(
            Product.category_key,
            Interest.week_on,
            Offer.unit,
            Product.grams_per_unit,
            func.sum(Interest.steps),
        )
        .join(Interest.offer)
        .join(Offer.product)
        .join(Interest.kitchen)
        .where(whose.kitchens, *_weeks(Interest.week_on, when.period), ~has_ordered)
        .group_by(Product.category_key, Interest.week_on, Offer.unit, Product.grams_per_unit)
    )
    return _by_place(
        (
            (key, week_from(week), int(steps) * per_unit // unit.steps)
            for key, week, unit, per_unit, steps in session.execute(query)
        ),
        when,
    )


def _watched(session: Session, whose: Whose, when: When) -> dict[Place, int]:
    """The least amounts that are watched for now, in this month: a watch says no more than that."""
    if when.this_month not in when.months:
        return {}
    query = (
        select(SavedNeed.category_key, func.sum(SavedNeed.at_least_grams))
        .join(SavedNeed.kitchen)
        .where(
            whose.kitchens,
            is_alive(when.today),
            SavedNeed.category_key.is_not(None),
            SavedNeed.at_least_grams.is_not(None),
        )
        .group_by(SavedNeed.category_key)
    )
    return {(str(key), when.this_month): int(grams or 0) for key, grams in session.execute(query)}


def _weeks(column: Any, period: Period) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Weeks named by their Mondays that have a day in the period."""
    return column > period.start - 7 * ONE_DAY, column < period.end


def _day(day: date) -> Period:
    return Period(day, day + ONE_DAY)


def _by_place(parts: Iterable[tuple[str, Period, int]], when: When) -> dict[Place, int]:
    found: dict[Place, int] = defaultdict(int)
    for key, days, grams in parts:
        for month, part in spread(grams, days, when.period).items():
            found[key, month] += part
    return found


def _together(*parts: Mapping[Place, int]) -> dict[Place, int]:
    found: dict[Place, int] = defaultdict(int)
    for part in parts:
        for place, grams in part.items():
            found[place] += grams
    return found
