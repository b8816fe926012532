"""What a plan left out: why, and the smallest changes that would serve it, each with what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from market.offers.models import Offer
from market.orders.models import Order, OrderLine
from market.planning.building import order_and_leg
from market.planning.changes.asking import Asked, What, sent
from market.planning.changes.opened import Opened
from market.planning.models import UnservedOrder
from market.planning.naming import HUB, OWN
from market.planning.rules import PlanState, reason_text
from market.planning.sheets import Item, items_of
from market.values import Week
from routing.changes import Change, Kind
from routing.explain import FITS, NOTHING_HELPS, PRICE, WAITS, Explanation, Option, explain
from routing.giving_way import on_the_day
from routing.problem import Problem

MOST_TURNS, MOST_ORDERS, MOST_WAYS = 8, 24, 4
"""How much is looked at while someone waits at the page, and how much of it is shown."""
LONG_S = 3 * 3600
"""Hours are not asked for that much where something smaller helps."""
HOURS = frozenset({
    Kind.STOP_OPENS_EARLIER, Kind.STOP_CLOSES_LATER, Kind.PICKUP_EARLIER, Kind.PICKUP_LATER, Kind.DELIVERY_EARLIER,
    Kind.DELIVERY_LATER, Kind.SHIFT_STARTS_EARLIER, Kind.SHIFT_ENDS_LATER, Kind.DRIVING,
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """Changes that together would serve the goods, the vehicle that then takes them, and what that costs more.

    `fields` ask to try it.
    """

    changes: tuple[Change, ...]
    vehicle: str
    price_ore: int
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Why one shipment was left out, by `explain`, and the ways out, the easiest first."""

    shipment: str
    code: str
    ways: tuple[WayOut, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutLine:
    order: Order
    items: tuple[Item, ...]
    reason: str
    help: Help | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutPage:
    """`chosen`: the order that help was worked out for, if any."""

    plan_id: int
    week: Week
    problem: Problem
    is_draft: bool
    lines: tuple[LeftOutLine, ...]
    chosen: int | None


def orders_left_out(session: Session, *, plan_id: int) -> list[UnservedOrder]:
    """Of a plan that the caller has found within its actor's reach."""
    order = joinedload(UnservedOrder.order)
    query = (
        select(UnservedOrder)
        .where(UnservedOrder.week_plan_id == plan_id)
        .options(
            order.joinedload(Order.producer),
            order.joinedload(Order.kitchen),
            order.selectinload(Order.lines).joinedload(OrderLine.offer).joinedload(Offer.site),
        )
        .order_by(UnservedOrder.order_id)
    )
    return list(session.scalars(query))


def left_out_page(found: Opened, *, orders: list[UnservedOrder], chosen: int | None) -> LeftOutPage:
    """The left out, with help for the chosen one; looks for it only as long as someone will wait."""
    return LeftOutPage(
        plan_id=found.plan_id,
        week=found.week,
        problem=found.problem,
        is_draft=found.state is PlanState.DRAFT,
        lines=tuple(
            LeftOutLine(
                order=entry.order,
                items=items_of(entry.order),
                reason=reason_text(entry.reason_code),
                help=help_for(found, entry.order_id) if entry.order_id == chosen else None,
            )
            for entry in orders
        ),
        chosen=chosen,
    )


def help_for(found: Opened, order_id: int) -> Help | None:
    """What would serve the order's goods: of its first shipment that was left out."""
    names = [e.shipment for e in found.plan.unserved if order_and_leg(e.shipment)[0] == order_id]
    answers = explain(
        found.problem, found.plan, only=names[:1], most_turns=MOST_TURNS, most_orders=MOST_ORDERS
    )
    return next((_help(found, answer) for answer in answers), None)


def _help(found: Opened, answer: Explanation) -> Help:
    ways = sorted(filter(can_be_given, answer.options), key=_is_long)
    short = [option for option in ways if not _is_long(option)] or ways
    return Help(
        shipment=answer.shipment,
        code=answer.code,
        ways=tuple(_ways(found, answer.shipment, short[:MOST_WAYS])),
    )


def _is_long(option: Option) -> bool:
    return any(change.kind in HOURS and change.amount > LONG_S for change in option.changes)


def can_be_given(option: Option) -> bool:
    """A vehicle gets a tail lift, but not somebody else's staff or the producer who drives itself."""
    needs = (name for change in option.changes if change.kind is Kind.SKILLS for name in change.names)
    return not any(need.partition(":")[0] in {OWN, HUB} for need in needs)


def _ways(found: Opened, shipment: str, options: list[Option]) -> Iterator[WayOut]:
    names = {vehicle.id: vehicle.name for vehicle in found.problem.vehicles}
    for option in options:
        changes = on_the_day(found.problem, option.changes, (option.vehicle, option.shift))
        asked = Asked(
            what=What.RELAX if changes else What.MOVE,
            seen=found.revision,
            shipments=(shipment,),
            vehicle=option.vehicle,
            shift=option.shift,
            changes=changes,
        )
        yield WayOut(
            changes=changes,
            vehicle=names[option.vehicle],
            price_ore=option.price_ore,
            fields=tuple(sent(asked, gives=())),
        )


__all__ = [
    "FITS",
    "NOTHING_HELPS",
    "PRICE",
    "WAITS",
    "Help",
    "LeftOutPage",
    "WayOut",
    "help_for",
    "left_out_page",
]
