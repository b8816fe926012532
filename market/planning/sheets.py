"""A run as its driver reads it: stop by stop, what to load and unload and for whom. Shared by page, map and PDF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from market.orders.models import Order
from market.planning.models import Run, RunLoad, RunStop
from market.planning.rules import LoadKind
from market.register.models import Kitchen, ProductionSite
from market.values import Quantity, wall_clock

COLOURS = 8
"""So many route colours does the style sheet name (--route-0 to --route-7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    product_name: str
    quantity: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLoad:
    """An order at a stop. `forward_to` names the satellite that the receiving kitchen sends it on to."""

    order_id: int
    is_pickup: bool
    items: tuple[Item, ...]
    grams: int
    producer_name: str
    kitchen_name: str
    forward_to: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPlace:
    """Where a stop is; `kind` is "home", "site" or "kitchen" and `id` that of the vehicle, site or kitchen."""

    kind: str
    id: int
    name: str
    address: str
    note: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetStop:
    """One stop: deliveries come before pickups, as they make room."""

    position: int
    place: StopPlace
    arrives_at: datetime
    starts_at: datetime
    departs_at: datetime
    load_grams: int
    pickups: tuple[SheetLoad, ...]
    deliveries: tuple[SheetLoad, ...]

    @property
    def pickup_grams(self) -> int:
        return sum(load.grams for load in self.pickups)

    @property
    def delivery_grams(self) -> int:
        return sum(load.grams for load in self.deliveries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A break that the driver must take, from and until."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A whole run sheet."""

    run_id: int
    plan_id: int
    number: int
    colour: int
    vehicle_id: int
    vehicle_name: str
    day: date
    distance_m: int
    drive_s: int
    duration_s: int
    rests: tuple[Rest, ...]
    grams: int
    stops: tuple[SheetStop, ...]

    @property
    def starts_at(self) -> datetime:
        return self.stops[0].departs_at

    @property
    def ends_at(self) -> datetime:
        return self.stops[-1].arrives_at


def sheet_of(run: Run) -> Sheet:
    """From a run loaded with its plan, stops, loads and orders; makes no query."""
    stops = tuple(_stops(run))
    return Sheet(
        run_id=run.id,
        plan_id=run.week_plan_id,
        number=run.number,
        colour=(run.number - 1) % COLOURS,
        vehicle_id=run.vehicle_id,
        vehicle_name=run.vehicle.name,
        day=run.day,
        distance_m=run.distance_m,
        drive_s=run.drive_s,
        duration_s=run.duration_s,
        rests=_rests(run),
        grams=sum(stop.delivery_grams for stop in stops),
        stops=stops,
    )


def _rests(run: Run) -> tuple[Rest, ...]:
    """From the stored plan, whose routes stand in the order of the runs' numbers."""
    monday = run.plan_row.monday
    return tuple(
        Rest(starts_at=wall_clock(monday, rest["start_s"]), ends_at=wall_clock(monday, rest["end_s"]))
        for rest in run.plan_row.plan["routes"][run.number - 1]["breaks"]
    )


def _stops(run: Run) -> Iterator[SheetStop]:
    for stop in run.stops:
        yield SheetStop(
            position=stop.position,
            place=_place(run, stop),
            arrives_at=stop.arrives_at,
            starts_at=stop.starts_at,
            departs_at=stop.departs_at,
            load_grams=stop.load_grams,
            pickups=_loads(stop, LoadKind.PICKUP),
            deliveries=_loads(stop, LoadKind.DELIVERY),
        )


def _place(run: Run, stop: RunStop) -> StopPlace:
    if stop.kitchen is not None:
        return _at_kitchen(stop.kitchen)
    if stop.site is not None:
        return _at_site(stop.site)
    home = run.vehicle
    return StopPlace(
        kind="home", id=home.id, name=home.home_name, address="", note="", lat=home.lat, lon=home.lon
    )


def _at_kitchen(kitchen: Kitchen) -> StopPlace:
    return StopPlace(
        kind="kitchen",
        id=kitchen.id,
        name=kitchen.name,
        address=kitchen.address,
        note=kitchen.loading_note,
        lat=kitchen.lat,
        lon=kitchen.lon,
    )


def _at_site(site: ProductionSite) -> StopPlace:
    return StopPlace(
        kind="site",
        id=site.id,
        name=site.producer.name,
        address=_site_address(site),
        note=site.collection_note,
        lat=site.lat,
        lon=site.lon,
    )


def _site_address(site: ProductionSite) -> str:
    """The site's own name, where it says more than the producer's, and its address."""
    parts = (site.name if site.name not in site.producer.name else "", site.address)
    return ", ".join(part for part in parts if part)


def _loads(stop: RunStop, kind: LoadKind) -> tuple[SheetLoad, ...]:
    return tuple(_load(load) for load in stop.loads if load.kind is kind)


def _load(load: RunLoad) -> SheetLoad:
    order = load.order
    return SheetLoad(
        order_id=order.id,
        is_pickup=load.kind is LoadKind.PICKUP,
        items=items_of(order),
        grams=load.grams,
        producer_name=order.producer.name,
        kitchen_name=order.receiving_kitchen.name,
        forward_to=order.kitchen.name if order.kitchen_id != order.receiving_kitchen_id else None,
    )


def items_of(order: Order) -> tuple[Item, ...]:
    """What an order holds, line by line."""
    return tuple(Item(product_name=line.product_name, quantity=line.quantity) for line in order.lines)
