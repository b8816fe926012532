"""What is allotted, as a week's goods for the planner: in loads that a van can take, each on a day that suits both ends. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from market.followup.preparedness.sharing import Allotted
from market.planning.inputs import Goods, Place, WeekInputs
from market.planning.rules import crates_for
from market.register.models import Temperature

LOAD_GRAMS = 300_000
"""More than this for one kitchen from one site goes in several loads, which may come on different days."""
DAY_GRAMS = 800_000
"""A kitchen that gets more than this in a week gets it on several days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Goods as the planner sees them, and what they consist of: (producer id, category) to grams."""

    goods: Goods
    content: Mapping[tuple[int, str], int]


def week_of_loads(
    allotted: Iterable[Allotted], *, inputs: WeekInputs, days: int, driven_days: int
) -> tuple[Load, ...]:
    """The part of what is allotted for `days` that is eaten in the `driven_days` of one week, numbered from 1."""
    together: dict[tuple[int, int, Temperature], dict[tuple[int, str], int]] = {}
    for one in allotted:
        supply = one.supply
        content = together.setdefault((one.kitchen_id, supply.site_id, supply.temperature), {})
        key = (supply.producer_id, supply.category)
        content[key] = content.get(key, 0) + one.grams * driven_days // days
    planned = _Days(inputs)
    loads: list[Load] = []
    for (kitchen_id, site_id, temperature), content in sorted(together.items()):
        for part in _parts({key: grams for key, grams in content.items() if grams}):
            grams = sum(part.values())
            goods = Goods(
                order_id=len(loads) + 1,
                producer_id=next(iter(part))[0],
                site_id=site_id,
                kitchen_id=kitchen_id,
                day=planned.take(site_id, kitchen_id, grams),
                grams=grams,
                crates=crates_for(steps=grams, grams=grams, package=None, package_steps=None),
                authority_id=inputs.authority_id,
                temperature=temperature,
            )
            loads.append(Load(goods=goods, content=part))
    return tuple(loads)


def _parts(content: Mapping[tuple[int, str], int]) -> Iterator[Mapping[tuple[int, str], int]]:
    """As few loads as the weight allows, alike to the gram."""
    number = -(-sum(content.values()) // LOAD_GRAMS)
    for position in range(number):
        part = {
            key: grams * (position + 1) // number - grams * position // number
            for key, grams in content.items()
        }
        yield {key: grams for key, grams in part.items() if grams}


class _Days:
    """Spreads the loads over the days of the week on which somebody drives and both ends are open."""

    def __init__(self, inputs: WeekInputs) -> None:
        self.week = inputs.week
        self.sites = {place.id: place for place in inputs.sites}
        self.kitchens = {place.id: place for place in inputs.kitchens}
        self.driven = tuple(
            day for day in inputs.week.days if any(van.is_at_work(day) for van in inputs.vans)
        )
        self.on_day = dict.fromkeys(inputs.week.days, 0)
        self.at_kitchen: dict[tuple[int, date], int] = {}

    def take(self, site_id: int, kitchen_id: int, grams: int) -> date:
        """A day on which the kitchen gets something already and has room; else the one with least to drive.

        Where no day suits, the first: the planner then says what is wrong with it.
        """
        days = self._open(self.sites[site_id], self.kitchens[kitchen_id])
        begun = [day for day in days if 0 < self.at_kitchen.get((kitchen_id, day), 0) <= DAY_GRAMS - grams]
        day = begun[0] if begun else min(days, key=lambda day: (self.on_day[day], day))
        self.on_day[day] += grams
        self.at_kitchen[kitchen_id, day] = self.at_kitchen.get((kitchen_id, day), 0) + grams
        return day

    def _open(self, site: Place, kitchen: Place) -> Sequence[date]:
        days = [d for d in self.driven if not site.is_closed_on(d) and not kitchen.is_closed_on(d)]
        return days or list(self.week.days)
