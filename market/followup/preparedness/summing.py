"""The answer as it is stored and shown. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from market.followup.preparedness.answering import Answer, Bench, added
from market.followup.preparedness.loading import Load
from market.followup.preparedness.outcome import (
    CategoryAnswer,
    HaltAnswer,
    KitchenAnswer,
    LeftAnswer,
    Outcome,
    SourceAnswer,
    TourAnswer,
    together,
)
from market.followup.preparedness.ranking import Ranking
from market.followup.preparedness.rules import USUAL_PORTIONS, meals_of
from market.planning.what_if import Halt, Tour

DAY_S = 86_400


def outcome_of(bench: Bench, base: Answer, *, ranking: Ranking) -> Outcome:
    """All of it; kitchens that the scenario shuts are there too, with nothing."""
    loads = {load.goods.order_id: load for load in base.loads}
    needed = sum(bench.whole_need().values())
    return Outcome(
        starts_on=bench.known.starts_on,
        days=bench.supposed.days,
        meal_grams=bench.meal_grams,
        meals_needed=meals_of(needed, meal_grams=bench.meal_grams),
        distance_m=base.driven.distance_m,
        duration_s=base.driven.duration_s,
        travel_engine=bench.roads.engine,
        vehicles=len(bench.known.network.vans),
        is_whole=ranking.is_whole,
        categories=tuple(_categories(bench, base)),
        sources=tuple(_sources(bench, base)),
        kitchens=tuple(_kitchens(bench, base)),
        tours=tuple(_tour(tour, loads) for tour in base.driven.tours),
        left=tuple(_left(bench, base, loads)),
        points=ranking.points,
        untried=ranking.untried,
    )


def _categories(bench: Bench, base: Answer) -> Iterator[CategoryAnswer]:
    need = bench.whole_need()
    supply = added((one.category, one.grams) for one in bench.within_reach())
    allotted = added((one.supply.category, one.grams) for one in base.allotted)
    delivered = base.by_category()
    for key, portion_grams in bench.grams.items():
        yield CategoryAnswer(
            key=key,
            portion_grams=portion_grams,
            need_grams=need[key],
            supply_grams=supply.get(key, 0),
            allotted_grams=allotted.get(key, 0),
            delivered_grams=delivered.get(key, 0),
        )


def _sources(bench: Bench, base: Answer) -> Iterator[SourceAnswer]:
    """Those with something for a portion, all sites of a producer together, the largest in each category first."""
    delivered = base.by_source()
    supplies = [one for one in bench.within_reach() if one.category in bench.grams]
    rows = together(
        SourceAnswer(
            producer_id=supply.producer_id,
            producer=bench.known.producers[supply.producer_id],
            category=supply.category,
            basis=supply.basis,
            supply_grams=supply.grams,
            delivered_grams=0,
        )
        for supply in supplies
    )
    for row in sorted(rows, key=lambda one: (one.category, -one.supply_grams, one.producer_id)):
        yield replace(row, delivered_grams=delivered.get((row.producer_id, row.category), 0))


def _kitchens(bench: Bench, base: Answer) -> Iterator[KitchenAnswer]:
    portions, need = bench.portions(), added_by_kitchen(bench.need())
    delivered = base.by_kitchen()
    for place in bench.known.network.kitchens:
        served = [kitchen for kitchen in bench.known.kitchens if kitchen.receiving_id == place.id]
        yield KitchenAnswer(
            kitchen_id=place.id,
            name=place.name,
            portions=portions.get(place.id, sum(one.portions or USUAL_PORTIONS for one in served)),
            is_assumed=any(one.portions is None for one in served),
            is_shut=place.id in bench.supposed.shut,
            need_grams=need.get(place.id, 0),
            delivered_grams=delivered.get(place.id, 0),
        )


def added_by_kitchen(amounts: Mapping[tuple[int, str], int]) -> dict[int, int]:
    sums: dict[int, int] = {}
    for (kitchen_id, _), grams in amounts.items():
        sums[kitchen_id] = sums.get(kitchen_id, 0) + grams
    return sums


def _tour(tour: Tour, loads: Mapping[int, Load]) -> TourAnswer:
    halts = tuple(_halt(halt, loads) for halt in tour.halts)
    return TourAnswer(
        day=tour.day,
        vehicle=tour.vehicle,
        distance_m=tour.distance_m,
        duration_s=tour.duration_s,
        grams=sum(halt.dropped_grams for halt in halts),
        halts=halts,
    )


def _halt(halt: Halt, loads: Mapping[int, Load]) -> HaltAnswer:
    return HaltAnswer(
        kind=halt.kind,
        name=halt.name,
        at_s=halt.arrives_s % DAY_S,
        picked_grams=sum(loads[one].goods.grams for one in halt.picked),
        dropped_grams=sum(loads[one].goods.grams for one in halt.dropped),
        lat=halt.lat,
        lon=halt.lon,
    )


def _left(bench: Bench, base: Answer, loads: Mapping[int, Load]) -> Iterator[LeftAnswer]:
    """By producer, kitchen and reason."""
    sums: dict[tuple[str, str, str], int] = {}
    for number, reason in base.driven.left.items():
        goods = loads[number].goods
        key = (bench.known.producers[goods.producer_id], bench.kitchens[goods.kitchen_id].name, reason)
        sums[key] = sums.get(key, 0) + goods.grams
    for (producer, kitchen, reason), grams in sorted(sums.items()):
        yield LeftAnswer(producer=producer, kitchen=kitchen, grams=grams, reason=reason)
