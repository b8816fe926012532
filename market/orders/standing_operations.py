"""Standing orders: making, pausing, changing and ending them, and the orders that they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from market import audit
from market.accounts.rules import Role
from market.actors import Actor
from market.limits.rules import LimitReached
from market.offers.models import Offer
from market.offers.rules import NotEnoughLeft, NotWholePackages, NotWholePieces, check_price
from market.orders import telling
from market.orders.models import Order, StandingOrder, StandingWeek
from market.orders.operations import place_order
from market.orders.queries import supplies_for
from market.orders.rules import KitchenClosed
from market.orders.standing_rules import (
    EndsBeforeItBegins,
    StandingEvent,
    StandingState,
    Supply,
    WhyNot,
    choose,
    standing_day,
    standing_state_after,
)
from market.register.models import Kitchen, Product
from market.values import Quantity, Refused, Week, local_date

WHY: Mapping[type[Refused], WhyNot] = MappingProxyType(
    {
        NotEnoughLeft: WhyNot.NOT_ENOUGH,
        NotWholePackages: WhyNot.PACKAGES,
        NotWholePieces: WhyNot.PACKAGES,
        KitchenClosed: WhyNot.KITCHEN_CLOSED,
        LimitReached: WhyNot.LIMIT_REACHED,
    }
)
"""What a refused order means to a standing one; of others the words are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is wanted every week. `highest_price` None: whatever is listed; `until_on` is the last delivery day."""

    quantity: Quantity
    weekday: int
    highest_price: Decimal | None
    until_on: date | None


def make_standing_order(
    session: Session,
    *,
    product: Product,
    kitchen: Kitchen,
    wish: Wish,
    request_key: str,
    actor: Actor,
    at: datetime,
) -> StandingOrder:
    """From next week on. The same `request_key` again returns the one already made.

    Raises KitchenClosed, EndsBeforeItBegins, PriceNotAboveZero.
    """
    made = _by_request_key(session, request_key)
    if made is not None:
        return made
    _check(session, kitchen, wish, at=at)
    standing = StandingOrder(
        kitchen=kitchen, product=product, steps=wish.quantity.steps, weekday=wish.weekday,
        highest_price=wish.highest_price, until_on=wish.until_on, state=StandingState.ACTIVE,
        request_key=request_key, user_id=actor.user_id, created_at=at,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(standing)
            session.flush()
    except IntegrityError:
        made = _by_request_key(session, request_key)  # the same submit came first in another process
        if made is None:
            raise
        return made
    _log(session, "standing_order.make", standing, actor, at)
    return standing


def change_standing_order(
    session: Session, *, standing: StandingOrder, wish: Wish, actor: Actor, at: datetime
) -> None:
    """For the weeks to come; orders already made stand. Raises as make_standing_order does."""
    _check(session, standing.kitchen, wish, at=at)
    standing.steps, standing.weekday = wish.quantity.steps, wish.weekday
    standing.highest_price, standing.until_on = wish.highest_price, wish.until_on
    session.flush()
    _log(session, "standing_order.change", standing, actor, at)


def turn_standing_order(
    session: Session, *, standing: StandingOrder, event: StandingEvent, actor: Actor, at: datetime
) -> None:
    """Pause, resume or end. Raises StandingChanged where the table has no such step."""
    before = standing.state
    after = standing_state_after(before, event)
    changed = session.execute(
        update(StandingOrder)
        .where(StandingOrder.id == standing.id, StandingOrder.state == before)
        .values(state=after)
        .execution_options(synchronize_session=False)
    )
    session.refresh(standing, ["state"])
    if changed.rowcount == 1:  # type: ignore[attr-defined]
        _log(session, f"standing_order.{event.value}", standing, actor, at)


def make_weeks_order(session: Session, *, standing: StandingOrder, week: Week, at: datetime) -> bool:
    """Make the order of one week, or write down why not; True when an order was made.

    A week that has its order is left alone; one without is tried again, and told of once for each reason.
    """
    row, day = _row(session, standing, week), standing_day(week, weekday=standing.weekday)
    is_over = standing.until_on is not None and day > standing.until_on
    if row.order_id is not None or is_over or day <= local_date(at):
        return False
    outcome, row.detail = _try(session, standing, day, at)
    row.order_id = outcome.id if isinstance(outcome, Order) else None
    row.why_not = outcome if isinstance(outcome, WhyNot) else None
    row.tried_at = at
    session.add(row)
    session.flush()
    if isinstance(outcome, Order):
        telling.standing_order_made(session, standing=standing, order=outcome, at=at)
        return True
    telling.standing_order_failed(session, standing=standing, week=row, at=at)
    return False


def _row(session: Session, standing: StandingOrder, week: Week) -> StandingWeek:
    """What was written of the week before, or a new row that is not stored yet."""
    found = session.scalar(
        select(StandingWeek).where(
            StandingWeek.standing_order_id == standing.id, StandingWeek.monday == week.monday
        )
    )
    return found or StandingWeek(standing_order_id=standing.id, monday=week.monday)


def _try(session: Session, standing: StandingOrder, day: date, at: datetime) -> tuple[Order | WhyNot, str]:
    """The day's order from the best of the open offers, or why not, and in which words."""
    if day.isoweekday() not in _open_weekdays(session, standing.kitchen):
        return WhyNot.KITCHEN_CLOSED, ""
    supplies = supplies_for(
        session, product_id=standing.product_id, authority_id=standing.kitchen.authority_id, day=day,
        today=local_date(at),
    )  # fmt: skip
    chosen = choose(supplies, quantity=standing.quantity, highest=standing.highest_price)
    if isinstance(chosen, WhyNot):
        return chosen, ""
    try:
        with session.begin_nested():
            return _order(session, standing, chosen, day, at), ""
    except Refused as refusal:
        return WHY.get(type(refusal), WhyNot.REFUSED), str(refusal)


def _order(session: Session, standing: StandingOrder, chosen: Supply, day: date, at: datetime) -> Order:
    return place_order(
        session,
        offer=session.get_one(Offer, chosen.offer_id),
        kitchen=standing.kitchen,
        quantity=standing.quantity,
        deliver_on=day,
        proposed_price=standing.highest_price if chosen.price is None else None,
        note="",
        request_key=f"standing:{standing.id}:{Week.containing(day)}",
        actor=_on_behalf_of(standing),
        at=at,
    )


def _on_behalf_of(standing: StandingOrder) -> Actor:
    """The clock acts for whoever made the standing order, as the kitchen."""
    kitchen = standing.kitchen
    return Actor(
        user_id=standing.user_id,
        membership_id=0,
        name=kitchen.name,
        role=Role.KITCHEN,
        organisation_name=kitchen.name,
        authority_id=kitchen.authority_id,
        kitchen_id=kitchen.id,
    )


def _check(session: Session, kitchen: Kitchen, wish: Wish, *, at: datetime) -> None:
    if wish.weekday not in _open_weekdays(session, kitchen):
        raise KitchenClosed
    if wish.until_on is not None and wish.until_on <= local_date(at):
        raise EndsBeforeItBegins
    if wish.highest_price is not None:
        check_price(wish.highest_price)


def _open_weekdays(session: Session, kitchen: Kitchen) -> set[int]:
    receiving = session.get_one(Kitchen, kitchen.receiving_kitchen_id)
    return {window.weekday for window in receiving.windows}


def _by_request_key(session: Session, request_key: str) -> StandingOrder | None:
    return session.scalar(select(StandingOrder).where(StandingOrder.request_key == request_key))


def _log(session: Session, action: str, standing: StandingOrder, actor: Actor, at: datetime) -> None:
    audit.record(
        session, user_id=actor.user_id, at=at, action=action, subject=f"standing_order:{standing.id}",
        state=standing.state.value, steps=standing.steps, weekday=standing.weekday,
        highest_price=str(standing.highest_price) if standing.highest_price is not None else None,
        until_on=standing.until_on.isoformat() if standing.until_on else None,
    )  # fmt: skip
