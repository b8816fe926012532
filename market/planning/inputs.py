"""What one week's planning is computed from: frozen, free of the database, and with a fingerprint."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date

from market.values import Week


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class OpenHours:
    """ISO weekday 1-7, seconds after midnight, half-open."""

    weekday: int
    opens_s: int
    closes_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A production site or a receiving kitchen. No hours at all means always open."""

    id: int
    name: str
    lat: float
    lon: float
    hours: tuple[OpenHours, ...]

    def is_closed_on(self, day: date) -> bool:
        return bool(self.hours) and all(hours.weekday != day.isoweekday() for hours in self.hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """An agreed order as the planner sees it: from a site to a receiving kitchen, on one day."""

    order_id: int
    producer_id: int
    site_id: int
    kitchen_id: int
    day: date
    grams: int
    crates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Van:
    """A vehicle with its driver, as it stands in the register; the shift is seconds after midnight."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekInputs:
    """Everything that decides a plan, each list in order of id."""

    authority_id: int
    week: Week
    goods: tuple[Goods, ...]
    sites: tuple[Place, ...]
    kitchens: tuple[Place, ...]
    vans: tuple[Van, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The days with something to deliver, in order."""
        return tuple(sorted({goods.day for goods in self.goods}))

    def fingerprint(self) -> str:
        """64 hex digits that differ when anything above differs; stable between runs."""
        content = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()
