"""What the fleet says for a week: each authority's terms, the vehicles in service with their prices, promised shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from market.fleet.models import Carrier, TransportSettings, Vehicle, VehicleCompartment
from market.fleet.rules import CarrierKind, OwnDelivery
from market.planning.inputs import Part, PromisedShare, Terms, Van
from market.planning.naming import FERRY, TAIL_LIFT
from market.planning.pricing import municipal_prices
from market.register.models import Kitchen, TransportModel

AT_THE_DOOR_DEGREES = 0.001
"""A vehicle within some 100 m of a hub is at home there."""


def read_terms(session: Session, *, planned: Select[int]) -> dict[int, Terms]:
    """By authority id, for those with settings of their own."""
    query = (
        select(TransportSettings)
        .where(TransportSettings.authority_id.in_(planned))
        .order_by(TransportSettings.authority_id)
    )
    names = [field.name for field in fields(Terms)]
    return {
        row.authority_id: Terms(**{name: getattr(row, name) for name in names})
        for row in session.scalars(query)
    }


def read_shares(session: Session, *, planned: Select[int]) -> tuple[PromisedShare, ...]:
    """What carriers were promised of all goods."""
    query = (
        select(Carrier)
        .where(Carrier.authority_id.in_(planned), Carrier.is_active, Carrier.minimum_share_percent > 0)
        .order_by(Carrier.id)
    )
    return tuple(
        PromisedShare(
            owner=_owner(carrier), percent=carrier.minimum_share_percent, ore_per_kg=carrier.short_ore_per_kg
        )
        for carrier in session.scalars(query)
    )


def read_vans(session: Session, *, planned: Select[int], terms: Mapping[int, Terms]) -> tuple[Van, ...]:
    """The vehicles that may carry anything at all by their authority's terms."""
    query = (
        select(Vehicle)
        .join(Vehicle.carrier)
        .where(Vehicle.authority_id.in_(planned), Vehicle.is_active, Carrier.is_active)
        .options(
            joinedload(Vehicle.carrier), joinedload(Vehicle.authority), selectinload(Vehicle.compartments)
        )
        .order_by(Vehicle.id)
    )
    vehicles = [v for v in session.scalars(query) if _may_drive(v, terms.get(v.authority_id, Terms()))]
    hubs = _hubs(session, [own.authority_id for own in terms.values() if own.satellites_by_own_staff])
    return tuple(_van(vehicle, hubs) for vehicle in vehicles)


def _may_drive(vehicle: Vehicle, terms: Terms) -> bool:
    """Where producers do not drive themselves, only those that carry for others are used."""
    carrier = vehicle.carrier
    only_own = carrier.kind is CarrierKind.PRODUCER and not carrier.carries_for_others
    return not (only_own and terms.own_delivery is OwnDelivery.NEVER)


def _hubs(session: Session, authority_ids: Sequence[int]) -> list[Kitchen]:
    """The hubs whose own staff carries on to satellites."""
    if not authority_ids:
        return []
    satellite = aliased(Kitchen)
    served = select(satellite.hub_id).where(satellite.hub_id.is_not(None), satellite.is_active)
    query = select(Kitchen).where(Kitchen.authority_id.in_(authority_ids), Kitchen.id.in_(served))
    return list(session.scalars(query.order_by(Kitchen.id)))


def _is_at_home(vehicle: Vehicle, hub: Kitchen) -> bool:
    near = (
        abs(vehicle.lat - hub.lat) < AT_THE_DOOR_DEGREES and abs(vehicle.lon - hub.lon) < AT_THE_DOOR_DEGREES
    )
    return near and vehicle.authority_id == hub.authority_id


def _owner(carrier: Carrier) -> str:
    return f"carrier:{carrier.id}"


def _van(vehicle: Vehicle, hubs: Sequence[Kitchen]) -> Van:
    """A municipal vehicle at home at a hub carries on from there; it collects too only where the hub collects everything."""
    carrier, prices = vehicle.carrier, municipal_prices(vehicle)
    is_municipal = carrier.kind is CarrierKind.MUNICIPALITY
    own_hubs = tuple(hub.id for hub in hubs if is_municipal and _is_at_home(vehicle, hub))
    return Van(
        id=vehicle.id,
        name=vehicle.name,
        owner=_owner(carrier),
        home_name=vehicle.home_name,
        lat=vehicle.lat,
        lon=vehicle.lon,
        capacity_grams=vehicle.capacity_grams,
        capacity_crates=vehicle.capacity_crates,
        weekdays=tuple(sorted(int(digit) for digit in vehicle.weekdays)),
        shift_starts_s=vehicle.shift_starts_s,
        shift_ends_s=vehicle.shift_ends_s,
        fixed_ore_per_shift=prices.day_ore,
        ore_per_km=prices.km_ore,
        ore_per_hour=prices.hour_ore,
        co2e_g_per_km=vehicle.co2e_g_per_km,
        capacity_pallets=vehicle.capacity_pallets,
        parts=tuple(_part(compartment) for compartment in vehicle.compartments),
        skills=tuple(_skills(vehicle)),
        producer_id=carrier.producer_id,
        carries_for=_carries_for(carrier),
        hub_ids=own_hubs,
        collects=not own_hubs or vehicle.authority.transport_model is TransportModel.HUB_COLLECTS,
        returns_home=vehicle.returns_home,
        overtime_s=vehicle.overtime_s,
        overtime_ore_per_hour=0 if prices.hour_ore == 0 else vehicle.overtime_ore_per_hour,
        from_on=_latest(vehicle.from_on, carrier.from_on),
        until_on=_earliest(vehicle.until_on, carrier.until_on),
    )


def _skills(vehicle: Vehicle) -> Iterator[str]:
    if vehicle.has_tail_lift:
        yield TAIL_LIFT
    if vehicle.takes_ferry:
        yield FERRY


def _carries_for(carrier: Carrier) -> tuple[int, ...]:
    if carrier.producer_id is None or carrier.carries_for_others:
        return ()
    return (carrier.producer_id,)


def _part(compartment: VehicleCompartment) -> Part:
    return Part(
        temperatures=compartment.temperatures,
        capacity_grams=compartment.capacity_grams,
        capacity_crates=compartment.capacity_crates,
        capacity_pallets=compartment.capacity_pallets,
    )


def _latest(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)
