"""A municipality with a carrier of its own and a van, and terms to change."""

from __future__ import annotations

from dataclasses import dataclass, replace

from factories import AT, HOUR, Cast
from sqlalchemy.orm import Session

from market.actors import Actor
from market.fleet.models import Carrier, Vehicle
from market.fleet.operations import add_carrier, add_vehicle
from market.fleet.rules import CarrierKind, CarrierTerms, Room, VehicleTerms

VAN = VehicleTerms(
    name="Kylbilen",
    home_name="Förrådet",
    lat=59.76,
    lon=18.70,
    capacity_grams=900_000,
    capacity_crates=80,
    capacity_pallets=3,
    shift_starts_s=6 * HOUR,
    shift_ends_s=15 * HOUR,
    fixed_ore_per_shift=20_000,
    ore_per_km=400,
    ore_per_hour=30_000,
    co2e_g_per_km=210,
    emission_source="Tillverkarens blad",
    rooms=(
        Room(admits_ambient=True, admits_chilled=True, capacity_crates=60),
        Room(admits_frozen=True, capacity_crates=20),
    ),
)
OWN = CarrierTerms(kind=CarrierKind.MUNICIPALITY, name="Kommunens bilar")


@dataclass(frozen=True)
class Fleet:
    carrier: Carrier
    van: Vehicle
    planner: Actor


def make_fleet(session: Session, cast: Cast) -> Fleet:
    """In the session's transaction."""
    planner = cast.actor("logistics_planner")
    carrier = add_carrier(session, authority=cast.authority, terms=OWN, actor=planner, at=AT)
    van = add_vehicle(session, carrier=carrier, terms=VAN, actor=planner, at=AT)
    return Fleet(carrier, van, planner)


def renamed(name: str) -> VehicleTerms:
    return replace(VAN, name=name)
