"""What everything hangs on: each producer, road, kitchen and vehicle taken away by itself, and what that costs in meals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from market.followup.preparedness.answering import Answer, Bench, Case
from market.followup.preparedness.links import links_of
from market.followup.preparedness.outcome import PointAnswer
from market.followup.preparedness.rules import MOST_TRIED, PointKind, meals_of
from market.planning.what_if import ClosedWay

Told = Callable[[PointKind | None], bool]
"""Hears what is tried next; False: end with what there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """Something that may be a single point of failure, and how much of the answer goes by it."""

    kind: PointKind
    name: str
    case: Case
    grams: int


def suspects(bench: Bench, base: Answer) -> list[Suspect]:
    """All that the answer makes use of, the most used first within each kind."""
    found = [*_producers(bench, base), *_ways(bench, base), *_kitchens(bench, base), *_vehicles(base)]
    order = list(PointKind)
    return sorted(found, key=lambda one: (order.index(one.kind), -one.grams, one.name))


def _producers(bench: Bench, base: Answer) -> Iterator[Suspect]:
    sums: dict[int, int] = {}
    for (_, producer_id, _), grams in base.delivered.items():
        sums[producer_id] = sums.get(producer_id, 0) + grams
    for producer_id, grams in sums.items():
        yield Suspect(
            kind=PointKind.PRODUCER,
            name=bench.known.producers[producer_id],
            case=Case(producer_id=producer_id),
            grams=grams,
        )


def _ways(bench: Bench, base: Answer) -> Iterator[Suspect]:
    weights = {load.goods.order_id: load.goods.grams for load in base.loads}
    for link in links_of(base.driven.tours, weights, bench.roads.points):
        yield Suspect(
            kind=PointKind.ROAD,
            name=link.name,
            case=Case(way=ClosedWay(lat=link.lat, lon=link.lon, radius_m=link.radius_m)),
            grams=link.grams,
        )


def _kitchens(bench: Bench, base: Answer) -> Iterator[Suspect]:
    for kitchen_id, grams in base.by_kitchen().items():
        name = bench.kitchens[kitchen_id].name
        yield Suspect(kind=PointKind.KITCHEN, name=name, case=Case(kitchen_id=kitchen_id), grams=grams)


def _vehicles(base: Answer) -> Iterator[Suspect]:
    weights = {load.goods.order_id: load.goods.grams for load in base.loads}
    names: dict[int, str] = {}
    sums: dict[int, int] = {}
    for tour in base.driven.tours:
        names[tour.vehicle_id] = tour.vehicle
        dropped = sum(weights[one] for halt in tour.halts for one in halt.dropped)
        sums[tour.vehicle_id] = sums.get(tour.vehicle_id, 0) + dropped
    for vehicle_id, grams in sums.items():
        case = Case(vehicle_id=vehicle_id)
        yield Suspect(kind=PointKind.VEHICLE, name=names[vehicle_id], case=case, grams=grams)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Those that cost most meals first. `untried` counts the small ones by kind; `is_whole`: nobody stopped before the end."""

    points: tuple[PointAnswer, ...]
    untried: Mapping[str, int]
    is_whole: bool


def ranked(bench: Bench, base: Answer, *, told: Told) -> Ranking:
    """Each suspect taken away by itself, as many of each kind as there is time for."""
    tried: dict[PointKind, int] = dict.fromkeys(PointKind, 0)
    untried: dict[str, int] = {}
    found: list[PointAnswer] = []
    for suspect in suspects(bench, base):
        if tried[suspect.kind] >= MOST_TRIED[suspect.kind]:
            untried[suspect.kind.value] = untried.get(suspect.kind.value, 0) + 1
            continue
        if not told(suspect.kind):
            return Ranking(points=_by_loss(found), untried=untried, is_whole=False)
        tried[suspect.kind] += 1
        found.append(_lost(bench, base, suspect))
    return Ranking(points=_by_loss(found), untried=untried, is_whole=True)


def _lost(bench: Bench, base: Answer, suspect: Suspect) -> PointAnswer:
    without = bench.answer(suspect.case)
    before, after = base.by_category(), without.by_category()
    lost = {key: max(0, before[key] - after.get(key, 0)) for key in before}
    grams = _without_food(base, without) if suspect.kind is PointKind.KITCHEN else base.grams - without.grams
    return PointAnswer(
        kind=suspect.kind,
        name=suspect.name,
        meals_lost=meals_of(max(0, grams), meal_grams=bench.meal_grams),
        by_category={key: meals for key, grams in lost.items() if (meals := grams // bench.grams[key])},
    )


def _without_food(base: Answer, without: Answer) -> int:
    """What guests of a kitchen that shuts go without, though others may eat what would have been theirs."""
    after = without.by_kitchen()
    return sum(max(0, grams - after.get(kitchen_id, 0)) for kitchen_id, grams in base.by_kitchen().items())


def _by_loss(points: Iterable[PointAnswer]) -> tuple[PointAnswer, ...]:
    return tuple(sorted(points, key=lambda point: (-point.meals_lost, point.kind, point.name)))
