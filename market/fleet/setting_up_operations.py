"""Make a transport model so: settings, which kitchens take in, carriers and vehicles. The same form again changes, never doubles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from market import audit
from market.actors import Actor
from market.fleet.models import Carrier, Vehicle
from market.fleet.operations import (
    add_carrier,
    add_vehicle,
    change_carrier,
    change_vehicle,
    restore_carrier,
    restore_vehicle,
    retire_carrier,
    retire_vehicle,
)
from market.fleet.place_operations import SettingChanges, change_settings
from market.fleet.rules import CarrierKind
from market.fleet.setting_up import STAFF_NAME, CarrierWish, SetUp, kept_by_hand
from market.register.admin_operations import administer_kitchen
from market.register.models import Authority, Kitchen, KitchenKind
from market.register.operations import change_authority
from market.register.rules import Position


def set_up_transports(
    session: Session, *, authority: Authority, wish: SetUp, actor: Actor, at: datetime
) -> None:
    """Raises NameTaken, ServesSatellites, SettingOutOfRange and TooLarge; then the caller rolls back."""
    change_authority(
        session,
        authority=authority,
        procedure=authority.procedure,
        transport_model=wish.model,
        transport_note=authority.transport_note,
        actor=actor,
        at=at,
    )
    _place_kitchens(session, authority, wish.hubs, actor=actor, at=at)
    settings = cast("SettingChanges", dict(wish.settings))
    change_settings(session, authority=authority, actor=actor, at=at, **settings)
    carriers = list(session.scalars(select(Carrier).where(Carrier.authority_id == authority.id)))
    for gone in _not_wished(carriers, wish):
        retire_carrier(session, carrier=gone, actor=actor, at=at)
    for one in wish.carriers:
        put_carrier(session, authority=authority, wish=one, actor=actor, at=at)
    audit.record(
        session,
        user_id=actor.user_id,
        at=at,
        action="transport.set_up",
        subject=f"authority:{authority.id}",
        model=wish.model.value,
        carriers=len(wish.carriers),
    )


def _not_wished(carriers: list[Carrier], wish: SetUp) -> list[Carrier]:
    """Producers that were not chosen, and the kitchens' own staff where nobody carries on: its vehicles would collect else."""
    kept = [one.terms.name for one in wish.carriers if one.terms.kind is CarrierKind.MUNICIPALITY]
    return [
        carrier
        for carrier in carriers
        if carrier.producer_id in wish.dropped
        or (
            carrier.kind is CarrierKind.MUNICIPALITY and carrier.name == STAFF_NAME and STAFF_NAME not in kept
        )
    ]


def _place_kitchens(
    session: Session, authority: Authority, hubs: Mapping[int, int | None], *, actor: Actor, at: datetime
) -> None:
    """Only what changes: first those that will take in themselves, then satellites, last hubs, whose satellites have moved by then."""
    kitchens = {kitchen.id: kitchen for kitchen in authority.kitchens}
    moves = [(kitchens[own], kitchens[hub] if hub else None) for own, hub in hubs.items()]
    for kitchen, hub in sorted(moves, key=lambda move: (move[1] is not None, move[0].hub_id is None)):
        if kitchen.hub_id != (hub.id if hub else None):
            _place(session, kitchen, hub, actor=actor, at=at)


def _place(session: Session, kitchen: Kitchen, hub: Kitchen | None, *, actor: Actor, at: datetime) -> None:
    municipality = kitchen.authority.municipality_code
    administer_kitchen(
        session,
        kitchen=kitchen,
        name=kitchen.name,
        kind=KitchenKind.SATELLITE if hub else KitchenKind.HUB,
        hub=hub,
        address=kitchen.address,
        position=Position(lat=kitchen.lat, lon=kitchen.lon, municipality_code=municipality),
        is_active=kitchen.is_active,
        actor=actor,
        at=at,
    )


def put_carrier(
    session: Session, *, authority: Authority, wish: CarrierWish, actor: Actor, at: datetime
) -> Carrier:
    """The carrier that is there already, changed and in service again, or a new one; with its vehicles. Raises NameTaken, TooLarge."""
    query = select(Carrier).where(Carrier.authority_id == authority.id).order_by(Carrier.id)
    carrier = next((one for one in session.scalars(query) if wish.is_met_by(one)), None)
    if carrier is None:
        carrier = add_carrier(session, authority=authority, terms=wish.terms, actor=actor, at=at)
    else:
        restore_carrier(session, carrier=carrier, actor=actor, at=at)
        terms = kept_by_hand(wish.terms, carrier)
        change_carrier(session, carrier=carrier, terms=terms, actor=actor, at=at)
    _put_vehicles(session, carrier, wish, actor=actor, at=at)
    return carrier


def _put_vehicles(
    session: Session, carrier: Carrier, wish: CarrierWish, *, actor: Actor, at: datetime
) -> None:
    """By name. A producer that has described a vehicle of its own keeps that and gets no other."""
    known = {vehicle.name: vehicle for vehicle in _vehicles(session, carrier)}
    names = {terms.name for terms in wish.vehicles}
    has_own = wish.terms.kind is CarrierKind.PRODUCER and any(
        vehicle.is_active and vehicle.name not in names for vehicle in known.values()
    )
    for terms in () if has_own else wish.vehicles:
        vehicle = known.get(terms.name)
        if vehicle is None:
            add_vehicle(session, carrier=carrier, terms=terms, actor=actor, at=at)
            continue
        restore_vehicle(session, vehicle=vehicle, actor=actor, at=at)
        change_vehicle(session, vehicle=vehicle, seen=vehicle.version, terms=terms, actor=actor, at=at)
    for name, vehicle in known.items():
        if wish.series and name.startswith(wish.series) and name not in names:
            retire_vehicle(session, vehicle=vehicle, actor=actor, at=at)


def _vehicles(session: Session, carrier: Carrier) -> list[Vehicle]:
    query = select(Vehicle).where(Vehicle.carrier_id == carrier.id).order_by(Vehicle.id)
    return list(session.scalars(query))
