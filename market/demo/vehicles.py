"""The vehicles that each planning authority of the demo can use.

Costs and emissions are assumptions of the right order, not quotes: a diesel van of 3.5 tonnes some 4.50 SEK per km in
fuel, tyres, service and tax, a 12-tonne distribution lorry some 9 SEK; a driver 330 to 360 SEK per hour with social
fees; 230 g CO2e per km for the van and 700 g for the lorry, tank to wheel. A crate is 60 x 40 x 20 cm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from market.accounts.rules import Role
from market.demo.farms import CHARCUTERIE, MEAT_FARM
from market.demo.personas import Cast
from market.demo.places import PLACES, Place
from market.fleet.models import Carrier, Driver, Vehicle
from market.fleet.rules import CarrierKind
from market.register.models import Authority, Producer

HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """A kind of vehicle: load, costs in öre, emissions in grams of CO2e per km, shift in seconds after midnight."""

    kind: CarrierKind
    capacity_kg: int
    capacity_crates: int
    fixed_ore_per_shift: int
    ore_per_km: int
    ore_per_hour: int
    co2e_g_per_km: int
    shift: tuple[int, int]


MUNICIPAL_VAN = Build(
    kind=CarrierKind.MUNICIPALITY,
    capacity_kg=1_100,
    capacity_crates=140,
    fixed_ore_per_shift=15_000,
    ore_per_km=450,
    ore_per_hour=33_000,
    co2e_g_per_km=230,
    shift=(5 * HOUR, 15 * HOUR),
)
CO_LOADING_VAN = Build(
    kind=CarrierKind.PRODUCER,
    capacity_kg=900,
    capacity_crates=110,
    fixed_ore_per_shift=10_000,
    ore_per_km=420,
    ore_per_hour=32_000,
    co2e_g_per_km=220,
    shift=(5 * HOUR, 14 * HOUR),
)
HAULIER_LORRY = Build(
    kind=CarrierKind.HAULIER,
    capacity_kg=5_000,
    capacity_crates=450,
    fixed_ore_per_shift=90_000,
    ore_per_km=900,
    ore_per_hour=36_000,
    co2e_g_per_km=700,
    shift=(5 * HOUR, 15 * HOUR),
)

FLEET: tuple[tuple[str, str, Place, Build], ...] = (
    ("2282", "Kommunens kylbil 1", PLACES["Kramfors"], MUNICIPAL_VAN),
    ("2282", "Kommunens kylbil 2", PLACES["Kramfors"], MUNICIPAL_VAN),
    ("2282", "Åkeriets lastbil (demo)", PLACES["Nyland"], HAULIER_LORRY),
    ("2283", "Kommunens kylbil", PLACES["Sollefteå"], MUNICIPAL_VAN),
    ("2260", "Kommunens kylbil", PLACES["Ånge"], MUNICIPAL_VAN),
    ("0360", f"{MEAT_FARM} samlastar (demo)", PLACES["Örbyhus"], CO_LOADING_VAN),
    ("0360", f"{CHARCUTERIE} samlastar (demo)", PLACES["Tierp"], CO_LOADING_VAN),
    ("0360", "Åkeriets lastbil (demo)", PLACES["Uppsala"], HAULIER_LORRY),
    ("0115", "Kommunens kylbil 1", PLACES["Vallentuna"], MUNICIPAL_VAN),
    ("0115", "Kommunens kylbil 2", PLACES["Vallentuna"], MUNICIPAL_VAN),
    ("0188", "Producenternas gemensamma kylbil (demo)", PLACES["Rimbo"], CO_LOADING_VAN),
    ("0188", "Kommunens kylbil", PLACES["Norrtälje"], MUNICIPAL_VAN),
)


CARRIERS = {
    CarrierKind.MUNICIPALITY: "Kommunens förare",
    CarrierKind.HAULIER: "Åkeriet (demo)",
}
CO2E_SOURCE = "Antagande: diesel, från tank till hjul"


def add_vehicles(
    session: Session,
    *,
    authorities: Mapping[str, Authority],
    producers: Mapping[str, Producer],
    rng: Random,
) -> list[Vehicle]:
    """`producers` by name: the meat firms that carry for each other are carriers of their own."""
    carriers: dict[tuple[str, str], Carrier] = {}
    rows = []
    for code, name, place, build in FLEET:
        row = _row(authorities[code], name, place, build, rng)
        made = _carrier(authorities[code], name, build.kind, producers)
        row.carrier = carriers.setdefault((code, made.name), made)
        rows.append(row)
    session.add_all(rows)
    session.flush()
    return rows


def _carrier(
    authority: Authority, vehicle: str, kind: CarrierKind, producers: Mapping[str, Producer]
) -> Carrier:
    owner = next(
        (row for name, row in producers.items() if vehicle.startswith(name.removesuffix(" (demo)"))), None
    )
    if kind is CarrierKind.PRODUCER and owner is None:  # those who share a van
        kind, name = CarrierKind.HAULIER, "Producenternas gemensamma bil (demo)"
    else:
        name = owner.name if owner else CARRIERS[kind]
    return Carrier(authority_id=authority.id, kind=kind, name=name, producer=owner)


def _row(authority: Authority, name: str, place: Place, build: Build, rng: Random) -> Vehicle:
    lat, lon = place.near(rng)
    starts, ends = build.shift
    return Vehicle(
        authority=authority,
        name=name,
        home_name=place.name,
        lat=lat,
        lon=lon,
        capacity_grams=build.capacity_kg * 1000,
        capacity_crates=build.capacity_crates,
        weekdays="12345",
        shift_starts_s=starts,
        shift_ends_s=ends,
        fixed_ore_per_shift=build.fixed_ore_per_shift,
        ore_per_km=build.ore_per_km,
        ore_per_hour=build.ore_per_hour,
        co2e_g_per_km=build.co2e_g_per_km,
        emission_source=CO2E_SOURCE,
    )


def add_drivers(session: Session, *, authorities: Mapping[str, Authority], cast: Cast, at: datetime) -> None:
    """The demo's drivers drive for their municipality's own carrier, or where it has no vehicles for one that carries for it."""
    for authority in authorities.values():
        member = cast.members.get((authority.name, Role.DRIVER))
        own = session.scalar(
            select(Carrier)
            .where(Carrier.authority_id == authority.id, Carrier.vehicles.any())
            .order_by(Carrier.kind != CarrierKind.MUNICIPALITY, Carrier.id)
        )
        if member is None:
            continue
        own = own or Carrier(
            authority_id=authority.id,
            kind=CarrierKind.MUNICIPALITY,
            name=CARRIERS[CarrierKind.MUNICIPALITY],
        )
        session.add(own)
        session.flush()
        session.add(Driver(carrier_id=own.id, user_id=member.user_id, phone="", added_at=at))
    session.flush()
