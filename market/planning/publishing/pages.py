"""What the page of someone's transports shows, worked out from rows that are loaded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from market.accounts.rules import Role
from market.orders.models import Order
from market.planning.models import CostShare, RunStop
from market.planning.publishing.queries import Carried
from market.planning.rules import LoadKind
from market.planning.sheets import Item, items_of
from market.register.models import Kitchen, ProductionSite
from market.values import Week


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """An order at a stop, and whom it is from (when it comes) or for (when it is collected)."""

    order_id: int
    producer_id: int
    items: tuple[Item, ...]
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A vehicle at a place, collecting or bringing."""

    run_id: int
    stop_id: int
    day: date
    starts_at: datetime
    departs_at: datetime
    is_pickup: bool
    place: str
    address: str
    vehicle: str
    carrier: str
    phone: str
    driver: str
    grams: int
    goods: tuple[Goods, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCalls:
    day: date
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportsPage:
    """A week's transports of one actor. `seen` is the latest publishing that the page knows of, `producer_id` of a producer's own."""

    week: Week
    seen: int
    published_at: datetime | None
    days: tuple[DayCalls, ...]
    shares: tuple[CostShare, ...]
    producer_id: int | None
    is_driver: bool


def transports_page(
    carried: Iterable[Carried],
    *,
    week: Week,
    seen: int,
    published_at: datetime | None,
    shares: Iterable[CostShare],
    role: Role,
    producer_id: int | None,
) -> TransportsPage:
    calls = calls_from(carried)
    return TransportsPage(
        week=week,
        seen=seen,
        published_at=published_at,
        days=tuple(
            DayCalls(day=day, calls=tuple(call for call in calls if call.day == day))
            for day in sorted({call.day for call in calls})
        ),
        shares=tuple(shares),
        producer_id=producer_id,
        is_driver=role is Role.DRIVER,
    )


def calls_from(carried: Iterable[Carried]) -> tuple[Call, ...]:
    """What happens at each stop, in the given order; collecting and bringing apart."""
    groups: dict[tuple[int, LoadKind], list[Carried]] = {}
    for entry in carried:
        groups.setdefault((entry.stop.id, entry.load.kind), []).append(entry)
    return tuple(_call(group) for group in groups.values())


def _call(group: list[Carried]) -> Call:
    run, stop, load = group[0]
    is_pickup = load.kind is LoadKind.PICKUP
    carrier, place = run.vehicle.carrier, stop.kitchen or stop.site
    return Call(
        run_id=run.id,
        stop_id=stop.id,
        day=run.day,
        starts_at=stop.starts_at,
        departs_at=stop.departs_at,
        is_pickup=is_pickup,
        place=place_name(stop),
        address=_address(place),
        vehicle=run.vehicle.name,
        carrier=carrier.name,
        phone=carrier.phone,
        driver=run.driver.user.name if run.driver is not None else "",
        grams=sum(entry.load.grams for entry in group),
        goods=tuple(_goods(entry.load.order, is_pickup=is_pickup) for entry in group),
    )


def place_name(stop: RunStop) -> str:
    """The kitchen, or the producer and its site."""
    if stop.kitchen is not None:
        return stop.kitchen.name
    if stop.site is None:
        return ""
    producer, site = stop.site.producer.name, stop.site.name
    return producer if site in producer else f"{producer}, {site}"


def _address(place: Kitchen | ProductionSite | None) -> str:
    return "" if place is None else place.address


def _goods(order: Order, *, is_pickup: bool) -> Goods:
    other = order.kitchen.name if is_pickup else order.producer.name
    return Goods(order_id=order.id, producer_id=order.producer_id, items=items_of(order), other=other)
