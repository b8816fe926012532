"""What setting up a transport model comes to: terms, who receives, who drives with what. Pure.

The report's five municipalities, each with its own way, fill in this one thing; one operation makes it so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from market.fleet.models import Carrier
from market.fleet.rules import CarrierKind, CarrierTerms, Room, Tariff, VehicleTerms
from market.register.models import Kitchen, Producer, TransportModel
from market.values import Refused, msg

STAFF_NAME, STAFF_SERIES = "Kökens egen personal", "Kökets bil, "
OWN_NAME, OWN_SERIES = "Kommunens bilar", "Kommunens bil "
"""Names that the forms give; whoever has described something under another name keeps it."""


class NoProducerChosen(Refused):
    message = msg("Välj minst en producent som kör.")


class NowhereToStart(Refused):
    message = msg(
        "%(producer)s har ingen plats i registret, så bilen har ingenstans att starta. Be producenten lägga till sin plats."
    )


class NobodyToCarryOnTo(Refused):
    message = msg(
        "Inget kök får sina varor via ett annat. Välj minst ett kök som får varorna från ett av de större."
    )


class NoKitchens(Refused):
    message = msg("Kommunen har inga kök i registret än. Lägg till köken först.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A vehicle before it has a name and a home; prices in öre, the shift in seconds after midnight."""

    capacity_grams: int
    capacity_crates: int
    is_cold: bool
    weekdays: str
    shift_starts_s: int
    shift_ends_s: int
    day_ore: int
    km_ore: int
    hour_ore: int
    co2e_g_per_km: int
    emission_source: str

    def at(self, *, name: str, home_name: str, lat: float, lon: float) -> VehicleTerms:
        """A vehicle at home there. Without cold it carries only what needs none. Raises what VehicleTerms raises."""
        return VehicleTerms(
            name=name[:120],
            home_name=home_name,
            lat=lat,
            lon=lon,
            capacity_grams=self.capacity_grams,
            capacity_crates=self.capacity_crates,
            weekdays=self.weekdays,
            shift_starts_s=self.shift_starts_s,
            shift_ends_s=self.shift_ends_s,
            fixed_ore_per_shift=self.day_ore,
            ore_per_km=self.km_ore,
            ore_per_hour=self.hour_ore,
            co2e_g_per_km=self.co2e_g_per_km,
            emission_source=self.emission_source,
            rooms=() if self.is_cold else (Room(admits_ambient=True),),
        )

    def at_kitchen(self, kitchen: Kitchen, *, name: str) -> VehicleTerms:
        return self.at(name=name, home_name=kitchen.name, lat=kitchen.lat, lon=kitchen.lon)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierWish:
    """A carrier and its vehicles. `series`: what vehicles made here are called; those of it that are not wished for any more go."""

    terms: CarrierTerms
    vehicles: tuple[VehicleTerms, ...]
    series: str = ""

    def is_met_by(self, carrier: Carrier) -> bool:
        """The same producer, or the same name for others."""
        if self.terms.kind is CarrierKind.PRODUCER:
            return carrier.producer_id == self.terms.producer_id
        return carrier.kind is self.terms.kind and carrier.name == self.terms.name

    def until(self, day: date | None) -> CarrierWish:
        """The same, up to but not on a day."""
        return replace(self, terms=replace(self.terms, until_on=day))


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """`settings` are columns of TransportSettings; `hubs`: kitchen id to its hub's, None for one that takes in itself.

    `dropped`: producers that were looked at and do not drive (any more).
    """

    model: TransportModel
    settings: Mapping[str, object]
    carriers: tuple[CarrierWish, ...] = ()
    hubs: Mapping[int, int | None] = field(default_factory=dict)
    dropped: frozenset[int] = frozenset()


def producers_own(
    producers: Iterable[Producer], *, shape: Shape, carries_for_others: bool, is_paid_with_goods: bool
) -> tuple[CarrierWish, ...]:
    """Each producer with one vehicle at home at its first site. Raises NowhereToStart."""
    return tuple(
        producer_wish(
            producer,
            shape=shape,
            carries_for_others=carries_for_others,
            is_paid_with_goods=is_paid_with_goods,
        )
        for producer in producers
    )


def producer_wish(
    producer: Producer, *, shape: Shape, carries_for_others: bool, is_paid_with_goods: bool
) -> CarrierWish:
    """Raises NowhereToStart."""
    if not producer.sites:
        raise NowhereToStart(producer=producer.name)
    site = producer.sites[0]
    terms = CarrierTerms(
        kind=CarrierKind.PRODUCER,
        name=producer.name,
        producer_id=producer.id,
        carries_for_others=carries_for_others,
        is_paid_with_goods=is_paid_with_goods,
    )
    home = f"{producer.name}, {site.name}"[:120]
    vehicle = shape.at(name=f"{producer.name}, bil", home_name=home, lat=site.lat, lon=site.lon)
    return CarrierWish(terms=terms, vehicles=(vehicle,))


def staff_at(hubs: Iterable[Kitchen], *, shape: Shape) -> CarrierWish:
    """The kitchens' own staff: a vehicle at home at each hub, which makes it the one that carries on from there."""
    vehicles = tuple(shape.at_kitchen(hub, name=f"{STAFF_SERIES}{hub.name}") for hub in hubs)
    terms = CarrierTerms(kind=CarrierKind.MUNICIPALITY, name=STAFF_NAME)
    return CarrierWish(terms=terms, vehicles=vehicles, series=STAFF_SERIES)


def vans_at(home: Kitchen, *, count: int, shape: Shape, terms: CarrierTerms) -> CarrierWish:
    """The municipality's own vans, numbered."""
    vehicles = tuple(shape.at_kitchen(home, name=f"{OWN_SERIES}{n}") for n in range(1, count + 1))
    return CarrierWish(terms=terms, vehicles=vehicles, series=OWN_SERIES)


def kept_by_hand(terms: CarrierTerms, carrier: Carrier) -> CarrierTerms:
    """What a form does not ask for stays as someone wrote it: name, contact, tariff, promised share."""
    day, km, hour = carrier.tariff_ore_per_day, carrier.tariff_ore_per_km, carrier.tariff_ore_per_hour
    tariff = terms.tariff
    if tariff is None and day is not None and km is not None and hour is not None:
        tariff = Tariff(ore_per_day=day, ore_per_km=km, ore_per_hour=hour)
    return replace(
        terms,
        name=carrier.name,
        contact_name=carrier.contact_name,
        phone=carrier.phone,
        email=carrier.email,
        tariff=tariff,
        minimum_share_percent=carrier.minimum_share_percent,
        short_ore_per_kg=carrier.short_ore_per_kg,
    )


def hubs_with_satellites(kitchens: Iterable[Kitchen], hubs: Mapping[int, int | None]) -> tuple[Kitchen, ...]:
    """The kitchens that others get their goods from. Raises NobodyToCarryOnTo."""
    used = {hub_id for hub_id in hubs.values() if hub_id is not None}
    found = tuple(kitchen for kitchen in kitchens if kitchen.id in used)
    if not found:
        raise NobodyToCarryOnTo
    return found
