"""What one week's planning is computed from: frozen, free of the database, and with a fingerprint."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date

from market.fleet.rules import OwnDelivery
from market.register.models import Temperature
from market.values import Week


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class OpenHours:
    """ISO weekday 1-7, seconds after midnight, half-open."""

    weekday: int
    opens_s: int
    closes_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A production site or a kitchen. No hours at all means always open, but for the days in `closed_on`.

    `stop_s` and `seconds_per_crate`: how long the work takes there; none is as the terms say. `needs`: what a vehicle must have.
    """

    id: int
    name: str
    lat: float
    lon: float
    hours: tuple[OpenHours, ...]
    authority_id: int = 0
    stop_s: int | None = None
    seconds_per_crate: int | None = None
    needs: tuple[str, ...] = ()
    closed_on: tuple[date, ...] = ()

    def is_closed_on(self, day: date) -> bool:
        has_hours = any(hours.weekday == day.isoweekday() for hours in self.hours)
        return day in self.closed_on or (bool(self.hours) and not has_hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """An agreed order as the planner sees it: from a site to a receiving kitchen, wanted on one day.

    `authority_id` is the ordering kitchen's, whose terms hold. `onward_id`: the satellite that the receiving kitchen's own staff
    carries it on to. It can be collected from `available_from` on, and was ordered on `placed_on`.
    """

    order_id: int
    producer_id: int
    site_id: int
    kitchen_id: int
    day: date
    grams: int
    crates: int
    authority_id: int = 0
    onward_id: int | None = None
    pallets: int = 0
    temperature: Temperature = Temperature.AMBIENT
    placed_on: date | None = None
    available_from: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A compartment of a vehicle: the classes it admits, and what it holds; none is no limit of its own."""

    temperatures: tuple[Temperature, ...]
    capacity_grams: int | None
    capacity_crates: int | None
    capacity_pallets: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Van:
    """A vehicle with its driver, as it stands in the register; the shift is seconds after midnight.

    Prices are what the municipality pays: a haulier's tariff, or nothing where the transport is paid with the goods. `owner`
    names the carrier. `carries_for`: the producers whose goods it takes, empty for anyone's; `producer_id`: whose own vehicle
    it is. `hub_ids`: the hubs it carries on from to satellites; `collects`: whether it also fetches goods from producers.
    In service from `from_on` up to but not on `until_on`.
    """

    id: int
    name: str
    owner: str
    home_name: str
    lat: float
    lon: float
    capacity_grams: int
    capacity_crates: int
    weekdays: tuple[int, ...]
    shift_starts_s: int
    shift_ends_s: int
    fixed_ore_per_shift: int
    ore_per_km: int
    ore_per_hour: int
    co2e_g_per_km: int
    capacity_pallets: int | None = None
    parts: tuple[Part, ...] = ()
    skills: tuple[str, ...] = ()
    producer_id: int | None = None
    carries_for: tuple[int, ...] = ()
    hub_ids: tuple[int, ...] = ()
    collects: bool = True
    returns_home: bool = True
    overtime_s: int = 0
    overtime_ore_per_hour: int = 0
    from_on: date | None = None
    until_on: date | None = None

    def is_at_work(self, day: date) -> bool:
        begun = self.from_on is None or self.from_on <= day
        return begun and (self.until_on is None or day < self.until_on) and day.isoweekday() in self.weekdays


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How an authority's goods travel: its transport settings, or their defaults."""

    authority_id: int = 0
    stop_s: int = 600
    seconds_per_crate: int = 30
    gather_weekday: int | None = None
    lead_days: int = 0
    producers_choose_times: bool = False
    own_delivery: OwnDelivery = OwnDelivery.NEVER
    satellites_by_own_staff: bool = False
    transfer_s: int = 1800
    visit_ore: int = 0
    peak_ore_per_hour: int = 0
    new_face_ore: int = 0
    hour_ore: int = 0
    km_ore: int = 0
    kg_co2e_ore: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisedShare:
    """A carrier, by the `owner` of its vehicles, was promised at least this share of all goods; each kg short costs."""

    owner: str
    percent: int
    ore_per_kg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekInputs:
    """Everything that decides a plan, each list in order of id. No day before `first_day` is driven; none: the whole week."""

    authority_id: int
    week: Week
    goods: tuple[Goods, ...]
    sites: tuple[Place, ...]
    kitchens: tuple[Place, ...]
    vans: tuple[Van, ...]
    first_day: date | None = None
    terms: tuple[Terms, ...] = ()
    shares: tuple[PromisedShare, ...] = ()

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which something is wanted, in order."""
        return tuple(sorted({goods.day for goods in self.goods}))

    @property
    def own_terms(self) -> Terms:
        """Those of the authority that plans, which hold for the plan as a whole."""
        return self.terms_of(self.authority_id)

    def terms_of(self, authority_id: int) -> Terms:
        found = (terms for terms in self.terms if terms.authority_id == authority_id)
        return next(found, Terms(authority_id=authority_id))

    def fingerprint(self) -> str:
        """64 hex digits that differ when anything above differs; stable between runs."""
        content = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()
