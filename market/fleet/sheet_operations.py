"""What a read workbook would change, and the change itself: all of it or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from market import audit
from market.actors import Actor
from market.fleet.models import Carrier, Vehicle
from market.fleet.operations import add_vehicle, change_vehicle, rooms_of
from market.fleet.rules import VehicleTerms
from market.fleet.sheet import KITCHENS, VEHICLES
from market.fleet.sheet_reading import KitchenRow, Known, Reading, VehicleRow
from market.fleet.sheet_writing import says_rooms
from market.register.admin_operations import ServesSatellites
from market.register.models import Authority, Kitchen, KitchenKind, KitchenWindow
from market.register.places import written
from market.register.rules import OpenHours, Position
from market.sheets.errors import SheetError
from market.sheets.text import as_name
from market.values import Refused, msg

# What a vehicle keeps when the file has no column for it.
OWN_FIELDS = ("returns_home", "overtime_s", "overtime_ore_per_hour", "from_on", "until_on")
OF_COLUMN = {
    "pallets": "capacity_pallets",
    "per_day": "fixed_ore_per_shift",
    "per_km": "ore_per_km",
    "per_hour": "ore_per_hour",
    "co2e": "co2e_g_per_km",
    "source": "emission_source",
    "tail_lift": "has_tail_lift",
    "ferry": "takes_ferry",
}
KitchenRows = Sequence[tuple[Kitchen | None, KitchenRow]]
ROOM_COLUMNS = frozenset({"ambient_crates", "chilled_crates", "frozen_crates"})


class ChangedSinceShown(Refused):
    message = msg("Något har ändrats sedan du läste in filen. Så här blir det nu; spara igen om det stämmer.")


@dataclass(frozen=True, slots=True)
class There:
    """What an authority has, by name as it is compared."""

    authority: Authority
    kitchens: Mapping[str, Kitchen]
    vehicles: Mapping[str, Vehicle]
    carriers: Mapping[str, Carrier]

    def known(self) -> Known:
        return Known(
            carriers={key: one.name for key, one in self.carriers.items()},
            vehicles={key: one.carrier.name for key, one in self.vehicles.items()},
            hubs={
                key: one.name
                for key, one in self.kitchens.items()
                if one.kind is KitchenKind.HUB and one.is_active
            },
        )


@dataclass(slots=True)
class ImportPlan:
    """The rows that add or change something, with the row as it will be; and what turned out wrong."""

    kitchens: list[tuple[Kitchen | None, KitchenRow]] = field(default_factory=list)
    vehicles: list[tuple[Vehicle | None, Carrier, VehicleTerms]] = field(default_factory=list)
    errors: list[SheetError] = field(default_factory=list)

    def fingerprint(self) -> str:
        """Differs when something else would be added or changed."""
        told = [
            *(f"{one and one.id}:{row}" for one, row in self.kitchens),
            *(
                f"{one and (one.id, one.version)}:{carrier.id}:{terms}"
                for one, carrier, terms in self.vehicles
            ),
        ]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()


def there_is(session: Session, *, authority: Authority) -> There:
    """Three queries, with all that is compared."""
    kitchens = session.scalars(
        select(Kitchen)
        .where(Kitchen.authority_id == authority.id)
        .options(selectinload(Kitchen.windows), joinedload(Kitchen.hub))
        .order_by(Kitchen.kind, Kitchen.name)
    )
    vehicles = session.scalars(
        select(Vehicle)
        .where(Vehicle.authority_id == authority.id)
        .options(joinedload(Vehicle.carrier), selectinload(Vehicle.compartments))
        .order_by(Vehicle.name)
    )
    carriers = session.scalars(select(Carrier).where(Carrier.authority_id == authority.id, Carrier.is_active))
    return There(
        authority,
        {as_name(one.name): one for one in kitchens},
        {as_name(one.name): one for one in vehicles},
        {as_name(one.name): one for one in carriers},
    )


def planned_import(*, there: There, reading: Reading) -> ImportPlan:
    """What of a sound reading differs from what there is."""
    plan = ImportPlan()
    for row in reading.kitchens:
        kitchen = there.kitchens.get(as_name(row.name))
        merged = row if kitchen is None else _merged_kitchen(row, kitchen)
        if kitchen is None or not _says_the_same(merged, kitchen):
            plan.kitchens.append((kitchen, merged))
    for one in reading.vehicles:
        _plan_vehicle(there, one, plan)
    return plan


def import_rows(
    session: Session, *, there: There, plan: ImportPlan, seen: str, actor: Actor, at: datetime
) -> None:
    """Add and change what the plan says; `seen` is the fingerprint that was shown.

    Raises ChangedSinceShown, and what the single changes refuse.
    """
    if plan.errors or plan.fingerprint() != seen:
        raise ChangedSinceShown
    if plan.kitchens:
        _store_kitchens(session, there, plan.kitchens, actor, at)
    for vehicle, carrier, terms in plan.vehicles:
        if vehicle is None:
            add_vehicle(session, carrier=carrier, terms=terms, actor=actor, at=at)
        else:
            change_vehicle(session, vehicle=vehicle, seen=vehicle.version, terms=terms, actor=actor, at=at)


def _store_kitchens(session: Session, there: There, rows: KitchenRows, actor: Actor, at: datetime) -> None:
    """Thousands in a few statements and one event: those that take in first, then those that get from them."""
    kept = dict(there.kitchens)
    with session.no_autoflush:
        for is_satellite in (False, True):
            for kitchen, row in (one for one in rows if bool(one[1].hub) is is_satellite):
                hub = kept[as_name(row.hub)] if row.hub else None
                kept[as_name(row.name)] = _as_written(session, there.authority, kitchen, row, hub)
            session.flush()
    satellites = {one.id for one in kept.values() if one.kind is KitchenKind.SATELLITE}
    if any(one.hub_id in satellites for one in kept.values()):
        raise ServesSatellites
    audit.record(
        session, user_id=actor.user_id, at=at, action="kitchen.import", subject=f"authority:{there.authority.id}",
        added=[kept[as_name(row.name)].id for kitchen, row in rows if kitchen is None],
        changed=[kitchen.id for kitchen, _ in rows if kitchen is not None],
    )  # fmt: skip


def _as_written(
    session: Session, authority: Authority, kitchen: Kitchen | None, row: KitchenRow, hub: Kitchen | None
) -> Kitchen:
    if kitchen is None:
        kitchen = Kitchen(authority_id=authority.id, name=row.name, windows=[])
        session.add(kitchen)
    kitchen.kind, kitchen.hub_id = (KitchenKind.SATELLITE, hub.id) if hub else (KitchenKind.HUB, None)
    kitchen.address, kitchen.loading_note, kitchen.portions = row.address, row.loading_note, row.portions
    kitchen.lat, kitchen.lon = row.position.lat, row.position.lon
    kitchen.windows = [
        KitchenWindow(weekday=one.weekday, opens_s=one.opens_s, closes_s=one.closes_s) for one in row.hours
    ]
    return kitchen


def _merged_kitchen(row: KitchenRow, kitchen: Kitchen) -> KitchenRow:
    """What the file has no column for stays; a place that is written as before is the same place."""
    hub = kitchen.hub.name if kitchen.hub else ""
    now = {
        "hub": hub,
        "address": kitchen.address,
        "loading_note": kitchen.loading_note,
        "portions": kitchen.portions,
        "hours": _hours(kitchen),
    }
    kept: dict[str, object] = {column: value for column, value in now.items() if column not in row.given}
    if written(row.position.lat, row.position.lon) == written(kitchen.lat, kitchen.lon):
        kept["position"] = Position(
            lat=kitchen.lat, lon=kitchen.lon, municipality_code=row.position.municipality_code
        )
    return replace(row, **kept)  # type: ignore[arg-type]


def _says_the_same(row: KitchenRow, kitchen: Kitchen) -> bool:
    hub = kitchen.hub.name if kitchen.hub else ""
    now = (
        hub,
        kitchen.address,
        kitchen.lat,
        kitchen.lon,
        " ".join(kitchen.loading_note.split()),
        kitchen.portions,
        _hours(kitchen),
    )
    hours = tuple(sorted(row.hours, key=_when))
    place = (row.position.lat, row.position.lon)
    return now == (row.hub, row.address, *place, row.loading_note, row.portions, hours)


def _hours(kitchen: Kitchen) -> tuple[OpenHours, ...]:
    found = [
        OpenHours(weekday=one.weekday, opens_s=one.opens_s, closes_s=one.closes_s) for one in kitchen.windows
    ]
    return tuple(sorted(found, key=_when))


def _when(hours: OpenHours) -> tuple[int, int]:
    return hours.weekday, hours.opens_s


def _plan_vehicle(there: There, row: VehicleRow, plan: ImportPlan) -> None:
    vehicle = there.vehicles.get(as_name(row.terms.name))
    carrier = there.carriers[as_name(row.carrier)]
    try:
        terms = row.terms if vehicle is None else _merged_vehicle(row, vehicle)
    except Refused as refusal:
        plan.errors.append(SheetError(VEHICLES, row.row, "A", refusal.message, refusal.params))
        return
    if vehicle is None or terms != terms_of(vehicle):
        plan.vehicles.append((vehicle, carrier, terms))


def terms_of(vehicle: Vehicle) -> VehicleTerms:
    """A stored vehicle as terms."""
    values = {one.name: getattr(vehicle, one.name) for one in fields(VehicleTerms) if one.name != "rooms"}
    return VehicleTerms(**values, rooms=rooms_of(vehicle))


def _merged_vehicle(row: VehicleRow, vehicle: Vehicle) -> VehicleTerms:
    """Raises what the terms refuse together with what the file has no column for."""
    kept: dict[str, object] = {name: getattr(vehicle, name) for name in ("name", *OWN_FIELDS)}
    for column, name in OF_COLUMN.items():
        if column not in row.given:
            kept[name] = getattr(vehicle, name)
    if not ROOM_COLUMNS & row.given or (not row.terms.rooms and not says_rooms(vehicle.compartments)):
        kept["rooms"] = rooms_of(vehicle)
    if written(row.terms.lat, row.terms.lon) == written(vehicle.lat, vehicle.lon):
        kept["lat"], kept["lon"] = vehicle.lat, vehicle.lon
    return replace(row.terms, **kept)  # type: ignore[arg-type]


def names_of(plan: ImportPlan) -> Sequence[tuple[str, str, bool]]:
    """What the plan touches, for a preview: sheet, name, and whether it is new."""
    return [
        *((KITCHENS, row.name, kitchen is None) for kitchen, row in plan.kitchens),
        *((VEHICLES, terms.name, vehicle is None) for vehicle, _, terms in plan.vehicles),
    ]
