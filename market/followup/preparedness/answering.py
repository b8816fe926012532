"""What the kitchens get when something is supposed: the need, who can meet it, and what the planner can drive of it.

No session, no clock. The scenario itself and each thing more that is taken away are the same question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from geodata.distances import distance_m
from geodata.travel import TravelEngine
from market.followup.preparedness.loading import Load, week_of_loads
from market.followup.preparedness.queries import Known
from market.followup.preparedness.rules import USUAL_PORTIONS, WEEK_DAYS, Assumptions
from market.followup.preparedness.sharing import Allotted, Supply, allot
from market.planning.inputs import Place, Van, WeekInputs
from market.planning.what_if import ClosedWay, Driven, Fuel, KnownRoads, drive, point_of, reachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One supposition: what is taken away beside what the scenario itself supposes."""

    producer_id: int | None = None
    way: ClosedWay | None = None
    kitchen_id: int | None = None
    vehicle_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a case came to; `delivered`: grams in all the days by kitchen, producer and category."""

    allotted: tuple[Allotted, ...]
    loads: tuple[Load, ...]
    driven: Driven
    delivered: Mapping[tuple[int, int, str], int]

    @property
    def grams(self) -> int:
        return sum(self.delivered.values())

    def by_kitchen(self) -> dict[int, int]:
        sums: dict[int, int] = {}
        for (kitchen_id, _, _), grams in self.delivered.items():
            sums[kitchen_id] = sums.get(kitchen_id, 0) + grams
        return sums

    def by_guests(self) -> dict[tuple[int, str], int]:
        """Grams by kitchen and category."""
        sums: dict[tuple[int, str], int] = {}
        for (kitchen_id, _, key), grams in self.delivered.items():
            sums[kitchen_id, key] = sums.get((kitchen_id, key), 0) + grams
        return sums

    def by_source(self) -> dict[tuple[int, str], int]:
        """Grams by producer and category."""
        sums: dict[tuple[int, str], int] = {}
        for (_, producer_id, key), grams in self.delivered.items():
            sums[producer_id, key] = sums.get((producer_id, key), 0) + grams
        return sums

    def by_category(self) -> dict[str, int]:
        return added(((key, grams) for (_, _, key), grams in self.delivered.items()))


def added(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, grams in pairs:
        sums[key] = sums.get(key, 0) + grams
    return sums


class Bench:
    """What is the same in every case of a scenario: what is known, the need, and the roads as the scenario has them."""

    def __init__(self, known: Known, supposed: Assumptions, *, travel: TravelEngine) -> None:
        self.known, self.supposed = known, supposed
        self.driven_days = min(WEEK_DAYS, supposed.days)
        self.sites = {place.id: place for place in known.network.sites}
        self.kitchens = {place.id: place for place in known.network.kitchens}
        everywhere: tuple[Place | Van, ...] = (
            *known.network.sites,
            *known.network.kitchens,
            *known.network.vans,
        )
        roads = KnownRoads.measured([point_of(place) for place in everywhere], travel=travel)
        self.roads = roads if supposed.road is None else roads.without(_way(supposed))
        self.grams = {key: grams for key, grams in known.grams.items() if self._in_a_day(key, 1000)}

    @property
    def meal_grams(self) -> int:
        return sum(self.grams.values())

    def portions(self, shut: int | None = None) -> dict[int, int]:
        """A day's portions by the kitchen that cooks them, when `shut` takes in nothing either."""
        closed = {*self.supposed.shut, shut}
        found: dict[int, int] = {}
        for kitchen in self.known.kitchens:
            cook = kitchen.receiving_id
            if cook in closed and self.supposed.instead is not None and cook != shut:
                cook = self.supposed.instead
            if cook not in closed:
                found[cook] = found.get(cook, 0) + (kitchen.portions or USUAL_PORTIONS)
        return found

    def all_portions(self) -> int:
        return sum(kitchen.portions or USUAL_PORTIONS for kitchen in self.known.kitchens)

    def need(self, shut: int | None = None) -> dict[tuple[int, str], int]:
        """Grams in all the days, by kitchen and category.

        While the wholesaler delivers, only what local producers have brought of late is needed from them.
        """
        whole = self.all_portions()
        return {
            (kitchen_id, key): self._in_a_day(key, whole) * self.supposed.days * portions // whole
            for kitchen_id, portions in self.portions(shut).items()
            for key in self.grams
        }

    def whole_need(self) -> dict[str, int]:
        """Grams in all the days by category, of the kitchens that the scenario shuts too: their guests are as hungry."""
        portions = self.all_portions()
        return {key: self._in_a_day(key, portions) * self.supposed.days for key in self.grams}

    def _in_a_day(self, key: str, portions: int) -> int:
        needed = self.known.grams[key] * portions
        return needed if self.supposed.wholesaler_stops else min(needed, self.known.pace.get(key, 0))

    def answer(self, case: Case) -> Answer:
        """What the kitchens get in this case."""
        roads = self.roads if case.way is None else self.roads.without(case.way)
        supplies = [one for one in self.known.supplies if one.producer_id != case.producer_id]
        vans = tuple(van for van in self.known.network.vans if van.id != case.vehicle_id)
        empty = replace(self.known.network, vans=vans)
        allotted = allot(supplies, self.need(case.kitchen_id), distance=self.distance(empty, roads))
        days = self.supposed.days
        loads = week_of_loads(allotted, inputs=empty, days=days, driven_days=self.driven_days)
        used = {load.goods.site_id for load in loads} | {load.goods.kitchen_id for load in loads}
        inputs = replace(
            empty,
            goods=tuple(load.goods for load in loads),
            sites=tuple(place for place in empty.sites if place.id in used),
            kitchens=tuple(place for place in empty.kitchens if place.id in used),
        )
        driven = drive(inputs, roads=roads, fuel=self._fuel())
        return Answer(
            allotted=allotted, loads=loads, driven=driven, delivered=self._delivered(allotted, loads, driven)
        )

    def _fuel(self) -> Fuel | None:
        """Days that are no whole week have their part of a week's fuel."""
        if self.supposed.fuel_km is None:
            return None
        return Fuel(metres=self.supposed.fuel_km * 1000 * self.driven_days // WEEK_DAYS)

    def distance(self, inputs: WeekInputs, roads: KnownRoads) -> Callable[[int, int], int | None]:
        """Metres from a site to a kitchen where some vehicle has time for the way and the scenario allows it."""
        within, driven = self.supposed.within_km, reachable(inputs, roads=roads)

        def metres(site_id: int, kitchen_id: int) -> int | None:
            site, kitchen = point_of(self.sites[site_id]), point_of(self.kitchens[kitchen_id])
            too_far = within is not None and distance_m(site, kitchen) > within * 1000
            if too_far or (site_id, kitchen_id) not in driven:
                return None
            return roads.metres_between(site, kitchen)

        return metres

    def within_reach(self) -> tuple[Supply, ...]:
        """The supplies that can come to some kitchen that is open."""
        metres = self.distance(self.known.network, self.roads)
        return tuple(
            supply
            for supply in self.known.supplies
            if any(metres(supply.site_id, kitchen) is not None for kitchen in self.portions())
        )

    def _delivered(
        self, allotted: Sequence[Allotted], loads: Sequence[Load], driven: Driven
    ) -> dict[tuple[int, int, str], int]:
        """What is brought in the first week, as much again in each week; no gram more than was allotted."""
        weekly: dict[tuple[int, int, str], int] = {}
        planned: dict[tuple[int, int, str], int] = {}
        for load in loads:
            for (producer_id, category), grams in load.content.items():
                key = (load.goods.kitchen_id, producer_id, category)
                planned[key] = planned.get(key, 0) + grams
                if load.goods.order_id in driven.delivered:
                    weekly[key] = weekly.get(key, 0) + grams
        whole: dict[tuple[int, int, str], int] = {}
        for one in allotted:
            key = (one.kitchen_id, one.supply.producer_id, one.supply.category)
            whole[key] = whole.get(key, 0) + one.grams
        return {key: whole[key] * grams // planned[key] for key, grams in weekly.items()}


def _way(supposed: Assumptions) -> ClosedWay:
    road = supposed.road
    assert road is not None
    return ClosedWay(
        lat=road.lat,
        lon=road.lon,
        radius_m=road.radius_km * 1000,
        detour_m=None if road.detour_km is None else road.detour_km * 1000,
        detour_s=None if road.detour_min is None else road.detour_min * 60,
    )
