"""A run as its driver reads it: stop by stop, what to load and unload and for whom. Shared by page, map and PDF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from market.fleet.models import StopDetail, Vehicle
from market.orders.models import Order
from market.planning.models import Run, RunLoad, RunStop
from market.planning.rules import Leg, LoadKind
from market.register.models import Kitchen, ProductionSite, Temperature
from market.values import Quantity, wall_clock

COLOURS = 8
"""So many route colours does the style sheet name (--route-0 to --route-7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    product_name: str
    quantity: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLoad:
    """An order at a stop. `forward_to` names the satellite that the receiving kitchen sends it on to.

    `unloads_at` is the position of the stop where it leaves the vehicle, `loads_at` that where it comes aboard.
    """

    order_id: int
    is_pickup: bool
    is_onward: bool
    items: tuple[Item, ...]
    grams: int
    crates: int
    temperature: Temperature
    producer_name: str
    kitchen_name: str
    forward_to: str | None
    loads_at: int
    unloads_at: int


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
    contact_name: str = ""
    contact_phone: str = ""
    has_door_code: bool = False

    @property
    def key(self) -> str:
        """What reports call the place: "kitchen:5"."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetStop:
    """One stop: deliveries come before pickups, as they make room; what is unloaded last is loaded first, furthest in."""

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
    driver_name: str = ""
    compartments: tuple[tuple[Temperature, ...], ...] = ()

    @property
    def starts_at(self) -> datetime:
        return self.stops[0].departs_at

    @property
    def ends_at(self) -> datetime:
        return self.stops[-1].arrives_at


Details = Mapping[str, StopDetail]
"""What is known of places, by their key."""


def sheet_of(run: Run, details: Details | None = None) -> Sheet:
    """From a run loaded with its plan, stops, loads and orders; makes no query."""
    stops = tuple(_stops(run, details or {}))
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
        driver_name=run.driver.user.name if run.driver is not None else "",
        compartments=_compartments(run.vehicle),
    )


def _compartments(vehicle: Vehicle) -> tuple[tuple[Temperature, ...], ...]:
    return tuple(part.temperatures for part in vehicle.compartments)


def _rests(run: Run) -> tuple[Rest, ...]:
    """From the stored plan, whose routes stand in the order of the runs' numbers."""
    monday = run.plan_row.monday
    return tuple(
        Rest(starts_at=wall_clock(monday, rest["start_s"]), ends_at=wall_clock(monday, rest["end_s"]))
        for rest in run.plan_row.plan["routes"][run.number - 1]["breaks"]
    )


def _stops(run: Run, details: Details) -> Iterator[SheetStop]:
    for stop in run.stops:
        yield SheetStop(
            position=stop.position,
            place=_described(_place(run, stop), details),
            arrives_at=stop.arrives_at,
            starts_at=stop.starts_at,
            departs_at=stop.departs_at,
            load_grams=stop.load_grams,
            pickups=_in_order_of_loading(_loads(run, stop, LoadKind.PICKUP)),
            deliveries=_loads(run, stop, LoadKind.DELIVERY),
        )


def _described(place: StopPlace, details: Details) -> StopPlace:
    """With contact and note as the authority's planner has written them; whether there is a door code, never which."""
    known = details.get(place.key)
    if known is None:
        return place
    return replace(
        place,
        note=" ".join(words for words in (place.note, known.note) if words),
        contact_name=known.contact_name,
        contact_phone=known.contact_phone,
        has_door_code=bool(known.door_code),
    )


def _in_order_of_loading(loads: tuple[SheetLoad, ...]) -> tuple[SheetLoad, ...]:
    return tuple(sorted(loads, key=lambda load: (-load.unloads_at, load.order_id)))


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


def _loads(run: Run, stop: RunStop, kind: LoadKind) -> tuple[SheetLoad, ...]:
    return tuple(_load(run, stop, load) for load in stop.loads if load.kind is kind)


def _load(run: Run, stop: RunStop, load: RunLoad) -> SheetLoad:
    order = load.order
    is_pickup, is_onward = load.kind is LoadKind.PICKUP, load.leg is Leg.ONWARD
    other = _other_end(run, stop, load)
    kitchen = (other if is_pickup else stop).kitchen
    kitchen = kitchen or (order.kitchen if is_onward else order.receiving_kitchen)
    passes_on = order.kitchen_id not in {kitchen.id, order.receiving_kitchen_id}
    return SheetLoad(
        order_id=order.id,
        is_pickup=is_pickup,
        is_onward=is_onward,
        items=items_of(order),
        grams=load.grams,
        crates=load.crates,
        temperature=load.temperature,
        producer_name=order.receiving_kitchen.name if is_onward else order.producer.name,
        kitchen_name=kitchen.name,
        forward_to=order.kitchen.name if passes_on and not is_onward else None,
        loads_at=stop.position if is_pickup else other.position,
        unloads_at=other.position if is_pickup else stop.position,
    )


def _other_end(run: Run, stop: RunStop, load: RunLoad) -> RunStop:
    """The stop at the other end of a load's way: the nearest ahead, or behind."""
    is_pickup = load.kind is LoadKind.PICKUP
    ends = [
        other
        for other in run.stops
        if (other.position > stop.position if is_pickup else other.position < stop.position)
        and any(
            one.order_id == load.order_id and one.leg is load.leg and one.kind is not load.kind
            for one in other.loads
        )
    ]
    nearest = min if is_pickup else max
    return nearest(ends, key=lambda end: end.position, default=stop)


def items_of(order: Order) -> tuple[Item, ...]:
    """What an order holds, line by line."""
    return tuple(Item(product_name=line.product_name, quantity=line.quantity) for line in order.lines)
